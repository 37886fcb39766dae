// SPDX-License-Identifier: Apache-2.0
#include "render/drawing.h"

#include <turbojpeg.h>

#include <algorithm>
#include <cstring>

namespace valise::render {

namespace {

using rendering::Verdict;

// A small file can say that it has any number of pixels: asked before any of them is decoded.
constexpr std::uint64_t kMostPixels = 40'000'000;

struct FreeSurface {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, FreeSurface>;

class Picture : public Document {
public:
    explicit Picture(Surface surface) : surface_(std::move(surface)) {}
    std::uint32_t pages() const override { return 1; }
    PageSize size(std::uint32_t) const override {
        return {static_cast<double>(cairo_image_surface_get_width(surface_.get())),
                static_cast<double>(cairo_image_surface_get_height(surface_.get()))};
    }
    bool draw(std::uint32_t, cairo_t* cairo, bool) override {
        cairo_set_source_surface(cairo, surface_.get(), 0, 0);
        cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BEST);
        cairo_paint(cairo);
        return true;
    }

private:
    Surface surface_;
};

std::unexpected<Error> ended(Verdict verdict) {
    return fail(rendering::result_of(verdict).error());
}

Result<void> of_some_pixels(std::uint64_t width, std::uint64_t height) {
    if (width == 0 || height == 0)
        return ended(Verdict::damaged);
    if (width > 30'000 || height > 30'000 || width * height > kMostPixels)
        return ended(Verdict::too_large);
    return {};
}

Result<std::unique_ptr<Document>> of(Surface surface) {
    if (!surface || cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
        return ended(Verdict::damaged);
    return std::unique_ptr<Document>(std::make_unique<Picture>(std::move(surface)));
}

cairo_status_t give(void* from, unsigned char* out, unsigned int size) {
    ByteView& rest = *static_cast<ByteView*>(from);
    if (rest.size() < size)
        return CAIRO_STATUS_READ_ERROR;
    std::memcpy(out, rest.data(), size);
    rest = rest.subspan(size);
    return CAIRO_STATUS_SUCCESS;
}

} // namespace

Result<std::unique_ptr<Document>> open_png(ByteView document) {
    constexpr std::size_t kHead = 24; // signature, and IHDR as far as its height
    if (document.size() < kHead)
        return ended(Verdict::damaged);
    TRY(of_some_pixels(read_u32(document.subspan(16).first<4>()),
                       read_u32(document.subspan(20).first<4>())));
    ByteView rest = document;
    return of(Surface(cairo_image_surface_create_from_png_stream(give, &rest)));
}

Result<std::unique_ptr<Document>> open_jpeg(ByteView document) {
    struct Free {
        void operator()(void* handle) const { tjDestroy(handle); }
    };
    const std::unique_ptr<void, Free> decoder(tjInitDecompress());
    int width = 0;
    int height = 0;
    int sampling = 0;
    int colors = 0;
    if (!decoder || tjDecompressHeader3(decoder.get(), document.data(), document.size(), &width,
                                        &height, &sampling, &colors) != 0)
        return ended(Verdict::damaged);
    TRY(of_some_pixels(static_cast<std::uint64_t>(std::max(width, 0)),
                       static_cast<std::uint64_t>(std::max(height, 0))));
    Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
        return ended(Verdict::too_large);
    cairo_surface_flush(surface.get());
    // A progressive file may repeat its scans without end; a bound on them is the library's own.
    if (tjDecompress2(decoder.get(), document.data(), document.size(),
                      cairo_image_surface_get_data(surface.get()), width,
                      cairo_image_surface_get_stride(surface.get()), height, TJPF_BGRX,
                      TJFLAG_LIMITSCANS) != 0 &&
        tjGetErrorCode(decoder.get()) == TJERR_FATAL)
        return ended(Verdict::damaged);
    cairo_surface_mark_dirty(surface.get());
    return of(std::move(surface));
}

} // namespace valise::render
