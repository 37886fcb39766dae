// SPDX-License-Identifier: Apache-2.0
#include "verifying/evidence.h"
#include "verifying/test_story.h"

#include <gtest/gtest.h>

namespace valise::verifying {
namespace {

using testing::Story;

std::string said(const Report& report) {
    return report.found
               ? report.found->place + ": " + report.found->reason + ": " + report.found->text
               : "verified";
}

TEST(Evidence, OfBothSidesHolds) {
    for (const Bytes* bytes : {&Story::told().sent, &Story::told().received}) {
        const Report report = check_evidence(*bytes, {Story::told().fingerprint, {}});
        ASSERT_TRUE(report.verified()) << said(report);
        EXPECT_EQ(report.private_log->evidence, "E2");
        EXPECT_EQ(report.shared_log->evidence, "E2");
        EXPECT_TRUE(report.identity->compared);
        EXPECT_EQ(report.identity->confirmed_by.size(), 2U);
        EXPECT_EQ(report.withheld, 0U);
        EXPECT_FALSE(report.banner.empty());
    }
}

} // namespace
} // namespace valise::verifying
