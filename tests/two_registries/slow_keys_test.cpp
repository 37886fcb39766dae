// SPDX-License-Identifier: Apache-2.0
#include "two_registries/crowd.h"
#include "two_registries/through_keys.h"

#include <gtest/gtest.h>

#include <condition_variable>

// A key process that is slower than those who act, or away.
namespace valise::testing {
namespace {

using logbook::ActKind;
using namespace std::chrono_literals;

class SlowKeys : public ::testing::Test {
protected:
    SlowKeys() {
        side.crash();
        side.in_front = &keys;
        side.start();
    }
    ~SlowKeys() override { side.crash(); } // before the keys that it asks

    void act(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            ASSERT_TRUE(side.registry->perform(enrolment(side, side.control_officer)));
    }

    Side side{"JPN", read_terms("jpn-ukr.toml")};
    ThroughKeys keys{*side.keys};
};

// While it reads a page, as many acts come as fill the next one: it would read for ever.
TEST_F(SlowKeys, TheLogIsSignedAlthoughActsComeFasterThanTheyAreRead) {
    constexpr std::size_t kPage = vault::kMaxShownEvents;
    constexpr int kRounds = 5;
    std::mutex mutex;
    std::condition_variable changed;
    int wanted = 0, given = 0, read_when_signed = 0, read = 0;
    std::jthread others([&](const std::stop_token& stop) {
        std::unique_lock lock(mutex);
        while (given < kRounds) {
            changed.wait_for(lock, 10ms, [&] { return wanted > given; });
            if (stop.stop_requested())
                return;
            if (wanted <= given)
                continue;
            lock.unlock();
            act(kPage);
            lock.lock();
            ++given;
            changed.notify_all();
        }
    });
    act(kPage + 10);
    keys.before_record = [&] {
        std::unique_lock lock(mutex);
        ++read;
        wanted = std::min(kRounds, wanted + 1);
        changed.notify_all();
        // Under the sequencer nobody can act: then there is nothing to wait for.
        changed.wait_for(lock, 3s, [&] { return given >= wanted; });
    };
    keys.before_sign = [&] {
        const std::scoped_lock lock(mutex);
        if (read_when_signed == 0)
            read_when_signed = read;
        keys.before_record = [] {};
    };
    ASSERT_TRUE(side.registry->tick());
    EXPECT_GT(read_when_signed, 0);
    EXPECT_LE(read_when_signed, 3) << "what it knew at first, and what came meanwhile";
    others.request_stop();
    others.join();
    EXPECT_LT(given, kRounds);
    ASSERT_TRUE(side.registry->tick());
}

TEST_F(SlowKeys, WhatNeedsNoKeyIsDoneWithoutThem) {
    const std::string purpose = side.terms.purposes().front().code;
    const Someone author{"Author"}, witness{"Witness"};
    const Time later = side.clock.now().plus_days(100);
    for (const Someone* who : {&author, &witness}) {
        side.enrol(*who);
        side.clear(*who, "kimitsu", later);
    }
    side.clear(side.control_officer, "kimitsu", later);
    side.appoint(author, "originator");
    const ItemId item = side.enter(author, to_bytes("text"), "gokuhi", purpose);
    const std::string copy = side.registry->state().copies_of(item).front().id.text();
    act(vault::kMaxShownEvents);
    const Json named = {{"item", item.text()}, {"copy", copy}, {"method", "erasure"}};
    side.act(witness, ActKind::witness_destruction, named);
    Json destruction = named;
    destruction.update({{"reference", "review of 2026"}, {"place", "room 2"}});
    side.journal.crash_after = [&] {
        const auto events = side.journal.events(0, 10'000);
        return logbook::Skeleton::parse(events->back().skeleton)->kind() == ActKind::destroy;
    };
    EXPECT_THROW(side.act(side.control_officer, ActKind::destroy, destruction), Crash);
    side.journal.crash_after = [] { return false; };
    side.crash();
    side.start();
    act(vault::kMaxShownEvents);
    ASSERT_EQ(side.blobs.whole.size(), 1U);
    keys.down = true;
    const auto ticked = side.registry->tick();
    ASSERT_FALSE(ticked);
    EXPECT_EQ(ticked.error().reason(), "adapters.keys_down");
    EXPECT_TRUE(side.blobs.whole.empty()) << "the permitted destruction waits for a signature";
    keys.down = false;
    EXPECT_TRUE(side.registry->tick());
}

} // namespace
} // namespace valise::testing
