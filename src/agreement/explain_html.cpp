// SPDX-License-Identifier: Apache-2.0
#include "agreement/explain.h"
#include "agreement/internal/explain_words.h"
#include "base/codec/xml.h"

namespace valise::agreement {
namespace {

// The terms come from a file that somebody sent: each text of theirs goes through escape_xml().
std::string element(const char* name, std::string_view text) {
    return fmt::format("<{0}>{1}</{0}>\n", name, escape_xml(text));
}

// Black on white and white on black both; colours of levels stand beside their words, never alone.
constexpr const char* kHead = R"(<!DOCTYPE html>
<html lang="{0}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{1}</title>
<style>
body {{ font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }}
.banner {{ border: 3px solid; padding: .5rem 1rem; font-weight: bold; }}
.level {{ border-inline-start: .75rem solid; padding-inline-start: .5rem; margin: .75rem 0; }}
.level p {{ margin: 0; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid; padding: .25rem .5rem; text-align: start; vertical-align: top; }}
</style>
</head>
<body>
<main>
)";

void level_html(std::string& out, const Terms& terms, const Party& party, const label::Level& level,
                const Words& w) {
    const Party& other = *terms.other(party.code);
    const std::string style =
        level.color.empty() ? ""
                            : fmt::format(" style=\"border-color: {}\"", escape_xml(level.color));
    out += fmt::format("<div class=\"level\"{}>\n", style);
    out += element("p", say(w.level, level.native, level.names.at(w.lang),
                            terms.release_persons(party.code, level.code),
                            mark(w, party.levels.at(level.code))));
    const auto rows = rows_of(terms.equivalences(), party, level.code);
    if (rows.empty())
        out += element("p", say(w.unlisted, level.native, other.name.at(w.lang)));
    for (const Equivalence* row : rows)
        out += element(
            "p", say(w.becomes, level.native, other.name.at(w.lang), targets_text(w, other, *row)) +
                     " " + period_text(w, row->valid) + mark(w, row->provenance));
    out += "</div>\n";
}

void party_html(std::string& out, const Terms& terms, const Party& party, const Words& w) {
    out += element("h2", fmt::format("{} ({}){}", party.name.at(w.lang), party.code,
                                     mark(w, party.provenance)));
    for (const Authority& authority : party.authorities)
        out += element("p",
                       say(w.authority, authority.name.at(w.lang), mark(w, authority.provenance)));
    for (const label::Level& level : party.scheme.levels)
        level_html(out, terms, party, level, w);
}

void candidates_html(std::string& out, const Terms& terms, const Words& w) {
    for (const Candidate& candidate : terms.candidates()) {
        out += element("p", say(candidate.in_use ? w.in_use : w.also, candidate.name.at(w.lang)) +
                                mark(w, candidate.provenance));
        if (candidate.in_use)
            continue;
        out += "<ul>\n";
        for (const Equivalence& row : candidate.equivalences) {
            const Party& to = *terms.party(row.to_party);
            const label::Level& level = *terms.scheme(row.from_party)->by_code(row.from_level);
            out += element(
                "li", say(w.becomes, level.native, to.name.at(w.lang), targets_text(w, to, row)));
        }
        out += "</ul>\n";
    }
}

Result<void> clauses_html(std::string& out, const Words& w) {
    out += element("h2", w.clauses);
    out += fmt::format("<table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>"
                       "<th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
                       escape_xml(w.clause), escape_xml(w.row), escape_xml(w.asks));
    for (const auto& [clause, row] : all_clauses()) {
        TRY_ASSIGN(const std::string text, clause_text(clause, w.lang));
        out += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
                           escape_xml(clause), escape_xml(row), escape_xml(text));
    }
    out += "</tbody>\n</table>\n";
    return {};
}

} // namespace

Result<std::string> explain_terms_html(const Terms& terms, std::string_view lang) {
    TRY_ASSIGN(const Words* const words, words_for(lang));
    const Words& w = *words;
    const std::string& title = terms.title().at(w.lang);
    std::string out = fmt::format(fmt::runtime(kHead), w.lang, escape_xml(title));
    const Names banner = terms.banner();
    const std::string shown_banner =
        banner.empty() ? ""
                       : fmt::format("<p class=\"banner\">{}</p>\n", escape_xml(banner.at(w.lang)));
    out += shown_banner + element("h1", title);
    out += element("p", say(w.head, terms.id(), terms.version(),
                            terms.status() == Status::draft ? w.draft : w.confirmed));
    out += element("p", period_text(w, terms.validity()));
    for (const Party& party : terms.parties())
        party_html(out, terms, party, w);
    candidates_html(out, terms, w);
    std::string purposes;
    for (const Purpose& purpose : terms.purposes())
        purposes += (purposes.empty() ? "" : "; ") + purpose.name.at(w.lang);
    out += element("p", say(w.purposes, purposes));
    const ReceiptTerms& r = terms.receipt();
    out += element(
        "p", say(w.receipt, r.due_days, r.reminder_days, r.tracer_days, mark(w, r.provenance)));
    out += element("p",
                   say(w.link, terms.link().accreditation_days, mark(w, terms.link().provenance)));
    TRY(clauses_html(out, w));
    // As on every page that shows a level: at the top and at the bottom.
    out += shown_banner + "</main>\n</body>\n</html>\n";
    return out;
}

} // namespace valise::agreement
