// SPDX-License-Identifier: Apache-2.0
#include "agreement/control.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

//= O-08
TEST(ControlTerms, ALeaseIsWholeHoursOfOneSpelling) {
    const std::string days = "answer_days = 5 ";
    const auto with = [&](const std::string& lease) {
        std::string bytes = terms_file("examplia-borduria.toml");
        bytes.replace(bytes.find(days), days.size(), "lease = \"" + lease + "\"\n" + days);
        return Terms::parse(view(bytes));
    };
    EXPECT_TRUE(Terms::parse(view(terms_file("examplia-borduria.toml")))->control());
    for (const char* lease : {"PT0H", "PT1000H", "8H", "PT8M", "PT08H"})
        EXPECT_FALSE(with(lease)) << lease;
    const auto eight = with("PT8H");
    ASSERT_TRUE(eight);
    EXPECT_EQ(eight->control()->lease_hours, 8);
}

} // namespace
} // namespace valise::agreement::test
