// SPDX-License-Identifier: Apache-2.0
#include "base/codec/json_text.h"
#include "envelope/internal/testing.h"
#include "envelope/internal/texts.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace valise::envelope {
namespace {

using testing::Parties;

SignStatements by(const Parties& parties, int& asked) {
    return [&](const std::vector<Bytes>& statements) {
        ++asked;
        return sign_batch(statements, "JPN", "UKR", parties.sender);
    };
}

SealRequest shared_request() {
    SealRequest out = Parties::get().dispatch();
    out.statement.reset();
    out.sign = {};
    return out;
}

StatementInputs numbered(int n) {
    StatementInputs out = testing::sample_inputs();
    out.serial = n;
    return out;
}

std::string reason(const Result<void>& result) {
    return result ? "" : result.error().reason();
}

TEST(Many, OneSignatureAndEachFileOpensAlone) {
    const auto& parties = Parties::get();
    for (const std::size_t count : {1U, 2U, 3U, 7U, 8U}) {
        int asked = 0;
        auto sealer = BatchSealer::create(shared_request(), by(parties, asked));
        ASSERT_TRUE(sealer);
        std::vector<MemorySink> sinks(count);
        std::vector<Bytes> plain;
        for (std::size_t i = 0; i < count; ++i) {
            // Beside small ones those around the bounds of a small document and of a segment.
            constexpr std::array<std::size_t, 8> kSizes = {4096,  0,     1,      16384,
                                                           16383, 16385, 200000, kSegmentPlain + 1};
            plain.push_back(testing::sample_plain(kSizes[i]));
            MemorySource source(plain.back());
            ASSERT_TRUE(sealer->add(source, sinks[i], numbered(static_cast<int>(i))));
        }
        EXPECT_EQ(asked, 0);
        const auto results = sealer->finish();
        ASSERT_TRUE(results) << results.error().text();
        ASSERT_EQ(results->size(), count);
        EXPECT_EQ(asked, 1);
        for (std::size_t i = 0; i < count; ++i) {
            const auto opened = testing::open_bytes(sinks[i].bytes(), parties.from_sender());
            ASSERT_TRUE(opened) << i << ": " << opened.error().text();
            EXPECT_EQ(*opened, plain[i]);
            const auto manifest = Manifest::parse((*results)[i]->manifest);
            ASSERT_TRUE(manifest);
            const auto sender = manifest->sender();
            ASSERT_TRUE(sender);
            EXPECT_EQ(sender->signature.index, static_cast<std::int64_t>(i));
            EXPECT_EQ(sender->signature.size, static_cast<std::int64_t>(count));
        }
        EXPECT_TRUE(sealer->finish()->empty()); // nothing waits any more, nobody is asked
        EXPECT_EQ(asked, 1);
    }
}

TEST(Many, KeysAndPoliciesAreNotShared) {
    int asked = 0;
    auto sealer = BatchSealer::create(shared_request(), by(Parties::get(), asked));
    std::vector<MemorySink> sinks(3);
    for (MemorySink& sink : sinks) {
        MemorySource source(testing::sample_plain(100));
        ASSERT_TRUE(sealer->add(source, sink, numbered(1)));
    }
    const auto results = sealer->finish();
    ASSERT_TRUE(results);
    std::set<Bytes> wraps;
    std::set<std::string> policies;
    std::set<Bytes> payloads;
    for (std::size_t i = 0; i < sinks.size(); ++i) {
        const auto manifest = Manifest::parse((*results)[i]->manifest);
        wraps.insert(manifest->key_access[0].wrapped_key);
        policies.insert(manifest->policy);
        payloads.insert(testing::Parts::of(sinks[i].bytes()).payload);
    }
    EXPECT_EQ(wraps.size(), sinks.size());
    EXPECT_EQ(policies.size(), sinks.size());
    EXPECT_EQ(payloads.size(), sinks.size());
}

TEST(Many, WhatFailsIsNotOfTheBatch) {
    const auto& parties = Parties::get();
    int asked = 0;
    auto sealer = BatchSealer::create(shared_request(), by(parties, asked));
    std::vector<MemorySink> sinks(2);
    MemorySink lost;
    const auto add = [&](StatementInputs inputs, MemorySink& to) {
        MemorySource source(testing::sample_plain(10));
        return reason(sealer->add(source, to, std::move(inputs)));
    };
    EXPECT_EQ(add(numbered(1), sinks[0]), "");
    // Each rule holds for the second document as for the first.
    StatementInputs other = numbered(2);
    other.recipient = "UTO";
    EXPECT_EQ(add(other, lost), "envelope.batch");
    other = numbered(2);
    other.item = "";
    EXPECT_EQ(add(other, lost), "envelope.statement");
    other = numbered(2);
    other.classification.level_native = "秘";
    EXPECT_EQ(add(other, lost), "envelope.label");
    other = numbered(2);
    other.classification.attributes.pop_back();
    EXPECT_EQ(add(other, lost), "envelope.label");
    other = numbered(2);
    other.package = Package{"paper", 1, 1, 1, "7", ""};
    EXPECT_EQ(add(other, lost), "envelope.statement");
    EXPECT_EQ(add(numbered(2), sinks[1]), "");
    ASSERT_TRUE(sealer->finish());
    for (const MemorySink& sink : sinks)
        EXPECT_TRUE(testing::open_bytes(sink.bytes(), parties.from_sender()));
}

TEST(Many, ARequestOfItsOwnAndASignatureForEach) {
    int asked = 0;
    EXPECT_FALSE(BatchSealer::create(Parties::get().dispatch(), by(Parties::get(), asked)));
    EXPECT_FALSE(BatchSealer::create(shared_request(), {}));
    auto sealer = BatchSealer::create(shared_request(),
                                      [](const auto&) { return std::vector<SenderSignature>(); });
    MemorySource source(testing::sample_plain(10));
    MemorySink sink;
    ASSERT_TRUE(sealer->add(source, sink, numbered(1)));
    EXPECT_FALSE(sealer->finish());
}

TEST(Many, HoldsItsOwnBound) {
    int asked = 0;
    auto sealer = BatchSealer::create(shared_request(), by(Parties::get(), asked));
    std::vector<MemorySink> sinks(BatchSealer::kBatchFiles + 1);
    const auto add = [&](std::size_t i) {
        MemorySource source(testing::sample_plain(10));
        return reason(sealer->add(source, sinks[i], numbered(static_cast<int>(i))));
    };
    for (std::size_t i = 0; i < BatchSealer::kBatchFiles; ++i) {
        EXPECT_FALSE(sealer->full());
        ASSERT_EQ(add(i), "");
    }
    EXPECT_TRUE(sealer->full());
    EXPECT_EQ(add(BatchSealer::kBatchFiles), "envelope.batch");
    const auto results = sealer->finish(); // of which those before are not the worse
    ASSERT_TRUE(results);
    EXPECT_EQ(results->size(), BatchSealer::kBatchFiles);
    EXPECT_TRUE(testing::open_bytes(sinks[0].bytes(), Parties::get().from_sender()));
    EXPECT_FALSE(sealer->full());
    EXPECT_EQ(add(BatchSealer::kBatchFiles), "");
}

class FullSink : public MemorySink {
public:
    Result<void> write(ByteView bytes) override {
        if (full)
            return fail(Code::internal, "adapters.file", "no space left");
        return MemorySink::write(bytes);
    }
    bool full = false;
};

TEST(Many, ASinkThatFailsAtTheEndCostsItsOwnFileAlone) {
    int asked = 0;
    auto sealer = BatchSealer::create(shared_request(), by(Parties::get(), asked));
    std::vector<FullSink> sinks(3);
    for (FullSink& sink : sinks) {
        MemorySource source(testing::sample_plain(10));
        ASSERT_TRUE(sealer->add(source, sink, numbered(1)));
    }
    sinks[1].full = true;
    const auto results = sealer->finish();
    ASSERT_TRUE(results);
    ASSERT_EQ(results->size(), 3U);
    ASSERT_FALSE((*results)[1]);
    EXPECT_EQ((*results)[1].error().reason(), "adapters.file");
    for (const std::size_t i : {0U, 2U})
        EXPECT_TRUE(testing::open_bytes(sinks[i].bytes(), Parties::get().from_sender()));
}

TEST(SealFile, ReadAnywhereOrInOrderGivesOneKindOfFile) {
    const auto& parties = Parties::get();
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{65536}, std::size_t{65537},
          std::size_t{kSegmentPlain} - 1, std::size_t{kSegmentPlain},
          std::size_t{kSegmentPlain} + 1, std::size_t{5} * kSegmentPlain / 2}) {
        const MemorySource plain(testing::sample_plain(size));
        MemorySink sink;
        const auto sealed = seal_file(plain, sink, parties.dispatch());
        ASSERT_TRUE(sealed) << sealed.error().text();
        EXPECT_EQ(sealed->plain_bytes, size);
        const auto opened = testing::open_bytes(sink.bytes(), parties.from_sender());
        ASSERT_TRUE(opened) << opened.error().text();
        EXPECT_EQ(*opened, testing::sample_plain(size));
        EXPECT_EQ(
            sink.bytes().size(),
            testing::seal_bytes(testing::sample_plain(size), parties.dispatch())->bytes.size());
    }
}

