// SPDX-License-Identifier: Apache-2.0
#include "rendering/print.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <vector>

namespace valise::rendering {

namespace {

constexpr std::size_t kMostObjects = 100'000;
constexpr std::size_t kDeepest = 16;
constexpr std::size_t kLongestName = 140;

// What cairo writes for pages, fonts, images, shadings and transparency. Not in it, among others:
// actions, annotations, forms, names of files, object streams, and the image codecs that have been
// the door before (JBIG2, JPEG 2000). In the order of their bytes.
constexpr std::string_view kNames[] = {"AIS",
                                       "Alpha",
                                       "Ascent",
                                       "BBox",
                                       "BC",
                                       "BM",
                                       "BaseFont",
                                       "BitsPerComponent",
                                       "BitsPerCoordinate",
                                       "BitsPerFlag",
                                       "Bounds",
                                       "C0",
                                       "C1",
                                       "CA",
                                       "CIDFontType0",
                                       "CIDFontType0C",
                                       "CIDFontType2",
                                       "CIDSystemInfo",
                                       "CIDToGIDMap",
                                       "CS",
                                       "CapHeight",
                                       "Catalog",
                                       "CharProcs",
                                       "Color",
                                       "ColorBurn",
                                       "ColorDodge",
                                       "ColorSpace",
                                       "Contents",
                                       "Coords",
                                       "Count",
                                       "CreationDate",
                                       "Creator",
                                       "DCTDecode",
                                       "DW",
                                       "Darken",
                                       "Decode",
                                       "DescendantFonts",
                                       "Descent",
                                       "DeviceCMYK",
                                       "DeviceGray",
                                       "DeviceRGB",
                                       "Difference",
                                       "Differences",
                                       "Domain",
                                       "Encode",
                                       "Encoding",
                                       "Exclusion",
                                       "ExtGState",
                                       "Extend",
                                       "Filter",
                                       "FirstChar",
                                       "Flags",
                                       "FlateDecode",
                                       "Font",
                                       "FontBBox",
                                       "FontDescriptor",
                                       "FontFamily",
                                       "FontFile",
                                       "FontFile2",
                                       "FontFile3",
                                       "FontMatrix",
                                       "FontName",
                                       "Form",
                                       "FormType",
                                       "Function",
                                       "FunctionType",
                                       "Functions",
                                       "G",
                                       "Group",
                                       "HardLight",
                                       "Height",
                                       "Hue",
                                       "I",
                                       "Identity",
                                       "Identity-H",
                                       "Image",
                                       "ImageMask",
                                       "Indexed",
                                       "Info",
                                       "Interpolate",
                                       "ItalicAngle",
                                       "K",
                                       "Kids",
                                       "LastChar",
                                       "Length",
                                       "Length1",
                                       "Length2",
                                       "Length3",
                                       "Lighten",
                                       "Luminosity",
                                       "Mask",
                                       "Matrix",
                                       "MediaBox",
                                       "Multiply",
                                       "N",
                                       "Normal",
                                       "Ordering",
                                       "Overlay",
                                       "Page",
                                       "Pages",
                                       "PaintType",
                                       "Parent",
                                       "Pattern",
                                       "PatternType",
                                       "Producer",
                                       "Range",
                                       "Registry",
                                       "Resources",
                                       "Root",
                                       "S",
                                       "SMask",
                                       "Saturation",
                                       "Screen",
                                       "Shading",
                                       "ShadingType",
                                       "Size",
                                       "SoftLight",
                                       "StemH",
                                       "StemV",
                                       "Subtype",
                                       "Supplement",
                                       "TilingType",
                                       "ToUnicode",
                                       "Transparency",
                                       "TrueType",
                                       "Type",
                                       "Type0",
                                       "Type1",
                                       "Type1C",
                                       "Type3",
                                       "W",
                                       "Width",
                                       "Widths",
                                       "WinAnsiEncoding",
                                       "XObject",
                                       "XStep",
                                       "YStep",
                                       "ca"};
static_assert(std::ranges::is_sorted(kNames));

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_space(char c) {
    return c == ' ' || c == '\n';
}
bool is_delimiter(char c) {
    return is_space(c) || std::string_view("()<>[]{}/%").find(c) != std::string_view::npos;
}

// "x12", "sh3", "f-0-1": what the writer calls its resources.
bool is_resource(std::string_view name) {
    std::size_t letters = 0;
    while (letters < name.size() && name[letters] >= 'a' && name[letters] <= 'z')
        ++letters;
    const std::string_view rest = name.substr(letters);
    return letters >= 1 && letters <= 2 && !rest.empty() && is_digit(rest.back()) &&
           std::ranges::all_of(rest, [](char c) { return is_digit(c) || c == '-'; });
}

// "ABCDEF+LiberationSans": a font of which a part is embedded.
bool is_font(std::string_view name) {
    constexpr std::size_t kTag = 6;
    return name.size() > kTag + 1 && name.size() < kLongestName && name[kTag] == '+' &&
           std::ranges::all_of(name.substr(0, kTag), [](char c) { return c >= 'A' && c <= 'Z'; });
}

class Reader {
public:
    explicit Reader(ByteView pdf) : text_(text_view(pdf)) {}

