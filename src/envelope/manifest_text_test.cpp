// SPDX-License-Identifier: Apache-2.0
// The reader that takes a manifest in pieces against the one before it, which had the whole text:
// both take and refuse the same, and for the same reason.
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "envelope/internal/digests.h"
#include "envelope/internal/form.h"
#include "envelope/internal/long_text.h"
#include "envelope/internal/macs.h"
#include "envelope/internal/manifest_text.h"
#include "envelope/internal/testing.h"

#include <gtest/gtest.h>

#include <charconv>
#include <map>

namespace valise::envelope {
namespace {

using testing::Parties;

std::unexpected<Error> bad(const char* reason) {
    return fail(Code::invalid, reason, "");
}

// As it was: rows are looked for in the whole text, and the rest is one tree of values.
class WholeReader {
public:
    explicit WholeReader(ByteView bytes) : whole_(text_view(bytes)) {}

    Result<Manifest> read() {
        Manifest out;
        const std::size_t found = whole_.find(kSegmentsOpen);
        if (found == std::string_view::npos ||
            whole_.find(kSegmentsOpen, found + 1) != std::string_view::npos)
            return bad("envelope.manifest");
        const std::size_t at = found + kSegmentsOpen.size();
        left_ = whole_.substr(at);
        TRY(rows(out));
        std::string frame(whole_.substr(0, at));
        frame += left_;
        TRY(read_frame(frame, out));
        if (text_view(out.bytes()) != whole_)
            return bad("envelope.manifest");
        return out;
    }

private:
    bool taken(std::string_view word) {
        const bool there = left_.starts_with(word);
        left_.remove_prefix(there ? word.size() : 0);
        return there;
    }
    bool number(std::uint64_t& value) {
        const char* end = left_.data() + std::min<std::size_t>(left_.size(), 12);
        const auto [stop, error] = std::from_chars(left_.data(), end, value);
        left_.remove_prefix(static_cast<std::size_t>(stop - left_.data()));
        return error == std::errc();
    }
    Result<void> rows(Manifest& out) {
        std::uint64_t last = kSegmentPlain;
        do {
            std::uint64_t cipher = 0;
            std::uint64_t plain = 0;
            if (!taken(R"({"encryptedSegmentSize":)") || !number(cipher) || !taken(R"(,"hash":")"))
                return bad("envelope.manifest");
            const auto hash = from_base64(left_.substr(0, 24));
            if (!hash || hash->size() != 16)
                return bad("envelope.manifest");
            left_.remove_prefix(24);
            if (!taken(R"(","segmentSize":)") || !number(plain) || !taken("}"))
                return bad("envelope.manifest");
            if (last != kSegmentPlain || plain > kSegmentPlain ||
                cipher != plain + kSegmentOverhead)
                return bad("envelope.sizes");
            std::copy(hash->begin(), hash->end(), out.segment_hashes.emplace_back().begin());
            out.plain_bytes += plain;
            last = plain;
        } while (taken(","));
        if (!left_.starts_with("]"))
            return bad("envelope.manifest");
        return last == 0 && out.segment_count() > 1 ? bad("envelope.sizes") : Result<void>();
    }

    std::string_view whole_;
    std::string_view left_;
};

std::string reason_of(const auto& result) {
    return result ? "accepted" : result.error().reason();
}

Result<Manifest> in_pieces(ByteView text, std::size_t long_text) {
    // Behind another text, as in a file.
    Bytes file = to_bytes("before");
    append(file, text);
    append(file, "behind");
    return read_manifest(MemorySource(std::move(file)), 6, text.size(), long_text);
}

// A dispatch of a made-up document of that many segments, signed and bound: all but the payload.
struct Made {
    SecretBytes key = crypto::random_secret(32);
    Manifest manifest;

    explicit Made(std::uint64_t segments, bool in_short = false) {
        const auto sealed =
            testing::seal_bytes(testing::sample_plain(5), Parties::get().dispatch());
        manifest = *Manifest::parse(sealed->result.manifest);
        key = *Parties::get().receiver.unwrap(manifest.key_access[0].wrapped_key);
        manifest.segment_hashes.clear();
        auto leaves = std::make_shared<std::vector<Hash32>>();
        for (std::uint64_t i = 0; i < segments; ++i) {
            const Hash32 leaf = crypto::sha256(view(std::to_string(i)));
            leaves->push_back(leaf);
            std::copy_n(leaf.begin(), 16, manifest.segment_hashes.emplace_back().begin());
        }
        manifest.plain_bytes = (segments - 1) * kSegmentPlain + 77;
        const ByteView joined = joined_view(manifest.segment_hashes);
        manifest.root_signature = root_signature(key, joined);
        if (in_short)
            manifest.leaves = leaves;
        auto& all = manifest.assertions;
        all[2].value =
            tree_value(in_short ? std::vector<Hash32>() : *leaves, manifest.frame_digest());
        for (std::size_t i = 0; i < 3; ++i)
            bind(all[i], in_short);
        StatementInputs inputs = testing::sample_inputs();
        const Statement statement{inputs, digests_of(manifest, crypto::tree_root(*leaves))};
        all[3].value =
            sender_value(statement.bytes(), *Parties::get().dispatch().sign(statement.bytes()));
        bind(all[3], in_short);
    }

