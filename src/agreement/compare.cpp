// SPDX-License-Identifier: Apache-2.0
#include "agreement/compare.h"

#include "agreement/equivalence.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace valise::agreement {
namespace {

class Comparison {
public:
    Comparison(const Terms& before, const Terms& after) : before_(before), after_(after) {}

    std::vector<TermsChange> all() {
        head();
        for (const Party& party : before_.parties())
            if (const Party* now = after_.party(party.code))
                compare(party, *now);
        equivalences();
        purposes();
        times();
        suite();
        return std::move(changes_);
    }

private:
    void add(Effect effect, std::string parameter, std::string before, std::string after,
             const char* clause) {
        changes_.push_back(
            {effect, std::move(parameter), std::move(before), std::move(after), clause});
    }

    void amended(std::string parameter, const std::string& before, const std::string& after,
                 const char* clause) {
        if (before != after)
            add(Effect::amends, std::move(parameter), before, after, clause);
    }

    // Fewer days, fewer of what is allowed.
    void lower_is_tighter(std::string parameter, int before, int after, const char* clause) {
        if (before != after)
            add(after < before ? Effect::tightens : Effect::loosens, std::move(parameter),
                std::to_string(before), std::to_string(after), clause);
    }
    void higher_is_tighter(std::string parameter, int before, int after, const char* clause) {
        if (before != after)
            add(after > before ? Effect::tightens : Effect::loosens, std::move(parameter),
                std::to_string(before), std::to_string(after), clause);
    }

    void asked(std::string parameter, bool before, bool after, const char* clause) {
        if (before != after)
            add(after ? Effect::tightens : Effect::loosens, std::move(parameter),
                before ? "true" : "false", after ? "true" : "false", clause);
    }

    static std::string text_of(const Period& period) {
        return period.from.date_text() + " .. " + (period.to ? period.to->date_text() : "open");
    }
    static std::string codes_of(const Terms& terms) {
        return fmt::format("{}, {}", terms.parties()[0].code, terms.parties()[1].code);
    }

    void head() {
        amended("id", before_.id(), after_.id(), "terms-digest");
        amended("parties", codes_of(before_), codes_of(after_), "third-party");
        amended("validity", text_of(before_.validity()), text_of(after_.validity()),
                "terms-in-force");
        if (before_.status() != after_.status())
            add(after_.status() == Status::draft ? Effect::loosens : Effect::tightens, "status",
                std::string(to_string(before_.status())), std::string(to_string(after_.status())),
                "draft-terms");
    }

    // Levels and authorities are each party's own: notified, never arranged.
    void compare(const Party& before, const Party& after) {
        const auto levels = [](const Party& party) {
            std::vector<std::string> out;
            out.reserve(party.scheme.levels.size());
            for (const label::Level& level : party.scheme.levels)
                out.push_back(fmt::format("{} {} {}", level.code, level.native, level.rank));
            std::ranges::sort(out);
            return fmt::format("{}", fmt::join(out, ", "));
        };
        const auto authorities = [](const Party& party) {
            std::vector<std::string> out;
            out.reserve(party.authorities.size());
            for (const Authority& authority : party.authorities)
                out.push_back(authority.id + " " + text_of(authority.valid));
            std::ranges::sort(out);
            return fmt::format("{}", fmt::join(out, ", "));
        };
        amended("levels " + before.code, levels(before), levels(after), "classification");
        amended("authorities " + before.code, authorities(before), authorities(after), "authority");
        amended("scheme.policy " + before.code,
                before.scheme.policy_id + " " + before.scheme.policy_uri,
                after.scheme.policy_id + " " + after.scheme.policy_uri, "classification");
        for (const auto& [level, persons] : before.release_persons)
            if (const auto now = after.release_persons.find(level);
                now != after.release_persons.end())
                higher_is_tighter(fmt::format("release.persons {} {}", before.code, level), persons,
                                  now->second, "release-separation");
        for (const auto& [level, copies] : before.copies)
            if (const auto now = after.copies.find(level); now != after.copies.end())
                lower_is_tighter(fmt::format("reproduction.copies {} {}", before.code, level),
                                 copies, now->second, "copy-limit");
        for (const auto& [level, months] : before.muster)
            if (const auto now = after.muster.find(level); now != after.muster.end())
                lower_is_tighter(fmt::format("muster.months {} {}", before.code, level), months,
                                 now->second, "muster-complete");
        exports(before, after);
        prints(before, after);
        for (const auto& [level, controls] : before.controls)
            if (const auto now = after.controls.find(level); now != after.controls.end())
                protection(before.code + " " + level, controls, now->second);
        control(before, after);
        for (const auto& [level, rule] : before.destruction)
            if (const auto now = after.destruction.find(level); now != after.destruction.end())
                destruction(before.code + " " + level, rule, now->second);
    }

