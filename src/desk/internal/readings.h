// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "registry/registry.h"
#include "rendering/pages.h"

#include <functional>
#include <mutex>
#include <optional>

namespace valise::desk {

inline constexpr std::int64_t kReadingIdle = 5 * 60;     // seconds since a page was looked at
inline constexpr std::int64_t kReadingLongest = 30 * 60; // seconds since it was opened

// The page images that readers have before them. In memory alone, each for the session and the
// person that opened it, and wiped when it is closed, when its time is over, when the session ends,
// when its reader may not read it any more and when the process ends. Thread-safe.
class Readings {
public:
    struct Place {
        Hash32 session{};
        PersonId person;
        std::uint64_t permit = 0;
        bool operator==(const Place&) const = default;
    };
    struct Known {
        std::uint64_t permit = 0;
        ItemId item;
        CopyId copy;
        Time opened;
        Time until; // when it is wiped if nobody looks
        rendering::Summary summary;
        registry::Registry::DeskReading signed_for; // by which it is decided anew
    };
    // Room for one document while it is drawn; given back when it goes, however that comes.
    class Ticket {
    public:
        Ticket(Ticket&& other) noexcept
            : readings_(std::exchange(other.readings_, nullptr)), place_(other.place_) {}
        Ticket& operator=(Ticket&&) = delete;
        Ticket(const Ticket&) = delete;
        Ticket& operator=(const Ticket&) = delete;
        ~Ticket();
        // The session or the account ended meanwhile.
        bool cancelled() const;

    private:
        friend class Readings;
        Ticket(Readings& readings, const Place& place) : readings_(&readings), place_(place) {}
        Readings* readings_;
        Place place_;
    };

    // One document at a time for a person, so that nobody takes all the room; a person's oldest
    // goes where they have too many. Errors: conflict desk.reading_drawn, unavailable
    // desk.readings_full.
    Result<Ticket> reserve(const Place& place);
    // False: the ticket was cancelled, and the images are gone.
    bool keep(Ticket ticket, const ItemId& item, const CopyId& copy,
              registry::Registry::DeskReading signed_for, rendering::Shown shown, Time now);

    // Nothing: no such reading of this session and person, or it was wiped.
    std::optional<Known> known(const Place& place, Time now);
    // A copy, which the answer to the browser is made of. `page` counts from 1.
    std::optional<Bytes> page(const Place& place, std::uint32_t page, Time now);
    std::vector<Known> all_of(const Hash32& session, const PersonId& person, Time now);

    bool end(const Place& place);
    void end_of_session(const Hash32& session);
    void end_of(const PersonId& person);
    // What ran out, and what does not `hold` any more; `holds` is asked without the lock.
    void wipe(Time now, const std::function<bool(const Place&, const Known&)>& holds);

private:
    struct Reading {
        Place place;
        Known known;
        Time seen;
        std::vector<rendering::PageImage> pages;
        std::size_t bytes = 0;
    };
    struct Drawing {
        Place place;
        bool cancelled = false;
    };
    Reading* find(const Place& place, Time now);
    void drop_oldest_of(const PersonId& person, std::size_t most);
    void end_where(const std::function<bool(const Place&)>& which);

    mutable std::mutex mutex_;
    std::vector<Reading> readings_;
    std::vector<Drawing> drawing_;
};

} // namespace valise::desk
