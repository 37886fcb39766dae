// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/sample.h"
#include "logbook/shredding.h"

#include <gtest/gtest.h>

#include <random>

namespace valise::logbook {
namespace {

using sample::Cast;
using sample::Story;

#define ASSERT_OK(expression)                                                                      \
    do {                                                                                           \
        const auto result_ = (expression);                                                         \
        ASSERT_TRUE(result_) << result_.error().text();                                            \
    } while (false)

TextMap of(const char* kind, const char* events) {
    return {{"of", kind}, {"events", events}, {"basis", "retention-ended"}};
}

TEST(EventNumbers, HaveOneText) {
    EXPECT_EQ(parse_event_numbers("4,17,205").value(), (std::vector<std::uint64_t>{4, 17, 205}));
    EXPECT_EQ(parse_event_numbers("0").value(), (std::vector<std::uint64_t>{0}));
    for (const char* wrong : {"", ",", "1,", ",1", "2,1", "1,1", "01", "+1", "-1", " 1", "1 ",
                              "1;2", "9999999999999999", "18446744073709551616", "0x1"})
        EXPECT_FALSE(parse_event_numbers(wrong)) << wrong;
    std::string many = "0";
    for (std::size_t n = 1; n < kMaxShredded; ++n)
        many += "," + std::to_string(n);
    EXPECT_TRUE(parse_event_numbers(many));
    EXPECT_FALSE(parse_event_numbers(many + ",99"));
}

class Shredding : public ::testing::Test {
protected:
    void SetUp() override {
        ASSERT_OK(sample::up_to_entry(s, c));
        ASSERT_OK(sample::whole_sending(s, c));
    }
    std::string refusal(ActKind kind, Stage stage, const TextMap& facts,
                        std::optional<std::uint64_t> permit = std::nullopt) {
        const State before = s.state;
        const auto result = s.add(kind, stage, {}, facts, c.officer, permit);
        EXPECT_TRUE(result || before == s.state);
        return result ? std::string() : result.error().reason();
    }
    Story s;
    Cast c;
};

TEST_F(Shredding, IsPermittedThenDone) {
    const std::uint64_t permit = s.state.next_seq();
    ASSERT_OK(s.add(ActKind::shred, Stage::permitted, {}, of("enrol", "3,5"), c.officer));
    EXPECT_EQ(s.state.shredded().at(3), (Shredded{permit, "retention-ended", false}));
    ASSERT_OK(s.add(ActKind::shred, Stage::done, {}, {}, c.officer, permit));
    EXPECT_TRUE(s.state.shredded().at(5).done);
    EXPECT_EQ(refusal(ActKind::shred, Stage::permitted, of("enrol", "5")), "logbook.known");
}

TEST_F(Shredding, ThatFailedCanBeAskedForAgain) {
    const std::uint64_t permit = s.state.next_seq();
    ASSERT_OK(s.add(ActKind::shred, Stage::permitted, {}, of("enrol", "3"), c.officer));
    ASSERT_OK(s.add(ActKind::shred, Stage::failed, {}, {}, c.officer, permit));
    EXPECT_FALSE(s.state.shredded().contains(3));
    EXPECT_EQ(refusal(ActKind::shred, Stage::permitted, of("enrol", "3")), "");
}

TEST_F(Shredding, OfWhatIsNotThereOrNotFinishedIsImpossible) {
    const std::string next = std::to_string(s.state.next_seq());
    EXPECT_EQ(refusal(ActKind::shred, Stage::permitted, of("enrol", next.c_str())),
              "logbook.unknown");
    const std::uint64_t permit = s.state.next_seq();
    ASSERT_OK(s.add(ActKind::shred, Stage::permitted, {}, of("enrol", "3"), c.officer));
    EXPECT_EQ(
        refusal(ActKind::shred, Stage::permitted, of("shred", std::to_string(permit).c_str())),
        "logbook.no_transition");
}

TEST_F(Shredding, EventsAreDatedToTheEndOfTheirDay) {
    EXPECT_EQ(s.state.recorded_by(0), s.state.last_minute()); // all of one day
    SkeletonFields later;
    later.seq = s.state.next_seq();
    later.kind = ActKind::debrief;
    later.minute = s.state.last_minute().plus_days(40);
    later.terms = sample::hash(0x11);
    later.ids = {{"person", c.first}};
    later.actor = c.officer;
    const Time first_day = s.state.last_minute();
    ASSERT_OK(s.state.apply(Skeleton::make(later).value()));
    const Time end = s.state.recorded_by(0);
    EXPECT_EQ(day_of(end), day_of(first_day));
    EXPECT_GE(end, first_day);
    EXPECT_EQ(s.state.recorded_by(later.seq - 1), end);
    EXPECT_EQ(s.state.recorded_by(later.seq), s.state.last_minute());
}

// Any openings at all: the state is folded from skeletons, and the acts that shred are of them.
TEST_F(Shredding, TheFoldIsTheSameWhateverIsShredded) {
    ASSERT_OK(s.add(ActKind::shred, Stage::permitted, {}, of("enrol", "3,5"), c.officer));
    const auto whole = fold(s.events);
    ASSERT_TRUE(whole);
    std::mt19937 random(20261130);
    for (int round = 0; round < 50; ++round) {
        std::vector<Event> some;
        for (const Event& event : s.events)
            some.push_back({event.skeleton, random() % 2 == 0 ? Opening() : event.opening});
        EXPECT_EQ(fold(some).value(), *whole);
    }
}

TEST(Shreds, GoesByKindAndItem) {
    const Act act = sample::act(ActKind::shred);
    SkeletonFields grant;
    grant.kind = ActKind::grant;
    grant.seq = 4;
    grant.minute = sample::at();
    const Json sample = sample::content(ActKind::grant);
    grant.ids = {{"person", sample.at("person")}, {"item", act.field("item").value()}};
    grant.facts = {{"purpose", "liaison"}, {"until", sample::at().text()}};
    EXPECT_TRUE(shreds(act, Skeleton::make(grant).value()));
    grant.ids["item"] = ItemId::of(Bytes(10, 0x77)).text();
    EXPECT_FALSE(shreds(act, Skeleton::make(grant).value()));
    SkeletonFields brief = grant;
    brief.kind = ActKind::debrief;
    brief.ids.erase("item");
    brief.facts.clear();
    EXPECT_FALSE(shreds(act, Skeleton::make(brief).value()));
}

} // namespace
} // namespace valise::logbook
