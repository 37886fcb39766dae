// SPDX-License-Identifier: Apache-2.0
#include "exchange/messages.h"

#include <gtest/gtest.h>

namespace valise::exchange {
namespace {

DispatchId an_id() {
    return DispatchId::of(Bytes(10, 3));
}

TEST(Frame, ComesBackAsItWent) {
    const Frame frame = Segment{an_id(), 7, to_bytes("abc")}.frame("JPN", "UKR");
    const auto back = parse_frame(encode(frame));
    ASSERT_TRUE(back) << back.error().text();
    const auto segment = Segment::parse(*back);
    ASSERT_TRUE(segment) << segment.error().text();
    EXPECT_EQ(segment->dispatch, an_id());
    EXPECT_EQ(segment->number, 7U);
    EXPECT_EQ(to_text(segment->bytes), "abc");
    EXPECT_EQ(back->from, "JPN");
}

TEST(Frame, EveryPrefixOfTheHeaderIsRefused) {
    const Bytes whole = encode(Complete{an_id()}.frame("JPN", "UKR"));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parse_frame(ByteView(whole).first(size))) << size;
    EXPECT_TRUE(parse_frame(whole));
}

TEST(Frame, AnotherVersionIsNamedInTheError) {
    Bytes bytes = encode(Complete{an_id()}.frame("JPN", "UKR"));
    bytes[5] = 2;
    const auto result = parse_frame(bytes);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().reason(), "exchange.version");
}

TEST(Frame, NoBodyRidesAlongThatNobodyReads) {
    const auto with_body = [](Frame frame) {
        frame.body = to_bytes("x");
        return frame;
    };
    const Frame hello = Hello{"valise 0.1", Hash32{}, {}}.frame("JPN", "UKR");
    const Frame progress = Progress{an_id(), 1, 2, false, {}, {}}.frame("JPN", "UKR");
    const Frame complete = Complete{an_id()}.frame("JPN", "UKR");
    const Frame receipt = Receipt{to_bytes("r"), to_bytes("s")}.frame("JPN", "UKR");
    EXPECT_TRUE(Hello::parse(hello) && Progress::parse(progress));
    EXPECT_TRUE(Complete::parse(complete) && Receipt::parse(receipt));
    EXPECT_FALSE(Hello::parse(with_body(hello)));
    EXPECT_FALSE(Progress::parse(with_body(progress)));
    EXPECT_FALSE(Receipt::parse(with_body(receipt)));
    const auto refused = Complete::parse(with_body(complete));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason(), "exchange.frame");
}

TEST(Notice, ANoteTravelsWithItsSaltAndNeitherAlone) {
    const auto parsed = [](const Notice& notice) {
        return Notice::parse(*parse_frame(encode(notice.frame("JPN", "UKR"))));
    };
    const Notice plain{to_bytes("{}"), to_bytes("s"), "", {}};
    const Notice enclosing{to_bytes("{}"), to_bytes("s"), "found\non a train", Bytes(16, 1)};
    ASSERT_TRUE(parsed(plain));
    ASSERT_TRUE(parsed(enclosing));
    EXPECT_EQ(parsed(enclosing)->note, enclosing.note);
    EXPECT_EQ(parsed(enclosing)->salt, enclosing.salt);
    EXPECT_FALSE(parsed({to_bytes("{}"), to_bytes("s"), "text", {}}));
    EXPECT_FALSE(parsed({to_bytes("{}"), to_bytes("s"), "text", Bytes(15)}));
    EXPECT_FALSE(parsed({to_bytes("{}"), to_bytes("s"), std::string(4097, 'x'), Bytes(16)}));
    Frame with_body = plain.frame("JPN", "UKR");
    with_body.body = to_bytes("x");
    EXPECT_FALSE(Notice::parse(with_body));
}

