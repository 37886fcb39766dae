// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "rendering/job.h"

namespace valise::rendering {

// What the renderer answers, on a pipe of its own: frames of a kind (one byte), a size (u32) and
// that many bytes. 'p' a page as PNG, or 'd' the pieces of a print; then 'e' and canonical JSON
// {"kind","pages","shown"}, and nothing behind it.
struct PageImage {
    SecretBytes png; // wiped when it goes
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};
struct Summary {
    std::string kind;        // "pdf", "png", "jpeg", "text", "office"
    std::uint32_t pages = 0; // of the document, as far as it says
    std::uint32_t shown = 0;

    bool operator==(const Summary&) const = default;
};
struct Shown {
    std::vector<PageImage> pages; // of Job::Output::pages
    SecretBytes print;            // of Job::Output::print
    Summary summary;
};

Bytes page_frame(ByteView png);
Bytes print_frame(ByteView piece);
Bytes summary_frame(const Summary& summary);

// Of a program that a hostile document may have taken over: bounded in count, bytes and pixels, and
// each image a PNG as our own renderer writes it, chunk by chunk. Errors: invalid render.answer,
// limit render.answer_limit, those of the source.
Result<Shown> read_shown(ByteSource& from, Job::Output output);

// Width and height. Only IHDR of true colour, bKGD, pHYs, sBIT, IDAT and IEND stand in it, with
// their checksums, and nothing behind them. Errors: invalid render.answer, limit
// render.answer_limit.
Result<std::pair<std::uint32_t, std::uint32_t>> check_png(ByteView png);

} // namespace valise::rendering
