// SPDX-License-Identifier: Apache-2.0
#include "logbook/event.h"
#include "logbook/internal/fold.h"
#include "logbook/shredding.h"

#include <charconv>

// Openings that are shredded by a signed act. The state keeps which and why: a skeleton cannot show
// that its opening was ever there.
namespace valise::logbook {
namespace {

constexpr std::int64_t kDaySeconds = std::int64_t{24} * 3600;
constexpr std::size_t kMaxDigits = 15;

} // namespace

std::int64_t day_of(Time time) {
    return time.seconds / kDaySeconds;
}

Result<std::vector<std::uint64_t>> parse_event_numbers(std::string_view text) {
    const auto bad = [] {
        return fail(Code::invalid, "logbook.event_numbers",
                    "expected one to 32 numbers of events in order, separated by commas");
    };
    std::vector<std::uint64_t> out;
    for (;;) {
        const std::string_view word = text.substr(0, text.find(','));
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (error != std::errc() || end != word.data() + word.size() || word.size() > kMaxDigits ||
            std::to_string(number) != word || (!out.empty() && number <= out.back()) ||
            out.size() == kMaxShredded)
            return bad();
        out.push_back(number);
        if (word.size() == text.size())
            return out;
        text.remove_prefix(word.size() + 1);
    }
}

bool never_shredded(ActKind kind) {
    switch (kind) {
    case ActKind::found:
    case ActKind::pair:
    case ActKind::adopt_terms:
    case ActKind::put_in_force:
    case ActKind::shred:
    case ActKind::recover:
        return true;
    default:
        return false;
    }
}

bool shreds(const Act& act, const Skeleton& event) {
    return act.optional_field("of") == std::string(to_string(event.kind())) &&
           act.optional_field("item").value_or("") == event.id("item");
}

// Whether an event is of the kind and item that the act names, only a reader of the whole log can
// tell (audit::Replay); the state holds no skeletons.
Result<void> Fold::permit_shredding() {
    TRY_ASSIGN(const auto events, parse_event_numbers(fact("events")));
    for (const std::uint64_t event : events) {
        if (event >= e_.seq())
            return unknown_id("the event that is to be shredded");
        if (std::as_const(s_.shredded_).contains(event))
            return known_id("the shredding of an event");
        if (std::as_const(s_.permits_).contains(event))
            return fail(Code::conflict, "logbook.no_transition",
                        "an event without its outcome is not shredded");
    }
    for (const std::uint64_t event : events)
        s_.shredded_[event] = {e_.seq(), fact("basis"), false};
    return {};
}

Result<void> Fold::shredded() {
    TRY_ASSIGN(const auto events, parse_event_numbers(fact("events")));
    for (const std::uint64_t event : events)
        s_.shredded_[event].done = true;
    return {};
}

Result<void> Fold::shredding_failed() {
    TRY_ASSIGN(const auto events, parse_event_numbers(fact("events")));
    for (const std::uint64_t event : events)
        s_.shredded_.erase(event);
    return {};
}

// The log is dated by minutes and the state keeps days: an opening counts as recorded at the end of
// its day, so that none goes too early.
Time State::recorded_by(std::uint64_t event) const {
    const auto day = days_.lower_bound(~event);
    if (day == days_.end())
        return last_minute_;
    const Time end{(day_of(day->second) + 1) * kDaySeconds - 1};
    return std::min(end, last_minute_);
}

} // namespace valise::logbook
