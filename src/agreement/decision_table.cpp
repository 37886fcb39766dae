// SPDX-License-Identifier: Apache-2.0
#include "agreement/explain.h"
#include "agreement/internal/explain_words.h"

#include <fmt/ranges.h>

namespace valise::agreement {

std::string decision_table(const Terms& terms) {
    std::string out = fmt::format("terms {} version {} status {}\n", terms.id(), terms.version(),
                                  to_string(terms.status()));
    out += fmt::format("in force {} .. {}\n", terms.validity().from.date_text(),
                       terms.validity().to ? terms.validity().to->date_text() : "open");
    for (const Party& party : terms.parties()) {
        const Party& other = *terms.other(party.code);
        out += fmt::format("\n{} sends to {}\n", party.code, other.code);
        for (const label::Level& level : party.scheme.levels) {
            const auto rows = rows_of(terms.equivalences(), party, level.code);
            if (rows.empty())
                out += fmt::format("  {:<24} refused: equivalence\n", level.code);
            for (const Equivalence* row : rows)
                out += fmt::format("  {:<24} {} persons  -> {}  {}  {} .. {}  {}\n", level.code,
                                   terms.release_persons(party.code, level.code),
                                   fmt::join(row->to_levels, " | "),
                                   row->needs_person ? "a person marks" : "the registry marks",
                                   row->valid.from.date_text(),
                                   row->valid.to ? row->valid.to->date_text() : "open",
                                   row->provenance.verified ? "verified" : "not verified");
        }
        out += fmt::format("  {:<24} refused: third-party\n", "to any third country");
        out += fmt::format("\n{} holds, copies, destroys\n", party.code);
        for (const label::Level& level : party.scheme.levels) {
            const DestructionRule& rule = *terms.destruction(party.code, level.code);
            out += fmt::format(
                "  {:<24} {} further copies, mustered every {} months, {} persons destroy",
                level.code, terms.copies(party.code, level.code), party.muster.at(level.code),
                rule.persons);
            for (const auto& [form, methods] : rule.methods)
                out += fmt::format("; {}: {}", to_string(form), fmt::join(methods, " "));
            const auto exported = party.exports.find(level.code);
            out += fmt::format("; for a client: {}", exported == party.exports.end() ? "none"
                                                     : exported->second              ? "attested"
                                                                                     : "signed");
            const auto printed = party.prints.find(level.code);
            out += fmt::format("; printed: {}", printed == party.prints.end() ? "none"
                                                : printed->second             ? "ordered"
                                                                              : "by the reader");
            out +=
                fmt::format("; lies in a place {}", fmt::join(party.controls.at(level.code), " "));
            const auto control = party.control.find(level.code);
            out += fmt::format("; originator control: {}\n", control == party.control.end() ? "none"
                                                             : control->second ? "required"
                                                                               : "allowed");
        }
        out += fmt::format("\n{} reads, when cleared for\n", party.code);
        for (const label::Level& held : party.scheme.levels) {
            std::vector<std::string> readable;
            for (const label::Level& level : party.scheme.levels)
                if (held.rank >= level.rank)
                    readable.push_back(level.code);
            out += fmt::format("  {:<24} {}\n", held.code, fmt::join(readable, ", "));
        }
        for (const Authority& authority : party.authorities)
            out += fmt::format("  authority {:<14} {} .. {}\n", authority.id,
                               authority.valid.from.date_text(),
                               authority.valid.to ? authority.valid.to->date_text() : "open");
    }
    for (const Candidate& candidate : terms.candidates()) {
        out += fmt::format("\ncandidate {}{}\n", candidate.id, candidate.in_use ? " in use" : "");
        for (const Equivalence& row : candidate.equivalences)
            out += fmt::format("  {} {:<24} -> {}\n", row.from_party, row.from_level,
                               fmt::join(row.to_levels, " | "));
    }
    out += "\npurposes\n";
    for (const Purpose& purpose : terms.purposes())
        out += "  " + purpose.code + "\n";
    const Suite& suite = terms.suite();
    out += fmt::format("\nreceipt due {} reminder {} tracer {} working days\n",
                       terms.receipt().due_days, terms.receipt().reminder_days,
                       terms.receipt().tracer_days);
    out += fmt::format("class change by {} in {} working days; incident report in {} days\n",
                       terms.notice().class_change_by, terms.notice().class_change_days,
                       terms.notice().report_days);
    out +=
        fmt::format("laws acknowledged or supplied in {} working days\n", terms.notice().law_days);
    out += fmt::format("accreditation at most {} days\ninspection {}\n",
                       terms.link().accreditation_days, to_string(terms.inspection()));
    out +=
        fmt::format("briefing before reading {}\n", terms.briefing().before_reading ? "yes" : "no");
    out += fmt::format("facility before receiving {}\n",
                       terms.facility().before_receiving ? "yes" : "no");
    out += fmt::format("assurance before dispatch {}\n",
                       terms.assurance().before_dispatch ? "yes" : "no");
    out += fmt::format("a copy is out at most {} days, an item reviewed after {} months\n",
                       terms.circulation().issue_days, terms.review().months);
    out += fmt::format("spot check of {} in a hundred every {} days\n", terms.muster().spot_percent,
                       terms.muster().spot_days);
    out += fmt::format("ends at the earliest {} days after written notice\n",
                       terms.termination().notice_days);
    if (const auto& control = terms.control())
        out += fmt::format("a recall is answered in {} working days; lease of an opening {}\n",
                           control->answer_days,
                           control->lease_hours == 0 ? "none"
                                                     : fmt::format("{} h", control->lease_hours));
    if (const auto& s = terms.shredding()) {
        out += fmt::format("openings shredded by {} on {}, kept {} months", s->by,
                           fmt::join(s->bases, ", "), s->months);
        for (const auto& [kind, months] : s->kept)
            out += fmt::format("; {} {}", logbook::to_string(kind), months);
        for (const logbook::ActKind kind : s->never)
            out += fmt::format("; {} always", logbook::to_string(kind));
        out += "\n";
    }
    out += fmt::format("suite {} {} {} {} from version {}\n", suite.payload,
                       fmt::join(suite.wrap, ","), suite.signature, suite.digest,
                       suite.minimum_version);
    out += "\nclauses consulted\n";
    for (const logbook::ActKind kind : logbook::all_act_kinds()) {
        out += fmt::format("  {}\n", logbook::to_string(kind));
        for (const auto& [clause, row] : clauses_for(kind))
            out += fmt::format("    {:<5} {}\n", row, clause);
    }
    return out;
}

} // namespace valise::agreement
