// SPDX-License-Identifier: Apache-2.0
#include "agreement/decide.h"
#include "agreement/explain.h"
#include "agreement/terms_toml.h"
#include "base/text.h"
#include "client.h"
#include "commands.h"
#include "streams.h"
#include "terms_changes.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

using agreement::Terms;

struct Options {
    std::string file; // empty: the registry's own
    std::string other;
    std::string act;
    bool html = false;
};

Result<Terms> read_terms(const std::string& file) {
    if (file.empty()) {
        TRY_ASSIGN(auto client, Client::connect());
        return client.terms();
    }
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(file, kMaxTerms));
    TRY_ASSIGN(auto terms, Terms::parse(bytes));
    const auto banner = terms.banner();
    if (const auto words = banner.find(globals().language); words != banner.end())
        note(words->second);
    return terms;
}

std::string period_text(const agreement::Period& period) {
    return period.from.date_text() + (period.to ? " to " + period.to->date_text() : " on");
}

Json equivalence_json(const agreement::Equivalence& row) {
    return {{"from", {{"party", row.from_party}, {"level", row.from_level}}},
            {"to", {{"party", row.to_party}, {"levels", row.to_levels}}},
            {"needs_person", row.needs_person},
            {"valid", period_text(row.valid)},
            {"source", row.provenance.source},
            {"grade", row.provenance.grade},
            {"verified", row.provenance.verified}};
}

// The tables of which a person has to confirm one; empty where there is one table only.
Json candidates_json(const Terms& terms) {
    Json out = Json::array();
    for (const auto& candidate : terms.candidates()) {
        Json rows = Json::array();
        for (const auto& row : candidate.equivalences)
            rows.push_back(equivalence_json(row));
        out.push_back({{"id", candidate.id},
                       {"name", candidate.name},
                       {"in_use", candidate.in_use},
                       {"equivalences", rows}});
    }
    return out;
}

Result<Exit> check(const Options& options) {
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(options.file, kMaxTerms));
    const auto problems = agreement::check_terms(bytes);
    Json list = Json::array();
    std::string lines;
    for (const auto& problem : problems) {
        list.push_back(
            {{"line", problem.line}, {"reason", problem.reason}, {"text", problem.text}});
        lines += fmt::format("{}:{}: {} [{}]\n", options.file, problem.line, problem.text,
                             problem.reason);
    }
    Json value = {{"file", options.file}, {"ok", problems.empty()}, {"problems", list}};
    if (problems.empty()) {
        TRY_ASSIGN(const auto terms, read_terms(options.file));
        value["id"] = terms.id();
        value["version"] = terms.version();
        value["status"] = std::string(to_string(terms.status()));
        value["digest"] = to_base64(terms.digest());
        value["candidates"] = candidates_json(terms);
        lines = fmt::format("{} version {}, {}: whole\nsha256 {}", terms.id(), terms.version(),
                            to_string(terms.status()), to_base64(terms.digest()));
        if (terms.test_mode_only())
            lines += "\na draft: it decides nothing outside of test mode";
        if (!terms.candidates().empty()) {
            lines += "\nthe table of levels is not confirmed; a person has to keep one of:";
            for (const auto& candidate : terms.candidates())
                lines +=
                    fmt::format("\n  {}: {}{}", candidate.id, candidate.name.at(globals().language),
                                candidate.in_use ? " (in use until then)" : "");
        }
    }
    answer(std::move(value), lines);
    return problems.empty() ? Exit::done : Exit::usage;
}

Json party_json(const Terms& terms, const agreement::Party& party) {
    Json levels = Json::array();
    for (const auto& level : party.scheme.levels)
        levels.push_back(
            {{"code", level.code},
             {"native", level.native},
             {"names", level.names},
             {"rank", level.rank},
             {"release_persons", terms.release_persons(party.code, level.code)},
             {"copies", terms.copies(party.code, level.code)},
             {"destruction_persons", terms.destruction(party.code, level.code)->persons}});
    Json authorities = Json::array();
    for (const auto& authority : party.authorities)
        authorities.push_back({{"id", authority.id}, {"name", authority.name}});
    return {{"code", party.code},
            {"name", party.name},
            {"authorities", authorities},
            {"levels", levels}};
}

