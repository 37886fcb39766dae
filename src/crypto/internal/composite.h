// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/internal/pkey.h"
#include "crypto/internal/wrap_key.h"
#include "crypto/kem.h"

namespace valise::crypto {

// What the two composites differ in. //= draft-ietf-lamps-pq-composite-kem-14 6
struct CompositeFacts {
    std::string_view text;  // OpenTDF's name of the wrap
    std::string_view label; // hashed by the combiner
    const char* mlkem;      // OpenSSL's names
    const char* curve;
    std::array<Byte, 8> oid;    // contents octets of the composite's identifier
    std::string_view curve_oid; // contents octets of the named curve's
    std::size_t mlkem_public;   // sizes in bytes
    std::size_t mlkem_ciphertext;
    std::size_t scalar;
    std::size_t point; // uncompressed

    std::size_t public_size() const { return mlkem_public + point; }
    std::size_t ciphertext_size() const { return mlkem_ciphertext + point; }
};

const CompositeFacts& composite_facts(WrapScheme scheme);

// SHA3-256(ML-KEM secret || ECDH x || ephemeral point || static point || label), which is the AES
// key itself. //= draft-ietf-lamps-pq-composite-kem-14 3.4
SecretBytes combine(WrapScheme scheme, ByteView mlkem_secret, ByteView ecdh_x,
                    ByteView ephemeral_point, ByteView static_point);

class CompositePublic {
public:
    // ML-KEM key || uncompressed point. Errors: crypto.wrap_key.
    static Result<CompositePublic> parse(WrapScheme scheme, ByteView raw);

    WrapScheme scheme() const { return scheme_; }
    const Bytes& raw() const { return raw_; }
    Result<Encapsulated> encapsulate() const;

private:
    CompositePublic(WrapScheme scheme, PkeyPtr mlkem, PkeyPtr ec, Bytes raw)
        : scheme_(scheme), mlkem_(std::move(mlkem)), ec_(std::move(ec)), raw_(std::move(raw)) {}
    WrapScheme scheme_;
    PkeyPtr mlkem_;
    PkeyPtr ec_;
    Bytes raw_;
};

class CompositePrivate {
public:
    static CompositePrivate generate(WrapScheme scheme);
    // ML-KEM seed of 64 bytes, big-endian scalar. Errors: crypto.wrap_key.
    static Result<CompositePrivate> make(WrapScheme scheme, ByteView seed, ByteView scalar);

    WrapScheme scheme() const { return scheme_; }
    const SecretBytes& seed() const { return seed_; }
    const SecretBytes& scalar() const { return scalar_; }
    const Bytes& public_raw() const { return public_raw_; }
    // An ML-KEM ciphertext that was changed yields another key, not an error (FIPS 203 6.3): the
    // cipher that uses the key finds out. Errors: crypto.unwrap.
    Result<SecretBytes> decapsulate(ByteView ciphertext) const;

private:
    explicit CompositePrivate(WrapScheme scheme) : scheme_(scheme) {}
    WrapScheme scheme_;
    SecretBytes seed_;
    SecretBytes scalar_;
    PkeyPtr mlkem_;
    PkeyPtr ec_;
    Bytes public_raw_;
};

} // namespace valise::crypto
