// SPDX-License-Identifier: Apache-2.0
// Opens the key files of a finished exchange with their passphrases and prints every secret in them
// as a line of hex, for the test that looks for them on the disk. Only a test ever builds it.
#include "adapters/files/files.h"
#include "crypto/passphrase.h"
#include "key_text.h"
#include "vault/keystore.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

namespace {

using namespace valise;

const SecretAccess kAccess = SecretAccess::because("a test looks for the secret on the disk");

void print(std::string_view name, ByteView bytes) {
    fmt::print("{} {}\n", name, to_hex(bytes));
}

Result<SecretBytes> first_line(const char* path) {
    TRY_ASSIGN(const auto text, adapters::read_secret_file(path, 4096));
    const ByteView all = text.read(kAccess);
    return SecretBytes::copy(
        all.first(static_cast<std::size_t>(std::find(all.begin(), all.end(), '\n') - all.begin())));
}

Result<void> keystore(const char* path, const char* passphrase) {
    TRY_ASSIGN(const Bytes sealed, adapters::read_file(path, 1 << 20));
    TRY_ASSIGN(const auto secret, first_line(passphrase));
    TRY_ASSIGN(const auto keys, vault::Keystore::open(sealed, secret));
    for (const auto* signer : {&keys.private_log, &keys.shared_log, &keys.witness}) {
        print("log-ed25519", signer->ed25519.seed(kAccess).read(kAccess));
        print("log-ml-dsa-44", signer->ml_dsa_44.seed(kAccess).read(kAccess));
    }
    for (const auto* signer : {&keys.root, &keys.sender, &keys.receipt}) {
        const auto seeds = signer->seeds(kAccess);
        print("hybrid-ed25519", seeds.read(kAccess).first(32));
        print("hybrid-ml-dsa-87", seeds.read(kAccess).subspan(32));
    }
    // The private parts stand at the end of both DER structures; a window of them is enough.
    print("unwrapping", keys.unwrapping.export_der(kAccess).read(kAccess).last(32));
    print("tls", keys.tls_private_key.read(kAccess).last(32));
    print("storage", keys.storage_key.read(kAccess));
    print("state", keys.state_key.read(kAccess));
    return {};
}

Result<void> person(const char* path, const char* passphrase) {
    TRY_ASSIGN(const Bytes text, adapters::read_file(path, cli::kMaxKeyFile));
    TRY_ASSIGN(const auto file, cli::KeyText::parse(text, cli::KeyKind::person, path));
    TRY_ASSIGN(const auto secret, first_line(passphrase));
    TRY_ASSIGN(const auto seed, crypto::open_with_passphrase(file.secret.read(kAccess), secret,
                                                             cli::key_purpose(file.pub)));
    print("person", seed.read(kAccess));
    return {};
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4)
        return 2;
    const bool registry = std::strcmp(argv[1], "keystore") == 0;
    const auto done = registry ? keystore(argv[2], argv[3]) : person(argv[2], argv[3]);
    if (!done)
        fmt::print(stderr, "{}\n", done.error().text());
    return done ? 0 : 1;
}
