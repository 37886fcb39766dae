// SPDX-License-Identifier: Apache-2.0
// Every kind of key access object, both versions, metadata and plain TDFs: written, read back, and
// refused when something of it is changed.
#include "envelope/export.h"
#include "envelope/import.h"
#include "envelope/internal/testing.h"
#include "envelope/share.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace valise::envelope {
namespace {

using crypto::WrapScheme;
using testing::Parties;
using testing::Parts;

const crypto::WrapPrivateKey& key_of(WrapScheme scheme) {
    static std::map<WrapScheme, crypto::WrapPrivateKey> keys;
    const auto found = keys.find(scheme);
    return found != keys.end()
               ? found->second
               : keys.emplace(scheme, crypto::WrapPrivateKey::generate(scheme)).first->second;
}

ShareProvider shares_of(WrapScheme scheme) {
    return [scheme](const KeyAccess& access) { return unwrap_share(key_of(scheme), access); };
}

SealRequest dispatch_to(WrapScheme scheme, TdfVersion version = TdfVersion::v4_3_0) {
    SealRequest out = Parties::get().dispatch();
    out.recipients = {{key_of(scheme).public_key(), "https://keys.ukr.example", "", ""}};
    out.version = version;
    return out;
}

std::string reason_of(const auto& result) {
    return result ? "accepted" : result.error().reason();
}

TEST(KeyAccess, EverySchemeInBothVersions) {
    const Bytes plain = testing::sample_plain(5);
    for (const WrapScheme scheme : crypto::wrap_schemes())
        for (const TdfVersion version : {TdfVersion::v4_3_0, TdfVersion::v4_4_0}) {
            SCOPED_TRACE(std::string(crypto::to_string(scheme)) + " " +
                         std::string(to_string(version)));
            const auto sealed = testing::seal_bytes(plain, dispatch_to(scheme, version));
            ASSERT_TRUE(sealed) << sealed.error().text();
            const Manifest manifest = *Manifest::parse(sealed->result.manifest);
            EXPECT_EQ(manifest.version, version);
            const KeyAccess& access = manifest.key_access[0];
            EXPECT_EQ(access.type, crypto::wrap_type(scheme));
            EXPECT_EQ(access.alg.empty(), version == TdfVersion::v4_3_0);
            EXPECT_EQ(access.policy_binding.size(), version == TdfVersion::v4_3_0 ? 88U : 44U);
            const auto opened =
                testing::open_bytes(sealed->bytes, Parties::get().from_sender(), shares_of(scheme));
            ASSERT_TRUE(opened) << opened.error().text();
            EXPECT_EQ(*opened, plain);
            MemorySink sink; // and as clients in the field read it
            const auto imported = import_tdf(MemorySource(sealed->bytes), shares_of(scheme), sink);
            ASSERT_TRUE(imported) << imported.error().text();
            EXPECT_EQ(sink.bytes(), plain);
        }
}

TEST(KeyAccess, AllSchemesAtOnceAndOneOfThemEnough) {
    SealRequest request = Parties::get().dispatch();
    request.recipients.clear();
    for (const WrapScheme scheme : crypto::wrap_schemes())
        request.recipients.push_back(
            {key_of(scheme).public_key(),
             "https://k" + std::to_string(request.recipients.size()) + ".example", "", ""});
    const auto sealed = testing::seal_bytes({}, request);
    ASSERT_TRUE(sealed) << sealed.error().text();
    for (const WrapScheme scheme : crypto::wrap_schemes())
        EXPECT_EQ(reason_of(testing::open_bytes(sealed->bytes, Parties::get().from_sender(),
                                                shares_of(scheme))),
                  "accepted");
}

TEST(KeyAccess, ThreeSharesOfThreeKindsAreAllNeeded) {
    const std::vector<WrapScheme> kinds{WrapScheme::xwing, WrapScheme::ec_p384,
                                        WrapScheme::rsa2048};
    SealRequest request = Parties::get().dispatch();
    request.metadata = "one text for all";
    request.recipients.clear();
    for (std::size_t i = 0; i < kinds.size(); ++i)
        request.recipients.push_back(
            {key_of(kinds[i]).public_key(), "https://keys.example", "", "s" + std::to_string(i)});
    const auto sealed = testing::seal_bytes(testing::sample_plain(9), request);
    ASSERT_TRUE(sealed) << sealed.error().text();
    for (unsigned held = 0; held < 8; ++held) {
        const ShareProvider shares = [&](const KeyAccess& access) -> Result<SecretBytes> {
            for (std::size_t i = 0; i < kinds.size(); ++i)
                if ((held >> i & 1U) != 0 && access.kid == key_of(kinds[i]).public_key().kid())
                    return unwrap_share(key_of(kinds[i]), access);
            return fail(Code::not_found, "test.no_key");
        };
        MemorySink sink;
        const auto opened =
            open(MemorySource(sealed->bytes), sink, shares, Parties::get().from_sender());
        EXPECT_EQ(reason_of(opened), held == 7 ? "accepted" : "envelope.share") << held;
        if (opened) {
            EXPECT_EQ(opened->metadata, "one text for all");
        }
        MemorySink other;
        EXPECT_EQ(reason_of(import_tdf(MemorySource(sealed->bytes), shares, other)),
                  held == 7 ? "accepted" : "envelope.share");
    }
}

// A daemon that was taken over shows the key process the manifest of what a reader may read, with
// the key access of something else in it and the frame made good.
TEST(KeyAccess, TheKeyOfAnotherDocumentIsNotThisOnes) {
    const auto& receiver = Parties::get().receiver;
    const auto manifest_of = [](std::size_t size) {
        const auto sealed =
            testing::seal_bytes(testing::sample_plain(size), Parties::get().at_rest());
        return *Manifest::parse(Parts::of(sealed->bytes).manifest);
    };
    const auto key_in = [&](const Manifest& manifest) {
        return receiver.unwrap(manifest.key_access.front().wrapped_key).value();
    };
    Manifest granted = manifest_of(3);
    const Manifest other = manifest_of(4);
    EXPECT_TRUE(expect_key_of(granted, key_in(granted)));
    granted.key_access = other.key_access;
    Json tree = *parse_json(view(granted.assertions.back().value));
    tree["frame"] = to_base64(granted.frame_digest());
    granted.assertions.back().value = canonical_json(tree);
    EXPECT_EQ(expect_key_of(granted, key_in(granted)).error().reason(), "envelope.asked_share");
}

// The wrapped share of another type under the receiver's own name, and other lies about the wrap.
TEST(KeyAccess, LiesAboutTheWrapAreRefused) {
    const auto at_rest = [](WrapScheme scheme, TdfVersion version) {
        SealRequest request = Parties::get().at_rest();
        request.recipients = {{key_of(scheme).public_key(), "https://keys.example", "", ""}};
        request.version = version;
        request.metadata = "x";
        return testing::seal_bytes(testing::sample_plain(3), request);
    };
    const auto attack = [&](WrapScheme scheme, TdfVersion version,
                            const std::function<void(KeyAccess&)>& change) {
        const auto sealed = at_rest(scheme, version);
        Parts parts = Parts::of(sealed->bytes);
        Manifest manifest = *Manifest::parse(parts.manifest);
        change(manifest.key_access[0]);
        Json tree = *parse_json(view(manifest.assertions.back().value));
        tree["frame"] = to_base64(manifest.frame_digest()); // what an attacker can repair
        manifest.assertions.back().value = canonical_json(tree);
        parts.manifest = manifest.bytes();
        Expectation expectation;
        expectation.payload_root = sealed->result.payload_root;
        return reason_of(testing::open_bytes(parts.pack(), expectation, shares_of(scheme)));
    };
    const auto ec = [&](auto change) {
        return attack(WrapScheme::ec_p256, TdfVersion::v4_3_0, change);
    };
    const std::string other = key_of(WrapScheme::ec_p384).public_key().pem();
    EXPECT_EQ(ec([](KeyAccess&) {}), "accepted");
    EXPECT_EQ(ec([](KeyAccess& k) { k.type = "wrapped"; }), "envelope.key_access");
    EXPECT_EQ(ec([](KeyAccess& k) { k.type = "remote"; }), "envelope.key_access");
    EXPECT_EQ(ec([](KeyAccess& k) { k.ephemeral_key.clear(); }), "envelope.key_access");
    EXPECT_EQ(ec([](KeyAccess& k) { k.ephemeral_key += "\n"; }), "envelope.key_access");
    EXPECT_EQ(ec([](KeyAccess& k) { k.ephemeral_key = "x"; }), "envelope.key_access");
    EXPECT_EQ(ec([&](KeyAccess& k) { k.ephemeral_key = other; }), "crypto.unwrap");
    EXPECT_EQ(ec([](KeyAccess& k) { k.alg = "ECDH-HKDF"; }), "envelope.key_access");
    EXPECT_EQ(ec([](KeyAccess& k) { k.metadata = "eyJ4IjoxfQ=="; }), "envelope.key_access");
    EXPECT_EQ(attack(WrapScheme::rsa2048, TdfVersion::v4_3_0,
                     [](KeyAccess& k) { k.type = "mlkem-wrapped"; }),
              "crypto.unwrap");
    for (const char* alg : {"RSA-OAEP-256", "ML-KEM-768", "", "none"})
        EXPECT_EQ(
            attack(WrapScheme::rsa2048, TdfVersion::v4_4_0, [&](KeyAccess& k) { k.alg = alg; }),
            "envelope.key_access")
            << alg;
    // A binding in the other version's text is another text for the same value.
    EXPECT_EQ(attack(WrapScheme::rsa2048, TdfVersion::v4_3_0,
                     [](KeyAccess& k) {
                         k.policy_binding =
                             to_base64(*from_hex(to_text(*from_base64(k.policy_binding))));
                     }),
              "envelope.policy_binding");
    // Metadata of another share: its own form, but not this share's.
    const auto foreign = at_rest(WrapScheme::rsa2048, TdfVersion::v4_3_0);
    const std::string metadata = Manifest::parse(foreign->result.manifest)->key_access[0].metadata;
    EXPECT_EQ(attack(WrapScheme::rsa2048, TdfVersion::v4_3_0,
                     [&](KeyAccess& k) { k.metadata = metadata; }),
              "envelope.metadata");
}

struct Form {
    bool hex, hmac, raw;
};

TEST(Export, EveryFormOfAPlainTdfIsReadBack) {
    for (const Form form : {Form{false, false, false}, Form{true, false, false},
                            Form{false, true, true}, Form{true, true, true}})
        for (const std::size_t size : {0U, 1U, 16384U, 16385U, 3 * 16384U}) {
            ExportRequest request;
            request.hex_mode = form.hex;
            request.segment_hmac = form.hmac;
            request.raw_binding = form.raw;
            request.segment_plain = 16384;
            request.attributes = testing::sample_attributes();
            request.label_xml = *label::write_4774(testing::sample_label());
            request.label_5636 = *label::write_5636(testing::sample_label());
            request.metadata = "メモ";
            request.recipients = {
                {key_of(WrapScheme::rsa2048).public_key(), "https://a.example", "kas-rsa", ""},
                {key_of(WrapScheme::ec_p521).public_key(), "https://b.example", "kas-ec", "two"}};
            const Bytes plain = testing::sample_plain(size);
            MemorySource source(plain);
            MemorySink sink;
            const auto written = export_tdf(source, sink, request);
            ASSERT_TRUE(written) << written.error().text();
            EXPECT_EQ(*written, sink.bytes().size());
            const ShareProvider shares = [](const KeyAccess& access) {
                return access.kid == "kas-rsa"
                           ? unwrap_share(key_of(WrapScheme::rsa2048), access, access.kid)
                           : unwrap_share(key_of(WrapScheme::ec_p521), access, access.kid);
            };
            MemorySink back;
            const auto imported = import_tdf(MemorySource(sink.bytes()), shares, back);
            ASSERT_TRUE(imported) << imported.error().text();
            EXPECT_EQ(back.bytes(), plain);
            EXPECT_EQ(imported->hex_mode, form.hex);
            EXPECT_EQ(imported->assertions_checked, 2U);
            EXPECT_EQ(imported->metadata, "メモ");
            EXPECT_EQ(imported->attributes, testing::sample_attributes());
            ASSERT_TRUE(imported->label_4774 && imported->label_5636);
            EXPECT_EQ(imported->label_4774->label.classification, "極秘");
            EXPECT_EQ(*imported->label_5636, label::summary_5636(testing::sample_label()));
            EXPECT_EQ(imported->findings,
                      (std::vector<std::string>{"no sender has signed this file"}));
            EXPECT_FALSE(Container::open(MemorySource(sink.bytes()))); // never a dispatch
        }
}

TEST(Export, LabelsThatDifferAreFoundAtImport) {
    ExportRequest request;
    request.label_xml = *label::write_4774(testing::sample_label());
    request.label_5636 = *label::write_5636(testing::sample_label("秘"));
    request.recipients = {{key_of(WrapScheme::ec_p256).public_key(), "https://a.example", "", ""}};
    MemorySource source(Bytes{1});
    MemorySink sink;
    ASSERT_TRUE(export_tdf(source, sink, request));
    MemorySink back;
    const auto imported =
        import_tdf(MemorySource(sink.bytes()), shares_of(WrapScheme::ec_p256), back);
    ASSERT_TRUE(imported);
    EXPECT_EQ(imported->findings.back(), "the XML and the JSON label differ");
}

// Files that clients in the field wrote, by the wrapped share (tests/vectors/tdf/README.md).
void imports(const std::string& client, const char* name, std::size_t size, std::string_view kid) {
    SCOPED_TRACE(client + name);
    const std::string folder = VALISE_SOURCE_DIR "/tests/vectors/tdf/";
    const auto load = [&](const std::string& file) {
        std::ifstream in(folder + file, std::ios::binary);
        return Bytes(std::istreambuf_iterator<char>(in), {});
    };
    const auto key = crypto::WrapPrivateKey::import_pem(SecretBytes::take(load(client + ".pem")),
                                                        crypto::WrapKeys::any);
    ASSERT_TRUE(key) << key.error().text();
    const ShareProvider shares = [&](const KeyAccess& access) {
        return unwrap_share(*key, access, kid);
    };
    const Bytes file = load(client + "-" + name + ".tdf");
    MemorySink sink;
    const auto imported = import_tdf(MemorySource(file), shares, sink);
    ASSERT_TRUE(imported) << imported.error().text();
    Bytes expected(size);
    for (std::size_t i = 0; i < expected.size(); ++i)
        expected[i] = static_cast<Byte>(i * 7);
    EXPECT_EQ(sink.bytes(), expected);
    EXPECT_EQ(imported->hex_mode, client == "js");
    EXPECT_EQ(imported->metadata.empty(), client != "js");
    EXPECT_FALSE(Container::open(MemorySource(file))); // never a dispatch
    if (size == 0)
        return;
    const auto entries = read_stored_zip(MemorySource(file), {.form = ZipForm::tolerant});
    Bytes changed = file; // and no byte of its payload may change
    changed[entries->at(0).offset + 12] ^= 1;
    MemorySink other;
    EXPECT_FALSE(import_tdf(MemorySource(changed), shares, other));
}

TEST(ImportOthers, FilesOfThePythonClient) {
    imports("python", "empty", 0, "r1");
    imports("python", "one", 1, "r1");
    imports("python", "three", 2500, "r1");
    imports("python", "exact", 2000, "r1");
}

TEST(ImportOthers, FilesOfAnOldJavaScriptClient) {
    imports("js", "one", 1, "");
    imports("js", "three", 2500, "");
    imports("js", "exact", 2000, "");
}

// What readers must put up with from writers in the field (facts/tdf.md 1.2).
TEST(ImportTolerance, SizesThatWritersLeaveOutOrAdd) {
    ExportRequest request;
    request.segment_plain = 16384;
    request.recipients = {{key_of(WrapScheme::ec_p256).public_key(), "https://a.example", "", ""}};
    const Bytes plain = testing::sample_plain(2 * 16384);
    MemorySource source(plain);
    MemorySink sink;
    ASSERT_TRUE(export_tdf(source, sink, request));
    const auto read_back = [&](const std::function<void(Json & manifest)>& change) {
        Parts parts = testing::Parts::of_plain(sink.bytes());
        Json manifest = *parse_json(parts.manifest, {.bytes = 1 << 24});
        change(manifest);
        parts.manifest = to_bytes(canonical_json(manifest));
        MemorySink back;
        const auto result =
            import_tdf(MemorySource(parts.pack()), shares_of(WrapScheme::ec_p256), back);
        return result && back.bytes() != plain ? "another text" : reason_of(result);
    };
    const auto rows = [](Json& m) -> Json& {
        return m["encryptionInformation"]["integrityInformation"]["segments"];
    };
    EXPECT_EQ(read_back([](Json&) {}), "accepted");
    EXPECT_EQ(read_back([&](Json& m) {
                  for (Json& row : rows(m)) {
                      row.erase("segmentSize");
                      row.erase("encryptedSegmentSize");
                  }
              }),
              "accepted");
    EXPECT_EQ(read_back([](Json& m) { m["more"] = 1; }), "accepted");
    EXPECT_EQ(read_back([](Json& m) { m.erase("assertions"); }), "accepted");
    EXPECT_EQ(read_back([](Json& m) {
                  m["tdf_spec_version"] = m["schemaVersion"];
                  m.erase("schemaVersion");
              }),
              "accepted");
    EXPECT_EQ(read_back([](Json& m) {
                  Json& binding = m["encryptionInformation"]["keyAccess"][0]["policyBinding"];
                  binding = Json(binding["hash"]);
              }),
              "accepted");
    EXPECT_EQ(read_back([](Json& m) { // 4.4.0's names
                  Json& key = m["encryptionInformation"]["keyAccess"][0];
                  key["alg"] = "ECDH-HKDF";
                  key["protectedKey"] = key["wrappedKey"];
                  key["ephemeralKey"] = key["ephemeralPublicKey"];
                  key["kas"] = key["url"];
                  for (const char* old : {"type", "wrappedKey", "ephemeralPublicKey", "url"})
                      key.erase(old);
              }),
              "accepted");
    EXPECT_EQ(read_back([&](Json& m) { rows(m)[0]["segmentSize"] = 5; }), "envelope.sizes");
    EXPECT_EQ(read_back([&](Json& m) { rows(m).erase(1); }), "envelope.sizes");
}

} // namespace
} // namespace valise::envelope
