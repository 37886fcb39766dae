// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/pkcs8.h"

#include <openssl/x509.h>

namespace valise::crypto {

namespace {

using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Deleter<PKCS8_PRIV_KEY_INFO_free>>;

SecretAccess access() {
    return SecretAccess::because("read or write a private key");
}

} // namespace

PkeyPtr read_pkcs8_key(const SecretBytes& der, const char* type) {
    const ByteView bytes = der.read(access());
    const Byte* at = bytes.data();
    const Pkcs8Ptr parsed(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(bytes.size())));
    if (!parsed || at != bytes.data() + bytes.size())
        return nullptr;
    PkeyPtr key(EVP_PKCS82PKEY_ex(parsed.get(), nullptr, nullptr));
    return key && EVP_PKEY_is_a(key.get(), type) == 1 ? std::move(key) : nullptr;
}

SecretBytes pkcs8_of(const EVP_PKEY* key) {
    const Pkcs8Ptr made(EVP_PKEY2PKCS8(key));
    const int size = made ? i2d_PKCS8_PRIV_KEY_INFO(made.get(), nullptr) : 0;
    require(size > 0, "private key in PKCS#8");
    SecretBytes out(static_cast<std::size_t>(size));
    Byte* at = out.write(access()).data();
    require(i2d_PKCS8_PRIV_KEY_INFO(made.get(), &at) == size, "private key in PKCS#8");
    return out;
}

} // namespace valise::crypto
