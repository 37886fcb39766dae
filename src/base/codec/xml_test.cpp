// SPDX-License-Identifier: Apache-2.0
#include "base/codec/xml.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

Result<XmlElement> parse(std::string_view text, const XmlLimits& limits = {}) {
    return parse_xml(view(text), limits);
}

std::string reason(std::string_view text, const XmlLimits& limits = {}) {
    const auto read = parse(text, limits);
    return read ? "read" : read.error().reason();
}

TEST(Xml, ReadsElementsWithNamespacesAttributesAndText) {
    const auto read = parse("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                            "<p:a xmlns:p='urn:x' k='1 &lt; 2' p:k='3'>  極秘 &amp; "
                            "<b xmlns='urn:y'>t<![CDATA[<raw>]]></b>tail<?pi x?></p:a>");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_TRUE(read->is("urn:x", "a"));
    EXPECT_EQ(*read->attribute("k"), "1 < 2");
    ASSERT_EQ(read->attributes.size(), 2U);
    EXPECT_EQ(read->attributes[1].ns, "urn:x");
    EXPECT_EQ(read->trimmed(), "極秘 & tail");
    ASSERT_NE(read->child("urn:y", "b"), nullptr);
    EXPECT_EQ(read->child("urn:y", "b")->text, "t<raw>");
    EXPECT_EQ(read->child("urn:x", "b"), nullptr);
    EXPECT_EQ(read->attribute("missing"), nullptr);
}

TEST(Xml, ACommentDoesNotCutAWord) {
    EXPECT_EQ(parse("<a>SEC<!-- x -->RET</a>")->text, "SECRET");
}

TEST(Xml, RefusesEveryDocumentType) {
    const std::string root = "<a>&x;</a>";
    for (const char* type : {
             "<!DOCTYPE a>",
             "<!DOCTYPE a [<!ENTITY x 'y'>]>",
             "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>",
             "<!DOCTYPE a PUBLIC '-//X' 'http://192.0.2.1/x.dtd'>",
             "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
             "<!DOCTYPE a [<!ENTITY y 'aaaaaaaa'><!ENTITY x '&y;&y;&y;&y;&y;&y;&y;'>]>",
             "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://192.0.2.1/p'> %p;]>",
         }) {
        EXPECT_EQ(reason(type + root), "base.xml_dtd") << type;
        EXPECT_EQ(reason(std::string(type) + "<a/>"), "base.xml_dtd") << type;
    }
    EXPECT_EQ(reason(root), "base.xml");
    EXPECT_EQ(reason("<a><![CDATA[<!DOCTYPE a>]]></a>"), "read");
}

TEST(Xml, RefusesWhatIsNotWellFormed) {
    for (const char* text :
         {"", " ", "a", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "<a k='1' k='2'/>", "<p:a/>",
          "<a p:k='1'/>", "<a>&nbsp;</a>", "<a k='<'/>", "<a>\x01</a>", "<a>&#1;</a>",
          "<a>\xff</a>", "<4774:a xmlns:4774='urn:x'/>",
          "<a xmlns:p='u' xmlns:q='u' p:k='1' q:k='2'/>", "<a>]]></a>"})
        EXPECT_EQ(reason(text), "base.xml") << text;
}

TEST(Xml, RefusesOtherEncodings) {
    EXPECT_EQ(reason("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"), "base.xml");
    EXPECT_EQ(reason("<?xml version='1.0' encoding='UTF-16'?><a/>"), "base.xml");
    EXPECT_EQ(reason("<?xml version='1.0' encoding='UTF-7'?><a>+ADw-</a>"), "base.xml");
    EXPECT_EQ(reason(std::string("\xff\xfe<\0a\0/\0>\0", 10)), "base.xml");
    EXPECT_EQ(reason(std::string("<\0a\0/\0>\0", 8)), "base.xml");
    EXPECT_EQ(reason("<?xml version='1.0' encoding='UTF-8'?><a/>"), "read");
    EXPECT_EQ(reason("\xef\xbb\xbf<a/>"), "read");
}

TEST(Xml, KeepsWithinItsLimits) {
    const auto nested = [](std::size_t depth) {
        std::string text;
        for (std::size_t i = 0; i < depth; ++i)
            text += "<a>";
        for (std::size_t i = 0; i < depth; ++i)
            text += "</a>";
        return text;
    };
    EXPECT_EQ(reason(nested(32)), "read");
    EXPECT_EQ(reason(nested(33)), "base.xml_limit");
    EXPECT_EQ(reason("<a><b/><b/></a>", {.nodes = 3}), "read");
    EXPECT_EQ(reason("<a><b/><b/></a>", {.nodes = 2}), "base.xml_limit");
    EXPECT_EQ(reason("<a k='1' l='2'/>", {.nodes = 2}), "base.xml_limit");
    EXPECT_EQ(reason("<abc/>", {.bytes = 5}), "base.xml_limit");
    EXPECT_EQ(parse("<abc/>", {.bytes = 5}).error().code(), Code::limit);
    EXPECT_EQ(reason("<a>" + std::string(1 << 20, 'x') + "</a>"), "base.xml_limit");
}

TEST(Xml, RefusesEveryPrefix) {
    const std::string text = "<p:a xmlns:p='urn:x' k='1'>t<b>&amp;</b><!-- c --></p:a>";
    ASSERT_EQ(reason(text), "read");
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_EQ(reason(text.substr(0, size)), "base.xml") << size;
}

TEST(Xml, ErrorsRepeatNoByteOfTheDocument) {
    const auto read = parse("<a><evil-name></wrong></a>");
    ASSERT_FALSE(read);
    EXPECT_FALSE(read.error().text().contains("evil"));
    EXPECT_TRUE(read.error().text().contains("line 1"));
}

TEST(Xml, EscapedTextComesBack) {
    const std::string text = "<&>\"'\t\n\r ]]> 極秘 Цілком таємно \xf0\x9f\x94\x92";
    const std::string escaped = escape_xml(text);
    const auto read = parse("<a k=\"" + escaped + "\">" + escaped + "</a>");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read->attribute("k"), text);
    EXPECT_EQ(read->text, text);
    EXPECT_EQ(escape_xml(std::string("a\0\x1f\xef\xbf\xbe"
                                     "b",
                                     7)),
              "ab");
}

} // namespace
} // namespace valise
