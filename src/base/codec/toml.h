// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/clock.h"

#include <map>
#include <optional>
#include <variant>

namespace valise {

struct TomlLimits {
    std::size_t bytes = 256 << 10;
    std::size_t depth = 8;       // tables and arrays within each other
    std::size_t values = 20'000; // keys and elements in all
};

// One value of a TOML 1.0 text with the line it stands on. Only what a person can read in one way
// is admitted: basic and literal strings on one line, integers, booleans, local dates (their first
// second in UTC), arrays and tables. Floats, times of day and multi-line strings are refused.
struct TomlValue {
    using Array = std::vector<TomlValue>;
    using Table = std::map<std::string, TomlValue>;

    int line = 0; // 1-based
    std::variant<std::string, std::int64_t, bool, Time, Array, Table> value;

    const Table* table() const { return std::get_if<Table>(&value); }
    const Array* array() const { return std::get_if<Array>(&value); }
};

// What is wrong, where. `reason` is a stable id; `text` is fit for a terminal.
struct TomlProblem {
    int line = 0;
    std::string reason;
    std::string text;

    std::string where() const; // "line 12: text"
};

// The root table, or the first fault of syntax with its line. Errors: base.toml, base.toml_limit.
Result<TomlValue> parse_toml(ByteView text, const TomlLimits& limits = {});

// Reads the keys of one table, each by name and type. Faults are collected rather than returned, so
// that a person who checks a file sees all of them at once: a faulty value reads as empty, and
// whoever builds something from the table looks at `problems` before using it. done() reports each
// key that nobody asked for with the nearest known one. Reasons: base.toml_missing, base.toml_type,
// base.toml_range, base.toml_unknown.
class TomlReader {
public:
    // `table` and `problems` must outlive the reader. `where` names the table in texts ("party").
    // A value that is no table is reported and read as an empty one.
    TomlReader(const TomlValue& table, std::string where, std::vector<TomlProblem>& problems);

    std::string text(const char* name, std::size_t max = 400);
    std::optional<std::string> optional_text(const char* name, std::size_t max = 400);
    std::int64_t integer(const char* name, std::int64_t min, std::int64_t max);
    bool boolean(const char* name);
    bool boolean_or(const char* name, bool otherwise);
    Time date(const char* name);
    std::optional<Time> optional_date(const char* name);
    std::vector<std::string> texts(const char* name, std::size_t max_count = 64);
    // A nested table; reported when missing. Never null.
    const TomlValue& table(const char* name);
    // The elements of an array of tables; empty and reported when `at_least` is not reached.
    const TomlValue::Array& tables(const char* name, std::size_t at_least = 0);

    // One of `words`, or a problem that names the nearest.
    std::string one_of(const char* name, std::initializer_list<const char*> words);

    void done();

    bool has(const char* name) const;
    int line() const { return line_; }
    int line_of(const char* name) const;
    void problem(int line, std::string reason, std::string text);

private:
    const TomlValue* find(const char* name, bool required);
    void wrong(const TomlValue& value, const char* name, std::string_view what);

    const TomlValue::Table* table_;
    int line_;
    std::string where_;
    std::vector<TomlProblem>* problems_;
    std::vector<std::string> known_;
};

} // namespace valise
