// SPDX-License-Identifier: Apache-2.0
#include "render/drawing.h"
#include "render/encrypted_sample.h"
#include "render/office.h"
#include "render/testing.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <chrono>

// Documents that were made to do harm, and what becomes of each.
namespace valise::render {
namespace {

using rendering::Verdict;
using testing::a_job;
using testing::drawn;

// A PDF of these objects, of which the first is the catalogue; readers rebuild its table.
Bytes pdf(const std::vector<std::string>& objects) {
    std::string out = "%PDF-1.7\n";
    for (std::size_t i = 0; i < objects.size(); ++i)
        out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    return to_bytes(out + "trailer\n<</Root 1 0 R>>\n");
}

std::string stream(const std::string& entries, const std::string& body) {
    return "<<" + entries + "/Length " + std::to_string(body.size()) + ">>stream\n" + body +
           "\nendstream";
}

std::string deflated(const std::string& piece, std::size_t times) {
    z_stream state{};
    deflateInit(&state, 9);
    std::string out(1 << 20, '\0');
    state.next_out = reinterpret_cast<Bytef*>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    for (std::size_t i = 0; i < times; ++i) {
        state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
        state.avail_in = static_cast<uInt>(piece.size());
        while (state.avail_in > 0) {
            deflate(&state, Z_NO_FLUSH);
            if (state.avail_out == 0) {
                const std::size_t have = out.size();
                out.resize(2 * have);
                state.next_out = reinterpret_cast<Bytef*>(out.data() + have);
                state.avail_out = static_cast<uInt>(have);
            }
        }
    }
    deflate(&state, Z_FINISH);
    out.resize(state.total_out);
    deflateEnd(&state);
    return out;
}

Bytes one_page(const std::string& page, const std::vector<std::string>& more = {},
               const std::string& catalogue = "") {
    std::vector<std::string> objects = {"<</Type/Catalog/Pages 2 0 R" + catalogue + ">>",
                                        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                                        "<</Type/Page/Parent 2 0 R" + page + ">>"};
    objects.insert(objects.end(), more.begin(), more.end());
    return pdf(objects);
}

const std::string kText = "BT /F 24 Tf 40 100 Td (Visible) Tj ET";
const std::string kFont =
    "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>";

TEST(Hostile, AnOrdinaryOneIsDrawn) {
    const auto out =
        drawn(one_page("/MediaBox[0 0 595 842]/Contents 4 0 R" + kFont, {stream("", kText)}));
    ASSERT_EQ(out.verdict, Verdict::shown);
    ASSERT_TRUE(out.shown) << out.shown.error().text();
    EXPECT_EQ(out.shown->summary, (rendering::Summary{"pdf", 1, 1}));
    EXPECT_EQ(out.shown->pages[0].height, rendering::kLongestSide);
    if (const char* folder = std::getenv("VALISE_SHOTS")) { // to be looked at
        EXPECT_TRUE(adapters::write_file_durably(
            std::string(folder) + "/page.png",
            out.shown->pages[0].png.read(SecretAccess::because("a test's page")), 0600,
            adapters::Overwrite::yes));
    }
}

TEST(Hostile, APageOfAnySizeStaysWithinBounds) {
    for (const char* box : {"0 0 1000000000 1000000000", "0 0 1 1000000", "0 0 0 0", "0 0 -5 -5",
                            "0 0 0.0001 0.0001", "1e308 1e308 -1e308 -1e308", "0 0 100000 1"}) {
        const auto out = drawn(one_page(
            std::string("/MediaBox[") + box + "]/Contents 4 0 R" + kFont, {stream("", kText)}));
        ASSERT_EQ(out.verdict, Verdict::shown) << box;
        ASSERT_TRUE(out.shown) << box; // read_shown() holds the images to their bounds
    }
}

TEST(Hostile, PagesWithoutEndAreCutAndCounted) {
    std::string kids;
    for (int i = 0; i < 20'000; ++i)
        kids += "3 0 R ";
    const auto many = drawn(
        pdf({"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 20000/Kids[" + kids + "]>>",
             "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"}));
    // The reader may refuse one page that stands there so often; never more than are shown.
    if (many.verdict == Verdict::shown) {
        EXPECT_LE(many.shown->pages.size(), rendering::kMaxPages);
        EXPECT_GE(many.shown->summary.pages, many.shown->summary.shown);
    }
    std::vector<std::string> objects = {"<</Type/Catalog/Pages 2 0 R>>", ""};
    std::string all;
    for (int i = 0; i < 150; ++i) {
        all += std::to_string(i + 3) + " 0 R ";
        objects.emplace_back("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>");
    }
    objects[1] = "<</Type/Pages/Count 150/Kids[" + all + "]>>";
    const auto cut = drawn(pdf(objects));
    ASSERT_EQ(cut.verdict, Verdict::shown);
    EXPECT_EQ(cut.shown->summary, (rendering::Summary{"pdf", 150, 100}));
    // A print is whole, or it is none.
    auto job = a_job();
    job.output = rendering::Job::Output::print;
    EXPECT_EQ(drawn(pdf(objects), job).verdict, Verdict::too_large);
    // A tree that holds itself.
    const auto loop = drawn(pdf(
        {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1000000000/Kids[2 0 R 2 0 R]>>"}));
    EXPECT_NE(loop.verdict, Verdict::shown);
}

TEST(Hostile, AStreamThatUnpacksWithoutEndIsEnded) {
    const std::string body = deflated("q 1 0 0 1 0 0 cm 0 0 m 9 9 l S Q\n", 40'000'000);
    Limits limits;
    limits.cpu_seconds = 2;
    const auto begun = std::chrono::steady_clock::now();
    const auto out = drawn(
        one_page("/MediaBox[0 0 200 200]/Contents 4 0 R", {stream("/Filter/FlateDecode", body)}),
        a_job(), limits);
    EXPECT_TRUE(out.verdict == Verdict::too_long || out.verdict == Verdict::died)
        << static_cast<int>(out.verdict);
    EXPECT_FALSE(out.shown);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(60));
}

std::string chunk(const std::string& type, const std::string& body) {
    Bytes out;
    append_u32(out, static_cast<std::uint32_t>(body.size()));
    append(out, type + body);
    const std::string covered = type + body;
    append_u32(out,
               static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(covered.data()),
                                                static_cast<uInt>(covered.size()))));
    return to_text(out);
}

Bytes png(std::uint32_t width, std::uint32_t height, const std::string& pixels) {
    Bytes head;
    append_u32(head, width);
    append_u32(head, height);
    append(head, std::string("\x08\x00\x00\x00\x00", 5)); // grey
    return to_bytes("\x89PNG\r\n\x1a\n" + chunk("IHDR", to_text(head)) + chunk("IDAT", pixels) +
                    chunk("IEND", ""));
}

TEST(Hostile, AnImageOfTooManyPixelsIsNotUnpacked) {
    EXPECT_EQ(drawn(png(30'000, 30'000, deflated(std::string(30'001, '\0'), 30'000))).verdict,
              Verdict::too_large);
    EXPECT_EQ(drawn(png(0xffffffffU, 0xffffffffU, "x")).verdict, Verdict::too_large);
    EXPECT_EQ(drawn(png(0, 5, "x")).verdict, Verdict::damaged);
    EXPECT_EQ(drawn(png(100, 100, "no pixels at all")).verdict, Verdict::damaged);
    const auto small = drawn(png(60, 40, deflated(std::string(61, '\0'), 40)));
    ASSERT_EQ(small.verdict, Verdict::shown);
    EXPECT_EQ(small.shown->summary.kind, "png");
    EXPECT_EQ(drawn(to_bytes("\xff\xd8\xff\xe0 and nothing more")).verdict, Verdict::damaged);
}

// Nobody runs, opens, fetches or sends: the page is drawn, and that is all.
TEST(Hostile, WhatAPageWouldDoByItselfIsNotDone) {
    const std::string actions[] = {
        "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>",
        "/OpenAction<</S/Launch/F(/bin/sh)/Win<</F(cmd.exe)>>>>",
        "/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>",
        "/OpenAction<</S/SubmitForm/F(http://127.0.0.1:9/)>>",
        "/OpenAction<</S/GoToR/F(/etc/passwd)/D[0/Fit]>>",
        "/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(this.exportDataObject\\({}\\))>>]>>>>",
        "/AcroForm<</XFA(<xdp/>)/Fields[]>>"};
    for (const std::string& action : actions) {
        const Bytes document =
            one_page("/MediaBox[0 0 300 300]/Contents 4 0 R" + kFont, {stream("", kText)}, action);
        EXPECT_EQ(drawn(document).verdict, Verdict::shown) << action;
        auto job = a_job();
        job.output = rendering::Job::Output::print;
        const auto print = drawn(document, job);
        ASSERT_EQ(print.verdict, Verdict::shown) << action;
        const auto text = text_view(print.shown->print.read(SecretAccess::because("a test")));
        for (const char* word :
             {"JavaScript", "Launch", "SubmitForm", "GoToR", "XFA", "OpenAction", "/URI", "passwd"})
            EXPECT_EQ(text.find(word), std::string_view::npos) << action << ": " << word;
    }
}

// A stream whose bytes are said to lie in a file, or behind an address.
TEST(Hostile, AFileOutsideIsNotDrawn) {
    for (const char* file : {"/F(/etc/passwd)", "/F<</FS/URL/F(http://127.0.0.1:9/x)>>"}) {
        const auto out =
            drawn(one_page("/MediaBox[0 0 300 300]/Contents 4 0 R" + kFont, {stream(file, kText)}));
        EXPECT_NE(out.verdict, Verdict::forbidden) << file; // it does not come so far
    }
}

TEST(Hostile, WhatCannotBeShownSaysSo) {
    if (!office_installed()) { // office_test.cpp
        EXPECT_EQ(drawn(to_bytes("PK\x03\x04 [Content_Types].xml")).verdict, Verdict::office);
        EXPECT_EQ(drawn(to_bytes("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old")).verdict, Verdict::office);
    }
    EXPECT_EQ(drawn(*from_base64(testing::kEncryptedPdf)).verdict, Verdict::encrypted);
    EXPECT_EQ(drawn(Bytes{}).verdict, Verdict::kind);
    EXPECT_EQ(drawn(Bytes{0, 1, 2, 3}).verdict, Verdict::kind);
    EXPECT_EQ(drawn(to_bytes("\xff\xfe not UTF-8 \xff")).verdict, Verdict::kind);
    EXPECT_EQ(drawn(to_bytes("%PDF-1.7 and nothing else")).verdict, Verdict::damaged);
    EXPECT_EQ(drawn(Bytes(rendering::kMaxDocument + 1, 'a')).verdict, Verdict::incomplete);
}

// What did not arrive whole may be the beginning of something else.
TEST(Hostile, HalfADocumentIsNotShown) {
    const auto out = drawn(to_bytes("the beginning"), a_job(), {}, draw_from, false);
    EXPECT_EQ(out.verdict, Verdict::incomplete);
    EXPECT_FALSE(out.shown);
}

TEST(Hostile, TextIsBrokenIntoPages) {
    const auto out = drawn(to_bytes("情報保護協定\nУгода\nagreement\fsecond page\n"));
    ASSERT_EQ(out.verdict, Verdict::shown);
    EXPECT_EQ(out.shown->summary, (rendering::Summary{"text", 2, 2}));
    std::string lines;
    for (int i = 0; i < 6'000; ++i)
        lines += "line\n";
    const auto many = drawn(to_bytes(lines));
    ASSERT_EQ(many.verdict, Verdict::shown);
    EXPECT_EQ(many.shown->summary.shown, rendering::kMaxPages);
    EXPECT_EQ(many.shown->summary.pages, (6'000 + 53) / 54);
    EXPECT_EQ(drawn(Bytes(100 << 10, 'x')).verdict, Verdict::shown); // one line
    // One line of more pages than are shown: what is left out is counted.
    const auto long_line = drawn(Bytes(448 << 10, 'x'));
    ASSERT_EQ(long_line.verdict, Verdict::shown);
    EXPECT_EQ(long_line.shown->summary.shown, rendering::kMaxPages);
    EXPECT_GT(long_line.shown->summary.pages, rendering::kMaxPages);
}

// --- the marks ----------------------------------------------------------------------------------

struct Pixels {
    std::shared_ptr<cairo_surface_t> surface;
    const unsigned char* row(int y) const {
        return cairo_image_surface_get_data(surface.get()) +
               static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(surface.get());
    }
    int width() const { return cairo_image_surface_get_width(surface.get()); }
    int height() const { return cairo_image_surface_get_height(surface.get()); }
};

Pixels pixels_of(ByteView document, const rendering::Job& job) {
    const auto out = drawn(document, job);
    EXPECT_EQ(out.verdict, Verdict::shown);
    ByteView rest = out.shown->pages[0].png.read(SecretAccess::because("a test's page"));
    const auto give = [](void* from, unsigned char* to, unsigned size) {
        ByteView& left = *static_cast<ByteView*>(from);
        std::copy_n(left.begin(), size, to);
        left = left.subspan(size);
        return CAIRO_STATUS_SUCCESS;
    };
    return {{cairo_image_surface_create_from_png_stream(give, &rest), cairo_surface_destroy}};
}

Pixels first_page(const rendering::Job& job) {
    return pixels_of(to_bytes("x"), job);
}

// Whoever photographs any part of the page has the marks on it.
TEST(Marks, StandAllOverTheImage) {
    auto other = a_job();
    other.marks[0] = "Somebody else";
    const Pixels one = first_page(a_job());
    const Pixels two = first_page(other);
    ASSERT_EQ(one.width(), two.width());
    constexpr int kParts = 4;
    int differs[kParts][kParts] = {};
    for (int y = 0; y < one.height(); ++y)
        for (int x = 0; x < one.width(); ++x)
            if (!std::equal(one.row(y) + 4 * x, one.row(y) + 4 * x + 3, two.row(y) + 4 * x))
                ++differs[y * kParts / one.height()][x * kParts / one.width()];
    for (const auto& row : differs)
        for (const int count : row)
            EXPECT_GT(count, 200);
}

// A document that is as grey as the marks does not swallow them.
TEST(Marks, StandOutFromAnyGrey) {
    auto other = a_job();
    other.marks[0] = "Somebody else";
    for (const char* grey : {"0", "0.1", "0.45", "0.5", "0.95", "1"}) {
        const auto page = [&](const rendering::Job& job) {
            return pixels_of(one_page("/MediaBox[0 0 595 842]/Contents 4 0 R",
                                      {stream("", std::string(grey) + " g 0 0 595 842 re f")}),
                             job);
        };
        const Pixels one = page(a_job());
        const Pixels two = page(other);
        int clear = 0;
        for (int y = one.height() / 4; y < one.height() / 2; ++y)
            for (int x = 0; x < one.width(); ++x)
                if (std::abs(one.row(y)[4 * x] - two.row(y)[4 * x]) > 15)
                    ++clear;
        EXPECT_GT(clear, 500) << grey;
    }
}

// The originator's marking stands last in the banner, and on the narrowest page too.
TEST(Marks, TheBannerIsWholeOrThereIsNoPage) {
    const Bytes narrow = one_page("/MediaBox[0 0 1 1000]");
    auto job = a_job();
    job.banner = std::string(180, 'm') + " SECRET";
    auto other = job;
    other.banner.replace(181, 6, "PUBLIC");
    const Pixels one = pixels_of(narrow, job);
    const Pixels two = pixels_of(narrow, other);
    int differs = 0;
    for (int y = 0; y < 48; ++y)
        for (int x = 0; x < one.width(); ++x)
            differs += one.row(y)[4 * x] != two.row(y)[4 * x] ? 1 : 0;
    EXPECT_GT(differs, 10);
}

TEST(Marks, TheBannerHasTheColourOfTheLevel) {
    const Pixels page = first_page(a_job());
    for (const int y : {3, page.height() - 3}) {
        const unsigned char* at = page.row(y) + 4 * 3; // blue, green, red
        EXPECT_EQ((std::array{at[2], at[1], at[0]}),
                  (std::array<unsigned char, 3>{0xc8, 0x10, 0x2e}));
    }
}

} // namespace
} // namespace valise::render
