// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "crypto/record_cipher.h"
#include "envelope/container.h"
#include "logbook/opening_papers.h"
#include "two_registries/retold.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

#include <algorithm>

// Daemons that were taken over, on either side, against the two key processes that open a
// controlled item together.
namespace valise::vault {
namespace {

using logbook::ActKind;
using logbook::Stage;
using testing::retold;
using testing::Side;
using testing::Told;

template<class T> std::string reason_of(const Result<T>& result) {
    return result ? "" : result.error().reason();
}

class ControlledVault : public ::testing::Test, protected testing::TokyoStaff {
protected:
    ControlledVault() {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        take_office(tokyo, later);
        kyiv.enrol(reader);
        kyiv.appoint(reader, "reader");
        kyiv.clear(reader, "tsilkom-taiemno", later);
        kyiv.brief(reader);
        kyiv.accredit("tsilkom-taiemno");
        dispatch = send();
        theirs = item_of(dispatch);
    }

    DispatchId send(const std::string& level = "gokuhi") {
        const ItemId item = tokyo.enter(originator, to_bytes("document"), level, purpose);
        const auto state = tokyo.registry->state();
        for (const testing::Someone* who : {&releaser, &second})
            tokyo.act(*who, ActKind::approve_release,
                      {{"release_digest",
                        to_base64(logbook::release_digest(item, state.item(item)->payload_root,
                                                          state.item(item)->label_sha256, "UKR",
                                                          tokyo.terms.digest()))},
                       {"item", item.text()},
                       {"recipient", "UKR"},
                       {"level", level},
                       {"terms", to_base64(tokyo.terms.digest())},
                       {"control", "originator"}});
        const auto sent = tokyo.dispatch(tokyo.control_officer, item, "UKR");
        EXPECT_TRUE(tokyo.work());
        return *DispatchId::parse(sent.result.at("dispatch").get<std::string>());
    }
    ItemId item_of(const DispatchId& id) {
        const auto state = kyiv.registry->state();
        for (const auto& [item, entry] : state.items())
            if (entry.dispatch == id) {
                kyiv.grant(reader, item, purpose, later);
                return item;
            }
        return {};
    }
    // A client of the reader's opens it, with or without the link; the outcome is in the log.
    bool client_opens(const ItemId& item) {
        const auto taken =
            kyiv.act(reader, ActKind::export_copy,
                     {{"item", item.text()},
                      {"copy", kyiv.registry->state().copies_of(item).front().id.text()},
                      {"purpose", purpose},
                      {"client", "otdf-1"}});
        EXPECT_TRUE(taken.decision.permitted()) << taken.decision.reason();
        EXPECT_TRUE(kyiv.registry->opened(taken.seq, true));
        EXPECT_TRUE(kyiv.registry->add_client(
            {"otdf-1", reader.id(), registry::ClientClass::strict, {}, "", {}}));
        const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::rsa2048);
        const auto manifest = *envelope::Manifest::parse(manifest_of(item));
        const auto ours = std::ranges::find(manifest.key_access, envelope::kReceiverSid,
                                            &envelope::KeyAccess::sid);
        const auto answer = kyiv.registry->export_share(
            {"otdf-1",
             reader.id(),
             session.public_key().der(),
             {manifest.policy, ours->wrapped_key, ours->ephemeral_key, ours->policy_binding}});
        return answer && answer->decision.permitted();
    }
    static void attest(Told& event, const std::function<void(Json&)>& change) {
        logbook::Opening opening;
        for (const auto& field : event.opening.fields()) {
            Bytes value = field.value;
            if (field.name == "attested") {
                const auto act = *logbook::Act::parse(value);
                Json content = act.content();
                change(content);
                value = logbook::Act::make(act.kind(), act.party(), act.terms(), act.at(), {},
                                           content, act.nonce())
                            ->bytes();
            }
            ASSERT_TRUE(opening.add(field.name, value));
        }
        event.opening = std::move(opening);
    }
    // The reader opens, and the answer never comes: the permit is gone, the log stays.
    std::vector<RecordedEvent> log_with_open_permit() {
        kyiv.live.inner.reset();
        EXPECT_FALSE(kyiv.read(reader, theirs, purpose));
        auto log = log_of(kyiv);
        log.pop_back(); // as it stood before the outcome
        return log;
    }
    // As it stood when the answer was recorded, before the outcome.
    std::vector<RecordedEvent> log_with_answer() {
        EXPECT_TRUE(kyiv.read(reader, theirs, purpose));
        auto log = log_of(kyiv);
        log.pop_back();
        return log;
    }
    static std::vector<RecordedEvent> log_of(Side& side) {
        auto secrets = side.keys->daemon_secrets();
        auto cipher = crypto::RecordCipher::create(std::move(secrets->storage_key));
        return testing::log_of(*registry::Ledger::open(side.journal, side.clock, std::move(*cipher),
                                                       side.terms.digest()));
    }
    // A vault with the side's keys that has read this log and signed its tree.
    std::unique_ptr<Vault> having_read(Side& side, testing::MemoryStateStore& store,
                                       const std::vector<RecordedEvent>& log) {
        auto keystore = Keystore::open(side.keystore_file, SecretBytes::copy(view("test"))).value();
        auto vault = Vault::start(std::move(keystore), store, side.clock).value();
        EXPECT_TRUE(vault->begin(side.terms_bytes, true));
        for (const RecordedEvent& event : log_of(side))
            if (testing::skeleton_of(event).kind() == ActKind::pair) {
                EXPECT_TRUE(vault->confirm_peer(
                    **side.journal.note("confirmation"), **side.journal.note("peer/key_list"),
                    **side.journal.note("peer/key_list_signature"),
                    *logbook::Opening::parse(event.opening)->find("act")));
            }
        const auto known = vault->record(0, log);
        EXPECT_TRUE(known) << known.error().text();
        tlog::MemoryTree tree;
        for (const RecordedEvent& event : log)
            tree.append(crypto::leaf_hash(event.leaf));
        EXPECT_TRUE(vault->sign_checkpoint({LogId::private_log, tree.size(), tree.root(), {}}));
        return vault;
    }
    static std::string told(Side& side, const std::vector<RecordedEvent>& log) {
        auto keystore = Keystore::open(side.keystore_file, SecretBytes::copy(view("test"))).value();
        testing::MemoryStateStore store;
        auto vault = Vault::start(std::move(keystore), store, side.clock).value();
        EXPECT_TRUE(vault->begin(side.terms_bytes, true));
        for (const RecordedEvent& event : log_of(side))
            if (testing::skeleton_of(event).kind() == ActKind::pair) {
                EXPECT_TRUE(vault->confirm_peer(
                    **side.journal.note("confirmation"), **side.journal.note("peer/key_list"),
                    **side.journal.note("peer/key_list_signature"),
                    *logbook::Opening::parse(event.opening)->find("act")));
            }
        const auto known = vault->record(0, log);
        return known ? "" : known.error().text();
    }
    Bytes manifest_of(const ItemId& item) {
        const auto source = kyiv.blobs.open(kyiv.registry->state().item(item)->blob);
        return to_bytes(envelope::Container::open(**source)->manifest_bytes());
    }