    void bind(Assertion& one, bool in_short) {
        const ByteView joined = joined_view(manifest.segment_hashes);
        const Hash32 hash = is_long(manifest, one) ? long_hash(manifest, one) : assertion_hash(one);
        one.binding = in_short ? "" : assertion_binding(key, hash, joined);
        one.mac.reset();
        if (in_short)
            one.mac = assertion_mac(key, hash, joined);
    }
};

Result<Verified> verified(const Manifest& manifest) {
    return verify_statement(manifest, Parties::get().verifier, "JPN", "UKR");
}

// What the one has to say of a text against what the other says of it.
class Against {
public:
    explicit Against(const Made& made) : key_(&made.key) {}

    void same(const std::string& text, std::string_view what) {
        const auto whole = WholeReader(view(text)).read();
        const auto pieces = in_pieces(view(text), kLongText);
        ASSERT_EQ(reason_of(pieces), reason_of(whole)) << what;
        for (const std::size_t long_text : {0U, 100U, 4000U}) {
            const auto in_short = in_pieces(view(text), long_text);
            if (in_short) {
                ASSERT_TRUE(whole) << what;
                ASSERT_EQ(text_view(in_short->bytes()), text) << what;
                ASSERT_EQ(digests_of(*in_short, {}), digests_of(*whole, {})) << what;
                ASSERT_EQ(reason_of(check_bindings(*key_, *in_short)),
                          reason_of(check_bindings(*key_, *whole)));
                ASSERT_EQ(reason_of(in_short->claimed_leaves()),
                          reason_of(whole->claimed_leaves()));
            } else if (whole) {
                // Earlier, and never what could have been opened.
                ASSERT_FALSE(check_bindings(*key_, *whole) && whole->claimed_leaves()) << what;
            } else if (long_text == 4000) {
                ASSERT_EQ(reason_of(in_short), reason_of(whole)) << what;
            }
            ++seen_[reason_of(in_short)];
        }
    }
    const std::map<std::string, int>& seen() const { return seen_; }

private:
    const SecretBytes* key_;
    std::map<std::string, int> seen_;
};

TEST(ManifestText, EveryByteChangedLeftOutDoubledOrTheEnd) {
    for (const std::uint64_t segments : {1, 3}) {
        const Made made(segments);
        const std::string good = to_text(made.manifest.bytes());
        Against against(made);
        against.same(good, "good");
        for (std::size_t i = segments; i < good.size() && !HasFatalFailure(); i += 41) {
            const std::string at = std::to_string(i);
            std::string changed = good;
            changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 7)));
            against.same(changed, "changed " + at);
            changed = good;
            against.same(changed.erase(i, 1), "left out " + at);
            changed = good;
            against.same(changed.insert(i, 1, good[i]), "doubled " + at);
            changed = good;
            against.same(changed.insert(i, "\""), "quote " + at);
            if (i % 4 == 0)
                against.same(good.substr(0, i), "ends " + at);
        }
        EXPECT_GE(against.seen().size(), 7U);
        EXPECT_EQ(against.seen().count("accepted"), 1U);
    }
}

