// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/kem.h"

namespace valise::crypto {

// The DER around wrap keys and wrapped shares. Every size in it is fixed by the scheme, so reading
// is comparing with the one right frame: there is no ASN.1 parser for a forger to lead astray, and
// one key has one encoding.

Bytes spki_der(WrapScheme scheme, ByteView raw);
struct Spki {
    WrapScheme scheme;
    ByteView raw; // into the bytes that were read
};
Result<Spki> read_spki(ByteView der);

SecretBytes ec_private_der(WrapScheme scheme, ByteView scalar); // RFC 5915, no public point

SecretBytes pkcs8_der(WrapScheme scheme, ByteView seed, ByteView scalar);
struct Pkcs8 {
    WrapScheme scheme;
    ByteView seed;
    ByteView scalar;
    ByteView point; // empty when the key came without it
};
Result<Pkcs8> read_pkcs8(ByteView der);

// SEQUENCE { [0] IMPLICIT OCTET STRING ciphertext, [1] IMPLICIT OCTET STRING sealed share }
Bytes envelope_der(ByteView ciphertext, ByteView sealed_share);
struct Envelope {
    ByteView ciphertext;
    ByteView sealed_share;
};
Result<Envelope> read_envelope(WrapScheme scheme, ByteView der);

// RFC 7468 with the given label ("PUBLIC KEY"). The returned bytes are secret when the text was.
std::string pem_of(std::string_view label, ByteView der);
Result<SecretBytes> read_pem(std::string_view label, std::string_view pem);

} // namespace valise::crypto
