// SPDX-License-Identifier: Apache-2.0
#include "agreement/explain.h"

#include "agreement/internal/clause_texts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace valise::agreement {
namespace {

struct Words {
    const char* lang;
    const char* head; // id, version, status
    const char* draft;
    const char* confirmed;
    const char* unverified;
    const char* in_force; // from
    const char* until;
    const char* parties;
    const char* authority;
    const char* level;   // native, name, persons
    const char* becomes; // level, party, levels
    const char* or_word;
    const char* chooses;
    const char* unlisted;
    const char* purposes;
    const char* receipt; // due, reminder, tracer
    const char* link;
    const char* copies;  // number, mark
    const char* destroy; // persons, methods of paper, mark
    const char* custody; // days out, months to the review, mark
    const char* clauses;
    const char* permit;
    const char* refuse;
    const char* duty;
};

constexpr Words kWords[] = {
    {"en",
     "Terms {}, version {}: {}.",
     "a draft, for tests only",
     "confirmed",
     " [not verified]",
     "In force from {}",
     ", to {}",
     "Parties",
     "Competent authority: {}{}.",
     "{} ({}): {} persons release it.{}",
     "{} becomes {}: {}{}.",
     " or ",
     "; a person chooses",
     "{} is not listed and is not sent to {}.",
     "Purposes: {}.",
     "The receipt for the contents is due after {} working days; reminder after {}, tracer after "
     "{}.{}",
     "A link is accredited for {} days at most.{}",
     "At most {} further copies are held.{}",
     "{} persons destroy it; paper by: {}.{}",
     "A copy is out for {} days at most; after {} months it is asked whether an item is still "
     "needed.{}",
     "Clauses",
     "Permitted.",
     "Refused.",
     "To do: {} until {}."},
    {"ja",
     "協定条件 {}、第{}版:{}。",
     "案(試験専用)",
     "確認済み",
     "[未確認]",
     "効力発生 {}",
     "、{}まで",
     "締約国",
     "権限のある当局:{}{}",
     "{}({}):提供には{}名の決定を要する。{}",
     "{} は {} において {} に相当する{}。",
     "又は",
     "(人が選ぶ)",
     "{} は対応表になく、{}に送付しない。",
     "目的:{}。",
     "内容の受領証は{}業務日以内、督促は{}業務日後、追跡は{}業務日後。{}",
     "回線の認定は最長{}日。{}",
     "写しは原本のほか{}部まで。{}",
     "破壊には{}名を要する。紙の方法:{}。{}",
     "貸出しは最長{}日。必要性の見直しは{}か月ごと。{}",
     "条項",
     "許可。",
     "拒否。",
     "要処理:{}、期限 {}。"},
    {"uk",
     "Умови {}, версія {}: {}.",
     "проєкт, лише для випробувань",
     "підтверджено",
     " [не перевірено]",
     "Чинні з {}",
     " до {}",
     "Сторони",
     "Компетентний орган: {}{}.",
     "{} ({}): дозвіл дають {} особи.{}",
     "{} відповідає в {}: {}{}.",
     " або ",
     "; обирає людина",
     "{} немає в таблиці; для {} не передається.",
     "Мета: {}.",
     "Розписка за вміст — за {} робочих днів; нагадування — за {}, розшук — за {}.{}",
     "Лінію акредитують щонайбільше на {} днів.{}",
     "Зберігають щонайбільше {} додаткових примірників.{}",
     "Знищують {} особи; папір — способом: {}.{}",
     "Примірник у читача щонайбільше {} днів; через {} місяців питають, чи документ ще потрібен.{}",
     "Положення",
     "Дозволено.",
     "Відмовлено.",
     "Зробити: {} до {}."},
};

Result<const Words*> words_for(std::string_view lang) {
    for (const Words& words : kWords)
        if (lang == words.lang)
            return &words;
    return fail(Code::invalid, "agreement.language", "the languages are en, ja and uk");
}

const char* mark(const Words& w, const Provenance& provenance) {
    return provenance.verified ? "" : w.unverified;
}

template<class... Values> std::string say(const char* pattern, const Values&... values) {
    return fmt::format(fmt::runtime(pattern), values...);
}

std::string native_of(const Party& party, const std::string& code) {
    const label::Level* level = party.scheme.by_code(code);
    return level == nullptr ? code : level->native;
}

std::vector<const Equivalence*> rows_of(const Terms& terms, const Party& from,
                                        const std::string& level) {
    std::vector<const Equivalence*> out;
    for (const Equivalence& row : terms.equivalences())
        if (row.from_party == from.code && row.from_level == level)
            out.push_back(&row);
    std::ranges::stable_sort(out, {}, [](const Equivalence* row) { return row->valid.from; });
    return out;
}

std::string period_text(const Words& w, const Period& period) {
    std::string out = say(w.in_force, period.from.date_text());
    if (period.to)
        out += say(w.until, period.to->date_text());
    return out;
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
               "\n    " +
               say(w.destroy, rule.persons,
                   fmt::format("{}", fmt::join(rule.methods.at(logbook::Medium::paper), ", ")),
                   mark(w, terms.destruction_provenance())) +
               "\n";
        const auto rows = rows_of(terms, party, level.code);
        if (rows.empty())
            out += "    " + say(w.unlisted, level.native, other.name.at(w.lang)) + "\n";
        for (const Equivalence* row : rows) {
            std::string levels;
            for (const std::string& code : row->to_levels)
                levels += (levels.empty() ? "" : w.or_word) + native_of(other, code);
            out += "    " +
                   say(w.becomes, level.native, other.name.at(w.lang), levels,
                       row->needs_person ? w.chooses : "") +
                   " " + period_text(w, row->valid) + mark(w, row->provenance) + "\n";
        }
    }
}