    // Nothing at all, only what nobody can open there, or what the registry attests.
    void exports(const Party& before, const Party& after) {
        const auto said = [](const Party& party, const std::string& level) {
            const auto found = party.exports.find(level);
            return found == party.exports.end() ? 0 : found->second ? 2 : 1;
        };
        constexpr const char* kWords[] = {"none", "signed", "attested"};
        for (const label::Level& level : before.scheme.levels) {
            const int was = said(before, level.code);
            const int is = said(after, level.code);
            if (was != is)
                add(is < was ? Effect::tightens : Effect::loosens,
                    fmt::format("export.levels {} {}", before.code, level.code), kWords[was],
                    kWords[is], is == 0 || was == 0 ? "export-level" : "export-attested");
        }
    }

    // Nothing at all, what an officer ordered, or whatever its reader asks for.
    void prints(const Party& before, const Party& after) {
        const auto said = [](const Party& party, const std::string& level) {
            const auto found = party.prints.find(level);
            return found == party.prints.end() ? 0 : found->second ? 1 : 2;
        };
        constexpr const char* kWords[] = {"none", "ordered", "by the reader"};
        for (const label::Level& level : before.scheme.levels) {
            const int was = said(before, level.code);
            const int is = said(after, level.code);
            if (was != is)
                add(is < was ? Effect::tightens : Effect::loosens,
                    fmt::format("print.levels {} {}", before.code, level.code), kWords[was],
                    kWords[is], is == 0 || was == 0 ? "print-level" : "print-order");
        }
    }

    //= O-17
    void protection(const std::string& of, const std::set<std::string>& before,
                    const std::set<std::string>& after) {
        if (before == after)
            return;
        const Effect effect = std::ranges::includes(after, before)   ? Effect::tightens
                              : std::ranges::includes(before, after) ? Effect::loosens
                                                                     : Effect::amends;
        add(effect, "protection.controls " + of, fmt::format("{}", fmt::join(before, " ")),
            fmt::format("{}", fmt::join(after, " ")), "minimum-controls");
    }

    // An originator that may keep control, or must, can do more than before; fewer permits are
    // asked for where it may not.
    void control(const Party& before, const Party& after) {
        const auto said = [](const Party& party, const std::string& level) {
            const auto found = party.control.find(level);
            return found == party.control.end() ? 0 : found->second ? 2 : 1;
        };
        constexpr const char* kWords[] = {"none", "allowed", "required"};
        for (const label::Level& level : before.scheme.levels) {
            const int was = said(before, level.code);
            const int is = said(after, level.code);
            if (was != is)
                add(is > was ? Effect::tightens : Effect::loosens,
                    fmt::format("control.levels {} {}", before.code, level.code), kWords[was],
                    kWords[is], "originator-control");
        }
    }

    // A method more is one that was not trusted before.
    void destruction(const std::string& of, const DestructionRule& before,
                     const DestructionRule& after) {
        higher_is_tighter("destruction.persons " + of, before.persons, after.persons,
                          "destruction-persons");
        for (const auto& [form, was] : before.methods) {
            const auto& is = after.methods.at(form);
            const bool fewer = std::ranges::all_of(is, [&](const std::string& method) {
                return std::ranges::find(was, method) != was.end();
            });
            if (was != is)
                add(fewer ? Effect::tightens : Effect::loosens,
                    fmt::format("destruction.{} {}", to_string(form), of),
                    fmt::format("{}", fmt::join(was, " ")), fmt::format("{}", fmt::join(is, " ")),
                    "destruction-method");
        }
    }

