// SPDX-License-Identifier: Apache-2.0
#include "printing/internal/canvas.h"

#include <cairo-pdf.h>
#include <qrencode.h>

#include <charconv>

namespace valise::printing {

namespace {

constexpr const char* kSans = "Liberation Sans, DejaVu Sans, Noto Sans CJK JP";
constexpr const char* kDigits = "Liberation Mono, DejaVu Sans Mono";

cairo_status_t take(void* to, const unsigned char* bytes, unsigned int size) {
    try {
        append(*static_cast<Bytes*>(to), ByteView(bytes, size));
    } catch (const std::bad_alloc&) {
        return CAIRO_STATUS_NO_MEMORY;
    }
    return CAIRO_STATUS_SUCCESS;
}

struct FreeCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};

} // namespace

Color color_of(const std::string& text) {
    constexpr std::size_t kLength = 7;
    double part[3] = {};
    for (std::size_t i = 0; i < 3 && text.size() == kLength; ++i) {
        unsigned value = 0;
        const char* from = text.data() + 1 + 2 * i;
        if (text[0] != '#' || std::from_chars(from, from + 2, value, 16).ptr != from + 2)
            return kBlack;
        part[i] = value / 255.0;
    }
    return {part[0], part[1], part[2]};
}

Canvas::Canvas(double width, double height, const std::string& title, const std::string& keywords,
               Time date)
    : width_(width), height_(height),
      surface_(cairo_pdf_surface_create_for_stream(take, &bytes_, width, height)),
      cairo_(cairo_create(surface_)), layout_(pango_cairo_create_layout(cairo_)) {
    // Later versions may pack the properties into compressed streams, where who has only the file
    // could not look the digest up.
    cairo_pdf_surface_restrict_to_version(surface_, CAIRO_PDF_VERSION_1_4);
    const std::string when = date.text();
    const std::pair<cairo_pdf_metadata_t, const char*> properties[] = {
        {CAIRO_PDF_METADATA_TITLE, title.c_str()},
        {CAIRO_PDF_METADATA_KEYWORDS, keywords.c_str()},
        {CAIRO_PDF_METADATA_CREATOR, "valise"},
        {CAIRO_PDF_METADATA_CREATE_DATE, when.c_str()}, // else the time of printing
        {CAIRO_PDF_METADATA_MOD_DATE, when.c_str()}};
    for (const auto& [which, value] : properties)
        if (*value != '\0')
            cairo_pdf_surface_set_metadata(surface_, which, value);
    PangoContext* context = pango_layout_get_context(layout_);
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, 0);
    // Hinting would fit the letters to a screen that is not there.
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
}

Canvas::~Canvas() {
    g_object_unref(layout_);
    cairo_destroy(cairo_);
    cairo_surface_destroy(surface_);
}

void Canvas::use(Color color) {
    cairo_set_source_rgb(cairo_, color.red, color.green, color.blue);
}

PangoLayout* Canvas::lay(const std::string& text, double width, const Style& style) {
    PangoFontDescription* font =
        pango_font_description_from_string(style.face == Face::digits ? kDigits : kSans);
    pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
    pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout_, font);
    pango_font_description_free(font);
    pango_context_set_language(
        pango_layout_get_context(layout_),
        pango_language_from_string(style.language.empty() ? "en" : style.language.c_str()));
    pango_layout_context_changed(layout_);
    pango_layout_set_width(layout_, static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout_, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout_, style.align == Align::center  ? PANGO_ALIGN_CENTER
                                        : style.align == Align::right ? PANGO_ALIGN_RIGHT
                                                                      : PANGO_ALIGN_LEFT);
    pango_layout_set_text(layout_, text.data(), static_cast<int>(text.size()));
    glyph_missing_ = glyph_missing_ || pango_layout_get_unknown_glyphs_count(layout_) > 0;
    return layout_;
}

double Canvas::measure(const std::string& text, double width, const Style& style) {
    if (text.empty())
        return 0;
    PangoRectangle box{};
    pango_layout_get_extents(lay(text, width, style), nullptr, &box);
    return static_cast<double>(box.height) / PANGO_SCALE;
}

double Canvas::baseline(const std::string& text, double width, const Style& style) {
    if (text.empty())
        return 0;
    return static_cast<double>(pango_layout_get_baseline(lay(text, width, style))) / PANGO_SCALE;
}

double Canvas::text(double x, double y, const std::string& text, double width, const Style& style) {
    const double height = measure(text, width, style);
    if (text.empty())
        return 0;
    use(style.color);
    cairo_move_to(cairo_, x, y);
    pango_cairo_show_layout(cairo_, layout_);
    return height;
}

void Canvas::line(double x1, double y1, double x2, double y2, Color color, double thickness) {
    use(color);
    cairo_set_line_width(cairo_, thickness);
    cairo_move_to(cairo_, x1, y1);
    cairo_line_to(cairo_, x2, y2);
    cairo_stroke(cairo_);
}

void Canvas::fill(double x, double y, double width, double height, Color color) {
    use(color);
    cairo_rectangle(cairo_, x, y, width, height);
    cairo_fill(cairo_);
}

void Canvas::frame(double x, double y, double width, double height, Color color, double thickness) {
    use(color);
    cairo_set_line_width(cairo_, thickness);
    cairo_rectangle(cairo_, x, y, width, height);
    cairo_stroke(cairo_);
}

Result<void> Canvas::qr_code(double x, double y, double side, const std::string& text) {
    constexpr int kQuiet = 4; // modules of white around it, as ISO/IEC 18004 wants
    const std::unique_ptr<QRcode, FreeCode> code(
        QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1));
    if (!code)
        return fail(Code::internal, "printing.qr", "no QR code could be made");
    const double module = side / (code->width + 2 * kQuiet);
    use(kBlack);
    for (int row = 0; row < code->width; ++row)
        for (int column = 0; column < code->width; ++column)
            if ((code->data[row * code->width + column] & 1) != 0)
                cairo_rectangle(cairo_, x + (column + kQuiet) * module, y + (row + kQuiet) * module,
                                module, module);
    cairo_fill(cairo_); // as one shape, or hairlines show between the modules
    return {};
}

void Canvas::next_page() {
    cairo_show_page(cairo_);
}

Result<Bytes> Canvas::finish() {
    cairo_surface_finish(surface_);
    if (glyph_missing_)
        return fail(Code::unavailable, "printing.font",
                    "no installed font has every character of this form");
    const auto status = cairo_surface_status(surface_);
    if (status != CAIRO_STATUS_SUCCESS)
        return fail(Code::internal, "printing.cairo", cairo_status_to_string(status));
    return std::move(bytes_);
}

} // namespace valise::printing
