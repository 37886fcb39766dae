// SPDX-License-Identifier: Apache-2.0
// The checks that no clause carries: that they see what they look for.
#include "exchange/frame.h"
#include "sim/faces.h"
#include "sim/invariants.h"

#include <gtest/gtest.h>

namespace valise::testing {
namespace {

class TwoSides : public ::testing::Test {
protected:
    TwoSides() {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
    }

    Bytes terms = read_terms("jpn-ukr.toml");
    Side tokyo{"JPN", terms};
    Side kyiv{"UKR", terms};
    Faults faults;
    Watch watch{tokyo, faults};
};

TEST_F(TwoSides, ThatDidNothingWrongBreakNothing) {
    watch.look();
    watch.prove();
    EXPECT_TRUE(faults.all().empty()) << faults.all().begin()->second;
}

//= I14
// Behind the registry's back: a leaf that is no event's, as after a log was put back and forked.
TEST_F(TwoSides, ALogThatIsNotTheBookIsSeen) {
    registry::JournalChange forged;
    registry::StoredLeaf leaf = tokyo.journal.leaves(registry::LogName::private_log, 0, 1)->front();
    leaf.index = *tokyo.journal.leaf_count(registry::LogName::private_log);
    forged.leaves.push_back(leaf);
    ASSERT_TRUE(tokyo.journal.commit(forged));
    watch.prove();
    EXPECT_TRUE(faults.all().contains("I14"));
}

//= I6
// An event that this book never took: a copy of which the state knows nothing.
TEST_F(TwoSides, ACopyThatIsNowhereIsSeen) {
    Someone author{"Tanaka"};
    tokyo.enrol(author);
    tokyo.appoint(author, "originator");
    tokyo.clear(author, "kimitsu", tokyo.clock.at.plus_days(9));
    tokyo.enter_described(author, "hi", tokyo.terms.purposes().front().code, "paper",
                          {{"pages", 3}});
    watch.look();
    EXPECT_TRUE(faults.all().empty());
    Faults of_kyiv;
    Watch elsewhere{kyiv, of_kyiv};
    const auto page = tokyo.journal.events(0, 4096);
    ASSERT_TRUE(page);
    registry::JournalChange change;
    for (std::size_t seq = kyiv.journal.events(0, 4096)->size(); seq < page->size(); ++seq)
        change.events.push_back(page->at(seq));
    ASSERT_FALSE(change.events.empty());
    ASSERT_TRUE(kyiv.journal.commit(change));
    elsewhere.look();
    EXPECT_TRUE(of_kyiv.all().contains("I6"));
}

//= I8
TEST_F(TwoSides, AWordOfAClassIsSeenInEveryScript) {
    for (const char* text :
         {"Room 5 gokuhi", "GOKUHI", "経済産業省極秘", "відділ Таємно", "tsilkom-taiemno", "x秘"})
        EXPECT_TRUE(names_a_class(tokyo.terms, text)) << text;
    for (const char* text : {"Ministry", "Shinjuku", "経済産業省", "Міністерство", "dispatch"})
        EXPECT_FALSE(names_a_class(tokyo.terms, text)) << text;
}

//= I8
TEST_F(TwoSides, AHeaderThatNamesALevelIsSeen) {
    outer_header(tokyo, exchange::encode({"hello", "JPN", "UKR", {{"level", "kimitsu"}}, {}}),
                 faults);
    EXPECT_TRUE(faults.all().contains("I8"));
}

} // namespace
} // namespace valise::testing