// The attacks on form that the other tests try on a small file, of which nothing is long.
TEST(ManifestText, AttacksOnForm) {
    const Made made(3);
    const std::string good = to_text(made.manifest.bytes());
    const std::pair<std::string_view, std::string_view> changes[] = {
        {R"("rootSignature":{"alg":"HS256")", R"("rootSignature":{"alg":"GMAC")"},
        {R"("segmentHashAlg":"GMAC")", R"("segmentHashAlg":"HS256")"},
        {R"("isEncrypted":true)", R"("isEncrypted":false)"},
        {R"("isEncrypted":true,)", ""},
        {R"("isEncrypted":true)", R"("isEncrypted":true,"isEncrypted":true)"},
        {R"("schemaVersion":"4.3.0"})", R"("schemaVersion":"4.2.2"})"},
        {R"("segments":[)", R"("segments":[],"segments":[)"},
        {R"("segments":[)", R"("segments":[[)"},
        {R"("segments":[)", R"("segments": [)"},
        {R"("segments":[)", R"("segment\u0073":[)"},
        {R"("segmentSize":77)", R"("segmentSize":2097153)"},
        {R"("segmentSize":77)", R"("segmentSize":077)"},
        {R"("segmentSize":77)", R"("segmentSize":99999999999999999999)"},
        {R"({"assertions":[)", R"({"assertions":[],"assertions":[)"},
        {R"({"assertions":[)", R"({"assertions":[[[[[[[[[[[[)"},
        {R"({"assertions":[)", R"({ "assertions":[)"},
        {"eyJhbGciOiJIUzI1NiJ9.", "eyJhbGciOiJub25lIn0."},
        {"eyJhbGciOiJIUzI1NiJ9.", "eyJhbGciOiJIUzI1NiIsImp3ayI6e319."},
        {"eyJhbGciOiJIUzI1NiJ9.", R"(eyJhbGciOiJIUzI1NiJ9\u002e)"},
        {R"(\"leaves\":\")", R"(\"leaves\":\"AAAA)"},
        {R"(\"leaves\":\")", R"(\"leaves\":\"\",\"leaves\":\")"},
        {R"({\"frame\":\")", R"({\"more\":1,\"frame\":\")"},
        {R"("id":"valise-payload-tree")", R"("id":"valise-payload-tree","more":1)"},
        {R"("id":"valise-payload-tree")", R"("id":"valise-sender")"},
        {R"("method":"jws")", R"("method":"JWS")"},
        {R"("type":"split")", R"("type":"split","x":"y")"},
        {R"("mimeType":")", R"("mimeType":"\u0000)"},
    };
    Against against(made);
    for (const auto& [from, to] : changes)
        for (std::size_t at = good.find(from); at != std::string::npos;
             at = good.find(from, at + 1)) {
            std::string changed = good;
            against.same(changed.replace(at, from.size(), to), to);
        }
    EXPECT_EQ(against.seen().count("accepted"), 1U); // a binding that fails only with its key
    EXPECT_GE(against.seen().size(), 7U);
}

TEST(ManifestText, BothFormsOfALongTextAreTheSameBytes) {
    for (const std::uint64_t segments : {1, 2, 3, 4, 5, 1000}) {
        Made whole(segments);
        Made in_short(segments, true);
        // The same key, wraps and signature in both.
        Manifest other = whole.manifest;
        other.leaves = in_short.manifest.leaves;
        other.assertions[2].value = tree_value({}, other.frame_digest());
        for (Assertion& one : other.assertions) {
            const Hash32 hash = is_long(other, one) ? long_hash(other, one) : assertion_hash(one);
            one.mac = assertion_mac(whole.key, hash, joined_view(other.segment_hashes));
            one.binding.clear();
        }
        EXPECT_EQ(other.bytes(), whole.manifest.bytes());
        EXPECT_EQ(digests_of(other, {}), digests_of(whole.manifest, {}));
        EXPECT_TRUE(check_bindings(whole.key, other));
        EXPECT_EQ(reason_of(verified(in_short.manifest)), "accepted");
    }
}

// 3 GiB and more, where texts are long without a test's asking.
TEST(ManifestText, ALongOneIsKeptShortAndReadBack) {
    const Made made(1600);
    const Bytes text = made.manifest.bytes();
    const auto read = Manifest::parse(text);
    ASSERT_TRUE(read) << reason_of(read);
    ASSERT_TRUE(read->leaves);
    EXPECT_EQ(read->leaves->size(), 1600U);
    for (const Assertion& one : read->assertions)
        EXPECT_TRUE(one.mac && one.binding.empty()) << one.id;
    EXPECT_LT(read->assertions[2].value.size(), 200U);
    EXPECT_EQ(read->bytes(), text);
    EXPECT_TRUE(check_bindings(made.key, *read));
    EXPECT_EQ(reason_of(verified(*read)), "accepted");
    EXPECT_FALSE(check_bindings(crypto::random_secret(32), *read));
}

TEST(ManifestText, NothingOfALongOneIsChangedUnseen) {
    const Made made(1600);
    const Bytes good = made.manifest.bytes();
    const std::string_view text = text_view(good);
    const std::size_t mac = text.find(R"("},"id":"valise-sender")"); // its binding's end
    const std::size_t from = text.substr(0, mac).rfind('.');
    std::map<std::string, int> reasons;
    Bytes changed = good;
    for (std::size_t i = 1; i < good.size(); i += 997) {
        changed[i] ^= static_cast<Byte>(1U << (i % 7));
        const auto read = Manifest::parse(changed);
        const std::string reason = read ? reason_of(verified(*read)) : reason_of(read);
        EXPECT_TRUE(reason != "accepted" || (i > from && i < mac)) << i;
        ++reasons[reason];
        changed[i] = good[i];
    }
    EXPECT_GE(reasons.size(), 4U);
}

