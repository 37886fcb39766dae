// SPDX-License-Identifier: Apache-2.0
#include "crypto/aead_steps.h"

#include "crypto/internal/openssl.h"

#include <algorithm>
#include <utility>

namespace valise::crypto {
namespace {

// SP 800-38D 5.2.1.1: beyond 2^39 - 256 bits the counter would come round.
constexpr std::uint64_t kMaxPlain = (std::uint64_t{1} << 36) - 32;
constexpr std::size_t kMaxStep = std::size_t{1} << 30; // OpenSSL counts in int

std::unexpected<Error> refusal() {
    return fail(Code::integrity, "crypto.aead", "the bytes cannot be sealed or opened");
}

Result<void> done(bool ok) {
    return ok ? Result<void>() : refusal();
}

} // namespace

struct GcmSteps::State {
    CipherCtxPtr context;
    std::uint64_t bytes = 0;
    bool begun = false; // between begin() and the end or a failure: a nonce serves one text

    Result<void> begin(GcmNonceView nonce, int seal) {
        const ErrorQueueGuard guard;
        bytes = 0;
        begun =
            EVP_CipherInit_ex2(context.get(), nullptr, nullptr, nonce.data(), seal, nullptr) == 1;
        return done(begun);
    }
};

GcmSteps::GcmSteps(std::unique_ptr<State> state) : state_(std::move(state)) {}
GcmSteps::GcmSteps(GcmSteps&&) noexcept = default;
GcmSteps& GcmSteps::operator=(GcmSteps&&) noexcept = default;
GcmSteps::~GcmSteps() = default;

Result<GcmSteps> GcmSteps::create(const SecretBytes& key) {
    const ErrorQueueGuard guard;
    static const CipherPtr cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
    CipherCtxPtr context(EVP_CIPHER_CTX_new());
    const auto access = SecretAccess::because("make the AES key schedule");
    if (key.size() != kGcmKeySize || !cipher || !context ||
        EVP_CipherInit_ex2(context.get(), cipher.get(), key.read(access).data(), nullptr, 1,
                           nullptr) != 1)
        return refusal();
    return GcmSteps(std::make_unique<State>(State{std::move(context)}));
}

Result<void> GcmSteps::seal_begin(GcmNonceView nonce) {
    return state_->begin(nonce, 1);
}

Result<void> GcmSteps::open_begin(GcmNonceView nonce) {
    return state_->begin(nonce, 0);
}

Result<void> GcmSteps::step(std::span<Byte> block) {
    const ErrorQueueGuard guard;
    state_->bytes += block.size();
    int written = 0;
    state_->begun =
        state_->begun && block.size() <= kMaxStep && state_->bytes <= kMaxPlain &&
        (block.empty() || EVP_CipherUpdate(state_->context.get(), block.data(), &written,
                                           block.data(), static_cast<int>(block.size())) == 1);
    return done(state_->begun);
}

Result<void> GcmSteps::seal_end(std::span<Byte, kGcmTagSize> tag) {
    const ErrorQueueGuard guard;
    int written = 0;
    return done(std::exchange(state_->begun, false) &&
                EVP_CipherFinal_ex(state_->context.get(), tag.data(), &written) == 1 &&
                EVP_CIPHER_CTX_ctrl(state_->context.get(), EVP_CTRL_AEAD_GET_TAG, kGcmTagSize,
                                    tag.data()) == 1);
}

Result<void> GcmSteps::open_end(std::span<const Byte, kGcmTagSize> tag) {
    const ErrorQueueGuard guard;
    std::array<Byte, kGcmTagSize> expected;
    std::ranges::copy(tag, expected.begin());
    std::array<Byte, kGcmTagSize> rest;
    int written = 0;
    return done(std::exchange(state_->begun, false) &&
                EVP_CIPHER_CTX_ctrl(state_->context.get(), EVP_CTRL_AEAD_SET_TAG, kGcmTagSize,
                                    expected.data()) == 1 &&
                EVP_CipherFinal_ex(state_->context.get(), rest.data(), &written) == 1);
}

} // namespace valise::crypto
