// SPDX-License-Identifier: Apache-2.0
// For tests alone, never installed: prints every secret of a registry and of persons, as lines
// `secret|public NAME HEX`, so that a search can prove that they lie nowhere in clear.
//
// usage: reveal_secrets (keystore|person FILE PASSPHRASE_FILE)...
#include "adapters/files/files.h"
#include "apps/valise/key_text.h"
#include "vault/keystore.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>

namespace {

using namespace valise;

constexpr std::size_t kMaxFile = 1 << 20;

SecretAccess access() {
    return SecretAccess::because("a test looks for secrets that lie in clear");
}

void secret(const std::string& name, ByteView bytes) {
    fmt::print("secret {} {}\n", name, to_hex(bytes));
}

// What anybody may know of a key lies inside some of its secret forms too.
void open_to_all(const std::string& name, ByteView bytes) {
    fmt::print("public {} {}\n", name, to_hex(bytes));
}

Result<SecretBytes> passphrase(const std::string& path) {
    TRY_ASSIGN(const auto text, adapters::read_secret_file(path, kMaxFile));
    const ByteView all = text.read(access());
    const auto end = std::find(all.begin(), all.end(), Byte{'\n'});
    return SecretBytes::copy(all.first(static_cast<std::size_t>(end - all.begin())));
}

Result<void> reveal_keystore(const std::string& path, const SecretBytes& pass) {
    TRY_ASSIGN(const Bytes sealed, adapters::read_file(path, kMaxFile));
    TRY_ASSIGN(const auto keys, vault::Keystore::open(sealed, pass));
    if (!keys.mirror)
        return fail(Code::invalid, "test.keystore", "without a mirror key");
    const std::array logs{std::pair{"private-log", &keys.private_log},
                          std::pair{"shared-log", &keys.shared_log},
                          std::pair{"witness", &keys.witness}, std::pair{"mirror", &*keys.mirror}};
    for (const auto& [name, signer] : logs) {
        secret(fmt::format("{}-ed25519", name), signer->ed25519.seed(access()).read(access()));
        secret(fmt::format("{}-ml-dsa-44", name), signer->ml_dsa_44.seed(access()).read(access()));
    }
    const std::array hybrids{std::pair{"root", &keys.root}, std::pair{"sender", &keys.sender},
                             std::pair{"receipt", &keys.receipt}};
    for (const auto& [name, signer] : hybrids) {
        const SecretBytes seeds = signer->seeds(access());
        secret(fmt::format("{}-ed25519", name), seeds.read(access()).first(32));
        secret(fmt::format("{}-ml-dsa-87", name), seeds.read(access()).subspan(32));
        open_to_all(name, vault::hybrid_bytes(signer->public_keys()));
    }
    secret("unwrapping", keys.unwrapping.export_der(access()).read(access()));
    open_to_all("unwrapping", keys.unwrapping.public_key().der());
    secret("tls", keys.tls_private_key.read(access()));
    open_to_all("tls", keys.tls_certificate);
    secret("storage", keys.storage_key.read(access()));
    secret("state", keys.state_key.read(access()));
    return {};
}

Result<void> reveal_person(const std::string& path, const SecretBytes& pass) {
    TRY_ASSIGN(const Bytes text, adapters::read_file(path, kMaxFile));
    TRY_ASSIGN(const auto key, cli::KeyText::parse(text, cli::KeyKind::person, path));
    TRY_ASSIGN(const auto seed, crypto::open_with_passphrase(key.secret.read(access()), pass,
                                                             cli::key_purpose(key.pub)));
    secret("person", seed.read(access()));
    return {};
}

Result<void> reveal(std::span<char*> words) {
    for (; words.size() >= 3; words = words.subspan(3)) {
        const std::string kind = words[0];
        TRY_ASSIGN(const auto pass, passphrase(words[2]));
        TRY(kind == "keystore" ? reveal_keystore(words[1], pass) : reveal_person(words[1], pass));
    }
    return {};
}

} // namespace

int main(int argc, char** argv) {
    const auto done = reveal(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
    if (done)
        return 0;
    fmt::print(stderr, "error: {}\n", done.error().text());
    return 2;
}