    Result<std::uint32_t> read() {
        if (!text_.starts_with("%PDF-1.4\n%"))
            return bad("not version 1.4 as it is written here");
        const std::size_t line = text_.find('\n', 9);
        if (line == std::string_view::npos || line > 20)
            return bad("the second line");
        at_ = line + 1;
        while (!rest().starts_with("xref\n")) {
            TRY(object());
            if (objects_.size() > kMostObjects)
                return bad("too many objects");
        }
        TRY(lengths_hold());
        const std::size_t table = at_;
        TRY(xref());
        TRY(expect("trailer\n"));
        TRY(value(false));
        TRY(expect("startxref\n"));
        TRY_ASSIGN(const std::uint64_t said, number());
        if (said != table)
            return bad("the table is elsewhere");
        TRY(expect("\n%%EOF\n"));
        if (!rest().empty())
            return bad("something behind the end");
        return pages_;
    }

private:
    struct Object {
        std::size_t offset = 0;
        std::optional<std::uint64_t> integer; // where it is nothing but one
    };
    struct Stream {
        std::uint64_t said = 0; // its length, or the object that is
        bool elsewhere = false;
        std::size_t length = 0;
    };

    std::unexpected<Error> bad(std::string_view what) const {
        return fail(Code::invalid, "render.print",
                    std::string(what) + ", at byte " + std::to_string(at_));
    }
    std::string_view rest() const { return text_.substr(at_); }
    // Spaces, and the number of a page as a comment: "% 1".
    void skip_spaces() {
        const auto skip = [&](auto&& what) {
            while (at_ < text_.size() && what(text_[at_]))
                ++at_;
        };
        skip(is_space);
        if (!rest().starts_with("% "))
            return;
        at_ += 2;
        skip(is_digit);
        skip(is_space);
    }
    Result<void> expect(std::string_view what) {
        if (!rest().starts_with(what))
            return bad("expected " + std::string(what.substr(0, what.find('\n'))));
        at_ += what.size();
        return {};
    }
    Result<std::uint64_t> number() {
        std::uint64_t out = 0;
        const char* const begin = rest().data();
        const auto [end, error] = std::from_chars(begin, begin + rest().size(), out);
        if (error != std::errc())
            return bad("expected a number");
        at_ += static_cast<std::size_t>(end - begin);
        return out;
    }

    Result<void> object() {
        const std::size_t offset = at_;
        TRY_ASSIGN(const std::uint64_t id, number());
        TRY(expect(" 0 obj\n"));
        const auto [place, fresh] = objects_.emplace(id, Object{offset, {}});
        if (!fresh)
            return bad("an object that was there before");
        length_.reset();
        skip_spaces();
        if (at_ < text_.size() && is_digit(text_[at_])) {
            TRY_ASSIGN(place->second.integer, number());
            skip_spaces();
        } else {
            TRY(value(true));
        }
        return expect("endobj\n");
    }

    // One dictionary or array with all that is in it, and a stream behind the dictionary.
    Result<void> value(bool may_stream) {
        std::string open; // '<' or '[' for each that is
        do {
            skip_spaces();
            if (rest().starts_with("<<")) {
                open += '<';
                at_ += 2;
            } else if (rest().starts_with(">>") && open.ends_with('<')) {
                open.pop_back();
                at_ += 2;
            } else if (rest().starts_with("[")) {
                open += '[';
                ++at_;
            } else if (rest().starts_with("]") && open.ends_with('[')) {
                open.pop_back();
                ++at_;
            } else if (open.empty()) {
                return bad("neither a dictionary nor an array");
            } else {
                TRY(token());
            }
            if (open.size() > kDeepest)
                return bad("too deep");
        } while (!open.empty());
        skip_spaces();
        if (may_stream && rest().starts_with("stream\n"))
            TRY(stream());
        return {};
    }

