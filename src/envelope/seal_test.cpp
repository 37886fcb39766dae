// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/testing.h"
#include "envelope/reseal.h"
#include "envelope/seal.h"

#include <gtest/gtest.h>

namespace valise::envelope {
namespace {

using testing::Parties;

std::string reason(const auto& result) {
    return result ? "no error" : result.error().reason();
}

class RoundTrip : public ::testing::TestWithParam<std::size_t> {};

TEST_P(RoundTrip, AtRest) {
    const Bytes plain = testing::sample_plain(GetParam());
    const auto sealed = testing::seal_bytes(plain, Parties::get().at_rest());
    ASSERT_TRUE(sealed) << sealed.error().text();
    EXPECT_EQ(sealed->result.plain_bytes, plain.size());
    EXPECT_EQ(sealed->result.container_bytes, sealed->bytes.size());
    EXPECT_TRUE(sealed->result.statement.empty());
    Expectation expectation;
    expectation.payload_root = sealed->result.payload_root;
    const auto opened = testing::open_bytes(sealed->bytes, expectation);
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(*opened, plain);
}

TEST_P(RoundTrip, Dispatch) {
    const Bytes plain = testing::sample_plain(GetParam());
    const auto sealed = testing::seal_bytes(plain, Parties::get().dispatch());
    ASSERT_TRUE(sealed) << sealed.error().text();
    const MemorySource source(sealed->bytes);
    const auto container = Container::open(source);
    ASSERT_TRUE(container) << container.error().text();
    EXPECT_EQ(to_bytes(container->manifest_bytes()), sealed->result.manifest);

    const auto verified =
        verify_statement(container->manifest(), Parties::get().verifier, "JPN", "UKR");
    ASSERT_TRUE(verified) << verified.error().text();
    EXPECT_EQ(verified->statement().inputs, testing::sample_inputs());
    EXPECT_EQ(verified->statement_bytes(), sealed->result.statement);
    EXPECT_EQ(verified->payload().root(), sealed->result.payload_root);
    for (std::uint64_t n = 0; n < container->manifest().segment_count(); ++n) {
        Bytes segment(container->manifest().segment_cipher(n));
        ASSERT_TRUE(container->read_segment(n, segment));
        EXPECT_TRUE(check_segment(*verified, n, segment));
        segment[segment.size() / 2] ^= 1;
        EXPECT_EQ(reason(check_segment(*verified, n, segment)), "envelope.segment_hash");
    }
    EXPECT_FALSE(check_segment(*verified, container->manifest().segment_count(), {}));

    const auto opened = testing::open_bytes(sealed->bytes, Parties::get().from_sender());
    ASSERT_TRUE(opened) << opened.error().text();
    EXPECT_EQ(*opened, plain);
}

INSTANTIATE_TEST_SUITE_P(Sizes, RoundTrip,
                         ::testing::Values(0, 1, 1000, kSegmentPlain - 1, kSegmentPlain,
                                           kSegmentPlain + 1, 2 * kSegmentPlain,
                                           2 * kSegmentPlain + 12345));

TEST(Seal, SegmentsOfADocument) {
    EXPECT_EQ(segments_of(0), 1U);
    EXPECT_EQ(segments_of(1), 1U);
    EXPECT_EQ(segments_of(kSegmentPlain), 1U);
    EXPECT_EQ(segments_of(kSegmentPlain + 1ULL), 2U);
    EXPECT_EQ(segments_of(3ULL * kSegmentPlain), 3U);
}

// A source that gives one to seven bytes at a time must make the same segments.
class Trickle : public ByteSource {
public:
    explicit Trickle(Bytes bytes) : inner_(std::move(bytes)) {}
    Result<std::size_t> read(std::span<Byte> out) override {
        return inner_.read(out.first(std::min<std::size_t>(out.size(), 1 + step_++ % 70001)));
    }

private:
    MemorySource inner_;
    std::size_t step_ = 0;
};

TEST(Seal, AManyTimesShortSourceMakesTheSameSegments) {
    const Bytes plain = testing::sample_plain(3 * kSegmentPlain);
    Trickle source(plain);
    MemorySink sink;
    const auto result = seal(source, sink, Parties::get().at_rest());
    ASSERT_TRUE(result) << result.error().text();
    Expectation expectation;
    expectation.payload_root = result->payload_root;
    const Bytes sealed = sink.take();
    EXPECT_EQ(Container::open(MemorySource(sealed))->manifest().segment_count(), 3U);
    EXPECT_EQ(*testing::open_bytes(sealed, expectation), plain);
}

TEST(Seal, SameDocumentTwiceHasNothingInCommon) {
    const Bytes plain = testing::sample_plain(100);
    const auto a = testing::seal_bytes(plain, Parties::get().at_rest());
    const auto b = testing::seal_bytes(plain, Parties::get().at_rest());
    EXPECT_NE(a->result.payload_root, b->result.payload_root);
    EXPECT_NE(Container::open(MemorySource(a->bytes))->manifest().policy_uuid,
              Container::open(MemorySource(b->bytes))->manifest().policy_uuid);
}

class Broken : public ByteSource, public ByteSink {
public:
    explicit Broken(std::size_t good) : good_(good) {}
    Result<std::size_t> read(std::span<Byte> out) override {
        if (good_ == 0)
            return fail(Code::unavailable, "test.source");
        const std::size_t count = std::min(good_, out.size());
        good_ -= count;
        return count;
    }
    Result<void> write(ByteView bytes) override {
        if (bytes.size() > good_)
            return fail(Code::unavailable, "test.sink");
        good_ -= bytes.size();
        return {};
    }

private:
    std::size_t good_;
};

TEST(Seal, ErrorsOfSourceSinkAndSignerComeThrough) {
    const auto& parties = Parties::get();
    Broken source(3 * kSegmentPlain);
    MemorySink sink;
    EXPECT_EQ(reason(seal(source, sink, parties.at_rest())), "test.source");
    for (const std::size_t room : {0U, 100U, 5'000'000U}) {
        MemorySource plain(testing::sample_plain(4 * kSegmentPlain));
        Broken full(room);
        EXPECT_EQ(reason(seal(plain, full, parties.at_rest())), "test.sink");
    }
    SealRequest refused = parties.dispatch();
    refused.sign = [](ByteView) -> Result<SenderSignature> {
        return fail(Code::refused, "test.signer");
    };
    EXPECT_EQ(reason(testing::seal_bytes({}, refused)), "test.signer");
    const auto sealed =
        testing::seal_bytes(testing::sample_plain(4 * kSegmentPlain), parties.dispatch());
    Broken full(3'000'000);
    EXPECT_EQ(
        reason(open(MemorySource(sealed->bytes), full, parties.shares(), parties.from_sender())),
        "test.sink");
}

TEST(Seal, RequestsThatNoReaderWouldAcceptAreRefusedBeforeAByte) {
    const auto refused = [](auto change, std::string_view expected) {
        SealRequest request = Parties::get().dispatch();
        change(request);
        MemorySource plain(Bytes{1});
        MemorySink sink;
        EXPECT_EQ(reason(seal(plain, sink, request)), expected);
        EXPECT_TRUE(sink.bytes().empty()) << expected;
    };
    refused([](SealRequest& r) { r.recipients.clear(); }, "envelope.request");
    refused([](SealRequest& r) { r.sign = nullptr; }, "envelope.request");
    refused([](SealRequest& r) { r.statement.reset(); }, "envelope.request");
    refused([](SealRequest& r) { r.mime_type = "text/plain\n"; }, "envelope.request");
    refused([](SealRequest& r) { r.policy_uuid = "not a uuid"; }, "envelope.request");
    refused([](SealRequest& r) { r.recipients[0].kid = std::string(33, 'k'); }, "envelope.request");
    refused([](SealRequest& r) { r.recipients.push_back(r.recipients[0]); }, "envelope.request");
    refused([](SealRequest& r) { r.attributes.clear(); }, "envelope.policy");
    refused([](SealRequest& r) { r.label_xml.clear(); }, "envelope.label_missing");
    refused([](SealRequest& r) { r.label_5636.clear(); }, "envelope.label_missing");
    refused([](SealRequest& r) { r.label_xml = "<x/>"; }, "envelope.label");
    refused([](SealRequest& r) { r.statement->serial = -1; }, "envelope.statement");
    refused([](SealRequest& r) { r.statement->sender = "J\x1bPN"; }, "envelope.statement");
}

// Label, JSON label, attributes and summary: each one alone changed to another level.
TEST(Seal, LabelAttributesAndSummaryMustAgree) {
    const auto refused = [](auto change) {
        SealRequest request = Parties::get().dispatch();
        change(request);
        EXPECT_EQ(reason(testing::seal_bytes({}, request)), "envelope.label");
    };
    refused([](SealRequest& r) { r.label_xml = *label::write_4774(testing::sample_label("秘")); });
    refused([](SealRequest& r) { r.label_5636 = *label::write_5636(testing::sample_label("秘")); });
    refused([](SealRequest& r) { r.attributes = testing::sample_attributes("hi"); });
    refused([](SealRequest& r) { r.attributes.pop_back(); });
    refused([](SealRequest& r) {
        r.attributes.push_back("https://demo.example/attr/relto/value/usa");
    });
    refused([](SealRequest& r) { r.statement->classification.level_native = "秘"; });
    refused([](SealRequest& r) { r.statement->classification.level_code = "hi"; });
    refused([](SealRequest& r) { r.statement->classification.policy_id = "OTHER"; });
    refused([](SealRequest& r) {
        r.statement->classification.attributes = r.attributes = testing::sample_attributes("hi");
    });
    refused([](SealRequest& r) { // wider than the label
        r.attributes.push_back("https://demo.example/attr/relto/value/usa");
        r.statement->classification.attributes = r.attributes;
    });
}

TEST(Seal, AnyKeyOfOneShareIdAndAllOfSeveral) {
    const auto& parties = Parties::get();
    const auto second = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p256_mlkem768);
    const auto with = [&](bool first_key, bool second_key) -> ShareProvider {
        return [&, first_key, second_key](const KeyAccess& access) -> Result<SecretBytes> {
            if (first_key && access.kid == parties.receiver.public_key().kid())
                return parties.receiver.unwrap(access.wrapped_key);
            if (second_key && access.kid == second.public_key().kid())
                return second.unwrap(access.wrapped_key);
            return fail(Code::not_found, "test.no_key");
        };
    };
    const Bytes plain = testing::sample_plain(10);
    for (const bool all_needed : {false, true}) {
        SealRequest request = parties.dispatch();
        if (all_needed) {
            request.statement->control = true;
            request.recipients.front().sid = "receiver";
        }
        request.recipients.push_back(
            {second.public_key(), "https://keys.jpn.example", "", all_needed ? "originator" : ""});
        const auto sealed = testing::seal_bytes(plain, request);
        ASSERT_TRUE(sealed) << sealed.error().text();
        for (int have = 0; have < 4; ++have) {
            const auto opened = testing::open_bytes(sealed->bytes, parties.from_sender(),
                                                    with((have & 1) != 0, (have & 2) != 0));
            const bool enough = all_needed ? have == 3 : have != 0;
            EXPECT_EQ(reason(opened), enough ? "no error" : "envelope.share") << have;
        }
    }
}

TEST(Reseal, ADocumentAtRestBecomesADispatch) {
    const auto& parties = Parties::get();
    for (const std::size_t size : {0U, 5U, 2 * kSegmentPlain + 1}) {
        const Bytes plain = testing::sample_plain(size);
        SealRequest inside = parties.at_rest();
        inside.mime_type = "text/plain";
        const auto rest = testing::seal_bytes(plain, inside);
        Expectation expectation;
        expectation.payload_root = rest->result.payload_root;
        MemorySink sink;
        const auto result = reseal(MemorySource(rest->bytes), parties.shares(), expectation, sink,
                                   parties.dispatch());
        ASSERT_TRUE(result) << result.error().text();
        EXPECT_NE(result->payload_root, rest->result.payload_root);
        const Bytes sealed = sink.take();
        EXPECT_EQ(Container::open(MemorySource(sealed))->manifest().mime_type, "text/plain");
        EXPECT_EQ(*testing::open_bytes(sealed, parties.from_sender()), plain);
    }
}

TEST(Reseal, NothingIsWrittenUnlessTheOldFileIsTheRightOne) {
    const auto& parties = Parties::get();
    const auto rest = testing::seal_bytes(testing::sample_plain(5), parties.at_rest());
    Expectation expectation;
    expectation.payload_root = Hash32{};
    MemorySink sink;
    EXPECT_EQ(reason(reseal(MemorySource(rest->bytes), parties.shares(), expectation, sink,
                            parties.dispatch())),
              "envelope.payload_tree");
    EXPECT_TRUE(sink.bytes().empty());
}

TEST(Seal, AManifestThatNobodyWantsIsInTheFileAlone) {
    SealRequest request = Parties::get().dispatch();
    request.manifest_wanted = false;
    const auto sealed = testing::seal_bytes(testing::sample_plain(5), request);
    ASSERT_TRUE(sealed);
    EXPECT_TRUE(sealed->result.manifest.empty());
    EXPECT_EQ(sealed->result.container_bytes, sealed->bytes.size());
    EXPECT_EQ(testing::open_bytes(sealed->bytes, Parties::get().from_sender()),
              testing::sample_plain(5));
}

} // namespace
} // namespace valise::envelope
