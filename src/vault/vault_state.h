// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/key_list.h"
#include "crypto/record_cipher.h"
#include "tlog/witness.h"
#include "vault/state_store_port.h"

#include <map>

namespace valise::vault {

// What the vault must never forget: the newest tree that it signed for each of its own logs and
// cosigned for each of the peer's, under which terms, and whom it trusts as peer. Sealed under a
// key of the keystore, so that the file cannot be edited; that it can be replaced by an older copy
// of itself together with the whole machine is in docs/threat-model.md.
struct VaultState {
    std::map<std::string, tlog::WitnessState> trees; // by origin
    std::optional<Hash32> terms;                     // digest; none before the first begin()
    bool test_mode = false;
    std::string peer; // party; empty before pairing
    Bytes peer_key_list;
    Bytes peer_key_list_signature;
    // Of the own logs, from 1: a restored book goes on in a new one. The trees of earlier epochs
    // stay in `trees`.
    std::uint64_t private_epoch = 1;
    std::uint64_t shared_epoch = 1;
    std::optional<Time> epoch_since; // of the newest one

    // Reads version 2 too, which knows one epoch.
    // Errors: vault.state (integrity).
    static Result<VaultState> load(StateStore& store, const crypto::RecordCipher& cipher);
    Result<void> save(StateStore& store, const crypto::RecordCipher& cipher) const;
};

} // namespace valise::vault
