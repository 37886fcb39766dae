// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

// The life of the register in one registry, with its vault: each act is decided, recorded, read by
// the vault and decided there once more.
namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::CopyState;

class Custody : public ::testing::Test {
protected:
    Custody() : tokyo("JPN", read_terms("jpn-ukr.toml")) {
        for (Someone* who : {&author, &reader, &witness}) {
            tokyo.enrol(*who);
            tokyo.clear(*who, "kimitsu", later);
        }
        tokyo.clear(tokyo.control_officer, "kimitsu", later);
        tokyo.brief(reader);
        tokyo.appoint(author, "originator");
        item = tokyo.enter(author, to_bytes("text"), "gokuhi", purpose);
        tokyo.grant(reader, item, purpose, later);
        first = tokyo.registry->state().copies_of(item).front().id;
    }

    Json of(const CopyId& copy, Json more = Json::object()) const {
        more["item"] = item.text();
        more["copy"] = copy.text();
        return more;
    }
    registry::ActAnswer officer(ActKind kind, Json content) {
        return tokyo.act(tokyo.control_officer, kind, std::move(content));
    }
    // Why the agreement refuses it; empty when it is permitted.
    std::string refusal(const Someone& who, ActKind kind, Json content) {
        const auto answer = tokyo.try_act(who, kind, std::move(content));
        return answer ? answer->decision.reason() : answer.error().reason();
    }
    CopyId paper(int pages) {
        const CopyId copy = CopyId::of(crypto::random_bytes(10));
        officer(ActKind::copy,
                of(copy, {{"form", "paper"}, {"pages", pages}, {"reason", "the meeting"}}));
        return copy;
    }
    Json destruction(const CopyId& copy, const char* method, int pages = 0) const {
        Json content =
            of(copy, {{"method", method}, {"reference", "review of 2026"}, {"place", "room 2"}});
        if (pages > 0)
            content["pages"] = pages;
        return content;
    }
    Json witnessing(const CopyId& copy, const char* method, int pages = 0) const {
        Json content = of(copy, {{"method", method}});
        if (pages > 0)
            content["pages"] = pages;
        return content;
    }
    logbook::CopyHolding copy(const CopyId& id) { return *tokyo.registry->state().copy(id); }
    bool sealed_file_is_there() {
        return tokyo.blobs.open(tokyo.registry->state().item(item)->blob).has_value();
    }
    // Nothing that was recorded is news to somebody who reads it all again.
    void read_again() {
        ASSERT_TRUE(tokyo.registry->tick());
        const auto before = tokyo.registry->state();
        tokyo.crash();
        tokyo.restart_keys();
        tokyo.start();
        EXPECT_EQ(tokyo.registry->state(), before);
        EXPECT_TRUE(tokyo.registry->tick());
    }

    Side tokyo;
    Time later = tokyo.clock.now().plus_days(200);
    std::string purpose = tokyo.terms.purposes().front().code;
    Someone author{"Tanaka"}, reader{"Suzuki"}, witness{"Sato"};
    ItemId item;
    CopyId first;
};

TEST_F(Custody, ACopyIsMadeStoredIssuedAndTakenBack) {
    const std::string safe = ContainerId::of(crypto::random_bytes(10)).text();
    officer(ActKind::container, {{"container", safe},
                                 {"level", "gokuhi"},
                                 {"access", tokyo.control_officer.id().text()},
                                 {"controls", "locked,safe"},
                                 {"name", "Safe in room 2"}});
    const CopyId copy_id = paper(12);
    EXPECT_EQ(copy(copy_id).number, 2U);
    officer(ActKind::store, of(copy_id, {{"container", safe}}));
    EXPECT_EQ(copy(copy_id).place, logbook::Whereabouts(ContainerId::parse(safe).value()));
    const Json issue = of(copy_id, {{"person", reader.id().text()},
                                    {"purpose", purpose},
                                    {"due", tokyo.clock.now().plus_days(7).text()}});
    EXPECT_EQ(refusal(reader, ActKind::issue, issue),
              "agreement.control_officer"); // nobody helps themselves
    const auto issued = officer(ActKind::issue, issue);
    ASSERT_EQ(issued.decision.duties.size(), 1U);
    EXPECT_EQ(issued.decision.duties.front().what, "take-back");
    EXPECT_EQ(copy(copy_id).place, logbook::Whereabouts(reader.id()));
    EXPECT_EQ(refusal(tokyo.control_officer, ActKind::issue, issue), "logbook.no_transition");
    EXPECT_EQ(refusal(tokyo.control_officer, ActKind::take_back, of(copy_id, {{"pages", 11}})),
              "agreement.page_check");
    EXPECT_EQ(copy(copy_id).state, CopyState::issued);
    officer(ActKind::take_back, of(copy_id, {{"pages", 12}}));
    EXPECT_EQ(copy(copy_id).place, logbook::Whereabouts(logbook::AtRegistry{}));
    read_again();
}

