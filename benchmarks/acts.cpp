// SPDX-License-Identifier: Apache-2.0
// valise-acts FOLDER TERMS KIND CALLERS SECONDS
// Acts of many callers at one registry with its database on the disk: signed, verified, decided,
// recorded, durable (E0), while another thread has the key process sign the log once a second (E1).
// Prints one line of JSON.
#include "crypto/random.h"
#include "register.h"
#include "tlog/checkpoint.h"
#include "world.h"

#include <charconv>
#include <mutex>
#include <thread>

namespace valise::bench {

using logbook::ActKind;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t kItems = 1000; // that are granted, one after the other

double milliseconds(Clock::duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

Json spread(std::vector<double> times) {
    if (times.empty())
        return nullptr;
    std::ranges::sort(times);
    const auto at = [&](std::size_t percent) {
        return times[std::min(times.size() - 1, times.size() * percent / 100)];
    };
    return {
        {"p50_ms", at(50)}, {"p99_ms", at(99)}, {"max_ms", times.back()}, {"times", times.size()}};
}

// When which event was asked for, until the log that holds it is signed.
class UntilSigned {
public:
    void add(Clock::time_point asked, std::uint64_t seq) {
        const std::scoped_lock lock(mutex_);
        waiting_.push_back({asked, seq});
    }
    void signed_up_to(std::uint64_t size) {
        const auto now = Clock::now();
        const std::scoped_lock lock(mutex_);
        std::erase_if(waiting_, [&](const auto& one) {
            if (one.second >= size)
                return false;
            times_.push_back(milliseconds(now - one.first));
            return true;
        });
    }
    Json times() const { return spread(times_); }
    void forget() {
        const std::scoped_lock lock(mutex_);
        waiting_.clear();
    }

private:
    std::mutex mutex_;
    std::vector<std::pair<Clock::time_point, std::uint64_t>> waiting_;
    std::vector<double> times_;
};

class Crowd {
public:
    Crowd(Office& office, registry::Registry& registry) : office_(office), registry_(registry) {}

    // Persons sign on their own machines: made before the clock runs.
    std::vector<Bytes> acts(ActKind kind, std::size_t count) {
        const std::string label =
            to_base64(view(label_of(office_.terms, "guarded", office_.clock.at)));
        std::vector<Bytes> out;
        for (std::size_t i = 0; i < count; ++i)
            out.push_back(kind == ActKind::enter ? entry(label) : grant(i));
        return out;
    }

    // Every caller has one act under way. Milliseconds of each.
    std::vector<double> perform(const std::vector<Bytes>& acts, std::size_t callers,
                                double seconds) {
        std::vector<double> times;
        std::mutex mutex;
        std::atomic<std::size_t> next = 0;
        const auto end = Clock::now() + std::chrono::duration<double>(seconds);
        const auto call = [&] {
            std::vector<double> mine;
            for (std::size_t i = next++; i < acts.size() && Clock::now() < end; i = next++) {
                const auto begin = Clock::now();
                const auto answer = must(registry_.perform(acts[i]));
                mine.push_back(milliseconds(Clock::now() - begin));
                if (!answer.decision.permitted()) {
                    std::fputs((answer.decision.reason() + "\n").c_str(), stderr);
                    std::abort();
                }
                until_signed.add(begin, answer.outcome.value_or(answer.seq));
            }
            const std::scoped_lock lock(mutex);
            times.insert(times.end(), mine.begin(), mine.end());
        };
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < callers; ++i)
                threads.emplace_back(call);
        }
        return times;
    }

    void enter_items(std::size_t count) {
        for (const auto& [id, item] : registry_.state().items())
            items_.push_back(id.text());
        if (items_.size() >= count)
            return;
        perform(acts(ActKind::enter, count - items_.size()), 64, 600);
        items_.clear();
        for (const auto& [id, item] : registry_.state().items())
            items_.push_back(id.text());
    }

