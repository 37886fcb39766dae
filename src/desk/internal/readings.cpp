// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/readings.h"

#include <algorithm>

namespace valise::desk {

namespace {

constexpr std::size_t kMostReadings = 256; // as many as the desks take connections
constexpr std::size_t kMostOfPerson = 2;
constexpr std::size_t kMostDrawn = 4; // at the same time, of as many persons
constexpr std::size_t kMostBytes = std::size_t{2} << 30;

bool ran_out(const Readings::Known& known, Time seen, Time now) {
    return seen.plus_seconds(kReadingIdle) < now ||
           known.opened.plus_seconds(kReadingLongest) < now;
}

} // namespace

Readings::Ticket::~Ticket() {
    if (readings_ == nullptr)
        return;
    const std::scoped_lock lock(readings_->mutex_);
    std::erase_if(readings_->drawing_, [&](const Drawing& one) { return one.place == place_; });
}

bool Readings::Ticket::cancelled() const {
    const std::scoped_lock lock(readings_->mutex_);
    return std::ranges::any_of(readings_->drawing_, [&](const Drawing& one) {
        return one.place == place_ && one.cancelled;
    });
}

Result<Readings::Ticket> Readings::reserve(const Place& place) {
    const std::scoped_lock lock(mutex_);
    for (const Drawing& one : drawing_)
        if (one.place.person == place.person)
            return fail(Code::conflict, "desk.reading_drawn",
                        "this document, or another of yours, is being drawn");
    drop_oldest_of(place.person, kMostOfPerson - 1);
    std::size_t bytes = drawing_.size() * rendering::kMaxAnswer;
    for (const Reading& one : readings_)
        bytes += one.bytes;
    if (drawing_.size() >= kMostDrawn || readings_.size() + drawing_.size() >= kMostReadings ||
        bytes >= kMostBytes)
        return fail(Code::unavailable, "desk.readings_full",
                    "as many documents are open as this registry shows at once");
    drawing_.push_back({place});
    return Ticket(*this, place);
}

bool Readings::keep(Ticket ticket, const ItemId& item, const CopyId& copy,
                    registry::Registry::DeskReading signed_for, rendering::Shown shown, Time now) {
    const Place place = ticket.place_;
    Reading one{place,
                {place.permit, item, copy, now, now, shown.summary, std::move(signed_for)},
                now,
                {},
                0};
    one.pages = std::move(shown.pages);
    for (const auto& page : one.pages)
        one.bytes += page.png.size();
    const std::scoped_lock lock(mutex_);
    const auto at = std::ranges::find(drawing_, place, &Drawing::place);
    if (at == drawing_.end() || at->cancelled)
        return false;
    drawing_.erase(at);
    drop_oldest_of(place.person, kMostOfPerson - 1);
    readings_.push_back(std::move(one));
    return true;
}

Readings::Reading* Readings::find(const Place& place, Time now) {
    for (auto at = readings_.begin(); at != readings_.end(); ++at) {
        if (!(at->place == place))
            continue;
        if (ran_out(at->known, at->seen, now)) {
            readings_.erase(at);
            return nullptr;
        }
        at->seen = std::max(at->seen, now);
        at->known.until = std::min(at->seen.plus_seconds(kReadingIdle),
                                   at->known.opened.plus_seconds(kReadingLongest));
        return &*at;
    }
    return nullptr;
}

std::optional<Readings::Known> Readings::known(const Place& place, Time now) {
    const std::scoped_lock lock(mutex_);
    const Reading* found = find(place, now);
    return found == nullptr ? std::nullopt : std::optional(found->known);
}

std::optional<Bytes> Readings::page(const Place& place, std::uint32_t page, Time now) {
    const std::scoped_lock lock(mutex_);
    const Reading* found = find(place, now);
    if (found == nullptr || page == 0 || page > found->pages.size())
        return std::nullopt;
    return to_bytes(found->pages[page - 1].png.read(SecretAccess::because("to its reader")));
}

std::vector<Readings::Known> Readings::all_of(const Hash32& session, const PersonId& person,
                                              Time now) {
    const std::scoped_lock lock(mutex_);
    std::vector<Known> out;
    for (const Reading& one : readings_)
        if (one.place.session == session && one.place.person == person &&
            !ran_out(one.known, one.seen, now))
            out.push_back(one.known);
    return out;
}

bool Readings::end(const Place& place) {
    const std::scoped_lock lock(mutex_);
    return std::erase_if(readings_, [&](const Reading& one) { return one.place == place; }) > 0;
}

void Readings::end_where(const std::function<bool(const Place&)>& which) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(readings_, [&](const Reading& one) { return which(one.place); });
    for (Drawing& one : drawing_)
        one.cancelled = one.cancelled || which(one.place);
}

void Readings::end_of_session(const Hash32& session) {
    end_where([&](const Place& place) { return place.session == session; });
}

void Readings::end_of(const PersonId& person) {
    end_where([&](const Place& place) { return place.person == person; });
}

void Readings::wipe(Time now, const std::function<bool(const Place&, const Known&)>& holds) {
    std::vector<std::pair<Place, Known>> all;
    {
        const std::scoped_lock lock(mutex_);
        std::erase_if(readings_,
                      [&](const Reading& one) { return ran_out(one.known, one.seen, now); });
        for (const Reading& one : readings_)
            all.emplace_back(one.place, one.known);
    }
    for (const auto& [place, known] : all)
        if (!holds(place, known))
            end(place);
}

void Readings::drop_oldest_of(const PersonId& person, std::size_t most) {
    const auto theirs = [&](const Reading& one) { return one.place.person == person; };
    while (static_cast<std::size_t>(std::ranges::count_if(readings_, theirs)) > most)
        readings_.erase(std::ranges::find_if(readings_, theirs)); // they stand in order
}

} // namespace valise::desk
