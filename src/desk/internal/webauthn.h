// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/accounts.h"

namespace valise::desk {

// What an authenticator said, read strictly and checked against what was asked. //=
// WebAuthn 7.1, 7.2 ES256 and Ed25519. Who made the authenticator is not asked (attestation none),
// so nothing of that is read. Errors of all of it: refused desk.passkey, which says what is wrong.
struct PasskeyAsked {
    Bytes challenge;
    std::string origin; // "https://desk.example:8443", exactly
    std::string host;   // "desk.example": to which the passkey belongs
};

inline constexpr std::size_t kMaxClientData = 4 << 10;
inline constexpr std::size_t kMaxAuthenticatorData = 4 << 10;

// A fresh one, without name and time.
Result<Passkey> read_new_passkey(ByteView client_data, ByteView authenticator_data,
                                 const PasskeyAsked& asked);

struct PasskeySigned {
    std::uint32_t count = 0;
    bool left = false;
};
Result<PasskeySigned> read_passkey_signature(const Passkey& passkey, ByteView client_data,
                                             ByteView authenticator_data, ByteView signature,
                                             const PasskeyAsked& asked);

} // namespace valise::desk
