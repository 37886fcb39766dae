// SPDX-License-Identifier: Apache-2.0
#include "label/internal/test_scheme.h"
#include "label/label_xml.h"
#include "label/marking.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace valise::label {
namespace {

using testing::gokuhi;

template<class T> std::string reason(const Result<T>& result) {
    return result ? "ok" : result.error().reason();
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

const std::string kWritten =
    "<originatorConfidentialityLabel "
    "xmlns=\"urn:nato:stanag:4774:confidentialitymetadatalabel:1:0\" "
    "ReviewDateTime=\"2031-11-24T00:00:00Z\"><ConfidentialityInformation><PolicyIdentifier "
    "URI=\"urn:oid:2.25.329800735698586629295641978511506172918\">TEST-JPN</PolicyIdentifier>"
    "<Classification>極秘</Classification><Category Type=\"PERMISSIVE\" TagName=\"Context\">"
    "<GenericValue>TEST-JPN</GenericValue></Category><Category Type=\"PERMISSIVE\" "
    "TagName=\"Releasable To\"><GenericValue>JPN</GenericValue><GenericValue>UKR</GenericValue>"
    "</Category></ConfidentialityInformation><OriginatorID IDType=\"dNSName\">"
    "registry.jpn.example</OriginatorID><CreationDateTime>2026-11-24T09:30:00Z</CreationDateTime>"
    "</originatorConfidentialityLabel>";

TEST(LabelXml, WritesOneTextInSchemaOrder) {
    EXPECT_EQ(write_4774(gokuhi()).value(), kWritten);
}

TEST(LabelXml, WhatWeWriteReadsBackWithoutFindings) {
    Label label = gokuhi();
    label.privacy_mark = "\"A\" & <B> 'C'";
    label.categories.push_back({CategoryType::restrictive,
                                "Additional \"Sensitivity\" <&>",
                                {"A&B", "<c>", "Їжак 極"},
                                "urn:x:<&\">"});
    label.categories.push_back({CategoryType::informative, "Administrative", {"STAFF"}, ""});
    for (const auto root : {LabelRoot::originator, LabelRoot::alternative}) {
        const auto read = read_4774(view(write_4774(label, root).value()));
        ASSERT_TRUE(read) << read.error().text();
        EXPECT_EQ(read->label, label);
        EXPECT_EQ(read->root, root);
        EXPECT_TRUE(read->findings.empty()) << read->findings.front().reason;
    }
    label.privacy_mark = label.policy_uri = label.originator_id = "";
    label.categories.clear();
    EXPECT_EQ(read_4774(view(write_4774(label).value()))->label, label);
}

TEST(LabelXml, NeverWritesALabelWithoutItsDates) {
    Label label = gokuhi();
    label.review.reset();
    EXPECT_EQ(reason(write_4774(label)), "label.review_missing");
    label = gokuhi();
    label.created = {};
    EXPECT_EQ(reason(write_4774(label)), "label.created_missing");
    EXPECT_EQ(reason(write_4774(gokuhi(), LabelRoot::plain)), "label.root");
    EXPECT_EQ(reason(write_4774(gokuhi(), LabelRoot::metadata)), "label.root");
    label = gokuhi();
    label.classification = "a\nb";
    EXPECT_EQ(reason(write_4774(label)), "label.text");
}

TEST(LabelXml, ReadsTheMistakesOfOthersWithFindings) {
    struct Case {
        const char* finding;
        const char* from;
        const char* to;
    };
    for (const Case& c : {
             Case{"label.created_missing",
                  "<CreationDateTime>2026-11-24T09:30:00Z</CreationDateTime>", ""},
             Case{"label.review_missing", " ReviewDateTime=\"2031-11-24T00:00:00Z\"", ""},
             Case{"label.policy_url", "PolicyIdentifier URI=", "PolicyIdentifier URL="},
             Case{"label.attribute_case", "TagName=\"Context\"", "tagName=\"Context\""},
             Case{"label.attribute_case", "Type=\"PERMISSIVE\"", "Type=\"Permissive\""},
             Case{"label.classification_uri", "<Classification>", "<Classification URI=\"u\">"},
             Case{"label.order", "<Classification>極秘</Classification><Category",
                  "<Category Type=\"INFORMATIVE\" TagName=\"t\"><GenericValue>v</GenericValue>"
                  "</Category><Classification>極秘</Classification><Category"},
             Case{"label.unknown", "<OriginatorID", "<x xmlns=\"urn:other\"/><OriginatorID"},
             Case{"label.unknown", "Type=\"PERMISSIVE\"", "Type=\"PERMISSIVE\" type=\"x\""},
             Case{"label.unknown", "<OriginatorID", "text<OriginatorID"},
             Case{"label.time_zone", "09:30:00Z", "09:30:00"},
             Case{"label.time_fraction", "09:30:00Z", "09:30:00.125Z"},
             Case{"label.value_twice", "<GenericValue>UKR", "<GenericValue>jpn"},
             Case{"label.originator_type_missing", " IDType=\"dNSName\"", ""},
             Case{"label.succession", "</originator",
                  "<SuccessionHandling><SuccessionDateTime>2030-01-01T00:00:00Z"
                  "</SuccessionDateTime></SuccessionHandling></originator"},
         }) {
        const auto read = read_4774(view(replaced(kWritten, c.from, c.to)));
        ASSERT_TRUE(read) << c.finding << ": " << read.error().text();
        EXPECT_TRUE(read->found(c.finding)) << c.finding;
        EXPECT_EQ(read->findings.size(), 1U) << c.finding;
        EXPECT_EQ(read->label.classification, "極秘");
    }
    const auto zoned = read_4774(view(replaced(kWritten, "09:30:00Z", "09:30:00+02:00")));
    EXPECT_EQ(zoned->label.created.text(), "2026-11-24T07:30:00Z");
    EXPECT_TRUE(zoned->findings.empty());
    EXPECT_EQ(
        read_4774(view(replaced(kWritten, " IDType=\"dNSName\"", "")))->label.originator_id_type,
        "uniformResourceIdentifier");
}

TEST(LabelXml, RefusesWhatCouldHideALimitOnAccess) {
    struct Case {
        const char* reason;
        const char* from;
        const char* to;
    };
    for (const Case& c : {
             Case{"label.root", "metadatalabel:1:0", "metadatalabel:2:0"},
             Case{"label.missing", "<Classification>極秘</Classification>", ""},
             Case{"label.twice", "<Classification>極秘</Classification>",
                  "<Classification>極秘</Classification><Classification>秘</Classification>"},
             Case{"label.twice", "</originator",
                  "<CreationDateTime>2020-01-01T00:00:00Z</CreationDateTime></originator"},
             Case{"label.element", "<Category Type=\"PERMISSIVE\" TagName=\"Context\">",
                  "<Categry/><Category Type=\"PERMISSIVE\" TagName=\"Context\">"},
             Case{"label.element", "極秘<", "極<b/>秘<"},
             Case{"label.value_kind", "<GenericValue>JPN</GenericValue>",
                  "<IntegerValue>1</IntegerValue>"},
             Case{"label.value_kind", "<GenericValue>JPN</GenericValue>", "JPN"},
             Case{"label.category_type", "Type=\"PERMISSIVE\"", "Type=\"ENUMERATED\""},
             Case{"label.category_type", "Type=\"PERMISSIVE\"", ""},
             Case{"label.category_twice", "TagName=\"Context\"", "TagName=\"RELEASABLE TO\""},
             Case{"label.category_empty", "<GenericValue>TEST-JPN</GenericValue>", ""},
             Case{"label.text", "極秘<", "<"},
             Case{"label.text", "極秘<", "&#x202e;極秘<"},
             Case{"label.text", "TagName=\"Context\"", "TagName=\"\""},
             Case{"label.time", "2026-11-24T09", "2026-02-30T09"},
             Case{"label.time", "09:30:00Z", "09:30:00+99:00"},
             Case{"label.time", "2026-11-24T09:30:00Z", "9999-12-31T23:59:59-14:00"},
             Case{"label.time", "09:30:00Z", "09:30:00.Z"},
             Case{"label.time", "09:30:00Z", ""},
             Case{"label.originator_type", "dNSName", "phone"},
             Case{"base.xml_dtd", "<originator", "<!DOCTYPE x><originator"},
             Case{"base.xml", "</originator", "</alternative"},
         })
        EXPECT_EQ(reason(read_4774(view(replaced(kWritten, c.from, c.to)))), c.reason) << c.to;
    EXPECT_EQ(reason(read_4774(view("<originatorConfidentialityLabel/>"))), "label.root");
}

TEST(LabelXml, RefusesEveryPrefixAndNoFlippedByteMakesAnotherCleanLabelOfTheSameText) {
    for (std::size_t size = 0; size < kWritten.size(); ++size)
        EXPECT_FALSE(read_4774(view(kWritten.substr(0, size)))) << size;
    for (std::size_t at = 0; at < kWritten.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string text = kWritten;
            text[at] = static_cast<char>(text[at] ^ (1 << bit));
            const auto read = read_4774(view(text));
            if (!read || !read->findings.empty() || read->label != gokuhi())
                continue;
            // A flip that is read as the very same label can only be one of quotes or white space.
            EXPECT_TRUE(text[at] == '\'' || text[at] == ' ' || text[at] == '\t' ||
                        text[at] == '\n' || text[at] == '\r')
                << at << " " << text;
        }
    }
}

class Vectors : public ::testing::Test {
protected:
    void SetUp() override {
        if (!std::filesystem::exists(folder_))
            GTEST_SKIP() << "no vectors in " << folder_;
    }
    std::string file(const char* name) const {
        std::ifstream in(folder_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    const std::filesystem::path folder_ = std::filesystem::path(VALISE_VECTORS_DIR) / "label";
};

using LabelVectors = Vectors;

TEST_F(LabelVectors, ReadsThePublishedNatoLabelsWithTheirFindings) {
    // Phrases from the published policy: a level's name and the marking of the whole label.
    const Scheme nato{"NATO",
                      "urn:oid:1.3.26.1.3.1",
                      {{"unclassified", "UNCLASSIFIED", "", {{"en", "NATO UNCLASSIFIED"}}, 0, ""}}};
    struct Case {
        const char* file;
        bool url;
        const char* marking;
    };
    for (const Case& c : {Case{"nato-4774-17-1.nato", true,
                               "NATO UNCLASSIFIED Releasable to ISAF, KFOR, RESOLUTE SUPPORT"},
                          Case{"nato-4774-17-2.nato", false, "NATO UNCLASSIFIED"},
                          Case{"nato-4774-17-3.nato", false, "NATO UNCLASSIFIED - STAFF"}}) {
        const auto read = read_4774(view(file(c.file)));
        ASSERT_TRUE(read) << c.file << ": " << read.error().text();
        EXPECT_TRUE(read->found("label.created_missing")) << c.file;
        EXPECT_TRUE(read->found("label.review_missing")) << c.file;
        EXPECT_EQ(read->found("label.policy_url"), c.url) << c.file;
        EXPECT_EQ(read->findings.size(), c.url ? 3U : 2U) << c.file;
        EXPECT_EQ(read->label.policy_uri, c.url ? "urn:oid:1.3.26.1.3.1" : "");
        EXPECT_EQ(marking(read->label, nato, "en").value(), c.marking);
        // Readable, but never written so.
        EXPECT_EQ(reason(write_4774(read->label)), "label.created_missing");
    }
}

TEST_F(LabelVectors, OtherSyntaxesAreNoLabels) {
    for (const char* name : {"nato-4774-17-1.xml", "nato-4774-extra-1.xml", "nato-4774-policy.xml",
                             "food-policy-borked.xml", "uk-demo.xml", "tlpx-amber-eu.xml"})
        EXPECT_EQ(reason(read_4774(view(file(name)))), "label.root") << name;
}

} // namespace
} // namespace valise::label