    void equivalences() {
        std::set<std::int64_t> days;
        for (const Terms* terms : {&before_, &after_})
            for (const Equivalence& row : terms->equivalences()) {
                days.insert(row.valid.from.seconds);
                if (row.valid.to)
                    days.insert(row.valid.to->plus_days(1).seconds);
            }
        for (const Party& from : before_.parties()) {
            const Party& to = *before_.other(from.code);
            for (const label::Level& level : from.scheme.levels) {
                std::pair<std::string, std::string> said; // of the day before
                for (const std::int64_t day : days)
                    equivalence(from.code, level.code, to, Time{day}, said);
            }
        }
    }

    void equivalence(const std::string& from, const std::string& level, const Party& to, Time day,
                     std::pair<std::string, std::string>& said) {
        const Equivalence* was = find_equivalence(before_, from, level, to.code, day);
        const Equivalence* is = find_equivalence(after_, from, level, to.code, day);
        const auto text = [](const Equivalence* row) {
            return row == nullptr ? std::string()
                                  : fmt::format("{}{}", fmt::join(row->to_levels, " | "),
                                                row->needs_person ? ", a person chooses" : "");
        };
        const std::pair now(text(was), text(is));
        if (now.first != now.second && now != said)
            add(effect(was, is, to),
                fmt::format("equivalence {} {} from {}", from, level, day.date_text()), now.first,
                now.second, "equivalence");
        said = now;
    }

    // A level that is no longer listed is no longer sent. A choice that shrinks, or a lone level
    // that protects more, tightens; who chooses is part of it, since a registry chooses nothing.
    static Effect effect(const Equivalence* was, const Equivalence* is, const Party& to) {
        if (is == nullptr)
            return Effect::tightens;
        if (was == nullptr || (was->needs_person && !is->needs_person && is->to_levels.size() > 1))
            return Effect::loosens;
        const auto lowest = [&](const Equivalence& row) {
            int rank = 0;
            for (const std::string& code : row.to_levels)
                if (const label::Level* level = to.scheme.by_code(code))
                    rank = rank == 0 ? level->rank : std::min(rank, level->rank);
            return rank;
        };
        if (lowest(*is) != lowest(*was))
            return lowest(*is) > lowest(*was) ? Effect::tightens : Effect::loosens;
        const bool fewer = std::ranges::all_of(is->to_levels, [&](const std::string& code) {
            return std::ranges::find(was->to_levels, code) != was->to_levels.end();
        });
        if (!fewer)
            return Effect::amends;
        return was->needs_person && !is->needs_person ? Effect::loosens : Effect::tightens;
    }

    void purposes() {
        for (const Purpose& purpose : before_.purposes())
            if (after_.purpose(purpose.code) == nullptr)
                add(Effect::tightens, "purpose " + purpose.code, purpose.code, "", "purpose-known");
        for (const Purpose& purpose : after_.purposes())
            if (before_.purpose(purpose.code) == nullptr)
                add(Effect::loosens, "purpose " + purpose.code, "", purpose.code, "purpose-known");
    }

