// SPDX-License-Identifier: Apache-2.0
#include "crypto/mac.h"

#include "crypto/internal/openssl.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

namespace valise::crypto {

namespace {

// Looking an algorithm up by name costs more than a short MAC: it is done once and then copied.
MacCtxPtr new_context() {
    static const MacCtxPtr kept = [] {
        const MacPtr mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
        MacCtxPtr fresh(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
        char digest[] = "SHA256";
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
            OSSL_PARAM_construct_end()};
        require(fresh && EVP_MAC_CTX_set_params(fresh.get(), parameters), "HMAC-SHA256");
        return fresh;
    }();
    return MacCtxPtr(EVP_MAC_CTX_dup(kept.get()));
}

} // namespace

struct HmacSha256::State {
    MacCtxPtr context = new_context();
};

HmacSha256::HmacSha256(ByteView key) : state_(std::make_unique<State>()) {
    static constexpr Byte kNothing = 0; // a null key would mean "keep the last one"
    require(state_->context &&
                EVP_MAC_init(state_->context.get(), key.empty() ? &kNothing : key.data(),
                             key.size(), nullptr),
            "HMAC-SHA256 key");
}

HmacSha256::HmacSha256(HmacSha256&&) noexcept = default;
HmacSha256& HmacSha256::operator=(HmacSha256&&) noexcept = default;
HmacSha256::~HmacSha256() = default;

HmacSha256& HmacSha256::update(ByteView bytes) {
    require(EVP_MAC_update(state_->context.get(), bytes.data(), bytes.size()), "HMAC-SHA256");
    return *this;
}

Hash32 HmacSha256::finish() {
    Hash32 out;
    std::size_t written = 0;
    require(EVP_MAC_final(state_->context.get(), out.data(), &written, out.size()) &&
                written == out.size(),
            "HMAC-SHA256");
    return out;
}

Hash32 hmac_sha256(ByteView key, ByteView message) {
    return HmacSha256(key).update(message).finish();
}

std::array<Byte, 20> hmac_sha1(ByteView key, ByteView message) {
    static constexpr Byte kNothing = 0;
    std::array<Byte, 20> out{};
    std::size_t written = 0;
    require(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA1", nullptr,
                      key.empty() ? &kNothing : key.data(), key.size(), message.data(),
                      message.size(), out.data(), out.size(), &written) != nullptr &&
                written == out.size(),
            "HMAC-SHA1");
    return out;
}

} // namespace valise::crypto