TEST_F(Custody, APaperCopyIsDestroyedBeforeAWitnessWhoCertifiesIt) {
    const CopyId copy_id = paper(3);
    const Json destroy = destruction(copy_id, "shredding", 3);
    EXPECT_EQ(refusal(tokyo.control_officer, ActKind::destroy, destroy),
              "agreement.destruction_persons");
    tokyo.act(witness, ActKind::witness_destruction, witnessing(copy_id, "shredding", 3));
    const auto permit = officer(ActKind::destroy, destroy);
    EXPECT_FALSE(permit.outcome); // paper: permitted is not done
    EXPECT_EQ(copy(copy_id).state, CopyState::destroying);
    const Json certificate = of(copy_id, {{"finding", "destroyed"}});
    EXPECT_EQ(refusal(tokyo.control_officer, ActKind::certify_destruction, certificate),
              "agreement.certifier");
    const auto certified = tokyo.act(witness, ActKind::certify_destruction, certificate);
    EXPECT_TRUE(certified.outcome);
    EXPECT_EQ(certified.result.at("certificate"), permit.seq);
    EXPECT_EQ(copy(copy_id).state, CopyState::destroyed);
    EXPECT_EQ(copy(copy_id).destruction->witnesses, (std::set<PersonId>{witness.id()}));
    EXPECT_TRUE(sealed_file_is_there());
    EXPECT_TRUE(tokyo.read(reader, item, purpose));
    read_again();
}

TEST_F(Custody, ADestructionThatWasNotCarriedOutIsSaidSo) {
    const CopyId copy_id = paper(3);
    tokyo.act(witness, ActKind::witness_destruction, witnessing(copy_id, "burning", 3));
    officer(ActKind::destroy, destruction(copy_id, "burning", 3));
    tokyo.act(witness, ActKind::certify_destruction, of(copy_id, {{"finding", "kept"}}));
    EXPECT_EQ(copy(copy_id).state, CopyState::held);
    EXPECT_EQ(refusal(tokyo.control_officer, ActKind::destroy, destruction(copy_id, "burning", 3)),
              "agreement.destruction_persons"); // the witness comes anew
    read_again();
}

TEST_F(Custody, TheSealedFileGoesWithItsLastElectronicCopy) {
    const CopyId other = CopyId::of(crypto::random_bytes(10));
    officer(ActKind::copy, of(other, {{"form", "electronic"}, {"reason", "the annex"}}));
    for (const CopyId& id : {first, other}) {
        tokyo.act(witness, ActKind::witness_destruction, witnessing(id, "erasure"));
        const auto destroyed = officer(ActKind::destroy, destruction(id, "erasure"));
        EXPECT_TRUE(destroyed.outcome);
        EXPECT_EQ(copy(id).state, CopyState::destroyed);
        EXPECT_EQ(sealed_file_is_there(), id == first);
    }
    EXPECT_EQ(tokyo.read(reader, item, purpose).error().reason(), "agreement.copy_gone");
    read_again();
}

// A reader who was permitted and has not said what came of it keeps the file.
TEST_F(Custody, NothingIsDestroyedWhileItIsRead) {
    const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    tokyo.act(witness, ActKind::witness_destruction, witnessing(first, "erasure"));
    const auto open = tokyo.act(
        reader, ActKind::open,
        of(first, {{"purpose", purpose}, {"session_key", to_base64(session.public_key().der())}}));
    EXPECT_EQ(refusal(tokyo.control_officer, ActKind::destroy, destruction(first, "erasure")),
              "agreement.copy_in_use");
    ASSERT_TRUE(tokyo.registry->opened(open.seq, true));
    officer(ActKind::destroy, destruction(first, "erasure"));
    EXPECT_FALSE(sealed_file_is_there());
}

// Whoever never says what came of a reading has read, a day later: it keeps no copy for ever.
TEST_F(Custody, AForgottenReadingEndsByItself) {
    const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    const auto open = tokyo.act(
        reader, ActKind::open,
        of(first, {{"purpose", purpose}, {"session_key", to_base64(session.public_key().der())}}));
    tokyo.clock.at = tokyo.clock.at.plus_days(1).plus_seconds(-60);
    ASSERT_TRUE(tokyo.registry->tick());
    EXPECT_TRUE(copy(first).opened_by.empty()) << "the day is not over";
    tokyo.clock.at = tokyo.clock.at.plus_seconds(120);
    ASSERT_TRUE(tokyo.registry->tick());
    EXPECT_EQ(copy(first).opened_by, (std::set<PersonId>{reader.id()}));
    EXPECT_EQ(tokyo.registry->opened(open.seq, true).error().reason(), "registry.no_permit");
    tokyo.act(witness, ActKind::witness_destruction, witnessing(first, "erasure"));
    officer(ActKind::destroy, destruction(first, "erasure"));
    EXPECT_FALSE(sealed_file_is_there());
    read_again();
}