    Result<void> token() {
        if (rest().empty())
            return bad("it ends in the middle");
        const char first = rest().front();
        if (first == '/')
            return name();
        if (first == '(')
            return string();
        if (first == '<')
            return hexadecimal();
        std::size_t size = 0;
        while (size < rest().size() && !is_delimiter(rest()[size]))
            ++size;
        const std::string_view word = rest().substr(0, size);
        const bool numeric = !word.empty() && std::ranges::all_of(word, [](char c) {
            return is_digit(c) || c == '.' || c == '-' || c == '+';
        });
        if (!numeric && word != "R" && word != "true" && word != "false" && word != "null")
            return bad("a word that the renderer never writes");
        if (last_ == "Length" && numeric) {
            TRY_ASSIGN(const std::uint64_t said, number());
            length_ = Stream{said, rest().starts_with(" 0 R"), 0};
        } else {
            at_ += size;
        }
        last_ = {};
        return {};
    }

    Result<void> name() {
        std::size_t size = 1;
        while (size < rest().size() && !is_delimiter(rest()[size]))
            ++size;
        const std::string_view word = rest().substr(1, size - 1);
        if (!std::ranges::binary_search(kNames, word) && !is_resource(word) && !is_font(word))
            return bad("a name that the renderer never writes");
        if (last_ == "Type" && word == "Page")
            ++pages_;
        last_ = word;
        at_ += size;
        return {};
    }

    Result<void> string() {
        std::size_t depth = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == '\\')
                ++at_;
            else if (c == '(')
                ++depth;
            else if (c == ')' && --depth == 0) {
                ++at_;
                last_ = {};
                return {};
            }
        }
        return bad("a text without an end");
    }

    Result<void> hexadecimal() {
        const std::size_t end = text_.find('>', at_);
        if (end == std::string_view::npos ||
            !std::ranges::all_of(text_.substr(at_ + 1, end - at_ - 1), [](char c) {
                return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            }))
            return bad("no hexadecimal text");
        at_ = end + 1;
        last_ = {};
        return {};
    }

    Result<void> stream() {
        constexpr std::string_view kEnd = "\nendstream\n";
        at_ += std::string_view("stream\n").size();
        const std::size_t end = text_.find(kEnd, at_);
        if (end == std::string_view::npos || !length_)
            return bad("a stream without an end or a length");
        length_->length = end - at_;
        streams_.push_back(*length_);
        length_.reset();
        at_ = end + kEnd.size();
        return {};
    }

    // A viewer goes by the length, and whoever looks for the end by the end: both are one.
    Result<void> lengths_hold() const {
        for (const Stream& one : streams_) {
            std::optional<std::uint64_t> said = one.said;
            if (one.elsewhere) {
                const auto found = objects_.find(one.said);
                said = found == objects_.end() ? std::nullopt : found->second.integer;
            }
            if (said != one.length)
                return bad("a stream of another length");
        }
        return {};
    }

    // Every object where it was read, and no other: nothing lies inside of a stream.
    Result<void> xref() {
        constexpr std::size_t kEntry = 20;
        TRY(expect("xref\n0 "));
        TRY_ASSIGN(const std::uint64_t count, number());
        TRY(expect("\n"));
        if (count > kMostObjects || rest().size() < count * kEntry)
            return bad("a table that is cut off");
        std::size_t used = 0;
        for (std::uint64_t i = 0; i < count; ++i, at_ += kEntry) {
            const std::string_view entry = rest().substr(0, kEntry);
            const bool is_used = entry.substr(10) == " 00000 n \n";
            if (!is_used && entry.substr(10) != " 65535 f \n")
                return bad("no entry of a table");
            const auto object = objects_.find(i);
            if (is_used != (object != objects_.end()))
                return bad("an object that is not in the table, or only there");
            std::uint64_t offset = 0;
            const auto read = std::from_chars(entry.data(), entry.data() + 10, offset);
            if (read.ec != std::errc() || read.ptr != entry.data() + 10 ||
                (is_used && offset != object->second.offset))
                return bad("an object that is elsewhere");
            used += is_used ? 1 : 0;
        }
        return used == objects_.size() ? Result<void>() : bad("objects beyond the table");
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string_view last_; // the name just read, until something else follows
    std::optional<Stream> length_;
    std::map<std::uint64_t, Object> objects_;
    std::vector<Stream> streams_;
    std::uint32_t pages_ = 0;
};

} // namespace

Result<std::uint32_t> check_print(ByteView pdf) {
    return Reader(pdf).read();
}

} // namespace valise::rendering
