// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <string>

namespace valise::crypto {

// What an authenticator said, read strictly and checked against what was asked. //=
// WebAuthn 7.1, 7.2 ES256 and Ed25519. Who made the authenticator is not asked (attestation none),
// so nothing of that is read. Errors of all of it: refused crypto.passkey, which says what is
// wrong.
struct PasskeyAsked {
    Bytes challenge;
    std::string origin; // "https://desk.example:8443", exactly
    std::string host;   // "desk.example": to which the passkey belongs
};

inline constexpr std::size_t kMaxClientData = 4 << 10;
inline constexpr std::size_t kMaxAuthenticatorData = 4 << 10;

struct NewPasskey {
    Bytes id;
    Bytes key; // COSE_Key, 77 bytes of ES256 or 42 of Ed25519
    std::uint32_t count = 0;
    bool may_leave = false; // to other machines of its person
    bool left = false;
};
Result<NewPasskey> read_passkey_made(ByteView client_data, ByteView authenticator_data,
                                     const PasskeyAsked& asked);

struct PasskeySaid {
    std::uint32_t count = 0;
    bool may_leave = false;
    bool left = false;
};
// `signature` as plain_signature() has it.
Result<PasskeySaid> check_passkey(ByteView key, ByteView client_data, ByteView authenticator_data,
                                  ByteView signature, const PasskeyAsked& asked);

// 64 bytes, from what an authenticator writes: of ES256 DER, to r and s side by side, of which s is
// the lower one; Ed25519 as it is.
Result<Bytes> plain_signature(ByteView key, ByteView as_written);

// A passkey that signs acts, as acts name it: COSE_Key ‖ origin of the page that may ask it. Its
// host is that of the origin.
class PasskeySigner {
public:
    static constexpr std::size_t kMaxBytes = 256;

    static Result<PasskeySigner> make(ByteView key, std::string_view origin);
    static Result<PasskeySigner> parse(ByteView bytes);

    const Bytes& bytes() const { return bytes_; }
    ByteView key() const { return ByteView(bytes_).first(key_size_); }
    std::string origin() const;
    std::string host() const;
    // Whether both are one key, whatever page may ask it.
    static bool same_key(ByteView one, ByteView other);

    // What was signed answers `challenge` at this origin, by a person whom the authenticator
    // recognised, with a key that cannot leave it. One signature has one form: nobody who saw it
    // can write it in a second way.
    Result<PasskeySaid> verify(ByteView challenge, ByteView client_data,
                               ByteView authenticator_data, ByteView signature) const;

private:
    PasskeySigner() = default;

    Bytes bytes_;
    std::size_t key_size_ = 0;
};

} // namespace valise::crypto
