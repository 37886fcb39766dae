// SPDX-License-Identifier: Apache-2.0
#include "verifying/sealed_file.h"
#include "verifying/test_story.h"

#include <gtest/gtest.h>

namespace valise::verifying {
namespace {

using testing::Story;

struct Sealed {
    Bytes bytes;
    Bytes invitation;
};

// What lies at Kyiv as it came from Tokyo.
Sealed sealed() {
    auto& story = Story::told();
    const auto state = story.kyiv.registry->state();
    for (const auto& [id, item] : state.items())
        if (item.direction == logbook::Direction::in)
            for (const auto* blobs : {&story.kyiv.blobs.whole, &story.kyiv.blobs.partials})
                if (const auto found = blobs->find(item.blob.text()); found != blobs->end())
                    return {*found->second, to_bytes(*story.tokyo.registry->invitation("x"))};
    throw std::runtime_error("nothing arrived");
}

TEST(SealedFile, HoldsWithoutAnyKeyThatOpensIt) {
    const Sealed file = sealed();
    const Bytes root = Story::told().tokyo.registry->key_list().root;
    const auto report =
        check_sealed_file(MemorySource(file.bytes), file.invitation, {"", {{"JPN", root}}});
    ASSERT_TRUE(report.verified()) << report.found->place << " " << report.found->text;
    EXPECT_TRUE(report.compared);
    EXPECT_EQ(report.statement->inputs.recipient, "UKR");
    EXPECT_EQ(report.approvals, 2U);
    EXPECT_EQ(report.segments, 1U);
    EXPECT_EQ(sealed_json(report)["statement"]["sender"], "JPN");
    EXPECT_NE(sealed_text(report).find("VERIFIED"), std::string::npos);
}

TEST(SealedFile, OthersKeysAndTurnedBytesAreRefusedWithTheirPlace) {
    const Sealed file = sealed();
    const auto refused = [](const Bytes& bytes, const Bytes& invitation, const Expected& expected) {
        const auto report = check_sealed_file(MemorySource(bytes), invitation, expected);
        return report.found && !report.found->place.empty();
    };
    const Bytes kyivs = to_bytes(*Story::told().kyiv.registry->invitation("x"));
    EXPECT_TRUE(refused(file.bytes, kyivs, {}));
    EXPECT_TRUE(refused(file.bytes, {}, {}));
    const Bytes root = Story::told().kyiv.registry->key_list().root;
    EXPECT_TRUE(refused(file.bytes, file.invitation, {"", {{"JPN", root}}}));
    for (std::size_t i = 0; i < 60; ++i) {
        Bytes changed = file.bytes;
        changed[(changed.size() - 1) * i / 59] ^= 0x20;
        EXPECT_TRUE(refused(changed, file.invitation, {})) << i;
    }
}

} // namespace
} // namespace valise::verifying
