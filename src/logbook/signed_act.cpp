// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "logbook/act.h"

namespace valise::logbook {
namespace {

using namespace std::string_view_literals;

// Every use of a key and of SHA-256 has a first line of its own, so that bytes made for one can
// never stand for another. The zero byte ends it.
constexpr std::string_view kSignedDomain = "valise/act/v1\0"sv;
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

Result<SignedAct> SignedAct::parse(ByteView bytes) {
    if (bytes.size() < 4 + kSignatureSize)
        return fail(Code::invalid, "logbook.signed_act", "too short");
    const std::size_t size = read_u32(bytes.first<4>());
    if (size > Act::kMaxBytes || bytes.size() != 4 + size + kSignatureSize)
        return fail(Code::invalid, "logbook.signed_act", "the length does not fit");
    TRY_ASSIGN(Act act, Act::parse(bytes.subspan(4, size)));
    if (act.signer().empty())
        return fail(Code::invalid, "logbook.signed_act", "the act names no signer");
    SignedAct out(std::move(act));
    TRY_ASSIGN(out.signature_,
               fixed<kSignatureSize>(bytes.last(kSignatureSize), "logbook.signed_act"));
    out.bytes_ = to_bytes(bytes);
    return out;
}

Result<void> SignedAct::verify() const {
    auto key = crypto::VerifyKey::parse(crypto::SignatureAlgorithm::ed25519, act_.signer());
    if (!key)
        return fail(Code::integrity, "crypto.signature");
    return key->verify(signed_message(act_), signature_);
}

Hash32 SignedAct::digest() const {
    return crypto::Sha256().update(view(kDigestDomain)).update(bytes_).finish();
}

} // namespace valise::logbook
