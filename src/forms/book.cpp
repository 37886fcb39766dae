// SPDX-License-Identifier: Apache-2.0
#include "forms/book.h"

#include "base/text.h"
#include "forms/internal/rows.h"

#include <algorithm>

namespace valise::forms {

using internal::Entry;
using internal::inspection_row;
using logbook::ActKind;
using logbook::Skeleton;
using logbook::Stage;

namespace {

constexpr BookKind kBooks[] = {BookKind::register_book, BookKind::holdings, BookKind::overdue,
                               BookKind::access, BookKind::inspection};

std::span<const internal::Column> columns_of(BookKind kind) {
    switch (kind) {
    case BookKind::register_book:
        return internal::register_columns();
    case BookKind::holdings:
        return internal::holdings_columns();
    case BookKind::overdue:
        return internal::overdue_columns();
    case BookKind::access:
        return internal::access_columns();
    case BookKind::inspection:
        break;
    }
    return {};
}

// The event with which something took effect. What is merely permitted has not happened.
bool took_effect(const Skeleton& e) {
    return e.stage() == logbook::effect_stage(e.kind());
}

void remember(const Skeleton& e, Chronicle& chronicle) {
    chronicle.refusals += e.stage() == Stage::refused ? 1 : 0;
    chronicle.failures += e.stage() == Stage::failed ? 1 : 0;
    if (!took_effect(e))
        return;
    if (e.kind() == ActKind::open) {
        if (const auto copy = CopyId::parse(e.id("copy")))
            chronicle.opened[*copy] = e.minute();
        return;
    }
    const auto dispatch = DispatchId::parse(e.id("dispatch"));
    if (!dispatch)
        return;
    Dates& dates = chronicle.dispatches[*dispatch];
    if (e.kind() == ActKind::dispatch || e.kind() == ActKind::arrive)
        dates.moved = e.minute();
    if (e.kind() == ActKind::custody_receipt)
        dates.custody = e.minute();
    if (e.kind() == ActKind::contents_receipt)
        dates.contents = e.minute();
    if (e.kind() == ActKind::close)
        dates.closed = e.minute();
}

std::string joined_roles(const logbook::Person& person) {
    std::string out;
    for (const logbook::Role role : person.roles)
        out += (out.empty() ? "" : " ") + std::string(to_string(role));
    return out;
}

} // namespace

std::string_view to_string(BookKind kind) {
    constexpr std::string_view kNames[] = {"register", "holdings", "overdue", "access",
                                           "inspection"};
    const auto index = static_cast<std::size_t>(kind);
    return index < std::size(kNames) ? kNames[index] : "?";
}

std::span<const BookKind> all_books() {
    return kBooks;
}

Result<BookKind> parse_book(std::string_view text) {
    std::vector<std::string> known;
    for (const BookKind kind : kBooks) {
        if (to_string(kind) == text)
            return kind;
        known.emplace_back(to_string(kind));
    }
    const std::string shown(text.substr(0, 60));
    return fail(Code::not_found, "forms.book",
                "no book '" + printable(shown) + "'" + suggestion(shown, known));
}

const char* Heading::in(std::string_view language) const {
    return language == "ja" ? ja : language == "uk" ? uk : en;
}

Book::Book(BookKind kind, const agreement::Terms& terms, Time as_of)
    : kind_(kind), terms_(terms), as_of_(as_of) {}

std::vector<Heading> Book::headings() const {
    std::vector<Heading> out;
    if (kind_ == BookKind::inspection) {
        const auto all = internal::inspection_headings();
        return {all.begin(), all.end()};
    }
    for (const auto& column : columns_of(kind_))
        out.push_back(column.heading);
    return out;
}

Result<bool> Book::take(const Skeleton& e) {
    if (e.minute() > as_of_)
        return false;
    TRY(state_.apply(e));
    remember(e, chronicle_);
    if (kind_ == BookKind::access && e.kind() == ActKind::open) {
        Entry entry{terms_, state_, chronicle_, as_of_};
        entry.event = &e;
        ready_.push_back(internal::row_of(internal::access_columns(), entry));
    }
    //= O-21
    if (kind_ == BookKind::inspection &&
        (e.stage() == Stage::refused || e.stage() == Stage::failed)) {
        Json clauses = Json::array();
        for (const auto& consulted : e.clauses())
            if (consulted.finding == logbook::ClauseFinding::refuse)
                clauses.push_back(consulted.clause);
        ready_.push_back(inspection_row(
            "O-21", std::string(to_string(e.stage())) + " " + std::string(to_string(e.kind())),
            e.actor(), std::move(clauses), e.minute(), e.seq()));
    }
    return true;
}

void Book::finish() {
    if (kind_ == BookKind::inspection)
        fill_inspection();
    else
        fill();
}

std::optional<Json> Book::row() {
    if (!ready_.empty()) {
        Json out = std::move(ready_.front());
        ready_.pop_front();
        return out;
    }
    if (later_.empty())
        return std::nullopt;
    const Pending next = later_.front();
    later_.pop_front();
    Entry entry{terms_, state_, chronicle_, as_of_, next.item, next.copy, next.dispatch};
    if (next.item != nullptr)
        entry.belongings = &belongings_[next.item->id];
    return internal::row_of(columns_of(kind_), entry);
}

void Book::index() {
    for (const auto& [id, copy] : state_.copies())
        belongings_[copy.item].copies.push_back(&copy);
    for (auto& [id, belongings] : belongings_)
        std::ranges::sort(belongings.copies, {}, &logbook::CopyHolding::number);
    for (const auto& [id, dispatch] : state_.dispatches())
        belongings_[dispatch.item].dispatches.push_back(&dispatch);
}

// Rows in the order of the register, whatever the ids.
void Book::fill() {
    index();
    std::vector<const logbook::Item*> items;
    for (const auto& [id, item] : state_.items())
        items.push_back(&item);
    std::ranges::sort(items, [](const logbook::Item* a, const logbook::Item* b) {
        return std::pair(a->entered, a->number) < std::pair(b->entered, b->number);
    });
    for (const logbook::Item* item : items) {
        if (kind_ == BookKind::register_book)
            later_.push_back({item});
        if (kind_ == BookKind::holdings)
            for (const logbook::CopyHolding* copy : belongings_[item->id].copies)
                later_.push_back({item, copy});
    }
    if (kind_ != BookKind::overdue)
        return;
    for (const auto& [id, dispatch] : state_.dispatches()) {
        const auto late = internal::lateness(terms_, dispatch);
        if (late && *late->stage(as_of_) != '\0')
            later_.push_back({state_.item(dispatch.item), nullptr, &dispatch});
    }
}

//= O-45
// Controls and evidence, never contents.
void Book::fill_inspection() {
    const auto add = [&](Json row) { ready_.push_back(std::move(row)); };
    //= O-24
    for (const auto& [id, person] : state_.persons()) {
        Json detail = Json::array();
        if (!person.active)
            detail.push_back("revoked");
        if (const std::string roles = joined_roles(person); !roles.empty())
            detail.push_back(roles);
        if (person.clearance)
            detail.push_back(person.clearance->level + " until " +
                             person.clearance->until.date_text() +
                             (person.clearance->until < as_of_ ? ", run out" : ""));
        if (person.transferred)
            detail.push_back("transferred " + person.transferred->date_text());
        if (person.briefed) //= O-25
            detail.push_back("briefed " + person.briefed->date_text());
        add(inspection_row("O-24", person.clearance ? "person cleared" : "person not cleared",
                           id.text(), std::move(detail), {}));
    }
    //= O-27
    for (const auto& [code, facility] : state_.facilities())
        add(inspection_row("O-27", "facility", code,
                           Json::array({facility.officer.text(), facility.deputy.text()}), {}));
    //= O-19
    for (const auto& [peer, assurance] : state_.assurances())
        add(inspection_row("O-19", assurance.until < as_of_ ? "assurance run out" : "assurance",
                           peer, assurance.level + " until " + assurance.until.date_text(), {}));
    //= O-38
    for (const auto& [peer, link] : state_.accreditations())
        add(inspection_row("O-38", link.until < as_of_ ? "accreditation run out" : "accreditation",
                           peer, link.level + " until " + link.until.date_text(), {}));
    //= O-10
    for (const auto& [id, item] : state_.items())
        if (item.direction == logbook::Direction::in && item.own_level.empty())
            add(inspection_row("O-10", "received and not marked", item.number, nullptr,
                               item.entered));
    //= O-36
    for (const auto& [id, dispatch] : state_.dispatches()) {
        using enum logbook::DispatchState;
        const bool differs = dispatch.state == discrepancy || dispatch.state == discrepancy_sent;
        if (differs)
            add(inspection_row("O-36", "discrepancy", id.text(), dispatch.peer, dispatch.since));
        const auto late = internal::lateness(terms_, dispatch);
        if (late && *late->stage(as_of_) != '\0')
            add(inspection_row("O-36", std::string(late->stage(as_of_)) + " " + late->missing,
                               id.text(), dispatch.peer, late->due));
    }
    for (const auto& [seq, permit] : state_.open_permits())
        add(inspection_row("O-26", "permitted, no outcome: " + std::string(to_string(permit.kind)),
                           permit.actor, nullptr, permit.minute, seq));
    const auto count = [&](const char* what, std::uint64_t number) {
        add(inspection_row("O-26", what, {}, number, as_of_));
    };
    count("events", state_.next_seq());
    count("items", state_.items().size());
    count("copies", state_.copies().size());
    count("dispatches", state_.dispatches().size());
    count("refusals", chronicle_.refusals);
    count("failures", chronicle_.failures);
}

} // namespace valise::forms
