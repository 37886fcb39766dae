// SPDX-License-Identifier: Apache-2.0
// The key process's own two files, as they are once their seal holds: what a program of another
// version, or a person with the passphrase, may have put inside. The input is sealed with a cheap
// cost and read; what is admitted is written back as the same. It is also read as it is.
#include "vault/vault_state.h"

#include "crypto/passphrase.h"
#include "vault/keystore.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace valise;

const SecretAccess kRead = SecretAccess::because("fuzzing");
constexpr crypto::Argon2Cost kCheap{crypto::kArgon2MinMemoryKib, 1};

void hold(bool condition) {
    if (!condition)
        std::abort();
}

class MemoryStore : public vault::StateStore {
public:
    Result<std::optional<Bytes>> load() override { return bytes; }
    Result<void> save(ByteView more) override {
        bytes = to_bytes(more);
        return {};
    }
    std::optional<Bytes> bytes;
};

void read_state(ByteView bytes) {
    constexpr std::string_view purpose = "valise/vault-state/v2";
    static const auto cipher =
        crypto::RecordCipher::create(SecretBytes::copy(Bytes(32, 0x55))).value();
    MemoryStore store;
    store.bytes = to_bytes(bytes);
    const auto unsealed = vault::VaultState::load(store, cipher);
    hold(!unsealed && unsealed.error().reason() == "vault.state");
    store.bytes = cipher.seal(view(purpose), bytes);
    const auto state = vault::VaultState::load(store, cipher);
    if (!state)
        return;
    hold(state->save(store, cipher).has_value());
    hold(cipher.open(view(purpose), *store.bytes).value() == to_bytes(bytes));
}

void read_keystore(ByteView bytes, std::string_view purpose) {
    static const SecretBytes passphrase = SecretBytes::copy(view("fuzzing"));
    const auto sealed =
        crypto::seal_with_passphrase(SecretBytes::copy(bytes), passphrase, purpose, kCheap);
    const auto keys = vault::Keystore::open(sealed.value(), passphrase);
    if (!keys) {
        hold(!keys.error().reason().empty());
        return;
    }
    const auto again = keys->seal(passphrase, kCheap);
    const auto plain = crypto::open_with_passphrase(again.value(), passphrase, purpose);
    hold(std::ranges::equal(plain->read(kRead), bytes));
    (void)keys->key_list();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    read_state(bytes);
    read_keystore(bytes, "valise/keystore/v1");
    read_keystore(bytes, "valise/keystore/v2");
    return 0;
}
