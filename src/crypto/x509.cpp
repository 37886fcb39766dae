// SPDX-License-Identifier: Apache-2.0
#include "crypto/x509.h"

#include "crypto/hash.h"
#include "crypto/internal/openssl.h"
#include "crypto/random.h"

#include <openssl/x509.h>

#include <limits>

namespace valise::crypto {

namespace {

using X509Ptr = std::unique_ptr<X509, Deleter<X509_free>>;
using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Deleter<PKCS8_PRIV_KEY_INFO_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, Deleter<BN_free>>;

std::unexpected<Error> malformed(const char* why) {
    return fail(Code::invalid, "crypto.certificate", why);
}

// i2d functions: the size first, then the bytes. Empty on failure.
template<class T> Bytes encoded(int (*encode)(const T*, unsigned char**), const T* object) {
    const int size = encode(object, nullptr);
    if (size <= 0)
        return {};
    Bytes out(static_cast<std::size_t>(size));
    Byte* at = out.data();
    return encode(object, &at) == size ? out : Bytes{};
}

bool set_serial(X509* certificate) {
    auto serial = random_array<16>();
    serial[0] = static_cast<Byte>((serial[0] & 0x3f) | 0x40); // positive, and never zero
    const BignumPtr number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

// The same name everywhere: peers pin the key, and a name would only tell an observer who speaks.
bool set_names(X509* certificate) {
    static constexpr unsigned char kName[] = "valise";
    X509_NAME* name = X509_get_subject_name(certificate);
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kName, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1;
}

bool fill(X509* certificate, EVP_PKEY* key, Time not_before, Time not_after) {
    return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
           set_names(certificate) &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), not_before.seconds) != nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), not_after.seconds) != nullptr &&
           X509_set_pubkey(certificate, key) == 1 && X509_sign(certificate, key, EVP_sha256()) > 0;
}

} // namespace

Result<TlsIdentity> make_tls_identity(Time not_before, int years) {
    const ErrorQueueGuard guard;
    if (years < 1 || years > 100)
        return malformed("a certificate is valid for 1 to 100 years");
    if (not_before.seconds < 0 || not_before.seconds > std::numeric_limits<std::uint32_t>::max())
        return malformed("the first day of validity is out of bounds");
    const PkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    const X509Ptr certificate(X509_new());
    if (!key || !certificate ||
        !fill(certificate.get(), key.get(), not_before, not_before.plus_days(365L * years)))
        return fail(Code::internal, "crypto.certificate", "the library made no certificate");
    const Pkcs8Ptr pkcs8(EVP_PKEY2PKCS8(key.get()));
    TlsIdentity out;
    out.private_key_der =
        SecretBytes::take(pkcs8 ? encoded(i2d_PKCS8_PRIV_KEY_INFO, pkcs8.get()) : Bytes{});
    out.certificate_der = encoded<X509>(i2d_X509, certificate.get());
    if (out.private_key_der.empty() || out.certificate_der.empty())
        return fail(Code::internal, "crypto.certificate", "the library wrote no certificate");
    TRY_ASSIGN(out.spki_sha256, spki_sha256(out.certificate_der));
    return out;
}

Result<Hash32> spki_sha256(ByteView certificate_der) {
    const ErrorQueueGuard guard;
    const Byte* at = certificate_der.data();
    if (certificate_der.size() > std::size_t{64} * 1024)
        return malformed("the certificate is longer than 64 KiB");
    const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(certificate_der.size())));
    if (!certificate || at != certificate_der.data() + certificate_der.size())
        return malformed("not one certificate in DER");
    const Bytes spki =
        encoded<X509_PUBKEY>(i2d_X509_PUBKEY, X509_get_X509_PUBKEY(certificate.get()));
    if (spki.empty())
        return malformed("the certificate holds no public key");
    return sha256(spki);
}

} // namespace valise::crypto
