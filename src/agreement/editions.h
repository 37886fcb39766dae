// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "logbook/act.h"
#include "logbook/event.h"

#include <map>
#include <memory>
#include <set>

namespace valise::agreement {

//= O-48
// The terms under which a book began, those that its party adopted since, and which of them are in
// force. Follows the book event by event; what it hands out lives as long as it does, however often
// the terms change. Not thread-safe.
class Editions {
public:
    // `text`: the file that `first` was read from; may be empty where nobody asks for texts.
    explicit Editions(Terms first, Bytes text = {});

    const Terms& in_force() const { return now_->terms; }
    const Bytes& text() const { return now_->text; } // of the terms in force
    bool knows(const Hash32& digest) const { return all_.contains(digest); }
    // Digests of those in force, now or at some time before.
    const std::set<Hash32>& once_in_force() const { return once_in_force_; }

    // What a permitted event does to them; `act` is null where it is withheld. Errors: invalid
    // agreement.terms (the act holds none), conflict agreement.edition (terms put in force of which
    // no text is held).
    Result<void> follow(const logbook::Skeleton& event, const logbook::Act* act);

private:
    struct Edition {
        Terms terms;
        Bytes text;
    };

    Result<void> keep(const logbook::Act& adoption);

    std::map<Hash32, std::unique_ptr<const Edition>> all_; // by digest
    std::set<Hash32> once_in_force_;
    const Edition* now_ = nullptr;
};

// The terms that an adopt-terms act holds; under test mode where `now` are. Errors: those of
// Terms::parse and Act::bytes_field.
Result<Terms> adopted_terms(const logbook::Act& adoption, const Terms& now);

} // namespace valise::agreement
