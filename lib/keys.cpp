// SPDX-License-Identifier: Apache-2.0
#include "crypto/passphrase.h"
#include "lib/internal/handles.h"

using namespace valise;
using library::bad_argument;
using library::give;
using library::guarded;

namespace {

SecretAccess access() {
    return SecretAccess::because("the library's caller reads and writes its own keys");
}

bool is_registry_scheme(crypto::WrapScheme scheme) {
    return scheme == crypto::WrapScheme::p384_mlkem1024 ||
           scheme == crypto::WrapScheme::p256_mlkem768;
}

bool is_pem(std::string_view text) {
    const std::size_t at = text.find_first_not_of(" \r\n\t");
    return at != std::string_view::npos && text.substr(at).starts_with("-----BEGIN");
}

cli::PublicKeyFile public_file(const crypto::HybridPublic& keys) {
    cli::PublicKeyFile out;
    out.kind = cli::KeyKind::sender;
    out.public_bytes = keys.ed25519;
    append(out.public_bytes, keys.ml_dsa_87);
    return out;
}

cli::PublicKeyFile public_file(const crypto::WrapPublicKey& key) {
    cli::PublicKeyFile out;
    out.kind = cli::KeyKind::recipient;
    out.public_bytes = key.der();
    return out;
}

// Which of the two kinds the file says that it is; the reader then holds it to that.
Result<cli::KeyText> read_text(ByteView text) {
    auto out = cli::KeyText::parse(text, cli::KeyKind::recipient, "the key");
    if (!out && out.error().reason() == "cli.key_kind")
        out = cli::KeyText::parse(text, cli::KeyKind::sender, "the key");
    return out;
}

Result<valise_key> read_secret_file(ByteView text, const char* passphrase) {
    TRY_ASSIGN(cli::KeyText read, read_text(text));
    if (read.secret.empty())
        return fail(Code::invalid, "cli.key_file", "a public key where a secret one is needed");
    cli::SecretKeyFile file;
    file.pub = read.pub;
    if (read.plain) {
        file.secret = std::move(read.secret);
    } else {
        const SecretBytes words =
            SecretBytes::copy(view(std::string_view(passphrase == nullptr ? "" : passphrase)));
        TRY_ASSIGN(file.secret, crypto::open_with_passphrase(read.secret.read(access()), words,
                                                             cli::key_purpose(read.pub)));
    }
    if (file.pub.kind == cli::KeyKind::sender) {
        TRY_ASSIGN(auto key, file.sender());
        return valise_key{std::move(key)};
    }
    TRY_ASSIGN(auto key, file.recipient());
    return valise_key{std::move(key)};
}

Result<std::string> pem_of_secret(const crypto::WrapPrivateKey& key) {
    const SecretBytes der = key.export_der(access());
    std::string body = to_base64(der.read(access()));
    // Of the size that it gets: a text that grows leaves its beginnings in freed memory.
    std::string out;
    out.reserve(body.size() + body.size() / 64 + 64);
    out += "-----BEGIN PRIVATE KEY-----\n";
    for (std::size_t at = 0; at < body.size(); at += 64)
        out.append(body, at, 64).push_back('\n');
    wipe(std::span(reinterpret_cast<Byte*>(body.data()), body.size()));
    out += "-----END PRIVATE KEY-----\n";
    return out;
}

Result<std::string> secret_text(const valise_key& key, const char* passphrase) {
    cli::SecretKeyFile file;
    if (const auto* wrap = std::get_if<crypto::WrapPrivateKey>(&key.key)) {
        if (!is_registry_scheme(wrap->public_key().scheme())) {
            if (passphrase != nullptr)
                return fail(Code::invalid, "library.passphrase",
                            "a key of this scheme is written as PEM, without a passphrase");
            return pem_of_secret(*wrap);
        }
        file.pub = public_file(wrap->public_key());
        file.secret = wrap->export_der(access());
    } else {
        const auto& signer = std::get<crypto::HybridSigner>(key.key);
        file.pub = public_file(signer.public_keys());
        file.secret = signer.seeds(access());
    }
    std::optional<SecretBytes> words;
    if (passphrase != nullptr)
        words = SecretBytes::copy(view(std::string_view(passphrase)));
    return file.text(words, {});
}

} // namespace