// Every clause once, in the order in which the kinds of act first consult it.
std::vector<std::pair<std::string, std::string>> all_clauses() {
    std::vector<std::pair<std::string, std::string>> out;
    std::set<std::string> seen;
    for (const logbook::ActKind kind : logbook::all_act_kinds())
        for (const auto& clause : clauses_for(kind))
            if (seen.insert(clause.first).second)
                out.push_back(clause);
    return out;
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
    std::string purposes;
    for (const Purpose& purpose : terms.purposes())
        purposes += (purposes.empty() ? "" : "; ") + purpose.name.at(w.lang);
    out += "\n" + say(w.purposes, purposes) + "\n";
    const ReceiptTerms& r = terms.receipt();
    out += say(w.receipt, r.due_days, r.reminder_days, r.tracer_days, mark(w, r.provenance)) + "\n";
    out += say(w.link, terms.link().accreditation_days, mark(w, terms.link().provenance)) + "\n";
    const bool proven =
        terms.circulation().provenance.verified && terms.review().provenance.verified;
    out += say(w.custody, terms.circulation().issue_days, terms.review().months,
               proven ? "" : w.unverified) +
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

std::string decision_table(const Terms& terms) {
    std::string out = fmt::format("terms {} version {} status {}\n", terms.id(), terms.version(),
                                  to_string(terms.status()));
    out += fmt::format("in force {} .. {}\n", terms.validity().from.date_text(),
                       terms.validity().to ? terms.validity().to->date_text() : "open");
    for (const Party& party : terms.parties()) {
        const Party& other = *terms.other(party.code);
        out += fmt::format("\n{} sends to {}\n", party.code, other.code);
        for (const label::Level& level : party.scheme.levels) {
            const auto rows = rows_of(terms, party, level.code);
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
            out += fmt::format("  {:<24} {} further copies, {} persons destroy", level.code,
                               terms.copies(party.code, level.code), rule.persons);
            for (const auto& [medium, methods] : rule.methods)
                out += fmt::format("; {}: {}", to_string(medium), fmt::join(methods, " "));
            out += "\n";
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
    out += "\npurposes\n";
    for (const Purpose& purpose : terms.purposes())
        out += "  " + purpose.code + "\n";
    const Suite& suite = terms.suite();
    out += fmt::format("\nreceipt due {} reminder {} tracer {} working days\n",
                       terms.receipt().due_days, terms.receipt().reminder_days,
                       terms.receipt().tracer_days);
    out += fmt::format("accreditation at most {} days\ninspection {}\n",
                       terms.link().accreditation_days, to_string(terms.inspection()));
    out += fmt::format("a copy is out at most {} days, an item reviewed after {} months\n",
                       terms.circulation().issue_days, terms.review().months);
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
