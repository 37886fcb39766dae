// SPDX-License-Identifier: Apache-2.0
#include "base/codec/gzip.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

// gzip -n of "hello hello hello hello\n", GNU gzip 1.12.
const Bytes kPacked = *from_hex("1f8b0800000000000003cb48cdc9c957c84027b9000088590b18000000");
constexpr std::string_view kPlain = "hello hello hello hello\n";

TEST(Gzip, WhatAnotherProgramPacked) {
    EXPECT_EQ(to_text(*gunzip(kPacked, 100)), kPlain);
    EXPECT_EQ(to_text(*gunzip(kPacked, kPlain.size())), kPlain);
}

TEST(Gzip, NeverMoreThanIsTaken) {
    for (std::size_t max = 0; max < kPlain.size(); ++max)
        EXPECT_EQ(gunzip(kPacked, max).error().code(), Code::limit) << max;
}

TEST(Gzip, EveryPrefixAndEveryBitOfTheCheckedPartIsRefused) {
    for (std::size_t size = 0; size < kPacked.size(); ++size)
        EXPECT_FALSE(gunzip(ByteView(kPacked).first(size), 100)) << size;
    for (std::size_t bit = 10 * 8; bit < kPacked.size() * 8; ++bit) {
        Bytes changed = kPacked;
        changed[bit / 8] ^= static_cast<Byte>(1U << (bit % 8));
        const auto read = gunzip(changed, 100);
        EXPECT_TRUE(!read || to_text(*read) == kPlain) << bit;
    }
    Bytes longer = kPacked;
    longer.push_back(0);
    EXPECT_FALSE(gunzip(longer, 100));
    append(longer, kPacked);
    EXPECT_FALSE(gunzip(longer, 100));
}

} // namespace
} // namespace valise
