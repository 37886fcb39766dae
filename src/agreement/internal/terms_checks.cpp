// SPDX-License-Identifier: Apache-2.0
#include "agreement/internal/terms_reader.h"
#include "base/text.h"
#include "logbook/protection.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace valise::agreement {
namespace {

// Ids stand in acts, skeletons and attribute names.
bool is_id(std::string_view id) {
    return !id.empty() && id.front() != '-' && id.back() != '-' &&
           std::ranges::all_of(id, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

class Check {
public:
    Check(const Terms& terms, Problems& problems) : terms_(terms), problems_(problems) {}

    void all() {
        if (!is_id(terms_.id()))
            add(1, "agreement.id", "the id is lower-case letters, digits and hyphens");
        parties();
        for (const Party& party : terms_.parties())
            levels(party);
        if (terms_.candidates().empty())
            table(terms_.equivalences());
        else
            candidates();
        purposes();
    }

private:
    void add(int line, std::string reason, std::string text) {
        problems_.push_back({line, std::move(reason), std::move(text)});
    }

    void parties() {
        const auto& all = terms_.parties();
        // A third party would need its own answer to every clause that says "the other".
        if (all.size() > 2)
            add(all[2].provenance.line, "agreement.party", "an agreement has exactly two parties");
        std::set<std::string> codes;
        std::set<std::string> authorities;
        std::set<std::string> policies;
        for (const Party& party : all) {
            const int line = party.provenance.line;
            if (!is_party_code(party.code))
                add(line, "agreement.party",
                    "the code of a party is 2 to 12 capital letters and digits, a letter first");
            if (!codes.insert(party.code).second)
                add(line, "agreement.party", "two parties have the code " + party.code);
            if (!policies.insert(party.scheme.policy_id).second)
                add(line, "agreement.party",
                    "two schemes have the policy id " + party.scheme.policy_id);
            for (const Authority& authority : party.authorities)
                if (!is_id(authority.id) || !authorities.insert(authority.id).second)
                    add(authority.provenance.line, "agreement.authority",
                        "authority id '" + authority.id + "' is malformed or stated twice");
        }
    }

    void levels(const Party& party) {
        if (const auto whole = party.scheme.check(); !whole)
            add(party.provenance.line, "agreement.level",
                party.code + ": " + whole.error().context());
        for (const label::Level& level : party.scheme.levels) {
            const int line = party.levels.at(level.code).line;
            if (!party.release_persons.contains(level.code))
                add(line, "agreement.release_persons",
                    fmt::format("[release] does not say how many persons release {} {}", party.code,
                                level.code));
            if (!party.copies.contains(level.code))
                add(line, "agreement.copies",
                    fmt::format("[reproduction] does not say how many copies of {} {} may be held",
                                party.code, level.code));
            if (!party.muster.contains(level.code))
                add(line, "agreement.muster",
                    fmt::format("[muster] does not say how often {} {} is mustered", party.code,
                                level.code));
            destruction(party, level, line);
            controls(party, level, line);
        }
    }

    //= O-17
    void controls(const Party& party, const label::Level& level, int line) {
        const auto stated = party.controls.find(level.code);
        if (stated == party.controls.end())
            return add(line, "agreement.controls",
                       fmt::format("[protection] does not say what protects {} {}", party.code,
                                   level.code));
        const std::vector<std::string> known(std::begin(logbook::kControls),
                                             std::end(logbook::kControls));
        for (const std::string& control : stated->second)
            if (std::ranges::find(known, control) == known.end())
                add(line, "agreement.controls",
                    fmt::format("{} {}: no control '{}'{}", party.code, level.code,
                                printable(control, 60), suggestion(control, known)));
    }

    void destruction(const Party& party, const label::Level& level, int line) {
        const auto rule = party.destruction.find(level.code);
        if (rule == party.destruction.end())
            return add(line, "agreement.destruction",
                       fmt::format("[destruction] does not say how {} {} is destroyed", party.code,
                                   level.code));
        for (const auto& [form, methods] : rule->second.methods)
            for (const std::string& method : methods)
                if (!is_id(method))
                    add(line, "agreement.destruction",
                        fmt::format("method '{}' is lower-case letters, digits and hyphens",
                                    printable(method, 60)));
                else if (method == kModification && form != logbook::Form::equipment)
                    add(line, "agreement.destruction",
                        "'modification' is a method for equipment alone"); //= O-31
    }

    void known(int line, const std::string& party_code, const std::string& level) {
        const Party* party = terms_.party(party_code);
        if (party == nullptr) {
            add(line, "agreement.equivalence", "no party '" + party_code + "'");
            return;
        }
        if (party->scheme.by_code(level) != nullptr)
            return;
        std::vector<std::string> codes;
        codes.reserve(party->scheme.levels.size());
        for (const label::Level& known_level : party->scheme.levels)
            codes.push_back(known_level.code);
        add(line, "agreement.equivalence",
            fmt::format("{} has no level '{}'{}", party_code, level, suggestion(level, codes)));
    }

    void equivalence(const Equivalence& row) {
        const int line = row.provenance.line;
        known(line, row.from_party, row.from_level);
        std::set<std::string> targets;
        for (const std::string& level : row.to_levels) {
            known(line, row.to_party, level);
            if (!targets.insert(level).second)
                add(line, "agreement.equivalence", "level '" + level + "' is listed twice");
        }
        if (row.from_party == row.to_party)
            add(line, "agreement.equivalence", "an equivalence leads from one party to the other");
        //= O-12
        if (row.to_levels.size() > 1 && !row.needs_person)
            add(line, "agreement.equivalence",
                "an equivalence to several levels needs a person (needs_person = true)");
    }

    // I13: which table is in force is open, so nothing that is confirmed may rest on one.
    void candidates() {
        const auto& all = terms_.candidates();
        const int line = all.front().provenance.line;
        if (terms_.status() == Status::confirmed)
            add(line, "agreement.candidate",
                "confirmed terms hold the one table that was confirmed, and no candidates");
        if (all.size() < 2 || std::ranges::count(all, true, &Candidate::in_use) != 1)
            add(line, "agreement.candidate",
                "candidates are two at least, and exactly one of them is in use");
        std::set<std::string> ids;
        for (const Candidate& candidate : all) {
            if (!is_id(candidate.id) || !ids.insert(candidate.id).second)
                add(candidate.provenance.line, "agreement.candidate",
                    "candidate id '" + candidate.id + "' is malformed or stated twice");
            if (candidate.equivalences.empty())
                add(candidate.provenance.line, "agreement.candidate",
                    "no equivalence belongs to the candidate '" + candidate.id + "'");
            table(candidate.equivalences);
        }
    }

    void table(const std::vector<Equivalence>& rows) {
        for (const Equivalence& row : rows)
            equivalence(row);
        overlaps(rows);
    }

    void overlaps(const std::vector<Equivalence>& rows) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (rows[i].from_party == rows[j].from_party &&
                    rows[i].from_level == rows[j].from_level &&
                    rows[i].to_party == rows[j].to_party && rows[i].valid.overlaps(rows[j].valid))
                    add(rows[i].provenance.line, "agreement.equivalence",
                        fmt::format("{} {} is already listed for some of these days (line {})",
                                    rows[i].from_party, rows[i].from_level,
                                    rows[j].provenance.line));
    }

    void purposes() {
        std::set<std::string> codes;
        for (const Purpose& purpose : terms_.purposes())
            if (!is_id(purpose.code) || !codes.insert(purpose.code).second)
                add(purpose.provenance.line, "agreement.purpose",
                    "purpose code '" + purpose.code + "' is malformed or stated twice");
    }

    const Terms& terms_;
    Problems& problems_;
};

} // namespace

void check_whole(const Terms& terms, Problems& problems) {
    Check(terms, problems).all();
}

} // namespace valise::agreement
