// SPDX-License-Identifier: Apache-2.0
#include "verifying/form.h"

#include "agreement/editions.h"
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

// Every form of one evidence file made anew, event by event, until one has the digest.
class Search {
public:
    Search(const Hash32& digest, const agreement::Terms& terms, std::string_view language)
        : digest_(digest), terms_(terms), language_(language) {}

    std::optional<FormFound> in(const std::vector<audit::Record>& records) {
        for (const audit::Record& record : records) {
            if (!state_.apply(record.skeleton))
                return std::nullopt; // the evidence was replayed before, so it never comes here
            const auto form = of_dispatch(record) ? std::move(found_) : of_book(record);
            if (form)
                return FormFound{record.index,
                                 record.skeleton.minute(),
                                 record.skeleton.kind(),
                                 "",
                                 *form,
                                 forms::lines_of(*form, terms_, language_)};
        }
        return std::nullopt;
    }

private:
    bool is_it(const Result<forms::Form>& form) const { return form && form->digest() == digest_; }

    // The papers of each dispatch are gathered as its events go by. Where the dispatch is withheld,
    // its receipts have nothing to be made from.
    bool of_dispatch(const audit::Record& record) {
        const auto kind = form_of(record);
        if (!kind)
            return false;
        forms::Papers& all = papers_[record.skeleton.id("dispatch")];
        if (*kind == FormKind::transmittal_note) {
            all.statement = bytes_of(record, "statement");
            all.statement_signature = bytes_of(record, "statement-signature");
        } else {
            all.receipt = bytes_of(record, "receipt");
            all.receipt_signature = bytes_of(record, "signature");
        }
        auto form = forms::Form::make(*kind, terms_, all);
        if (!is_it(form))
            return false;
        found_ = std::move(*form);
        return true;
    }

    std::optional<forms::Form> made(FormKind kind, const std::string& subject) const {
        auto form = forms::Form::of_book(kind, terms_, state_, subject);
        return is_it(form) ? std::optional(std::move(*form)) : std::nullopt;
    }

    // As the book stood right after the event.
    std::optional<forms::Form> of_book(const audit::Record& record) const {
        switch (record.skeleton.kind()) {
        case ActKind::destroy:
        case ActKind::certify_destruction:
            return made(FormKind::destruction_certificate, record.skeleton.id("copy"));
        case ActKind::close_muster:
            return made(FormKind::muster_report, record.skeleton.id("muster"));
        case ActKind::report_incident:
        case ActKind::investigate:
        case ActKind::report:
        case ActKind::close_incident:
        case ActKind::take_notice:
        case ActKind::acknowledge:
            for (const auto& [id, incident] : state_.incidents())
                if (incident.event == record.index)
                    return made(FormKind::incident_report, id.text());
            return std::nullopt;
        default:
            return std::nullopt;
        }
    }

    const Hash32& digest_;
    const agreement::Terms& terms_;
    std::string_view language_;
    logbook::State state_;
    std::map<std::string, forms::Papers> papers_;
    std::optional<forms::Form> found_;
};

// A form is made under the terms in force when it is printed: any that the book ever had.
std::vector<agreement::Terms> every_terms(const std::vector<audit::Record>& records,
                                          agreement::Terms first) {
    std::vector<agreement::Terms> out;
    out.push_back(std::move(first));
    for (const audit::Record& record : records)
        if (record.skeleton.kind() == ActKind::adopt_terms && record.act() != nullptr)
            if (auto next = agreement::adopted_terms(*record.act(), out.front()))
                out.push_back(std::move(*next));
    return out;
}

std::optional<FormFound> search(const Hash32& digest, const EvidenceFile& file,
                                agreement::Terms first, std::string_view language) {
    std::vector<audit::Record> records;
    for (std::size_t i = 0; i < file.events.size(); ++i)
        if (auto record = audit::check_record(i, file.events[i]))
            records.push_back(std::move(*record));
    for (const auto& terms : every_terms(records, std::move(first)))
        if (auto found = Search(digest, terms, language).in(records))
            return found;
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
    auto terms = file ? agreement::Terms::parse(file->terms)
                      : Result<agreement::Terms>(fail(Code::invalid, "forms.form"));
    if (!terms)
        return out; // read before, so it never comes here
    out.found = search(digest, *file, std::move(*terms), language);
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
