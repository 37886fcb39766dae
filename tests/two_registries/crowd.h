// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/random.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <thread>

namespace valise::testing {

// As a person's own machine makes it.
inline Bytes signed_act(const Side& side, const Someone& who, logbook::ActKind kind, Json content) {
    auto act =
        logbook::Act::make(kind, side.party, side.terms.digest(), side.clock.now(),
                           who.key.public_bytes(), std::move(content), crypto::random_array<16>());
    return logbook::SignedAct::make(std::move(*act), who.key)->bytes();
}

// Of somebody new.
inline Bytes enrolment(const Side& side, const Someone& by) {
    const Someone who{"Somebody"};
    return signed_act(side, by, logbook::ActKind::enrol,
                      {{"person", who.id().text()},
                       {"key", to_base64(who.key.public_bytes())},
                       {"name", who.name}});
}

// Callers who come at the same time: the first act is performed alone and lingers before the disk,
// until all others wait behind it in the order given.
class Crowd {
public:
    explicit Crowd(Side& side) : side_(side) {}

    // Asked before each change of those who waited, and before they become durable.
    std::function<bool()> crash_before = [] { return false; };
    // Done while all wait.
    std::function<void()> meanwhile = [] {};
    std::atomic<std::size_t> answered = 0;

    // An act that throws fails with test.thrown.
    std::vector<Result<registry::ActAnswer>> perform(const std::vector<Bytes>& acts) {
        using Clock = std::chrono::steady_clock;
        std::vector<Result<registry::ActAnswer>> answers(
            acts.size(), fail(Code::internal, "test.unanswered", ""));
        std::atomic<bool> first = true;
        std::atomic<bool> go = false;
        side_.journal.crash_before = [&] {
            if (!first.exchange(false))
                return crash_before();
            go.wait(false);
            return false;
        };
        const auto end = Clock::now() + std::chrono::seconds(60);
        {
            std::vector<std::jthread> callers;
            for (std::size_t i = 0; i < acts.size(); ++i) {
                std::atomic<pid_t> thread = 0;
                const std::size_t before = answered;
                callers.emplace_back([&, i] {
                    thread = gettid();
                    answers[i] = perform_one(acts[i]);
                });
                while ((thread == 0 || (i == 0 && first) || !sleeps(thread)) &&
                       answered == before && Clock::now() < end)
                    std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
            EXPECT_LT(Clock::now(), end) << "they do not wait";
            meanwhile();
            go = true;
            go.notify_all();
        }
        side_.journal.crash_before = [] { return false; };
        return answers;
    }

private:
    // Nothing else keeps a caller: as many verify at a time as there are, one by one.
    static bool sleeps(pid_t thread) {
        for (int looks = 0; looks < 3; ++looks) {
            std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/stat");
            const std::string text(std::istreambuf_iterator<char>(file), {});
            const auto name_ends = text.rfind(')');
            if (name_ends == std::string::npos || text.substr(name_ends, 3) != ") S")
                return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return true;
    }
    Result<registry::ActAnswer> perform_one(const Bytes& act) {
        Result<registry::ActAnswer> out = fail(Code::internal, "test.thrown", "");
        try {
            out = side_.registry->perform(act);
        } catch (...) { // as it was set
        }
        ++answered;
        return out;
    }

    Side& side_;
};

} // namespace valise::testing
