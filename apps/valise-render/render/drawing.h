// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rendering/pages.h"

#include <cairo.h>

#include <functional>
#include <memory>

namespace valise::render {

// Everything here runs on a document that may be hostile, inside of the sandbox.

// Found out by content, never by a name or by what somebody says.
enum class Kind : std::uint8_t { pdf, png, jpeg, text, office, other };
Kind kind_of(ByteView document);

// One page on its way onto paper or into an image; lengths are points.
struct PageSize {
    double width = 0;
    double height = 0;
};

// A document that can be drawn page by page. `draw` draws onto white, from the top left corner.
class Document {
public:
    virtual ~Document() = default;
    virtual std::uint32_t pages() const = 0;
    virtual PageSize size(std::uint32_t page) const = 0;
    // False: this page cannot be drawn.
    virtual bool draw(std::uint32_t page, cairo_t* cairo, bool for_print) = 0;
};

// Errors: render.* as rendering::result_of() has them. The document borrows the bytes.
Result<std::unique_ptr<Document>> open_pdf(ByteView document);
Result<std::unique_ptr<Document>> open_png(ByteView document);
Result<std::unique_ptr<Document>> open_jpeg(ByteView document);
Result<std::unique_ptr<Document>> open_text(ByteView document);

// The banner at top and bottom, and the marks: across the page, faint, so that no part of it can be
// photographed without them; and in full at its foot.
// `page`: "1/12" on a print, else empty. False: they do not fit, and a page without them is none.
bool draw_marks(cairo_t* cairo, const rendering::Job& job, const std::string& page, double width,
                double height);

// A PDF of an office document. None: nothing that makes one is here.
using Convert = std::function<Result<Bytes>(ByteView)>;
// Draws all of it and gives frames to `send` (rendering/pages.h). What it answers is how it ended.
rendering::Verdict draw_document(ByteView document, const rendering::Job& job,
                                 const std::function<bool(ByteView)>& send,
                                 const Convert& convert = {});

} // namespace valise::render
