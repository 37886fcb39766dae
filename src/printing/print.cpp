// SPDX-License-Identifier: Apache-2.0
#include "printing/print.h"

#include "printing/internal/canvas.h"

#include <algorithm>
#include <functional>

namespace valise::printing {

namespace {

using forms::Both;
using forms::Sheet;

constexpr double kWidth = kA4Short;
constexpr double kHeight = kA4Long;
constexpr double kMargin = 51;
constexpr double kInner = kWidth - 2 * kMargin;
constexpr double kTop = 60;    // below the banners
constexpr double kBottom = 58; // above the page's number and the banner
constexpr double kGap = 14;    // between the columns
constexpr double kColumn = (kInner - kGap) / 2;

// Something of known height that stands on one page.
struct Block {
    double height = 0;
    std::function<Result<void>(double y)> draw;
    bool keep_with_next = false;
};

class Printer {
public:
    explicit Printer(const Sheet& sheet)
        : sheet_(sheet), one_(sheet.language[1].empty()),
          canvas_(kWidth, kHeight, sheet.name, sheet.code, sheet.date) {}

    Result<Bytes> run() {
        head();
        for (const auto& section : sheet_.sections)
            add_section(section);
        if (!sheet_.signers.empty())
            add_signers();
        if (!sheet_.code.empty())
            add_code();
        TRY(draw());
        return canvas_.finish();
    }

private:
    double column_width() const { return one_ ? kInner : kColumn; }
    static double column_x(std::size_t i) {
        return kMargin + static_cast<double>(i) * (kColumn + kGap);
    }
    std::size_t columns() const { return one_ ? 1 : 2; }

    Style in(std::size_t i, Style style) const {
        style.language = sheet_.language[i];
        return style;
    }
    // Letters of two scripts have other heights: both stand on one line all the same.
    double foot(const Both& text, double width, const Style& style) {
        double out = 0;
        for (std::size_t i = 0; i < columns(); ++i)
            out = std::max(out, canvas_.baseline(text[i], width, in(i, style)));
        return out;
    }
    double measure_both(const Both& text, const Style& style) {
        const double line = foot(text, column_width(), style);
        double out = 0;
        for (std::size_t i = 0; i < columns(); ++i)
            out = std::max(out, canvas_.measure(text[i], column_width(), in(i, style)) + line -
                                    canvas_.baseline(text[i], column_width(), in(i, style)));
        return out;
    }
    void draw_both(double y, const Both& text, const Style& style, double indent = 0) {
        const double line = foot(text, column_width(), style);
        for (std::size_t i = 0; i < columns(); ++i)
            canvas_.text(column_x(i) + indent,
                         y + line - canvas_.baseline(text[i], column_width(), in(i, style)),
                         text[i], column_width() - indent, in(i, style));
    }

    void add(double height, std::function<void(double)> draw, bool keep_with_next = false) {
        blocks_.push_back({height,
                           [draw = std::move(draw)](double y) -> Result<void> {
                               draw(y);
                               return {};
                           },
                           keep_with_next});
    }
    void add_both(const Both& text, const Style& style, double after) {
        add(
            measure_both(text, style) + after,
            [this, &text, style](double y) { draw_both(y, text, style); }, true);
    }

    void head() {
        static constexpr double kTitle = 17;
        add_both(sheet_.agreement, {.size = 8, .color = kGrey}, 1);
        add_both(sheet_.parties, {.size = 8, .color = kGrey}, 7);
        add_both(sheet_.title, {.size = kTitle, .bold = true}, 3);
        add(
            8, [this](double y) { canvas_.line(kMargin, y, kMargin + kInner, y, kBlack, 1.2); },
            true);
        add_both(sheet_.declaration, {.size = 8.5}, 6);
    }

    void add_section(const Sheet::Section& section) {
        const Style heading{.size = 8.5, .bold = true};
        constexpr double kIndent = 4;
        const double height = measure_both(section.heading, heading) + 2;
        add(
            height + 2,
            [this, &section, heading, height](double y) {
                canvas_.fill(kMargin, y, kInner, height, kBand);
                draw_both(y + 1, section.heading, heading, kIndent);
            },
            true);
        for (const auto& line : section.lines)
            add_line(line, &line == &section.lines.back());
    }

    // Labels side by side and below them the values; what is too long for a column stands once.
    void add_line(const Sheet::Line& line, bool last) {
        const Style label{.size = 7, .color = kGrey};
        const Style value{.size = line.digits ? 8.5 : 9.5,
                          .face = line.digits ? Face::digits : Face::sans};
        const bool across = one_ || line.digits;
        constexpr double kPad = 1.5;
        const double label_height = measure_both(line.label, label);
        const double value_height = across ? canvas_.measure(line.value[0], kInner, in(0, value))
                                           : measure_both(line.value, value);
        const double height = label_height + value_height + 2 * kPad;
        add(height + (last ? 5 : 0),
            [this, &line, label, value, across, label_height, height, last](double y) {
                draw_both(y + kPad, line.label, label);
                const double at = y + kPad + label_height;
                if (across)
                    canvas_.text(kMargin, at, line.value[0], kInner, in(0, value));
                else
                    draw_both(at, line.value, value);
                if (!last)
                    canvas_.line(kMargin, y + height, kMargin + kInner, y + height, kRule);
            });
    }