class CutSource : public RandomSource {
public:
    std::uint64_t size() const override { return 3 * std::uint64_t{kSegmentPlain}; }
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override {
        if (offset + out.size() > kSegmentPlain + 100'000)
            return fail(Code::invalid, "base.short_read", "past the end");
        return {};
    }
};

TEST(SealFile, ADocumentThatIsCutShortIsAnError) {
    MemorySink sink;
    const auto sealed = seal_file(CutSource(), sink, Parties::get().dispatch());
    ASSERT_FALSE(sealed);
    EXPECT_EQ(sealed.error().reason(), "base.short_read");
}

// Somebody appends to it after it was opened.
class GrowingSource : public MemorySource {
public:
    explicit GrowingSource(Bytes bytes) : MemorySource(std::move(bytes)) {}
    std::uint64_t size() const override { return MemorySource::size() - 1; }
};

TEST(SealFile, ADocumentThatGrowsIsNotSealedWithoutTheRest) {
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{100}, std::size_t{kSegmentPlain} + 1}) {
        MemorySink sink;
        const GrowingSource plain(testing::sample_plain(size));
        const auto sealed = seal_file(plain, sink, Parties::get().dispatch());
        ASSERT_FALSE(sealed);
        EXPECT_EQ(sealed.error().reason(), "envelope.source_grew");
    }
}

