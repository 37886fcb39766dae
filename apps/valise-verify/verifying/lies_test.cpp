// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.h"
#include "logbook/commitment.h"
#include "verifying/evidence.h"
#include "verifying/test_story.h"

#include <gtest/gtest.h>

#include <functional>

// A registry that lies about what it did: it commits to what it wrote, signs its logs and hashes
// the file, and so only what persons and the peer signed, the terms and the fold speak against it.
namespace valise::verifying {
namespace {

using logbook::ActKind;
using logbook::ClauseFinding;
using logbook::Stage;
using testing::Story;

struct Told {
    logbook::SkeletonFields skeleton;
    logbook::Opening opening;
    logbook::LeafFields leaf;
};

logbook::SkeletonFields fields_of(const logbook::Skeleton& skeleton) {
    return {skeleton.seq(),    skeleton.kind(),   skeleton.stage(),  skeleton.actor(),
            skeleton.minute(), skeleton.terms(),  skeleton.permit(), skeleton.ids(),
            skeleton.facts(),  skeleton.clauses()};
}

logbook::Opening with(const logbook::Opening& opening, const std::string& name,
                      const std::optional<Bytes>& value) {
    logbook::Opening out;
    for (const auto& field : opening.fields()) {
        if (field.name != name && !out.add(field.name, field.value))
            throw std::runtime_error("opening");
    }
    if (value && !out.add(name, ByteView(*value)))
        throw std::runtime_error("opening");
    return out;
}

class Liar {
public:
    explicit Liar(const Bytes& bytes) : file(*read_evidence(bytes)) {}

    std::size_t find(ActKind kind, Stage stage, std::size_t nth = 0) const {
        for (std::size_t i = 0; i < file.events.size(); ++i) {
            const auto skeleton = logbook::Skeleton::parse(file.events[i].skeleton);
            if (skeleton->kind() == kind && skeleton->stage() == stage && nth-- == 0)
                return i;
        }
        throw std::runtime_error("no such event in the story");
    }

    // Writes one event anew with all that hangs on it: fields, salts, leaf and shared leaf.
    void tell(std::size_t index, const std::function<void(Told&)>& change) {
        audit::RecordedEvent& event = file.events[index];
        const auto old_leaf = *logbook::Leaf::parse(event.leaf);
        Told told{fields_of(*logbook::Skeleton::parse(event.skeleton)),
                  *logbook::Opening::parse(event.opening), old_leaf.fields()};
        change(told);
        if (const Bytes* act = told.opening.find("act"))
            if (const auto parsed = logbook::SignedAct::parse(*act))
                told.leaf.signed_act = parsed->digest();
        const auto skeleton = logbook::Skeleton::make(told.skeleton);
        ASSERT_TRUE(skeleton) << skeleton.error().text();
        const Hash32 salt = crypto::random_array<32>();
        const auto commitment = logbook::Commitment::of(skeleton->bytes(), told.opening, salt);
        told.leaf.stage = skeleton->stage();
        told.leaf.minute = skeleton->minute();
        told.leaf.commitment = commitment.root();
        told.leaf.act_number = skeleton->seq();
        event.skeleton = skeleton->bytes();
        event.salt = commitment.salt(0);
        event.fields = commitment.field_leaves();
        event.record_salt = salt;
        event.opening = told.opening.bytes();
        event.leaf = to_bytes(logbook::Leaf::in_private_log(told.leaf).bytes());
        for (Bytes& shared : file.shared_leaves) {
            auto fields = logbook::Leaf::parse(shared)->fields();
            if (fields.commitment != old_leaf.fields().commitment)
                continue;
            fields.stage = told.leaf.stage;
            fields.minute = told.leaf.minute;
            fields.commitment = told.leaf.commitment;
            fields.document = told.leaf.document;
            fields.signed_act = told.leaf.signed_act;
            shared = to_bytes(logbook::Leaf::in_shared_log(fields).bytes());
        }
    }

    // Empty when it gets away with it.
    std::string caught() const {
        Report report;
        const auto checked = check_book(file, {}, report);
        return checked ? "" : checked.error().place + ": " + checked.error().reason;
    }