    // Where a person signs by hand: as wide as a column each.
    void add_signers() {
        constexpr double kLine = 36;
        const Style title{.size = 8, .bold = true};
        const Style words{.size = 7, .color = kGrey};
        const auto joined = [this](const Both& both) {
            return one_ ? both[0] : both[0] + "  ·  " + both[1];
        };
        add(kLine + 22, [this, joined, title, words](double y) {
            for (std::size_t i = 0; i < sheet_.signers.size() && i < 2; ++i) {
                canvas_.text(column_x(i), y + 4, joined(sheet_.signers[i]), kColumn, in(0, title));
                canvas_.line(column_x(i), y + kLine, column_x(i) + kColumn, y + kLine, kBlack);
                canvas_.text(column_x(i), y + kLine + 3, joined(sheet_.signer_words), kColumn,
                             in(0, words));
            }
        });
    }

    void add_code() {
        constexpr double kSide = 100;
        blocks_.push_back(
            {kSide + 4,
             [this](double y) -> Result<void> {
                 canvas_.frame(kMargin, y, kInner, kSide, kRule, 0.7);
                 TRY(canvas_.qr_code(kMargin + 2, y + 2, kSide - 4, sheet_.code));
                 const double x = kMargin + kSide + 8;
                 const double width = kInner - kSide - 16;
                 double at = y + 10;
                 for (const std::string& line : sheet_.digest_lines)
                     at += canvas_.text(x, at, line, width, {.size = 11, .face = Face::digits}) + 1;
                 at += 4;
                 for (std::size_t i = 0; i < columns(); ++i)
                     at += canvas_.text(x, at, sheet_.code_words[i], width,
                                        in(i, {.size = 7, .color = kGrey})) +
                           2;
                 return {};
             },
             false});
    }

    // Blocks to pages: what belongs together is not torn apart.
    std::vector<std::vector<const Block*>> paginate() const {
        constexpr double kRoom = kHeight - kTop - kBottom;
        std::vector<std::vector<const Block*>> pages(1);
        double used = 0;
        for (std::size_t i = 0; i < blocks_.size();) {
            std::size_t end = i;
            double height = blocks_[i].height;
            while (blocks_[end].keep_with_next && end + 1 < blocks_.size())
                height += blocks_[++end].height;
            if (used + height > kRoom && !pages.back().empty()) {
                pages.emplace_back();
                used = 0;
            }
            for (; i <= end; ++i)
                pages.back().push_back(&blocks_[i]);
            used += height;
        }
        return pages;
    }

    Result<void> draw() {
        const auto pages = paginate();
        for (std::size_t i = 0; i < pages.size(); ++i) {
            page_frame(i + 1, pages.size());
            double y = kTop;
            for (const Block* block : pages[i]) {
                TRY(block->draw(y));
                y += block->height;
            }
            canvas_.next_page();
        }
        return {};
    }

    //= O-36
    // The level at the top and the bottom of every page, where the form may carry one; that the
    // terms are a draft, always.
    void page_frame(std::size_t page, std::size_t pages) {
        const Style level{.size = 15,
                          .bold = true,
                          .align = Align::center,
                          .color = color_of(sheet_.level_color),
                          .language = sheet_.language[0]};
        const double height = canvas_.measure(sheet_.level, kInner, level);
        canvas_.text(kMargin, 14, sheet_.level, kInner, level);
        canvas_.text(kMargin, kHeight - 14 - height, sheet_.level, kInner, level);
        draft_banner();
        std::string numbers;
        for (std::size_t i = 0; i < columns(); ++i)
            numbers += (i == 0 ? "" : "   ·   ") + sheet_.page_words[i].first +
                       std::to_string(page) + sheet_.page_words[i].second + std::to_string(pages) +
                       sheet_.page_end[i];
        canvas_.text(
            kMargin, kHeight - 49, numbers, kInner,
            {.size = 7.5, .align = Align::center, .color = kGrey, .language = sheet_.language[0]});
    }

    void draft_banner() {
        std::string words = sheet_.draft[0];
        if (!one_ && !sheet_.draft[1].empty())
            words += "   ·   " + sheet_.draft[1];
        if (words.empty())
            return;
        const Style style{.size = 7.5,
                          .bold = true,
                          .align = Align::center,
                          .color = kAlarm,
                          .language = sheet_.language[0]};
        const double height = canvas_.measure(words, kInner - 12, style);
        canvas_.frame(kMargin, 37, kInner, height + 5, kAlarm, 0.8);
        canvas_.text(kMargin + 6, 39.5, words, kInner - 12, style);
    }

    const Sheet& sheet_;
    bool one_;
    Canvas canvas_;
    std::vector<Block> blocks_;
};

} // namespace

Result<Bytes> print(const Sheet& sheet) {
    return Printer(sheet).run();
}

} // namespace valise::printing
