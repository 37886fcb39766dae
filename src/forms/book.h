// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "base/codec/json.h"
#include "base/raw_id.h"
#include "logbook/chronicle.h"
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
    muster,        // one row a copy of each muster, with what was found //= O-26
    access,        // one row an event of opening, refused ones too //= O-21 //= O-22
    inspection,    // what an inspector asks for: counts, refusals, what is open //= O-45
};
std::string_view to_string(BookKind kind);          // "register"
Result<BookKind> parse_book(std::string_view text); // Errors: forms.book
std::span<const BookKind> all_books();

// "Control register", and in the other languages of the terms.
std::string_view title_of(BookKind kind, std::string_view language);

// A heading in every language of the terms.
struct Heading {
    const char* name; // member of a row: "number"
    const char* en;
    const char* ja;
    const char* uk;
    const char* in(std::string_view language) const;
};

// What belongs to one item, so that a row does not search the whole book.
struct Belongings {
    std::vector<logbook::CopyHolding> copies; // in the order of their numbers
    std::vector<const logbook::Dispatch*> dispatches;
};

// A register as it stands: everything that its books are made of but for single events. `order`
// holds the items' ids, in the order of their numbers, as bytes.
struct Standing {
    logbook::State state;
    logbook::Chronicle chronicle;
    std::vector<RawId> order;
};

// One book of one registry as of one minute, of two makings. Of a past minute: feed it the
// skeletons of the private log from the first on, and take the rows that are ready in between. As
// the register stands: it needs no event but those that have rows of their own (wants()). What is
// held is the state, the order and one page of rows, however long the book is.
class Book {
public:
    Book(BookKind kind, const agreement::Terms& terms, Time as_of);
    Book(BookKind kind, const agreement::Terms& terms, Time as_of, Standing standing);

    // In the order in which a row is read.
    std::vector<Heading> headings() const;

    // False: the skeleton is later than the book's minute, as all that follow are. Errors: those of
    // State::apply().
    Result<bool> take(const logbook::Skeleton& skeleton);
    // Whether an event of this kind and stage has a row of its own in such a book.
    static bool wants(BookKind book, logbook::ActKind kind, logbook::Stage stage);
    // An event of the register as it stands; its rows, where it has any.
    void show(const logbook::Skeleton& skeleton);
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
    void sort_items();
    void find_late();
    std::optional<Json> next_item();
    void list_musters();
    std::optional<Json> next_counted();
    void fill_inspection();

    BookKind kind_;
    const agreement::Terms& terms_;
    Time as_of_;
    logbook::State state_;
    logbook::Chronicle chronicle_;
    std::deque<Json> ready_;
    // What is left of the end: each becomes a row when it is asked for.
    std::vector<RawId> order_;
    bool ordered_ = false; // by whoever gave it
    bool finished_ = false;
    std::size_t at_ = 0;   // in order_
    std::size_t copy_ = 0; // of the item there
    std::deque<DispatchId> late_;
    std::vector<const logbook::Muster*> musters_; // in the order in which they were begun
    SharedMap<CopyId, logbook::Counted>::const_iterator counted_; // of the muster at at_
    std::map<ItemId, std::vector<DispatchId>> dispatches_;        // of items that have any
};

} // namespace valise::forms
