// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "forms/book.h"

namespace valise::forms::internal {

// What a column may look at. Which pointers are set depends on the book.
struct Entry {
    const agreement::Terms& terms;
    const logbook::State& state;
    const logbook::Chronicle& chronicle;
    Time as_of;
    const logbook::Item* item = nullptr;
    const logbook::CopyHolding* copy = nullptr;
    const logbook::Dispatch* dispatch = nullptr;
    const Belongings* belongings = nullptr; // of the item
    const logbook::Skeleton* event = nullptr;
    const logbook::Muster* muster = nullptr;
    const logbook::Counted* counted = nullptr; // of the copy
};

// A new column of a book is one line in its table.
struct Column {
    Heading heading;
    Json (*value)(const Entry&);
};

std::span<const Column> register_columns();
std::span<const Column> holdings_columns();
std::span<const Column> overdue_columns();
std::span<const Column> access_columns();
std::span<const Column> muster_columns();

Json row_of(std::span<const Column> columns, const Entry& entry);

// --- values that several books show ---------------------------------------------------------
Json time_or_null(Time at);
// The level's native word with its code: "極秘 (gokuhi)"; the code alone where the terms know no
// such level.
std::string level_text(const agreement::Terms& terms, const std::string& party,
                       const std::string& code);
// When a receipt for this dispatch was or is late: reminder, due, tracer. None: it is not awaited.
struct Lateness {
    const char* missing; // "custody-receipt" or "contents-receipt"
    Time reminder;
    Time due;
    Time tracer;
    const char* stage(Time at) const; // "reminder", "overdue", "tracer"; "" before the first
};
std::optional<Lateness> lateness(const agreement::Terms& terms, const logbook::Dispatch& dispatch);

// --- the inspector's book ----------------------------------------------------------------------
std::span<const Heading> inspection_headings();
// One line: the obligation that it is about, what was seen, of whom or what.
Json inspection_row(const char* row, std::string_view what, std::string subject, Json detail,
                    Time since, Json event = nullptr);

} // namespace valise::forms::internal
