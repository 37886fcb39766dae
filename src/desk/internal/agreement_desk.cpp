// SPDX-License-Identifier: Apache-2.0
#include "agreement/explain.h"
#include "desk/internal/desks.h"
#include "desk/internal/verdict.h"
#include "desk/internal/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace valise::desk {

namespace {

using logbook::ActKind;

Prose prose_of(const std::string& caption, const std::string& text) {
    Prose out{caption, {}};
    std::string_view rest = text;
    while (!rest.empty()) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const auto indent = std::min(line.find_first_not_of(' '), line.size());
        line.remove_prefix(indent);
        if (!line.empty())
            out.lines.emplace_back(static_cast<int>(indent / 2), std::string(line));
    }
    return out;
}

// --- the log -------------------------------------------------------------------------------------
constexpr int kPoints = 48;

// How the private log grew: the time of every so manieth event. A drawing of numbers alone.
Result<std::optional<Drawing>> growth(const Visit& visit, std::uint64_t size) {
    if (size < 2)
        return std::optional<Drawing>();
    std::vector<std::pair<double, double>> points; // minutes, events
    const auto steps = std::min<std::uint64_t>(kPoints, size - 1);
    for (std::uint64_t i = 0; i <= steps; ++i) {
        const std::uint64_t seq = (size - 1) * i / steps;
        TRY_ASSIGN(const auto one, visit.house.registry.skeletons(seq, 1));
        if (!one.empty())
            points.emplace_back(static_cast<double>(one.front().minute().seconds),
                                static_cast<double>(seq + 1));
    }
    // Up to now, so that a quiet week looks quiet.
    points.emplace_back(static_cast<double>(visit.house.registry.now().seconds),
                        static_cast<double>(size));
    constexpr double kWide = 720;
    constexpr double kHigh = 160;
    constexpr double kLeft = 56;
    const double from = points.front().first;
    const double span = std::max(60.0, points.back().first - from);
    std::string path;
    for (const auto& [minute, events] : points)
        path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : " L",
                            kLeft + (minute - from) / span * kWide,
                            10 + kHigh - events / static_cast<double>(size) * kHigh);
    const auto day = [](double seconds) {
        return Time{static_cast<std::int64_t>(seconds)}.text().substr(0, 16).replace(10, 1, " ") +
               " Z";
    };
    const std::string label =
        visit.p.say("Events in the private log, %1 at the newest", std::to_string(size));
    Drawing out{visit.say("Growth"), {}};
    out.svg =
        fmt::format(R"(<svg viewBox="0 0 800 205" role="img" aria-label="{0}">)"
                    R"(<path class="plot-area" d="{1} L{2:.1f} {3} L{4} {3} Z"/>)"
                    R"(<path class="plot-line" d="{1}"/>)"
                    R"(<path class="plot-axis" d="M{4} 10 V{3} H{5}"/>)"
                    R"(<text class="plot-text" x="{6}" y="18" text-anchor="end">{7}</text>)"
                    R"(<text class="plot-text" x="{6}" y="{3}" text-anchor="end">0</text>)"
                    R"(<text class="plot-text" x="{4}" y="192">{8}</text>)"
                    R"(<text class="plot-text" x="{5}" y="192" text-anchor="end">{9}</text></svg>)",
                    label, path, kLeft + (points.back().first - from) / span * kWide, 10 + kHigh,
                    kLeft, kLeft + kWide, kLeft - 8, size, day(from), day(from + span));
    return std::optional(std::move(out));
}

Result<Table> newest_events(const Visit& visit, std::uint64_t size) {
    constexpr std::uint64_t kNewest = 30;
    Table out{visit.say("Newest events"),
              {visit.say("Event"), visit.say("Act"), visit.say("Outcome"), visit.say("By"),
               visit.say("When"), visit.say("Evidence")},
              {},
              visit.say("No event yet.")};
    TRY_ASSIGN(const auto events,
               visit.house.registry.skeletons(size - std::min(size, kNewest), kNewest));
    for (auto event = events.rbegin(); event != events.rend(); ++event)
        out.rows.push_back({{.text = std::to_string(event->seq()), .style = "number"},
                            {visit.word(to_string(event->kind()))},
                            state_cell(visit, std::string(to_string(event->stage()))),
                            person_cell(visit, event->actor()),
                            time_cell(event->minute()),
                            {visit.house.registry.evidence(event->seq())}});
    return out;
}

