// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/sample.h"
#include "logbook/landmarks.h"

#include <gtest/gtest.h>

#include <random>

namespace valise::logbook {
namespace {

// A log of random entries, failures, stores, moves of class, openings and refusals, several of them
// to a minute and some minutes apart.
class RandomLog {
public:
    explicit RandomLog(unsigned seed) : random_(seed) {
        sample::Story story;
        EXPECT_TRUE(sample::up_to_entry(story, {}));
        EXPECT_TRUE(sample::whole_sending(story, {}));
        EXPECT_TRUE(sample::whole_receiving(story, {}));
        for (const Event& event : story.events) {
            minute_ = event.skeleton.minute();
            take(event.skeleton);
        }
        safe_ = ContainerId::of(sample::ten(0x60)).text();
        add(ActKind::container, Stage::permitted, {{"container", safe_}},
            {{"level", "gokuhi"}, {"access", sample::Cast().officer}});
    }

    void grow(int steps) {
        for (int step = 0; step < steps; ++step) {
            if (random_() % 3 == 0)
                minute_ = minute_.plus_seconds(60 * static_cast<std::int64_t>(random_() % 4));
            one();
        }
    }

    std::vector<Skeleton> all;
    State state;
    Chronicle chronicle;
    std::vector<Landmarks*> ladders;

private:
    void one() {
        if (entered_.empty() || random_() % 2 == 0)
            return enter();
        const auto& [item, copy] = entered_[random_() % entered_.size()];
        switch (random_() % 4) {
        case 0:
            add(ActKind::store, Stage::permitted,
                {{"item", item}, {"copy", copy}, {"container", safe_}}, {});
            break;
        case 1:
            add(ActKind::change_class, Stage::permitted, {{"item", item}}, {{"level", "kimitsu"}});
            break;
        case 2: {
            const std::uint64_t permit = state.next_seq();
            const TextMap ids = {{"item", item}, {"copy", copy}};
            if (add(ActKind::open, Stage::permitted, ids, {{"purpose", "liaison"}}))
                add(ActKind::open, random_() % 3 == 0 ? Stage::failed : Stage::done, ids, {},
                    permit);
            break;
        }
        default:
            add(ActKind::open, Stage::refused, {{"item", item}, {"copy", copy}}, {});
        }
    }

    void enter() {
        Bytes raw(10);
        for (Byte& b : raw)
            b = static_cast<Byte>(random_());
        const std::string item = ItemId::of(raw).text();
        const std::string copy = CopyId::of(raw).text();
        const TextMap ids = {{"item", item}, {"copy", copy}};
        const std::uint64_t permit = state.next_seq();
        if (!add(ActKind::enter, Stage::permitted, ids,
                 {{"level", "gokuhi"},
                  {"purpose", "liaison"},
                  {"origin", "JPN"},
                  {"number", state.next_number(year_of(minute_))},
                  {"form", "paper"},
                  {"pages", "3"},
                  {"label_sha256", sample::b64(3)}}))
            return;
        if (random_() % 8 == 0)
            return; // an outcome that never came
        const bool done = random_() % 8 != 0;
        if (add(ActKind::enter, done ? Stage::done : Stage::failed, ids, {}, permit) && done)
            entered_.emplace_back(item, copy);
    }

    // What the fold refuses is not in the log.
    bool add(ActKind kind, Stage stage, const TextMap& ids, const TextMap& facts,
             std::optional<std::uint64_t> permit = std::nullopt) {
        SkeletonFields fields;
        fields.seq = state.next_seq();
        fields.kind = kind;
        fields.stage = stage;
        fields.actor = permit ? kRegistryActor : sample::Cast().officer;
        fields.minute = minute_;
        fields.terms = sample::hash(0x11);
        fields.permit = permit;
        fields.ids = ids;
        fields.facts = facts;
        const auto skeleton = Skeleton::make(std::move(fields));
        EXPECT_TRUE(skeleton) << skeleton.error().text();
        State tried = state;
        if (!skeleton || !tried.apply(*skeleton))
            return false;
        take(*skeleton);
        return true;
    }

    void take(const Skeleton& skeleton) {
        ASSERT_TRUE(state.apply(skeleton));
        chronicle.take(skeleton);
        all.push_back(skeleton);
        for (Landmarks* ladder : ladders)
            ladder->follow(state, chronicle);
    }

    std::mt19937 random_;
    Time minute_;
    std::string safe_;
    std::vector<std::pair<std::string, std::string>> entered_;
};

// From the landmark to the last event that is not later; how many were folded for it.
std::size_t fold_on(Landmark& at, const std::vector<Skeleton>& all, Time as_of) {
    std::size_t folded = 0;
    for (std::size_t seq = at.state.next_seq(); seq < all.size() && all[seq].minute() <= as_of;
         ++seq, ++folded) {
        EXPECT_TRUE(at.state.apply(all[seq]));
        at.chronicle.take(all[seq]);
    }
    return folded;
}

TEST(Landmarks, GiveTheStateThatTheWholeFoldGivesAtEveryMinute) {
    for (unsigned seed = 1; seed <= 6; ++seed) {
        RandomLog log(seed);
        Landmarks close(5, 1000);
        Landmarks few(7, 8);
        log.ladders = {&close, &few};
        log.grow(300);
        for (Time at = log.all.front().minute(); at <= log.state.last_minute().plus_seconds(60);
             at = at.plus_seconds(60)) {
            Landmark whole;
            fold_on(whole, log.all, at);
            for (const Landmarks* ladder : {&close, &few}) {
                const Landmark* found = ladder->before(at);
                Landmark got = found == nullptr ? Landmark{} : *found;
                fold_on(got, log.all, at);
                ASSERT_EQ(got.state, whole.state) << seed << " " << at.text();
                ASSERT_EQ(got.chronicle, whole.chronicle) << seed << " " << at.text();
            }
        }
    }
}

// However long the log, there are never more of them, and the newest is near.
TEST(Landmarks, AreBoundedAndStandWiderApart) {
    RandomLog log(9);
    Landmarks ladder(2, 16);
    log.ladders = {&ladder};
    for (int round = 0; round < 60; ++round) {
        log.grow(20);
        ASSERT_LE(ladder.size(), 16U);
        const Landmark* newest = ladder.before(log.state.last_minute());
        ASSERT_NE(newest, nullptr);
        EXPECT_LE(log.state.next_seq() - newest->state.next_seq(), ladder.spacing());
    }
    EXPECT_GE(ladder.size(), 8U);
    EXPECT_GT(ladder.spacing(), 16U);
    // None is further from the one before than they stand apart.
    std::uint64_t before = 0;
    for (const Skeleton& skeleton : log.all)
        if (const Landmark* at = ladder.before(skeleton.minute())) {
            EXPECT_LE(at->state.next_seq(), before + 2 * ladder.spacing());
            before = at->state.next_seq();
        }
}

TEST(Landmarks, NothingStandsBeforeTheFirstEvent) {
    RandomLog log(2);
    Landmarks ladder(1, 64);
    EXPECT_EQ(ladder.before(log.state.last_minute()), nullptr);
    log.ladders = {&ladder};
    log.grow(10);
    EXPECT_EQ(ladder.before(log.all.front().minute().plus_seconds(-60)), nullptr);
    EXPECT_NE(ladder.before(log.state.last_minute()), nullptr);
}

} // namespace
} // namespace valise::logbook
