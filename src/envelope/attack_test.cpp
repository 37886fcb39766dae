// SPDX-License-Identifier: Apache-2.0
// The attacks of facts/tdf.md 7.1, which stock clients accept: each must be refused here, and for
// its own reason.
#include "envelope/internal/long_text.h"
#include "envelope/internal/macs.h"
#include "envelope/internal/testing.h"

#include <gtest/gtest.h>

namespace valise::envelope {
namespace {

using testing::Parties;
using testing::Parts;

const Bytes& dispatch() { // three segments, two of them full
    static const Bytes sealed = testing::seal_bytes(testing::sample_plain(2 * kSegmentPlain + 99),
                                                    Parties::get().dispatch())
                                    ->bytes;
    return sealed;
}

// Why a receiver refuses it; and that not a byte of plaintext came out.
std::string refusal(const Bytes& sealed, const Expectation& expectation,
                    const ShareProvider& shares = Parties::get().shares()) {
    MemorySink sink;
    const auto result = open(MemorySource(sealed), sink, shares, expectation, 2);
    EXPECT_TRUE(result || sink.bytes().empty());
    return result ? "accepted" : result.error().reason();
}
std::string refusal(const Bytes& sealed) {
    return refusal(sealed, Parties::get().from_sender());
}

// What somebody without any key changes in the manifest's text, in a zip without a flaw.
std::string text_attack(std::string_view from, std::string_view to) {
    return refusal(Parts::of(dispatch()).replace(from, to).pack());
}

// The same, on the manifest's values.
std::string value_attack(const std::function<void(Manifest&, Bytes& payload)>& change) {
    Parts parts = Parts::of(dispatch());
    Manifest manifest = *Manifest::parse(parts.manifest);
    change(manifest, parts.payload);
    parts.manifest = manifest.bytes();
    return refusal(parts.pack());
}

TEST(Attack, TakingApartAndPuttingTogetherIsNone) {
    EXPECT_EQ(Parts::of(dispatch()).pack(), dispatch());
    EXPECT_EQ(refusal(dispatch()), "accepted");
    EXPECT_EQ(value_attack([](Manifest&, Bytes&) {}), "accepted");
}

TEST(Attack, GmacRootTurnsOrderIntoAnybodysChoice) {
    const Manifest manifest = *Manifest::parse(Parts::of(dispatch()).manifest);
    const std::string sig = to_base64(manifest.root_signature);
    EXPECT_EQ(text_attack(R"("rootSignature":{"alg":"HS256","sig":")" + sig,
                          R"("rootSignature":{"alg":"GMAC","sig":")" +
                              to_base64(manifest.segment_hashes.back())),
              "envelope.root_algorithm");
    EXPECT_EQ(text_attack(R"("rootSignature":{"alg":"HS256")", R"("rootSignature":{"alg":"hs256")"),
              "envelope.root_algorithm");
    EXPECT_EQ(text_attack(R"("segmentHashAlg":"GMAC")", R"("segmentHashAlg":"NONE")"),
              "envelope.hash_algorithm");
}

TEST(Attack, NotEncrypted) {
    EXPECT_EQ(text_attack(R"("isEncrypted":true)", R"("isEncrypted":false)"),
              "envelope.not_encrypted");
    EXPECT_EQ(text_attack(R"("isEncrypted":true)", R"("isEncrypted":"true")"),
              "envelope.not_encrypted");
    EXPECT_EQ(text_attack(R"("isEncrypted":true,)", ""), "envelope.not_encrypted");
}

TEST(Attack, ReorderTruncateDuplicate) {
    EXPECT_EQ(value_attack([](Manifest& manifest, Bytes& payload) {
                  std::swap(manifest.segment_hashes[0], manifest.segment_hashes[1]);
                  std::swap_ranges(payload.begin(), payload.begin() + kSegmentCipher,
                                   payload.begin() + kSegmentCipher);
              }),
              "envelope.signed_segments");
    EXPECT_EQ(value_attack([](Manifest& manifest, Bytes& payload) {
                  manifest.segment_hashes.pop_back();
                  manifest.plain_bytes = 2 * kSegmentPlain;
                  payload.resize(2 * kSegmentCipher);
              }),
              "envelope.signed_sizes");
    EXPECT_EQ(value_attack([](Manifest& manifest, Bytes& payload) {
                  manifest.segment_hashes.insert(manifest.segment_hashes.begin(),
                                                 manifest.segment_hashes.front());
                  manifest.plain_bytes += kSegmentPlain;
                  payload.insert(payload.begin(), payload.begin(),
                                 payload.begin() + kSegmentCipher);
              }),
              "envelope.signed_sizes");
    // The payload alone: the leaf hashes speak before any key is used on it.
    EXPECT_EQ(value_attack([](Manifest&, Bytes& payload) {
                  std::swap_ranges(payload.begin(), payload.begin() + kSegmentCipher,
                                   payload.begin() + kSegmentCipher);
              }),
              "envelope.segment_hash");
    EXPECT_EQ(value_attack([](Manifest&, Bytes& payload) { payload.pop_back(); }),
              "envelope.sizes");
}