// Size, root and signers of a checkpoint; the signers by name, since a cosignature is by whom it
// is.
Facts checkpoint_facts(const Visit& visit, const std::string& caption, const std::string& text) {
    Facts out{caption, {}};
    std::vector<std::string> lines;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        lines.emplace_back(line);
    }
    if (lines.size() < 4) {
        out.lines.emplace_back(visit.say("Checkpoint"), Cell{visit.say("nothing is signed yet")});
        return out;
    }
    std::map<std::string, int> signers;
    for (const std::string& line : lines)
        if (line.starts_with("— "))
            ++signers[line.substr(4, line.find(' ', 4) - 4)];
    out.lines.emplace_back(visit.say("Origin"), Cell{.text = lines[0], .style = "id"});
    out.lines.emplace_back(visit.say("Size"), Cell{lines[1]});
    out.lines.emplace_back(visit.say("Root"), Cell{.text = lines[2], .style = "id"});
    for (const auto& [name, count] : signers)
        out.lines.emplace_back(name == lines[0] ? visit.say("Signed by the registry")
                                                : visit.say("Cosigned by"),
                               Cell{.text = name,
                                    .sub = visit.p.say("%1 signatures", std::to_string(count)),
                                    .style = "id"});
    return out;
}

Table until_table(const Visit& visit, const agreement::Terms& terms, const std::string& caption,
                  const Json& list, bool own_levels) {
    Table out{caption,
              {visit.say("Party"), visit.say("Level"), visit.say("Until")},
              {},
              visit.say("None.")};
    for (const Json& one : list) {
        const std::string peer = text_of(one, "peer");
        out.rows.push_back(
            {{peer},
             level_cell(visit, terms, own_levels ? visit.house.registry.party() : peer,
                        text_of(one, "level")),
             time_cell(text_of(one, "until"))});
    }
    return out;
}

} // namespace

Answer agreement_page(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    const auto& language = visit.p.language();
    const Json status = status_json(house.registry, house.setting.link());
    Page page{.title = terms.title().at(language), .desk = "/agreement"};
    page.blocks.push_back(Facts{
        visit.say("Status"),
        {{visit.say("Id and version"),
          {.text = terms.id() + " · " + std::to_string(terms.version()), .style = "names"}},
         {visit.say("Status"), {visit.word(text_of(status.at("agreement"), "status"))}},
         {visit.say("Digest"), {.text = text_of(status.at("agreement"), "digest"), .style = "id"}},
         {visit.say("Test mode"), {terms.test_mode() ? visit.say("yes") : visit.say("no")}},
         {visit.say("Ends"), text_of(status, "ends").empty()
                                 ? Cell{visit.say("no notice was given")}
                                 : time_cell(text_of(status, "ends"))}}});
    Links explorer{visit.say("What would be decided"), {}};
    for (const ActKind kind : {ActKind::approve_release, ActKind::dispatch, ActKind::grant,
                               ActKind::clear, ActKind::issue, ActKind::destroy})
        explorer.links.push_back({visit.word(to_string(kind)), act_path(kind, {}),
                                  visit.say("prepare it and see; nothing is recorded")});
    explorer.links.push_back({visit.say("All acts"), "/acts"});
    page.blocks.push_back(std::move(explorer));
    TRY_ASSIGN(const std::string text, agreement::explain_terms(terms, language));
    page.blocks.push_back(prose_of(visit.say("The terms in words"), text));
    Facts purposes{visit.say("Purposes"), {}};
    for (const auto& purpose : terms.purposes())
        purposes.lines.emplace_back(purpose.name.at(language),
                                    Cell{.text = purpose.code, .style = "id"});
    page.blocks.push_back(std::move(purposes));
    Table clauses{visit.say("Clauses"),
                  {visit.say("Clause"), visit.say("Row"), visit.say("Consulted for")},
                  {},
                  ""};
    std::vector<std::pair<std::string, std::string>> order;
    std::map<std::string, std::string> acts;
    for (const ActKind kind : logbook::all_act_kinds())
        for (const auto& [clause, row] : agreement::clauses_for(kind)) {
            if (!acts.contains(clause))
                order.emplace_back(clause, row);
            std::string& named = acts[clause];
            if (named.size() < 160)
                named += (named.empty() ? "" : ", ") + visit.word(to_string(kind));
            else if (!named.ends_with("…"))
                named += " …";
        }
    for (const auto& [clause, row] : order)
        clauses.rows.push_back(
            {{.text = clause_words(visit, clause), .sub = clause, .style = "clause"},
             {row},
             {.text = "", .sub = acts[clause], .style = "words"}});
    page.blocks.push_back(std::move(clauses));
    return page_response(visit, page);
}

Answer log_page(Visit& visit) {
    const House& house = visit.house;
    const std::uint64_t size = house.registry.state().next_seq();
    Page page{.title = visit.say("Log"),
              .lead = visit.say(
                  "The two logs, who signed and cosigned them, and how far each event "
                  "is proven: E0 durable here, E1 signed by the registry, E2 "
                  "witnessed by the peer, E3 mirrored by the peer, E4 by a neutral witness."),
              .desk = "/log"};
    page.blocks.push_back(
        checkpoint_facts(visit, visit.say("Private log"),
                         house.registry.checkpoint(registry::LogName::private_log)));
    page.blocks.push_back(checkpoint_facts(
        visit, visit.say("Shared log"), house.registry.checkpoint(registry::LogName::shared_log)));
    TRY_ASSIGN(auto plot, growth(visit, size));
    if (plot)
        page.blocks.push_back(std::move(*plot));
    TRY_ASSIGN(Table events, newest_events(visit, size));
    page.blocks.push_back(std::move(events));
    return page_response(visit, page);
}

