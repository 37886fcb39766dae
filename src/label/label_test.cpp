// SPDX-License-Identifier: Apache-2.0
#include "label/internal/test_scheme.h"
#include "label/label.h"

#include <gtest/gtest.h>

#include <functional>

namespace valise::label {
namespace {

using testing::gokuhi;
using testing::japan;

template<class T> std::string reason(const Result<T>& result) {
    return result ? "ok" : result.error().reason();
}

TEST(Scheme, FindsALevelByCodeAndByWord) {
    const Scheme scheme = japan();
    EXPECT_EQ(reason(scheme.check()), "ok");
    EXPECT_EQ(scheme.by_code("gokuhi")->rank, 3);
    EXPECT_EQ(scheme.by_code("GOKUHI"), nullptr);
    EXPECT_EQ(scheme.by_native("極秘")->code, "gokuhi");
    EXPECT_EQ(scheme.by_native("gokuhi"), nullptr);
    for (const char* word : {"gokuhi", "Gokuhi", "極秘", "secret", "Гокухі"})
        EXPECT_EQ(scheme.by_any_name(word)->code, "gokuhi") << word;
    EXPECT_EQ(scheme.by_any_name(""), nullptr);
    EXPECT_EQ(scheme.by_any_name("restricted"), nullptr);
}

TEST(Scheme, AWordOfTwoLevelsNamesNeither) {
    Scheme scheme = japan();
    scheme.levels[0].names["en"] = "SECRET";
    EXPECT_EQ(scheme.by_any_name("secret"), nullptr);
}

TEST(Scheme, RefusesWhatIsAmbiguousOrMalformed) {
    const std::vector<std::function<void(Scheme&)>> spoils = {
        [](Scheme& s) { s.levels[0].code = "gokuhi"; },
        [](Scheme& s) { s.levels[0].native = "極秘"; },
        [](Scheme& s) { s.levels[0].rank = 3; },
        [](Scheme& s) { s.levels[0].code = "Hi"; },
        [](Scheme& s) { s.levels[0].code = "hi/x"; },
        [](Scheme& s) { s.levels[0].code = ""; },
        [](Scheme& s) { s.levels[0].native = ""; },
        [](Scheme& s) { s.levels[0].native = "a\nb"; },
        [](Scheme& s) { s.levels[0].names["en"] = "\xe2\x80\xaexyz"; },
        [](Scheme& s) { s.levels[0].color = "red"; },
        [](Scheme& s) { s.levels.clear(); },
        [](Scheme& s) { s.policy_id = ""; },
    };
    for (std::size_t i = 0; i < spoils.size(); ++i) {
        Scheme scheme = japan();
        spoils[i](scheme);
        EXPECT_EQ(reason(scheme.check()), "label.scheme") << i;
    }
}

TEST(Scheme, LevelsHaveAnOrderOnlyInsideOneScheme) {
    EXPECT_TRUE(compare_levels(japan(), "hi", "gokuhi").value() < 0);
    EXPECT_TRUE(compare_levels(japan(), "kimitsu", "gokuhi").value() > 0);
    EXPECT_TRUE(compare_levels(japan(), "hi", "hi").value() == 0);
    EXPECT_EQ(reason(compare_levels(japan(), "hi", "ct")), "label.level");
}

TEST(Label, NamesALevelOfItsOwnPolicyOnly) {
    EXPECT_EQ(level_of(gokuhi(), japan()).value()->code, "gokuhi");
    EXPECT_EQ(reason(level_of(gokuhi(), testing::ukraine())), "label.policy");
    Label label = gokuhi();
    label.classification = "SECRET";
    EXPECT_EQ(reason(level_of(label, japan())), "label.level");
    label = gokuhi();
    label.policy_uri = "urn:oid:2.25.1";
    EXPECT_EQ(reason(level_of(label, japan())), "label.policy");
}

TEST(Label, ReleasableToIsNobodyUnlessStated) {
    EXPECT_EQ(releasable_to(gokuhi()), (std::set<std::string>{"JPN", "UKR"}));
    EXPECT_FALSE(copying_reserved(gokuhi()));
    Label reserved = gokuhi();
    reserved.categories.push_back({CategoryType::informative, kReproduction, {"reserved"}, ""});
    EXPECT_TRUE(copying_reserved(reserved));
    reserved.categories.back().values = {"FREE"};
    EXPECT_FALSE(copying_reserved(reserved));
    EXPECT_TRUE(rights(gokuhi()).empty());
    Label made = gokuhi();
    made.categories.push_back(
        {CategoryType::informative, kRights, {"PATENT", "Trade-Secret", "UTILITY MODEL"}, ""});
    EXPECT_EQ(rights(made), (std::set<std::string>{"other", "patent", "trade-secret"}));
    Label label = gokuhi();
    label.categories[1].values = {"ukr"};
    label.categories[1].tag = "RELEASABLE TO";
    EXPECT_EQ(releasable_to(label), (std::set<std::string>{"UKR"}));
    label.categories[1].type = CategoryType::informative;
    EXPECT_TRUE(releasable_to(label).empty());
    label.categories.clear();
    EXPECT_TRUE(releasable_to(label).empty());
}

TEST(Label, RefusesWhatTwoReadersCouldReadInTwoWays) {
    struct Case {
        const char* reason;
        std::function<void(Label&)> spoil;
    };
    const std::vector<Case> cases = {
        {"label.text", [](Label& l) { l.policy_id = ""; }},
        {"label.text", [](Label& l) { l.policy_id = " x"; }},
        {"label.text", [](Label& l) { l.policy_uri = "urn:\n"; }},
        {"label.text", [](Label& l) { l.classification = std::string(513, 'x'); }},
        {"label.text", [](Label& l) { l.classification = "\xe2\x80\xaeTERCES"; }},
        {"label.text", [](Label& l) { l.classification = "\xff"; }},
        {"label.text", [](Label& l) { l.classification = "a\xef\xbf\xbfz"; }},
        {"label.text", [](Label& l) { l.privacy_mark = "a\tb"; }},
        {"label.text", [](Label& l) { l.originator_id = "x "; }},
        {"label.text", [](Label& l) { l.categories[0].tag = ""; }},
        {"label.text", [](Label& l) { l.categories[0].values = {""}; }},
        {"label.category_empty", [](Label& l) { l.categories[1].values.clear(); }},
        {"label.category_value", [](Label& l) { l.categories[1].values = {"JPN", "jpn"}; }},
        {"label.category_twice", [](Label& l) { l.categories[0].tag = "releasable to"; }},
        {"label.limit", [](Label& l) { l.categories.resize(65); }},
        {"label.originator_type", [](Label& l) { l.originator_id_type = "dnsname"; }},
    };
    EXPECT_EQ(reason(check(gokuhi())), "ok");
    for (std::size_t i = 0; i < cases.size(); ++i) {
        Label label = gokuhi();
        cases[i].spoil(label);
        EXPECT_EQ(reason(check(label)), cases[i].reason) << i;
    }
}

} // namespace
} // namespace valise::label
