// SPDX-License-Identifier: Apache-2.0
#include "rendering/job.h"

#include "base/codec/json.h"
#include "base/text.h"

#include <algorithm>

namespace valise::rendering {

namespace {

std::unexpected<Error> bad_job(std::string_view what) {
    return fail(Code::invalid, "render.job", std::string(what));
}

bool is_line(const std::string& text, std::size_t max) {
    return !text.empty() && text.size() <= max && is_utf8(text) &&
           std::ranges::none_of(
               text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool is_color(const std::string& text) {
    return text.empty() ||
           (text.size() == 7 && text[0] == '#' && from_hex(std::string_view(text).substr(1)));
}

Result<void> check(const Job& job) {
    if (!is_line(job.banner, kMaxMarkBytes) || !is_color(job.color))
        return bad_job("banner or color");
    if (job.marks.empty() || job.marks.size() > kMaxMarks)
        return bad_job("marks: too few or too many");
    for (const std::string& mark : job.marks)
        if (!is_line(mark, kMaxMarkBytes))
            return bad_job("marks: empty, too long or no line");
    if (!job.code.empty() && !is_line(job.code, kMaxMarkBytes))
        return bad_job("code");
    return {};
}

struct Ending {
    Verdict verdict;
    Code code;
    const char* reason;
    const char* text;
};
constexpr Ending kEndings[] = {
    {Verdict::kind, Code::invalid, "render.kind", "neither a PDF, an image nor a text"},
    {Verdict::office, Code::invalid, "render.office", "nothing here shows office documents"},
    {Verdict::encrypted, Code::invalid, "render.encrypted", "it has a password of its own"},
    {Verdict::damaged, Code::invalid, "render.damaged", "no page of it can be drawn"},
    {Verdict::too_large, Code::limit, "render.too_large", "larger than what is shown here"},
    {Verdict::too_long, Code::limit, "render.too_long", "it took too long to draw"},
    {Verdict::forbidden, Code::refused, "render.forbidden",
     "it made the program that draws it do what the sandbox stops"},
    {Verdict::died, Code::limit, "render.died", "the program that draws it ended"},
    {Verdict::incomplete, Code::integrity, "render.incomplete", "it did not arrive whole"},
    {Verdict::busy, Code::unavailable, "render.busy", "as many documents as it draws at once"},
    {Verdict::sandbox, Code::unavailable, "render.sandbox", "the sandbox could not be built"},
    {Verdict::job, Code::invalid, "render.job", "the renderer did not take the job"},
};

} // namespace

Result<Bytes> write_job(const Job& job) {
    TRY(check(job));
    const Json value = {{"banner", job.banner},
                        {"code", job.code},
                        {"color", job.color},
                        {"marks", job.marks},
                        {"output", job.output == Job::Output::pages ? "pages" : "print"}};
    return to_bytes(canonical_json(value));
}

Result<Job> read_job(ByteView text) {
    const auto read = [&]() -> Result<Job> {
        TRY_ASSIGN(const Json value, parse_canonical_json(text, {kMaxJobBytes, 3, 32}));
        TRY_ASSIGN(auto reader, ObjectReader::over(value, "job"));
        Job job;
        TRY_ASSIGN(job.banner, reader.text("banner", kMaxMarkBytes));
        TRY_ASSIGN(job.code, reader.text("code", kMaxMarkBytes));
        TRY_ASSIGN(job.color, reader.text("color", 7));
        TRY_ASSIGN(job.marks, reader.texts("marks", kMaxMarks));
        TRY_ASSIGN(const std::string output, reader.text("output", 8));
        TRY(reader.done());
        if (output != "pages" && output != "print")
            return bad_job("output");
        job.output = output == "pages" ? Job::Output::pages : Job::Output::print;
        TRY(check(job));
        return job;
    }();
    if (!read)
        return bad_job(read.error().context());
    return read;
}

Result<void> result_of(Verdict verdict) {
    for (const Ending& ending : kEndings)
        if (ending.verdict == verdict)
            return fail(ending.code, ending.reason, ending.text);
    return {};
}

Result<Verdict> verdict_of(Byte byte) {
    if (byte > static_cast<Byte>(Verdict::job))
        return fail(Code::invalid, "render.answer", "no verdict of this version");
    return static_cast<Verdict>(byte);
}

Result<void> DocumentWriter::write(ByteView bytes) {
    written_ += bytes.size();
    if (written_ > kMaxDocument)
        return result_of(Verdict::too_large);
    while (!bytes.empty()) {
        const ByteView piece = bytes.first(std::min(bytes.size(), kMaxPiece));
        Bytes head;
        append_u32(head, static_cast<std::uint32_t>(piece.size()));
        TRY(send_(head));
        TRY(send_(piece));
        bytes = bytes.subspan(piece.size());
    }
    return {};
}

Result<void> DocumentWriter::finish() {
    return send_(Bytes(4));
}

Result<void> fill(ByteSource& from, std::span<Byte> out, const char* reason) {
    while (!out.empty()) {
        TRY_ASSIGN(const std::size_t count, from.read(out));
        if (count == 0)
            return fail(Code::invalid, reason, "it ends too early");
        out = out.subspan(count);
    }
    return {};
}

Result<Bytes> read_document(ByteSource& from) {
    Bytes out;
    for (;;) {
        std::array<Byte, 4> head{};
        TRY(fill(from, head, "render.incomplete"));
        const std::size_t size = read_u32(head);
        if (size == 0)
            return out;
        if (size > kMaxPiece || out.size() + size > kMaxDocument)
            return fail(result_of(Verdict::too_large).error());
        out.resize(out.size() + size);
        TRY(fill(from, std::span(out).last(size), "render.incomplete"));
    }
}

} // namespace valise::rendering
