// SPDX-License-Identifier: Apache-2.0
#include "base/codec/toml.h"

#include "base/text.h"

#include <stdexcept>

// toml++ 3.3 asserts what it has not checked: after "[" it expects a key ("[:" ended the process,
// found by fuzzing). An assertion of its own must not judge input from outside; parse_toml() makes
// an error of it. NDEBUG would let the compiler assume it instead.
#undef NDEBUG
#define TOML_ASSERT(condition)                                                                     \
    do {                                                                                           \
        if (!(condition))                                                                          \
            throw std::logic_error("not TOML 1.0");                                                \
    } while (false)
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

// toml++ 3.3 runs into undefined behaviour on some letters after a bare key (its
// is_non_ascii_horizontal_whitespace, found by fuzzing); TOML 1.0 has none outside of strings and
// comments anyway.
bool is_plain(std::string_view line, std::size_t at) {
    const char c = line[at];
    return (c >= ' ' && c <= '~') || c == '\t' || (c == '\r' && at + 1 == line.size());
}

// Looks at one line before the library does. Strings end on their line because multi-line ones are
// refused here, so the scan needs no state from the line above.
Result<void> check_line(std::string_view line, int number) {
    char quote = 0;
    std::size_t dots = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != 0) {
            if (c == '\\' && quote == '"')
                ++i;
            else if (c == quote)
                quote = 0;
            continue;
        }
        if (c == '#')
            break;
        if (c == '"' || c == '\'') {
            if (line.substr(i).starts_with(std::string(3, c)))
                return fail(at(number, "base.toml", "multi-line strings are not admitted"));
            quote = c;
        } else if (!is_plain(line, i)) {
            return fail(at(number, "base.toml", "only ASCII stands outside of strings"));
        } else if (c == '.' && ++dots > kMaxDots) {
            return fail(at(number, "base.toml_limit", "too many dots outside of strings"));
        }
    }
    return {};
}

Result<void> check_lines(std::string_view text) {
    int number = 1;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        TRY(check_line(text.substr(0, end), number));
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
    }
    return {};
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
    TRY(check_lines(text));
    try {
        const toml::table root = toml::parse(text);
        return Converter(limits).convert(root, 0);
    } catch (const toml::parse_error& error) {
        return fail(at(static_cast<int>(error.source().begin.line), "base.toml",
                       printable(error.description(), 300)));
    } catch (const std::exception& error) {
        return fail(Code::invalid, "base.toml", printable(error.what(), 300));
    }
}

} // namespace valise
