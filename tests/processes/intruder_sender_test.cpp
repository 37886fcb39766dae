// SPDX-License-Identifier: Apache-2.0
// The same on the sending side: what leaves sealed for another party, and who can be made that
// party.
#include "crypto/random.h"
#include "envelope/container.h"
#include "intruder.h"
#include "logbook/leaf.h"
#include "vault/vault.h"

namespace valise::testing {
namespace {

class SenderSide : public ::testing::Test {
protected:
    // What an honest daemon asked for a dispatch of the exchange.
    vault::ResealRequest honest() {
        const auto& row = tokyo.ledger().rows()[sent];
        const logbook::Item& one = tokyo.item(item);
        vault::ResealRequest request;
        request.permit = tokyo.prove(sent);
        for (const auto& person : approvers()) {
            request.releases.push_back(tokyo.prove(approval_of(person, row.ids.at("release"))));
            for (const ActKind kind : {ActKind::enrol, ActKind::appoint})
                request.appointments.push_back(
                    tokyo.prove(kind, Stage::permitted, {{"person", person}}));
        }
        request.dispatch = row.ids.at("dispatch");
        request.item_number = one.number;
        request.recipient = "UKR";
        request.level = one.level;
        const auto file = tokyo.file_of(item);
        const auto container = must(envelope::Container::open(*file));
        request.label_xml = container.manifest().assertion(envelope::kLabelXmlId)->value;
        request.payload_root = one.payload_root;
        request.now = tokyo.now();
        return request;
    }
    std::vector<std::string> approvers() const {
        const auto release = must(ReleaseId::parse(tokyo.ledger().rows()[sent].ids.at("release")));
        std::vector<std::string> out;
        for (const PersonId& person : tokyo.ledger().state().release(release)->approvals)
            out.push_back(person.text());
        return out;
    }
    std::uint64_t approval_of(const std::string& person, const std::string& release) const {
        return tokyo.find(ActKind::approve_release, Stage::permitted,
                          {{"actor", person}, {"release", release}});
    }
    std::string sealed(const vault::ResealRequest& request, const std::string& file) {
        const auto source = tokyo.file_of(file);
        const auto writer = must(tokyo.blobs->create(BlobId::of(crypto::random_bytes(10))));
        return reason(tokyo.keys.reseal(request, *source, *writer, writer->descriptor()));
    }
    template<class Change> std::string refused_with(Change change) {
        auto request = honest();
        change(request);
        return sealed(request, item);
    }
    std::uint64_t other_dispatch() const {
        return tokyo.find(ActKind::dispatch, Stage::permitted, {{"item", other_item()}});
    }
    std::string other_item() const {
        for (const auto& [id, one] : tokyo.ledger().state().items())
            if (id.text() != item)
                return id.text();
        throw std::runtime_error("the exchange left one item only");
    }

