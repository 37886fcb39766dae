// SPDX-License-Identifier: Apache-2.0
#include "agreement/key_list.h"

#include <gtest/gtest.h>

namespace valise::agreement {
namespace {

KeyList sample() {
    KeyList out;
    out.party = "JPN";
    out.issued = Time::parse("2026-11-24T00:00:00Z").value();
    out.mirror.emplace();
    for (LogKeys* keys : {&out.private_log, &out.shared_log, &out.witness, &*out.mirror})
        *keys = {"xr.example/a-b/1", {"one", "two"}};
    out.sender = out.receipt = out.unwrapping = out.root = Bytes(40, 1);
    return out;
}

TEST(KeyList, HasOneText) {
    const auto back = KeyList::parse(sample().bytes());
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(*back, sample());
    // The same time as a bare date: what a root key signed would have a second text.
    std::string text = to_text(sample().bytes());
    text.replace(text.find("T00:00:00Z"), 10, "");
    const auto dated = KeyList::parse(view(text));
    ASSERT_FALSE(dated);
    EXPECT_EQ(dated.error().reason(), "agreement.key_list");
}

TEST(Confirmation, IsTheSameFromBothSides) {
    const Confirmation::Party jpn{"JPN", Bytes(40, 1)};
    const Confirmation::Party ukr{"UKR", Bytes(40, 2)};
    const auto one = Confirmation::of("jpn-ukr", Hash32{}, jpn, ukr);
    const auto other = Confirmation::of("jpn-ukr", Hash32{}, ukr, jpn);
    EXPECT_EQ(one.bytes(), other.bytes());
    EXPECT_EQ(one.fingerprint(), other.fingerprint());
    Confirmation turned = one;
    std::swap(turned.first, turned.second);
    EXPECT_FALSE(Confirmation::parse(turned.bytes()));
    EXPECT_TRUE(Confirmation::parse(one.bytes()));
}

} // namespace
} // namespace valise::agreement
