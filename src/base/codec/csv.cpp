// SPDX-License-Identifier: Apache-2.0
#include "base/codec/csv.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace valise {
namespace {

class Reader {
public:
    Reader(std::string_view text, const CsvLimits& limits) : text_(text), limits_(limits) {}

    bool at_end() const { return at_ == text_.size(); }
    std::size_t line() const { return line_; }

    // One row with its line end; the last may have none.
    Result<std::vector<std::string>> row() {
        std::vector<std::string> out;
        for (;;) {
            TRY_ASSIGN(out.emplace_back(), field());
            if (at_end())
                return out;
            const char c = text_[at_++];
            if (c == ',')
                continue;
            if (c == '\r' && (at_end() || text_[at_++] != '\n'))
                return wrong("a carriage return stands alone");
            if (c != '\n' && c != '\r')
                return wrong("something follows a closing quote");
            ++line_;
            return out;
        }
    }

private:
    Error wrong_error(const char* what) const {
        return Error(Code::invalid, "base.csv", fmt::format("line {}: {}", line_, what));
    }
    std::unexpected<Error> wrong(const char* what) const { return fail(wrong_error(what)); }

    Result<std::string> field() {
        std::string out;
        const bool quoted = !at_end() && text_[at_] == '"';
        if (quoted)
            ++at_;
        while (!at_end()) {
            const char c = text_[at_];
            if (quoted && c == '"') {
                if (text_.substr(at_, 2) != "\"\"") {
                    ++at_;
                    return checked(std::move(out));
                }
                ++at_;
            } else if (!quoted && (c == ',' || c == '\n' || c == '\r')) {
                return checked(std::move(out));
            } else if (!quoted && c == '"') {
                return wrong("a quote inside a field that does not begin with one");
            } else if (c == '\n') {
                ++line_;
            }
            if (out.size() == limits_.field_bytes)
                return fail(Code::invalid, "base.csv_limit",
                            fmt::format("line {}: a field is longer than {} bytes", line_,
                                        limits_.field_bytes));
            out += c;
            ++at_;
        }
        if (quoted)
            return wrong("a quote is not closed");
        return checked(std::move(out));
    }

    Result<std::string> checked(std::string field) const {
        if (!is_utf8(field))
            return wrong("not UTF-8");
        return field;
    }

    std::string_view text_;
    const CsvLimits& limits_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

Result<void> check_header(const std::vector<std::string>& header,
                          const std::vector<std::string>& columns) {
    std::set<std::string> seen;
    for (const std::string& name : header) {
        if (std::ranges::find(columns, name) == columns.end())
            return fail(Code::invalid, "base.csv_column",
                        fmt::format("no column '{}' is known{}", printable(name),
                                    suggestion(name, columns)));
        if (!seen.insert(name).second)
            return fail(Code::invalid, "base.csv_column",
                        fmt::format("column '{}' stands twice", name));
    }
    return {};
}

} // namespace

Result<std::vector<CsvRow>> read_csv(ByteView bytes, const std::vector<std::string>& columns,
                                     const CsvLimits& limits) {
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.starts_with("\xef\xbb\xbf"))
        text.remove_prefix(3);
    Reader reader(text, limits);
    if (reader.at_end())
        return fail(Code::invalid, "base.csv", "line 1: no header");
    TRY_ASSIGN(const auto header, reader.row());
    TRY(check_header(header, columns));
    std::vector<CsvRow> out;
    while (!reader.at_end()) {
        if (out.size() == limits.rows)
            return fail(Code::invalid, "base.csv_limit",
                        fmt::format("more than {} rows", limits.rows));
        CsvRow row{reader.line(), {}};
        TRY_ASSIGN(auto fields, reader.row());
        if (fields.size() != header.size())
            return fail(Code::invalid, "base.csv",
                        fmt::format("line {}: {} fields under {} columns", row.line, fields.size(),
                                    header.size()));
        for (std::size_t i = 0; i < header.size(); ++i)
            if (!fields[i].empty())
                row.fields[header[i]] = std::move(fields[i]);
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace valise
