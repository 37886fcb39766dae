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
                               BookKind::muster,        BookKind::access,   BookKind::inspection};

std::span<const internal::Column> columns_of(BookKind kind) {
    switch (kind) {
    case BookKind::register_book:
        return internal::register_columns();
    case BookKind::holdings:
        return internal::holdings_columns();
    case BookKind::overdue:
        return internal::overdue_columns();
    case BookKind::muster:
        return internal::muster_columns();
    case BookKind::access:
        return internal::access_columns();
    case BookKind::inspection:
        break;
    }
    return {};
}

std::string joined_roles(const logbook::Person& person) {
    std::string out;
    for (const logbook::Role role : person.roles)
        out += (out.empty() ? "" : " ") + std::string(to_string(role));
    return out;
}

} // namespace

std::string_view to_string(BookKind kind) {
    constexpr std::string_view kNames[] = {"register", "holdings", "overdue",
                                           "muster",   "access",   "inspection"};
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

std::string_view title_of(BookKind kind, std::string_view language) {
    static constexpr Heading kTitles[] = {
        {"register", "Control register", "登録簿", "Журнал обліку"},
        {"holdings", "Copies held", "保有目録", "Наявні примірники"},
        {"overdue", "Overdue receipts", "未着受領証", "Прострочені розписки"},
        {"muster", "Musters and spot checks", "点検簿", "Перевірки наявності"},
        {"access", "Openings", "閲覧簿", "Ознайомлення"},
        {"inspection", "For the inspector", "検査用", "Для перевірки"},
    };
    for (const Heading& title : kTitles)
        if (title.name == to_string(kind))
            return title.in(language);
    return {};
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

Book::Book(BookKind kind, const agreement::Terms& terms, Time as_of, Standing standing)
    : kind_(kind), terms_(terms), as_of_(as_of), state_(std::move(standing.state)),
      chronicle_(std::move(standing.chronicle)), order_(std::move(standing.order)), ordered_(true) {
}

Result<bool> Book::take(const Skeleton& e) {
    if (e.minute() > as_of_)
        return false;
    TRY(state_.apply(e));
    chronicle_.take(e);
    show(e);
    return true;
}

bool Book::wants(BookKind book, ActKind kind, Stage stage) {
    if (book == BookKind::access)
        return kind == ActKind::open || kind == ActKind::export_copy || kind == ActKind::print;
    //= O-21
    return book == BookKind::inspection && (stage == Stage::refused || stage == Stage::failed);
}

void Book::show(const Skeleton& e) {
    if (!wants(kind_, e.kind(), e.stage()))
        return;
    if (kind_ == BookKind::access) {
        Entry entry{terms_, state_, chronicle_, as_of_};
        entry.event = &e;
        ready_.push_back(internal::row_of(internal::access_columns(), entry));
        return;
    }
    Json clauses = Json::array();
    for (const auto& consulted : e.clauses())
        if (consulted.finding == logbook::ClauseFinding::refuse)
            clauses.push_back(consulted.clause);
    ready_.push_back(inspection_row(
        "O-21", std::string(to_string(e.stage())) + " " + std::string(to_string(e.kind())),
        e.actor(), std::move(clauses), e.minute(), e.seq()));
}

void Book::finish() {
    finished_ = true;
    if (kind_ == BookKind::inspection)
        return fill_inspection();
    if (kind_ == BookKind::overdue)
        return find_late();
    if (kind_ == BookKind::muster)
        return list_musters();
    if (kind_ == BookKind::access)
        order_.clear();
    else if (!ordered_)
        sort_items();
    for (const auto& [id, dispatch] : state_.dispatches())
        dispatches_[dispatch.item].push_back(id);
}

std::optional<Json> Book::row() {
    if (!ready_.empty()) {
        Json out = std::move(ready_.front());
        ready_.pop_front();
        return out;
    }
    if (!late_.empty()) {
        const logbook::Dispatch* dispatch = state_.dispatch(late_.front());
        late_.pop_front();
        return internal::row_of(
            internal::overdue_columns(),
            {terms_, state_, chronicle_, as_of_, state_.item(dispatch->item), nullptr, dispatch});
    }
    if (kind_ == BookKind::muster)
        return next_counted();
    const bool of_items = kind_ == BookKind::register_book || kind_ == BookKind::holdings;
    return finished_ && of_items ? next_item() : std::nullopt;
}

// Of the register one row an item, of the holdings one row a copy.
std::optional<Json> Book::next_item() {
    while (at_ < order_.size()) {
        const logbook::Item* item = state_.item(ItemId::of(order_[at_]));
        if (item == nullptr) {
            ++at_;
            continue;
        }
        Belongings belongings{state_.copies_of(item->id), {}};
        std::ranges::stable_sort(belongings.copies, {}, &logbook::CopyHolding::number);
        if (const auto found = dispatches_.find(item->id); found != dispatches_.end())
            for (const DispatchId& id : found->second)
                belongings.dispatches.push_back(state_.dispatch(id));
        Entry entry{terms_, state_, chronicle_, as_of_, item, nullptr, nullptr, &belongings};
        if (kind_ == BookKind::register_book) {
            ++at_;
            return internal::row_of(internal::register_columns(), entry);
        }
        if (copy_ < belongings.copies.size()) {
            entry.copy = &belongings.copies[copy_++];
            return internal::row_of(internal::holdings_columns(), entry);
        }
        ++at_;
        copy_ = 0;
    }
    return std::nullopt;
}

void Book::list_musters() {
    for (const auto& [id, muster] : state_.musters())
        musters_.push_back(&muster);
    std::ranges::sort(musters_, {}, &logbook::Muster::event);
    if (!musters_.empty())
        counted_ = musters_.front()->copies.begin();
}

// A muster of nothing has one row all the same: it was made.
std::optional<Json> Book::next_counted() {
    if (at_ >= musters_.size())
        return std::nullopt;
    const logbook::Muster& muster = *musters_[at_];
    Entry entry{terms_, state_, chronicle_, as_of_};
    entry.muster = &muster;
    if (counted_ != muster.copies.end()) {
        entry.copy = state_.copy(counted_->first);
        entry.item = entry.copy == nullptr ? nullptr : state_.item(entry.copy->item);
        entry.counted = &counted_->second;
        ++counted_;
    }
    Json out = internal::row_of(internal::muster_columns(), entry);
    if (counted_ == muster.copies.end() && ++at_ < musters_.size())
        counted_ = musters_[at_]->copies.begin();
    return out;
}

// In the order of the register, whatever the ids.
void Book::sort_items() {
    std::vector<const logbook::Item*> items;
    items.reserve(state_.items().size());
    for (const auto& [id, item] : state_.items())
        items.push_back(&item);
    std::ranges::sort(items, [](const logbook::Item* a, const logbook::Item* b) {
        return std::pair(a->entered, a->number) < std::pair(b->entered, b->number);
    });
    order_.reserve(items.size());
    for (const logbook::Item* item : items)
        order_.push_back(raw_id(item->id));
}

void Book::find_late() {
    for (const auto& [id, dispatch] : state_.dispatches()) {
        const auto late = internal::lateness(terms_, dispatch);
        if (late && *late->stage(as_of_) != '\0')
            late_.push_back(id);
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
