// SPDX-License-Identifier: Apache-2.0
#include "crypto/aead.h"

#include "crypto/internal/openssl.h"

#include <algorithm>

namespace valise::crypto {

namespace {

// SP 800-38D 5.2.1.1: beyond 2^39 - 256 bits the counter would come round.
constexpr std::uint64_t kMaxPlain = (std::uint64_t{1} << 36) - 32;
constexpr std::size_t kMaxStep = std::size_t{1} << 30; // OpenSSL counts in int

std::unexpected<Error> refusal() {
    return fail(Code::integrity, "crypto.aead", "the bytes cannot be sealed or opened");
}

// Encrypts, decrypts or (out null) authenticates, in steps that an int can count.
bool update(EVP_CIPHER_CTX* context, Byte* out, ByteView in) {
    while (!in.empty()) {
        const std::size_t step = std::min(in.size(), kMaxStep);
        int written = 0;
        if (EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(step)) != 1)
            return false;
        if (out != nullptr)
            out += step;
        in = in.subspan(step);
    }
    return true;
}

} // namespace

struct Aes256Gcm::State {
    CipherCtxPtr context;
};

Aes256Gcm::Aes256Gcm(std::unique_ptr<State> state) : state_(std::move(state)) {}
Aes256Gcm::Aes256Gcm(Aes256Gcm&&) noexcept = default;
Aes256Gcm& Aes256Gcm::operator=(Aes256Gcm&&) noexcept = default;
Aes256Gcm::~Aes256Gcm() = default;

Result<Aes256Gcm> Aes256Gcm::create(const SecretBytes& key) {
    return create(key.read(SecretAccess::because("make the AES key schedule")));
}

Result<Aes256Gcm> Aes256Gcm::create(ByteView key) {
    const ErrorQueueGuard guard;
    static const CipherPtr cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
    CipherCtxPtr context(EVP_CIPHER_CTX_new());
    if (key.size() != kGcmKeySize || !cipher || !context ||
        EVP_CipherInit_ex2(context.get(), cipher.get(), key.data(), nullptr, 1, nullptr) != 1)
        return refusal();
    return Aes256Gcm(std::make_unique<State>(State{std::move(context)}));
}

Result<void> Aes256Gcm::seal(GcmNonceView nonce, ByteView aad, ByteView plain,
                             std::span<Byte> out) {
    const ErrorQueueGuard guard;
    EVP_CIPHER_CTX* context = state_->context.get();
    if (plain.size() > kMaxPlain || out.size() != plain.size() + kGcmTagSize)
        return refusal();
    const std::span<Byte> tag = out.subspan(plain.size());
    int written = 0;
    if (EVP_CipherInit_ex2(context, nullptr, nullptr, nonce.data(), 1, nullptr) != 1 ||
        !update(context, nullptr, aad) || !update(context, out.data(), plain) ||
        EVP_CipherFinal_ex(context, tag.data(), &written) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kGcmTagSize, tag.data()) != 1) {
        wipe(out);
        return refusal();
    }
    return {};
}

Result<void> Aes256Gcm::open(GcmNonceView nonce, ByteView aad, ByteView sealed,
                             std::span<Byte> out) {
    const ErrorQueueGuard guard;
    EVP_CIPHER_CTX* context = state_->context.get();
    if (sealed.size() < kGcmTagSize || sealed.size() - kGcmTagSize > kMaxPlain ||
        out.size() != sealed.size() - kGcmTagSize) {
        wipe(out);
        return refusal();
    }
    // A copy: `out` may lie over `sealed`.
    std::array<Byte, kGcmTagSize> tag;
    std::ranges::copy(sealed.last(kGcmTagSize), tag.begin());
    std::array<Byte, kGcmTagSize> rest;
    int written = 0;
    if (EVP_CipherInit_ex2(context, nullptr, nullptr, nonce.data(), 0, nullptr) != 1 ||
        !update(context, nullptr, aad) || !update(context, out.data(), sealed.first(out.size())) ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kGcmTagSize, tag.data()) != 1 ||
        EVP_CipherFinal_ex(context, rest.data(), &written) != 1) {
        wipe(out);
        return refusal();
    }
    return {};
}

Result<Bytes> Aes256Gcm::seal(GcmNonceView nonce, ByteView aad, ByteView plain) {
    Bytes out(plain.size() + kGcmTagSize);
    TRY(seal(nonce, aad, plain, out));
    return out;
}

Result<SecretBytes> Aes256Gcm::open(GcmNonceView nonce, ByteView aad, ByteView sealed) {
    if (sealed.size() < kGcmTagSize)
        return refusal();
    SecretBytes out(sealed.size() - kGcmTagSize);
    TRY(open(nonce, aad, sealed, out.write(SecretAccess::because("write the opened bytes"))));
    return out;
}

} // namespace valise::crypto