    Side tokyo{"JPN", testing::read_terms("jpn-ukr.toml")};
    Side kyiv{"UKR", testing::read_terms("jpn-ukr.toml")};
    Time later = tokyo.clock.now().plus_days(200);
    std::string purpose = tokyo.terms.purposes().front().code;
    testing::Someone reader{"Shevchenko"};
    DispatchId dispatch;
    ItemId theirs;
};

//= O-20
TEST_F(ControlledVault, ReleasesNothingWithoutTheOriginatorsAnswer) {
    const auto log = log_with_open_permit();
    const std::uint64_t permit = log.size() - 1;
    testing::MemoryStateStore store;
    const auto vault = having_read(kyiv, store, log);
    const Bytes manifest = manifest_of(theirs);
    EXPECT_EQ(reason_of(vault->release_share(permit, manifest)), "vault.control");
    EXPECT_EQ(reason_of(vault->release_controlled(permit, manifest)), "vault.unanswered");
    ASSERT_TRUE(vault->ask_opening(permit, manifest));
    EXPECT_EQ(reason_of(vault->release_controlled(permit, manifest)), "vault.unanswered");
}

//= O-20
// The ask names what the log says, whatever file it is made for.
TEST_F(ControlledVault, AsksForItsOwnReadersOpeningAlone) {
    const DispatchId other_dispatch = send();
    const ItemId other = item_of(other_dispatch);
    const auto log = log_with_open_permit();
    const std::uint64_t permit = log.size() - 1;
    testing::MemoryStateStore store;
    const auto vault = having_read(kyiv, store, log);
    EXPECT_EQ(reason_of(vault->ask_opening(permit, manifest_of(other))), "vault.dispatch");
    EXPECT_EQ(reason_of(vault->ask_opening(permit - 1, manifest_of(theirs))), "vault.reader");
    const auto one = vault->ask_opening(permit, manifest_of(theirs));
    const auto two = vault->ask_opening(permit, manifest_of(theirs));
    ASSERT_TRUE(one && two);
    const auto ask = logbook::OpeningAsk::parse(one->text)->fields();
    EXPECT_EQ(ask.dispatch, dispatch);
    EXPECT_EQ(ask.reader, *kyiv.registry->reader_pseudonym(dispatch, reader.id()));
    EXPECT_NE(ask.reader, *kyiv.registry->reader_pseudonym(other_dispatch, reader.id()));
    EXPECT_NE(ask.session_key, logbook::OpeningAsk::parse(two->text)->fields().session_key);
}

//= O-20
// What stands in the log answers the process that asked, and no other: not one that began anew.
TEST_F(ControlledVault, AnAnswerOpensForWhoAskedAndOnce) {
    const auto log = log_with_answer();
    const std::uint64_t permit = log.size() - 2;
    testing::MemoryStateStore store;
    const auto vault = having_read(kyiv, store, log);
    EXPECT_EQ(reason_of(vault->release_controlled(permit, manifest_of(theirs))), "vault.unasked");
    ASSERT_TRUE(vault->ask_opening(permit, manifest_of(theirs)));
    EXPECT_EQ(reason_of(vault->release_controlled(permit, manifest_of(theirs))), "vault.unasked");
}

//= O-20
// An event that says that the originator answered, and it did not, stops the log.
TEST_F(ControlledVault, NoAnswerCanBeMadeUp) {
    const auto log = log_with_answer();
    const auto changed = [&](const std::function<void(Told&)>& change) {
        auto lie = log;
        lie.back() = retold(lie.back(), change);
        return told(kyiv, lie);
    };
    const auto with = [](Told& event, const std::string& name, const Bytes& value) {
        logbook::Opening opening;
        for (const auto& field : event.opening.fields())
            ASSERT_TRUE(opening.add(field.name, field.name == name ? value : field.value));
        event.opening = std::move(opening);
    };
    EXPECT_EQ(changed([](Told&) {}), "");
    EXPECT_NE(changed([&](Told& event) {
                  Bytes signature = *event.opening.find("signature");
                  signature[3] ^= 1;
                  with(event, "signature", signature);
              }).find("signature"),
              std::string::npos);
    EXPECT_NE(changed([&](Told& event) {
                  auto fields =
                      logbook::OpeningAnswer::parse(*event.opening.find("answer"))->fields();
                  fields.asked[0] ^= 1;
                  with(event, "answer", logbook::OpeningAnswer::make(fields)->bytes());
              }).find("verify.opening"),
              std::string::npos);
    EXPECT_NE(changed([&](Told& event) {
                  auto fields = logbook::OpeningAsk::parse(*event.opening.find("ask"))->fields();
                  fields.reader[0] ^= 1;
                  with(event, "ask", logbook::OpeningAsk::make(fields)->bytes());
              }).find("verify.opening"),
              std::string::npos);
}

//= O-20
// At the originator: its share leaves only for an ask that the receiver's key process signed and
// the log permitted, of that very file.
TEST_F(ControlledVault, TheOriginatorsShareLeavesForARecordedPermitAlone) {
    ASSERT_TRUE(kyiv.read(reader, theirs, purpose));
    auto log = log_of(tokyo);
    while (testing::skeleton_of(log.back()).kind() != ActKind::permit_opening ||
           testing::skeleton_of(log.back()).stage() != Stage::permitted)
        log.pop_back();
    const std::uint64_t permit = log.size() - 1;
    testing::MemoryStateStore store;
    const auto vault = having_read(tokyo, store, log);
    const Bytes manifest = manifest_of(theirs); // the same bytes as were sent
    const auto granted = vault->grant_opening(permit, manifest);
    ASSERT_TRUE(granted) << granted.error().text();
    EXPECT_EQ(logbook::OpeningAnswer::parse(granted->text)->fields().event, permit);
    EXPECT_EQ(reason_of(vault->grant_opening(permit - 1, manifest)), "vault.granting");
    const ItemId other = item_of(send());
    EXPECT_EQ(reason_of(vault->grant_opening(permit, manifest_of(other))), "vault.dispatch");

    // A session key of its daemon's own.
    const auto lie = retold(log.back(), [](Told& event) {
        logbook::Opening opening;
        for (const auto& field : event.opening.fields()) {
            Bytes value = field.value;
            if (field.name == "signature")
                value[7] ^= 1;
            EXPECT_TRUE(opening.add(field.name, value));
        }
        event.opening = std::move(opening);
    });
    log.back() = lie;
    EXPECT_NE(told(tokyo, log).find("signature"), std::string::npos);
}

//= O-20
// Between the permit and the share the reader was taken off the list.
TEST_F(ControlledVault, TheShareStaysWhenTheReaderIsNoLongerAdmitted) {
    ASSERT_TRUE(kyiv.read(reader, theirs, purpose));
    ASSERT_TRUE(tokyo.try_act(releaser, ActKind::narrow,
                              {{"dispatch", dispatch.text()}, {"readers", to_base64(Hash32{7})}}));
    auto log = log_of(tokyo);
    const RecordedEvent narrowed = log.back();
    ASSERT_EQ(testing::skeleton_of(narrowed).kind(), ActKind::narrow);
    while (testing::skeleton_of(log.back()).kind() != ActKind::permit_opening ||
           testing::skeleton_of(log.back()).stage() != Stage::permitted)
        log.pop_back();
    const std::uint64_t permit = log.size() - 1;
    log.push_back(retold(
        narrowed, [&](Told& event) { event.skeleton.seq = event.leaf.act_number = permit + 1; }));
    testing::MemoryStateStore store;
    const auto vault = having_read(tokyo, store, log);
    EXPECT_EQ(reason_of(vault->grant_opening(permit, manifest_of(theirs))), "vault.withdrawn");
}

//= O-20
// The originator's book says whether a program asked as the receiver's key process signed it.
TEST_F(ControlledVault, WhetherAClientAskedIsWhatTheAskSays) {
    const ItemId item = item_of(send("hi"));
    ASSERT_TRUE(client_opens(item));
    auto log = log_of(tokyo);
    while (testing::skeleton_of(log.back()).kind() != ActKind::permit_opening ||
           testing::skeleton_of(log.back()).stage() != Stage::permitted)
        log.pop_back();
    EXPECT_EQ(testing::skeleton_of(log.back()).fact("by"), "client");
    EXPECT_EQ(told(tokyo, log), "");
    log.back() = retold(log.back(), [](Told& event) {
        event.skeleton.facts.erase("by");
        std::erase_if(event.skeleton.clauses,
                      [](const auto& one) { return one.clause == "control-export"; });
        attest(event, [](Json& content) { content.erase("by"); });
    });
    EXPECT_NE(told(tokyo, log).find("verify.opening"), std::string::npos) << told(tokyo, log);
}

//= O-20
// Why a client got nothing is the originator's word, of an item that it controls, and no other.
TEST_F(ControlledVault, ARefusalIsTheOriginatorsWord) {
    const ItemId item = item_of(send("hi"));
    kyiv.live.inner.reset();
    ASSERT_FALSE(client_opens(item));
    const auto log = log_of(kyiv);
    ASSERT_EQ(testing::skeleton_of(log.back()).fact("refusal"), "registry.originator_unreachable");
    const auto with = [&](const std::vector<RecordedEvent>& of, const char* refusal) {
        auto lie = of;
        lie.back() =
            retold(lie.back(), [&](Told& event) { event.skeleton.facts["refusal"] = refusal; });
        return told(kyiv, lie);
    };
    EXPECT_EQ(with(log, "peer.agreement.recalled"), "");
    EXPECT_NE(with(log, "vault.reader").find("the act says no such thing"), std::string::npos);
}

} // namespace
} // namespace valise::vault
