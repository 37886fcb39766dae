// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/registry.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <span>

namespace valise::registry {

// Acts of persons who come while others wait for the disk: they wait together, and one of them
// performs all of them, in the order in which they joined.
class Gathering {
public:
    struct Waiting {
        const logbook::SignedAct* act = nullptr;
        std::optional<Result<ActAnswer>> answer;
        std::exception_ptr thrown;

    private:
        friend class Gathering;
        std::condition_variable wake;
        bool leads = false;
        bool done = false;
    };

    // So that those who come first are not kept waiting by a crowd behind them.
    static constexpr std::size_t kMost = 256;

    // Returns when `mine` is answered, by `perform` of this call or of another. What `perform`
    // throws is the answer to all whom it was to answer: none of them may have been recorded.
    template<class Perform> void take_part(Waiting& mine, Perform perform) {
        std::vector<Waiting*> together;
        together.reserve(kMost); // before anybody counts on this call: memory may be short
        std::unique_lock lock(mutex_);
        queue_.push_back(&mine);
        if (led_)
            mine.wake.wait(lock, [&] { return mine.done || mine.leads; });
        if (mine.done)
            return;
        led_ = true;
        const auto end =
            queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), kMost));
        together.assign(queue_.begin(), end);
        queue_.erase(queue_.begin(), end);
        lock.unlock();
        try {
            perform(std::span(together));
        } catch (...) {
            for (Waiting* one : together)
                one->thrown = std::current_exception();
        }
        lock.lock();
        for (Waiting* one : together) {
            one->done = true;
            one->wake.notify_one(); // under the lock: afterwards it may be gone
        }
        led_ = !queue_.empty();
        if (led_) {
            queue_.front()->leads = true;
            queue_.front()->wake.notify_one();
        }
    }

private:
    std::mutex mutex_;
    std::deque<Waiting*> queue_;
    bool led_ = false; // somebody performs, or was told to
};

} // namespace valise::registry
