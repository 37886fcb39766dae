// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "audit/keys.h"
#include "verifying/evidence_file.h"

namespace valise::verifying {

// What somebody outside knows of who the two parties are; without any of it a file proves that it
// is consistent and not whose it is.
struct Expected {
    std::string fingerprint;            // words, digits or both; empty: not given
    std::map<std::string, Bytes> roots; // party -> hybrid public root key
};

using audit::check_key_list;
using audit::PartyKeys;

struct Identity : audit::Parties {
    std::vector<std::string> confirmed_by; // parties whose root signature is held
    std::string fingerprint_words;         // "babad-…", empty before pairing
    std::string fingerprint_digits;
    bool compared = false; // with something from outside
};

// The keys of the party whose invitation this is. Terms, endpoint and agreement stand in it too and
// prove nothing here. Compared with a root key of that party where `expected` has one: `compared`.
Checked<PartyKeys> invited_keys(ByteView invitation, const Expected& expected, bool& compared);

Checked<Identity> check_identity(const EvidenceFile& file, const agreement::Terms& terms,
                                 const Expected& expected);

} // namespace valise::verifying
