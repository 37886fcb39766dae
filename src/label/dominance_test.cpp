// SPDX-License-Identifier: Apache-2.0
#include "label/dominance.h"
#include "label/internal/test_scheme.h"
#include "label/label_xml.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace valise::label {
namespace {

using testing::gokuhi;
using testing::japan;
using Texts = std::vector<std::string>;

template<class T> std::string reason(const Result<T>& result) {
    return result ? "ok" : result.error().reason();
}

Label with(std::string native, Texts releasable, Texts caveats = {}, Texts notes = {}) {
    Label label = gokuhi();
    label.classification = std::move(native);
    label.categories.clear();
    if (!releasable.empty())
        label.categories.push_back({CategoryType::permissive, kReleasableTo, releasable, ""});
    if (!caveats.empty())
        label.categories.push_back({CategoryType::restrictive, "Caveat", caveats, ""});
    if (!notes.empty())
        label.categories.push_back({CategoryType::informative, "Note", notes, ""});
    return label;
}

Dominant of(std::vector<Label> sources) {
    return dominant(sources, japan()).value();
}

TEST(Dominance, TakesTheHighestRankAndEveryRestriction) {
    const Dominant out = of({with("秘", {"JPN", "UKR"}, {"RED"}, {"STAFF"}),
                             with("機密", {"UKR", "JPN", "POL"}, {"blue", "red"}, {"staff"})});
    EXPECT_TRUE(out.needs_person.empty());
    EXPECT_EQ(out.label.classification, "機密");
    EXPECT_EQ(out.label.category(kReleasableTo)->values, (Texts{"JPN", "UKR"}));
    EXPECT_EQ(out.label.category("Caveat")->values, (Texts{"RED", "blue"}));
    EXPECT_EQ(out.label.category("Note")->values, (Texts{"STAFF"}));
    EXPECT_EQ(reason(write_4774(out.label)), "ok");
}

// The cases of ADatP-4774.1 4.4 in our own words.
TEST(Dominance, ReleasesMeetWhereTheyOverlap) {
    const Dominant out = of({with("秘", {"UKR", "POL"}), with("秘", {"UKR"})});
    EXPECT_EQ(out.label.category(kReleasableTo)->values, Texts{"UKR"});
    EXPECT_TRUE(out.needs_person.empty());
}

TEST(Dominance, AnEmptyIntersectionIsNeverDropped) {
    const Dominant out = of({with("秘", {"UKR"}), with("秘", {"POL"})});
    EXPECT_EQ(out.needs_person, Texts{"label.permissive_empty"});
    ASSERT_NE(out.label.category(kReleasableTo), nullptr);
    EXPECT_TRUE(releasable_to(out.label).empty());
    // And nobody can use it by mistake.
    EXPECT_EQ(reason(write_4774(out.label)), "label.category_empty");
}

TEST(Dominance, ASourceThatWasReleasedToNobodyReleasesToNobody) {
    const Dominant out = of({with("秘", {"UKR"}), with("極秘", {})});
    EXPECT_EQ(out.needs_person, (Texts{"label.permissive_missing", "label.permissive_empty"}));
    EXPECT_TRUE(releasable_to(out.label).empty());
    EXPECT_NE(out.label.category(kReleasableTo), nullptr);
    EXPECT_TRUE(of({with("秘", {}), with("秘", {})}).needs_person.empty());
}

TEST(Dominance, AnotherPermissiveLimitOfOneSourceIsKept) {
    Label one = with("秘", {"UKR"});
    one.categories.push_back({CategoryType::permissive, "Only", {"CREW"}, ""});
    const Dominant out = of({one, with("秘", {"UKR"})});
    EXPECT_EQ(out.label.category("only")->values, Texts{"CREW"});
    EXPECT_EQ(out.needs_person, Texts{"label.permissive_missing"});
}

TEST(Dominance, OneTagOfTwoTypesIsRestrictive) {
    Label one = with("秘", {"UKR"}, {"RED"});
    Label two = with("秘", {"UKR"}, {"BLUE"});
    two.categories[1].type = CategoryType::permissive;
    const Dominant out = of({one, two});
    EXPECT_EQ(out.needs_person, Texts{"label.type_differs"});
    EXPECT_EQ(out.label.category("Caveat")->type, CategoryType::restrictive);
    EXPECT_EQ(out.label.category("Caveat")->values, (Texts{"RED", "BLUE"}));
}

TEST(Dominance, KeepsOriginatorsMarksAndDates) {
    Label one = with("秘", {"UKR"});
    Label two = with("秘", {"UKR"});
    one.privacy_mark = "A";
    two.originator_id = "other.example";
    two.created = one.created.plus_days(3);
    two.review = one.review->plus_days(-9);
    Dominant out = of({one, two, one});
    EXPECT_EQ(out.originators, (Texts{"registry.jpn.example", "other.example"}));
    EXPECT_EQ(out.label.originator_id, "");
    EXPECT_EQ(out.label.created, two.created);
    EXPECT_EQ(out.label.review, two.review);
    EXPECT_EQ(out.label.privacy_mark, "A");
    EXPECT_EQ(of({one, one}).label.originator_id, "registry.jpn.example");
    two.privacy_mark = "B";
    out = of({one, two, one});
    EXPECT_EQ(out.label.privacy_mark, "A; B");
    EXPECT_EQ(out.needs_person, Texts{"label.privacy_mark"});
}

TEST(Dominance, RefusesLabelsOfAnotherSchemeAndNone) {
    EXPECT_EQ(reason(dominant({}, japan())), "label.none");
    const std::vector<Label> foreign = {gokuhi()};
    EXPECT_EQ(reason(dominant(foreign, testing::ukraine())), "label.policy");
    const std::vector<Label> unknown = {with("SECRET", {"UKR"})};
    EXPECT_EQ(reason(dominant(unknown, japan())), "label.level");
}

TEST(Dominance, ProtectsFindsEveryLoosening) {
    const Label source = with("極秘", {"JPN", "UKR"}, {"RED"});
    const auto holds = [&](const Label& derived) {
        return protects(derived, source, japan()).value();
    };
    EXPECT_TRUE(holds(source));
    EXPECT_TRUE(holds(with("機密", {"UKR"}, {"BLUE", "red"})));
    EXPECT_FALSE(holds(with("秘", {"JPN", "UKR"}, {"RED"})));
    EXPECT_FALSE(holds(with("極秘", {"JPN", "UKR", "POL"}, {"RED"})));
    EXPECT_FALSE(holds(with("極秘", {}, {"RED"})));
    EXPECT_FALSE(holds(with("極秘", {"JPN"}, {})));
    EXPECT_FALSE(holds(with("極秘", {"JPN"}, {"BLUE"})));
    EXPECT_FALSE(protects(with("極秘", {"UKR"}), with("極秘", {}), japan()).value());
}

// I3 over random labels: the dominant label protects each of its sources, in any order of them.
TEST(Dominance, TheDominantLabelProtectsEverySource) {
    std::mt19937 random(20241116);
    const auto some = [&](const Texts& from) {
        Texts out;
        for (const std::string& value : from)
            if (random() % 2 == 0)
                out.push_back(value);
        return out;
    };
    const Texts levels = {"秘", "極秘", "機密"};
    for (int round = 0; round < 2000; ++round) {
        std::vector<Label> sources;
        for (int i = 0; i < 1 + round % 4; ++i) {
            sources.push_back(with(levels[random() % 3], some({"JPN", "UKR", "POL"}),
                                   some({"RED", "BLUE"}), some({"STAFF"})));
            if (Category* c =
                    sources.back().categories.empty() ? nullptr : &sources.back().categories.back();
                c != nullptr && c->tag == "Caveat" && random() % 4 == 0)
                c->type = CategoryType::permissive;
        }
        const Dominant out = of(sources);
        for (const Label& source : sources)
            ASSERT_TRUE(protects(out.label, source, japan()).value()) << "round " << round;
        std::shuffle(sources.begin(), sources.end(), random);
        EXPECT_EQ(releasable_to(of(sources).label), releasable_to(out.label));
    }
}

} // namespace
} // namespace valise::label
