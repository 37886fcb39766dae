// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/metadata.h"

#include "base/codec/json.h"
#include "crypto/aead.h"
#include "envelope/manifest.h"

namespace valise::envelope {
namespace {

const SecretAccess kMetadata = SecretAccess::because("metadata is for whoever holds a share");

struct Parts {
    Bytes nonce;
    Bytes sealed; // nonce || ciphertext || tag
};

std::string text_of(const Parts& parts) {
    const Json value = {{"ciphertext", to_base64(parts.sealed)}, {"iv", to_base64(parts.nonce)}};
    return to_base64(view(canonical_json(value)));
}

Result<Parts> read(std::string_view text) {
    TRY_ASSIGN(const Bytes json, from_base64(text));
    TRY_ASSIGN(const Json value, parse_json(json, {.bytes = 3 * kMaxMetadata, .depth = 2}));
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "encryptedMetadata"));
    Parts out;
    TRY_ASSIGN(out.sealed, in.base64("ciphertext", kMaxMetadata + kSegmentOverhead));
    TRY_ASSIGN(out.nonce, in.base64("iv", crypto::kGcmNonceSize));
    TRY(in.done());
    if (out.sealed.size() < kSegmentOverhead || out.nonce.size() != crypto::kGcmNonceSize ||
        !std::equal(out.nonce.begin(), out.nonce.end(), out.sealed.begin()))
        return fail(Code::invalid, "envelope.metadata", "sizes, or two nonces");
    return out;
}

} // namespace

Result<std::string> seal_metadata(const SecretBytes& share, std::string_view text) {
    TRY_ASSIGN(crypto::Aes256Gcm cipher, crypto::Aes256Gcm::create(share));
    const crypto::GcmNonce zero{};
    TRY_ASSIGN(const Bytes sealed, cipher.seal(zero, {}, view(text)));
    Parts out{to_bytes(zero), to_bytes(zero)};
    append(out.sealed, sealed);
    return text_of(out);
}

bool metadata_form(std::string_view sealed) {
    const auto parts = read(sealed);
    return parts && parts->nonce == Bytes(crypto::kGcmNonceSize) && text_of(*parts) == sealed;
}

Result<std::string> open_metadata(const SecretBytes& share, std::string_view sealed) {
    const auto bad = [] {
        return fail(Code::integrity, "envelope.metadata", "the metadata does not open");
    };
    const auto parts = read(sealed);
    if (!parts)
        return bad();
    TRY_ASSIGN(crypto::Aes256Gcm cipher, crypto::Aes256Gcm::create(share));
    crypto::GcmNonce nonce{};
    std::copy(parts->nonce.begin(), parts->nonce.end(), nonce.begin());
    const auto text = cipher.open(nonce, {}, ByteView(parts->sealed).subspan(nonce.size()));
    if (!text)
        return bad();
    return to_text(text->read(kMetadata));
}

} // namespace valise::envelope