valise_code valise_key_generate(const char* kind, valise_key** key, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (kind == nullptr || key == nullptr)
            return bad_argument("kind or key is NULL");
        const std::string_view word(kind);
        if (word == "sender") {
            *key = new valise_key{crypto::HybridSigner::generate()};
            return {};
        }
        crypto::WrapScheme scheme = crypto::WrapScheme::p384_mlkem1024;
        if (word != "recipient") {
            TRY_ASSIGN(scheme, crypto::parse_wrap_scheme(word));
        }
        *key = new valise_key{crypto::WrapPrivateKey::generate(scheme)};
        return {};
    });
}

valise_code valise_key_read(const char* text, size_t size, const char* passphrase, valise_key** key,
                            valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (text == nullptr || key == nullptr)
            return bad_argument("text or key is NULL");
        const std::string_view words(text, size);
        if (is_pem(words)) {
            TRY_ASSIGN(auto wrap, crypto::WrapPrivateKey::import_pem(SecretBytes::copy(view(words)),
                                                                     crypto::WrapKeys::any));
            *key = new valise_key{std::move(wrap)};
            return {};
        }
        TRY_ASSIGN(auto read, read_secret_file(view(words), passphrase));
        *key = new valise_key{std::move(read)};
        return {};
    });
}

valise_code valise_key_write(const valise_key* key, const char* passphrase, valise_bytes* text,
                             valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (key == nullptr || text == nullptr)
            return bad_argument("key or text is NULL");
        TRY_ASSIGN(std::string out, secret_text(*key, passphrase));
        const auto given = give(view(out), text);
        wipe(std::span(reinterpret_cast<Byte*>(out.data()), out.size()));
        return given;
    });
}

valise_code valise_key_public(const valise_key* key, valise_public** out, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (key == nullptr || out == nullptr)
            return bad_argument("key or out is NULL");
        if (const auto* wrap = std::get_if<crypto::WrapPrivateKey>(&key->key))
            *out = new valise_public{wrap->public_key()};
        else
            *out = new valise_public{std::get<crypto::HybridSigner>(key->key).public_keys()};
        return {};
    });
}

void valise_key_free(valise_key* key) {
    delete key;
}

valise_code valise_public_read(const char* text, size_t size, valise_public** out,
                               valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (text == nullptr || out == nullptr)
            return bad_argument("text or out is NULL");
        const std::string_view words(text, size);
        if (is_pem(words)) {
            TRY_ASSIGN(auto key, crypto::WrapPublicKey::parse_pem(words, crypto::WrapKeys::any));
            *out = new valise_public{std::move(key)};
            return {};
        }
        TRY_ASSIGN(const cli::KeyText read, read_text(view(words)));
        if (read.pub.kind == cli::KeyKind::sender) {
            TRY_ASSIGN(const auto verifier, read.pub.sender());
            *out = new valise_public{verifier.public_keys()};
            return {};
        }
        TRY_ASSIGN(auto key, read.pub.recipient());
        *out = new valise_public{std::move(key)};
        return {};
    });
}

valise_code valise_public_write(const valise_public* key, valise_bytes* text,
                                valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (key == nullptr || text == nullptr)
            return bad_argument("key or text is NULL");
        if (const auto* wrap = std::get_if<crypto::WrapPublicKey>(&key->key))
            return give(
                view(is_registry_scheme(wrap->scheme()) ? public_file(*wrap).text() : wrap->pem()),
                text);
        return give(view(public_file(std::get<crypto::HybridPublic>(key->key)).text()), text);
    });
}

valise_code valise_public_id(const valise_public* key, valise_bytes* id, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (key == nullptr || id == nullptr)
            return bad_argument("key or id is NULL");
        if (const auto* wrap = std::get_if<crypto::WrapPublicKey>(&key->key))
            return give(view(wrap->kid()), id);
        TRY_ASSIGN(const std::string name,
                   public_file(std::get<crypto::HybridPublic>(key->key)).id());
        return give(view(name), id);
    });
}

void valise_public_free(valise_public* key) {
    delete key;
}
