// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "rendering/pages.h"

#include <map>
#include <mutex>
#include <optional>

namespace valise::desk {

inline constexpr std::int64_t kReadingIdle = 5 * 60;     // seconds since a page was looked at
inline constexpr std::int64_t kReadingLongest = 30 * 60; // seconds since it was opened

// The page images that readers have before them. In memory alone, each for the session and the
// person that opened it, and wiped when it is closed, when its time is over, when the session ends
// and when the process does. Thread-safe.
class Readings {
public:
    struct Place {
        Hash32 session{};
        PersonId person;
        std::uint64_t permit = 0;
    };
    struct Known {
        std::uint64_t permit = 0;
        ItemId item;
        CopyId copy;
        Time opened;
        Time until; // when it is wiped if nobody looks
        rendering::Summary summary;
    };

    // A place for what is about to be drawn: given back by keep() or give_up(). A person's oldest
    // goes where they have too many. Errors: unavailable desk.readings_full.
    Result<void> reserve(const PersonId& person);
    void give_up();
    void keep(const Place& place, const ItemId& item, const CopyId& copy, rendering::Shown shown,
              Time now);

    // Nothing: no such reading of this session and person, or it was wiped.
    std::optional<Known> known(const Place& place, Time now);
    // A copy, which the answer to the browser is made of. `page` counts from 1.
    std::optional<Bytes> page(const Place& place, std::uint32_t page, Time now);
    std::vector<Known> all_of(const Hash32& session, const PersonId& person, Time now);

    bool end(const Place& place);
    void end_of_session(const Hash32& session);
    void end_of(const PersonId& person);
    void wipe_what_ran_out(Time now);

private:
    struct Reading {
        Place place;
        Known known;
        Time seen;
        std::vector<rendering::PageImage> pages;
        std::size_t bytes = 0;
    };
    Reading* find(const Place& place, Time now);
    void drop_oldest_of(const PersonId& person, std::size_t most);

    std::mutex mutex_;
    std::vector<Reading> readings_;
    std::size_t drawing_ = 0;
};

} // namespace valise::desk
