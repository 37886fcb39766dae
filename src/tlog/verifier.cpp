// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "tlog/note.h"

namespace valise::tlog {
namespace {

constexpr std::size_t kMaxNameSize = 255; // one length byte in what 0x06 signs

std::unexpected<Error> bad_vkey(const char* why) {
    return fail(Code::invalid, "tlog.vkey", why);
}

Result<crypto::SignatureAlgorithm> algorithm_of(KeyType type) {
    switch (type) {
    case KeyType::ed25519:
    case KeyType::cosigner_ed25519:
        return crypto::SignatureAlgorithm::ed25519;
    case KeyType::cosigner_ml_dsa_44:
        return crypto::SignatureAlgorithm::ml_dsa_44;
    }
    return bad_vkey("unknown key type");
}

std::string key_id_hex(std::uint32_t key_id) {
    Bytes bytes;
    append_u32(bytes, key_id);
    return to_hex(bytes);
}

} // namespace

std::uint32_t note_key_id(std::string_view name, KeyType type, ByteView key) {
    Bytes bytes = to_bytes(name);
    bytes.push_back('\n');
    bytes.push_back(static_cast<Byte>(type));
    append(bytes, key);
    const Hash32 digest = crypto::sha256(bytes);
    return read_u32(std::span(digest).first<4>());
}

Result<Verifier> Verifier::make(std::string name, KeyType type, ByteView key) {
    if (!is_key_name(name) || name.size() > kMaxNameSize)
        return bad_vkey("bad key name");
    TRY_ASSIGN(const auto algorithm, algorithm_of(type));
    auto parsed = crypto::VerifyKey::parse(algorithm, key);
    if (!parsed)
        return bad_vkey("not a public key of its type");
    const auto key_id = note_key_id(name, type, key);
    return Verifier(std::move(name), type, key_id, std::move(*parsed));
}

Result<Verifier> Verifier::parse(std::string_view vkey) {
    // The base64 part may hold '+' too, so the first two count.
    const auto first = vkey.find('+');
    const auto second =
        first == std::string_view::npos ? std::string_view::npos : vkey.find('+', first + 1);
    if (second == std::string_view::npos)
        return bad_vkey("not name+id+key");
    const auto key = from_base64(vkey.substr(second + 1));
    if (!key || key->empty())
        return bad_vkey("the key is not base64");
    TRY_ASSIGN(auto verifier, make(std::string(vkey.substr(0, first)),
                                   static_cast<KeyType>(key->front()), ByteView(*key).subspan(1)));
    if (vkey.substr(first + 1, second - first - 1) != key_id_hex(verifier.key_id()))
        return bad_vkey("the key id is not the one of this name and key");
    return verifier;
}

std::string Verifier::vkey() const {
    Bytes key{static_cast<Byte>(type_)};
    append(key, public_bytes());
    return name_ + "+" + key_id_hex(key_id_) + "+" + to_base64(key);
}

Result<void> Verifier::verify_raw(ByteView message, ByteView signature) const {
    if (!key_.verify(message, signature))
        return fail(Code::integrity, "tlog.signature", name_);
    return {};
}

Result<void> Verifier::verify_text(std::string_view text, const NoteSignature& signature) const {
    if (type_ != KeyType::ed25519 || !made(signature))
        return fail(Code::integrity, "tlog.signature", name_ + ": not a line of this key");
    return verify_raw(view(text), signature.blob);
}

} // namespace valise::tlog
