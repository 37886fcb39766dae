// SPDX-License-Identifier: Apache-2.0
#include "base/codec/toml.h"

#include "base/text.h"

#include <stdexcept>

// toml++ 3.3 asserts what it has not checked: after "[" it expects a key ("[:" ended the process,
// found by fuzzing). An assertion of its own must not judge input from outside; parse_toml() makes
// an error of it. NDEBUG would let the compiler assume it instead.
namespace {
[[noreturn]] void refuse_assertion() {
    throw std::logic_error("not TOML 1.0");
}
} // namespace
#undef NDEBUG
#define TOML_ASSERT(condition) ((condition) ? static_cast<void>(0) : refuse_assertion())
#define TOML_MAX_NESTED_VALUES 16
#define TOML_ENABLE_FORMATTERS 0
#include <fmt/format.h>
#include <toml++/toml.h>

namespace valise {
namespace {

// toml++ builds, and destroys by recursion, one table for each part of a dotted key: without this
// bound a file of 100 kB of "a.a.a…" would overflow the stack.
constexpr std::size_t kMaxDots = 16;

Error at(int line, const char* reason, std::string_view what) {
    return Error(Code::invalid, reason, fmt::format("line {}: {}", line, what));
}

// toml++ 3.3 runs into undefined behaviour on some letters where it looks for white space (its
// is_non_ascii_horizontal_whitespace, found by fuzzing), and what it takes for a string is not what
// anybody else would once a line is faulty. So it gets ASCII only: letters in strings as escapes,
// letters in comments as question marks, letters anywhere else refused, as TOML 1.0 does.
class AsciiLine {
public:
    AsciiLine(std::string_view line, int number, std::string& out)
        : line_(line), number_(number), out_(out) {}

    // Strings end on their line because multi-line ones are refused here, so no line needs to know
    // of the one above.
    Result<void> write() {
        while (at_ < line_.size())
            TRY(quote_ != 0 ? inside() : outside());
        if (quote_ != 0)
            return wrong("base.toml", "a string does not end on its line");
        return {};
    }

private:
    std::unexpected<Error> wrong(const char* reason, std::string_view what) const {
        return fail(at(number_, reason, what));
    }

    bool is_plain() const {
        const char c = line_[at_];
        return (c >= ' ' && c <= '~') || c == '\t' || (c == '\r' && at_ + 1 == line_.size());
    }

    Result<void> inside() {
        const char c = line_[at_];
        if (static_cast<Byte>(c) >= 0x80) {
            if (quote_ != '"')
                return wrong("base.toml", "letters beyond ASCII stand in \"double\" quotes");
            escape();
            return {};
        }
        out_ += c;
        ++at_;
        if (c == quote_)
            quote_ = 0;
        if (c == '\\' && quote_ == '"' && at_ < line_.size()) {
            if (!is_plain()) // with the escape of a letter after it, it would be a backslash
                return wrong("base.toml", "no such escape");
            out_ += line_[at_++];
        }
        return {};
    }

    Result<void> outside() {
        const char c = line_[at_];
        if (c == '#') {
            for (; at_ < line_.size(); ++at_)
                out_ += static_cast<Byte>(line_[at_]) < 0x80 ? line_[at_] : '?';
            return {};
        }
        if (c == '"' || c == '\'') {
            if (line_.substr(at_).starts_with(std::string(3, c)))
                return wrong("base.toml", "multi-line strings are not admitted");
            quote_ = c;
        } else if (!is_plain()) {
            return wrong("base.toml", "only ASCII stands outside of strings");
        } else if (c == '.' && ++dots_ > kMaxDots) {
            return wrong("base.toml_limit", "too many dots outside of strings");
        }
        out_ += c;
        ++at_;
        return {};
    }