    void times() {
        asked("briefing.before_reading", before_.briefing().before_reading,
              after_.briefing().before_reading, "briefed");
        asked("facility.before_receiving", before_.facility().before_receiving,
              after_.facility().before_receiving, "facility-office");
        asked("assurance.before_dispatch", before_.assurance().before_dispatch,
              after_.assurance().before_dispatch, "assurance");
        lower_is_tighter("link.accreditation_days", before_.link().accreditation_days,
                         after_.link().accreditation_days, "accreditation-term");
        const ReceiptTerms& was = before_.receipt();
        const ReceiptTerms& is = after_.receipt();
        lower_is_tighter("circulation.issue_days", before_.circulation().issue_days,
                         after_.circulation().issue_days, "issue-term");
        higher_is_tighter("muster.spot_percent", before_.muster().spot_percent,
                          after_.muster().spot_percent, "muster-complete");
        lower_is_tighter("muster.spot_days", before_.muster().spot_days, after_.muster().spot_days,
                         "muster-complete");
        lower_is_tighter("review.months", before_.review().months, after_.review().months,
                         "review-term");
        lower_is_tighter("receipt.due_days", was.due_days, is.due_days, "receipt-due");
        lower_is_tighter("receipt.reminder_days", was.reminder_days, is.reminder_days,
                         "receipt-due");
        lower_is_tighter("receipt.tracer_days", was.tracer_days, is.tracer_days, "tracer-due");
        notice();
        const auto lease = [](const Terms& terms) {
            return terms.control() ? terms.control()->lease_hours : 0;
        };
        lower_is_tighter("control.lease_hours", lease(before_), lease(after_), "lease-term");
        if (before_.control() && after_.control())
            lower_is_tighter("control.answer_days", before_.control()->answer_days,
                             after_.control()->answer_days, "recall-told");
        shredding();
        const Inspection before = before_.inspection();
        const Inspection after = after_.inspection();
        if (before == after)
            return;
        // Without inspection is the least; at arrival comes before anybody reads. What the sender
        // reports instead of what the receiver sees is another order.
        Effect effect = Effect::amends;
        if (before == Inspection::none ||
            (before == Inspection::first_opening && after == Inspection::arrival))
            effect = Effect::tightens;
        else if (after == Inspection::none ||
                 (before == Inspection::arrival && after == Inspection::first_opening))
            effect = Effect::loosens;
        add(effect, "inspection.when", std::string(to_string(before)),
            std::string(to_string(after)), "inspection");
    }

    // What is kept longer, and what nobody may shred, is the tighter.
    void shredding() {
        constexpr int kAlways = 1201; // beyond all months that terms can say
        const auto kept = [](const Terms& terms, logbook::ActKind kind) {
            const auto& s = terms.shredding();
            return !s || s->never.contains(kind) ? kAlways : s->months_of(kind);
        };
        for (const logbook::ActKind kind : logbook::all_act_kinds())
            higher_is_tighter(fmt::format("shredding {}", logbook::to_string(kind)),
                              kept(before_, kind), kept(after_, kind), "shredding-term");
        if (!before_.shredding() || !after_.shredding())
            return;
        amended("shredding.by", before_.shredding()->by, after_.shredding()->by,
                "shredding-officer");
        amended("shredding.bases", fmt::format("{}", fmt::join(before_.shredding()->bases, ", ")),
                fmt::format("{}", fmt::join(after_.shredding()->bases, ", ")), "shredding-basis");
    }

    void notice() {
        amended("termination.notice_days", std::to_string(before_.termination().notice_days),
                std::to_string(after_.termination().notice_days), "termination-notice");
        const NoticeTerms& was = before_.notice();
        const NoticeTerms& is = after_.notice();
        amended("notice.class_change_by", was.class_change_by, is.class_change_by,
                "class-change-office");
        lower_is_tighter("notice.class_change_days", was.class_change_days, is.class_change_days,
                         "notice-duty");
        lower_is_tighter("notice.report_days", was.report_days, is.report_days,
                         "report-acknowledged");
        lower_is_tighter("notice.law_days", was.law_days, is.law_days, "law-told");
    }

    void suite() {
        const Suite& was = before_.suite();
        const Suite& is = after_.suite();
        amended("suite.payload", was.payload, is.payload, "link-accreditation");
        amended("suite.signature", was.signature, is.signature, "link-accreditation");
        amended("suite.digest", was.digest, is.digest, "link-accreditation");
        amended("suite.wrap", fmt::format("{}", fmt::join(was.wrap, ", ")),
                fmt::format("{}", fmt::join(is.wrap, ", ")), "link-accreditation");
        higher_is_tighter("suite.minimum_version", was.minimum_version, is.minimum_version,
                          "link-accreditation");
    }

    const Terms& before_;
    const Terms& after_;
    std::vector<TermsChange> changes_;
};

} // namespace

std::string_view to_string(Effect effect) {
    constexpr std::string_view kWords[] = {"tightens", "loosens", "amends"};
    return kWords[static_cast<std::size_t>(effect)];
}

std::vector<TermsChange> compare_terms(const Terms& before, const Terms& after) {
    return Comparison(before, after).all();
}

bool tightens_only(const std::vector<TermsChange>& changes) {
    return std::ranges::all_of(
        changes, [](const TermsChange& change) { return change.effect == Effect::tightens; });
}

} // namespace valise::agreement
