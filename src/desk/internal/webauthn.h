// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/webauthn.h"
#include "desk/accounts.h"

namespace valise::desk {

// What an authenticator said, of the passkeys of accounts. Errors of all of it: refused
// desk.passkey, which says what is wrong.
using crypto::PasskeyAsked;

// A fresh one, without name and time.
Result<Passkey> read_new_passkey(ByteView client_data, ByteView authenticator_data,
                                 const PasskeyAsked& asked);

struct PasskeySigned {
    std::uint32_t count = 0;
    bool left = false;
};
// `signature` as the authenticator writes it.
Result<PasskeySigned> read_passkey_signature(const Passkey& passkey, ByteView client_data,
                                             ByteView authenticator_data, ByteView signature,
                                             const PasskeyAsked& asked);

} // namespace valise::desk
