// SPDX-License-Identifier: Apache-2.0
#include "agreement/explain.h"

#include "agreement/internal/clause_texts.h"
#include "agreement/internal/explain_words.h"

namespace valise::agreement {
namespace {

std::string exported(const Terms& terms, const Party& party, const std::string& level,
                     const Words& w) {
    const auto found = party.exports.find(level);
    if (found == party.exports.end() || !terms.export_provenance())
        return w.not_out;
    return say(found->second ? w.exported : w.taken, mark(w, *terms.export_provenance()));
}

std::string printed(const Terms& terms, const Party& party, const std::string& level,
                    const Words& w) {
    const auto found = party.prints.find(level);
    if (found == party.prints.end() || !terms.print_provenance())
        return w.not_printed;
    return say(found->second ? w.print_ordered : w.printed, mark(w, *terms.print_provenance()));
}

void explain_party(std::string& out, const Terms& terms, const Party& party, const Words& w) {
    const Party& other = *terms.other(party.code);
    out +=
        fmt::format("\n{} ({}){}\n", party.name.at(w.lang), party.code, mark(w, party.provenance));
    for (const Authority& authority : party.authorities)
        out += "  " + say(w.authority, authority.name.at(w.lang), mark(w, authority.provenance)) +
               "\n";
    for (const label::Level& level : party.scheme.levels) {
        out += "  " +
               say(w.level, level.native, level.names.at(w.lang),
                   terms.release_persons(party.code, level.code),
                   mark(w, party.levels.at(level.code))) +
               "\n";
        const DestructionRule& rule = *terms.destruction(party.code, level.code);
        out += "    " +
               say(w.copies, terms.copies(party.code, level.code),
                   mark(w, terms.copies_provenance())) +
               "\n    " + exported(terms, party, level.code, w) + "\n    " +
               printed(terms, party, level.code, w) + "\n    " +
               say(w.muster, party.muster.at(level.code), mark(w, terms.muster().provenance)) +
               "\n    " +
               say(w.destroy, rule.persons,
                   fmt::format("{}", fmt::join(rule.methods.at(logbook::Form::paper), ", ")),
                   mark(w, terms.destruction_provenance())) +
               "\n";
        const auto rows = rows_of(terms.equivalences(), party, level.code);
        if (rows.empty())
            out += "    " + say(w.unlisted, level.native, other.name.at(w.lang)) + "\n";
        for (const Equivalence* row : rows)
            out +=
                "    " +
                say(w.becomes, level.native, other.name.at(w.lang), targets_text(w, other, *row)) +
                " " + period_text(w, row->valid) + mark(w, row->provenance) + "\n";
    }
}

// Which table is in use, and what the others would say.
void explain_candidates(std::string& out, const Terms& terms, const Words& w) {
    for (const Candidate& candidate : terms.candidates()) {
        out += "\n" + say(candidate.in_use ? w.in_use : w.also, candidate.name.at(w.lang)) +
               mark(w, candidate.provenance) + "\n";
        if (candidate.in_use)
            continue;
        for (const Equivalence& row : candidate.equivalences) {
            const Party& to = *terms.party(row.to_party);
            const label::Level& level = *terms.scheme(row.from_party)->by_code(row.from_level);
            out += "  " +
                   say(w.becomes, level.native, to.name.at(w.lang), targets_text(w, to, row)) +
                   "\n";
        }
    }
}

} // namespace

Result<std::string> clause_text(std::string_view clause, std::string_view lang) {
    TRY(words_for(lang));
    for (const ClauseText& row : clause_texts())
        if (clause == row.clause)
            return std::string(lang == "ja" ? row.ja : lang == "uk" ? row.uk : row.en);
    return fail(Code::not_found, "agreement.clause", "no such clause");
}

Result<std::string> explain_terms(const Terms& terms, std::string_view lang) {
    TRY_ASSIGN(const Words* const words, words_for(lang));
    const Words& w = *words;
    std::string out = terms.title().at(w.lang) + "\n";
    out += say(w.head, terms.id(), terms.version(),
               terms.status() == Status::draft ? w.draft : w.confirmed) +
           "\n";
    const Names banner = terms.banner();
    if (!banner.empty())
        out += banner.at(w.lang) + "\n";
    out += period_text(w, terms.validity()) + "\n";
    for (const Party& party : terms.parties())
        explain_party(out, terms, party, w);
    explain_candidates(out, terms, w);
    std::string purposes;
    for (const Purpose& purpose : terms.purposes())
        purposes += (purposes.empty() ? "" : "; ") + purpose.name.at(w.lang);
    out += "\n" + say(w.purposes, purposes) + "\n";
    const ReceiptTerms& r = terms.receipt();
    out += say(w.receipt, r.due_days, r.reminder_days, r.tracer_days, mark(w, r.provenance)) + "\n";
    const NoticeTerms& n = terms.notice();
    out += say(w.notice, n.class_change_days, n.class_change_by, n.report_days,
               mark(w, n.provenance)) +
           "\n";
    out += say(w.laws, n.law_days, mark(w, n.provenance)) + "\n";
    out += say(w.link, terms.link().accreditation_days, mark(w, terms.link().provenance)) + "\n";
    const bool proven =
        terms.circulation().provenance.verified && terms.review().provenance.verified;
    out += say(w.custody, terms.circulation().issue_days, terms.review().months,
               proven ? "" : w.unverified) +
           "\n";
    out += say(w.termination, terms.termination().notice_days,
               mark(w, terms.termination().provenance)) +
           "\n";
    out += say(w.spot, terms.muster().spot_percent, terms.muster().spot_days,
               mark(w, terms.muster().provenance)) +
           "\n";
    out += fmt::format("\n{}\n", w.clauses);
    for (const auto& [clause, row] : all_clauses()) {
        TRY_ASSIGN(const std::string text, clause_text(clause, lang));
        out += fmt::format("  {} ({}): {}\n", clause, row, text);
    }
    return out;
}

Result<std::string> explain_decision(const Decision& decision, std::string_view lang) {
    TRY_ASSIGN(const Words* const words, words_for(lang));
    std::string out = std::string(decision.permitted() ? words->permit : words->refuse) + "\n";
    for (const Consulted& refusal : decision.refusals()) {
        TRY_ASSIGN(const std::string text, clause_text(refusal.clause, lang));
        out +=
            fmt::format("  {} ({}): {} [{}]\n", refusal.clause, refusal.row, text, refusal.reason);
    }
    for (const Duty& duty : decision.duties)
        out += "  " + say(words->duty, duty.what, duty.due.text()) + "\n";
    return out;
}

} // namespace valise::agreement
