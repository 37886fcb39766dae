// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "label/label.h"

#include <span>
#include <string>
#include <vector>

namespace valise::label {

// The label that a document derived from several must bear at least.
struct Dominant {
    Label label; // created: the newest source; review: the earliest; originator: empty when several
    std::vector<std::string> originators; // of the sources, each once, in their order
    // Why a person must decide before the label is used; empty: nobody need.
    //   label.permissive_empty    no value is common to all: the category stands without values,
    //                             so that it cannot be written, and is never dropped
    //   label.permissive_missing  a source does not state it: the narrower one is kept; "Releasable
    //                             To" becomes empty, since that source was released to nobody
    //   label.type_differs        one tag has two types among the sources: restrictive, all values
    //   label.privacy_mark        the sources' privacy marks differ: joined
    std::vector<std::string> needs_person;
};

//= O-11
// ADatP-4774.1 4.4 with its trap closed: highest rank, permissive = intersection, restrictive and
// informative = union. All labels under the scheme's policy (map others first). Errors:
// label.none (no source), those of level_of() and check().
Result<Dominant> dominant(std::span<const Label> sources, const Scheme& scheme);

// True when `derived` protects at least as much as `source`: rank not lower, every permissive
// category kept and not wider, every restrictive value kept. Errors: those of level_of().
Result<bool> protects(const Label& derived, const Label& source, const Scheme& scheme);

} // namespace valise::label
