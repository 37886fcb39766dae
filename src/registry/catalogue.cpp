// SPDX-License-Identifier: Apache-2.0
#include "registry/catalogue.h"

#include "base/text.h"

#include <algorithm>

namespace valise::registry {

using logbook::Direction;
using logbook::Item;
using logbook::RegisterNumber;

namespace {

std::string shown_direction(std::uint8_t direction) {
    return direction == static_cast<std::uint8_t>(Direction::out) ? "out" : "in";
}

Result<RegisterNumber> number_of(const std::string& text) {
    auto number = RegisterNumber::parse(text);
    if (!number)
        return fail(Code::invalid, "registry.item_query",
                    "'" + printable(text, 60) + "' is no register number");
    return number;
}

} // namespace

// A query whose words are codes. Nothing has a word that was never seen.
struct Catalogue::Wanted {
    Word level = 0;
    Word purpose = 0;
    Word origin = 0;
    Word entered_by = 0;
    std::optional<std::uint8_t> form;
    const ItemQuery& query;

    bool takes(const Line& line) const {
        const auto is = [](Word asked, Word has) { return asked == 0 || asked == has; };
        return line.known && (is(level, line.level) || is(level, line.own_level)) &&
               is(purpose, line.purpose) && is(origin, line.origin) &&
               is(entered_by, line.entered_by) && (!form || *form == line.form) &&
               (query.direction.empty() || query.direction == shown_direction(line.direction)) &&
               (query.entry.empty() ||
                query.entry == to_string(static_cast<logbook::EntryState>(line.entry)));
    }
};

Catalogue::Word Catalogue::intern(const std::string& word) {
    if (word.empty())
        return 0;
    return words_.try_emplace(word, static_cast<Word>(words_.size() + 1)).first->second;
}

void Catalogue::follow(const logbook::State& state, const ItemId& id) {
    const Item* item = state.item(id);
    if (item == nullptr)
        return;
    const auto number = RegisterNumber::parse(item->number);
    if (!number)
        return;
    party_ = number->party;
    auto& lines = years_[number->year];
    if (lines.size() < number->sequence)
        lines.resize(number->sequence);
    Line& line = lines[number->sequence - 1];
    size_ += line.known ? 0 : 1;
    line.known = true;
    line.id = raw_id(id);
    line.form = static_cast<std::uint8_t>(item->form);
    line.entry = static_cast<std::uint8_t>(item->entry);
    line.direction = static_cast<std::uint8_t>(item->direction);
    line.level = intern(item->level);
    line.own_level = intern(item->own_level);
    line.purpose = intern(item->purpose);
    line.origin = intern(item->origin);
    line.entered_by = intern(item->entered_by ? item->entered_by->text() : "registry");
}

std::optional<Catalogue::Wanted> Catalogue::wanted(const ItemQuery& query) const {
    Wanted out{0, 0, 0, 0, std::nullopt, query};
    for (const auto& [word, code] :
         {std::pair(&query.level, &out.level), std::pair(&query.purpose, &out.purpose),
          std::pair(&query.origin, &out.origin), std::pair(&query.entered_by, &out.entered_by)}) {
        if (word->empty())
            continue;
        const auto known = words_.find(*word);
        if (known == words_.end())
            return std::nullopt;
        *code = known->second;
    }
    if (!query.form.empty()) {
        const auto form = logbook::parse_form(query.form);
        if (!form)
            return std::nullopt;
        out.form = static_cast<std::uint8_t>(*form);
    }
    return out;
}

std::vector<RawId> Catalogue::order() const {
    std::vector<RawId> out;
    out.reserve(size_);
    for (const auto& [year, lines] : years_)
        for (const Line& line : lines)
            if (line.known)
                out.push_back(line.id);
    return out;
}

Result<Catalogue::Found> Catalogue::find_newest(const ItemQuery& query, const Wanted& asked) const {
    Found out;
    std::optional<RegisterNumber> from; // before this one
    if (!query.after.empty()) {
        TRY_ASSIGN(from, number_of(query.after));
    }
    for (auto year = years_.rbegin(); year != years_.rend(); ++year) {
        if (from && year->first > from->year)
            continue;
        const auto& lines = year->second;
        std::size_t at = lines.size();
        if (from && year->first == from->year)
            at = std::min<std::size_t>(at, from->sequence - 1);
        for (; at > 0; --at) {
            if (!asked.takes(lines[at - 1]))
                continue;
            if (out.items.size() == query.limit)
                return out; // there are more: `next` stays
            out.items.push_back(ItemId::of(lines[at - 1].id));
            out.next = RegisterNumber{party_, year->first, static_cast<std::uint32_t>(at)}.text();
        }
    }
    out.next.clear();
    return out;
}

Result<Catalogue::Found> Catalogue::find(const ItemQuery& query) const {
    Found out;
    RegisterNumber from{party_, 0, 0}; // behind this one
    std::optional<RegisterNumber> only;
    if (!query.after.empty()) {
        TRY_ASSIGN(from, number_of(query.after));
    }
    if (!query.number.empty()) {
        TRY_ASSIGN(only, number_of(query.number));
    }
    const auto asked = wanted(query);
    if (!asked || query.limit == 0)
        return out;
    if (query.newest && !only) // one number has no order
        return find_newest(query, *asked);
    for (auto year = years_.lower_bound(only ? only->year : from.year); year != years_.end();
         ++year) {
        if (only && year->first != only->year)
            break; // nothing is numbered in that year
        const auto& lines = year->second;
        std::size_t at = only ? only->sequence - 1 : year->first == from.year ? from.sequence : 0;
        for (; at < lines.size(); ++at) {
            if (asked->takes(lines[at])) {
                if (out.items.size() == query.limit)
                    return out; // there are more: `next` stays
                out.items.push_back(ItemId::of(lines[at].id));
                out.next =
                    RegisterNumber{party_, year->first, static_cast<std::uint32_t>(at + 1)}.text();
            }
            if (only)
                break;
        }
        if (only) {
            // Another party's number of the same year and sequence names nothing here.
            if (only->party != party_)
                out.items.clear();
            break;
        }
    }
    out.next.clear();
    return out;
}

} // namespace valise::registry
