// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/kem.h"

namespace valise::crypto {

// The DER around wrap keys and wrapped shares, RSA's apart. Every size in it is fixed by the
// scheme, so reading is comparing with the one right frame: there is no ASN.1 parser for a forger
// to lead astray, and one key has one encoding.

// An AlgorithmIdentifier of these object identifiers (contents octets), the second as parameters.
Bytes algorithm_der(std::initializer_list<ByteView> oids);
// What stands before `raw_size` bytes of a public, or `inner_size` of a private key.
Bytes spki_frame(ByteView algorithm, std::size_t raw_size);
Bytes pkcs8_frame(ByteView algorithm, std::size_t inner_size);
// The `size` bytes after the frame, and nothing after them. Errors: crypto.wrap_key.
Result<ByteView> after_frame(ByteView frame, std::size_t size, ByteView der);

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
Result<Envelope> read_envelope(std::size_t ciphertext_size, ByteView der);

// RFC 7468 with the given label ("PUBLIC KEY"). The returned bytes are secret when the text was.
std::string pem_of(std::string_view label, ByteView der);
Result<SecretBytes> read_pem(std::string_view label, std::string_view pem);

} // namespace valise::crypto
