// SPDX-License-Identifier: Apache-2.0
#include "agreement/equivalence.h"
#include "desk/internal/desks.h"
#include "desk/internal/next_step.h"
#include "desk/internal/verdict.h"
#include "desk/internal/views.h"

#include <algorithm>

namespace valise::desk {

namespace {

using logbook::ActKind;

constexpr std::size_t kPageOfItems = 50;
constexpr std::size_t kNewestEvents = 100;

// A question with the answers that it admits; the first asks for nothing.
Field asking(const Visit& visit, const char* name, const std::string& label,
             std::vector<Choice> choices) {
    choices.insert(choices.begin(), {"", visit.say("any")});
    return {.name = name,
            .label = label,
            .type = "select",
            .value = visit.asked(name),
            .choices = std::move(choices)};
}

std::vector<Choice> words_of(const Visit& visit, std::initializer_list<const char*> codes) {
    std::vector<Choice> out;
    for (const char* code : codes)
        out.push_back({code, visit.word(code)});
    return out;
}

Form filter(const Visit& visit, const agreement::Terms& terms) {
    std::vector<Choice> levels;
    std::vector<Choice> origins;
    for (const auto& party : terms.parties()) {
        origins.push_back({party.code, party.code});
        for (const label::Level& level : party.scheme.levels)
            levels.push_back({level.code, level_words(visit, terms, party.code, level.code)});
    }
    std::vector<Choice> purposes;
    for (const auto& purpose : terms.purposes())
        purposes.push_back({purpose.code, purpose.name.at(visit.p.language())});
    return {
        .caption = "",
        .action = "/register",
        .submit = visit.say("Search"),
        .fields = {{.name = "number",
                    .label = visit.say("Register number"),
                    .value = visit.asked("number")},
                   asking(visit, "level", visit.say("Level"), std::move(levels)),
                   asking(visit, "purpose", visit.say("Purpose"), std::move(purposes)),
                   asking(visit, "direction", visit.say("Direction"),
                          words_of(visit, {"out", "in"})),
                   asking(visit, "origin", visit.say("Origin"), std::move(origins)),
                   asking(visit, "form", visit.say("Form"),
                          words_of(visit, {"electronic", "paper", "equipment", "oral", "visual"})),
                   asking(visit, "entry", visit.say("Entry"),
                          words_of(visit, {"entered", "corrected", "cancelled"})),
                   {.name = "order",
                    .label = visit.say("Order"),
                    .type = "select",
                    .value = visit.asked("order"),
                    .choices = {{"", visit.say("by number")},
                                {"newest", visit.say("newest first")}}}},
        .get = true,
        .style = "row"};
}

std::string purpose_words(const Visit& visit, const agreement::Terms& terms,
                          const std::string& code) {
    const auto* purpose = terms.purpose(code);
    return purpose == nullptr ? code : purpose->name.at(visit.p.language());
}

Cell own_level(const Visit& visit, const agreement::Terms& terms, const logbook::Item& item) {
    if (item.own_level.empty())
        return item.direction == logbook::Direction::in
                   ? Cell{.text = visit.say("not marked yet"), .style = "warn"}
                   : Cell{};
    return level_cell(visit, terms, visit.house.registry.party(), item.own_level);
}

std::size_t held(const logbook::State& state, const logbook::Item& item) {
    const auto copies = state.copies_of(item.id);
    return copies.size() -
           static_cast<std::size_t>(std::ranges::count(copies, logbook::CopyState::destroyed,
                                                       &logbook::CopyHolding::state));
}

// From the item alone: what the view of one item gathers besides would be gathered fifty times.
std::vector<Cell> item_row(const Visit& visit, const agreement::Terms& terms,
                           const logbook::State& state, const logbook::Item& item) {
    return {
        item_cell(item),
        level_cell(visit, terms, item.origin, item.level),
        own_level(visit, terms, item),
        {purpose_words(visit, terms, item.purpose)},
        {visit.word(to_string(item.form)), "",
         item.origin + ", " + visit.word(item.direction == logbook::Direction::in ? "in" : "out")},
        time_cell(item.entered),
        person_cell(visit, item.entered_by ? item.entered_by->text() : "registry"),
        {.text = std::to_string(held(state, item)), .style = "number"},
        state_cell(visit, std::string(to_string(item.entry)))};
}

//= O-12
// What the level is called on the other side, by the agreement's own table for today: two names of
// one protection, where a reader may take the other one for a raise.
Cell equivalent_level(const Visit& visit, const agreement::Terms& terms,
                      const logbook::Item& item) {
    const auto* other = terms.other(item.origin);
    const auto* row = other == nullptr
                          ? nullptr
                          : agreement::find_equivalence(terms, item.origin, item.level, other->code,
                                                        visit.house.registry.now());
    if (row == nullptr)
        return {.text = visit.say("none is listed"),
                .sub = clause_words(visit, "equivalence") + " (O-12)",
                .style = "warn"};
    std::string text = item.origin + " " + level_cell(visit, terms, item.origin, item.level).text +
                       " ↔ " + other->code;
    for (std::size_t i = 0; i < row->to_levels.size(); ++i)
        text +=
            (i == 0 ? " " : " / ") + level_cell(visit, terms, other->code, row->to_levels[i]).text;
    return {
        .text = text, .href = "/agreement", .sub = clause_words(visit, "equivalence") + " (O-12)"};
}

// --- one item ------------------------------------------------------------------------------------
Facts particulars(const Visit& visit, const agreement::Terms& terms, const logbook::Item& found,
                  const Json& item) {
    const auto& language = visit.p.language();
    Facts out{"", {}};
    const auto line = [&](const char* label, Cell value) {
        out.lines.emplace_back(visit.say(label), std::move(value));
    };
    line(phrase("Level"),
         level_cell(visit, terms, text_of(item, "origin"), text_of(item, "level")));
    if (text_of(item, "direction") == "in")
        line(phrase("Own level"), own_level(visit, terms, found));
    line(phrase("Equivalent level"), equivalent_level(visit, terms, found));
    if (const std::string marking = text_of(item.at("marking"), language.c_str()); !marking.empty())
        line(phrase("Marking"), {marking});
    line(phrase("Purpose"), {purpose_words(visit, terms, text_of(item, "purpose"))});
    line(phrase("Form"), {visit.word(text_of(item, "form"))});
    line(phrase("Origin"), {text_of(item, "origin")});
    line(phrase("Entered"), time_cell(text_of(item, "entered")));
    line(phrase("Entered by"), person_cell(visit, text_of(item, "entered_by")));
    line(phrase("Entry"), {.text = visit.word(text_of(item.at("entry"), "state")),
                           .sub = visit.p.say("event %1", text_of(item.at("entry"), "event"))});
    if (!text_of(item, "pages").empty())
        line(phrase("Pages"), {text_of(item, "pages")});
    if (!text_of(item, "former").empty())
        line(phrase("Former number"), {text_of(item, "former")});
    if (text_of(item, "label_level") != text_of(item, "level"))
        line(phrase("On the label"),
             level_cell(visit, terms, text_of(item, "origin"), text_of(item, "label_level")));
    if (item.at("copying_reserved").get<bool>())
        line(phrase("Copying"), {visit.say("reserved by the originator")});
    std::string rights;
    for (const std::string& kind : found.rights)
        rights += (rights.empty() ? "" : ", ") + visit.word(kind);
    if (!rights.empty())
        line(phrase("Private rights"), {rights});
    line(phrase("Id"), {.text = text_of(item, "item"), .style = "id"});
    return out;
}

Cell place_cell(const Visit& visit, const std::string& place) {
    if (PersonId::parse(place))
        return person_cell(visit, place);
    if (place == "registry" || place.empty())
        return {place.empty() ? std::string() : visit.say("at the registry")};
    return {.text = place, .style = "id"};
}

Table copies_table(const Visit& visit, const Json& item) {
    Table out{visit.say("Copies and custody"),
              {visit.word("copy"), visit.say("Form"), visit.say("State"), visit.say("Place"),
               visit.say("Back by"), visit.say("Opened by"), visit.say("Destruction")},
              {},
              visit.say("No copy is held.")};
    for (const Json& copy : item.at("copies")) {
        std::string readers;
        for (const Json& reader : copy.at("opened_by"))
            readers +=
                (readers.empty() ? "" : ", ") + person_cell(visit, reader.get<std::string>()).text;
        Cell destruction;
        if (!copy.at("destruction").is_null())
            destruction = {.text = visit.word(text_of(copy.at("destruction"), "method")),
                           .href = "/forms/destruction-certificate/" + text_of(copy, "copy"),
                           .sub = visit.p.say("certificate %1",
                                              text_of(copy.at("destruction"), "certificate"))};
        out.rows.push_back(
            {{.text = text_of(copy, "number"), .sub = text_of(copy, "copy"), .style = "key"},
             {visit.word(text_of(copy, "form"))},
             state_cell(visit, text_of(copy, "state")),
             place_cell(visit, text_of(copy, "place")),
             time_cell(text_of(copy, "due")),
             {.text = readers, .style = "names"},
             destruction});
    }
    return out;
}

Table releases_table(const Visit& visit, const agreement::Terms& terms, const Json& item) {
    Table out{visit.say("Releases"),
              {visit.say("Recipient"), visit.say("State"), visit.say("Approved by"),
               visit.say("Asked by")},
              {},
              visit.say("Nobody asked for a release.")};
    const int needed = terms.release_persons(text_of(item, "origin"), text_of(item, "level"));
    for (const Json& release : item.at("releases")) {
        std::string names;
        for (const Json& person : release.at("approvals"))
            names +=
                (names.empty() ? "" : ", ") + person_cell(visit, person.get<std::string>()).text;
        out.rows.push_back(
            {{text_of(release, "recipient")},
             state_cell(visit, text_of(release, "state")),
             {.text = names,
              .sub = visit.p.say("%1 of %2 needed", std::to_string(release.at("approvals").size()),
                                 std::to_string(needed)),
              .style = "names"},
             person_cell(visit, text_of(release, "asked_by"))});
    }
    return out;
}

Result<Table> history_table(const Visit& visit, const ItemId& item) {
    Table out{visit.say("Events and decisions"),
              {visit.say("Event"), visit.say("Act"), visit.say("Outcome"), visit.say("By"),
               visit.say("When"), visit.say("Clauses that refused or laid a duty"),
               visit.say("Evidence")},
              {},
              visit.say("No event names it.")};
    TRY_ASSIGN(const auto events, visit.house.registry.history(item, kNewestEvents));
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        Cell clauses{.style = "clause"};
        for (const auto& consulted : event->clauses())
            if (consulted.finding != logbook::ClauseFinding::pass) {
                clauses.text +=
                    (clauses.text.empty() ? "" : " ") + clause_words(visit, consulted.clause);
                clauses.sub += (clauses.sub.empty() ? "" : ", ") + consulted.clause;
            }
        if (clauses.text.empty() && !event->clauses().empty())
            clauses.sub = visit.p.say("%1 clauses passed", std::to_string(event->clauses().size()));
        out.rows.push_back({{.text = std::to_string(event->seq()), .style = "number"},
                            {visit.word(to_string(event->kind()))},
                            state_cell(visit, std::string(to_string(event->stage()))),
                            person_cell(visit, event->actor()),
                            time_cell(event->minute()),
                            clauses,
                            {visit.house.registry.evidence(event->seq())}});
    }
    return out;
}

std::vector<Cell> acts_on(const Visit& visit, const logbook::State& state,
                          const agreement::Terms& terms, const Json& item) {
    const std::string id = text_of(item, "item");
    const std::string own = visit.house.registry.party();
    const auto* other = terms.other(own);
    const std::string recipient = other == nullptr ? "" : other->code;
    std::vector<Cell> out;
    const auto plain = [&](ActKind kind, std::map<std::string, std::string> members) {
        members["item"] = id;
        out.push_back({visit.word(to_string(kind)), act_path(kind, members)});
    };
    if (text_of(item, "direction") == "out") {
        for (const ActKind kind : {ActKind::ask_release, ActKind::approve_release,
                                   ActKind::refuse_release, ActKind::dispatch})
            out.push_back(
                offered(visit, state, terms, kind, {{"item", id}, {"recipient", recipient}}));
        plain(ActKind::change_class, {});
        plain(ActKind::correct, {});
        plain(ActKind::cancel, {});
    } else {
        plain(ActKind::remark, {});
        if (const std::string dispatch = text_of(item, "dispatch"); !dispatch.empty())
            out.push_back({visit.word("contents-receipt"),
                           act_path(ActKind::contents_receipt, {{"dispatch", dispatch}})});
    }
    const auto parsed = ItemId::parse(id);
    const logbook::Item* found = parsed ? state.item(*parsed) : nullptr;
    const logbook::CopyHolding* copy = found ? copy_to_open(visit, state, *parsed) : nullptr;
    if (copy != nullptr)
        out.push_back(open_cell(visit, state, terms, *found, *copy));
    plain(ActKind::grant, {{"purpose", text_of(item, "purpose")}});
    plain(ActKind::report_incident, {});
    plain(ActKind::review_purpose, {});
    plain(ActKind::copy, {});
    return out;
}

// What can be done with one copy, each a link to a form that is filled in.
std::vector<Cell> acts_on_copies(const Visit& visit, const Json& item) {
    std::vector<Cell> out;
    for (const Json& copy : item.at("copies")) {
        const std::string state = text_of(copy, "state");
        if (state == "destroyed" || state == "away" || state == "ordered")
            continue;
        std::vector<ActKind> kinds;
        if (state == "issued" || state == "lost")
            kinds = {ActKind::take_back};
        else if (state == "destroying")
            kinds = {ActKind::certify_destruction};
        else
            kinds = {ActKind::store, ActKind::issue, ActKind::witness_destruction,
                     ActKind::destroy};
        for (const ActKind kind : kinds)
            out.push_back(
                {visit.word(to_string(kind)),
                 act_path(kind, {{"item", text_of(item, "item")}, {"copy", text_of(copy, "copy")}}),
                 visit.p.say("copy %1", text_of(copy, "number"))});
        if (out.size() > 24)
            break;
    }
    return out;
}

} // namespace

