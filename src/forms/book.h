// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "base/codec/json.h"
#include "logbook/state.h"

#include <deque>
#include <span>

namespace valise::forms {

// The registry's books (facts 3.1). Folded from skeletons alone, so none of them holds a title, a
// name or a reason, and each can be printed as it stood at any past moment.
enum class BookKind : std::uint8_t {
    register_book, // one row an item: the control register //= O-26
    holdings,      // one row a copy //= O-26
    overdue,       // one row a dispatch whose receipt is late, ours or theirs //= O-36
    access,        // one row an event of opening, refused ones too //= O-21 //= O-22
    inspection,    // what an inspector asks for: counts, refusals, what is open //= O-45
};
std::string_view to_string(BookKind kind);          // "register"
Result<BookKind> parse_book(std::string_view text); // Errors: forms.book
std::span<const BookKind> all_books();

// A heading in every language of the terms.
struct Heading {
    const char* name; // member of a row: "number"
    const char* en;
    const char* ja;
    const char* uk;
    const char* in(std::string_view language) const;
};

// What the state does not keep, because no clause asks for it: when each thing happened.
struct Dates {
    Time moved;
    Time custody;
    Time contents;
    Time closed;
};
struct Chronicle {
    std::map<DispatchId, Dates> dispatches;
    std::map<CopyId, Time> opened; // the newest time
    std::uint64_t refusals = 0;
    std::uint64_t failures = 0;
};

// What belongs to one item, so that a row does not search the whole book.
struct Belongings {
    std::vector<const logbook::CopyHolding*> copies; // in the order of their numbers
    std::vector<const logbook::Dispatch*> dispatches;
};

// One book of one registry as of one minute. Feed it the skeletons of the private log from the
// first on, take the rows that are ready in between; what is held is the state and one page of
// rows, however long the book is.
class Book {
public:
    Book(BookKind kind, const agreement::Terms& terms, Time as_of);

    // In the order in which a row is read.
    std::vector<Heading> headings() const;

    // False: the skeleton is later than the book's minute, as all that follow are. Errors: those of
    // State::apply().
    Result<bool> take(const logbook::Skeleton& skeleton);
    // No more skeletons; the rows that are made of the state follow.
    void finish();
    // The next row that is ready: an object with a member for each heading (text, integer, a list
    // of texts, or null).
    std::optional<Json> row();

    Time as_of() const { return as_of_; }
    const logbook::State& state() const { return state_; }

    // The rows point into it.
    Book(const Book&) = delete;
    Book& operator=(const Book&) = delete;

private:
    void index();
    void fill();
    void fill_inspection();

    BookKind kind_;
    const agreement::Terms& terms_;
    Time as_of_;
    logbook::State state_;
    Chronicle chronicle_;
    std::deque<Json> ready_;
    // What is left of the end: each becomes a row when it is asked for. The pointers go into the
    // state, which no longer changes then.
    struct Pending {
        const logbook::Item* item = nullptr;
        const logbook::CopyHolding* copy = nullptr;
        const logbook::Dispatch* dispatch = nullptr;
    };
    std::deque<Pending> later_;
    std::map<ItemId, Belongings> belongings_;
};

} // namespace valise::forms
