// SPDX-License-Identifier: Apache-2.0
// Openings that are shredded: by whom, on what ground, when, and with nothing resting on them.
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

// The number of the newest event that is there.
std::string newest(const World& world) {
    return std::to_string(world.state.next_seq() - 1);
}

void ordinary(Case& c) {
    c.world.absent(deputy, "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z");
    c.content = {{"of", "absence"},
                 {"events", newest(c.world)},
                 {"basis", "retention-ended"},
                 {"reference", "rule 12"}};
}

const std::vector<Row> kRows = {
    {"in order", [](Case&) {}, "", ""},
    {"by somebody else", [](Case& c) { c.signer = reader; }, "shredding-officer",
     "agreement.shredding_officer"},
    {"on a ground that the terms do not know", [](Case& c) { c.content["basis"] = "tidiness"; },
     "shredding-basis", "agreement.shredding_basis"},
    {"of a kind that the book itself needs", [](Case& c) { c.content["of"] = "pair"; },
     "shredding-term", "agreement.shredding_never"},
    {"of a kind that these terms keep for ever", [](Case& c) { c.content["of"] = "report"; },
     "shredding-term, shredding-settled", "agreement.shredding_never"},
    {"of a package of which it does not say the dispatch",
     [](Case& c) { c.content["of"] = "hand-over"; }, "shredding-term, shredding-settled",
     "agreement.shredding_early"},
    {"of an event that is not there", [](Case& c) { c.content["events"] = "99999"; },
     "shredding-term", "agreement.shredding_unknown"},
    {"of a kind that is kept longer", [](Case& c) { c.content["of"] = "enrol"; }, "shredding-term",
     "agreement.shredding_early"},
    {"twice",
     [](Case& c) {
         c.world.happen(ActKind::shred, person(officer).text(), {},
                        {{"of", "absence"},
                         {"events", c.content["events"].get<std::string>()},
                         {"basis", "court-order"}});
     },
     "shredding-settled", "agreement.shredding_twice"},
    {"without its outcome",
     [](Case& c) {
         c.world.happen(ActKind::shred, person(officer).text(), {},
                        {{"of", "enrol"}, {"events", "1"}, {"basis", "court-order"}});
         c.content["events"] = newest(c.world);
     },
     "shredding-settled", "agreement.shredding_open"},
    {"of an item that is held", [](Case& c) { c.content["item"] = item(2).text(); },
     "shredding-settled", "agreement.shredding_held"},
    {"of an item that nobody knows", [](Case& c) { c.content["item"] = item(9).text(); },
     "shredding-settled", "agreement.item_unknown"},
};

TEST(DecideShredding, Rows) {
    run(ActKind::shred, kRows, ordinary);
}

//= O-26
TEST(DecideShredding, CountsFromTheEndOfTheDay) {
    Case c(Terms::parse(view(terms_file("examplia-borduria.toml"))).value(), ActKind::shred);
    ordinary(c);
    c.content["of"] = "enrol";
    c.content["events"] = "1";
    const Time recorded = c.world.state.recorded_by(1);
    c.now = plus_months(recorded, c.terms.shredding()->months);
    EXPECT_FALSE(c.decide().permitted());
    c.now = c.now.plus_seconds(1);
    EXPECT_TRUE(c.decide().permitted());
}

} // namespace
} // namespace valise::agreement::test
