// SPDX-License-Identifier: Apache-2.0
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "crypto/internal/testing.h"
#include "crypto/mac.h"
#include "crypto/random.h"

#include <set>

namespace valise::crypto {
namespace {

constexpr std::string_view kTwoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

TEST(Hash, Sha256OfFips180Examples) {
    EXPECT_EQ(to_hex(sha256(view(""))),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256(view("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(sha256(view(kTwoBlocks))),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(to_hex(sha256(repeated('a', 1'000'000))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, Sha384OfFips180Examples) {
    EXPECT_EQ(to_hex(sha384(view("abc"))),
              "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
              "8086072ba1e7cc2358baeca134c825a7");
    EXPECT_EQ(to_hex(sha384(view(""))),
              "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
              "274edebfe76f65fbd51ad2f14898b95b");
}

TEST(Hash, Sha3256OfFips202Examples) {
    EXPECT_EQ(to_hex(sha3_256(view(""))),
              "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
    EXPECT_EQ(to_hex(sha3_256(view("abc"))),
              "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
}

TEST(Hash, PiecesOfEverySizeGiveTheSameAsOneCall) {
    const Bytes whole = random_bytes(300);
    for (std::size_t split = 0; split <= whole.size(); ++split) {
        const ByteView first = ByteView(whole).first(split);
        const ByteView second = ByteView(whole).subspan(split);
        EXPECT_EQ(Sha256().update(first).update(second).finish(), sha256(whole));
        EXPECT_EQ(Sha384().update(first).update(second).finish(), sha384(whole));
        EXPECT_EQ(HmacSha256(view("k")).update(first).update(second).finish(),
                  hmac_sha256(view("k"), whole));
    }
}

TEST(Hash, ACopyGoesItsOwnWay) {
    Sha256 first;
    first.update(view("ab"));
    Sha256 second = first;
    first.update(view("c"));
    second.update(view("d"));
    EXPECT_EQ(first.finish(), sha256(view("abc")));
    EXPECT_EQ(second.finish(), sha256(view("abd")));
}

TEST(Mac, Rfc4231) {
    EXPECT_EQ(to_hex(hmac_sha256(repeated(0x0b, 20), view("Hi There"))),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(to_hex(hmac_sha256(view("Jefe"), view("what do ya want for nothing?"))),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(to_hex(hmac_sha256(repeated(0xaa, 20), repeated(0xdd, 50))),
              "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    EXPECT_EQ(to_hex(hmac_sha256(repeated(0xaa, 131),
                                 view("Test Using Larger Than Block-Size Key - Hash Key First"))),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Mac, AnEmptyKeyIsAKey) {
    EXPECT_EQ(to_hex(hmac_sha256({}, {})),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    // Not what the context was last used with.
    EXPECT_NE(hmac_sha256(view("k"), {}), hmac_sha256({}, {}));
}

TEST(Equal, EveryBitCounts) {
    const Bytes bytes = random_bytes(32);
    EXPECT_TRUE(constant_time_equal(bytes, Bytes(bytes)));
    EXPECT_TRUE(constant_time_equal({}, {}));
    EXPECT_FALSE(constant_time_equal(bytes, ByteView(bytes).first(31)));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        Bytes other = bytes;
        other[bit / 8] ^= static_cast<Byte>(1 << (bit % 8));
        EXPECT_FALSE(constant_time_equal(bytes, other)) << bit;
    }
}

TEST(Random, DrawsDiffer) {
    std::set<Bytes> seen;
    for (int i = 0; i < 100; ++i) {
        seen.insert(random_bytes(16));
        seen.insert(to_bytes(random_array<16>()));
        seen.insert(to_bytes(random_secret(16).read(for_test())));
    }
    EXPECT_EQ(seen.size(), 300U);
    EXPECT_TRUE(random_bytes(0).empty());
}

} // namespace
} // namespace valise::crypto
