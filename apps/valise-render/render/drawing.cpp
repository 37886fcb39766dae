// SPDX-License-Identifier: Apache-2.0
#include "render/drawing.h"

#include "render/layout.h"

#include <cairo-pdf.h>

#include <algorithm>
#include <cmath>

namespace valise::render {

namespace {

using rendering::Verdict;
using Send = std::function<bool(ByteView)>;

struct FreeSurface {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct FreeCairo {
    void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};
using Surface = std::unique_ptr<cairo_surface_t, FreeSurface>;
using Cairo = std::unique_ptr<cairo_t, FreeCairo>;

// Where a page of the document lies on the page that is made of it.
struct Place {
    double scale = 1;
    double left = 0;
    double width = 0; // of all of it, strips included
    double height = 0;
};

// A document says any size of its pages, and no number at all: what comes out is bounded.
Place place_of(const PageSize& size) {
    const auto sound = [](double length) {
        return std::isfinite(length) ? std::clamp(length, 1.0, 1e6) : 1.0;
    };
    const double width = sound(size.width);
    const double height = sound(size.height);
    Place out;
    out.scale = kLongSide / std::max(width, height);
    out.width = std::max(width * out.scale, kLeastWidth);
    out.left = (out.width - width * out.scale) / 2;
    out.height = std::max(height * out.scale, 20.0) + kStrips;
    return out;
}

bool draw_page(Document& document, std::uint32_t page, const Place& place,
               const rendering::Job& job, cairo_t* cairo, const std::string& number = "") {
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_save(cairo);
    cairo_rectangle(cairo, 0, kBanner, place.width, place.height - kStrips);
    cairo_clip(cairo);
    cairo_translate(cairo, place.left, kBanner);
    cairo_scale(cairo, place.scale, place.scale);
    const bool drawn = document.draw(page, cairo, job.output == rendering::Job::Output::print);
    cairo_restore(cairo);
    return draw_marks(cairo, job, number, place.width, place.height) && drawn;
}

cairo_status_t take(void* to, const unsigned char* bytes, unsigned int size) {
    append(*static_cast<Bytes*>(to), ByteView(bytes, size));
    return CAIRO_STATUS_SUCCESS;
}

Verdict draw_images(Document& document, const rendering::Job& job, std::uint32_t shown,
                    const Send& send) {
    std::size_t all = 0;
    for (std::uint32_t page = 0; page < shown; ++page) {
        const Place place = place_of(document.size(page));
        const double pixels = rendering::kLongestSide / std::max(place.width, place.height);
        const int width = std::max(1, static_cast<int>(place.width * pixels));
        const int height = std::max(1, static_cast<int>(place.height * pixels));
        const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
        const Cairo cairo(cairo_create(surface.get()));
        cairo_scale(cairo.get(), pixels, pixels);
        if (!draw_page(document, page, place, job, cairo.get()))
            return Verdict::damaged;
        Bytes png;
        if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS ||
            cairo_surface_write_to_png_stream(surface.get(), take, &png) != CAIRO_STATUS_SUCCESS)
            return Verdict::damaged;
        if (png.size() > rendering::kMaxPage || (all += png.size()) > rendering::kMaxAnswer)
            return Verdict::too_large;
        if (!send(rendering::page_frame(png)))
            return Verdict::died;
    }
    return Verdict::shown;
}

// Drawn anew, page by page: what else was in the file, scripts, forms, attachments, names of its
// makers, is not in the print.
Verdict draw_print(Document& document, const rendering::Job& job, std::uint32_t shown,
                   const Send& send) {
    Bytes pdf;
    const Surface surface(cairo_pdf_surface_create_for_stream(take, &pdf, kLongSide, kLongSide));
    cairo_pdf_surface_restrict_to_version(surface.get(), CAIRO_PDF_VERSION_1_4);
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "valise");
    const Cairo cairo(cairo_create(surface.get()));
    for (std::uint32_t page = 0; page < shown; ++page) {
        const Place place = place_of(document.size(page));
        const double fit = kLongSide / std::max(place.width, place.height);
        cairo_pdf_surface_set_size(surface.get(), place.width * fit, place.height * fit);
        cairo_save(cairo.get());
        cairo_scale(cairo.get(), fit, fit);
        if (!draw_page(document, page, place, job, cairo.get(),
                       std::to_string(page + 1) + "/" + std::to_string(shown)))
            return Verdict::damaged;
        cairo_restore(cairo.get());
        cairo_show_page(cairo.get());
        if (cairo_status(cairo.get()) != CAIRO_STATUS_SUCCESS)
            return Verdict::damaged;
        if (pdf.size() > rendering::kMaxAnswer)
            return Verdict::too_large;
    }
    cairo_surface_finish(surface.get());
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
        return Verdict::damaged;
    for (ByteView rest = pdf; !rest.empty();) {
        const ByteView piece = rest.first(std::min(rest.size(), rendering::kMaxPage));
        if (!send(rendering::print_frame(piece)))
            return Verdict::died;
        rest = rest.subspan(piece.size());
    }
    return Verdict::shown;
}

Verdict verdict_of(const Error& error) {
    for (const Verdict verdict : {Verdict::encrypted, Verdict::too_large, Verdict::office})
        if (rendering::result_of(verdict).error().reason() == error.reason())
            return verdict;
    return Verdict::damaged;
}

} // namespace

Verdict draw_document(ByteView bytes, const rendering::Job& job, const Send& send,
                      const Convert& convert) {
    const Kind kind = kind_of(bytes);
    if (kind == Kind::other)
        return Verdict::kind;
    Bytes pdf; // of an office document; it is drawn as one that came from anywhere
    if (kind == Kind::office) {
        if (!convert)
            return Verdict::office;
        auto made = convert(bytes);
        if (!made)
            return verdict_of(made.error());
        pdf = std::move(*made);
        if (kind_of(pdf) != Kind::pdf)
            return Verdict::damaged;
        bytes = pdf;
    }
    const auto document = kind == Kind::pdf || kind == Kind::office ? open_pdf(bytes)
                          : kind == Kind::png                       ? open_png(bytes)
                          : kind == Kind::jpeg                      ? open_jpeg(bytes)
                                                                    : open_text(bytes);
    if (!document)
        return verdict_of(document.error());
    constexpr const char* kNames[] = {"pdf", "png", "jpeg", "text", "office"};
    rendering::Summary summary;
    summary.kind = kNames[static_cast<std::size_t>(kind)];
    summary.pages = std::min<std::uint32_t>((*document)->pages(), 1'000'000);
    summary.shown = std::min<std::uint32_t>(summary.pages, rendering::kMaxPages);
    // A numbered copy is whole or is none.
    const bool print = job.output == rendering::Job::Output::print;
    if (print && summary.shown < summary.pages)
        return Verdict::too_large;
    const Verdict drawn = print ? draw_print(**document, job, summary.shown, send)
                                : draw_images(**document, job, summary.shown, send);
    if (drawn != Verdict::shown)
        return drawn;
    return send(rendering::summary_frame(summary)) ? Verdict::shown : Verdict::died;
}

} // namespace valise::render
