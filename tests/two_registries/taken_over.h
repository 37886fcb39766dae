// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/merkle.h"
#include "crypto/random.h"
#include "envelope/container.h"
#include "two_registries/retold.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

// A daemon that was taken over, against the vault: it has the database, the key of the openings,
// the sealed files and the socket, and no person's key.
namespace valise::vault {

using logbook::ActKind;
using logbook::Stage;
using testing::retold;
using testing::Side;
using testing::skeleton_of;
using testing::Someone;
using testing::Told;

inline std::vector<RecordedEvent> log_of(Side& side) {
    auto secrets = side.keys->daemon_secrets();
    auto cipher = crypto::RecordCipher::create(std::move(secrets->storage_key));
    const auto ledger =
        registry::Ledger::open(side.journal, side.clock, std::move(*cipher), side.terms.digest());
    return testing::log_of(*ledger);
}

// Empty when it was done.
template<class T> std::string reason_of(const Result<T>& result) {
    return result ? "" : result.error().reason();
}

class TakenOver : public ::testing::Test, protected testing::TokyoStaff {
protected:
    TakenOver() {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        take_office(tokyo, later);
        kyiv.enrol(reader);
        kyiv.appoint(reader, "reader");
        kyiv.clear(reader, "tsilkom-taiemno", later);
        kyiv.brief(reader);
        kyiv.accredit("tsilkom-taiemno");
    }

    ItemId released(const std::string& level, int approvals) {
        const ItemId item = tokyo.enter(originator, to_bytes("document"), level, purpose);
        EXPECT_TRUE(tokyo.approve(releaser, item, "UKR").decision.permitted());
        if (approvals > 1) {
            EXPECT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
        }
        return item;
    }
    // Sends a document to Kyiv and lets the reader there have it; returns its item there.
    ItemId arrived() {
        const auto before = kyiv.registry->state().items().size();
        const auto sent = tokyo.dispatch(tokyo.control_officer, released("gokuhi", 2), "UKR");
        EXPECT_TRUE(sent.decision.permitted()) << sent.decision.reason();
        EXPECT_TRUE(tokyo.work());
        const auto state = kyiv.registry->state();
        EXPECT_EQ(state.items().size(), before + 1);
        for (const auto& [id, item] : state.items())
            if (item.dispatch.text() == sent.result.at("dispatch").get<std::string>()) {
                kyiv.grant(reader, id, purpose, later);
                return id;
            }
        return {};
    }
    registry::ActAnswer open(const ItemId& item) {
        const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
        return kyiv.act(reader, ActKind::open,
                        {{"item", item.text()},
                         {"copy", kyiv.registry->state().copies_of(item).front().id.text()},
                         {"purpose", purpose},
                         {"session_key", to_base64(session.public_key().der())}});
    }
    Bytes manifest_of(const ItemId& item) {
        const auto state = kyiv.registry->state();
        const auto source = kyiv.blobs.open(state.item(item)->blob);
        return to_bytes(envelope::Container::open(**source)->manifest_bytes());
    }
    std::string share(std::uint64_t permit, const Bytes& manifest) {
        const auto got = kyiv.keys->release_share(permit, manifest);
        return got ? "" : got.error().reason();
    }

    // A vault with the side's keys that begins from nothing but its peer.
    std::unique_ptr<Vault> fresh(Side& side, testing::MemoryStateStore& store) {
        auto keystore = Keystore::open(side.keystore_file, SecretBytes::copy(view("test"))).value();
        auto vault = Vault::start(std::move(keystore), store, side.clock).value();
        EXPECT_TRUE(vault->begin(side.terms_bytes, true));
        for (const RecordedEvent& event : log_of(side))
            if (skeleton_of(event).kind() == ActKind::pair) {
                EXPECT_TRUE(vault->confirm_peer(
                    **side.journal.note("confirmation"), **side.journal.note("peer/key_list"),
                    **side.journal.note("peer/key_list_signature"),
                    *logbook::Opening::parse(event.opening)->find("act")));
            }
        return vault;
    }
    static std::string told(Vault& vault, std::uint64_t from, std::vector<RecordedEvent> events) {
        const auto known = vault.record(from, std::move(events));
        return known ? "" : known.error().text();
    }
    static Result<std::string> sign(Vault& vault, const std::vector<RecordedEvent>& events) {
        tlog::MemoryTree tree;
        for (const RecordedEvent& event : events)
            tree.append(crypto::leaf_hash(event.leaf));
        return vault.sign_checkpoint({LogId::private_log, tree.size(), tree.root(), {}});
    }

    Side tokyo{"JPN", testing::read_terms("jpn-ukr.toml")};
    Side kyiv{"UKR", testing::read_terms("jpn-ukr.toml")};
    Time later = tokyo.clock.now().plus_days(50);
    std::string purpose = tokyo.terms.purposes().front().code;
    Someone reader{"Shevchenko"};
};

} // namespace valise::vault