    EvidenceFile file;
};

void expect_caught(const Liar& liar, const std::string& place, const std::string& reason) {
    const std::string caught = liar.caught();
    EXPECT_NE(caught.find(place), std::string::npos) << caught;
    EXPECT_NE(caught.find(reason), std::string::npos) << caught;
}

Liar sender() {
    return Liar(Story::told().sent);
}
Liar receiver() {
    return Liar(Story::told().received);
}

TEST(Lies, TheTruthToldAnewIsBelieved) {
    for (Liar liar : {sender(), receiver()}) {
        for (std::size_t i = 0; i < liar.file.events.size(); ++i)
            liar.tell(i, [](Told&) {});
        EXPECT_EQ(liar.caught(), "");
    }
}

TEST(Lies, ARefusalTurnedIntoAPermitIsDecidedAgain) {
    Liar liar = sender();
    const std::size_t refused = liar.find(ActKind::dispatch, Stage::refused);
    const std::size_t permitted = liar.find(ActKind::dispatch, Stage::permitted);
    const auto later = *logbook::Skeleton::parse(liar.file.events[permitted].skeleton);
    const auto document = logbook::Leaf::parse(liar.file.events[permitted].leaf)->fields().document;
    liar.tell(refused, [&](Told& told) {
        told.skeleton.stage = Stage::permitted;
        told.skeleton.ids = later.ids();
        told.skeleton.facts = later.facts();
        told.skeleton.clauses = later.clauses();
        told.leaf.document = document;
    });
    expect_caught(liar, "private event " + std::to_string(refused) + ", outcome", "verify.outcome");
}

TEST(Lies, APermitTurnedIntoARefusalIsDecidedAgain) {
    Liar liar = sender();
    const std::size_t index = liar.find(ActKind::approve_release, Stage::permitted, 2);
    liar.tell(index, [](Told& told) {
        told.skeleton.stage = Stage::refused;
        std::erase_if(told.skeleton.ids, [](const auto& id) { return id.first != "item"; });
        told.skeleton.facts.clear();
        told.skeleton.clauses.front().finding = ClauseFinding::refuse;
    });
    expect_caught(liar, "outcome", "verify.outcome");
}

TEST(Lies, ClausesLeftOutOrAddedShow) {
    for (const bool drop : {true, false}) {
        Liar liar = sender();
        const std::size_t index = liar.find(ActKind::dispatch, Stage::permitted);
        liar.tell(index, [&](Told& told) {
            if (drop)
                told.skeleton.clauses.pop_back();
            else
                told.skeleton.clauses.push_back({"kindness", ClauseFinding::pass});
        });
        expect_caught(liar, "skeleton, clauses", "verify.clauses");
    }
}

TEST(Lies, EveryFactAndIdOfEveryEventIsHeldToItsAct) {
    const auto persons = Story::told().tokyo.registry->state().persons();
    for (const Liar& truth : {sender(), receiver()}) {
        for (std::size_t i = 0; i < truth.file.events.size(); ++i) {
            const auto skeleton = *logbook::Skeleton::parse(truth.file.events[i].skeleton);
            const auto lie = [&](auto change) {
                logbook::SkeletonFields fields = fields_of(skeleton);
                change(fields);
                if (!logbook::Skeleton::make(fields))
                    return; // no skeleton at all
                Liar liar = truth;
                liar.tell(i, [&](Told& told) { change(told.skeleton); });
                EXPECT_NE(liar.caught(), "") << i << " " << text_view(skeleton.bytes());
            };
            const auto other = [](std::string value) {
                for (char& c : value)
                    if (c == '2') {
                        c = '3';
                        return value;
                    }
                value[value.size() / 2] = value[value.size() / 2] == 'b' ? 'c' : 'b';
                return value;
            };
            for (const auto& [name, value] : skeleton.facts()) {
                lie([&](auto& fields) { fields.facts[name] = other(value); });
                lie([&](auto& fields) { fields.facts.erase(name); });
            }
            for (const auto& [name, value] : skeleton.ids()) {
                lie([&](auto& fields) { fields.ids[name] = other(value); });
                lie([&](auto& fields) { fields.ids.erase(name); });
            }
            for (const std::size_t n : {i % persons.size(), (i + 1) % persons.size()}) {
                const std::string person =
                    std::next(persons.begin(), static_cast<std::ptrdiff_t>(n))->first.text();
                if (person != skeleton.actor())
                    lie([&](auto& fields) { fields.actor = person; });
            }
            if (skeleton.actor() != logbook::kRegistryActor && !skeleton.permit())
                lie([&](auto& fields) { fields.actor = logbook::kRegistryActor; });
            lie([&](auto& fields) { fields.terms[0] ^= 1; });
        }
    }
}

TEST(Lies, EveryFieldOfEveryOpeningIsHeldToWhatWasSigned) {
    for (const Liar& truth : {sender(), receiver()}) {
        for (std::size_t i = 5; i < truth.file.events.size(); ++i) {
            const auto opening = *logbook::Opening::parse(truth.file.events[i].opening);
            for (const auto& field : opening.fields()) {
                const bool needed = field.name != "title" && field.name != "name" &&
                                    field.name != "reference" && field.name != "label";
                for (const std::size_t part : {0U, 1U, 2U}) {
                    if (field.name == "attested" && part == 1)
                        continue; // may hit the nonce, which nobody signed
                    Bytes value = field.value;
                    value[(value.size() - 1) * part / 2] ^= 1;
                    Liar liar = truth;
                    liar.tell(i,
                              [&](Told& told) { told.opening = with(opening, field.name, value); });
                    EXPECT_NE(liar.caught(), "") << i << field.name << part;
                }
                Liar liar = truth;
                liar.tell(
                    i, [&](Told& told) { told.opening = with(opening, field.name, std::nullopt); });
                EXPECT_EQ(liar.caught().empty(), !needed) << i << field.name << liar.caught();
            }
            Liar liar = truth;
            liar.tell(i, [&](Told& told) { told.opening = with(opening, "more", Bytes{1}); });
            EXPECT_NE(liar.caught(), "") << i;
        }
    }
}

TEST(Lies, WhatTheRegistryAttestsIsHeldToItsEvent) {
    for (const Liar& truth : {sender(), receiver()}) {
        for (std::size_t i = 5; i < truth.file.events.size(); ++i) {
            const auto opening = *logbook::Opening::parse(truth.file.events[i].opening);
            const Bytes* bytes = opening.find("attested");
            if (bytes == nullptr)
                continue;
            const auto act = *logbook::Act::parse(*bytes);
            const auto told = [&](const std::string& party, const Hash32& terms, Time at,
                                  const Json& content) {
                const auto other =
                    logbook::Act::make(act.kind(), party, terms, at, {}, content, act.nonce());
                Liar liar = truth;
                liar.tell(i, [&](Told& event) {
                    event.opening = with(opening, "attested", other->bytes());
                });
                return liar.caught();
            };
            EXPECT_EQ(told(act.party(), act.terms(), act.at(), act.content()), "");
            EXPECT_NE(told("POL", act.terms(), act.at(), act.content()), "");
            EXPECT_NE(told(act.party(), {}, act.at(), act.content()), "");
            EXPECT_NE(told(act.party(), act.terms(), act.at().plus_seconds(60), act.content()), "");
            Json content = act.content();
            content["dispatch"] = DispatchId::of(Bytes(10, 7)).text();
            EXPECT_NE(told(act.party(), act.terms(), act.at(), content), "");
        }
    }
}

TEST(Lies, AnActBySomebodyElseIsNotHis) {
    Liar liar = sender();
    const std::size_t index = liar.find(ActKind::approve_release, Stage::permitted, 1);
    const auto stranger = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
    liar.tell(index, [&](Told& told) {
        const auto act = *logbook::SignedAct::parse(*told.opening.find("act"));
        const auto forged = logbook::Act::make(
            act.act().kind(), act.act().party(), act.act().terms(), act.act().at(),
            stranger.public_bytes(), act.act().content(), act.act().nonce());
        told.opening =
            with(told.opening, "act", logbook::SignedAct::make(*forged, stranger)->bytes());
    });
    expect_caught(liar, "opening field 'act'", "verify.act");
}

TEST(Lies, OnePersonsApprovalToldTwiceIsNoSecond) {
    Liar liar = sender();
    const std::size_t first = liar.find(ActKind::approve_release, Stage::permitted, 0);
    const std::size_t second = liar.find(ActKind::approve_release, Stage::permitted, 1);
    const auto told_first = *logbook::Skeleton::parse(liar.file.events[first].skeleton);
    const auto opening = *logbook::Opening::parse(liar.file.events[first].opening);
    liar.tell(second, [&](Told& told) {
        told.skeleton.actor = told_first.actor();
        // At its own second: only the repetition is wrong.
        told.opening = with(opening, "decided", *told.opening.find("decided"));
    });
    expect_caught(liar, "private event " + std::to_string(second), "verify.act");
}

// Sequence numbers written anew: what each event needs of those before it is all that is left.
TEST(Lies, NoEventCanBeLeftOutThatALaterOneNeeds) {
    const Liar truth = sender();
    const std::vector<std::pair<ActKind, std::size_t>> needed = {
        {ActKind::approve_release, 0}, {ActKind::approve_release, 1}, {ActKind::pair, 0},
        {ActKind::accredit, 0},        {ActKind::enrol, 2},           {ActKind::appoint, 3}};
    for (const auto& [kind, nth] : needed) {
        Liar liar = truth;
        const std::size_t gone = liar.find(kind, Stage::permitted, nth);
        liar.file.events.erase(liar.file.events.begin() + static_cast<std::ptrdiff_t>(gone));
        for (std::size_t i = gone; i < liar.file.events.size(); ++i)
            liar.tell(i, [&](Told& told) {
                told.skeleton.seq = i;
                if (told.skeleton.permit && *told.skeleton.permit > gone)
                    --*told.skeleton.permit;
            });
        EXPECT_NE(liar.caught(), "") << logbook::to_string(kind) << nth;
    }
}

TEST(Lies, LeavesCommitToTheDocumentOfTheirEvent) {
    for (const Liar& truth : {sender(), receiver()}) {
        for (std::size_t i = 0; i < truth.file.events.size(); ++i) {
            Liar liar = truth;
            liar.tell(i, [](Told& told) { told.leaf.document[5] ^= 1; });
            EXPECT_NE(liar.caught(), "") << i;
        }
    }
}

TEST(Lies, SharedLeavesAreLinkedByTheStatement) {
    for (const Liar& truth : {sender(), receiver()}) {
        for (std::size_t i = 0; i < truth.file.shared_leaves.size(); ++i) {
            const auto fields = logbook::Leaf::parse(truth.file.shared_leaves[i])->fields();
            const auto lie = [&](auto change) {
                auto changed = fields;
                change(changed);
                Liar liar = truth;
                liar.file.shared_leaves[i] =
                    to_bytes(logbook::Leaf::in_shared_log(changed).bytes());
                EXPECT_NE(liar.caught().find("shared leaf " + std::to_string(i)), std::string::npos)
                    << liar.caught();
            };
            lie([](auto& f) { f.link_tag[0] ^= 1; });
            lie([](auto& f) { f.commitment[0] ^= 1; });
            lie([](auto& f) { f.document[0] ^= 1; });
            lie([](auto& f) { f.signed_act[0] ^= 1; });
            lie([](auto& f) { f.previous = f.previous.value_or(0) + 1; });
            lie([](auto& f) { f.act_number += 1; });
            lie([](auto& f) { f.redaction = true; });
            lie([](auto& f) { f.peer_size = 7; });
        }
        // All tags of the transfer together, so that only the statement speaks against them.
        Liar liar = truth;
        for (Bytes& leaf : liar.file.shared_leaves) {
            auto fields = logbook::Leaf::parse(leaf)->fields();
            if (fields.link_tag != Hash32{})
                fields.link_tag[0] ^= 1;
            leaf = to_bytes(logbook::Leaf::in_shared_log(fields).bytes());
        }
        EXPECT_NE(liar.caught().find("verify.shared"), std::string::npos) << liar.caught();
    }
}

} // namespace
} // namespace valise::verifying
