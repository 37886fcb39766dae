// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "logbook/commitment.h"
#include "logbook/internal/sample.h"
#include "logbook/leaf.h"

#include <gtest/gtest.h>

namespace valise::logbook {
namespace {

Bytes flipped(Bytes bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<Byte>(bytes[bit / 8] ^ (1U << bit % 8));
    return bytes;
}

class CommitmentTest : public testing::Test {
protected:
    CommitmentTest() {
        sample::Story story;
        if (!story.add(ActKind::found, Stage::done, {}, {{"party", "JPN"}}))
            ADD_FAILURE();
        skeleton = story.events.at(0).skeleton.bytes();
        opening = story.events.at(0).opening;
        if (!opening.add("act", sample::signed_act(ActKind::close).bytes()))
            ADD_FAILURE();
    }
    Bytes skeleton;
    Opening opening;
    const Hash32 salt = sample::hash(0x77);
};

TEST_F(CommitmentTest, IsTheTreeOfSaltedFields) {
    const auto c = Commitment::of(skeleton, opening, salt);
    ASSERT_EQ(c.field_leaves().size(), 4U);
    EXPECT_EQ(c.root(), crypto::tree_root(c.field_leaves()));
    EXPECT_EQ(c.field_leaves()[0], field_leaf(0, c.salt(0), "skeleton", skeleton));
    EXPECT_EQ(c.field_leaves()[1], field_leaf(1, c.salt(1), "title", view("a title")));
    EXPECT_NE(c.salt(0), c.salt(1));
    EXPECT_NE(c.root(), Commitment::of(skeleton, opening, sample::hash(0x78)).root());
    EXPECT_TRUE(verify_record(c.root(), skeleton, opening, salt));
}

// Computed once by an independent program (Python: hmac, hashlib).
TEST_F(CommitmentTest, KnownAnswer) {
    Opening one;
    ASSERT_TRUE(one.add("title", "x"));
    EXPECT_EQ(to_hex(field_salt(sample::hash(0), 1)),
              "5e0cb85f95bf674abd3ed8d84a9493ba57604d297c25c036873bf465786b0774");
    EXPECT_EQ(to_hex(Commitment::of(view("{}"), one, sample::hash(0)).root()),
              "fc0cda5c9ab7ebb5ce2fbe554fb1c97a2af727a53d1222b157a219d75ba20f2c");
}

TEST_F(CommitmentTest, EveryFlippedBitOfTheRecordIsCaught) {
    const auto c = Commitment::of(skeleton, opening, salt);
    for (std::size_t bit = 0; bit < skeleton.size() * 8; ++bit)
        EXPECT_FALSE(verify_record(c.root(), flipped(skeleton, bit), opening, salt)) << bit;
    const Bytes bytes = opening.bytes();
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        const auto changed = Opening::parse(flipped(bytes, bit));
        EXPECT_FALSE(changed && verify_record(c.root(), skeleton, *changed, salt)) << bit;
    }
    const Bytes salt_bytes = to_bytes(ByteView(salt));
    for (std::size_t bit = 0; bit < 256; ++bit) {
        const auto changed = fixed<32>(flipped(salt_bytes, bit), "");
        EXPECT_FALSE(verify_record(c.root(), skeleton, opening, *changed));
    }
}

TEST_F(CommitmentTest, SkeletonVerifiesAfterTheOpeningIsShredded) {
    const auto c = Commitment::of(skeleton, opening, salt);
    const std::vector<Hash32> others(c.field_leaves().begin() + 1, c.field_leaves().end());
    EXPECT_TRUE(verify_skeleton(c.root(), skeleton, c.salt(0), others));
    for (std::size_t bit = 0; bit < skeleton.size() * 8; ++bit)
        EXPECT_FALSE(verify_skeleton(c.root(), flipped(skeleton, bit), c.salt(0), others));
    EXPECT_FALSE(verify_skeleton(c.root(), skeleton, c.salt(1), others));
    EXPECT_FALSE(verify_skeleton(c.root(), skeleton, c.salt(0), {}));
}

TEST_F(CommitmentTest, OneFieldCanBeDisclosed) {
    const auto c = Commitment::of(skeleton, opening, salt);
    for (std::uint32_t i = 0; i < 4; ++i) {
        const auto shown = c.disclose(skeleton, opening, i);
        ASSERT_TRUE(shown);
        EXPECT_TRUE(verify_field(c.root(), *shown));
        FieldDisclosure other = *shown;
        other.index = (i + 1) % 4;
        EXPECT_FALSE(verify_field(c.root(), other));
        other = *shown;
        other.name = "reasom";
        EXPECT_FALSE(verify_field(c.root(), other));
        other = *shown;
        other.value = flipped(other.value, 0);
        EXPECT_FALSE(verify_field(c.root(), other));
        other = *shown;
        other.count = 5;
        EXPECT_FALSE(verify_field(c.root(), other));
        other = *shown;
        other.path.pop_back();
        EXPECT_FALSE(verify_field(c.root(), other));
    }
    EXPECT_FALSE(c.disclose(skeleton, opening, 4));
}

TEST(Opening, KeepsOrderAndRefusesNonsense) {
    Opening opening;
    EXPECT_TRUE(opening.add("title", "t"));
    EXPECT_TRUE(opening.add("act", Bytes{1, 2, 3}));
    EXPECT_FALSE(opening.add("title", "again"));
    EXPECT_FALSE(opening.add("skeleton", "x"));
    EXPECT_FALSE(opening.add("Title", "x"));
    EXPECT_FALSE(opening.add("", "x"));
    EXPECT_FALSE(opening.add("big", Bytes(Opening::kMaxBytes)));
    const Bytes bytes = opening.bytes();
    const auto again = Opening::parse(bytes);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, opening);
    EXPECT_EQ(again->text("title"), "t");
    EXPECT_EQ(again->find("name"), nullptr);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(Opening::parse(ByteView(bytes).first(size))) << size;
    for (int i = 2; i < 32; ++i)
        EXPECT_TRUE(opening.add("f" + std::to_string(i), "x"));
    EXPECT_FALSE(opening.add("f32", "x"));
}

