// SPDX-License-Identifier: Apache-2.0
#include "rendering/pages.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace valise::rendering {
namespace {

template<class T> std::string reason_of(const Result<T>& result) {
    return result ? "" : result.error().reason();
}

Job a_job() {
    Job job;
    job.banner = "極秘 · Secret";
    job.color = "#c8102e";
    job.marks = {"Олена", "copy 1"};
    return job;
}

TEST(Job, IsReadAsItWasWritten) {
    for (const auto output : {Job::Output::pages, Job::Output::print})
        for (const char* code : {"", "valise:1"}) {
            Job job = a_job();
            job.output = output;
            job.code = code;
            const auto written = write_job(job);
            ASSERT_TRUE(written);
            const auto read = read_job(*written);
            ASSERT_TRUE(read) << read.error().text();
            EXPECT_EQ(*read, job);
            EXPECT_EQ(*write_job(*read), *written);
        }
}

TEST(Job, RefusesEverythingElse) {
    const std::pair<const char*, std::function<void(Job&)>> spoiled[] = {
        {"no banner", [](Job& job) { job.banner.clear(); }},
        {"no marks", [](Job& job) { job.marks.clear(); }},
        {"an empty mark", [](Job& job) { job.marks[0].clear(); }},
        {"a mark of two lines", [](Job& job) { job.marks[0] = "a\nb"; }},
        {"a mark that is too long", [](Job& job) { job.marks[0].assign(kMaxMarkBytes + 1, 'x'); }},
        {"too many marks", [](Job& job) { job.marks.assign(kMaxMarks + 1, "x"); }},
        {"no UTF-8", [](Job& job) { job.marks[0] = "\xff"; }},
        {"no color", [](Job& job) { job.color = "red"; }},
        {"no digits", [](Job& job) { job.color = "#zzzzzz"; }},
        {"a code of two lines", [](Job& job) { job.code = "\x01"; }}};
    for (const auto& [name, spoil] : spoiled) {
        Job job = a_job();
        spoil(job);
        EXPECT_EQ(reason_of(write_job(job)), "render.job") << name;
    }
    const std::string good = to_text(*write_job(a_job()));
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(read_job(view(good).first(size)));
    for (const std::string& text : {good + " ", std::string("{}"), std::string("[]")})
        EXPECT_EQ(reason_of(read_job(view(text))), "render.job");
    std::string other = good;
    other.replace(other.find("\"pages\""), 7, "\"paged\"");
    EXPECT_EQ(reason_of(read_job(view(other))), "render.job");
}

TEST(Verdicts, HaveAReasonEach) {
    std::set<std::string> reasons;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const auto verdict = verdict_of(static_cast<Byte>(byte));
        EXPECT_EQ(verdict.has_value(), byte <= static_cast<unsigned>(Verdict::job)) << byte;
        if (verdict && *verdict != Verdict::shown)
            reasons.insert(reason_of(result_of(*verdict)));
    }
    EXPECT_EQ(reasons.size(), static_cast<std::size_t>(Verdict::job));
    EXPECT_TRUE(result_of(Verdict::shown));
}

TEST(Document, IsWholeOrIsNone) {
    Bytes sent;
    DocumentWriter writer([&](ByteView bytes) -> Result<void> {
        append(sent, bytes);
        return {};
    });
    const Bytes large(2 * kMaxPiece + 5, 'x');
    ASSERT_TRUE(writer.write(large));
    ASSERT_TRUE(writer.write({}));
    ASSERT_TRUE(writer.write(view("end")));
    MemorySource half(sent);
    EXPECT_EQ(reason_of(read_document(half)), "render.incomplete");
    ASSERT_TRUE(writer.finish());
    MemorySource all(sent);
    Bytes wanted = large;
    append(wanted, "end");
    EXPECT_EQ(read_document(all).value(), wanted);
    EXPECT_EQ(reason_of(writer.write(Bytes(kMaxDocument, 'x'))), "render.too_large");
    Bytes piece;
    append_u32(piece, kMaxPiece + 1);
    MemorySource huge(piece);
    EXPECT_EQ(reason_of(read_document(huge)), "render.too_large");
}

// One pixel, as cairo writes it.
const Bytes kPixel = *from_base64(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC");

TEST(Png, IsTakenChunkByChunk) {
    ASSERT_TRUE(check_png(kPixel)) << check_png(kPixel).error().text();
    EXPECT_EQ(*check_png(kPixel), (std::pair<std::uint32_t, std::uint32_t>{1, 1}));
    for (std::size_t size = 0; size < kPixel.size(); ++size)
        EXPECT_FALSE(check_png(ByteView(kPixel).first(size))) << size;
    for (std::size_t bit = 0; bit < 8 * kPixel.size(); ++bit) {
        Bytes other = kPixel;
        other[bit / 8] = static_cast<Byte>(other[bit / 8] ^ (1U << (bit % 8)));
        EXPECT_FALSE(check_png(other)) << bit;
    }
    Bytes more = kPixel;
    more.push_back(0);
    EXPECT_FALSE(check_png(more));
}

Result<Shown> shown(const Bytes& stream, Job::Output output = Job::Output::pages) {
    MemorySource from(stream);
    return read_shown(from, output);
}

TEST(Pages, AreReadStrictly) {
    Bytes stream = page_frame(kPixel);
    append(stream, ByteView(page_frame(kPixel)));
    const Bytes pages = stream;
    append(stream, ByteView(summary_frame({"pdf", 7, 2})));
    const auto read = shown(stream);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->pages.size(), 2U);
    EXPECT_EQ(read->summary, (Summary{"pdf", 7, 2}));
    for (std::size_t size = 0; size < stream.size(); ++size)
        EXPECT_FALSE(shown(Bytes(stream.begin(), stream.begin() + static_cast<long>(size))));
    for (const Summary& other : {Summary{"pdf", 7, 1}, Summary{"pdf", 1, 2}, Summary{"exe", 2, 2},
                                 Summary{"pdf", 2'000'000, 2}}) {
        Bytes wrong = pages;
        append(wrong, ByteView(summary_frame(other)));
        EXPECT_EQ(reason_of(shown(wrong)), "render.answer");
    }
    Bytes many;
    for (std::size_t i = 0; i <= kMaxPages; ++i)
        append(many, ByteView(page_frame(kPixel)));
    EXPECT_EQ(reason_of(shown(many)), "render.answer_limit");
    Bytes huge{'p'};
    append_u32(huge, kMaxPage + 1);
    EXPECT_EQ(reason_of(shown(huge)), "render.answer_limit");
    EXPECT_EQ(reason_of(shown(stream, Job::Output::print)), "render.answer");
}

TEST(Pages, APrintIsNoImage) {
    Bytes wrong = print_frame(view("<html>"));
    append(wrong, ByteView(summary_frame({"pdf", 1, 1})));
    EXPECT_EQ(reason_of(shown(wrong, Job::Output::print)), "render.print");
    EXPECT_EQ(reason_of(shown(wrong)), "render.answer");
}

} // namespace
} // namespace valise::rendering
