// SPDX-License-Identifier: Apache-2.0
#include "verifying/form.h"

#include "audit/record.h"
#include "base/text.h"
#include "forms/sheet.h"
#include "verifying/evidence.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

using forms::FormKind;
using logbook::ActKind;

// Which form an event stands behind, when it does.
std::optional<FormKind> form_of(const audit::Record& record) {
    if (record.withheld || record.skeleton.stage() != logbook::Stage::done)
        return std::nullopt;
    switch (record.skeleton.kind()) {
    case ActKind::dispatch:
    case ActKind::arrive:
        return FormKind::transmittal_note;
    case ActKind::custody_receipt:
        return FormKind::custody_receipt;
    case ActKind::contents_receipt:
        return FormKind::contents_receipt;
    default:
        return std::nullopt;
    }
}

Bytes bytes_of(const audit::Record& record, const char* name) {
    const Bytes* found = record.opening.find(name);
    return found == nullptr ? Bytes() : *found;
}

// The papers of each dispatch are gathered as its events go by.
std::optional<FormFound> search(const Hash32& digest, const EvidenceFile& file,
                                const agreement::Terms& terms, std::string_view language) {
    std::map<std::string, forms::Papers> papers;
    for (std::size_t i = 0; i < file.events.size(); ++i) {
        const auto record = audit::check_record(i, file.events[i]);
        const auto kind = record ? form_of(*record) : std::nullopt;
        if (!kind)
            continue;
        forms::Papers& all = papers[record->skeleton.id("dispatch")];
        if (*kind == FormKind::transmittal_note) {
            all.statement = bytes_of(*record, "statement");
            all.statement_signature = bytes_of(*record, "statement-signature");
        } else {
            all.receipt = bytes_of(*record, "receipt");
            all.receipt_signature = bytes_of(*record, "signature");
        }
        // Where the dispatch is withheld, its receipts have nothing to be made from.
        const auto form = forms::Form::make(*kind, terms, all);
        if (form && form->digest() == digest)
            return FormFound{i,
                             record->skeleton.minute(),
                             record->skeleton.kind(),
                             "",
                             *form,
                             forms::lines_of(*form, terms, language)};
    }
    return std::nullopt;
}

} // namespace

Result<Hash32> digest_in_pdf(ByteView pdf) {
    constexpr std::string_view kBegin = "VALISE-FORM:1:";
    constexpr std::size_t kDigits = 64;
    const std::string_view text = text_view(pdf);
    std::optional<Hash32> found;
    for (auto at = text.find(kBegin); at != std::string_view::npos;
         at = text.find(kBegin, at + 1)) {
        TRY_ASSIGN(const Hash32 digest,
                   forms::parse_code_text(text.substr(at, kBegin.size() + kDigits)));
        if (found && *found != digest)
            return fail(Code::invalid, "forms.digest", "the file names two forms");
        found = digest;
    }
    if (!found)
        return fail(Code::invalid, "forms.digest",
                    "the file names no form; scan its QR code, or type the digits beside it");
    return *found;
}

FormReport check_form(const Hash32& digest, ByteView evidence, const Expected& expected,
                      std::string_view language) {
    FormReport out{digest, check_evidence(evidence, expected), {}};
    if (!out.book.verified())
        return out;
    const auto file = read_evidence(evidence);
    const auto terms = file ? agreement::Terms::parse(file->terms)
                            : Result<agreement::Terms>(fail(Code::invalid, "forms.form"));
    if (!terms)
        return out; // read before, so it never comes here
    out.found = search(digest, *file, *terms, language);
    if (out.found && out.book.private_log)
        out.found->evidence = out.book.private_log->evidence;
    return out;
}

Json form_json(const FormReport& report) {
    Json out = {{"v", 1},
                {"verified", report.verified()},
                {"digest", to_base64(report.digest)},
                {"book", report_json(report.book)}};
    // The steps are the affair of `evidence`.
    out["book"].erase("steps");
    if (report.found)
        out["found"] = {{"event", report.found->event},
                        {"minute", report.found->minute.text()},
                        {"kind", std::string(to_string(report.found->act))},
                        {"evidence", report.found->evidence},
                        {"form", report.found->form.json()}};
    return out;
}

std::string form_text(const FormReport& report) {
    std::string out;
    if (!report.book.banner.empty())
        out += report.book.banner + "\n";
    out += "form      " + to_hex(report.digest) + "\n";
    if (!report.book.verified()) {
        const Fault& fault = *report.book.found;
        return out + fmt::format("REFUSED at {}: {} ({})\n", printable(fault.place),
                                 printable(fault.text), fault.reason);
    }
    if (!report.found) {
        out += "REFUSED: no event of this evidence stands behind the form";
        if (report.book.withheld > 0)
            out += fmt::format("; {} events are withheld", report.book.withheld);
        return out + "\n";
    }
    out += fmt::format("evidence  of {}, {}, {} events\n", report.book.party, report.book.terms,
                       report.book.steps.size());
    out += fmt::format("event     {} of the private log, {}, {}, evidence {}\n",
                       report.found->event, report.found->minute.text(),
                       to_string(report.found->act), report.found->evidence);
    out += fmt::format("kind      {}\n", to_string(report.found->form.kind()));
    for (const std::string& line : report.found->lines)
        out += "  " + printable(line, 1000) + "\n";
    const bool compared = report.book.identity && report.book.identity->compared;
    out += compared ? "" : "identity  not compared: give --fingerprint or --root\n";
    return out + "VERIFIED: compare these lines with the paper; only they are proved\n";
}

} // namespace valise::verifying