LeafFields full_leaf() {
    LeafFields fields;
    fields.kind = ActKind::dispatch;
    fields.stage = Stage::failed;
    fields.correction = true;
    fields.minute = sample::at();
    fields.act_number = 258;
    fields.previous = 257;
    fields.link_tag = sample::hash(1);
    fields.commitment = sample::hash(2);
    fields.document = sample::hash(3);
    fields.signed_act = sample::hash(4);
    fields.peer_size = 5;
    fields.peer_root = sample::hash(6);
    fields.signer_key_id = {1, 2, 3, 4, 5, 6, 7, 8};
    return fields;
}

TEST(Leaf, OffsetsAreThoseOfTheFormat) {
    const Leaf leaf = Leaf::in_shared_log(full_leaf());
    const std::string hex = to_hex(leaf.bytes());
    ASSERT_EQ(hex.size(), 512U);
    EXPECT_EQ(hex.substr(0, 16), "564c53310a340001");
    EXPECT_EQ(hex.substr(16, 16), "0000000001c89e88"); // minutes since 1970
    EXPECT_EQ(hex.substr(32, 32), "00000000000001020000000000000101");
    EXPECT_EQ(hex.substr(64, 4), "0101");
    EXPECT_EQ(hex.substr(128, 4), "0202");
    EXPECT_EQ(hex.substr(192, 4), "0303");
    EXPECT_EQ(hex.substr(256, 4), "0404");
    EXPECT_EQ(hex.substr(320, 16), "0000000000000005");
    EXPECT_EQ(hex.substr(336, 4), "0606");
    EXPECT_EQ(hex.substr(400, 16), "0102030405060708");
    EXPECT_EQ(hex.substr(416), std::string(96, '0'));
    const auto again = Leaf::parse(leaf.bytes());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->fields(), full_leaf());
}

