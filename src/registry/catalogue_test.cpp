// SPDX-License-Identifier: Apache-2.0
#include "registry/catalogue.h"

#include <gtest/gtest.h>

namespace valise::registry {
namespace {

using logbook::ActKind;
using logbook::Stage;
using logbook::TextMap;

Bytes ten(int kind, int n) {
    Bytes out(10, static_cast<Byte>(kind));
    out[9] = static_cast<Byte>(n);
    out[8] = static_cast<Byte>(n >> 8);
    return out;
}
ItemQuery with(std::initializer_list<std::pair<std::string ItemQuery::*, std::string>> asked) {
    ItemQuery out;
    for (const auto& [member, value] : asked)
        out.*member = value;
    return out;
}
ItemId item(int n) {
    return ItemId::of(ten(2, n));
}

// A register that grows, and the catalogue that follows it.
class CatalogueTest : public ::testing::Test {
protected:
    CatalogueTest() {
        happen(ActKind::found, {}, {{"party", "JPN"}, {"authority", "a"}}, Stage::done, "registry");
        happen(ActKind::enrol, {{"person", person}}, {{"key", to_base64(Bytes(32, 7))}},
               Stage::permitted, person);
    }

    void happen(ActKind kind, TextMap ids, TextMap facts, Stage stage, const std::string& actor) {
        logbook::SkeletonFields fields;
        fields.seq = state.next_seq();
        fields.kind = kind;
        fields.stage = stage;
        fields.actor = actor;
        fields.minute = minute;
        if (stage == Stage::done && kind != ActKind::found)
            fields.permit = state.next_seq() - 1;
        fields.ids = std::move(ids);
        fields.facts = std::move(facts);
        const auto skeleton = logbook::Skeleton::make(std::move(fields));
        ASSERT_TRUE(skeleton) << skeleton.error().text();
        const auto applied = state.apply(*skeleton);
        ASSERT_TRUE(applied) << applied.error().text();
        if (const auto named = ItemId::parse(skeleton->id("item")))
            catalogue.follow(state, *named);
    }

    void enter(int n, const char* level, const char* form = "paper") {
        const TextMap ids = {{"item", item(n).text()}, {"copy", CopyId::of(ten(3, n)).text()}};
        happen(ActKind::enter, ids,
               {{"level", level},
                {"purpose", "exercise"},
                {"origin", "JPN"},
                {"number", state.next_number(logbook::year_of(minute))},
                {"label_sha256", to_base64(Hash32{})},
                {"form", form}},
               Stage::permitted, person);
        happen(ActKind::enter, ids, {}, Stage::done, person);
    }

    std::vector<int> found(const ItemQuery& query, std::string* next = nullptr) const {
        const auto answer = catalogue.find(query);
        EXPECT_TRUE(answer);
        std::vector<int> out;
        for (const ItemId& id : answer->items)
            for (int n = 0; n < 1000; ++n)
                if (id == item(n))
                    out.push_back(n);
        if (next != nullptr)
            *next = answer->next;
        return out;
    }

