// SPDX-License-Identifier: Apache-2.0
// Attacks on the form of a file: zips that show two readers two files, bombs, keys that a forger
// brings along, and statements that were signed for something else. The table of all attacks and
// their tests stands in docs/formats/sealed-file.md.
#include "crypto/merkle.h"
#include "envelope/import.h"
#include "envelope/inspect.h"
#include "envelope/internal/form.h"
#include "envelope/internal/long_text.h"
#include "envelope/internal/macs.h"
#include "envelope/internal/testing.h"

#include <gtest/gtest.h>

namespace valise::envelope {
namespace {

using testing::Parties;
using testing::Parts;

const Bytes& dispatch() {
    static const Bytes sealed =
        testing::seal_bytes(testing::sample_plain(99), Parties::get().dispatch())->bytes;
    return sealed;
}

std::string reason_of(const auto& result) {
    return result ? "accepted" : result.error().reason();
}

std::string refusal(const Bytes& sealed) {
    MemorySink sink;
    const auto result =
        open(MemorySource(sealed), sink, Parties::get().shares(), Parties::get().from_sender(), 1);
    EXPECT_TRUE(result || sink.bytes().empty());
    return reason_of(result);
}

std::string manifest_refusal(const std::function<void(std::string&)>& change) {
    Parts parts = Parts::of(dispatch());
    std::string text = to_text(parts.manifest);
    change(text);
    parts.manifest = to_bytes(text);
    return refusal(parts.pack());
}

std::size_t find(ByteView bytes, std::string_view what, std::size_t from = 0) {
    return text_view(bytes).find(what, from);
}

void put_u32(Bytes& bytes, std::size_t at, std::size_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        bytes[at + i] = static_cast<Byte>(value >> (8 * i));
}

std::size_t get_u32(const Bytes& bytes, std::size_t at) {
    std::size_t out = 0;
    for (std::size_t i = 4; i-- > 0;)
        out = out << 8 | bytes[at + i];
    return out;
}

TEST(AttackZip, BytesBeforeBetweenAndBehind) {
    const Bytes& good = dispatch();
    Bytes changed = good;
    changed.push_back(0);
    EXPECT_EQ(refusal(changed), "envelope.zip_end");
    changed = good; // two files, one behind the other: which one counts?
    append(changed, good);
    EXPECT_EQ(refusal(changed), "envelope.zip_gap");
    // In front, with every offset moved along, as a self-extracting program would stand there.
    changed = good;
    changed.insert(changed.begin(), 0);
    EXPECT_EQ(refusal(changed), "envelope.zip_gap");
    const std::size_t end = changed.size() - 22;
    put_u32(changed, end + 16, get_u32(changed, end + 16) + 1);
    for (std::size_t at = find(changed, "PK\x01\x02"); at < end;
         at = find(changed, "PK\x01\x02", at + 1))
        put_u32(changed, at + 42, get_u32(changed, at + 42) + 1);
    EXPECT_EQ(refusal(changed), "envelope.zip_gap");
    // Behind the manifest, before the directory.
    changed = good;
    const std::size_t directory = find(good, "PK\x01\x02");
    changed.insert(changed.begin() + static_cast<long>(directory), 0);
    put_u32(changed, changed.size() - 22 + 16, directory + 1);
    EXPECT_EQ(refusal(changed), "envelope.zip_gap");
}

TEST(AttackZip, OverlapTwiceAndHeadersThatDiffer) {
    const Bytes& good = dispatch();
    const std::size_t directory = find(good, "PK\x01\x02");
    const std::size_t second = find(good, "PK\x01\x02", directory + 1);
    Bytes changed = good; // the payload reaches into the manifest
    put_u32(changed, directory + 20, get_u32(good, directory + 20) + 400);
    put_u32(changed, directory + 24, get_u32(good, directory + 24) + 400);
    EXPECT_EQ(refusal(changed), "envelope.zip_overlap");
    changed = good; // both records lead to the payload
    put_u32(changed, second + 42, 0);
    EXPECT_NE(refusal(changed), "accepted");
    // The local header names another size, checksum or name than the directory.
    const std::size_t local = find(good, "PK\x03\x04", 4);
    for (const std::size_t at : {local + 14, local + 18, local + 22, local + 30}) {
        changed = good;
        changed[at] ^= 1;
        EXPECT_EQ(refusal(changed), "envelope.zip_headers") << at - local;
    }
    const std::size_t descriptor = find(good, "PK\x07\x08");
    for (const std::size_t at : {descriptor + 4, descriptor + 8, descriptor + 12}) {
        changed = good;
        changed[at] ^= 1;
        EXPECT_EQ(refusal(changed), "envelope.zip_headers") << at - descriptor;
    }
    // Two payloads, of which one reader takes the first and another the second.
    Bytes twice;
    StoredZipWriter zip(1 << 20);
    const Parts parts = Parts::of(good);
    append(twice, zip.begin_streamed("0.payload"));
    append(twice, parts.payload);
    append(twice, zip.end_streamed(parts.payload.size(), crc32(parts.payload)));
    append(twice, zip.add("0.payload", parts.manifest.size(), crc32(parts.manifest)));
    append(twice, parts.manifest);
    append(twice, zip.finish());
    EXPECT_EQ(refusal(twice), "envelope.zip_twice");
}

TEST(AttackZip, AThirdEntryAnotherNameAnotherOrderAndCompression) {
    const Parts parts = Parts::of(dispatch());
    const auto packed = [&](const std::vector<std::string>& names) {
        StoredZipWriter zip(1 << 20);
        Bytes out = zip.begin_streamed(names[0]);
        append(out, parts.payload);
        append(out, zip.end_streamed(parts.payload.size(), crc32(parts.payload)));
        for (std::size_t i = 1; i < names.size(); ++i) {
            append(out, zip.add(names[i], parts.manifest.size(), crc32(parts.manifest)));
            append(out, parts.manifest);
        }
        append(out, zip.finish());
        return refusal(out);
    };
    EXPECT_EQ(packed({"0.payload", "0.manifest.json"}), "accepted");
    EXPECT_EQ(packed({"0.payload", "0.manifest.json", "README"}), "envelope.zip");
    EXPECT_EQ(packed({"0.payload", "manifest.json"}), "envelope.zip");
    EXPECT_EQ(packed({"0.manifest.json", "0.payload"}), "envelope.zip");
    EXPECT_EQ(packed({"../0.payload", "0.manifest.json"}), "envelope.zip");
    Bytes deflated = dispatch();
    deflated[find(deflated, "PK\x01\x02") + 10] = 8;
    EXPECT_EQ(refusal(deflated), "envelope.zip");
}

TEST(AttackZip, AChecksumThatIsNotThePayloads) {
    const Parts parts = Parts::of(dispatch());
    Bytes changed = *Parts::container_head();
    append(changed, parts.payload);
    append(changed, *container_tail(parts.manifest, parts.payload.size(), 1));
    MemorySink sink;
    EXPECT_EQ(reason_of(open(MemorySource(changed), sink, Parties::get().shares(),
                             Parties::get().from_sender())),
              "envelope.checksum");
}

// A file that claims to be endless costs nothing to refuse: no memory is taken for what is claimed.
class Hollow : public RandomSource {
public:
    explicit Hollow(std::uint64_t size) : size_(size) {}
    std::uint64_t size() const override { return size_; }
    Result<void> read_at(std::uint64_t, std::span<Byte> out) const override {
        read_ += out.size();
        std::fill(out.begin(), out.end(), Byte{0});
        return {};
    }
    std::uint64_t bytes_read() const { return read_; }

private:
    std::uint64_t size_;
    mutable std::uint64_t read_ = 0;
};

TEST(AttackBomb, ClaimsOfSizeAreBoundedBeforeMemoryIsTaken) {
    const Hollow hollow(std::uint64_t{1} << 60);
    EXPECT_EQ(reason_of(Container::open(hollow)), "envelope.zip_limit");
    EXPECT_EQ(hollow.bytes_read(), 0U);
    // A manifest of a length that no limit admits, in a zip without a flaw.
    StoredZipWriter zip(kAfterPayload);
    Bytes head = zip.begin_streamed("0.payload");
    append(head, zip.end_streamed(0, 0));
    append(head, zip.add("0.manifest.json", kManifestLimit + 1, 0));
    Bytes tail = zip.finish();
    class Holed : public RandomSource {
    public:
        Holed(Bytes head, Bytes tail) : head_(std::move(head)), tail_(std::move(tail)) {}
        std::uint64_t size() const override {
            return head_.size() + kManifestLimit + 1 + tail_.size();
        }
        Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override {
            EXPECT_LT(out.size(), 100000U);
            for (Byte& byte : out) {
                const std::uint64_t at = offset++;
                const std::uint64_t tail = head_.size() + kManifestLimit + 1;
                byte = at < head_.size() ? head_[at] : at >= tail ? tail_[at - tail] : Byte{0};
            }
            return {};
        }

    private:
        Bytes head_;
        Bytes tail_;
    };
    EXPECT_EQ(reason_of(Container::open(Holed(head, tail))), "envelope.manifest_limit");
}

TEST(AttackBomb, ManyRowsDeepTreesAndLongTexts) {
    EXPECT_EQ(
        manifest_refusal([](std::string& text) { // a row more than a tebibyte has
            const std::string row =
                R"({"encryptedSegmentSize":2097180,"hash":"AAAAAAAAAAAAAAAAAAAAAA==","segmentSize":2097152},)";
            std::string rows;
            rows.reserve(row.size() * 524289);
            for (int i = 0; i < 524289; ++i)
                rows += row;
            text.insert(text.find("\"segments\":[") + 12, rows);
        }),
        "envelope.manifest_limit");
    EXPECT_EQ(manifest_refusal([](std::string& text) {
                  const std::string deep(100, '[');
                  text.insert(text.find("\"assertions\":[") + 14, deep);
              }),
              "envelope.manifest");
    EXPECT_EQ(manifest_refusal([](std::string& text) { // an upload of nothing but members
                  std::string many;
                  for (int i = 0; i < 100000; ++i)
                      many += "\"m" + std::to_string(i) + "\":0,";
                  text.insert(1, many);
              }),
              "envelope.manifest");
    EXPECT_EQ(manifest_refusal([](std::string& text) {
                  text.replace(text.find("application/octet-stream"), 24, std::string(1000, 'm'));
              }),
              "envelope.manifest");
    EXPECT_EQ(manifest_refusal([](std::string& text) {
                  text.insert(text.find("\"kid\":\"") + 7, std::string(100000, 'k'));
              }),
              "envelope.key_access");
}

TEST(AttackJson, MembersTwiceOnEveryLevel) {
    for (const char* member : {R"("assertions":[)", R"("method":{)", R"("alg":"HS256","hash")",
                               R"("id":"valise-label-4774",)", R"("schemaVersion":"4.3.0"})"})
        EXPECT_EQ(manifest_refusal([&](std::string& text) {
                      const std::size_t at = text.find(member);
                      ASSERT_NE(at, std::string::npos) << member;
                      const std::string_view name =
                          std::string_view(member).substr(0, std::string_view(member).find(':'));
                      text.insert(at, std::string(name) + ":1,");
                  }),
                  "envelope.manifest")
            << member;
}

// Clients in the field trust a key that the assertion's own header brings along (7.1, attack 3).
TEST(AttackKeys, AKeyInTheHeaderOfABinding) {
    const auto& parties = Parties::get();
    const SecretBytes own = crypto::random_secret(32);
    for (const char* header :
         {R"({"alg":"HS256","jwk":{"k":"AAAA","kty":"oct"}})", R"({"alg":"RS256","x5c":["MIIB"]})",
          R"({"alg":"none"})", R"({"alg":"HS256","kid":"mine"})"}) {
        Parts parts = Parts::of(dispatch());
        Manifest manifest = *Manifest::parse(parts.manifest);
        Assertion& sender = manifest.assertions[3]; // the one that the statement cannot cover
        sender.binding = assertion_binding(own, sender, joined_view(manifest.segment_hashes));
        sender.binding.replace(0, sender.binding.find('.'), to_base64url(view(header)));
        parts.manifest = manifest.bytes();
        EXPECT_EQ(refusal(parts.pack()), "envelope.assertion_binding") << header;
        // And in a plain TDF, with the key that the header names.
        MemorySink sink;
        EXPECT_EQ(reason_of(import_tdf(MemorySource(parts.pack()), parties.shares(), sink)),
                  "envelope.assertion_binding")
            << header;
        EXPECT_TRUE(sink.bytes().empty());
    }
}

// The signer signs the root of a batch: what else it signed must not pass for one.
TEST(AttackBatch, ASignatureOverAnotherRoot) {
    const auto& parties = Parties::get();
    const auto sealed = testing::seal_bytes(testing::sample_plain(3), parties.dispatch());
    const Hash32 root = batch_leaf(sealed->result.statement);
    const auto with = [&](const Bytes& signed_bytes, std::int64_t size) {
        SenderSignature signature;
        signature.size = size;
        signature.signature = *parties.sender.sign(signed_bytes);
        return reason_of(
            verify_batch(sealed->result.statement, signature, "JPN", "UKR", parties.verifier));
    };
    EXPECT_EQ(with(batch_bytes("JPN", "UKR", 1, root), 1), "accepted");
    // The same root as the root of another batch, for another pair, of another size, bare, or as
    // a log's tree head.
    EXPECT_EQ(with(batch_bytes("JPN", "USA", 1, root), 1), "envelope.signature");
    EXPECT_EQ(with(batch_bytes("UKR", "JPN", 1, root), 1), "envelope.signature");
    EXPECT_EQ(with(batch_bytes("JPN", "UKR", 2, root), 1), "envelope.signature");
    EXPECT_EQ(with(to_bytes(root), 1), "envelope.signature");
    EXPECT_EQ(with(to_bytes("valise.example/log\n1\n" + to_base64(root) + "\n"), 1),
              "envelope.signature");
    // An inner node of a real batch passed off as the leaf of a smaller one.
    const std::vector<Bytes> all{sealed->result.statement, to_bytes("b"), to_bytes("c"),
                                 to_bytes("d")};
    SenderSignature signature = sign_batch(all, "JPN", "UKR", parties.sender)->front();
    EXPECT_TRUE(verify_batch(all[0], signature, "JPN", "UKR", parties.verifier));
    signature.path.erase(signature.path.begin());
    signature.size = 2;
    EXPECT_EQ(reason_of(verify_batch(all[0], signature, "JPN", "UKR", parties.verifier)),
              "envelope.signature");
}

} // namespace
} // namespace valise::envelope
