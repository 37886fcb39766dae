// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/pipeline.h"

#include "base/secret.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace valise::envelope {
namespace {

class Pipeline {
public:
    Pipeline(unsigned workers, const PipelineSteps& steps)
        : steps_(steps), workers_(workers),
          places_(std::min<std::size_t>(kMaxSlots, std::size_t{workers} * 2 + 2)) {}

    ~Pipeline() {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
        }
        work_there_.notify_all();
        threads_.clear(); // joins
        for (Place& place : places_) {
            // A short last segment may lie over the rest of an earlier one.
            place.slot.buffer.resize(place.slot.buffer.capacity());
            wipe(place.slot.buffer);
        }
    }
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    Result<void> run() {
        bool more = true;
        std::uint64_t filled = 0;
        for (std::uint64_t drained = 0;; ++drained) {
            while (more && filled - drained < places_.size()) {
                Place& place = places_[filled % places_.size()];
                place.slot.index = filled;
                TRY_ASSIGN(more, steps_.fill(place.slot));
                if (!more)
                    break;
                if (++filled == 2)
                    start(places_[0]);
                if (filled >= 2)
                    submit(place);
            }
            if (drained == filled)
                return {};
            Place& place = places_[drained % places_.size()];
            TRY(result_of(place));
            TRY(steps_.drain(place.slot));
        }
    }

private:
    struct Place {
        Slot slot;
        std::optional<Result<void>> result;
    };

    // A second segment is there, so threads are worth starting.
    void start(Place& first) {
        try {
            for (unsigned i = 0; i < workers_; ++i)
                threads_.emplace_back([this, i] { serve(i); });
        } catch (const std::system_error&) { // NOLINT(bugprone-empty-catch)
            // Fewer threads than wished for; with none, result_of() does the work itself.
        }
        submit(first);
    }

    void submit(Place& place) {
        {
            const std::lock_guard lock(mutex_);
            place.result.reset();
            queue_.push_back(&place);
        }
        work_there_.notify_one();
    }

    void serve(unsigned worker) {
        std::unique_lock lock(mutex_);
        while (true) {
            work_there_.wait(lock, [&] { return stop_ || !queue_.empty(); });
            if (stop_)
                return;
            Place* place = queue_.front();
            queue_.pop_front();
            lock.unlock();
            Result<void> result = steps_.work(worker, place->slot);
            lock.lock();
            place->result = std::move(result);
            done_.notify_one();
        }
    }

    Result<void> result_of(Place& place) {
        if (threads_.empty())
            return steps_.work(0, place.slot);
        std::unique_lock lock(mutex_);
        done_.wait(lock, [&] { return place.result.has_value(); });
        return *place.result;
    }

    const PipelineSteps& steps_;
    unsigned workers_;
    std::vector<Place> places_;
    std::mutex mutex_;
    std::condition_variable work_there_;
    std::condition_variable done_;
    std::deque<Place*> queue_;
    bool stop_ = false;
    std::vector<std::jthread> threads_;
};

} // namespace

unsigned worker_count(unsigned wanted) {
    const unsigned cores = wanted != 0 ? wanted : std::thread::hardware_concurrency();
    return std::clamp(cores, 1U, static_cast<unsigned>(kMaxSlots));
}

Result<void> run_pipeline(unsigned workers, const PipelineSteps& steps) {
    Pipeline pipeline(workers, steps);
    return pipeline.run();
}

} // namespace valise::envelope
