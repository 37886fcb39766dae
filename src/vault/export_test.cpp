// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "crypto/record_cipher.h"
#include "envelope/container.h"
#include "two_registries/retold.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

// The registry attests rewraps by itself, so a daemon that is taken over can name a session key: of
// a copy that the person took out by their own signature, and of that file alone.
namespace valise::vault {
namespace {

using logbook::ActKind;
using logbook::Stage;

class Export : public ::testing::Test, protected testing::TokyoStaff {
protected:
    Export() { take_office(tokyo, later); }

    std::vector<RecordedEvent> log() {
        auto secrets = tokyo.keys->daemon_secrets();
        auto cipher = crypto::RecordCipher::create(std::move(secrets->storage_key));
        return testing::log_of(*registry::Ledger::open(tokyo.journal, tokyo.clock,
                                                       std::move(*cipher), tokyo.terms.digest()));
    }
    // A vault with the registry's keys that has read nothing.
    std::unique_ptr<Vault> fresh(testing::MemoryStateStore& store) {
        auto keystore =
            Keystore::open(tokyo.keystore_file, SecretBytes::copy(view("test"))).value();
        auto vault = Vault::start(std::move(keystore), store, tokyo.clock).value();
        EXPECT_TRUE(vault->begin(tokyo.terms_bytes, true));
        return vault;
    }
    static std::string told(Vault& vault, const std::vector<RecordedEvent>& events) {
        const auto known = vault.record(0, events);
        return known ? "" : known.error().text();
    }
    static Result<std::string> sign(Vault& vault, const std::vector<RecordedEvent>& events) {
        tlog::MemoryTree tree;
        for (const RecordedEvent& event : events)
            tree.append(crypto::leaf_hash(event.leaf));
        return vault.sign_checkpoint({LogId::private_log, tree.size(), tree.root(), {}});
    }

    testing::Side tokyo{"JPN", testing::read_terms("jpn-ukr.toml")};
    Time later = tokyo.clock.now().plus_days(50);
    std::string purpose = tokyo.terms.purposes().front().code;
};

TEST_F(Export, RestsOnWhatAPersonTookOut) {
    const auto seal_of = [&](const ItemId& item) {
        const auto state = tokyo.registry->state();
        const auto source = tokyo.blobs.open(state.item(item)->blob);
        return to_bytes(envelope::Container::open(**source)->manifest_bytes());
    };
    const auto asked_of = [&](const Bytes& manifest) {
        const auto read = envelope::Manifest::parse(manifest);
        const auto& access = read->key_access.front();
        return ShareRequest{read->policy, access.wrapped_key, access.ephemeral_key,
                            access.policy_binding};
    };
    tokyo.brief(originator);
    const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::ec_p256);
    const auto taken = [&] {
        const ItemId item = tokyo.enter(originator, to_bytes("document"), "hi", purpose);
        tokyo.grant(originator, item, purpose, later);
        const auto state = tokyo.registry->state();
        const auto answer = tokyo.act(originator, ActKind::export_copy,
                                      {{"item", item.text()},
                                       {"copy", state.item(item)->copies.front().text()},
                                       {"purpose", purpose},
                                       {"client", "otdf-1"}});
        EXPECT_TRUE(answer.decision.permitted()) << answer.decision.reason();
        EXPECT_TRUE(tokyo.registry->opened(answer.seq, true));
        return item;
    };
    const ItemId item = taken();
    const ItemId other = taken();
    const Bytes manifest = seal_of(item);
    for (const char* client : {"otdf-1", "otdf-2"})
        ASSERT_TRUE(tokyo.registry->add_client(
            {client, originator.id(), registry::ClientClass::strict, {}, "", {}}));
    const auto rewrap = [&](const std::string& client) {
        return *tokyo.registry->export_share(
            {client, originator.id(), session.public_key().der(), asked_of(manifest)});
    };
    const auto good = rewrap("otdf-1");
    ASSERT_TRUE(good.decision.permitted()) << good.decision.reason();
    EXPECT_FALSE(rewrap("otdf-2").decision.permitted());
    tokyo.act(tokyo.control_officer, ActKind::revoke,
              {{"what", "grant"}, {"person", originator.id().text()}, {"item", item.text()}});
    const auto refused = rewrap("otdf-1");
    ASSERT_FALSE(refused.decision.permitted());

    // Told as permitted, after the grant was taken back.
    auto log = this->log();
    const auto clauses = testing::skeleton_of(log[good.seq]).clauses();
    log[refused.seq] = testing::retold(log[refused.seq], [&](testing::Told& told) {
        told.skeleton.stage = Stage::permitted;
        told.skeleton.clauses = clauses;
    });
    testing::MemoryStateStore store;
    EXPECT_NE(told(*fresh(store), log).find("verify.outcome"), std::string::npos);

    // As the log stood when the permit was new: its share, and nothing else, to its key.
    log.resize(good.seq + 1);
    testing::MemoryStateStore state;
    const auto vault = fresh(state);
    ASSERT_EQ(told(*vault, log), "");
    const auto said = [&](const Bytes& of, const ShareRequest& asked) {
        const auto share = vault->export_share(good.seq, of, asked);
        return share ? "" : share.error().reason();
    };
    EXPECT_EQ(said(manifest, asked_of(manifest)), "vault.not_recorded");
    ASSERT_TRUE(sign(*vault, log));
    EXPECT_EQ(said(seal_of(other), asked_of(seal_of(other))), "envelope.payload_tree");
    EXPECT_EQ(said(manifest, asked_of(seal_of(other))), "envelope.asked_share");
    // Another file's share under this one's manifest: bound to neither policy nor document.
    auto mixed = *envelope::Manifest::parse(manifest);
    mixed.key_access = envelope::Manifest::parse(seal_of(other))->key_access;
    EXPECT_NE(said(mixed.bytes(), asked_of(seal_of(other))), "");
    auto rebound = asked_of(manifest);
    rebound.binding = asked_of(seal_of(other)).binding;
    EXPECT_EQ(said(manifest, rebound), "envelope.asked_share");
    const auto share = vault->export_share(good.seq, manifest, asked_of(manifest));
    ASSERT_TRUE(share) << share.error().text();
    EXPECT_TRUE(session.unwrap(share->wrapped, share->ephemeral_key));
    for (std::uint64_t seq = 0; seq < good.seq; ++seq)
        EXPECT_EQ(vault->export_share(seq, manifest, asked_of(manifest)).error().reason(),
                  "vault.reader");
}

} // namespace
} // namespace valise::vault