TEST(Leaf, ThePrivateLogIsBlind) {
    const Leaf leaf = Leaf::in_private_log(full_leaf());
    EXPECT_TRUE(leaf.is_private());
    EXPECT_EQ(leaf.bytes()[4], Leaf::kBlindKind);
    EXPECT_EQ(leaf.fields().link_tag, Hash32{});
    EXPECT_FALSE(leaf.fields().previous);
    EXPECT_EQ(leaf.fields().signer_key_id, (std::array<Byte, 8>{}));
    EXPECT_EQ(leaf.fields().stage, Stage::failed);
    LeafFields other = full_leaf();
    other.kind = ActKind::open;
    other.link_tag = sample::hash(9);
    EXPECT_EQ(Leaf::in_private_log(other), leaf);
    EXPECT_EQ(Leaf::parse(leaf.bytes()).value(), leaf);
}

TEST(Leaf, EveryFlippedBitIsRefusedOrChangesTheLeafHash) {
    for (const Leaf& leaf : {Leaf::in_shared_log(full_leaf()), Leaf::in_private_log(full_leaf())}) {
        const Bytes bytes = to_bytes(leaf.bytes());
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            const Bytes changed = flipped(bytes, bit);
            EXPECT_NE(crypto::leaf_hash(changed), crypto::leaf_hash(bytes));
            const auto parsed = Leaf::parse(changed);
            const std::size_t at = bit / 8;
            const bool fixed = at < 4 || at == 6 || at == 7 || at >= 208;
            EXPECT_FALSE(fixed && parsed) << bit;
            EXPECT_FALSE(parsed && parsed->fields() == leaf.fields()) << bit;
        }
    }
}

TEST(Leaf, BlindedFieldsMustBeEmpty) {
    const Bytes bytes = to_bytes(Leaf::in_private_log(full_leaf()).bytes());
    for (const std::size_t at : {24U, 31U, 32U, 63U, 200U, 207U, 208U, 255U})
        EXPECT_FALSE(Leaf::parse(flipped(bytes, at * 8))) << at;
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(Leaf::parse(ByteView(bytes).first(size)));
}

TEST(Leaf, AgreesWithItsEventOnly) {
    sample::Story story;
    ASSERT_TRUE(story.add(ActKind::found, Stage::done, {}, {{"party", "JPN"}}));
    const Skeleton& skeleton = story.events.at(0).skeleton;
    LeafFields fields;
    fields.kind = ActKind::found;
    fields.stage = Stage::done;
    fields.minute = skeleton.minute();
    fields.commitment = sample::hash(2);
    EXPECT_TRUE(Leaf::in_shared_log(fields).agrees_with(skeleton, sample::hash(2)));
    EXPECT_TRUE(Leaf::in_private_log(fields).agrees_with(skeleton, sample::hash(2)));
    EXPECT_FALSE(Leaf::in_shared_log(fields).agrees_with(skeleton, sample::hash(3)));
    LeafFields other = fields;
    other.stage = Stage::failed;
    EXPECT_FALSE(Leaf::in_private_log(other).agrees_with(skeleton, sample::hash(2)));
    other = fields;
    other.kind = ActKind::open;
    EXPECT_FALSE(Leaf::in_shared_log(other).agrees_with(skeleton, sample::hash(2)));
    other = fields;
    other.minute = other.minute.plus_seconds(60);
    EXPECT_FALSE(Leaf::in_shared_log(other).agrees_with(skeleton, sample::hash(2)));
    other = fields;
    other.dummy = true;
    EXPECT_FALSE(Leaf::in_shared_log(other).agrees_with(skeleton, sample::hash(2)));
}

TEST(Leaf, TagsAndDocumentsHaveDomains) {
    EXPECT_EQ(to_hex(link_tag(SecretBytes::copy(Bytes(32, 0)))),
              "3c1c7a0894820273b06f462fd7d28741ccf9f84bf7b7b07f6925f77097729d4c");
    EXPECT_EQ(to_hex(document_commitment(sample::hash(0))),
              "bb17ce6e99e92fea238d1d07065aa5a42a28052b26a39fb98aa68100882705e4");
    EXPECT_EQ(to_hex(statement_commitment(view("{}"))),
              "4b4f902b00c3cad942e189730306dc222c2c0e11f7f8fd161b199a4fc4a13105");
}

} // namespace
} // namespace valise::logbook
