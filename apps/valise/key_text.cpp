// SPDX-License-Identifier: Apache-2.0
#include "key_text.h"

#include "base/codec/json.h"
#include "base/ids.h"
#include "base/text.h"
#include "crypto/hash.h"

namespace valise::cli {

namespace {

constexpr const char* kPurpose = "valise/key-file/v1/";

Bytes joined(const crypto::HybridPublic& keys) {
    Bytes out = keys.ed25519;
    append(out, keys.ml_dsa_87);
    return out;
}

} // namespace

std::string_view to_string(KeyKind kind) {
    switch (kind) {
    case KeyKind::person:
        return "person";
    case KeyKind::recipient:
        return "recipient";
    case KeyKind::sender:
        return "sender";
    }
    return "?";
}

Result<KeyKind> parse_key_kind(std::string_view text) {
    for (const KeyKind kind : {KeyKind::person, KeyKind::recipient, KeyKind::sender})
        if (to_string(kind) == text)
            return kind;
    return fail(Code::invalid, "cli.key_kind",
                "'" + printable(text) + "' is none of person, recipient, sender");
}

std::string key_purpose(const PublicKeyFile& pub) {
    return kPurpose + std::string(to_string(pub.kind)) + "/" + to_base64(pub.public_bytes);
}

Result<KeyText> KeyText::parse(ByteView text, KeyKind kind, const std::string& path) {
    const auto json = parse_json(text);
    if (!json)
        return fail(Code::invalid, "cli.key_file", path + " is no key file");
    TRY_ASSIGN(auto in, ObjectReader::over(*json, "key file"));
    TRY(in.integer("v", 1, 1));
    TRY_ASSIGN(const std::string word, in.text("kind", 32));
    KeyText out;
    TRY_ASSIGN(out.pub.kind, parse_key_kind(word));
    TRY_ASSIGN(const auto name, in.optional_text("name", 256));
    out.pub.name = name.value_or("");
    TRY_ASSIGN(out.pub.public_bytes, in.base64("public", kMaxKeyFile));
    if (in.optional_member("secret") != nullptr) {
        TRY_ASSIGN(Bytes secret, in.base64("secret", kMaxKeyFile));
        out.secret = SecretBytes::take(std::move(secret));
        TRY_ASSIGN(out.plain, in.boolean("plain"));
    }
    TRY(in.done());
    if (out.pub.kind != kind)
        return fail(Code::invalid, "cli.key_kind",
                    path + " is a key of the kind '" + word + "', wanted is '" +
                        std::string(to_string(kind)) + "'");
    return out;
}

std::string PublicKeyFile::text() const {
    Json value = {
        {"v", 1}, {"kind", std::string(to_string(kind))}, {"public", to_base64(public_bytes)}};
    if (!name.empty())
        value["name"] = name;
    return canonical_json(value) + "\n";
}

Result<crypto::WrapPublicKey> PublicKeyFile::recipient() const {
    return crypto::WrapPublicKey::parse_der(public_bytes);
}

Result<crypto::HybridVerifier> PublicKeyFile::sender() const {
    if (public_bytes.size() <= 32)
        return fail(Code::invalid, "cli.key_file", "the sender's key is too short");
    crypto::HybridPublic keys;
    keys.ed25519.assign(public_bytes.begin(), public_bytes.begin() + 32);
    keys.ml_dsa_87.assign(public_bytes.begin() + 32, public_bytes.end());
    return crypto::HybridVerifier::parse(keys);
}

Result<std::string> PublicKeyFile::id() const {
    switch (kind) {
    case KeyKind::person:
        return PersonId::of(crypto::sha256(public_bytes)).text();
    case KeyKind::recipient: {
        TRY_ASSIGN(const auto key, recipient());
        return key.kid();
    }
    case KeyKind::sender:
        return "s-" + to_base32(ByteView(crypto::sha256(public_bytes)).first(20));
    }
    return fail(Code::internal, "cli.key_kind");
}

Result<SecretKeyFile> SecretKeyFile::generate(KeyKind kind, std::string name) {
    const auto access = SecretAccess::because("writing a new key file");
    SecretKeyFile out;
    out.pub.kind = kind;
    out.pub.name = std::move(name);
    switch (kind) {
    case KeyKind::person: {
        const auto key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
        out.pub.public_bytes = key.public_bytes();
        out.secret = key.seed(access);
        break;
    }
    case KeyKind::recipient: {
        const auto key = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
        out.pub.public_bytes = key.public_key().der();
        out.secret = key.export_der(access);
        break;
    }
    case KeyKind::sender: {
        const auto key = crypto::HybridSigner::generate();
        out.pub.public_bytes = joined(key.public_keys());
        out.secret = key.seeds(access);
        break;
    }
    }
    return out;
}

Result<std::string> SecretKeyFile::text(const std::optional<SecretBytes>& passphrase,
                                        crypto::Argon2Cost cost) const {
    Json value = {{"v", 1},
                  {"kind", std::string(to_string(pub.kind))},
                  {"public", to_base64(pub.public_bytes)},
                  {"plain", !passphrase.has_value()}};
    if (!pub.name.empty())
        value["name"] = pub.name;
    if (passphrase) {
        TRY_ASSIGN(const Bytes sealed,
                   crypto::seal_with_passphrase(secret, *passphrase, key_purpose(pub), cost));
        value["secret"] = to_base64(sealed);
    } else {
        value["secret"] =
            to_base64(secret.read(SecretAccess::because("a key file without a passphrase")));
    }
    return canonical_json(value) + "\n";
}

Result<crypto::SigningKey> SecretKeyFile::person() const {
    TRY_ASSIGN(auto key,
               crypto::SigningKey::from_seed(crypto::SignatureAlgorithm::ed25519, secret));
    if (key.public_bytes() != pub.public_bytes)
        return fail(Code::integrity, "cli.key_pair", "public and secret key do not fit");
    return key;
}

Result<crypto::WrapPrivateKey> SecretKeyFile::recipient() const {
    TRY_ASSIGN(auto key, crypto::WrapPrivateKey::import_der(secret));
    if (key.public_key().der() != pub.public_bytes)
        return fail(Code::integrity, "cli.key_pair", "public and secret key do not fit");
    return key;
}

Result<crypto::HybridSigner> SecretKeyFile::sender() const {
    TRY_ASSIGN(auto key, crypto::HybridSigner::from_seeds(secret));
    if (joined(key.public_keys()) != pub.public_bytes)
        return fail(Code::integrity, "cli.key_pair", "public and secret key do not fit");
    return key;
}

} // namespace valise::cli