    // One letter of well-formed UTF-8.
    void escape() {
        const auto first = static_cast<Byte>(line_[at_++]);
        std::uint32_t letter = first < 0xe0   ? first & 0x1fU
                               : first < 0xf0 ? first & 0x0fU
                                              : first & 0x07U;
        while (at_ < line_.size() && (static_cast<Byte>(line_[at_]) & 0xc0U) == 0x80U)
            letter = letter << 6U | (static_cast<Byte>(line_[at_++]) & 0x3fU);
        out_ += fmt::format("\\U{:08X}", letter);
    }

    std::string_view line_;
    int number_;
    std::string& out_;
    std::size_t at_ = 0;
    std::size_t dots_ = 0;
    char quote_ = 0;
};

Result<std::string> ascii_of(std::string_view text) {
    std::string out;
    int number = 1;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        TRY(AsciiLine(text.substr(0, end), number, out).write());
        if (end == std::string_view::npos)
            break;
        out += '\n';
        text.remove_prefix(end + 1);
        ++number;
    }
    return out;
}

class Converter {
public:
    explicit Converter(const TomlLimits& limits) : limits_(limits) {}

    Result<TomlValue> convert(const toml::node& node, std::size_t depth) {
        TomlValue out;
        out.line = static_cast<int>(node.source().begin.line);
        if (depth > limits_.depth)
            return fail(at(out.line, "base.toml_limit", "nested too deep"));
        if (++count_ > limits_.values)
            return fail(at(out.line, "base.toml_limit", "too many values"));
        if (const auto* table = node.as_table()) {
            TomlValue::Table members;
            for (const auto& [key, value] : *table) {
                TRY_ASSIGN(TomlValue member, convert(value, depth + 1));
                // A dotted or implied table has no place of its own; its key has.
                if (member.line == 0)
                    member.line = static_cast<int>(key.source().begin.line);
                members.emplace(std::string(key.str()), std::move(member));
            }
            out.value = std::move(members);
        } else if (const auto* array = node.as_array()) {
            TomlValue::Array elements;
            for (const auto& value : *array) {
                TRY_ASSIGN(TomlValue element, convert(value, depth + 1));
                elements.push_back(std::move(element));
            }
            out.value = std::move(elements);
        } else {
            TRY(scalar(node, out));
        }
        return out;
    }

private:
    Result<void> scalar(const toml::node& node, TomlValue& out) {
        if (const auto* text = node.as_string()) {
            out.value = text->get();
        } else if (const auto* integer = node.as_integer()) {
            out.value = integer->get();
        } else if (const auto* boolean = node.as_boolean()) {
            out.value = boolean->get();
        } else if (const auto* date = node.as_date()) {
            const toml::date& d = date->get();
            TRY_ASSIGN(out.value,
                       Time::parse(fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day)));
        } else {
            return fail(at(out.line, "base.toml", "floats and times of day are not admitted"));
        }
        return {};
    }

    const TomlLimits& limits_;
    std::size_t count_ = 0;
};

} // namespace

std::string TomlProblem::where() const {
    return line > 0 ? fmt::format("line {}: {}", line, text) : text;
}

Result<TomlValue> parse_toml(ByteView bytes, const TomlLimits& limits) {
    if (bytes.size() > limits.bytes)
        return fail(Code::limit, "base.toml_limit",
                    fmt::format("more than {} bytes", limits.bytes));
    const std::string_view text = text_view(bytes);
    if (!is_utf8(text))
        return fail(Code::invalid, "base.toml", "not UTF-8");
    TRY_ASSIGN(const std::string ascii, ascii_of(text));
    try {
        const toml::table root = toml::parse(std::string_view(ascii));
        return Converter(limits).convert(root, 0);
    } catch (const toml::parse_error& error) {
        return fail(at(static_cast<int>(error.source().begin.line), "base.toml",
                       printable(error.description(), 300)));
    } catch (const std::exception& error) {
        return fail(Code::invalid, "base.toml", printable(error.what(), 300));
    }
}

} // namespace valise
