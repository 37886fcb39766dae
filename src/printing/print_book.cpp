// SPDX-License-Identifier: Apache-2.0
#include "printing/print_book.h"

#include "printing/internal/canvas.h"

#include <algorithm>

namespace valise::printing {

namespace {

constexpr double kWidth = kA4Short;
constexpr double kHeight = kA4Long;
constexpr double kMargin = 45;
constexpr double kInner = kWidth - 2 * kMargin;
constexpr double kTop = 74;
constexpr double kBottom = 48;
constexpr double kRoom = kHeight - kTop - kBottom;
constexpr std::size_t kAcross = 3; // fields side by side
constexpr double kGap = 10;
constexpr double kField = (kInner - kGap * (kAcross - 1)) / kAcross;
constexpr double kPad = 3;

} // namespace

class BookPrinter::Pages {
public:
    explicit Pages(BookHead head)
        : head_(std::move(head)), canvas_(kWidth, kHeight, head_.title, {}, head_.date) {
        frame();
    }

    void row(const std::vector<std::string>& values) {
        const auto lines = lay(values);
        double height = 2 * kPad + canvas_.measure(lead(values), kInner, lead_style());
        for (const Line& line : lines)
            height += line.height;
        if (y_ > kTop && y_ + height > kTop + kRoom)
            turn();
        y_ += kPad + canvas_.text(kMargin, y_ + kPad, lead(values), kInner, lead_style());
        for (const Line& line : lines) {
            // Longer than a page: it goes on at the top of the next one.
            if (y_ > kTop && y_ + line.height > kTop + kRoom)
                turn();
            draw(line);
        }
        y_ += kPad;
        canvas_.line(kMargin, y_, kMargin + kInner, y_, kRule);
    }

    Result<Bytes> finish() {
        canvas_.next_page();
        return canvas_.finish();
    }

private:
    struct Field {
        std::string label;
        std::string value;
    };
    // Up to three fields side by side.
    struct Line {
        std::vector<Field> fields;
        double height = 0;
    };

    Style lead_style() const { return {.size = 10, .bold = true, .language = head_.language}; }
    Style label_style() const { return {.size = 6.5, .color = kGrey, .language = head_.language}; }
    Style value_style() const { return {.size = 8, .language = head_.language}; }

    static std::string lead(const std::vector<std::string>& values) {
        return values.empty() || values.front().empty() ? "–" : values.front();
    }

    double height_of(const Field& field) {
        return canvas_.measure(field.label, kField, label_style()) +
               canvas_.measure(field.value, kField, value_style()) + 2;
    }

    std::vector<Line> lay(const std::vector<std::string>& values) {
        std::vector<Line> out;
        for (std::size_t i = 1; i < std::min(values.size(), head_.columns.size()); ++i) {
            if (values[i].empty())
                continue;
            if (out.empty() || out.back().fields.size() == kAcross)
                out.emplace_back();
            Field field{head_.columns[i], values[i]};
            out.back().height = std::max(out.back().height, height_of(field));
            out.back().fields.push_back(std::move(field));
        }
        return out;
    }

    void draw(const Line& line) {
        double x = kMargin;
        for (const Field& field : line.fields) {
            const double label = canvas_.text(x, y_, field.label, kField, label_style());
            canvas_.text(x, y_ + label, field.value, kField, value_style());
            x += kField + kGap;
        }
        y_ += line.height;
    }

    void turn() {
        canvas_.next_page();
        frame();
    }

    void frame() {
        ++page_;
        const Style title{.size = 12, .bold = true, .language = head_.language};
        const Style small{.size = 7.5, .color = kGrey, .language = head_.language};
        if (!head_.banner.empty())
            canvas_.text(kMargin, 20, head_.banner, kInner,
                         {.size = 7.5,
                          .bold = true,
                          .align = Align::center,
                          .color = kAlarm,
                          .language = head_.language});
        const double under = canvas_.text(kMargin, 38, head_.title, kInner, title);
        canvas_.text(kMargin, 38 + under + 1, head_.party + "   ·   " + head_.as_of, kInner, small);
        canvas_.line(kMargin, kTop - 5, kMargin + kInner, kTop - 5, kBlack, 1.2);
        canvas_.text(kMargin, kHeight - 34, std::to_string(page_), kInner,
                     {.size = 8, .align = Align::center, .color = kGrey});
        y_ = kTop;
    }

    BookHead head_;
    Canvas canvas_;
    double y_ = kTop;
    std::size_t page_ = 0;
};

BookPrinter::BookPrinter(BookHead head) : pages_(std::make_unique<Pages>(std::move(head))) {}
BookPrinter::~BookPrinter() = default;

void BookPrinter::row(const std::vector<std::string>& values) {
    pages_->row(values);
}

Result<Bytes> BookPrinter::finish() {
    return pages_->finish();
}

} // namespace valise::printing
