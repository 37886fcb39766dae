// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/recorded_event.h"
#include "verifying/fault.h"

#include <map>
#include <optional>

namespace valise::verifying {

inline constexpr std::size_t kMaxEvidence = std::size_t{1} << 30;

// docs/formats/evidence.md, taken apart and not yet believed.
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
    std::vector<audit::RecordedEvent> events;
    // Of each event why its opening is not here: "shredded", "redacted:GROUND"; empty: nothing was
    // said. Version 1 says nothing.
    std::vector<std::string> withheld;
    std::string shared_checkpoint;
    std::vector<Bytes> shared_leaves;
    // Whether `sha256` is that of the rest. Looked at last: what it finds, it cannot place.
    bool digest_holds = false;
};

Checked<EvidenceFile> read_evidence(ByteView bytes);

std::string leaf_place(std::size_t index); // "shared leaf 3"

} // namespace valise::verifying
