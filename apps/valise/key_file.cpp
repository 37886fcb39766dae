// SPDX-License-Identifier: Apache-2.0
#include "key_file.h"

#include "adapters/files/files.h"
#include "command.h"
#include "key_text.h"

namespace valise::cli {

namespace {

Result<KeyText> read_text(const std::string& path, KeyKind kind) {
    TRY_ASSIGN(const SecretBytes text, adapters::read_secret_file(path, kMaxKeyFile));
    return KeyText::parse(text.read(SecretAccess::because("parsing a key file")), kind, path);
}

} // namespace

Result<PublicKeyFile> PublicKeyFile::read(const std::string& path, KeyKind kind) {
    TRY_ASSIGN(auto parsed, read_text(path, kind));
    return std::move(parsed.pub);
}

Result<SecretKeyFile> SecretKeyFile::read(const std::string& path, KeyKind kind) {
    TRY_ASSIGN(auto parsed, read_text(path, kind));
    if (parsed.secret.empty())
        return fail(Code::invalid, "cli.key_file", path + " holds a public key only");
    SecretKeyFile out;
    out.pub = std::move(parsed.pub);
    if (parsed.plain) {
        out.secret = std::move(parsed.secret);
        return out;
    }
    TRY_ASSIGN(const auto passphrase, ask_passphrase(path, false));
    TRY_ASSIGN(out.secret, crypto::open_with_passphrase(
                               parsed.secret.read(SecretAccess::because("opening a key file")),
                               passphrase, key_purpose(out.pub)));
    return out;
}

Result<SecretKeyFile> acting_person() {
    if (globals().key_file.empty())
        return fail(Code::invalid, "cli.no_key_file", "this is an act: a person has to sign it");
    return SecretKeyFile::read(globals().key_file, KeyKind::person);
}

} // namespace valise::cli