TEST(Texts, AreWhatATreeOfValuesGives) {
    const auto& parties = Parties::get();
    SealRequest request = parties.dispatch();
    request.metadata = "with \"quotes\"";
    for (const TdfVersion version : {TdfVersion::v4_3_0, TdfVersion::v4_4_0}) {
        request.version = version;
        const auto sealed = testing::seal_bytes(testing::sample_plain(100), request);
        ASSERT_TRUE(sealed);
        const auto manifest = Manifest::parse(sealed->result.manifest);
        ASSERT_TRUE(manifest);
        Json keys = Json::array();
        for (KeyAccess one : manifest->key_access)
            for (const char* extra : {"", "a\"b\\", "極秘"}) {
                one.sid = extra;
                one.ephemeral_key = extra;
                std::string text;
                append_key_access(text, one);
                EXPECT_EQ(text, canonical_json(one.json()));
                keys.push_back(one.json());
            }
        for (const Assertion& one : manifest->assertions) {
            std::string text;
            append_assertion(text, one);
            EXPECT_EQ(text, canonical_json(one.json()));
            text.clear();
            append_unbound(text, one);
            EXPECT_EQ(text, canonical_json(one.json_without_binding()));
        }
        std::string text;
        append_payload_section(text, manifest->mime_type);
        EXPECT_EQ(text, canonical_json(manifest->payload_section()));
        EXPECT_EQ(method_section_text(), canonical_json(Manifest::method_section()));
        const auto whole = parse_canonical_json(sealed->result.manifest);
        EXPECT_TRUE(whole) << whole.error().text();
        EXPECT_TRUE(parse_canonical_json(sealed->result.statement));
    }
}

TEST(Texts, StringsAndBase64OfEveryLength) {
    std::uint32_t state = 7;
    for (std::size_t size = 0; size < 200; ++size) {
        std::string text;
        Bytes bytes;
        for (std::size_t i = 0; i < size; ++i) {
            state = state * 1664525 + 1013904223;
            constexpr std::string_view kLetters = "abcdefgh\"\\\n\x01\x1f\x7f {}";
            text += kLetters[(state >> 20) % kLetters.size()];
            bytes.push_back(static_cast<Byte>(state >> 24));
        }
        text += "極"; // above ASCII, at every place in a word of eight
        std::string out = "x";
        append_json_string(out, text);
        const auto read = parse_json(view(std::string_view(out).substr(1)));
        ASSERT_TRUE(read) << read.error().text();
        EXPECT_EQ(read->get<std::string>(), text);
        out = "x";
        append_base64(out, bytes);
        EXPECT_EQ(out.size(), 1 + (size + 2) / 3 * 4);
        EXPECT_EQ(*from_base64(std::string_view(out).substr(1)), bytes);
    }
}

} // namespace
} // namespace valise::envelope
