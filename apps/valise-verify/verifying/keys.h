// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/key_list.h"
#include "agreement/terms.h"
#include "crypto/hybrid_sign.h"
#include "tlog/checkpoint.h"
#include "verifying/evidence_file.h"

namespace valise::verifying {

// The working keys of one party, every one signed by its root.
struct PartyKeys {
    agreement::KeyList list;
    crypto::HybridVerifier sender;
    crypto::HybridVerifier receipt;
    tlog::LogKeys private_log;
    tlog::LogKeys shared_log;
    std::vector<tlog::Verifier> witness;
};

// A key list that its own root signed; whose root that is, is another question.
Checked<PartyKeys> check_key_list(ByteView list, ByteView signature, const std::string& place);

// What somebody outside knows of who the two parties are; without any of it a file proves that it
// is consistent and not whose it is.
struct Expected {
    std::string fingerprint;            // words, digits or both; empty: not given
    std::map<std::string, Bytes> roots; // party -> hybrid public root key
};

struct Identity {
    PartyKeys own;
    std::optional<PartyKeys> peer;
    std::optional<agreement::Confirmation> confirmation;
    std::vector<std::string> confirmed_by; // parties whose root signature is held
    std::string fingerprint_words;         // "babad-…", empty before pairing
    std::string fingerprint_digits;
    bool compared = false; // with something from outside
};

Checked<Identity> check_identity(const EvidenceFile& file, const agreement::Terms& terms,
                                 const Expected& expected);

} // namespace valise::verifying
