// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "verifying/fault.h"

#include <map>
#include <optional>

namespace valise::verifying {

inline constexpr std::size_t kMaxEvidence = std::size_t{1} << 30;

// docs/formats/evidence.md, taken apart and not yet believed.
struct EvidenceEvent {
    Bytes leaf;
    Bytes skeleton;
    Hash32 salt{}; // of the skeleton
    std::vector<Hash32> fields;
    std::optional<Hash32> record_salt; // none: the opening is withheld
    Bytes opening;
};

struct EvidenceFile {
    Bytes terms;
    bool test_mode = false;
    std::string party;
    Bytes key_list;
    Bytes key_list_signature;
    Bytes peer_key_list; // empty before pairing
    Bytes peer_key_list_signature;
    Bytes confirmation;
    std::map<std::string, Bytes> confirmation_signatures; // by party; empty: not held
    std::string private_checkpoint;
    std::vector<EvidenceEvent> events;
    std::string shared_checkpoint;
    std::vector<Bytes> shared_leaves;
    // Whether `sha256` is that of the rest. Looked at last: what it finds, it cannot place.
    bool digest_holds = false;
};

Checked<EvidenceFile> read_evidence(ByteView bytes);

std::string event_place(std::size_t index); // "private event 17"
std::string leaf_place(std::size_t index);  // "shared leaf 3"

} // namespace valise::verifying