Json terms_json(const Terms& terms) {
    Json parties = Json::array();
    for (const auto& party : terms.parties())
        parties.push_back(party_json(terms, party));
    Json equivalences = Json::array();
    for (const auto& row : terms.equivalences())
        equivalences.push_back(equivalence_json(row));
    Json purposes = Json::array();
    for (const auto& purpose : terms.purposes())
        purposes.push_back({{"code", purpose.code}, {"name", purpose.name}});
    return {{"id", terms.id()},
            {"version", terms.version()},
            {"title", terms.title()},
            {"status", std::string(to_string(terms.status()))},
            {"digest", to_base64(terms.digest())},
            {"valid", period_text(terms.validity())},
            {"parties", parties},
            {"equivalences", equivalences},
            {"candidates", candidates_json(terms)},
            {"purposes", purposes},
            {"link", {{"accreditation_days", terms.link().accreditation_days}}},
            {"issue_days", terms.circulation().issue_days},
            {"review_months", terms.review().months},
            {"receipt",
             {{"due_days", terms.receipt().due_days},
              {"reminder_days", terms.receipt().reminder_days},
              {"tracer_days", terms.receipt().tracer_days}}},
            {"inspection", std::string(to_string(terms.inspection()))},
            {"suite",
             {{"payload", terms.suite().payload},
              {"wrap", terms.suite().wrap},
              {"signature", terms.suite().signature},
              {"digest", terms.suite().digest}}}};
}

std::string parties_lines(const Terms& terms, const std::string& language) {
    std::string out;
    for (const auto& party : terms.parties()) {
        out += fmt::format("\n{} {}\n", party.code, party.name.at(language));
        for (const auto& authority : party.authorities)
            out += fmt::format("  authority  {}: {}\n", authority.id, authority.name.at(language));
        for (const auto& level : party.scheme.levels)
            out += fmt::format("  level      {} ({}, {}), release by {} persons, {} further "
                               "copies, destroyed by {} persons\n",
                               level.native, level.code, level.names.at(language),
                               terms.release_persons(party.code, level.code),
                               terms.copies(party.code, level.code),
                               terms.destruction(party.code, level.code)->persons);
    }
    return out;
}

Result<Exit> show(const Options& options) {
    TRY_ASSIGN(const auto terms, read_terms(options.file));
    const std::string& language = globals().language;
    std::string lines =
        fmt::format("{}\n{} version {}, {}; in force {}\nsha256 {}\n", terms.title().at(language),
                    terms.id(), terms.version(), to_string(terms.status()),
                    period_text(terms.validity()), to_base64(terms.digest()));
    lines += parties_lines(terms, language) + "\nEquivalent levels\n";
    for (const auto& row : terms.equivalences()) {
        std::string to;
        for (const auto& level : row.to_levels)
            to += (to.empty() ? "" : " or ") + level;
        lines += fmt::format("  {} {} -> {} {}{}; {}{}\n", row.from_party, row.from_level,
                             row.to_party, to, row.needs_person ? " (a person chooses)" : "",
                             period_text(row.valid), row.provenance.verified ? "" : "; UNVERIFIED");
    }
    lines += "\nPurposes\n";
    for (const auto& purpose : terms.purposes())
        lines += fmt::format("  {}: {}\n", purpose.code, purpose.name.at(language));
    lines += fmt::format("\nReceipts within {} working days, reminder after {}, tracer after {}\n"
                         "A link is accredited for {} days at most; contents are inspected: {}\n",
                         terms.receipt().due_days, terms.receipt().reminder_days,
                         terms.receipt().tracer_days, terms.link().accreditation_days,
                         to_string(terms.inspection()));
    answer(terms_json(terms), lines);
    return Exit::done;
}