Answer register_page(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    registry::ItemQuery query;
    query.limit = kPageOfItems;
    for (const auto& [name, member] :
         {std::pair("number", &query.number), std::pair("level", &query.level),
          std::pair("purpose", &query.purpose), std::pair("origin", &query.origin),
          std::pair("form", &query.form), std::pair("entry", &query.entry),
          std::pair("direction", &query.direction), std::pair("entered_by", &query.entered_by),
          std::pair("after", &query.after)})
        *member = visit.asked(name);
    query.newest = visit.asked("order") == "newest";
    Page page{.title = visit.say("Register"),
              .lead = visit.say("The book, in the order of its numbers. Titles and names are not "
                                "shown here: they lie in the openings."),
              .desk = "/register"};
    page.blocks.push_back(filter(visit, terms));
    const auto found = house.registry.items(query);
    if (!found && found.error().code() != Code::invalid)
        return fail(found.error());
    Table table{visit.say("Items"),
                {visit.say("Number"), visit.say("Level"), visit.say("Own level"),
                 visit.say("Purpose"), visit.say("Form"), visit.say("Entered"), visit.say("By"),
                 visit.say("Copies"), visit.say("Entry")},
                {},
                found ? visit.say("Nothing in the register is like that.")
                      : visit.say("That is no register number.")};
    if (found) {
        for (const ItemId& id : found->items) {
            const logbook::Item& item = *found->state.item(id);
            shows(page, terms, house.registry.party(), item);
            table.rows.push_back(item_row(visit, terms, found->state, item));
        }
        std::string same = "/register?";
        for (const auto& [name, value] : visit.query)
            if (name != "after" && !value.empty())
                same += url_part(name) + "=" + url_part(value) + "&";
        if (!found->next.empty())
            table.next = same + "after=" + url_part(found->next);
        if (!query.after.empty())
            table.first = same.substr(0, same.size() - 1);
    }
    page.blocks.push_back(std::move(table));
    page.blocks.push_back(Links{"",
                                {{visit.say("Enter an electronic document"), "/enter-document"},
                                 {visit.say("Enter an item on paper"), "/acts/enter?form=paper"},
                                 {visit.say("The books, and as of a past day"), "/inspector"}}});
    return page_response(visit, page);
}

