// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "client.h"
#include "commands.h"
#include "forms/book.h"
#include "printing/print_book.h"
#include "streams.h"

#include <fmt/core.h>

#include <functional>

namespace valise::cli {

namespace {

struct Options {
    std::string as_of;
    std::string file;
    bool csv = false;
    bool pdf = false;
};

// Lines of JSON as they arrive, one at a time: a book may be larger than memory.
class Lines : public ByteSink {
public:
    explicit Lines(std::function<Result<void>(const Json&)> take) : take_(std::move(take)) {}

    Result<void> write(ByteView bytes) override {
        constexpr std::size_t kLongest = 4 << 20;
        append(line_, bytes);
        std::size_t from = 0;
        for (auto end = std::ranges::find(line_, '\n'); end != line_.end();
             end =
                 std::find(line_.begin() + static_cast<std::ptrdiff_t>(from), line_.end(), '\n')) {
            const auto stop = static_cast<std::size_t>(end - line_.begin());
            TRY_ASSIGN(const Json value, parse_json(ByteView(line_).subspan(from, stop - from),
                                                    {.bytes = kLongest, .values = 1'000'000}));
            TRY(take_(value));
            from = stop + 1;
        }
        line_.erase(line_.begin(), line_.begin() + static_cast<std::ptrdiff_t>(from));
        if (line_.size() > kLongest)
            return fail(Code::limit, "cli.answer", "a line of the book is over 4 MiB");
        return {};
    }
    bool whole() const { return line_.empty(); }

private:
    std::function<Result<void>(const Json&)> take_;
    Bytes line_;
};

std::string value_text(const Json& value) {
    if (value.is_null())
        return {};
    if (value.is_string())
        return printable(value.get_ref<const std::string&>(), 4096);
    if (!value.is_array())
        return value.dump();
    std::string out;
    for (const Json& one : value)
        out += (out.empty() ? "" : ", ") + value_text(one);
    return out;
}

//= RFC 4180 2
// A cell that a spreadsheet would take for a formula is led by an apostrophe.
std::string csv_cell(std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").contains(text.front()))
        text.insert(0, "'");
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string out = "\"";
    for (const char c : text)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

enum class Shape : std::uint8_t { text, csv, pdf, json };

Result<Shape> shape_of(const Options& options) {
    if (options.csv + options.pdf + globals().json > 1)
        return fail(Code::invalid, "cli.usage", "one of --csv, --pdf and --json");
    return options.csv      ? Shape::csv
           : options.pdf    ? Shape::pdf
           : globals().json ? Shape::json
                            : Shape::text;
}

// Writes the book as it comes; a PDF when it is whole.
class Printer {
public:
    Printer(Output& out, Shape shape) : out_(out), shape_(shape) {}

    Result<void> take(const Json& value) {
        if (columns_.is_null())
            return begin(value);
        if (value.contains("rows") && !ended_)
            return end(value);
        if (ended_)
            return fail(Code::invalid, "cli.answer", "the book goes on after its end");
        ++rows_;
        switch (shape_) {
        case Shape::json:
            return write((rows_ > 1 ? ",\n" : "\n") + value.dump());
        case Shape::csv:
            return csv_row(value);
        case Shape::pdf:
            pages_->row(values_of(value));
            return {};
        case Shape::text:
            break;
        }
        return text_row(value);
    }
    // Whether the last line came and counts the rows that came.
    bool whole() const { return ended_ && counted_ == rows_; }

private:
    Result<void> write(const std::string& text) { return out_.write(view(text)); }

    std::string heading(const Json& column) const {
        const Json words = column.value("words", Json::object());
        return words.value(globals().language, column.value("name", std::string()));
    }

    Result<void> begin(const Json& head) {
        columns_ = head.value("columns", Json::array());
        if (shape_ == Shape::pdf)
            return begin_pages(head);
        if (shape_ == Shape::json) {
            std::string text = head.dump();
            text.pop_back();
            return write(text + ",\"rows\":[");
        }
        if (shape_ == Shape::text)
            return write(fmt::format("{} of {}, as of {}\n", shown(head, "report"),
                                     shown(head, "party"), shown(head, "as_of")));
        std::string line;
        for (const Json& column : columns_)
            line += (line.empty() ? "" : ",") + csv_cell(column.value("name", std::string()));
        return write(line + "\r\n");
    }

    Result<void> begin_pages(const Json& head) {
        const std::string& language = globals().language;
        TRY_ASSIGN(const auto kind, forms::parse_book(head.value("report", std::string())));
        const std::string as_of = head.value("as_of", std::string());
        TRY_ASSIGN(const Time date, Time::parse(as_of));
        printing::BookHead cover{
            language,
            std::string(forms::title_of(kind, language)),
            head.value("party", std::string()),
            as_of,
            head.value("banner", Json::object()).value(language, std::string()),
            {},
            date};
        for (const Json& column : columns_)
            cover.columns.push_back(heading(column));
        pages_.emplace(std::move(cover));
        return {};
    }

    std::vector<std::string> values_of(const Json& row) const {
        std::vector<std::string> out;
        for (const Json& column : columns_)
            out.push_back(value_text(row.value(column.value("name", std::string()), Json())));
        return out;
    }

    Result<void> csv_row(const Json& row) {
        std::string line;
        bool first = true;
        for (std::string& value : values_of(row)) {
            line += first ? "" : ",";
            first = false;
            line += csv_cell(std::move(value));
        }
        return write(line + "\r\n");
    }

    // The first column leads, every other that says something follows with its heading.
    Result<void> text_row(const Json& row) {
        std::string text = "\n";
        bool first = true;
        for (const Json& column : columns_) {
            const std::string value =
                value_text(row.value(column.value("name", std::string()), Json()));
            if (!value.empty())
                text += fmt::format("{}{}: {}\n", first ? "" : "  ", heading(column), value);
            first = false;
        }
        return write(text);
    }

    Result<void> end(const Json& value) {
        ended_ = true;
        counted_ = value.value("rows", std::uint64_t{0});
        if (shape_ == Shape::pdf) {
            TRY_ASSIGN(const Bytes pdf, pages_->finish());
            return out_.write(pdf);
        }
        if (shape_ == Shape::json)
            return write(fmt::format("\n],\"count\":{},\"events\":{}}}\n", counted_,
                                     value.value("events", std::uint64_t{0})));
        return shape_ == Shape::csv ? Result<void>() : write(fmt::format("\n{} rows\n", counted_));
    }

    Output& out_;
    Shape shape_;
    std::optional<printing::BookPrinter> pages_; // of a PDF
    Json columns_;
    std::uint64_t rows_ = 0;
    std::uint64_t counted_ = 0;
    bool ended_ = false;
};

Result<Exit> print(const char* book, const Options& options) {
    TRY_ASSIGN(const Shape shape, shape_of(options));
    if (shape == Shape::pdf && options.file.empty())
        return fail(Code::invalid, "cli.usage", "a PDF goes to a file: --output FILE");
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const auto output, shape == Shape::pdf ? Output::create(options.file)
                                                      : Output::create_text(options.file));
    Printer printer(*output, shape);
    Lines lines([&](const Json& value) { return printer.take(value); });
    std::string path = std::string("/api/v1/reports/") + book;
    if (!options.as_of.empty())
        path += "?as_of=" + percent_encoded(options.as_of);
    TRY(client.download(path, lines));
    if (!lines.whole() || !printer.whole())
        return fail(Code::unavailable, "cli.answer", "the book ends before its last line");
    TRY(output->finish());
    return Exit::done;
}

} // namespace

void add_report(Command& root) {
    static Options options;
    Command report = root.sub("report", "the registry's books, now or as of a past moment");
    const auto add = [&](const char* book, const char* help) {
        Command one = report.sub(book, help);
        one.option("--as-of TIME", options.as_of, "as 2026-11-24 (its end) or 2026-11-24T09:30:00Z")
            .flag("--csv", options.csv, "comma-separated (RFC 4180) instead of text")
            .flag("--pdf", options.pdf, "pages to print, in the language of --language")
            .option("-o,--output FILE", options.file, "file; none or -: standard output");
        one.runs([book] { return print(book, options); });
    };
    add("register", "the control register: a row for each item");
    add("holdings", "every copy: its holder or place, and who opened it");
    add("overdue", "dispatches whose receipt is late");
    add("muster", "every muster and spot check: each copy, and what was found");
    add("access", "every opening, refused ones too");
    add("inspection", "for an inspector: persons, links, refusals, what is open, counts");
}

} // namespace valise::cli
