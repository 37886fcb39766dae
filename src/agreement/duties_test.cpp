// SPDX-License-Identifier: Apache-2.0
#include "agreement/duties.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

constexpr const char* kLater = "2027-06-30T00:00:00Z";
constexpr const char* kSoon = "2026-12-01T00:00:00Z";

std::vector<std::string> reviews(const std::vector<StandingDuty>& all) {
    std::vector<std::string> out;
    for (const StandingDuty& duty : all)
        if (duty.clause == "review-term")
            out.push_back(duty.due.text() + " " + duty.item);
    return out;
}

//= O-29
TEST(CustodyDuties, ListWhatSomebodyHasYetToDo) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    World world(terms);
    Time at = day("2027-10-20");
    const auto of = [&](int n) {
        std::vector<StandingDuty> out;
        for (const StandingDuty& duty : duties_at(terms, world.state, at))
            if (duty.item == item(n).text())
                out.push_back(duty);
        return out;
    };
    // Never reviewed: a year after it was entered, listed a month ahead.
    EXPECT_TRUE(of(1).empty());
    at = day("2027-10-21");
    ASSERT_EQ(of(1).size(), 1U);
    EXPECT_EQ(of(1)[0].what, "review-purpose");
    EXPECT_EQ(of(1)[0].due.date_text(), "2027-11-20");
    world.review(1, "kept", kLater);
    EXPECT_EQ(of(1)[0].due, day(kLater));
    world.reproduce(1, 20, 2);
    world.clear(reader, "crown", "2028-12-31T00:00:00Z");
    world.issue(1, 20, reader, kSoon);
    ASSERT_EQ(of(1).size(), 2U);
    EXPECT_EQ(of(1)[0].what, "take-back");
    EXPECT_EQ(of(1)[0].subject, copy(20).text());
    EXPECT_EQ(of(1)[0].person, person(reader).text());
    EXPECT_EQ(of(1)[0].due, day(kSoon));
    EXPECT_TRUE(of(1)[0].overdue);
    world.take_back(1, 20);
    EXPECT_EQ(of(1).size(), 1U);
    world.review(1, "destroy");
    EXPECT_EQ(of(1)[0].what, "destroy");
    EXPECT_EQ(of(1)[0].due.date_text(), "2026-11-20");
    world.review(2, "return");
    EXPECT_EQ(of(2)[0].what, "return");
    // Of what is gone nothing is asked.
    world.reproduce(2, 21, 2, "electronic");
    for (const int n : {2, 21}) {
        world.happen(ActKind::destroy, person(officer).text(), copy_ids(2, n),
                     {{"method", "erasure"}});
        EXPECT_EQ(of(2).size(), 1U);
        world.happen(ActKind::destroy, person(officer).text(), copy_ids(2, n), {},
                     logbook::Stage::done);
    }
    EXPECT_TRUE(of(2).empty());
}

// A page shows what is due first, and is not made of a hundred thousand lines to show eight.
TEST(Duties, TheFirstOfManyAreAmongThem) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    World world(terms);
    world.review(1, "kept", "2027-06-01T00:00:00Z");
    const Time at = day("2029-01-01");
    const auto whole = duties_at(terms, world.state, at);
    const auto all = reviews(whole);
    ASSERT_GT(all.size(), 2U);
    for (std::size_t most = 0; most <= all.size(); ++most) {
        const auto bounded = duties_at(terms, world.state, at, most);
        const auto some = reviews(bounded);
        ASSERT_GE(some.size(), most);
        EXPECT_EQ(std::vector(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(most)),
                  std::vector(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most)));
        // The rest stands as ever.
        EXPECT_EQ(bounded.size() - some.size(), whole.size() - all.size());
    }
    EXPECT_LT(reviews(duties_at(terms, world.state, at, 1)).size(), all.size());
}

} // namespace
} // namespace valise::agreement::test
