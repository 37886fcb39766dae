// SPDX-License-Identifier: Apache-2.0
#include "render/drawing.h"

#include <pango/pangocairo.h>

namespace valise::render {

namespace {

constexpr double kWidth = 595;
constexpr double kHeight = 842;
constexpr double kMargin = 50;
constexpr double kLine = 13.5;
constexpr std::size_t kLines = 54; // on a page
constexpr std::size_t kLongestLine = 64 << 10;
constexpr const char* kFont =
    "Liberation Mono, DejaVu Sans Mono, Noto Sans Mono CJK JP, Noto Sans CJK JP 10";

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template<class T> using Owned = std::unique_ptr<T, Unref>;

class Text : public Document {
public:
    explicit Text(std::string_view text)
        : context_(pango_font_map_create_context(pango_cairo_font_map_get_default())) {
        pango_cairo_context_set_resolution(context_.get(), 72);
        PangoFontDescription* font = pango_font_description_from_string(kFont);
        while (!text.empty()) {
            std::string_view line = text.substr(0, text.find_first_of("\n\f"));
            const bool page = line.size() < text.size() && text[line.size()] == '\f';
            text.remove_prefix(std::min(text.size(), line.size() + 1));
            if (line.ends_with('\r'))
                line.remove_suffix(1);
            add(line, font);
            while (page && lines_.size() < most() && lines_.size() % kLines != 0)
                lines_.emplace_back(nullptr);
        }
        pango_font_description_free(font);
    }

    std::uint32_t pages() const override {
        return static_cast<std::uint32_t>(
            std::max<std::size_t>(1, (lines_.size() + uncounted_ + kLines - 1) / kLines));
    }
    PageSize size(std::uint32_t) const override { return {kWidth, kHeight}; }
    bool draw(std::uint32_t page, cairo_t* cairo, bool) override {
        cairo_set_source_rgb(cairo, 0, 0, 0);
        for (std::size_t i = 0; i < kLines && page * kLines + i < lines_.size(); ++i) {
            PangoLayoutLine* line = lines_[page * kLines + i];
            if (line == nullptr)
                continue;
            cairo_move_to(cairo, kMargin, kMargin + kLine * static_cast<double>(i + 1));
            pango_cairo_show_layout_line(cairo, line);
        }
        return true;
    }

private:
    static std::size_t most() { return kLines * rendering::kMaxPages; }

    // Lines beyond the pages that are shown are counted and not laid out.
    void add(std::string_view line, const PangoFontDescription* font) {
        do {
            std::string_view piece = line.substr(0, kLongestLine);
            while (piece.size() < line.size() &&
                   (static_cast<unsigned char>(line[piece.size()]) & 0xc0) == 0x80)
                piece.remove_suffix(1); // not inside of a letter
            line.remove_prefix(piece.size());
            if (lines_.size() >= most()) {
                ++uncounted_;
                continue;
            }
            Owned<PangoLayout> layout(pango_layout_new(context_.get()));
            pango_layout_set_font_description(layout.get(), font);
            pango_layout_set_width(layout.get(),
                                   static_cast<int>((kWidth - 2 * kMargin) * PANGO_SCALE));
            pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
            pango_layout_set_text(layout.get(), piece.data(), static_cast<int>(piece.size()));
            const int count = pango_layout_get_line_count(layout.get());
            int added = 0;
            for (; added < count && lines_.size() < most(); ++added)
                lines_.push_back(pango_layout_get_line_readonly(layout.get(), added));
            uncounted_ += static_cast<std::size_t>(count - added);
            layouts_.push_back(std::move(layout));
        } while (!line.empty());
    }

    Owned<PangoContext> context_;
    std::vector<Owned<PangoLayout>> layouts_; // the lines are theirs
    std::vector<PangoLayoutLine*> lines_;
    std::size_t uncounted_ = 0;
};

} // namespace

Result<std::unique_ptr<Document>> open_text(ByteView document) {
    std::string_view text = text_view(document);
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    return std::unique_ptr<Document>(std::make_unique<Text>(text));
}

} // namespace valise::render