TEST(Attack, StrippedAssertions) {
    EXPECT_EQ(value_attack([](Manifest& m, Bytes&) { m.assertions.clear(); }),
              "envelope.payload_tree");
    EXPECT_EQ(value_attack([](Manifest& m, Bytes&) { m.assertions.pop_back(); }),
              "envelope.unsigned");
    EXPECT_EQ(value_attack([](Manifest& m, Bytes&) { m.assertions.erase(m.assertions.begin()); }),
              "envelope.label_missing");
    EXPECT_EQ(value_attack([](Manifest& m, Bytes&) {
                  m.assertions.erase(m.assertions.begin(), m.assertions.begin() + 2);
              }),
              "envelope.label_missing");
    EXPECT_EQ(value_attack([](Manifest& m, Bytes&) {
                  m.assertions.insert(m.assertions.begin(), m.assertions.front());
              }),
              "envelope.assertion");
    EXPECT_EQ(
        value_attack([](Manifest& m, Bytes&) { std::swap(m.assertions[0], m.assertions[1]); }),
        "envelope.assertion");
    EXPECT_EQ(value_attack([](Manifest& m, Bytes&) { m.assertions[0].id = "other"; }),
              "envelope.assertion");
}

// With the document key itself, as every recipient and key server has it.
TEST(Attack, ReplacedLabelBoundByAHolderOfTheKey) {
    const Manifest manifest = *Manifest::parse(Parts::of(dispatch()).manifest);
    const SecretBytes key = *Parties::get().receiver.unwrap(manifest.key_access[0].wrapped_key);
    const std::string lower = *label::write_4774(testing::sample_label("秘"));
    EXPECT_EQ(value_attack([&](Manifest& m, Bytes&) {
                  m.assertions[0].value = lower;
                  m.assertions[0].binding =
                      assertion_binding(key, m.assertions[0], joined_view(m.segment_hashes));
              }),
              "envelope.signed_assertions");
    // The sender's own assertion is the one that the statement cannot cover: its MAC does.
    EXPECT_EQ(value_attack([](Manifest& m, Bytes&) { m.assertions[3].binding[200] ^= 1; }),
              "envelope.assertion_binding");
}

TEST(Attack, WhatNothingProtectsInAPlainTdf) {
    struct Change {
        std::function<void(Manifest&)> made;
        const char* reason;
    };
    for (const Change& change : std::vector<Change>{
             {[](Manifest& m) { m.mime_type = "text/html"; }, "envelope.signed_payload"},
             {[](Manifest& m) { m.key_access[0].url = "https://elsewhere.example"; },
              "envelope.signed_key_access"},
             {[](Manifest& m) { m.key_access[0].kid = "other"; }, "envelope.signed_key_access"},
             {[](Manifest& m) { m.key_access[0].sid = "s"; }, "envelope.signed_key_access"},
             {[](Manifest& m) { m.key_access[0].wrapped_key[0] ^= 1; },
              "envelope.signed_key_access"},
             {[](Manifest& m) {
                  m.version = TdfVersion::v4_4_0;
                  m.key_access[0].alg = "hpqt:secp384r1-mlkem1024";
              },
              "envelope.signed_version"},
             {[](Manifest& m) { m.root_signature[0] ^= 1; }, "envelope.signed_root"},
             {[](Manifest& m) { m.segment_hashes[2][0] ^= 1; }, "envelope.signed_segments"}})
        EXPECT_EQ(value_attack([&](Manifest& m, Bytes&) { change.made(m); }), change.reason);
    EXPECT_EQ(text_attack(R"("schemaVersion":"4.3.0"})", R"("schemaVersion":"4.2.2"})"),
              "envelope.schema_version");
    EXPECT_EQ(text_attack(R"(,"schemaVersion":"4.3.0"})", "}"), "envelope.schema_version");
}