TEST_F(Custody, ACrashBetweenThePermitAndTheDeletionIsMadeGood) {
    tokyo.act(witness, ActKind::witness_destruction, witnessing(first, "erasure"));
    tokyo.journal.crash_after = [&] {
        const auto events = tokyo.journal.events(0, 1000);
        return logbook::Skeleton::parse(events->back().skeleton)->kind() == ActKind::destroy;
    };
    EXPECT_THROW(officer(ActKind::destroy, destruction(first, "erasure")), Crash);
    tokyo.journal.crash_after = [] { return false; };
    EXPECT_TRUE(sealed_file_is_there());
    tokyo.crash();
    tokyo.start();
    ASSERT_TRUE(tokyo.registry->tick());
    EXPECT_FALSE(sealed_file_is_there());
    EXPECT_EQ(copy(first).state, CopyState::destroyed);
    read_again();
}

TEST_F(Custody, AnActThatIsOnlyConsideredLeavesNoTrace) {
    const auto consider = [&] {
        const auto act =
            logbook::Act::make(ActKind::destroy, "JPN", tokyo.terms.digest(), tokyo.clock.now(),
                               tokyo.control_officer.key.public_bytes(),
                               destruction(first, "erasure"), crypto::random_array<16>());
        return tokyo.registry->consider(*act).value().asked;
    };
    const auto alone = consider();
    EXPECT_EQ(alone.reason(), "agreement.destruction_persons");
    tokyo.act(witness, ActKind::witness_destruction, witnessing(first, "erasure"));
    const auto before = tokyo.registry->state();
    EXPECT_TRUE(consider().permitted());
    EXPECT_EQ(tokyo.registry->state(), before);
    EXPECT_TRUE(sealed_file_is_there());
}

//= O-29
TEST_F(Custody, WhatAReviewFoundUnneededIsNotReadAgain) {
    const Time next = tokyo.clock.now().plus_days(300);
    officer(ActKind::review_purpose, {{"item", item.text()},
                                      {"finding", "kept"},
                                      {"reason", "talks go on"},
                                      {"next", next.text()}});
    EXPECT_TRUE(tokyo.read(reader, item, purpose));
    const auto ended =
        officer(ActKind::review_purpose,
                {{"item", item.text()}, {"finding", "destroy"}, {"reason", "the talks are over"}});
    ASSERT_EQ(ended.decision.duties.size(), 1U);
    EXPECT_EQ(ended.decision.duties.front().what, "destroy");
    EXPECT_EQ(tokyo.read(reader, item, purpose).error().reason(), "agreement.purpose_ended");
    read_again();
}

//= O-26
TEST_F(Custody, AMusterFindsWhatWasMissing) {
    const CopyId sheets = paper(3);
    const auto begun = officer(ActKind::begin_muster, {{"level", "gokuhi"}});
    const std::string muster = begun.result.at("muster");
    const auto count = [&](const Someone& who, const CopyId& id, const char* finding) {
        return tokyo.act(who, ActKind::count,
                         {{"muster", muster}, {"copies", id.text()}, {"finding", finding}});
    };
    count(witness, first, "present");
    EXPECT_EQ(count(tokyo.control_officer, sheets, "missing").decision.duties.at(0).what,
              "report-incident");
    EXPECT_EQ(refusal(tokyo.control_officer, ActKind::close_muster, {{"muster", muster}}),
              "agreement.loss_unreported");
    count(tokyo.control_officer, sheets, "present");
    officer(ActKind::close_muster, {{"muster", muster}});
    const auto state = tokyo.registry->state();
    const logbook::Muster* closed = state.muster(MusterId::parse(muster).value());
    ASSERT_NE(closed, nullptr);
    EXPECT_TRUE(closed->closed);
    EXPECT_EQ(closed->copies.size(), 2U);
    EXPECT_EQ(closed->missing, 0U);
    read_again();
}

//= O-26
// Whoever orders a spot check does not choose what it looks at, and an outsider finds the same.
TEST_F(Custody, ASpotCheckLooksAtASampleThatFollowsFromTheAct) {
    for (int i = 0; i < 5; ++i)
        tokyo.enter(author, to_bytes("text"), "hi", purpose);
    std::set<std::set<CopyId>> samples;
    for (int i = 0; i < 6; ++i) {
        const auto begun = officer(ActKind::begin_muster, {{"percent", 50}});
        const auto id = MusterId::parse(begun.result.at("muster").get<std::string>()).value();
        const auto state = tokyo.registry->state();
        std::set<CopyId> sample;
        for (const auto& [copy_id, holding] : state.copies())
            if (logbook::sampled(id, copy_id, 50))
                sample.insert(copy_id);
        for (const auto& [copy_id, counted] : state.muster(id)->copies)
            EXPECT_TRUE(sample.contains(copy_id));
        EXPECT_EQ(state.muster(id)->copies.size(), sample.size());
        samples.insert(std::move(sample));
    }
    EXPECT_GT(samples.size(), 1U);
    read_again();
}

} // namespace
} // namespace valise::testing
