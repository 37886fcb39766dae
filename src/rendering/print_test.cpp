// SPDX-License-Identifier: Apache-2.0
#include "rendering/pages.h"
#include "rendering/print.h"
#include "rendering/print_sample.h"

#include <gtest/gtest.h>

namespace valise::rendering {
namespace {

Bytes a_print() {
    return *from_base64(testing::kPrint);
}

std::string replaced(const std::string& from, const std::string& to) {
    std::string text = to_text(a_print());
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

std::string reason_of(const std::string& pdf) {
    const auto read = check_print(view(pdf));
    return read ? "" : read.error().reason();
}

TEST(Print, IsWhatTheRendererWrites) {
    const auto pages = check_print(a_print());
    ASSERT_TRUE(pages) << pages.error().text();
    EXPECT_EQ(*pages, 1U);
    const std::string whole = to_text(a_print());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(reason_of(whole.substr(0, size)), "render.print") << size;
    EXPECT_EQ(reason_of(whole + "\n"), "render.print");
    EXPECT_EQ(reason_of(whole + whole), "render.print");
}

// No name but those that draw, however it is written; what says as much as the old one keeps every
// byte in its place.
TEST(Print, HoldsNoNameThatDoesMore) {
    for (const char* name :
         {"/JavaScrip", "/OpenAction",   "/Launch",     "/AA",       "/A",    "/URI",
          "/JS",        "/EmbeddedFile", "/Annots",     "/AcroForm", "/XFA",  "/ObjStm",
          "/XRef",      "/JBIG2Decode",  "/JPXDecode",  "/Encrypt",  "/Prev", "/Names",
          "/Typ#65",    "/#4aS",         "/ABCDE+Font", "/abc1",     "/x1y",  "/"}) {
        std::string value = std::string(name) + " 1";
        value.resize(std::max<std::size_t>(value.size(), 9), ' ');
        // In the place of "/Count 1\n", which has nine bytes; longer ones move what follows.
        EXPECT_EQ(reason_of(replaced("/Count 1\n", value.substr(0, value.size()))), "render.print")
            << name;
    }
    EXPECT_EQ(reason_of(replaced("/Count 1\n", "/Count 1 ")), "");
    EXPECT_EQ(reason_of(replaced("/Count 1\n", "/I true  ")), "");
}

TEST(Print, HidesNothing) {
    // An object that no table names, one that lies elsewhere, and one inside of a stream.
    EXPECT_EQ(reason_of(replaced("xref\n0 8\n", "8 0 obj\n   1\nendobj\nxref\n0 8\n")),
              "render.print");
    EXPECT_EQ(reason_of(replaced("0000000240", "0000000241")), "render.print");
    EXPECT_EQ(reason_of(replaced("0000000240", "0000000060")), "render.print");
    EXPECT_EQ(reason_of(replaced("0000000240 00000 n", "0000000240 65535 f")), "render.print");
    // A stream that a viewer reads to another end, or that has no length.
    EXPECT_EQ(reason_of(replaced("   51\n", "   50\n")), "render.print");
    EXPECT_EQ(reason_of(replaced("/Length 5 0 R", "/Length 6 0 R")), "render.print");
    EXPECT_EQ(reason_of(replaced("/Length 5 0 R", "/Filter 5 0 R")), "render.print");
    // Another table than the one that was read.
    const std::string whole = to_text(a_print());
    const auto at = whole.find("startxref\n") + 10;
    std::string other = whole;
    other[at] = other[at] == '9' ? '8' : static_cast<char>(other[at] + 1);
    EXPECT_EQ(reason_of(other), "render.print");
    EXPECT_EQ(reason_of(replaced("%PDF-1.4", "%PDF-1.7")), "render.print");
    EXPECT_EQ(reason_of(replaced("endobj\n2 0 obj", "endobj\n3 0 obj")), "render.print");
}

TEST(Print, IsBounded) {
    std::string deep(9, '[');
    deep = "/Count 1 /N " + std::string(40, '[') + std::string(40, ']');
    EXPECT_EQ(reason_of(replaced("/Count 1", deep)), "render.print");
    EXPECT_EQ(reason_of(replaced("(valise)", "(valise\\")), "render.print");
    EXPECT_EQ(reason_of(replaced("(valise)", "<valise>")), "render.print");
    EXPECT_EQ(reason_of(replaced("(valise)", "<abcdef>")), "");
    EXPECT_EQ(reason_of(replaced("(valise)", "(va(i)e)")), "");
    EXPECT_EQ(reason_of(replaced("(valise)", "valise  ")), "render.print");
    EXPECT_EQ(reason_of(replaced("/MediaBox [ 0 0 60 84 ]", "/MediaBox [ 0 0 60 84 >")),
              "render.print");
}

// Pages are those of the summary, all of the document.
TEST(Print, ComesWholeOrNotAtAll) {
    const auto shown = [](const Summary& summary) {
        Bytes stream = print_frame(ByteView(a_print()).first(100));
        append(stream, ByteView(print_frame(ByteView(a_print()).subspan(100))));
        append(stream, ByteView(summary_frame(summary)));
        MemorySource from(stream);
        return read_shown(from, Job::Output::print);
    };
    const auto read = shown({"pdf", 1, 1});
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(to_bytes(read->print.read(SecretAccess::because("a test"))), a_print());
    EXPECT_FALSE(shown({"pdf", 2, 1}));
    EXPECT_FALSE(shown({"pdf", 2, 2}));
}

} // namespace
} // namespace valise::rendering
