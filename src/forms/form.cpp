// SPDX-License-Identifier: Apache-2.0
#include "forms/form.h"

#include "base/text.h"
#include "crypto/hash.h"
#include "envelope/statement.h"
#include "forms/internal/pattern.h"
#include "logbook/number.h"
#include "logbook/receipt.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace valise::forms {

using internal::pattern_of;
using internal::Show;

namespace {

constexpr std::string_view kCode = "VALISE-FORM:1:";

std::unexpected<Error> bad(const std::string& what) {
    return fail(Code::invalid, "forms.form", what);
}

bool is_plain(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

// "registry", "-" for nobody, or ids of persons with commas between them.
bool is_people(std::string_view text) {
    if (text == "registry" || text == "-")
        return true;
    while (true) {
        const auto comma = text.find(',');
        if (!PersonId::parse(text.substr(0, comma)))
            return false;
        if (comma == std::string_view::npos)
            return true;
        text.remove_prefix(comma + 1);
    }
}

// Members that every form has and that no line of a pattern shows.
Result<FormKind> read_frame(ObjectReader& reader) {
    TRY(reader.integer("v", 1, 1));
    TRY_ASSIGN(const std::string type, reader.text("type", 64));
    TRY_ASSIGN(const FormKind kind, parse_form_kind(type));
    TRY_ASSIGN(const std::string agreement, reader.text("agreement", 64));
    if (!is_plain(agreement))
        return bad("agreement: malformed");
    TRY(reader.hash("terms"));
    return kind;
}

Result<void> read_line(ObjectReader& reader, const internal::Line& line) {
    constexpr std::int64_t kLargest = std::int64_t{1} << 53;
    switch (line.show) {
    case Show::count:
    case Show::bytes:
        TRY(reader.integer(line.member, 0, kLargest - 1));
        return {};
    case Show::hash:
        TRY(reader.hash(line.member));
        return {};
    default:
        break;
    }
    if (line.show == Show::people) {
        TRY_ASSIGN(const std::string people, reader.text(line.member, 256));
        return is_people(people) ? Result<void>()
                                 : bad(std::string(line.member) + ": expected ids of persons");
    }
    TRY_ASSIGN(const std::string text, reader.text(line.member, 64));
    if (!is_plain(text) || (line.show == Show::party && !is_party_code(text)))
        return bad(std::string(line.member) + ": malformed");
    if (line.show == Show::time)
        TRY(Time::parse(text));
    if (line.show == Show::finding)
        TRY(logbook::parse_receipt_finding(text));
    return {};
}

// A document has a size; what goes by hand has a form, a number and seals, and only it has pages.
Result<void> check_enclosed(const Json& form) {
    const bool document = form.contains("bytes");
    for (const char* name : {"form", "copy_number", "seals"})
        if (form.contains(name) == document)
            return bad(std::string(name) + ": stands in place of a size");
    return document && form.contains("pages") ? bad("pages: of a document by wire")
                                              : Result<void>();
}

std::string digest_text(ByteView bytes) {
    return to_base64(crypto::sha256(bytes));
}

Json frame(const internal::Pattern& pattern, const agreement::Terms& terms) {
    return {{"v", 1},
            {"type", pattern.name},
            {"agreement", terms.id()},
            {"terms", to_base64(terms.digest())}};
}

void add_statement(Json& out, const envelope::Statement& statement, ByteView bytes) {
    const auto& inputs = statement.inputs;
    out["sender"] = inputs.sender;
    out["recipient"] = inputs.recipient;
    out["dispatch"] = inputs.exchange;
    out["serial"] = inputs.serial;
    out["dated"] = inputs.time.text();
    out["reference"] = inputs.item;
    out["bytes"] = statement.container.plain_bytes;
    out["payload_root"] = to_base64(statement.container.payload_root);
    out["statement"] = to_base64(envelope::statement_commitment(bytes));
}

} // namespace

std::string_view to_string(FormKind kind) {
    return pattern_of(kind).name;
}

std::span<const FormKind> all_form_kinds() {
    static constexpr FormKind kAll[] = {
        FormKind::transmittal_note,        FormKind::custody_receipt, FormKind::contents_receipt,
        FormKind::destruction_certificate, FormKind::incident_report, FormKind::muster_report};
    return kAll;
}

Result<FormKind> parse_form_kind(std::string_view text) {
    std::vector<std::string> known;
    for (const auto& pattern : internal::patterns()) {
        if (pattern.name == text)
            return pattern.kind;
        known.emplace_back(pattern.name);
    }
    const std::string shown(text.substr(0, 60));
    return fail(Code::not_found, "forms.kind",
                "no form '" + printable(shown) + "'" + suggestion(shown, known));
}

Form::Form(FormKind kind, Json json)
    : kind_(kind), json_(std::move(json)), bytes_(to_bytes(canonical_json(json_))) {}

Result<Form> Form::make(FormKind kind, const agreement::Terms& terms, const Papers& papers) {
    if (!of_dispatch(kind))
        return fail(Code::invalid, "forms.kind", "a form of the book, not of a dispatch");
    const auto& pattern = pattern_of(kind);
    TRY_ASSIGN(const auto statement, envelope::Statement::parse(papers.statement));
    Json out = frame(pattern, terms);
    add_statement(out, statement, papers.statement);
    if (kind == FormKind::transmittal_note) {
        out["level"] = statement.inputs.classification.level_code;
        if (const auto& package = statement.inputs.package) {
            out.erase("bytes");
            out["form"] = package->form;
            out["copy_number"] = package->copy;
            out["seals"] = package->seals;
            if (package->pages != 0)
                out["pages"] = package->pages;
        }
        out["approvals"] = statement.inputs.release.size();
        out["signature"] = digest_text(papers.statement_signature);
    } else {
        TRY_ASSIGN(const auto receipt, logbook::Receipt::parse(papers.receipt));
        const auto& fields = receipt.fields();
        const bool custody = fields.type == logbook::ReceiptType::custody;
        if (custody != (kind == FormKind::custody_receipt) ||
            fields.statement != envelope::statement_commitment(papers.statement) ||
            fields.dispatch.text() != statement.inputs.exchange ||
            fields.party != statement.inputs.recipient)
            return fail(Code::invalid, "forms.papers",
                        "the receipt is of another kind or for another dispatch");
        out["number"] = fields.number;
        out["at"] = fields.at.text();
        out["finding"] = std::string(to_string(fields.finding));
        out["receipt"] = digest_text(papers.receipt);
        out["signature"] = digest_text(papers.receipt_signature);
    }
    return parse(view(canonical_json(out)));
}

Result<Form> Form::parse(ByteView canonical) {
    TRY_ASSIGN(Json json, parse_canonical_json(canonical, {.bytes = kMaxBytes, .depth = 4}));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "form"));
    TRY_ASSIGN(const FormKind kind, read_frame(reader));
    for (const auto& section : pattern_of(kind).sections)
        for (const auto& line : section.lines)
            if (!line.optional || reader.optional_member(line.member) != nullptr)
                TRY(read_line(reader, line));
    TRY(reader.done());
    if (kind == FormKind::transmittal_note)
        TRY(check_enclosed(json));
    return Form(kind, std::move(json));
}

std::string Form::text(const char* member) const {
    const auto found = json_.find(member);
    if (found == json_.end())
        return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

Hash32 Form::digest() const {
    using namespace std::string_view_literals;
    Bytes all = to_bytes("valise/form/v1\0"sv);
    append(all, bytes_);
    return crypto::sha256(all);
}

std::string code_text(const Hash32& digest) {
    std::string out = to_hex(digest);
    std::ranges::transform(out, out.begin(), [](char c) {
        return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    });
    return std::string(kCode) + out;
}

Result<Hash32> parse_code_text(std::string_view text) {
    std::string digits;
    for (const char c : text.substr(0, 512))
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            digits += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (digits.starts_with(kCode))
        digits.erase(0, kCode.size());
    std::erase(digits, '-');
    const auto bytes = from_hex(digits);
    if (!bytes || bytes->size() != 32)
        return fail(Code::invalid, "forms.digest",
                    "expected the text of the QR code, or the 64 digits printed beside it");
    return fixed<32>(*bytes, "forms.digest");
}

} // namespace valise::forms
