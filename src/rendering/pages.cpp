// SPDX-License-Identifier: Apache-2.0
#include "rendering/pages.h"

#include "base/codec/crc32.h"
#include "base/codec/json.h"
#include "rendering/print.h"

#include <algorithm>

namespace valise::rendering {

namespace {

constexpr std::size_t kMaxSummary = 256;
constexpr std::uint32_t kMostCounted = 1'000'000;

std::unexpected<Error> bad(std::string_view what) {
    return fail(Code::invalid, "render.answer", std::string(what));
}
std::unexpected<Error> too_much(std::string_view what) {
    return fail(Code::limit, "render.answer_limit", std::string(what));
}

Bytes frame(char kind, ByteView bytes) {
    Bytes out;
    out.reserve(5 + bytes.size());
    out.push_back(static_cast<Byte>(kind));
    append_u32(out, static_cast<std::uint32_t>(bytes.size()));
    append(out, bytes);
    return out;
}

std::uint32_t u32_at(ByteView bytes, std::size_t at) {
    return read_u32(bytes.subspan(at).first<4>());
}

Result<std::pair<std::uint32_t, std::uint32_t>> read_header(ByteView body) {
    constexpr std::size_t kHeader = 13;
    if (body.size() != kHeader)
        return bad("IHDR of another size");
    const std::pair<std::uint32_t, std::uint32_t> size{u32_at(body, 0), u32_at(body, 4)};
    if (size.first == 0 || size.second == 0)
        return bad("an image without pixels");
    if (size.first > kLongestSide || size.second > kLongestSide)
        return too_much("an image of too many pixels");
    // 8 bits of true colour, with alpha or without, not interlaced.
    if (body[8] != 8 || (body[9] != 2 && body[9] != 6) || body[10] != 0 || body[11] != 0 ||
        body[12] != 0)
        return bad("an image of another kind");
    return size;
}

Result<Summary> read_summary(ByteView bytes) {
    const auto read = [&]() -> Result<Summary> {
        TRY_ASSIGN(const Json value, parse_canonical_json(bytes, {kMaxSummary, 2, 8}));
        TRY_ASSIGN(auto reader, ObjectReader::over(value, "summary"));
        Summary out;
        TRY_ASSIGN(out.kind, reader.text("kind", 8));
        TRY_ASSIGN(const auto pages, reader.integer("pages", 1, kMostCounted));
        TRY_ASSIGN(const auto shown, reader.integer("shown", 1, kMaxPages));
        TRY(reader.done());
        out.pages = static_cast<std::uint32_t>(pages);
        out.shown = static_cast<std::uint32_t>(shown);
        return out;
    }();
    constexpr std::string_view kKinds[] = {"pdf", "png", "jpeg", "text", "office"};
    if (!read || std::ranges::find(kKinds, read->kind) == std::end(kKinds) ||
        read->shown > read->pages)
        return bad("no summary");
    return read;
}

} // namespace

Bytes page_frame(ByteView png) {
    return frame('p', png);
}
Bytes print_frame(ByteView piece) {
    return frame('d', piece);
}
Bytes summary_frame(const Summary& summary) {
    return frame(
        'e', view(canonical_json(
                 {{"kind", summary.kind}, {"pages", summary.pages}, {"shown", summary.shown}})));
}

Result<std::pair<std::uint32_t, std::uint32_t>> check_png(ByteView png) {
    constexpr Byte kSignature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    if (png.size() < sizeof(kSignature) || !std::ranges::equal(png.first<8>(), kSignature))
        return bad("no PNG");
    png = png.subspan(sizeof(kSignature));
    std::optional<std::pair<std::uint32_t, std::uint32_t>> size;
    bool pixels = false;
    for (;;) {
        if (png.size() < 12)
            return bad("a chunk that is cut off");
        const std::size_t length = u32_at(png, 0);
        if (length > png.size() - 12)
            return bad("a chunk that is cut off");
        const std::string_view type = text_view(png.subspan(4, 4));
        if (crc32(png.subspan(4, 4 + length)) != u32_at(png, 8 + length))
            return bad("a chunk with another checksum");
        const ByteView body = png.subspan(8, length);
        if (!size != (type == "IHDR"))
            return bad("IHDR is not the first chunk, once");
        if (type == "IHDR") {
            TRY_ASSIGN(size, read_header(body));
        } else if (type == "IDAT") {
            pixels = true;
        } else if (type == "IEND") {
            if (length != 0 || png.size() != 12 || !pixels)
                return bad("not the end");
            return *size;
        } else if (type != "bKGD" && type != "pHYs" && type != "sBIT") {
            return bad("a chunk that the renderer never writes");
        }
        png = png.subspan(12 + length);
    }
}

Result<Shown> read_shown(ByteSource& from, Job::Output output) {
    Shown out;
    // Each wiped by its owner, whatever becomes of the rest: none is left behind by growing.
    std::vector<SecretBytes> pieces;
    std::size_t whole = 0;
    std::size_t all = 0;
    for (;;) {
        std::array<Byte, 5> head{};
        TRY(fill(from, head, "render.answer"));
        const std::size_t size = u32_at(head, 1);
        const char kind = static_cast<char>(head[0]);
        if (size > (kind == 'e' ? kMaxSummary : kMaxPage) || (all += size) > kMaxAnswer)
            return too_much("a frame, or all of them");
        SecretBytes body(size);
        TRY(fill(from, body.write(SecretAccess::because("an image comes in")), "render.answer"));
        const ByteView bytes = body.read(SecretAccess::because("an image is checked"));
        if (kind == 'e') {
            TRY_ASSIGN(out.summary, read_summary(bytes));
            break;
        }
        if (kind == 'd' && output == Job::Output::print) {
            whole += size;
            pieces.push_back(std::move(body));
        } else if (kind == 'p' && output == Job::Output::pages) {
            if (out.pages.size() == kMaxPages)
                return too_much("more pages than are shown");
            TRY_ASSIGN(const auto pixels, check_png(bytes));
            out.pages.push_back({std::move(body), pixels.first, pixels.second});
        } else {
            return bad("a frame of another kind");
        }
    }
    if (output == Job::Output::pages && out.pages.size() != out.summary.shown)
        return bad("another number of pages");
    if (output == Job::Output::print) {
        SecretBytes print(whole);
        std::span<Byte> rest = print.write(SecretAccess::because("a print comes in"));
        for (const SecretBytes& piece : pieces) {
            const ByteView one = piece.read(SecretAccess::because("a print comes in"));
            std::ranges::copy(one, rest.begin());
            rest = rest.subspan(one.size());
        }
        TRY_ASSIGN(const std::uint32_t pages,
                   check_print(print.read(SecretAccess::because("a print is checked"))));
        if (pages != out.summary.shown || pages != out.summary.pages)
            return bad("another number of pages");
        out.print = std::move(print);
    }
    return out;
}

} // namespace valise::rendering
