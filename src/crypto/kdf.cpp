// SPDX-License-Identifier: Apache-2.0
#include "crypto/kdf.h"

#include "crypto/internal/argon2.h"
#include "crypto/internal/openssl.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <vector>

namespace valise::crypto {

namespace {

constexpr std::size_t kHkdfMaxSize = std::size_t{255} * 32; // RFC 5869 2.3

// OpenSSL's parameter type has no const, although it only reads here.
OSSL_PARAM octets(const char* name, ByteView bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<Byte*>(bytes.data()), bytes.size());
}

// As for HMAC: the look-up by name is done once.
KdfCtxPtr new_hkdf() {
    static const KdfCtxPtr kept = [] {
        const KdfPtr kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
        KdfCtxPtr fresh(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
        char digest[] = "SHA256";
        const OSSL_PARAM parameters[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
            OSSL_PARAM_construct_end()};
        require(fresh && EVP_KDF_CTX_set_params(fresh.get(), parameters) > 0, "HKDF-SHA256");
        return fresh;
    }();
    return KdfCtxPtr(EVP_KDF_CTX_dup(kept.get()));
}

} // namespace

SecretBytes hkdf_sha256(ByteView ikm, ByteView salt, ByteView info, std::size_t size) {
    const ErrorQueueGuard guard;
    require(size > 0 && size <= kHkdfMaxSize, "HKDF output size");
    static constexpr Byte kNothing[1] = {};
    std::vector<OSSL_PARAM> parameters;
    parameters.push_back(octets(OSSL_KDF_PARAM_KEY, ikm.empty() ? ByteView(kNothing, 0) : ikm));
    if (!salt.empty()) // absent means a block of zeros, as an empty one does
        parameters.push_back(octets(OSSL_KDF_PARAM_SALT, salt));
    if (!info.empty())
        parameters.push_back(octets(OSSL_KDF_PARAM_INFO, info));
    parameters.push_back(OSSL_PARAM_construct_end());
    const KdfCtxPtr context = new_hkdf();
    SecretBytes out(size);
    const auto access = SecretAccess::because("write the derived key");
    require(context && EVP_KDF_derive(context.get(), out.write(access).data(), size,
                                      parameters.data()) > 0,
            "HKDF-SHA256");
    return out;
}

Result<SecretBytes> argon2id_raw(const Argon2Inputs& in, std::size_t size) {
    const ErrorQueueGuard guard;
    static const KdfPtr kdf(EVP_KDF_fetch(nullptr, "ARGON2ID", nullptr));
    const KdfCtxPtr context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
    std::uint32_t iterations = in.iterations;
    std::uint32_t memory = in.memory_kib;
    std::uint32_t lanes = in.lanes;
    static constexpr Byte kNothing[1] = {};
    std::vector<OSSL_PARAM> parameters = {
        octets(OSSL_KDF_PARAM_PASSWORD,
               in.passphrase.empty() ? ByteView(kNothing, 0) : in.passphrase),
        octets(OSSL_KDF_PARAM_SALT, in.salt),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &iterations),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_MEMCOST, &memory),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ARGON2_LANES, &lanes)};
    if (!in.secret.empty())
        parameters.push_back(octets(OSSL_KDF_PARAM_SECRET, in.secret));
    if (!in.associated.empty())
        parameters.push_back(octets(OSSL_KDF_PARAM_ARGON2_AD, in.associated));
    parameters.push_back(OSSL_PARAM_construct_end());
    SecretBytes out(size);
    const auto access = SecretAccess::because("write the derived key");
    if (!context ||
        EVP_KDF_derive(context.get(), out.write(access).data(), size, parameters.data()) <= 0)
        return fail(Code::internal, "crypto.argon2", "the library derived no key");
    return out;
}

Result<SecretBytes> argon2id(ByteView passphrase, ByteView salt, Argon2Cost cost,
                             std::size_t size) {
    if (cost.memory_kib < kArgon2MinMemoryKib || cost.memory_kib > kArgon2MaxMemoryKib ||
        cost.iterations < 1 || cost.iterations > kArgon2MaxIterations)
        return fail(Code::limit, "crypto.argon2_cost",
                    std::to_string(cost.memory_kib) + " KiB and " +
                        std::to_string(cost.iterations) + " iterations are out of bounds");
    if (salt.size() < 8 || size < 4 || size > 1024)
        return fail(Code::invalid, "crypto.argon2",
                    "a salt of 8 bytes or more and a size of 4 to 1024 bytes are needed");
    return argon2id_raw({.passphrase = passphrase,
                         .salt = salt,
                         .secret = {},
                         .associated = {},
                         .memory_kib = cost.memory_kib,
                         .iterations = cost.iterations,
                         .lanes = 1},
                        size);
}

} // namespace valise::crypto