// Every clause that is consulted for each kind of act. The order is that of the decision.
// The clauses of one kind of act, in the words of the agreement.
Result<Json> clauses_json(logbook::ActKind kind) {
    Json list = Json::array();
    for (const auto& [clause, row] : agreement::clauses_for(kind)) {
        TRY_ASSIGN(const std::string text, agreement::clause_text(clause, globals().language));
        list.push_back({{"clause", clause}, {"row", row}, {"text", text}});
    }
    return list;
}

std::string clause_lines(const std::string& kind, const Json& clauses) {
    std::string lines = "\n" + kind + "\n";
    for (const Json& clause : clauses)
        lines += fmt::format("  {:26} {:5} {}\n", shown(clause, "clause"), shown(clause, "row"),
                             shown(clause, "text"));
    return lines;
}

Result<Exit> explain(const Options& options) {
    TRY_ASSIGN(const auto terms, read_terms(options.file));
    std::optional<logbook::ActKind> only;
    std::string lines;
    if (options.html && !options.act.empty())
        return fail(Code::invalid, "cli.usage", "--html shows the whole terms, without --act");
    if (options.act.empty()) {
        const std::string& language = globals().language;
        TRY_ASSIGN(lines, options.html ? agreement::explain_terms_html(terms, language)
                                       : agreement::explain_terms(terms, language));
    } else {
        TRY_ASSIGN(only, logbook::parse_act_kind(options.act));
    }
    Json acts = Json::object();
    for (const logbook::ActKind kind : logbook::all_act_kinds()) {
        if (only && *only != kind)
            continue;
        const std::string name(to_string(kind));
        TRY_ASSIGN(acts[name], clauses_json(kind));
        if (only)
            lines += clause_lines(name, acts[name]);
    }
    Json value = {{"id", terms.id()}, {"digest", to_base64(terms.digest())}, {"acts", acts}};
    if (options.html)
        value["html"] = lines;
    answer(std::move(value), lines);
    return Exit::done;
}

// Whether what the second file changes could be an arrangement, which tightens and nothing else.
Result<Exit> compare(const Options& options) {
    TRY_ASSIGN(const auto before, read_terms(options.file));
    TRY_ASSIGN(const auto after, read_terms(options.other));
    const auto changes = agreement::compare_terms(before, after);
    const bool arrangement = agreement::tightens_only(changes);
    Json list = Json::array();
    for (const auto& change : changes)
        list.push_back({{"effect", std::string(to_string(change.effect))},
                        {"parameter", change.parameter},
                        {"before", change.before},
                        {"after", change.after},
                        {"clause", change.clause}});
    std::string lines = change_lines(changes);
    lines += changes.empty() ? "nothing that decides anything is changed"
             : arrangement
                 ? "an arrangement may do this: it only tightens"
                 : "REFUSED as an arrangement (O-08): it takes an amendment by both parties";
    answer({{"before", to_base64(before.digest())},
            {"after", to_base64(after.digest())},
            {"arrangement", arrangement},
            {"changes", list}},
           lines);
    return arrangement ? Exit::done : Exit::refused;
}

} // namespace

void add_agreement(Command& root) {
    static Options options;
    Command noun = root.sub("agreement", "an agreement as data: agreements/*.toml");
    Command checking = noun.sub("check", "every fault of a terms file, with its line");
    checking.option("file", options.file, "terms file", Need::required);
    checking.runs([] { return check(options); });
    Command comparing = noun.sub("compare", "what other terms tighten, loosen or amend");
    comparing.option("old", options.file, "terms file", Need::required)
        .option("new", options.other, "terms file", Need::required);
    comparing.runs([] { return compare(options); });
    Command showing = noun.sub("show", "parties, levels, equivalences, purposes, times");
    showing.option("file", options.file, "terms file; none: the registry's");
    showing.runs([] { return show(options); });
    Command explaining =
        noun.sub("explain", "the terms in plain words, and the clauses of each kind of act");
    explaining.option("file", options.file, "terms file; none: the registry's")
        .option("--act KIND", options.act, "one kind of act only, as dispatch")
        .flag("--html", options.html, "one page of HTML that needs nothing else");
    explaining.runs([] { return explain(options); });
    add_accord(noun);
    add_why(noun);
}

} // namespace valise::cli
