// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/files.h"
#include "base/codec/csv.h"
#include "base/text.h"
#include "commands.h"
#include "entering.h"
#include "label/label.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <sstream>

namespace valise::cli {

namespace {

constexpr std::size_t kFileMax = 64 << 20;
constexpr std::size_t kFaultsShown = 20;

const std::vector<std::string> kColumns = {
    "number",  "form",     "level",  "purpose",      "title",        "file",
    "pages",   "sheets",   "serial", "disclosed_by", "disclosed_to", "disclosed_at",
    "release", "reserved", "rights", "rights_note"};

struct Options {
    std::string file;
    std::string authority;
};

struct Row {
    std::size_t line = 0;
    Entry entry;
};

Result<std::int64_t> whole_number(const std::string& text) {
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out < 1)
        return fail(Code::invalid, "cli.import", "'" + printable(text) + "' is no number from 1");
    return out;
}

std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> out;
    std::istringstream words(text);
    for (std::string word; words >> word;)
        out.push_back(std::move(word));
    return out;
}

// Paths in the file are beside the file.
Result<Row> row_of(const CsvRow& csv, const Options& options) {
    const auto field = [&](const char* name) {
        const auto found = csv.fields.find(name);
        return found == csv.fields.end() ? std::string() : found->second;
    };
    for (const char* name : {"number", "form", "level", "purpose", "title"})
        if (field(name).empty())
            return fail(Code::invalid, "cli.import", fmt::format("no {}", name));
    Row out;
    out.line = csv.line;
    Entry& entry = out.entry;
    entry.former = field("number");
    entry.form = field("form");
    entry.level = field("level");
    entry.purpose = field("purpose");
    entry.title = field("title");
    entry.serial = field("serial");
    entry.disclosed_by = field("disclosed_by");
    entry.disclosed_to = field("disclosed_to");
    entry.disclosed_at = field("disclosed_at");
    entry.authority = options.authority;
    entry.reserve_copying = field("reserved") == "yes";
    if (const std::string file = field("file"); !file.empty())
        entry.file = (std::filesystem::path(options.file).parent_path() / file).string();
    for (auto [name, count] : {std::pair("pages", &entry.pages), {"sheets", &entry.sheets}})
        if (const std::string text = field(name); !text.empty()) {
            TRY_ASSIGN(*count, whole_number(text));
        }
    entry.release = words_of(field("release"));
    entry.rights = words_of(field("rights"));
    entry.rights_note = field("rights_note");
    for (const std::string& kind : entry.rights)
        if (std::ranges::find(label::kRightsKinds, kind) == std::end(label::kRightsKinds))
            return fail(Code::invalid, "cli.import",
                        "'" + printable(kind) + "' is no kind of private rights");
    return out;
}

// All of the file is read before anything is entered: whoever corrects it corrects it once.
Result<std::vector<Row>> rows_of(const Options& options) {
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(options.file, kFileMax));
    TRY_ASSIGN(const auto lines, read_csv(bytes, kColumns));
    std::vector<Row> out;
    std::set<std::string> numbers;
    std::vector<std::string> faults;
    for (const CsvRow& csv : lines) {
        auto row = row_of(csv, options);
        if (!row)
            faults.push_back(fmt::format("line {}: {}", csv.line, row.error().context()));
        else if (!numbers.insert(row->entry.former).second)
            faults.push_back(fmt::format("line {}: number '{}' stands twice", csv.line,
                                         printable(row->entry.former)));
        else
            out.push_back(std::move(*row));
    }
    if (faults.empty())
        return out;
    std::string text;
    for (std::size_t i = 0; i < std::min(faults.size(), kFaultsShown); ++i)
        text += (i == 0 ? "" : "; ") + faults[i];
    if (faults.size() > kFaultsShown)
        text += fmt::format("; and {} more", faults.size() - kFaultsShown);
    return fail(Code::invalid, "cli.import", text);
}

Result<std::set<std::string>> taken_over(Client& client) {
    std::set<std::string> out;
    for (std::string after;;) {
        TRY_ASSIGN(const Json page, client.get("/api/v1/items?limit=100" + after));
        for (const Json& item : page.value("items", Json::array()))
            if (const std::string former = item.value("former", ""); !former.empty())
                out.insert(former);
        const Json next = page.value("next", Json());
        if (!next.is_string())
            return out;
        after = "&after=" + percent_encoded(next.get<std::string>());
    }
}

// One act for each line, signed by who takes the register over. What stands in the book already is
// passed over, so that an import that broke off is run again.
Result<Exit> import(const Options& options) {
    TRY_ASSIGN(const auto rows, rows_of(options));
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const auto terms, acting.client.terms());
    TRY_ASSIGN(const auto known, taken_over(acting.client));
    Json lines = Json::array();
    std::string text;
    std::size_t entered = 0;
    std::size_t refused = 0;
    for (const Row& row : rows) {
        if (known.contains(row.entry.former))
            continue;
        auto answer = enter_item(acting, terms, row.entry);
        if (!answer)
            return fail(answer.error().code(), answer.error().reason(),
                        fmt::format("line {}, after {} entered: {}", row.line, entered,
                                    answer.error().context()));
        const bool done = permitted(*answer);
        ++(done ? entered : refused);
        text += fmt::format("line {:<6} {}  {}\n", row.line, printable(row.entry.former),
                            done ? shown(*answer, "number") : refusals_of(*answer));
        lines.push_back({{"line", row.line},
                         {"former", row.entry.former},
                         {"outcome", answer->value("outcome", "")},
                         {"item", answer->value("item", "")},
                         {"number", answer->value("number", "")},
                         {"clauses", answer->value("clauses", Json::array())}});
    }
    const std::size_t passed = rows.size() - entered - refused;
    text += fmt::format("{} {}, {} refused, {} taken over before\n", entered,
                        globals().dry_run ? "would be entered" : "entered", refused, passed);
    Json value = {{"v", 1},
                  {"rows", lines},
                  {"entered", entered},
                  {"refused", refused},
                  {"passed_over", passed}};
    if (globals().dry_run)
        value["dry_run"] = true;
    answer(std::move(value), text);
    return refused == 0 ? Exit::done : Exit::refused;
}

} // namespace

//= O-26
void add_item_import(Command& item) {
    static Options options;
    Command importing = item.sub(
        "import", "take over a register that was kept elsewhere, from CSV; its numbers are kept");
    importing
        .option(
            "file", options.file,
            "CSV with a header: number, form, level, purpose, title, and as the form needs file, "
            "pages, sheets, serial, disclosed_by, disclosed_to, disclosed_at; release (parties, "
            "separated by spaces), reserved (yes), rights (kinds, separated by spaces), "
            "rights_note",
            Need::required)
        .option("--authority ID", options.authority, "competent authority; else the registry's");
    importing.runs([] { return import(options); });
}

} // namespace valise::cli
