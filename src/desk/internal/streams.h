// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace valise::desk {

// Who is told of progress: each holds a connection, of which the desks have 256. Thread-safe.
class Streams {
public:
    static constexpr std::size_t kMost = 64;
    static constexpr std::ptrdiff_t kMostOfSession = 2;

    // Given back when it goes.
    class Place {
    public:
        Place(Place&& other) noexcept
            : streams_(std::exchange(other.streams_, nullptr)), session_(other.session_) {}
        Place& operator=(Place&&) = delete;
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place();

    private:
        friend class Streams;
        Place(Streams& streams, const Hash32& session) : streams_(&streams), session_(session) {}
        Streams* streams_;
        Hash32 session_;
    };
    std::optional<Place> take(const Hash32& session); // nothing: no room

private:
    std::mutex mutex_;
    std::vector<Hash32> open_;
};

} // namespace valise::desk
