// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace valise::desk {

// Who is told of progress: each holds a connection, of which the desks have 256. A browser that
// went to another page is noticed only when something is written to it, so a session's newest
// streams take the place of its oldest. Thread-safe.
class Streams {
public:
    static constexpr std::size_t kMost = 64;
    static constexpr std::ptrdiff_t kMostOfSession = 2;

    // Given back when it goes.
    class Place {
    public:
        Place(Place&& other) noexcept
            : streams_(std::exchange(other.streams_, nullptr)), number_(other.number_) {}
        Place& operator=(Place&&) = delete;
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place();
        // Another of the same session took its place.
        bool ended() const;

    private:
        friend class Streams;
        Place(Streams& streams, std::uint64_t number) : streams_(&streams), number_(number) {}
        Streams* streams_;
        std::uint64_t number_;
    };
    std::optional<Place> take(const Hash32& session); // nothing: no room

private:
    struct Open {
        Hash32 session{};
        std::uint64_t number = 0;
        bool ended = false;
    };
    std::mutex mutex_;
    std::vector<Open> open_; // in the order in which they came
    std::uint64_t next_ = 0;
};

} // namespace valise::desk
