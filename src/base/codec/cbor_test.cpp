// SPDX-License-Identifier: Apache-2.0
#include "base/codec/cbor.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

// RFC 8949, appendix A.
TEST(Cbor, IntegersAreThoseOfTheRfc) {
    const std::pair<std::int64_t, const char*> kKnown[] = {{0, "00"},
                                                           {1, "01"},
                                                           {10, "0a"},
                                                           {23, "17"},
                                                           {24, "1818"},
                                                           {25, "1819"},
                                                           {100, "1864"},
                                                           {1000, "1903e8"},
                                                           {1000000, "1a000f4240"},
                                                           {1000000000000, "1b000000e8d4a51000"},
                                                           {-1, "20"},
                                                           {-10, "29"},
                                                           {-100, "3863"},
                                                           {-1000, "3903e7"}};
    for (const auto& [value, hex] : kKnown) {
        const Bytes bytes = CborWriter().integer(value).take();
        EXPECT_EQ(bytes, *from_hex(hex)) << value;
        CborReader in(bytes);
        EXPECT_EQ(in.integer().value(), value);
        EXPECT_TRUE(in.done());
    }
}

TEST(Cbor, OneValueHasOneForm) {
    for (const char* longer :
         {"1800", "1817", "190017", "1900ff", "1a0000ffff", "1b00000000ffffffff", "3817", "f7",
          "1c", "1f", "1b8000000000000000"}) {
        const Bytes bytes = *from_hex(longer);
        CborReader in(bytes);
        EXPECT_FALSE(in.integer()) << longer;
    }
    const Bytes indefinite = *from_hex("5f42010243030405ff");
    EXPECT_FALSE(CborReader(indefinite).bytes(100));
    const Bytes not_utf8 = *from_hex("62c328");
    EXPECT_FALSE(CborReader(not_utf8).text(100));
}

TEST(Cbor, EveryPrefixAndEveryBoundIsRefused) {
    const Bytes all = CborWriter()
                          .tag(18)
                          .array(3)
                          .bytes(Bytes(300, 7))
                          .text("origin")
                          .map(1)
                          .integer(-5)
                          .null()
                          .take();
    const auto read = [](ByteView bytes) -> Result<void> {
        CborReader in(bytes);
        TRY(in.tag(18));
        TRY(in.array(3));
        TRY(in.bytes(300));
        TRY(in.text(6));
        TRY(in.map(1));
        TRY(in.expect(-5));
        TRY(in.null());
        return in.done();
    };
    EXPECT_TRUE(read(all));
    for (std::size_t size = 0; size < all.size(); ++size)
        EXPECT_FALSE(read(ByteView(all).first(size))) << size;
    Bytes longer = all;
    longer.push_back(0);
    EXPECT_FALSE(read(longer));
    EXPECT_FALSE(CborReader(all).tag(17));
    const Bytes bytes = CborWriter().bytes(Bytes(300, 7)).take();
    EXPECT_FALSE(CborReader(bytes).bytes(299));
}

} // namespace
} // namespace valise