TEST(ManifestText, LongTextsHaveOneFormAndEnds) {
    const Made made(1600);
    const std::string good = to_text(made.manifest.bytes());
    const auto refusal = [&](std::string_view from, std::string_view to, bool last = false) {
        std::string changed = good;
        const std::size_t at = last ? good.rfind(from) : good.find(from);
        changed.replace(at, from.size(), to);
        return reason_of(Manifest::parse(view(changed)));
    };
    EXPECT_EQ(refusal("eyJhbGciOiJIUzI1NiJ9.", "eyJhbGciOiJub25lIn0."),
              "envelope.assertion_binding");
    EXPECT_EQ(refusal(R"("},"id":"valise-label-4774")", R"(A"},"id":"valise-label-4774")"),
              "envelope.assertion_binding");
    EXPECT_EQ(refusal(R"(\"leaves\":\")", R"(\"leaves\":\"AAAA)"), "envelope.payload_tree");
    EXPECT_EQ(refusal(R"(\"leaves\":\")", R"(\"leaves\":\"=)"), "envelope.payload_tree");
    EXPECT_EQ(refusal(R"("},"type":"other"}],"encryption)", R"( "},"type":"other"}],"encryption)"),
              "envelope.assertion_binding");
    // A list with one leaf fewer than there are segments is no list of this file.
    const auto fewer = Made(1600, true);
    Manifest manifest = fewer.manifest;
    manifest.leaves = std::make_shared<std::vector<Hash32>>(1599);
    EXPECT_EQ(reason_of(manifest.claimed_leaves()), "envelope.payload_tree");
    // No end.
    EXPECT_EQ(reason_of(Manifest::parse(view(good).first(20'000))), "envelope.assertion_binding");
}

TEST(ManifestText, WhatDoesNotGrowIsBounded) {
    const std::string text = R"({"assertions":[")" + std::string(kFrameLimit + 1, 'a') + R"("]})";
    EXPECT_EQ(reason_of(Manifest::parse(view(text))), "envelope.manifest_limit");
    std::string leaves = R"({"assertions":[{"statement":{"value":"{\"frame\":\")" +
                         std::string(64, 'A') + R"(\",\"leaves\":\")";
    leaves += std::string((kMaxSegments + 3) * 32 / 3 * 4, 'A') + R"(\"}"}}]})";
    EXPECT_EQ(reason_of(Manifest::parse(view(leaves))), "envelope.manifest_limit");
}

// A source that fails says so, wherever it does.
TEST(ManifestText, ErrorsOfTheSourceAreItsOwn) {
    struct Failing : RandomSource {
        explicit Failing(Bytes text) : bytes(std::move(text)) {}
        std::uint64_t size() const override { return bytes.size(); }
        Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override {
            if (left-- == 0)
                return fail(Code::unavailable, "test.disk");
            std::copy_n(bytes.begin() + static_cast<long>(offset), out.size(), out.begin());
            return {};
        }
        Bytes bytes;
        mutable int left = 0;
    };
    Failing source(Made(1600).manifest.bytes());
    for (int reads = 0; reads < 100; ++reads) {
        source.left = reads;
        const auto read = Manifest::read(source, 0, source.size());
        if (read) {
            EXPECT_GT(reads, 6); // twice through some four windows
            return;
        }
        EXPECT_EQ(reason_of(read), "test.disk") << reads;
    }
    FAIL();
}

TEST(ManifestText, Base64InPieces) {
    const Bytes bytes = testing::sample_plain(100);
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U})
        for (std::size_t size = 0; size <= bytes.size(); ++size) {
            std::string plain;
            std::string url;
            const Manifest::Writer to_plain = [&](std::string_view text) { plain += text; };
            const Manifest::Writer to_url = [&](std::string_view text) { url += text; };
            Base64Out one(to_plain, Base64Out::Alphabet::standard);
            Base64Out other(to_url, Base64Out::Alphabet::url);
            for (std::size_t at = 0; at < size; at += piece) {
                const ByteView part = ByteView(bytes).subspan(at, std::min(piece, size - at));
                one.add(part);
                other.add(part);
            }
            one.finish();
            other.finish();
            EXPECT_EQ(plain, to_base64(ByteView(bytes).first(size)));
            EXPECT_EQ(url, to_base64url(ByteView(bytes).first(size)));
        }
}

} // namespace
} // namespace valise::envelope
