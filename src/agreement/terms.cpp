// SPDX-License-Identifier: Apache-2.0
#include "agreement/terms.h"

#include <algorithm>
#include <chrono>

namespace valise::agreement {
namespace {

constexpr std::int64_t kDay = 86400;

// 1970-01-01 was a Thursday; 0 = Monday.
int weekday(Time at) {
    const std::int64_t day = (at.seconds - ((at.seconds % kDay) + kDay) % kDay) / kDay;
    return static_cast<int>(((day + 3) % 7 + 7) % 7);
}

template<class Range, class Match> auto* find_if_or_null(Range& range, Match match) {
    const auto found = std::ranges::find_if(range, match);
    return found == range.end() ? nullptr : &*found;
}

template<class Value>
const Value* by_level(const Party* party, std::map<std::string, Value> Party::* rows,
                      std::string_view level) {
    if (party == nullptr)
        return nullptr;
    const auto row = (party->*rows).find(std::string(level));
    return row == (party->*rows).end() ? nullptr : &row->second;
}

} // namespace

bool Period::overlaps(const Period& other) const {
    const auto ends_before = [](const Period& a, const Period& b) {
        return a.to && *a.to < b.from;
    };
    return !ends_before(*this, other) && !ends_before(other, *this);
}

std::string_view to_string(Status status) {
    return status == Status::draft ? "draft" : "confirmed";
}

std::string_view to_string(Inspection inspection) {
    constexpr std::string_view kWords[] = {"none", "arrival", "first_opening", "sender_report"};
    return kWords[static_cast<std::size_t>(inspection)];
}

const Party* Terms::party(std::string_view code) const {
    return find_if_or_null(parties_, [&](const Party& p) { return p.code == code; });
}

const Party* Terms::other(std::string_view code) const {
    if (party(code) == nullptr)
        return nullptr;
    return find_if_or_null(parties_, [&](const Party& p) { return p.code != code; });
}

const label::Scheme* Terms::scheme(std::string_view party_code) const {
    const Party* found = party(party_code);
    return found == nullptr ? nullptr : &found->scheme;
}

const Authority* Terms::authority(std::string_view party_code, std::string_view id) const {
    const Party* found = party(party_code);
    if (found == nullptr)
        return nullptr;
    return find_if_or_null(found->authorities, [&](const Authority& a) { return a.id == id; });
}

const Purpose* Terms::purpose(std::string_view code) const {
    return find_if_or_null(purposes_, [&](const Purpose& p) { return p.code == code; });
}

int Terms::release_persons(std::string_view party_code, std::string_view level) const {
    const int* found = by_level(party(party_code), &Party::release_persons, level);
    return found == nullptr ? 0 : *found;
}

int Terms::copies(std::string_view party_code, std::string_view level) const {
    const int* found = by_level(party(party_code), &Party::copies, level);
    return found == nullptr ? 0 : *found;
}

const DestructionRule* Terms::destruction(std::string_view party_code,
                                          std::string_view level) const {
    return by_level(party(party_code), &Party::destruction, level);
}

Names Terms::banner() const {
    if (test_mode_only())
        return {{"en", "DRAFT TERMS - TEST MODE - NO CLASSIFIED INFORMATION"},
                {"ja", "未確認の協定条件(案)- 試験モード - 秘密情報を入れないこと"},
                {"uk", "ПРОЄКТ УМОВ - ТЕСТОВИЙ РЕЖИМ - БЕЗ СЕКРЕТНОЇ ІНФОРМАЦІЇ"}};
    if (test_mode_)
        return {{"en", "TEST MODE - NO CLASSIFIED INFORMATION"},
                {"ja", "試験モード - 秘密情報を入れないこと"},
                {"uk", "ТЕСТОВИЙ РЕЖИМ - БЕЗ СЕКРЕТНОЇ ІНФОРМАЦІЇ"}};
    return {};
}

Time plus_working_days(Time from, int days) {
    Time at = from;
    while (days > 0) {
        at = at.plus_days(1);
        if (weekday(at) < 5)
            --days;
    }
    return at;
}

Time plus_months(Time from, int months) {
    using namespace std::chrono;
    const sys_seconds at{seconds(from.seconds)};
    const auto day = floor<days>(at);
    year_month_day date = year_month_day(day) + std::chrono::months(months);
    if (!date.ok())
        date = date.year() / date.month() / last;
    return {(sys_days(date) + (at - day)).time_since_epoch().count()};
}

} // namespace valise::agreement
