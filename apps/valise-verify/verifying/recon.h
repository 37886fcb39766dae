// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/recon.h"
#include "verifying/checkpoint.h"

namespace valise::verifying {

inline constexpr std::size_t kMaxReconFile = std::size_t{128} << 20;

// What a statement on both logs is worth to somebody who holds nothing but the file and the keys.
struct ReconReport {
    std::optional<agreement::ReconStatement> statement;
    CheckedCheckpoint first; // as claimed until it is verified
    CheckedCheckpoint second;
    std::vector<std::string> signed_by; // parties whose log holds a leaf over this statement
    std::optional<Fault> found;         // none: verified

    bool verified() const { return !found; }
};

// The file of `valise recon export` (docs/formats/recon.md): the leaves are those of the signed
// trees, the statement is what they say, and each signed act is the one that a leaf behind the
// interval commits to.
ReconReport check_recon(ByteView file, const Believed& believed);

Json recon_json(const ReconReport& report);
std::string recon_text(const ReconReport& report);
// Intervals, counts and exceptions, for people.
std::string statement_text(const agreement::ReconStatement& statement);

// The file of `valise recon prove-absent`: the statement in it, and that the proof holds under it.
// Whose statement it is, its digest says to whoever checked the whole file or a leaf.
struct AbsenceReport {
    std::optional<agreement::ReconStatement> statement;
    std::string way;
    std::string list;
    Hash32 link{};
    std::optional<Fault> found;

    bool verified() const { return !found; }
};
// `expected`: digest of the statement in hex; empty: none is expected.
AbsenceReport check_absence(ByteView file, const std::string& expected);
Json absence_json(const AbsenceReport& report);
std::string absence_text(const AbsenceReport& report);

} // namespace valise::verifying