TEST(Attack, SwappedKeyAccessAndPolicy) {
    const auto other = testing::seal_bytes(testing::sample_plain(3), Parties::get().dispatch());
    const Manifest foreign = *Manifest::parse(other->result.manifest);
    EXPECT_EQ(value_attack([&](Manifest& m, Bytes&) { m.key_access = foreign.key_access; }),
              "envelope.signed_key_access");
    EXPECT_EQ(value_attack([&](Manifest& m, Bytes&) { m.policy = foreign.policy; }),
              "envelope.signed_policy");
    EXPECT_EQ(value_attack([&](Manifest& m, Bytes&) { m.assertions[3] = foreign.assertions[3]; }),
              "envelope.signed_sizes");
    EXPECT_EQ(value_attack([&](Manifest& m, Bytes&) { m.assertions[2] = foreign.assertions[2]; }),
              "envelope.signed_assertions");
    EXPECT_EQ(value_attack([&](Manifest& m, Bytes&) { m.key_access.push_back(m.key_access[0]); }),
              "envelope.key_access");
}

TEST(Attack, AnotherSenderOrAddressee) {
    const auto& parties = Parties::get();
    const auto stranger =
        crypto::HybridVerifier::parse(crypto::HybridSigner::generate().public_keys());
    Expectation expectation = parties.from_sender();
    expectation.sender = &*stranger;
    EXPECT_EQ(refusal(dispatch(), expectation), "envelope.signature");
    for (const auto& [from, to] : {std::pair("UKR", "JPN"), std::pair("JPN", "USA")}) {
        expectation = parties.from_sender();
        expectation.sender_party = from;
        expectation.recipient_party = to;
        EXPECT_EQ(refusal(dispatch(), expectation), "envelope.signature");
    }
    EXPECT_EQ(refusal(dispatch(), Expectation{}), "envelope.expectation");
    // A batch signed for one pair of parties over a statement that names another.
    SealRequest request = parties.dispatch();
    request.statement->recipient = "USA";
    const auto misnamed = testing::seal_bytes({}, request);
    EXPECT_EQ(refusal(misnamed->bytes), "envelope.addressee");
    // A file at rest is never a dispatch.
    const auto rest = testing::seal_bytes({}, parties.at_rest());
    EXPECT_EQ(refusal(rest->bytes), "envelope.unsigned");
}

TEST(Attack, SignedLiesOfTheSenderAboutItsOwnFile) {
    // A sender's key may be used by a program that does not check as seal() does.
    SealRequest request = Parties::get().dispatch();
    const auto sign = request.sign;
    const auto sealed_saying = [&](auto change) {
        request.sign = [&](ByteView statement) -> Result<SenderSignature> {
            return sign(statement);
        };
        const auto good = testing::seal_bytes(testing::sample_plain(3), request);
        Parts parts = Parts::of(good->bytes);
        Manifest manifest = *Manifest::parse(parts.manifest);
        Statement statement = *Statement::parse(good->result.statement);
        change(statement, manifest);
        const Bytes bytes = statement.bytes();
        Json value = *parse_json(view(manifest.assertions[3].value));
        value["statement"] = to_base64(bytes);
        value["signature"] = sign(bytes)->json();
        manifest.assertions[3].value = canonical_json(value);
        parts.manifest = manifest.bytes();
        return refusal(parts.pack());
    };
    EXPECT_EQ(
        sealed_saying([](Statement& s, Manifest&) { s.inputs.classification.level_native = "秘"; }),
        "envelope.label");
    EXPECT_EQ(sealed_saying([](Statement& s, Manifest&) {
                  s.inputs.classification.attributes = testing::sample_attributes("hi");
              }),
              "envelope.label");
    EXPECT_EQ(sealed_saying([](Statement& s, Manifest&) { s.container.payload_root[0] ^= 1; }),
              "envelope.payload_tree");
    EXPECT_EQ(sealed_saying([](Statement& s, Manifest&) { s.container.assertions.pop_back(); }),
              "envelope.signed_assertions");
    EXPECT_EQ(sealed_saying([](Statement& s, Manifest&) { s.container.plain_bytes = 4; }),
              "envelope.signed_sizes");
    EXPECT_EQ(sealed_saying([](Statement& s, Manifest&) { s.inputs.serial = -1; }),
              "envelope.statement");
}

