// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "base/secret.h"

namespace valise::crypto {

// A key for TLS and the self-signed certificate that carries it. Peers pin spki_sha256; nobody
// reads the name or the dates in the certificate.
struct TlsIdentity {
    SecretBytes private_key_der; // PKCS#8, ECDSA P-256
    Bytes certificate_der;
    Hash32 spki_sha256{};
};

// `years` is 1 to 100. Errors: crypto.certificate.
Result<TlsIdentity> make_tls_identity(Time not_before, int years);

// SHA-256 of the DER SubjectPublicKeyInfo. Errors: crypto.certificate.
Result<Hash32> spki_sha256(ByteView certificate_der);

} // namespace valise::crypto