    UntilSigned until_signed;

private:
    Bytes entry(const std::string& label) {
        return office_.act(office_.author, ActKind::enter,
                           {{"item", ItemId::of(crypto::random_bytes(10)).text()},
                            {"level", "guarded"},
                            {"purpose", kPurpose},
                            {"title", "One more"},
                            {"label", label},
                            {"form", "paper"},
                            {"pages", 12},
                            {"authority", "xex-office"}});
    }
    Bytes grant(std::size_t number) {
        return office_.act(office_.officer, ActKind::grant,
                           {{"person", id_of(office_.reader).text()},
                            {"item", items_.at(number % items_.size())},
                            {"purpose", kPurpose},
                            {"until", office_.clock.at.plus_days(30).text()}});
    }

    Office& office_;
    registry::Registry& registry_;
    std::vector<std::string> items_;
};

// As the daemon does it, and counted: a log that is not signed meanwhile leaves out the work that
// its rate should bear.
class Ticking {
public:
    Ticking(registry::Registry& registry, UntilSigned& waiting)
        : registry_(registry), waiting_(waiting),
          thread_([this](const std::stop_token& stop) { run(stop); }) {}

    std::size_t checkpoints() const { return checkpoints_; } // of another size than the one before
    std::uint64_t signed_size() const { return size_; }
    // Ends it, and signs what is left.
    void finish() {
        thread_.request_stop();
        thread_.join();
        tick();
    }

private:
    void tick() {
        must(registry_.tick());
        const std::string note = registry_.checkpoint(registry::LogName::private_log);
        const auto size = must(tlog::SignedCheckpoint::parse(view(note))).claimed_size();
        waiting_.signed_up_to(size);
        checkpoints_ += size != size_ ? 1 : 0;
        size_ = size;
    }
    void run(const std::stop_token& stop) {
        for (auto next = Clock::now(); !stop.stop_requested();) {
            tick();
            next += std::chrono::seconds(1);
            while (!stop.stop_requested() && Clock::now() < next)
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }

    registry::Registry& registry_;
    UntilSigned& waiting_;
    std::atomic<std::size_t> checkpoints_ = 0;
    std::atomic<std::uint64_t> size_ = 0;
    std::jthread thread_; // last: it uses all others
};

} // namespace

Json measure_acts(const std::filesystem::path& folder, const std::string& terms_file, ActKind kind,
                  std::size_t callers, double seconds) {
    Office office(folder, terms_file);
    const auto registry =
        must(registry::Registry::open(office.ports(*office.vault), office.setup()));
    if (registry->state().person(id_of(office.reader)) == nullptr)
        take_office(office, *registry);
    Crowd crowd(office, *registry);
    crowd.enter_items(kItems);
    must(registry->tick());
    crowd.until_signed.forget();
    const auto acts = crowd.acts(kind, static_cast<std::size_t>(12'000 * seconds));
    Json out = {{"kind", logbook::to_string(kind)}, {"callers", callers}};
    const std::uint64_t events = registry->state().next_seq();
    std::vector<double> times;
    {
        Ticking ticking(*registry, crowd.until_signed);
        const double took = seconds_of([&] { times = crowd.perform(acts, callers, seconds); });
        out["checkpoints"] = ticking.checkpoints();
        out["unsigned_events"] = registry->state().next_seq() - ticking.signed_size();
        const double drain = seconds_of([&] { ticking.finish(); });
        out["drain_seconds"] = drain;
        out["rate_until_signed"] = static_cast<double>(times.size()) / (took + drain);
        out["acts"] = times.size();
        out["seconds"] = took;
        out["rate"] = static_cast<double>(times.size()) / took;
    }
    out["events"] = registry->state().next_seq() - events;
    out["e0"] = spread(std::move(times));
    out["e1"] = crowd.until_signed.times();
    out["peak_rss_mib"] = peak_rss_mib();
    return out;
}

} // namespace valise::bench

int main(int count, char** words) {
    using namespace valise;
    const auto number = [&](int at) {
        std::size_t out = 0;
        const std::string_view text = count > at ? words[at] : "";
        std::from_chars(text.data(), text.data() + text.size(), out);
        return out;
    };
    const auto kind = logbook::parse_act_kind(count > 3 ? words[3] : "");
    if (count != 6 || !kind || number(4) == 0 || number(5) == 0) {
        std::fputs("usage: valise-acts FOLDER TERMS grant|enter CALLERS SECONDS\n", stderr);
        return 2;
    }
    std::puts(
        bench::measure_acts(words[1], words[2], *kind, number(4), static_cast<double>(number(5)))
            .dump()
            .c_str());
    return 0;
}
