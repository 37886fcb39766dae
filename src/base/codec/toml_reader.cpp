// SPDX-License-Identifier: Apache-2.0
#include "base/codec/toml.h"
#include "base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace valise {
namespace {

const char* type_name(const TomlValue& value) {
    constexpr const char* kNames[] = {"a text", "an integer", "a truth value",
                                      "a date", "an array",   "a table"};
    return kNames[value.value.index()];
}

const TomlValue& empty_table() {
    static const TomlValue kEmpty{0, TomlValue::Table{}};
    return kEmpty;
}

} // namespace

TomlReader::TomlReader(const TomlValue& table, std::string where,
                       std::vector<TomlProblem>& problems)
    : table_(table.table()), line_(table.line), where_(std::move(where)), problems_(&problems) {
    if (table_ == nullptr) {
        problem(line_, "base.toml_type", fmt::format("{} must be a table", where_));
        table_ = empty_table().table();
    }
}

void TomlReader::problem(int line, std::string reason, std::string text) {
    problems_->push_back({line, std::move(reason), std::move(text)});
}

void TomlReader::wrong(const TomlValue& value, const char* name, std::string_view what) {
    problem(value.line, "base.toml_type",
            fmt::format("{}.{} must be {}, not {}", where_, name, what, type_name(value)));
}

const TomlValue* TomlReader::find(const char* name, bool required) {
    known_.emplace_back(name);
    const auto found = table_->find(name);
    if (found != table_->end())
        return &found->second;
    if (required)
        problem(line_, "base.toml_missing", fmt::format("{} lacks '{}'", where_, name));
    return nullptr;
}

std::optional<std::string> TomlReader::optional_text(const char* name, std::size_t max) {
    const TomlValue* value = find(name, false);
    if (value == nullptr)
        return std::nullopt;
    const auto* text = std::get_if<std::string>(&value->value);
    if (text == nullptr) {
        wrong(*value, name, "a text");
        return std::nullopt;
    }
    // What the terms say is shown on pages and printed on documents: nothing invisible in it.
    if (text->empty() || text->size() > max || printable(*text, text->size()) != *text) {
        problem(value->line, "base.toml_range",
                fmt::format("{}.{} must hold 1 to {} bytes of printable text", where_, name, max));
        return std::nullopt;
    }
    return *text;
}

std::string TomlReader::text(const char* name, std::size_t max) {
    if (!has(name)) {
        find(name, true);
        return {};
    }
    return optional_text(name, max).value_or("");
}

std::int64_t TomlReader::integer(const char* name, std::int64_t min, std::int64_t max) {
    const TomlValue* value = find(name, true);
    if (value == nullptr)
        return min;
    const auto* number = std::get_if<std::int64_t>(&value->value);
    if (number == nullptr) {
        wrong(*value, name, "an integer");
        return min;
    }
    if (*number < min || *number > max) {
        problem(value->line, "base.toml_range",
                fmt::format("{}.{} must lie between {} and {}", where_, name, min, max));
        return min;
    }
    return *number;
}

bool TomlReader::boolean(const char* name) {
    const TomlValue* value = find(name, true);
    if (value == nullptr)
        return false;
    const auto* flag = std::get_if<bool>(&value->value);
    if (flag == nullptr)
        wrong(*value, name, "true or false");
    return flag != nullptr && *flag;
}

bool TomlReader::boolean_or(const char* name, bool otherwise) {
    if (has(name))
        return boolean(name);
    known_.emplace_back(name);
    return otherwise;
}

std::optional<Time> TomlReader::optional_date(const char* name) {
    const TomlValue* value = find(name, false);
    if (value == nullptr)
        return std::nullopt;
    const auto* time = std::get_if<Time>(&value->value);
    if (time == nullptr) {
        wrong(*value, name, "a date such as 2025-06-21 without quotes");
        return std::nullopt;
    }
    return *time;
}

Time TomlReader::date(const char* name) {
    if (!has(name)) {
        find(name, true);
        return {};
    }
    return optional_date(name).value_or(Time{});
}

std::vector<std::string> TomlReader::texts(const char* name, std::size_t max_count) {
    const TomlValue* value = find(name, true);
    std::vector<std::string> out;
    if (value == nullptr)
        return out;
    const TomlValue::Array* array = value->array();
    if (array == nullptr || array->empty() || array->size() > max_count) {
        problem(value->line, "base.toml_type",
                fmt::format("{}.{} must be an array of 1 to {} texts", where_, name, max_count));
        return out;
    }
    for (const TomlValue& element : *array) {
        const auto* text = std::get_if<std::string>(&element.value);
        if (text == nullptr || text->empty() || printable(*text, text->size()) != *text)
            problem(element.line, "base.toml_type",
                    fmt::format("every element of {}.{} must be a text", where_, name));
        else
            out.push_back(*text);
    }
    return out;
}

const TomlValue& TomlReader::table(const char* name) {
    const TomlValue* value = find(name, true);
    return value == nullptr ? empty_table() : *value;
}

const TomlValue::Array& TomlReader::tables(const char* name, std::size_t at_least) {
    static const TomlValue::Array kNone;
    const TomlValue* value = find(name, at_least > 0);
    if (value == nullptr)
        return kNone;
    const TomlValue::Array* array = value->array();
    if (array == nullptr) {
        wrong(*value, name, "an array of tables");
        return kNone;
    }
    if (array->size() < at_least)
        problem(value->line, "base.toml_range",
                fmt::format("{} needs at least {} of '{}'", where_, at_least, name));
    return *array;
}

std::string TomlReader::one_of(const char* name, std::initializer_list<const char*> words) {
    std::string word = text(name);
    const std::vector<std::string> known(words.begin(), words.end());
    if (word.empty() || std::find(known.begin(), known.end(), word) != known.end())
        return word;
    problem(line_of(name), "base.toml_range",
            fmt::format("{}.{} must be one of {}{}", where_, name, fmt::join(known, ", "),
                        suggestion(word, known)));
    return {};
}

bool TomlReader::has(const char* name) const {
    return table_->contains(name);
}

int TomlReader::line_of(const char* name) const {
    const auto found = table_->find(name);
    return found == table_->end() ? line_ : found->second.line;
}

void TomlReader::done() {
    for (const auto& [key, value] : *table_)
        if (std::find(known_.begin(), known_.end(), key) == known_.end())
            problem(value.line, "base.toml_unknown",
                    fmt::format("unknown key '{}' in {}{}", printable(key, 60), where_,
                                suggestion(key, known_)));
}

} // namespace valise
