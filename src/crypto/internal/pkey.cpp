// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/pkey.h"

#include "crypto/hash.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/params.h>

#include <algorithm>

namespace valise::crypto {

namespace {

SecretAccess access() {
    return SecretAccess::because("key encapsulation");
}

} // namespace

PkeyPtr key_from_octets(const char* type, const char* group, const char* name, ByteView bytes,
                        int selection) {
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    std::vector<OSSL_PARAM> parameters;
    parameters.push_back(
        OSSL_PARAM_construct_octet_string(name, const_cast<Byte*>(bytes.data()), bytes.size()));
    if (group != nullptr)
        parameters.push_back(OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                                              const_cast<char*>(group), 0));
    parameters.push_back(OSSL_PARAM_construct_end());
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
        EVP_PKEY_fromdata(context.get(), &key, selection, parameters.data()) <= 0)
        return nullptr;
    return PkeyPtr(key);
}

PkeyPtr raw_public_key(const char* type, ByteView bytes) {
    return PkeyPtr(
        EVP_PKEY_new_raw_public_key_ex(nullptr, type, nullptr, bytes.data(), bytes.size()));
}

PkeyPtr raw_private_key(const char* type, ByteView bytes) {
    return PkeyPtr(
        EVP_PKEY_new_raw_private_key_ex(nullptr, type, nullptr, bytes.data(), bytes.size()));
}

PkeyPtr ec_point_key(const char* curve, std::size_t point_size, ByteView point) {
    if (point.size() != point_size || point[0] != 0x04)
        return nullptr;
    return key_from_octets("EC", curve, OSSL_PKEY_PARAM_PUB_KEY, point, EVP_PKEY_PUBLIC_KEY);
}

PkeyPtr ec_scalar_key(const SecretBytes& rfc5915) {
    const ByteView bytes = rfc5915.read(access());
    const Byte* at = bytes.data();
    PkeyPtr key(d2i_PrivateKey_ex(EVP_PKEY_EC, nullptr, &at, static_cast<long>(bytes.size()),
                                  nullptr, nullptr));
    if (!key)
        return nullptr;
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    return context && EVP_PKEY_private_check(context.get()) == 1 ? std::move(key) : nullptr;
}

bool read_octets(const EVP_PKEY* key, const char* name, std::span<Byte> out) {
    std::size_t written = 0;
    return EVP_PKEY_get_octet_string_param(key, name, out.data(), out.size(), &written) == 1 &&
           written == out.size();
}

SecretBytes derive(EVP_PKEY* own, EVP_PKEY* peer, std::size_t size, Peer is) {
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, own, nullptr));
    SecretBytes out(size);
    std::size_t written = size;
    if (!context || EVP_PKEY_derive_init(context.get()) <= 0 ||
        EVP_PKEY_derive_set_peer_ex(context.get(), peer, is == Peer::unchecked ? 1 : 0) <= 0 ||
        EVP_PKEY_derive(context.get(), out.write(access()).data(), &written) <= 0 ||
        written != size)
        return {};
    return out;
}

SecretBytes mlkem_encapsulate(EVP_PKEY* key, std::span<Byte> ciphertext) {
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    SecretBytes out(kMlkemSharedSize);
    std::size_t ciphertext_size = ciphertext.size();
    std::size_t size = out.size();
    if (!context || EVP_PKEY_encapsulate_init(context.get(), nullptr) <= 0 ||
        EVP_PKEY_encapsulate(context.get(), ciphertext.data(), &ciphertext_size,
                             out.write(access()).data(), &size) <= 0 ||
        ciphertext_size != ciphertext.size() || size != kMlkemSharedSize)
        return {};
    return out;
}

SecretBytes mlkem_decapsulate(EVP_PKEY* key, ByteView ciphertext) {
    const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    SecretBytes out(kMlkemSharedSize);
    std::size_t size = out.size();
    if (!context || EVP_PKEY_decapsulate_init(context.get(), nullptr) <= 0 ||
        EVP_PKEY_decapsulate(context.get(), out.write(access()).data(), &size, ciphertext.data(),
                             ciphertext.size()) <= 0 ||
        size != kMlkemSharedSize)
        return {};
    return out;
}

PkeyPtr mlkem_from_seed(const char* type, ByteView seed) {
    return key_from_octets(type, nullptr, OSSL_PKEY_PARAM_ML_KEM_SEED, seed, EVP_PKEY_KEYPAIR);
}

SecretBytes join_secret(std::initializer_list<ByteView> parts) {
    std::size_t size = 0;
    for (const ByteView part : parts)
        size += part.size();
    SecretBytes out(size);
    auto to = out.write(access()).begin();
    for (const ByteView part : parts)
        to = std::ranges::copy(part, to).out;
    return out;
}

SecretBytes sha3_256_secret(const SecretBytes& input) {
    Hash32 hash = sha3_256(input.read(access()));
    SecretBytes out = SecretBytes::copy(hash);
    wipe(hash);
    return out;
}

} // namespace valise::crypto
