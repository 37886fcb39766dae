// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/one_time_code.h"

#include <gtest/gtest.h>

namespace valise::desk {
namespace {

const Bytes kSecret = to_bytes("12345678901234567890");

// RFC 4226 appendix D.
TEST(OneTimeCode, CounterVectors) {
    const char* const codes[] = {"755224", "287082", "359152", "969429", "338314",
                                 "254676", "287922", "162583", "399871", "520489"};
    for (std::int64_t count = 0; count < 10; ++count)
        EXPECT_EQ(one_time_code(kSecret, count), codes[count]);
}

// RFC 6238 appendix B, the rows of SHA-1.
TEST(OneTimeCode, TimeVectors) {
    const std::pair<std::int64_t, const char*> rows[] = {
        {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
        {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
    for (const auto& [seconds, code] : rows)
        EXPECT_EQ(one_time_code(kSecret, code_period(Time{seconds}), 8), code);
}

TEST(OneTimeCode, CountsOnceAndForThreePeriods) {
    const Time now{1234567890};
    const std::int64_t present = code_period(now);
    for (const int off : {-1, 0, 1})
        EXPECT_EQ(matching_period(kSecret, one_time_code(kSecret, present + off), now, 0),
                  present + off);
    for (const int off : {-2, 2})
        EXPECT_FALSE(matching_period(kSecret, one_time_code(kSecret, present + off), now, 0));
    const std::string code = one_time_code(kSecret, present);
    EXPECT_FALSE(matching_period(kSecret, code, now, present));
    EXPECT_FALSE(matching_period(kSecret, code, now, present + 1));
    for (const char* other : {"", "1", "0000000", "abcdef"})
        EXPECT_FALSE(matching_period(kSecret, other, now, 0)) << other;
}

} // namespace
} // namespace valise::desk
