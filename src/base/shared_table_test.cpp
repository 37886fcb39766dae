// SPDX-License-Identifier: Apache-2.0
#include "base/shared_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace valise {
namespace {

using Table = SharedTable<ItemId, std::string>;
using Plain = std::map<ItemId, std::string>;

ItemId id_of(std::uint64_t number) {
    Bytes raw(10);
    for (std::size_t i = 0; i < 8; ++i)
        raw[i + 1] = static_cast<Byte>(number * 0x9e3779b97f4a7c15 >> 8 * i);
    return ItemId::of(raw);
}

Plain plain(const Table& table) {
    Plain out;
    for (const auto& [key, value] : table)
        EXPECT_TRUE(out.emplace(key, value).second);
    EXPECT_EQ(out.size(), table.size());
    return out;
}

// Whatever is done to one of many copies, each stays what a std::map would be.
TEST(SharedTable, EveryCopyIsATableOfItsOwn) {
    std::mt19937 random(11);
    std::vector<std::pair<Table, Plain>> copies(1);
    for (int step = 0; step < 20000; ++step) {
        const std::size_t which = random() % copies.size();
        auto& [table, same] = copies[which];
        const ItemId key = id_of(random() % 3000);
        switch (random() % 5) {
        case 0:
            EXPECT_EQ(table.erase(key), same.erase(key));
            break;
        case 1:
            if (const auto found = table.find(key); found != table.end()) {
                EXPECT_EQ(found->first, key);
                found->second += '+';
                same.at(key) += '+';
            } else {
                EXPECT_FALSE(same.contains(key));
            }
            break;
        case 2: {
            auto copy = copies[which];
            if (copies.size() < 8)
                copies.push_back(std::move(copy));
            else
                copies[random() % copies.size()] = std::move(copy);
            break;
        }
        default:
            table[key] += std::to_string(step);
            same[key] += std::to_string(step);
        }
        for (const auto& [shared, expected] : copies) {
            if (step % 1000 == 0) {
                ASSERT_EQ(plain(shared), expected);
            }
        }
    }
    for (const auto& [shared, expected] : copies) {
        ASSERT_EQ(plain(shared), expected);
        for (std::uint64_t number = 0; number < 3100; ++number)
            EXPECT_EQ(shared.contains(id_of(number)), expected.contains(id_of(number)));
    }
    for (const auto& [one, its] : copies)
        for (const auto& [other, others] : copies)
            EXPECT_EQ(one == other, its == others);
}

TEST(SharedTable, KeepsTheOrderInWhichIdsCame) {
    Table table;
    for (std::uint64_t number = 0; number < 40000; ++number)
        table[id_of(number)] = std::to_string(number);
    table.erase(id_of(17));
    std::uint64_t expected = 0;
    for (const auto& [key, value] : table) {
        expected += expected == 17 ? 1 : 0;
        EXPECT_EQ(value, std::to_string(expected++));
    }
    EXPECT_EQ(expected, 40000U);
}

// Two that grew apart, in another order, are the same table all the same.
TEST(SharedTable, IsComparedByItsEntries) {
    Table one;
    Table other;
    for (std::uint64_t number = 0; number < 500; ++number) {
        one[id_of(number)] = "x";
        other[id_of(499 - number)] = "x";
    }
    EXPECT_EQ(one, other);
    other.at(id_of(3)) = "y";
    EXPECT_FALSE(one == other);
    other.at(id_of(3)) = "x";
    other[id_of(501)];
    EXPECT_FALSE(one == other);
    one[id_of(502)];
    EXPECT_FALSE(one == other);
}

// Somebody may choose an id of ten zeros; whoever asks for no id at all must not find theirs.
TEST(SharedTable, AnEmptyIdIsNotTheOneOfZeros) {
    Table table;
    EXPECT_EQ(std::as_const(table).find(ItemId()), table.end());
    table[ItemId::of(Bytes(10))] = "zeros";
    EXPECT_FALSE(table.contains(ItemId()));
    EXPECT_TRUE(table.contains(ItemId::of(Bytes(10))));
    EXPECT_EQ(table.erase(ItemId()), 0U);
    EXPECT_THROW(table.at(ItemId()), std::out_of_range);
}

TEST(SharedTable, AnIdIsItsTenBytes) {
    std::mt19937 random(3);
    for (int i = 0; i < 1000; ++i) {
        Bytes raw(10);
        for (Byte& b : raw)
            b = static_cast<Byte>(random());
        const RawId got = raw_id(ItemId::of(raw));
        EXPECT_TRUE(std::ranges::equal(got, raw));
    }
}

// One grows while others read copies of it: what they see is theirs.
TEST(SharedTable, CopiesAreReadWhileOneGrows) {
    Table table;
    std::vector<std::jthread> readers;
    for (std::uint64_t number = 0; number < 30000; ++number) {
        table[id_of(number)] = "x";
        table.at(id_of(number / 2)) += "y";
        if (number % 6000 == 3000)
            readers.emplace_back([copy = table, number] {
                for (std::uint64_t at = 0; at < 30000; ++at)
                    ASSERT_EQ(copy.contains(id_of(at)), at <= number);
            });
    }
}

} // namespace
} // namespace valise
