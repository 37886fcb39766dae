// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "base/secret.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace valise::logbook {

class State;

//= O-20
// A reader of the other party as the originator knows one: by a pseudonym that means something only
// under this transfer, since it is made with the secret that only the two registries hold.
Hash32 reader_pseudonym(const SecretBytes& transfer_secret, const PersonId& reader);

// Pseudonyms in order, "b64,b64": one to 16, each once. Errors: logbook.readers.
Result<std::set<Hash32>> parse_readers(std::string_view text);
std::string readers_text(const std::set<Hash32>& readers);

struct Admitted {
    std::uint64_t openings = 0; // that were permitted and answered
    Time last;
    bool operator==(const Admitted&) const = default;
};

// Numbers of openings that were asked for, in the receiver's book: one is not asked for again, so
// that nobody makes the book count an opening twice. Several readers ask at once, and their asks
// come in any order; of the numbers only the newest are kept, and what is older than all of them
// counts as asked (the window of RFC 4303, 3.4.3).
class AskedOpenings {
public:
    static constexpr std::size_t kKept = 64;
    bool repeated(std::uint64_t opening) const;
    void take(std::uint64_t opening);
    bool operator==(const AskedOpenings&) const = default;

private:
    std::set<std::uint64_t> newest_;
};

// Whoever receives chooses the pseudonyms: as many as a registry has readers, and no more.
inline constexpr std::size_t kAdmittedMost = 4096;

// A dispatch whose originator holds a share of the key. All is the originator's.
struct Control {
    std::optional<std::set<Hash32>> readers; // no others open it; none: whoever is asked for
    std::optional<Time> until;               // nobody opens it after
    std::map<Hash32, Admitted> admitted;
    AskedOpenings asked;
    bool operator==(const Control&) const = default;
};

// The originator wants an item back. Final: what is to go out again is entered anew.
struct Recall {
    std::uint64_t event = 0; // the act, or the notice that was taken
    Time at;
    Hash32 ground{}; // enclosed_digest() of it
    NoticeId notice; // by which it came; empty: ours
    bool operator==(const Recall&) const = default;
};

// The originator's permission to open a copy again without asking.
struct Lease {
    Time until; // counts while now <= until
    std::uint64_t event = 0;
    bool operator==(const Lease&) const = default;
};

// What became of a recalled item at its receiver, in numbers that its own book gives. What was read
// stays known; what left on media or on paper is out of the key's reach.
struct RecallAnswer {
    std::size_t held = 0;      // sealed copies that are still here
    std::size_t destroyed = 0; // copies
    std::size_t returned = 0;  // copies that went back and were receipted
    std::size_t read = 0;      // persons who opened it
    std::size_t media = 0;     // copies that are here on paper, and those that were taken out

    std::string text() const; // "1,0,0,2,0"
    // Errors: logbook.recall_answer.
    static Result<RecallAnswer> parse(std::string_view text);
    bool operator==(const RecallAnswer&) const = default;
};
RecallAnswer recall_answer(const State& state, const ItemId& item);

} // namespace valise::logbook
