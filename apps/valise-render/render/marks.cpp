// SPDX-License-Identifier: Apache-2.0
#include "render/drawing.h"
#include "render/layout.h"

#include <pango/pangocairo.h>
#include <qrencode.h>

#include <algorithm>
#include <cmath>

namespace valise::render {

namespace {

constexpr const char* kSans = "Liberation Sans, DejaVu Sans, Noto Sans CJK JP";

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
using Layout = std::unique_ptr<PangoLayout, Unref>;

Layout lay(cairo_t* cairo, const std::string& text, double size, bool bold, double width = -1) {
    Layout layout(pango_cairo_create_layout(cairo));
    pango_cairo_context_set_resolution(pango_layout_get_context(layout.get()), 72);
    PangoFontDescription* font = pango_font_description_from_string(kSans);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout.get(), font);
    pango_font_description_free(font);
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    if (width > 0) {
        pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
        pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    }
    return layout;
}

PageSize extent(PangoLayout* layout) {
    int width = 0;
    int height = 0;
    pango_layout_get_pixel_size(layout, &width, &height);
    return {static_cast<double>(width), static_cast<double>(height)};
}

std::string joined(const std::vector<std::string>& marks) {
    std::string out;
    for (const std::string& mark : marks)
        out += (out.empty() ? "" : "  ·  ") + mark;
    return out;
}

struct Rgb {
    double red = 1, green = 1, blue = 1;
    bool light() const { return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.45; }
};

Rgb color_of(const std::string& text) {
    const auto bytes = text.size() == 7 ? from_hex(text.substr(1)) : Bytes();
    if (!bytes || bytes->size() != 3)
        return {};
    return {(*bytes)[0] / 255.0, (*bytes)[1] / 255.0, (*bytes)[2] / 255.0};
}

// Smaller and in more lines until all of it is there: the originator's marking stands last.
bool draw_banner(cairo_t* cairo, const rendering::Job& job, double y, double width) {
    const Rgb color = color_of(job.color);
    cairo_set_source_rgb(cairo, color.red, color.green, color.blue);
    cairo_rectangle(cairo, 0, y, width, kBanner);
    cairo_fill(cairo);
    const double letters = color.light() ? 0 : 1;
    cairo_set_source_rgb(cairo, letters, letters, letters);
    double size = 12;
    Layout layout = lay(cairo, job.banner, size, true, width - 16);
    for (; extent(layout.get()).height > kBanner && size > 3; size -= 0.5)
        layout = lay(cairo, job.banner, size - 0.5, true, width - 16);
    if (extent(layout.get()).height > kBanner)
        return false;
    pango_layout_set_alignment(layout.get(), PANGO_ALIGN_CENTER);
    cairo_move_to(cairo, 8, y + (kBanner - extent(layout.get()).height) / 2);
    pango_cairo_show_layout(cairo, layout.get());
    return true;
}

void draw_code(cairo_t* cairo, const std::string& text, double right, double y) {
    struct Free {
        void operator()(QRcode* code) const { QRcode_free(code); }
    };
    const std::unique_ptr<QRcode, Free> code(
        QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1));
    if (!code)
        return;
    constexpr int kQuiet = 4;
    const double module = kFoot / (code->width + 2 * kQuiet);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    for (int row = 0; row < code->width; ++row)
        for (int column = 0; column < code->width; ++column)
            if ((code->data[row * code->width + column] & 1) != 0)
                cairo_rectangle(cairo, right - kFoot + (column + kQuiet) * module,
                                y + (row + kQuiet) * module, module, module);
    cairo_fill(cairo);
}

void draw_foot(cairo_t* cairo, const rendering::Job& job, const std::string& page, double y,
               double width) {
    if (!job.code.empty())
        draw_code(cairo, job.code, width, y);
    const double room = width - 16 - (job.code.empty() ? 0 : kFoot);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    const std::string text = page.empty() ? joined(job.marks) : page + "  ·  " + joined(job.marks);
    double size = 8;
    Layout layout = lay(cairo, text, size, false, room);
    for (; extent(layout.get()).height > kFoot - 4 && size > 4; size -= 1)
        layout = lay(cairo, text, size - 1, false, room);
    cairo_move_to(cairo, 8, y + (kFoot - extent(layout.get()).height) / 2);
    pango_cairo_show_layout(cairo, layout.get());
}

// Rows of the marks across the whole page, each shifted against the one above.
void draw_across(cairo_t* cairo, const rendering::Job& job, double width, double height) {
    cairo_save(cairo);
    cairo_rectangle(cairo, 0, 0, width, height);
    cairo_clip(cairo);
    cairo_translate(cairo, width / 2, height / 2);
    cairo_rotate(cairo, -0.5);
    const Layout layout = lay(cairo, joined(job.marks), 11, true);
    const PageSize one = extent(layout.get());
    const double reach = std::hypot(width, height) / 2;
    const double step = one.width + 40;
    int row = 0;
    for (double y = -reach; y < reach; y += 64, ++row)
        for (double x = -reach - step * (row % 3) / 3; x < reach; x += step) {
            // Dark and light, one beside the other: a document that is grey all over hides one of
            // them at most.
            for (const double shade : {0.95, 0.1}) {
                cairo_move_to(cairo, x + shade, y + shade);
                cairo_set_source_rgba(cairo, shade, shade, shade, 0.20);
                pango_cairo_show_layout(cairo, layout.get());
            }
        }
    cairo_restore(cairo);
}

} // namespace

bool draw_marks(cairo_t* cairo, const rendering::Job& job, const std::string& page, double width,
                double height) {
    draw_across(cairo, job, width, height);
    draw_foot(cairo, job, page, height - kBanner - kFoot, width);
    return draw_banner(cairo, job, 0, width) && draw_banner(cairo, job, height - kBanner, width);
}

} // namespace valise::render
