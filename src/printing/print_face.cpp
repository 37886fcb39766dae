// SPDX-License-Identifier: Apache-2.0
#include "printing/internal/canvas.h"
#include "printing/print.h"

namespace valise::printing {

namespace {

constexpr double kWidth = kA4Long;
constexpr double kHeight = kA4Short;
constexpr double kMargin = 54;

double lines(Canvas& canvas, double x, double y, double width, const std::vector<std::string>& text,
             const Style& style) {
    for (const std::string& line : text)
        y += canvas.text(x, y, line, width, style) + style.size * 0.35;
    return y;
}

} // namespace

//= O-35
Result<Bytes> print(const forms::EnvelopeFace& face) {
    constexpr double kInner = kWidth - 2 * kMargin;
    constexpr double kAddress = kWidth * 0.44; // where the recipient's begins
    // Without a date: a face is the same whenever it is printed.
    Canvas canvas(kWidth, kHeight, "", "", Time{});
    const Style level{
        .size = 34, .bold = true, .align = Align::center, .color = color_of(face.level_color())};
    const double level_height = canvas.measure(face.level(), kInner, level);
    canvas.text(kMargin, 30, face.level(), kInner, level);
    canvas.text(kMargin, kHeight - 30 - level_height, face.level(), kInner, level);
    lines(canvas, kMargin, kMargin, kInner * 0.55, face.sender(), {.size = 12});
    canvas.text(kMargin, kMargin, face.number(), kInner,
                {.size = 15, .bold = true, .face = Face::digits, .align = Align::right});
    const Style address{.size = 19};
    double height = 0;
    for (const std::string& line : face.recipient())
        height += canvas.measure(line, kWidth - kAddress - kMargin, address) + address.size * 0.35;
    lines(canvas, kAddress, (kHeight - height) / 2 + 20, kWidth - kAddress - kMargin,
          face.recipient(), address);
    // Small and apart: it is about the paper, not about what is in the envelope.
    double y = kHeight - kMargin - (level_height > 0 ? level_height : 0) - 24;
    for (const std::string& line : face.draft())
        y += canvas.text(kMargin, y, line, kInner * 0.4, {.size = 7, .color = kAlarm}) + 2;
    canvas.next_page();
    return canvas.finish();
}

} // namespace valise::printing