    Intruder& tokyo = Intruder::of("tokyo");
    std::uint64_t sent = tokyo.find(ActKind::dispatch, Stage::permitted);
    std::string item = tokyo.ledger().rows()[sent].ids.at("item");
};

TEST_F(SenderSide, TheRecordedDispatchIsSealed) {
    EXPECT_EQ(approvers().size(), 2U);
    EXPECT_EQ(sealed(honest(), item), "");
}

TEST_F(SenderSide, ForNobodyButTheConfirmedPeer) {
    for (const char* party : {"POL", "JPN", ""}) {
        EXPECT_EQ(refused_with([&](auto& request) { request.recipient = party; }),
                  "vault.dispatch");
        // The same, with a dispatch to that party which the intruder recorded itself.
        logbook::SkeletonFields fields;
        fields.kind = ActKind::dispatch;
        fields.actor = tokyo.ledger().rows()[sent].actor;
        fields.ids = tokyo.ledger().rows()[sent].ids;
        fields.facts = {{"recipient", *party == '\0' ? "POL" : party}, {"level", "gokuhi"}};
        const auto own = tokyo.record(fields, tokyo.signed_act_of(sent));
        EXPECT_EQ(refused_with([&](auto& request) {
                      request.permit = own;
                      request.recipient = party;
                  }),
                  "vault.dispatch");
    }
}

// A key list and pairing act of the intruder's own: no new peer, and no other keys of the old one.
TEST_F(SenderSide, NoOtherKeysBecomeThePeers) {
    const auto pairing = tokyo.find(ActKind::pair, Stage::permitted);
    const auto real = must(logbook::SignedAct::parse(tokyo.signed_act_of(pairing))).act();
    vault::Founders founders{{"A", tokyo.intruder_key()}, {"B", tokyo.intruder_key()}};
    for (const char* party : {"UKR", "POL"}) {
        const auto keystore = must(vault::Keystore::generate({party, founders, tokyo.now()}));
        const auto list = must(keystore.key_list());
        const Bytes signature =
            must(keystore.root.sign(agreement::KeyList::signed_bytes(list.bytes())));
        const auto confirmation =
            agreement::Confirmation::of("jpn-ukr", real.terms(), {"JPN", tokyo.key_list().root},
                                        {std::string(party), list.root});
        const auto confirm = [&](const Bytes& act) {
            return reason(
                tokyo.keys.confirm_peer(confirmation.bytes(), list.bytes(), signature, act));
        };
        EXPECT_EQ(confirm(tokyo.signed_act_of(pairing)), "vault.not_signed_by");
        const Json content = {{"peer", std::string(party)},
                              {"fingerprint", confirmation.fingerprint()},
                              {"confirmation", to_base64(confirmation.bytes())},
                              {"peer_root", to_base64(list.root)}};
        EXPECT_EQ(confirm(tokyo.sign_as_intruder(ActKind::pair, content)), "vault.not_signed_by");
    }
    EXPECT_EQ(sealed(honest(), item), ""); // for the old peer still
}

TEST_F(SenderSide, NotWithoutTwoPersons) {
    EXPECT_EQ(refused_with([](auto& request) { request.releases.clear(); }), "vault.release");
    EXPECT_EQ(refused_with([](auto& request) { request.releases.pop_back(); }), "vault.release");
    EXPECT_EQ(refused_with([](auto& request) { request.releases[1] = request.releases[0]; }),
              "vault.release");
    // One person's act, recorded once more as an approval.
    const auto first = approval_of(approvers()[0], tokyo.ledger().rows()[sent].ids.at("release"));
    const auto again = tokyo.record_like(first, Stage::permitted, tokyo.signed_act_of(first));
    EXPECT_EQ(refused_with([&](auto& request) { request.releases[1] = again; }), "vault.release");
    // The second person's approval in the skeleton, over an act that the intruder signed.
    const auto second = approval_of(approvers()[1], tokyo.ledger().rows()[sent].ids.at("release"));
    const auto act = must(logbook::SignedAct::parse(tokyo.signed_act_of(second))).act();
    const auto forged = tokyo.record_like(
        second, Stage::permitted, tokyo.sign_as_intruder(ActKind::approve_release, act.content()));
    EXPECT_EQ(refused_with([&](auto& request) { request.releases[1] = forged; }), "vault.release");
    const auto unsigned_one = tokyo.record_like(second, Stage::permitted, {});
    EXPECT_EQ(refused_with([&](auto& request) { request.releases[1] = unsigned_one; }),
              "vault.release");
}

TEST_F(SenderSide, PersonsOfTheIntrudersOwnMaking) {
    const auto enrolled =
        tokyo.find(ActKind::enrol, Stage::permitted, {{"person", approvers()[1]}});
    const auto act = tokyo.sign_as_intruder(
        ActKind::enrol,
        {{"person", approvers()[1]}, {"key", to_base64(tokyo.intruder_key())}, {"name", "Nobody"}});
    for (const Bytes& signed_act : {act, Bytes()}) {
        const auto own = tokyo.record_like(enrolled, Stage::permitted, signed_act);
        EXPECT_EQ(refused_with([&](auto& request) { request.appointments.push_back(own); }),
                  "vault.not_signed_by");
    }
    // Nobody among them is a releasing authority when the appointments are left out.
    EXPECT_EQ(refused_with([](auto& request) {
                  std::erase_if(request.appointments, [](const RecordedEvent& event) {
                      return must(logbook::Skeleton::parse(event.skeleton)).kind() ==
                             ActKind::appoint;
                  });
              }),
              "vault.release");
    EXPECT_EQ(refused_with([](auto& request) { request.appointments.clear(); }), "vault.release");
}

TEST_F(SenderSide, OnlyWhatWasApproved) {
    const auto& other = tokyo.ledger().rows()[other_dispatch()];
    EXPECT_EQ(refused_with([&](auto& request) {
                  for (std::size_t i = 0; i < 2; ++i)
                      request.releases[i] =
                          tokyo.prove(approval_of(approvers()[i], other.ids.at("release")));
              }),
              "vault.release");
    EXPECT_EQ(refused_with([](auto& request) { request.payload_root[0] ^= 1; }), "vault.release");
    EXPECT_EQ(refused_with([](auto& request) { request.label_xml += " "; }), "vault.release");
    // The approved item in every word, another item's file; and the dispatch of the other one.
    EXPECT_NE(sealed(honest(), other_item()), "");
    EXPECT_EQ(refused_with([&](auto& request) { request.permit = tokyo.prove(other_dispatch()); }),
              "vault.dispatch");
    EXPECT_EQ(refused_with([&](auto& request) {
                  request.permit = tokyo.prove(other_dispatch());
                  request.dispatch = other.ids.at("dispatch");
              }),
              "vault.release");
}

// The statement that the sender key signs names the level of the label that was approved.
TEST_F(SenderSide, AtNoOtherLevel) {
    for (const char* level : {"kimitsu", "hi", "unclassified", ""})
        EXPECT_EQ(refused_with([&](auto& request) { request.level = level; }), "envelope.label")
            << level;
}

TEST_F(SenderSide, NotWithoutARecordedDispatch) {
    EXPECT_EQ(refused_with([](auto& request) { request.permit = {}; }), "vault.not_recorded");
    EXPECT_EQ(refused_with([](auto& request) { request.permit = request.releases[0]; }),
              "vault.not_recorded");
    EXPECT_EQ(refused_with([](auto& request) { request.permit.signed_act.clear(); }),
              "vault.dispatch");
    EXPECT_EQ(
        refused_with([&](auto& request) { request.permit.checkpoint = tokyo.forged_checkpoint(); }),
        "vault.not_recorded");
    const auto refused = tokyo.record_like(sent, Stage::refused, tokyo.signed_act_of(sent));
    EXPECT_EQ(refused_with([&](auto& request) { request.permit = refused; }), "vault.not_recorded");
}

} // namespace
} // namespace valise::testing