TEST(Attack, AtRestTheKeyHoldsWhatNobodySigned) {
    const auto& parties = Parties::get();
    SealRequest request = parties.dispatch();
    request.statement.reset();
    request.sign = nullptr;
    const auto sealed = testing::seal_bytes(testing::sample_plain(100), request);
    Expectation expectation;
    expectation.payload_root = sealed->result.payload_root;
    const auto attack = [&](const std::function<void(Manifest&)>& change) {
        Parts parts = Parts::of(sealed->bytes);
        Manifest manifest = *Manifest::parse(parts.manifest);
        change(manifest);
        parts.manifest = manifest.bytes();
        return refusal(parts.pack(), expectation);
    };
    // With the frame's digest repaired, which needs no key: the MACs behind it speak.
    const auto repaired = [&](const std::function<void(Manifest&)>& change) {
        return attack([&](Manifest& m) {
            change(m);
            Assertion& tree = m.assertions.back();
            Json value = *parse_json(view(tree.value));
            value["frame"] = to_base64(m.frame_digest());
            tree.value = canonical_json(value);
        });
    };
    EXPECT_EQ(attack([](Manifest&) {}), "accepted");
    EXPECT_EQ(attack([](Manifest& m) { m.root_signature[31] ^= 1; }), "envelope.root_signature");
    EXPECT_EQ(attack([](Manifest& m) { m.segment_hashes[0][0] ^= 1; }), "envelope.root_signature");
    for (const auto& change : std::vector<std::function<void(Manifest&)>>{
             [](Manifest& m) { m.mime_type = "text/html"; },
             [](Manifest& m) { m.key_access[0].url = "https://elsewhere.example"; },
             [](Manifest& m) { m.assertions[0].value += " "; },
             [](Manifest& m) {
                 m.assertions.erase(m.assertions.begin(), m.assertions.end() - 1);
             }}) {
        EXPECT_EQ(attack(change), "envelope.frame");
        EXPECT_EQ(repaired(change), "envelope.assertion_binding");
    }
    EXPECT_EQ(repaired([](Manifest& m) { m.key_access[0].wrapped_key.back() ^= 1; }),
              "crypto.unwrap");
    Manifest weaker = *Manifest::parse(sealed->result.manifest);
    SealRequest other = parties.at_rest();
    other.attributes = testing::sample_attributes("hi");
    other.policy_uuid = weaker.policy_uuid;
    weaker = *Manifest::parse(testing::seal_bytes({}, other)->result.manifest);
    EXPECT_EQ(repaired([&](Manifest& m) { m.policy = weaker.policy; }), "envelope.policy_binding");
    expectation.payload_root = Hash32{};
    EXPECT_EQ(refusal(sealed->bytes, expectation), "envelope.payload_tree");
}

TEST(Attack, SharesThatAreNone) {
    const auto& parties = Parties::get();
    const auto with = [&](Result<SecretBytes> (*share)()) {
        return refusal(dispatch(), parties.from_sender(),
                       [share](const KeyAccess&) { return share(); });
    };
    EXPECT_EQ(with([]() -> Result<SecretBytes> { return SecretBytes(31); }), "envelope.share");
    EXPECT_EQ(with([]() -> Result<SecretBytes> { return SecretBytes(32); }),
              "envelope.policy_binding");
    EXPECT_EQ(with([]() -> Result<SecretBytes> { return fail(Code::not_found, "test.none"); }),
              "envelope.share");
    EXPECT_EQ(with([]() -> Result<SecretBytes> { return fail(Code::refused, "test.no"); }),
              "test.no");
}

TEST(Attack, OneManifestHasOneText) {
    for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
             {R"({"assertions")", R"({ "assertions")"},
             {R"("type":"split")", R"("type":"split","type":"split")"},
             {R"("isEncrypted":true)", R"("isEncrypted":true,"isEncrypted":true)"},
             {R"("type":"split")", R"("type":"split","more":1)"},
             {R"("type":"split")", R"("type":"spl\u0069t")"},
             {R"("segments":[)", R"("segments":[],"segments":[)"},
             {R"("segments":[{)", R"("segments":[ {)"},
             {R"("encryptedSegmentSize":127,)", R"("encryptedSegmentSize":0127,)"},
             {R"("isStreamable":true)", R"("isStreamable":false)"}})
        EXPECT_EQ(text_attack(from, to), "envelope.manifest") << from;
    EXPECT_EQ(text_attack(R"("segmentSize":99})", R"("segmentSize":98})"), "envelope.sizes");
    EXPECT_EQ(text_attack(R"("segmentSizeDefault":2097152)", R"("segmentSizeDefault":2097153)"),
              "envelope.sizes");
}

} // namespace
} // namespace valise::envelope