Answer item_page(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    TRY_ASSIGN(const ItemId id, item_named(house, visit.parts[0]));
    const auto state = house.registry.state();
    const logbook::Item* found = state.item(id);
    if (found == nullptr)
        return fail(Code::not_found, "desk.no_item", id.text());
    const Json item = item_json(state, *found, terms);
    Page page{.title = text_of(item, "number"), .desk = "/register"};
    shows(page, terms, house.registry.party(), *found);
    for (const Json& incident : item.at("incidents"))
        if (text_of(incident, "state") != "closed")
            page.blocks.push_back(Note{"bad",
                                       visit.say("An incident is open on this item"),
                                       {visit.word(text_of(incident, "what")) + ", " +
                                        visit.word(text_of(incident, "state"))}});
    if (!text_of(item, "change").empty())
        page.blocks.push_back(
            Note{"warn", visit.say("The originator changed the class: mark the item anew"), {}});
    page.blocks.push_back(particulars(visit, terms, *found, item));
    page.blocks.push_back(
        Links{visit.say("What may be done with it"), acts_on(visit, state, terms, item)});
    page.blocks.push_back(copies_table(visit, item));
    if (auto links = acts_on_copies(visit, item); !links.empty())
        page.blocks.push_back(Links{visit.say("Custody of the copies"), std::move(links)});
    if (text_of(item, "direction") == "out")
        page.blocks.push_back(releases_table(visit, terms, item));
    TRY_ASSIGN(Table history, history_table(visit, id));
    page.blocks.push_back(std::move(history));
    return page_response(visit, page);
}

} // namespace valise::desk
