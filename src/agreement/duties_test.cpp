// SPDX-License-Identifier: Apache-2.0
#include "agreement/duties.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

std::vector<std::string> reviews(const std::vector<StandingDuty>& all) {
    std::vector<std::string> out;
    for (const StandingDuty& duty : all)
        if (duty.clause == "review-term")
            out.push_back(duty.due.text() + " " + duty.item);
    return out;
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
