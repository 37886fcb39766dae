// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "crypto/webauthn.h"
#include "logbook/act.h"

namespace valise::logbook {
namespace {

using namespace std::string_view_literals;

// Every use of a key and of SHA-256 has a first line of its own, so that bytes made for one can
// never stand for another. The zero byte ends it.
constexpr std::string_view kSignedDomain = "valise/act/v1\0"sv;
constexpr std::string_view kPasskeyDomain = "valise/act/v2\0"sv;
constexpr std::string_view kDigestDomain = "valise/signed-act/v1\0"sv;

constexpr std::size_t kSignatureSize = 64;

Bytes signed_message(const Act& act) {
    Bytes message = to_bytes(kSignedDomain);
    append(message, act.bytes());
    return message;
}

Bytes encode(const Act& act, ByteView signature) {
    Bytes out;
    append_u32(out, static_cast<std::uint32_t>(act.bytes().size()));
    append(out, act.bytes());
    append(out, signature);
    return out;
}

// Takes a piece of its own length off the front.
Result<Bytes> take_piece(ByteView& rest, std::size_t max) {
    if (rest.size() < 2)
        return fail(Code::invalid, "logbook.signed_act", "too short");
    const std::size_t size = read_u16(rest.first<2>());
    if (size > max || rest.size() - 2 < size)
        return fail(Code::invalid, "logbook.signed_act", "the length does not fit");
    Bytes out = to_bytes(rest.subspan(2, size));
    rest = rest.subspan(2 + size);
    return out;
}

Bytes encode(const Act& act, const PasskeyAnswer& answer) {
    Bytes out;
    append_u32(out, static_cast<std::uint32_t>(act.bytes().size()));
    append(out, act.bytes());
    for (const Bytes* piece : {&answer.authenticator_data, &answer.client_data}) {
        append_u16(out, static_cast<std::uint16_t>(piece->size()));
        append(out, *piece);
    }
    append(out, answer.signature);
    return out;
}

} // namespace

Result<SignedAct> SignedAct::make(Act act, const crypto::SigningKey& key) {
    if (key.algorithm() != crypto::SignatureAlgorithm::ed25519 ||
        key.public_bytes() != act.signer())
        return fail(Code::invalid, "logbook.act_signer", "the act names another key");
    TRY_ASSIGN(const Bytes signature, key.sign(signed_message(act)));
    SignedAct out(std::move(act));
    TRY_ASSIGN(out.signature_, fixed<kSignatureSize>(signature, "logbook.signed_act"));
    out.bytes_ = encode(out.act_, out.signature_);
    return out;
}

Result<SignedAct> SignedAct::make(Act act, PasskeyAnswer answer) {
    if (!act.by_passkey())
        return fail(Code::invalid, "logbook.act_signer", "the act names no passkey");
    if (answer.authenticator_data.size() > crypto::kMaxAuthenticatorData ||
        answer.client_data.size() > crypto::kMaxClientData)
        return fail(Code::integrity, "crypto.signature");
    SignedAct out(std::move(act));
    TRY_ASSIGN(out.signature_, fixed<kSignatureSize>(answer.signature, "logbook.signed_act"));
    out.bytes_ = encode(out.act_, answer);
    out.authenticator_data_ = std::move(answer.authenticator_data);
    out.client_data_ = std::move(answer.client_data);
    TRY(out.verify());
    return out;
}

Hash32 SignedAct::challenge(const Act& act) {
    return crypto::Sha256().update(view(kPasskeyDomain)).update(act.bytes()).finish();
}

Result<SignedAct> SignedAct::parse(ByteView bytes) {
    if (bytes.size() < 4 + kSignatureSize)
        return fail(Code::invalid, "logbook.signed_act", "too short");
    const std::size_t size = read_u32(bytes.first<4>());
    if (size > Act::kMaxBytes || bytes.size() < 4 + size + kSignatureSize)
        return fail(Code::invalid, "logbook.signed_act", "the length does not fit");
    TRY_ASSIGN(Act act, Act::parse(bytes.subspan(4, size)));
    if (act.signer().empty())
        return fail(Code::invalid, "logbook.signed_act", "the act names no signer");
    SignedAct out(std::move(act));
    ByteView rest = bytes.subspan(4 + size);
    if (out.act_.by_passkey()) {
        TRY_ASSIGN(out.authenticator_data_, take_piece(rest, crypto::kMaxAuthenticatorData));
        TRY_ASSIGN(out.client_data_, take_piece(rest, crypto::kMaxClientData));
    }
    if (rest.size() != kSignatureSize)
        return fail(Code::invalid, "logbook.signed_act", "the length does not fit");
    TRY_ASSIGN(out.signature_, fixed<kSignatureSize>(rest, "logbook.signed_act"));
    out.bytes_ = to_bytes(bytes);
    return out;
}

//= WebAuthn 7.2
Result<void> SignedAct::verify() const {
    if (act_.by_passkey()) {
        const auto passkey = crypto::PasskeySigner::parse(act_.signer());
        if (!passkey ||
            !passkey->verify(challenge(act_), client_data_, authenticator_data_, signature_))
            return fail(Code::integrity, "crypto.signature");
        return {};
    }
    auto key = crypto::VerifyKey::parse(crypto::SignatureAlgorithm::ed25519, act_.signer());
    if (!key)
        return fail(Code::integrity, "crypto.signature");
    return key->verify(signed_message(act_), signature_);
}

Hash32 SignedAct::digest() const {
    return crypto::Sha256().update(view(kDigestDomain)).update(bytes_).finish();
}

} // namespace valise::logbook
