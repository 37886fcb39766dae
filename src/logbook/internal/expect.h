// SPDX-License-Identifier: Apache-2.0
// Of tests only.
#pragma once

#include "logbook/state.h"

#include <gtest/gtest.h>

#define ASSERT_OK(...)                                                                             \
    do {                                                                                           \
        const auto ok_result = (__VA_ARGS__);                                                      \
        ASSERT_TRUE(ok_result) << ok_result.error().text();                                        \
    } while (false)

// The event is refused for this reason and leaves the state as it was.
#define EXPECT_REFUSED(story, why, ...)                                                            \
    do {                                                                                           \
        const State before = (story).state;                                                        \
        const auto refused_result = (__VA_ARGS__);                                                 \
        ASSERT_FALSE(refused_result);                                                              \
        EXPECT_EQ(refused_result.error().reason(), why) << refused_result.error().text();          \
        EXPECT_EQ((story).state, before);                                                          \
    } while (false)
