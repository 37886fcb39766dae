// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/clock.h"

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <string>

namespace valise::printing {

// A4, in points.
inline constexpr double kA4Short = 595.28;
inline constexpr double kA4Long = 841.89;

struct Color {
    double red = 0;
    double green = 0;
    double blue = 0;
};
inline constexpr Color kBlack{};
inline constexpr Color kGrey{0.36, 0.36, 0.36};
inline constexpr Color kRule{0.72, 0.72, 0.72};
inline constexpr Color kBand{0.93, 0.93, 0.93};
inline constexpr Color kAlarm{0.70, 0.08, 0.08};
Color color_of(const std::string& text); // "#rrggbb"; black for anything else

enum class Face : std::uint8_t { sans, digits };
enum class Align : std::uint8_t { left, center, right };

struct Style {
    double size = 9; // points
    bool bold = false;
    Face face = Face::sans;
    Align align = Align::left;
    Color color = kBlack;
    std::string language = {}; // chooses between the forms of one Chinese character
};

// One PDF being drawn. Lengths are points from the top left corner of the page.
class Canvas {
public:
    Canvas(double width, double height, const std::string& title, const std::string& keywords,
           Time date);
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;
    ~Canvas();

    double width() const { return width_; }
    double height() const { return height_; }

    // Wraps at `width`; the height that it takes. measure() draws nothing.
    double measure(const std::string& text, double width, const Style& style);
    // From the top of the text to the foot of its first line's letters.
    double baseline(const std::string& text, double width, const Style& style);
    double text(double x, double y, const std::string& text, double width, const Style& style);
    void line(double x1, double y1, double x2, double y2, Color color, double thickness = 0.5);
    void fill(double x, double y, double width, double height, Color color);
    void frame(double x, double y, double width, double height, Color color, double thickness);
    // A square of this side, its quiet zone included. Errors: internal printing.qr.
    Result<void> qr_code(double x, double y, double side, const std::string& text);
    void next_page();

    // Errors: unavailable printing.font, internal printing.cairo.
    Result<Bytes> finish();

private:
    PangoLayout* lay(const std::string& text, double width, const Style& style);
    void use(Color color);

    double width_;
    double height_;
    Bytes bytes_;
    bool glyph_missing_ = false;
    cairo_surface_t* surface_ = nullptr;
    cairo_t* cairo_ = nullptr;
    PangoLayout* layout_ = nullptr;
};

} // namespace valise::printing