Answer peers_page(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    const auto& language = visit.p.language();
    const Json status = status_json(house.registry, house.setting.link());
    const Json& peer = status.at("peer");
    Page page{.title = visit.say("Peers"),
              .lead = visit.say("The other party's registry, the link to it, and up to which level "
                                "it may carry."),
              .desk = "/peers"};
    if (peer.is_null()) {
        page.blocks.push_back(Note{"warn", visit.say("No registry is paired with this one"), {}});
    } else {
        const auto* party = terms.party(text_of(peer, "party"));
        const std::string link = text_of(status, "link");
        page.blocks.push_back(Facts{
            "",
            {{visit.say("Party"),
              {.text = party == nullptr ? text_of(peer, "party") : party->name.at(language),
               .sub = text_of(peer, "party")}},
             {visit.say("Address"), {.text = text_of(peer, "endpoint"), .style = "id"}},
             {visit.say("Protection of the link"), {link.empty() ? visit.say("no link") : link}}}});
    }
    page.blocks.push_back(until_table(visit, terms, visit.say("Accreditations of the link"),
                                      status.at("accreditations"), true));
    page.blocks.push_back(until_table(visit, terms, visit.say("Assurances of the peer"),
                                      status.at("assurances"), false));
    page.blocks.push_back(Links{visit.say("Acts"),
                                {{visit.word("pair"), act_path(ActKind::pair, {})},
                                 {visit.word("accredit"), act_path(ActKind::accredit, {})},
                                 {visit.word("assure"), act_path(ActKind::assure, {})}}});
    return page_response(visit, page);
}

Answer people_page(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    const auto state = house.registry.state();
    constexpr std::size_t kMost = 500;
    Page page{.title = visit.say("People"),
              .lead =
                  visit.say("The register of individuals. A name stands where the person has an "
                            "account at these desks; the full names lie in the openings."),
              .desk = "/people"};
    Table table{visit.say("Persons"),
                {visit.say("Person"), visit.say("Roles"), visit.say("Clearance"),
                 visit.say("Briefed"), visit.say("Absent"), visit.say("State")},
                {},
                visit.say("Nobody is enrolled.")};
    for (const auto& [id, person] : state.persons()) {
        if (table.rows.size() == kMost)
            break;
        const Json json = person_json(person);
        std::string roles;
        for (const Json& role : json.at("roles"))
            roles += (roles.empty() ? "" : ", ") + visit.word(role.get<std::string>());
        Cell clearance;
        if (!json.at("clearance").is_null()) {
            clearance = level_cell(visit, terms, house.registry.party(),
                                   text_of(json.at("clearance"), "level"));
            clearance.sub =
                visit.p.say("until %1", text_of(json.at("clearance"), "until").substr(0, 10));
        }
        Cell absent;
        if (!json.at("absence").is_null())
            absent = {text_of(json.at("absence"), "from").substr(0, 10) + " – " +
                      text_of(json.at("absence"), "until").substr(0, 10)};
        table.rows.push_back({person_cell(visit, id.text()),
                              {roles},
                              clearance,
                              time_cell(text_of(json, "briefed")),
                              absent,
                              {.text = visit.word(person.active ? "active" : "revoked"),
                               .style = person.active ? "" : "bad"}});
    }
    page.blocks.push_back(std::move(table));
    Table facilities{visit.say("Facilities"),
                     {visit.say("Facility"), visit.say("Control officer"), visit.say("Deputy")},
                     {},
                     visit.say("No facility is recorded.")};
    for (const Json& one : facilities_json(state, house.registry.now())) {
        Cell officer = person_cell(visit, text_of(one, "officer"));
        Cell deputy = person_cell(visit, text_of(one, "deputy"));
        officer.style = deputy.style = "names";
        officer.sub = one.at("officer_in_office").get<bool>() ? visit.say("in office")
                                                              : visit.say("not in office");
        deputy.sub = one.at("deputy_acts").get<bool>() ? visit.say("acts now") : std::string();
        facilities.rows.push_back(
            {{.text = text_of(one, "facility"), .style = "names"}, officer, deputy});
    }
    page.blocks.push_back(std::move(facilities));
    Links links{visit.say("Acts"), {}};
    for (const ActKind kind :
         {ActKind::enrol, ActKind::appoint, ActKind::clear, ActKind::brief, ActKind::debrief,
          ActKind::transfer, ActKind::absence, ActKind::facility, ActKind::revoke})
        links.links.push_back({visit.word(to_string(kind)), act_path(kind, {})});
    page.blocks.push_back(std::move(links));
    return page_response(visit, page);
}

} // namespace valise::desk
