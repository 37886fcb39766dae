// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/next_step.h"

#include "agreement/decide.h"
#include "desk/internal/verdict.h"

#include <algorithm>

namespace valise::desk {

namespace {

using logbook::ActKind;
using logbook::Role;

constexpr std::size_t kMostNames = 5;
constexpr std::size_t kMostLooked = 50; // releases and dispatches that are decided about
constexpr std::size_t kMostRows = 20;

std::vector<Role> roles_of(std::string_view clause) {
    if (clause == "control-officer")
        return {Role::control_officer};
    if (clause == "clearance-officer")
        return {Role::clearance_officer};
    if (clause == "releasing-authority")
        return {Role::releasing_authority};
    if (clause == "asking-role" || clause == "entering-role")
        return {Role::originator, Role::control_officer};
    return {};
}

// The roles that the clauses of such an act ask for.
std::vector<Role> roles_for(ActKind kind) {
    std::vector<Role> out;
    for (const auto& [clause, row] : agreement::clauses_for(kind))
        for (const Role role : roles_of(clause))
            if (std::ranges::find(out, role) == out.end())
                out.push_back(role);
    return out;
}

// What gives that which a clause found missing.
std::optional<ActKind> giver_of(std::string_view clause) {
    if (clause == "need-to-know")
        return ActKind::grant;
    if (clause == "clearance" || clause == "clearance-in-date" || clause == "revalidated")
        return ActKind::clear;
    if (clause == "briefed")
        return ActKind::brief;
    return std::nullopt;
}

std::string recipient_of(const Visit& visit, const agreement::Terms& terms) {
    const auto* other = terms.other(visit.house.registry.party());
    return other == nullptr ? std::string() : other->code;
}

const logbook::Release* release_of(const logbook::State& state, const agreement::Terms& terms,
                                   const logbook::Item& item, const std::string& recipient) {
    return state.release(logbook::release_id(logbook::release_digest(
        item.id, item.payload_root, item.label_sha256, recipient, terms.digest())));
}

Cell step(const Visit& visit, const logbook::State& state, ActKind kind,
          const std::map<std::string, std::string>& members, const std::string& more = {}) {
    Cell out{visit.word(to_string(kind)), act_path(kind, members), signers_of(visit, state, kind)};
    if (!more.empty())
        out.sub += (out.sub.empty() ? "" : " · ") + more;
    return out;
}

// A release is asked for, approved by as many as the terms ask for, and sent.
Cell step_of_release(const Visit& visit, const logbook::State& state, const agreement::Terms& terms,
                     const logbook::Item& item, const std::string& recipient) {
    const std::map<std::string, std::string> members = {{"item", item.id.text()},
                                                        {"recipient", recipient}};
    const logbook::Release* release = release_of(state, terms, item, recipient);
    if (release == nullptr || to_be_asked(release->state))
        return step(visit, state, ActKind::ask_release, members);
    const auto needed = static_cast<std::size_t>(terms.release_persons(item.origin, item.level));
    const std::string counted = visit.p.say(
        "%1 of %2 needed", std::to_string(release->approvals.size()), std::to_string(needed));
    return step(visit, state,
                release->approvals.size() < needed ? ActKind::approve_release : ActKind::dispatch,
                members, counted);
}

// Whether anybody may know of it.
bool granted_to_anybody(const logbook::State& state, const ItemId& item, Time now) {
    return std::ranges::any_of(state.persons(), [&](const auto& entry) {
        return !state.grants(entry.first, item, now).empty();
    });
}

void add_releases(const Visit& visit, Page& page, const logbook::State& state,
                  const agreement::Terms& terms, Table& out) {
    using logbook::ReleaseState;
    std::size_t looked = 0;
    for (const auto& [id, release] : state.releases()) {
        const logbook::Item* item = state.item(release.item);
        if (item == nullptr ||
            (release.state != ReleaseState::asked && release.state != ReleaseState::approved_once &&
             release.state != ReleaseState::approved))
            continue;
        if (++looked > kMostLooked || out.rows.size() == kMostRows)
            return;
        Cell part = offered(visit, state, terms,
                            release.state == ReleaseState::approved ? ActKind::dispatch
                                                                    : ActKind::approve_release,
                            {{"item", item->id.text()}, {"recipient", release.recipient}});
        if (part.style != "good")
            continue;
        part.style = "words good";
        shows(page, terms, state.party(), *item);
        out.rows.push_back(
            {part, item_cell(*item), state_cell(visit, std::string(to_string(release.state)))});
    }
}

// Whoever controls the registry: what came, and nobody may read yet.
void add_arrivals(const Visit& visit, Page& page, const logbook::State& state,
                  const agreement::Terms& terms, Table& out) {
    const Time now = visit.house.registry.now();
    if (!state.in_office(visit.who->person, now))
        return;
    std::size_t looked = 0;
    for (const auto& [id, dispatch] : state.dispatches()) {
        const logbook::Item* item = state.item(dispatch.item);
        if (dispatch.direction != logbook::Direction::in || dispatch.finding || item == nullptr)
            continue;
        if (++looked > kMostLooked || out.rows.size() == kMostRows)
            return;
        if (granted_to_anybody(state, item->id, now))
            continue;
        shows(page, terms, state.party(), *item);
        const bool marked = !item->own_level.empty();
        out.rows.push_back(
            {marked ? Cell{visit.word(to_string(ActKind::grant)),
                           act_path(ActKind::grant,
                                    {{"item", item->id.text()}, {"purpose", item->purpose}})}
                    : Cell{visit.word(to_string(ActKind::remark)),
                           act_path(ActKind::remark, {{"item", item->id.text()}})},
             item_cell(*item),
             {marked ? visit.say("It arrived, and nobody may read it yet.")
                     : visit.say("It arrived, and its own level is not chosen yet.")}});
    }
}

void add_readings(const Visit& visit, Page& page, const logbook::State& state,
                  const agreement::Terms& terms, Table& out) {
    for (const logbook::CopyHolding* copy : granted_copies(visit, state, kMostRows)) {
        const logbook::Item* item = state.item(copy->item);
        if (out.rows.size() == kMostRows)
            return;
        if (item == nullptr || copy->opened_by.contains(visit.who->person))
            continue;
        shows(page, terms, state.party(), *item);
        Cell open = open_cell(visit, state, terms, *item, *copy);
        open.style = "words " + open.style;
        out.rows.push_back(
            {open, item_cell(*item), {visit.say("You may know of it, and have not read it.")}});
    }
}

} // namespace

bool to_be_asked(logbook::ReleaseState state) {
    using logbook::ReleaseState;
    return state == ReleaseState::none || state == ReleaseState::refused ||
           state == ReleaseState::withdrawn;
}

std::string signers_of(const Visit& visit, const logbook::State& state, ActKind kind) {
    const auto accounts = visit.house.accounts.all();
    std::string out;
    for (const Role role : roles_for(kind)) {
        std::string names;
        std::size_t count = 0;
        for (const Account& account : accounts)
            if (state.has_role(account.person, role) && ++count <= kMostNames)
                names += (names.empty() ? ": " : ", ") + account.name;
        if (count > kMostNames)
            names += " …";
        out += (out.empty() ? "" : " · ") + visit.word(to_string(role)) + names;
    }
    return out;
}

std::vector<Block> next_steps(const Visit& visit, const logbook::State& state,
                              const agreement::Terms& terms, const logbook::Act& act) {
    const auto id = ItemId::parse(text_of(act.content(), "item"));
    const logbook::Item* item = id ? state.item(*id) : nullptr;
    if (item == nullptr)
        return {};
    const auto of_item = [&](std::map<std::string, std::string> more) {
        more["item"] = item->id.text();
        return more;
    };
    Links out{visit.say("Next step"), {}};
    switch (act.kind()) {
    case ActKind::enter:
    case ActKind::ask_release:
    case ActKind::approve_release: {
        const std::string asked = text_of(act.content(), "recipient");
        out.links.push_back(step_of_release(visit, state, terms, *item,
                                            asked.empty() ? recipient_of(visit, terms) : asked));
        break;
    }
    case ActKind::dispatch:
        out.links.push_back({visit.say("Out tray"), "/out",
                             visit.say("The other registry receipts it by itself; a reader there "
                                       "signs the contents receipt.")});
        break;
    case ActKind::remark:
        out.links.push_back(
            step(visit, state, ActKind::grant, of_item({{"purpose", item->purpose}})));
        break;
    case ActKind::grant: {
        const std::string reader = text_of(act.content(), "person");
        const logbook::CopyHolding* copy = copy_to_open(visit, state, item->id);
        if (copy != nullptr)
            out.links.push_back({visit.word(to_string(ActKind::open)),
                                 act_path(ActKind::open, of_item({{"copy", copy->id.text()},
                                                                  {"purpose", item->purpose}})),
                                 visit.word("reader") + ": " + person_cell(visit, reader).text});
        break;
    }
    default:
        break;
    }
    if (out.links.empty())
        return {};
    return {std::move(out)};
}

std::string remedy_words(const Visit& visit, std::string_view clause) {
    const auto kind = giver_of(clause);
    if (!kind)
        return {};
    std::string who;
    for (const Role role : roles_for(*kind))
        who += (who.empty() ? "" : ", ") + visit.word(to_string(role));
    return visit.word(to_string(*kind)) + (who.empty() ? "" : " (" + who + ")");
}

std::vector<Block> remedies(const Visit& visit, const logbook::State& state,
                            const logbook::Act& act, const Json& decision) {
    Links out{visit.say("What is missing, and who gives it"), {}};
    for (const Json& clause : decision.value("clauses", Json::array())) {
        const auto kind = giver_of(text_of(clause, "clause"));
        if (text_of(clause, "finding") != "refuse" || !kind)
            continue;
        std::map<std::string, std::string> members;
        if (*kind != ActKind::brief)
            members["person"] = visit.who->person.text();
        if (*kind == ActKind::grant)
            for (const char* name : {"item", "purpose"})
                members[name] = text_of(act.content(), name);
        out.links.push_back(step(visit, state, *kind, members));
    }
    if (out.links.empty())
        return {};
    return {std::move(out)};
}

std::vector<const logbook::CopyHolding*>
granted_copies(const Visit& visit, const logbook::State& state, std::size_t most) {
    const Time now = visit.house.registry.now();
    std::vector<const logbook::CopyHolding*> out;
    for (const auto& [id, copy] : state.copies()) {
        if (out.size() == most)
            break;
        if (copy.form == logbook::Form::electronic && copy.state == logbook::CopyState::held &&
            !state.grants(visit.who->person, copy.item, now).empty())
            out.push_back(&copy);
    }
    return out;
}

const logbook::CopyHolding* copy_to_open(const Visit& visit, const logbook::State& state,
                                         const ItemId& item) {
    const logbook::CopyHolding* found = nullptr;
    for (const auto& one : state.copies_of(item)) {
        const auto* with = std::get_if<PersonId>(&one.place);
        if (one.form != logbook::Form::electronic)
            continue;
        if (with != nullptr && *with == visit.who->person)
            return state.copy(one.id);
        if (found == nullptr && one.state == logbook::CopyState::held)
            found = state.copy(one.id);
    }
    return found;
}

Cell open_cell(const Visit& visit, const logbook::State& state, const agreement::Terms& terms,
               const logbook::Item& item, const logbook::CopyHolding& copy) {
    return offered(visit, state, terms, ActKind::open,
                   {{"item", item.id.text()}, {"copy", copy.id.text()}, {"purpose", item.purpose}});
}

std::vector<Block> waiting_for(const Visit& visit, Page& page, const logbook::State& state,
                               const agreement::Terms& terms) {
    Table out{visit.say("Waiting for you"),
              {visit.say("Next"), visit.say("Item"), visit.say("Why")},
              {},
              ""};
    add_releases(visit, page, state, terms, out);
    add_arrivals(visit, page, state, terms, out);
    add_readings(visit, page, state, terms, out);
    if (out.rows.empty())
        return {};
    return {std::move(out)};
}

} // namespace valise::desk