TEST(Mirror, CarriesWholeLeavesAndACheckpoint) {
    const Mirror sent{3, {Hash32{1}, Hash32{2}}, "note\n", Bytes(512, 7)};
    const auto parsed = [](const Frame& frame) {
        return Mirror::parse(*parse_frame(encode(frame)));
    };
    const auto back = parsed(sent.frame("JPN", "UKR"));
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(back->start, 3U);
    EXPECT_EQ(back->proof, sent.proof);
    EXPECT_EQ(back->checkpoint, sent.checkpoint);
    EXPECT_EQ(back->leaves, sent.leaves);
    Frame frame = sent.frame("JPN", "UKR");
    for (const std::size_t size : {0U, 3U, 8U, 9U + 255U}) {
        Frame cut = frame;
        cut.body.resize(size);
        EXPECT_FALSE(parsed(cut)) << size;
    }
    EXPECT_FALSE(parsed(Mirror{0, {}, "", Bytes(257)}.frame("JPN", "UKR")));
    const std::vector<Hash32> many(64);
    EXPECT_FALSE(parsed(Mirror{0, many, "", {}}.frame("JPN", "UKR")));
    const Bytes too_many((Mirror::kMaxLeaves + 1) * Mirror::kLeaf);
    EXPECT_FALSE(parsed(Mirror{0, {}, "", too_many}.frame("JPN", "UKR")));
    const auto answer = Mirrored::parse(Mirrored{5, "lines"}.frame("UKR", "JPN"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->next, 5U);
    EXPECT_EQ(answer->lines, "lines");
    EXPECT_TRUE(Reconcile::parse(Reconcile{Bytes(10)}.frame("JPN", "UKR")));
    EXPECT_FALSE(Reconcile::parse(Reconcile{}.frame("JPN", "UKR")));
    EXPECT_FALSE(Reconcile::parse(Reconcile{Bytes(2 << 20)}.frame("JPN", "UKR")));
}

TEST(Offer, SizesMustAddUp) {
    Offer offer{an_id(), 110, 4, 100, Bytes(10)};
    EXPECT_TRUE(Offer::parse(offer.frame("JPN", "UKR")));
    offer.container_bytes = 111;
    EXPECT_FALSE(Offer::parse(offer.frame("JPN", "UKR")));
    offer.container_bytes = 110;
    offer.payload_offset = 11;
    EXPECT_FALSE(Offer::parse(offer.frame("JPN", "UKR")));
}

// A reason stands in the book, which takes no other text in its place.
TEST(Refusal, WhatIsNoReasonIdIsNotTakenOver) {
    const Frame request = Complete{an_id()}.frame("JPN", "UKR");
    for (const std::string& wrong :
         {std::string(), std::string("Because"), std::string("a b"), std::string(60, '\x01')})
        EXPECT_EQ(
            expect(refusal(request, Error(Code::refused, wrong, "")), "progress").error().reason(),
            "peer.refused");
}

TEST(Refusal, CarriesAReasonButOneAnswerForWhateverIsWrongWithAFile) {
    const Frame request = Complete{an_id()}.frame("JPN", "UKR");
    const auto plain = expect(refusal(request, Error(Code::conflict, "a.b", "why")), "progress");
    ASSERT_FALSE(plain);
    EXPECT_EQ(plain.error().reason(), "peer.a.b");
    EXPECT_EQ(plain.error().context(), "why");
    EXPECT_EQ(plain.error().code(), Code::conflict);
    const std::string first =
        to_text(encode(refusal(request, Error(Code::integrity, "a.b", "where"))));
    for (const Error& error :
         {Error(Code::integrity, "envelope.signature"), Error(Code::invalid, "envelope.zip", "x"),
          Error(Code::limit, "envelope.manifest_limit"), Error(Code::integrity, "crypto.unwrap"),
          Error(Code::invalid, "label.root"), Error(Code::not_found, "envelope.share")})
        EXPECT_EQ(to_text(encode(refusal(request, error))), first) << error.text();
    const auto hidden = expect(refusal(request, Error(Code::integrity, "a.b", "x")), "progress");
    ASSERT_FALSE(hidden);
    EXPECT_EQ(hidden.error().reason(), "peer.exchange.not_accepted");
    EXPECT_EQ(hidden.error().context(), "");
}

} // namespace
} // namespace valise::exchange
