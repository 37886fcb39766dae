// SPDX-License-Identifier: Apache-2.0
#include "crypto/passphrase.h"
#include "vault/vault.h"
#include "vault/vault_state.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace valise::vault {
namespace {

const SecretAccess kTest = SecretAccess::because("test");
constexpr crypto::Argon2Cost kCheap{crypto::kArgon2MinMemoryKib, 1};
constexpr std::string_view kKeystore = "valise/keystore/v2";
constexpr std::string_view kState = "valise/vault-state/v2";

SecretBytes passphrase() {
    return SecretBytes::copy(view("correct horse"));
}

Keystore fresh() {
    return Keystore::generate({.party = "JPN",
                               .founders = {{"Control", Bytes(32, 1)}, {"Clearance", Bytes(32, 2)}},
                               .now = Time::parse("2026-11-24T00:00:00Z").value()})
        .value();
}

Result<Keystore> opened(const Bytes& plain) {
    const auto sealed =
        crypto::seal_with_passphrase(SecretBytes::copy(plain), passphrase(), kKeystore, kCheap);
    return Keystore::open(sealed.value(), passphrase());
}

TEST(Keystore, TakesOnlyTheBytesThatItWrites) {
    const auto sealed = fresh().seal(passphrase(), kCheap);
    const auto secret = crypto::open_with_passphrase(*sealed, passphrase(), kKeystore);
    const Bytes plain = to_bytes(secret->read(kTest));
    ASSERT_TRUE(opened(plain));
    // A bare date, with its length, is a second form of the time of creation.
    Bytes dated = plain;
    constexpr std::string_view kTime = "2026-11-24T00:00:00Z";
    const auto time = std::search(dated.begin(), dated.end(), kTime.begin(), kTime.end());
    ASSERT_NE(time, dated.end());
    *(time - 1) = 10;
    dated.erase(time + 10, time + 20);
    EXPECT_EQ(opened(dated).error().reason(), "vault.keystore");
    // The length that stands before the first of the hybrid seeds, which nobody needed to read.
    const Bytes lengths = {0, 0, 0, 204, 0, 0, 0, 64};
    Bytes odd = plain;
    const auto seeds = std::search(odd.begin(), odd.end(), lengths.begin(), lengths.end());
    ASSERT_NE(seeds, odd.end());
    *(seeds + 7) = 63;
    EXPECT_EQ(opened(odd).error().reason(), "vault.keystore");
    for (std::size_t size = 0; size < plain.size(); size += 97)
        EXPECT_FALSE(opened(Bytes(plain.begin(), plain.begin() + static_cast<long>(size))));
}

TEST(Keystore, OfVersionOneIsReadAndHasNoMirrorKey) {
    Keystore old = fresh();
    ASSERT_TRUE(old.mirror && old.key_list()->mirror);
    old.mirror.reset();
    const auto list = old.key_list();
    EXPECT_EQ(to_text(list->bytes()).find("mirror"), std::string::npos);
    EXPECT_TRUE(agreement::KeyList::parse(list->bytes()));
    const auto sealed = old.seal(passphrase(), kCheap);
    const auto back = Keystore::open(*sealed, passphrase());
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_FALSE(back->mirror);
    EXPECT_EQ(*back->key_list(), *list);
    EXPECT_EQ(Keystore::open(*sealed, SecretBytes::copy(view("wrong"))).error().reason(),
              "crypto.passphrase");
    // The newest kind comes back with its key.
    const Keystore now = fresh();
    const auto again = Keystore::open(*now.seal(passphrase(), kCheap), passphrase());
    ASSERT_TRUE(again);
    EXPECT_EQ(*again->key_list(), *now.key_list());
}

TEST(LogKeys, BelongToTheOriginTheyStandUnder) {
    auto list = fresh().key_list();
    ASSERT_TRUE(list && log_keys(list->private_log));
    list->private_log.origin = list->shared_log.origin;
    EXPECT_EQ(log_keys(list->private_log).error().reason(), "agreement.key_list");
}

class MemoryStore : public StateStore {
public:
    Result<std::optional<Bytes>> load() override { return bytes; }
    Result<void> save(ByteView more) override {
        bytes = to_bytes(more);
        return {};
    }
    std::optional<Bytes> bytes;
};

TEST(VaultState, TreesAreAnObjectByOrigin) {
    const auto cipher = crypto::RecordCipher::create(SecretBytes::copy(Bytes(32, 5)));
    MemoryStore store;
    VaultState state;
    state.trees["xr.example/a/1"] = {7, Hash32{}};
    ASSERT_TRUE(state.save(store, *cipher));
    EXPECT_EQ(VaultState::load(store, *cipher)->trees, state.trees);
    EXPECT_FALSE(VaultState::load(store, *cipher)->terms);
    state.terms = Hash32{1};
    state.test_mode = true;
    ASSERT_TRUE(state.save(store, *cipher));
    EXPECT_EQ(VaultState::load(store, *cipher)->terms, state.terms);
    EXPECT_TRUE(VaultState::load(store, *cipher)->test_mode);
    std::string text = to_text(cipher->open(view(kState), *store.bytes).value());
    const auto trees = text.find("{\"xr.example/a/1\":");
    text.replace(trees, 18, "[");
    text.replace(text.rfind("}}"), 2, "}]");
    store.bytes = cipher->seal(view(kState), view(text));
    const auto refused = VaultState::load(store, *cipher);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason(), "vault.state");
}

} // namespace
} // namespace valise::vault