    std::string person = PersonId::of(ten(1, 1)).text();
    Time minute{1795480200};
    logbook::State state;
    Catalogue catalogue;
};

TEST_F(CatalogueTest, FindsByWhatIsAskedAndNothingElse) {
    enter(3, "hi");
    enter(1, "gokuhi");
    enter(2, "hi", "equipment");
    EXPECT_EQ(found({}), (std::vector{3, 1, 2})); // the order of the register, not of the ids
    EXPECT_EQ(found(with({{&ItemQuery::level, "hi"}})), (std::vector{3, 2}));
    EXPECT_EQ(found(with({{&ItemQuery::level, "hi"}, {&ItemQuery::form, "equipment"}})),
              (std::vector{2}));
    EXPECT_EQ(found(with({{&ItemQuery::number, "JPN-2026-0002"}})), (std::vector{1}));
    EXPECT_EQ(found(with({{&ItemQuery::number, "JPN-2026-0009"}})), std::vector<int>{});
    EXPECT_EQ(found(with({{&ItemQuery::number, "UKR-2026-0002"}})), std::vector<int>{});
    // Nothing was entered in that year: an act on it must not hit the next one's first item.
    EXPECT_EQ(found(with({{&ItemQuery::number, "JPN-2025-0001"}})), std::vector<int>{});
    EXPECT_EQ(found(with({{&ItemQuery::purpose, "other"}})), std::vector<int>{});
    EXPECT_EQ(found(with({{&ItemQuery::form, "no such form"}})), std::vector<int>{});
    EXPECT_EQ(found(with({{&ItemQuery::direction, "in"}})), std::vector<int>{});
    EXPECT_EQ(found(with({{&ItemQuery::direction, "out"}, {&ItemQuery::entered_by, person}})),
              (std::vector{3, 1, 2}));
    EXPECT_EQ(found(with({{&ItemQuery::entered_by, "registry"}})), std::vector<int>{});
    EXPECT_FALSE(catalogue.find(with({{&ItemQuery::number, "JPN"}})));
    EXPECT_FALSE(catalogue.find(with({{&ItemQuery::after, "7"}})));
}

TEST_F(CatalogueTest, GoesOnWhereAPageEndedAcrossYears) {
    for (int n = 0; n < 5; ++n)
        enter(n, n % 2 == 0 ? "hi" : "gokuhi");
    minute = minute.plus_days(365);
    for (int n = 5; n < 10; ++n)
        enter(n, n % 2 == 0 ? "hi" : "gokuhi");
    ItemQuery query = with({{&ItemQuery::level, "hi"}});
    query.limit = 2;
    std::vector<std::vector<int>> pages;
    do
        pages.push_back(found(query, &query.after));
    while (!query.after.empty() && pages.size() < 9);
    EXPECT_EQ(pages, (std::vector<std::vector<int>>{{0, 2}, {4, 6}, {8}}));
    EXPECT_EQ(catalogue.order().size(), 10U);
    EXPECT_EQ(ItemId::of(catalogue.order()[7]), item(7));
}

TEST_F(CatalogueTest, TheNewestFirstAcrossYears) {
    for (int n = 0; n < 5; ++n)
        enter(n, n % 2 == 0 ? "hi" : "gokuhi");
    minute = minute.plus_days(365);
    for (int n = 5; n < 10; ++n)
        enter(n, n % 2 == 0 ? "hi" : "gokuhi");
    ItemQuery query;
    query.newest = true;
    query.limit = 3;
    std::vector<std::vector<int>> pages;
    do
        pages.push_back(found(query, &query.after));
    while (!query.after.empty() && pages.size() < 9);
    EXPECT_EQ(pages, (std::vector<std::vector<int>>{{9, 8, 7}, {6, 5, 4}, {3, 2, 1}, {0}}));
    query = with({{&ItemQuery::level, "hi"}});
    query.newest = true;
    query.limit = 2;
    pages.clear();
    do
        pages.push_back(found(query, &query.after));
    while (!query.after.empty() && pages.size() < 9);
    EXPECT_EQ(pages, (std::vector<std::vector<int>>{{8, 6}, {4, 2}, {0}}));
    query.number = state.item(item(3))->number;
    query.level.clear();
    EXPECT_EQ(found(query), (std::vector{3}));
    query.number.clear();
    query.after = "nonsense";
    EXPECT_FALSE(catalogue.find(query));
}

TEST_F(CatalogueTest, FollowsWhatHappensToAnItem) {
    enter(1, "hi");
    EXPECT_EQ(found(with({{&ItemQuery::entry, "cancelled"}})), std::vector<int>{});
    happen(ActKind::cancel, {{"item", item(1).text()}},
           {{"entry", std::to_string(state.item(item(1))->event)}}, Stage::permitted, person);
    EXPECT_EQ(found(with({{&ItemQuery::entry, "cancelled"}})), (std::vector{1}));
    EXPECT_EQ(found(with({{&ItemQuery::entry, "entered"}})), std::vector<int>{});
    EXPECT_EQ(catalogue.size(), 1U);
}

} // namespace
} // namespace valise::registry
