// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/key_list.h"
#include "audit/fault.h"
#include "crypto/hybrid_sign.h"
#include "tlog/checkpoint.h"

#include <optional>

namespace valise::audit {

// The working keys of one party, every one signed by its root.
struct PartyKeys {
    agreement::KeyList list;
    crypto::HybridVerifier sender;
    crypto::HybridVerifier receipt;
    tlog::LogKeys private_log;
    tlog::LogKeys shared_log;
    std::vector<tlog::Verifier> witness;
    std::vector<tlog::Verifier> mirror; // none in a list of version 1
};

// A key list that its own root signed; whose root that is, is another question.
Checked<PartyKeys> check_key_list(ByteView list, ByteView signature, const std::string& place);

// ed25519 (32) || ml-dsa-87, as key lists carry hybrid keys. Errors: crypto.public_key.
Result<crypto::HybridVerifier> hybrid_key(ByteView bytes);

// Whose book it is, and with whom it was exchanged.
struct Parties {
    PartyKeys own;
    std::optional<PartyKeys> peer; // none before pairing
    std::optional<agreement::Confirmation> confirmation;
};

} // namespace valise::audit
