// SPDX-License-Identifier: Apache-2.0
#include "base/shared_map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace valise {
namespace {

using Map = SharedMap<int, std::string>;
using Plain = std::map<int, std::string>;

Plain plain(const Map& map) {
    Plain out;
    int before = -1;
    for (const auto& [key, value] : map) {
        EXPECT_LT(before, key);
        before = key;
        out.emplace(key, value);
    }
    EXPECT_EQ(out.size(), map.size());
    return out;
}

// Whatever is done to one of many copies, each stays what a std::map would be.
TEST(SharedMap, EveryCopyIsAMapOfItsOwn) {
    std::mt19937 random(7);
    std::vector<std::pair<Map, Plain>> copies(1);
    for (int step = 0; step < 20000; ++step) {
        const std::size_t which = random() % copies.size();
        auto& [map, same] = copies[which];
        const int key = static_cast<int>(random() % 400);
        switch (random() % 5) {
        case 0:
            EXPECT_EQ(map.erase(key), same.erase(key));
            break;
        case 1:
            if (const auto found = map.find(key); found != map.end()) {
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
            map[key] += std::to_string(step);
            same[key] += std::to_string(step);
        }
        for (const auto& [shared, expected] : copies) {
            if (step % 500 == 0) {
                ASSERT_EQ(plain(shared), expected);
            }
        }
    }
    for (const auto& [shared, expected] : copies) {
        ASSERT_EQ(plain(shared), expected);
        for (int key = -1; key <= 400; ++key) {
            const auto found = shared.lower_bound(key);
            const auto wanted = expected.lower_bound(key);
            ASSERT_EQ(found == shared.end(), wanted == expected.end());
            if (wanted != expected.end()) {
                EXPECT_EQ(found->first, wanted->first);
            }
            EXPECT_EQ(shared.contains(key), expected.contains(key));
        }
    }
}

TEST(SharedMap, ComparesByWhatItHolds) {
    Map one;
    Map other;
    for (int key = 0; key < 50; ++key) {
        one[key] = "x";
        other[49 - key] = "x";
    }
    EXPECT_EQ(one, other);
    other.at(3) = "y";
    EXPECT_NE(one, other);
    EXPECT_EQ(erase_if(other, [](const auto& entry) { return entry.first != 3; }), 49U);
    EXPECT_EQ(plain(other), (Plain{{3, "y"}}));
    EXPECT_THROW(other.at(4), std::out_of_range);
}

// A copy that somebody prints does not move while the original goes on.
TEST(SharedMap, IsReadWhileACopyChanges) {
    Map map;
    for (int key = 0; key < 2000; ++key)
        map[key] = "before";
    const Map given = map;
    std::jthread reader([given] {
        for (int round = 0; round < 20; ++round)
            for (const auto& [key, value] : given)
                EXPECT_EQ(value, "before");
    });
    for (int key = 0; key < 2000; ++key)
        map[key] = "after";
    reader.join();
    EXPECT_EQ(map.at(1999), "after");
}

} // namespace
} // namespace valise
