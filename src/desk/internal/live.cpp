// SPDX-License-Identifier: Apache-2.0
#include "base/codec/json.h"
#include "desk/internal/desks.h"

#include <algorithm>
#include <condition_variable>
#include <thread>

// What is under way, told to a page that lies open: server-sent events. Without script the same
// stands on the page when it is loaded again.
namespace valise::desk {

namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 500ms;
constexpr auto kBreath = 15s; // a comment, so that nothing between takes the line for dead
// A stream counts as one look at the page: it ends before the session would, and is not renewed by
// itself, so that a desk that everybody left is not kept open by its own script.
constexpr auto kLongest = 10min;

class Told : public ByteSource {
public:
    Told(House& house, const Hash32& session, Streams::Place place)
        : house_(house), session_(session), place_(std::move(place)),
          ends_(std::chrono::steady_clock::now() + kLongest) {}

    Result<std::size_t> read(std::span<Byte> out) override {
        auto spoke = std::chrono::steady_clock::now();
        while (true) {
            const auto now = std::chrono::steady_clock::now();
            if (now >= ends_ || house_.closing || place_.ended() ||
                !house_.sessions.lives(session_))
                return 0;
            auto seen = house_.registry.transfers();
            if (!first_ && seen == seen_ && now - spoke < kBreath) {
                std::this_thread::sleep_for(kLook);
                continue;
            }
            const std::string text = !first_ && seen == seen_ ? std::string(":\n\n") : event(seen);
            first_ = false;
            seen_ = std::move(seen);
            if (text.size() > out.size())
                return fail(Code::limit, "desk.live", "more is under way than one event holds");
            std::ranges::copy(view(text), out.begin());
            return text.size();
        }
    }

private:
    static std::string event(const std::vector<registry::Transfer>& seen) {
        Json all = Json::array();
        for (const auto& one : seen) {
            if (all.size() == kMost)
                break;
            all.push_back({{"dispatch", one.dispatch.text()},
                           {"durable_bytes", one.durable_bytes},
                           {"payload_bytes", one.payload_bytes}});
        }
        return "data: " + canonical_json({{"transfers", std::move(all)}}) + "\n\n";
    }

    static constexpr std::size_t kMost = 200; // as many as a page lists
    House& house_;
    Hash32 session_;
    Streams::Place place_;
    std::chrono::steady_clock::time_point ends_;
    std::vector<registry::Transfer> seen_;
    bool first_ = true;
};

} // namespace

std::optional<Streams::Place> Streams::take(const Hash32& session) {
    const std::scoped_lock lock(mutex_);
    if (open_.size() >= kMost)
        return std::nullopt;
    const auto theirs = [&](const Open& one) { return one.session == session && !one.ended; };
    if (std::ranges::count_if(open_, theirs) >= kMostOfSession)
        std::ranges::find_if(open_, theirs)->ended = true;
    open_.push_back({session, ++next_, false});
    return Place(*this, next_);
}

Streams::Place::~Place() {
    if (streams_ == nullptr)
        return;
    const std::scoped_lock lock(streams_->mutex_);
    std::erase_if(streams_->open_, [&](const Open& one) { return one.number == number_; });
}

bool Streams::Place::ended() const {
    const std::scoped_lock lock(streams_->mutex_);
    return std::ranges::any_of(streams_->open_,
                               [&](const Open& one) { return one.number == number_ && one.ended; });
}

Answer progress_stream(Visit& visit) {
    auto place = visit.house.streams.take(visit.who->key);
    if (!place)
        return fail(Code::unavailable, "desk.live", "as many pages are told of progress as can be");
    HttpResponse out;
    out.content_type = "text/event-stream";
    out.headers["cache-control"] = "no-store";
    out.stream = std::make_shared<Told>(visit.house, visit.who->key, std::move(*place));
    return out;
}

} // namespace valise::desk
