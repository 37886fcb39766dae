// SPDX-License-Identifier: Apache-2.0
#include "verifying/courier_bag.h"
#include "verifying/receipt_file.h"
#include "verifying/test_story.h"

#include <gtest/gtest.h>

// What travels by itself: volumes of a bag, and receipts.
namespace valise::verifying {
namespace {

using testing::Story;

Bytes invitation_of(testing::Side& side) {
    return to_bytes(*side.registry->invitation("x"));
}

const Bytes& volume() {
    static const Bytes bytes = [] {
        auto& side = Story::told().tokyo;
        const auto packed = *side.registry->pack_bag(registry::kLeastVolume, false);
        const auto source = *side.registry->bag_volume(packed.volumes.front().blob);
        Bytes out(static_cast<std::size_t>(source->size()));
        EXPECT_TRUE(source->read_at(0, out));
        return out;
    }();
    return bytes;
}

BagReport checked(const std::vector<Bytes>& volumes, const Bytes& invitation,
                  const Expected& expected = {}) {
    std::vector<std::unique_ptr<MemorySource>> held;
    std::vector<NamedSource> named;
    for (const Bytes& bytes : volumes) {
        held.push_back(std::make_unique<MemorySource>(bytes));
        named.push_back({"file " + std::to_string(named.size()), held.back().get()});
    }
    return check_bag(named, invitation, expected);
}

TEST(CourierBag, IsToldFromOutside) {
    auto& story = Story::told();
    const Bytes root = story.tokyo.registry->key_list().root;
    const auto report = checked({volume()}, invitation_of(story.tokyo), {"", {{"JPN", root}}});
    ASSERT_TRUE(report.verified()) << report.found->text;
    EXPECT_TRUE(report.whole());
    EXPECT_TRUE(report.compared);
    EXPECT_EQ(report.header->to, "UKR");
    EXPECT_NE(bag_text(report).find("VERIFIED"), std::string::npos);
    const auto twice = checked({volume(), volume()}, invitation_of(story.tokyo));
    EXPECT_TRUE(twice.whole());
    EXPECT_EQ(bag_json(twice)["doubled"].size(), 1U);
}

TEST(CourierBag, OthersKeysTurnedBytesAndEveryEndAreRefused) {
    auto& story = Story::told();
    const Bytes invitation = invitation_of(story.tokyo);
    EXPECT_TRUE(checked({volume()}, invitation_of(story.kyiv)).found);
    EXPECT_TRUE(checked({volume()}, {}).found);
    EXPECT_TRUE(checked({}, invitation).found);
    EXPECT_TRUE(checked({Bytes()}, invitation).found);
    for (std::size_t i = 0; i < 64; ++i) {
        Bytes turned = volume();
        turned[(turned.size() - 1) * i / 63] ^= 4;
        EXPECT_TRUE(checked({turned}, invitation).found) << i;
        Bytes cut = volume();
        cut.resize((cut.size() - 1) * i / 63);
        EXPECT_TRUE(checked({cut}, invitation).found) << i;
    }
    for (std::size_t i = 0; i < 160; ++i) { // header, share, and what follows them
        Bytes turned = volume();
        turned[i] ^= 1;
        EXPECT_TRUE(checked({turned}, invitation).found) << i;
    }
}

struct Receipts {
    Bytes custody, contents;
    std::vector<Bytes> invitations;
};

Receipts receipts() {
    auto& story = Story::told();
    const auto state = story.kyiv.registry->state();
    for (const auto& [id, dispatch] : state.dispatches())
        if (dispatch.direction == logbook::Direction::in)
            if (auto custody =
                    story.kyiv.registry->export_receipt(id, logbook::ActKind::custody_receipt))
                return {
                    *custody,
                    *story.kyiv.registry->export_receipt(id, logbook::ActKind::contents_receipt),
                    {invitation_of(story.kyiv), invitation_of(story.tokyo)}};
    throw std::runtime_error("the story needs a receipt");
}

Believed kyivs_log() {
    const auto list = Story::told().kyiv.registry->key_list();
    return *Believed::of(list.shared_log.vkeys, {});
}

TEST(ReceiptFile, HoldsUnderBothKeyListsAndInTheLog) {
    const Receipts given = receipts();
    for (const Bytes* bytes : {&given.custody, &given.contents}) {
        const auto report = check_receipt_file(*bytes, given.invitations, {}, kyivs_log());
        ASSERT_TRUE(report.verified()) << report.found->place << ": " << report.found->text;
        EXPECT_EQ(report.receipt->party, "UKR");
        EXPECT_EQ(report.sender, "JPN");
        EXPECT_TRUE(report.log);
        const std::string text = receipt_text(report);
        EXPECT_NE(text.find("VERIFIED"), std::string::npos);
        EXPECT_EQ(receipt_json(report)["evidence_claimed"].get<std::string>().front(), 'E');
    }
    const auto alone = check_receipt_file(given.custody, {given.invitations[0]}, {}, {});
    ASSERT_TRUE(alone.verified());
    EXPECT_TRUE(alone.sender.empty());
    EXPECT_FALSE(alone.log);
}

TEST(ReceiptFile, OthersKeysTurnedBytesAndEveryEndAreRefused) {
    const Receipts given = receipts();
    const auto refused = [&](const Bytes& bytes) {
        const auto report = check_receipt_file(bytes, given.invitations, {}, kyivs_log());
        return report.found && !report.found->place.empty() && !report.found->reason.empty();
    };
    EXPECT_TRUE(check_receipt_file(given.custody, {given.invitations[1]}, {}, {}).found);
    EXPECT_TRUE(check_receipt_file(given.custody, {}, {}, {}).found);
    for (std::size_t i = 0; i < 200; ++i) {
        const std::size_t at_byte = (given.custody.size() - 1) * i / 199;
        Bytes cut = given.custody;
        cut.resize(at_byte);
        EXPECT_TRUE(refused(cut)) << i;
    }
    // Each member of the other receipt in its place.
    const Json one = *parse_json(given.custody, {.bytes = kMaxReceiptFile, .depth = 2});
    const Json other = *parse_json(given.contents, {.bytes = kMaxReceiptFile, .depth = 2});
    for (const char* name : {"receipt", "signature", "proof"}) {
        Json mixed = one;
        mixed[name] = other[name];
        EXPECT_TRUE(refused(to_bytes(canonical_json(mixed)))) << name;
    }
    for (const char* name : {"receipt", "signature", "statement", "statement_signature"}) {
        Bytes bytes = *from_base64(one[name].get<std::string>());
        for (std::size_t i = 0; i < 24; ++i) {
            Bytes turned = bytes;
            turned[(turned.size() - 1) * i / 23] ^= 2;
            Json changed = one;
            changed[name] = to_base64(turned);
            EXPECT_TRUE(refused(to_bytes(canonical_json(changed)))) << name << i;
        }
    }
}

} // namespace
} // namespace valise::verifying
