// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "desk/internal/act_fields.h"
#include "desk/internal/desks.h"
#include "desk/internal/next_step.h"
#include "desk/internal/passkey_acts.h"
#include "desk/internal/verdict.h"
#include "desk/internal/views.h"

#include <algorithm>

// Every act is prepared here and signed elsewhere: no key of a person ever comes to a browser.
namespace valise::desk {

namespace {

using logbook::ActKind;

Result<ActKind> kind_at_desk(const std::string& text) {
    TRY_ASSIGN(const ActKind kind, logbook::parse_act_kind(text));
    if (!at_desk(kind))
        return fail(Code::not_found, "desk.no_form", "this act has no form at the desks");
    return kind;
}

HttpResponse form_page(const Visit& visit, ActKind kind, std::vector<Block> before,
                       const std::map<std::string, std::string>& values, unsigned status) {
    const auto terms = visit.house.registry.terms();
    const auto state = visit.house.registry.state();
    Page page{.title = visit.word(to_string(kind)),
              .lead = visit.say("You say what you decide; the next page shows what the agreement "
                                "would answer, before you sign. Nothing is recorded until then."),
              .desk = "/acts"};
    page.blocks = std::move(before);
    if (kind == ActKind::enter)
        page.blocks.push_back(Links{
            "",
            {{visit.say("Enter an electronic document"), "/enter-document",
              visit.say("A form that puts the command together; it seals on your own machine.")}}});
    page.blocks.push_back(Form{.caption = "",
                               .action = "/acts/" + std::string(to_string(kind)),
                               .submit = visit.say("Show what would be decided"),
                               .fields = act_fields(visit, state, terms, kind, values)});
    return page_response(visit, page, status);
}

// One member of an act as a person reads it.
Cell member_cell(const Visit& visit, const agreement::Terms& terms, const logbook::State& state,
                 const std::string& name, const Json& value) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (PersonId::parse(text))
        return person_cell(visit, text);
    if (const auto id = ItemId::parse(text); id && state.item(*id) != nullptr)
        return item_cell(*state.item(*id));
    if (name == "level")
        return {.text = level_words(visit, terms, state.party(), text), .sub = text};
    if (name == "purpose" && terms.purpose(text) != nullptr)
        return {.text = terms.purpose(text)->name.at(visit.p.language()), .sub = text};
    if (text.size() == 20 && Time::parse(text))
        return time_cell(text);
    if (text.size() > 160)
        return {.text = printable(text, 120) + "…",
                .sub = visit.p.say("%1 bytes", std::to_string(text.size())),
                .style = "id"};
    if (text == text_of({{"x", value}}, "x") &&
        (name == "finding" || name == "what" || name == "role" || name == "form" || name == "as"))
        return {.text = visit.word(text), .sub = text};
    return {.text = text, .style = "id"}; // letter for letter, as `valise sign` prints it
}

Facts act_facts(const Visit& visit, const agreement::Terms& terms, const logbook::State& state,
                const logbook::Act& act) {
    Facts out{visit.say("What you sign"), {}};
    for (const auto& [name, value] : act.content().items())
        out.lines.emplace_back(visit.word(name), member_cell(visit, terms, state, name, value));
    //= O-21
    // Who approves, sends or grants is told that there is a title, and not what it is: reading it
    // is an act of its own, decided and recorded.
    if (act.content().contains("item") && !act.content().contains("title"))
        out.lines.emplace_back(visit.word("title"),
                               Cell{visit.say("kept apart: who may open the item reads it there")});
    out.lines.emplace_back(visit.say("Prepared"), time_cell(act.at()));
    return out;
}

Block outcome_note(const Visit& visit, const Json& decision, bool done) {
    const bool permitted = text_of(decision, "outcome") == "permit";
    std::vector<std::string> lines;
    if (done) {
        const Json& event = decision.at("event");
        lines.push_back(visit.p.say("Event %1 of the private log, evidence %2.",
                                    text_of(event, "index"), text_of(decision, "evidence")));
        for (const auto& [name, value] : decision.at("result").items())
            if (value.is_string() && value.get<std::string>().size() < 100)
                lines.push_back(visit.word(name) + ": " + value.get<std::string>());
    } else {
        lines.push_back(permitted
                            ? visit.say("Nothing is recorded until you have signed.")
                            : visit.say("You may sign it all the same: the refusal is recorded."));
    }
    for (const Json& duty : decision.value("duties", Json::array()))
        lines.push_back(visit.p.say("Duty: %1 until %2", visit.word(text_of(duty, "what")),
                                    text_of(duty, "due").substr(0, 10)));
    const char* title =
        done ? (permitted ? phrase("Permitted and recorded") : phrase("Refused by the agreement"))
             : (permitted ? phrase("The agreement would permit it")
                          : phrase("The agreement would refuse it"));
    return Note{permitted ? "good" : "bad", visit.say(title), std::move(lines)};
}

// Who else could do it, for whom it is refused.
Table others_table(const Visit& visit, const Json& considered) {
    Table out{visit.say("Who could do it"),
              {visit.say("Person"), visit.say("Outcome"), visit.say("Clauses that refuse")},
              {},
              ""};
    std::vector<Json> people = considered.at("people");
    std::ranges::stable_sort(
        people, {}, [](const Json& one) { return text_of(one, "outcome") == "permit" ? 0 : 1; });
    for (const Json& one : people) {
        if (out.rows.size() == 30)
            break;
        std::string clauses;
        for (const Json& refusal : one.at("refusals"))
            clauses += (clauses.empty() ? "" : ", ") + text_of(refusal, "clause");
        const bool may = text_of(one, "outcome") == "permit";
        out.rows.push_back(
            {person_cell(visit, text_of(one, "person")),
             {.text = visit.word(may ? "permit" : "refuse"), .style = may ? "good" : "bad"},
             {.text = clauses, .style = "words"}});
    }
    return out;
}

// The command hands in what it signed; the text below it is for a machine that does not reach this
// registry.
void add_signing(const Visit& visit, Page& page, const Prepared& prepared) {
    const std::string here = "/prepared/" + prepared.code;
    page.blocks.push_back(
        Note{"warn",
             visit.say("Sign it with your own key"),
             {visit.say("Type the command below in a terminal of the registry's machine: it shows "
                        "the act in words, asks, signs and hands it in. Your key stays where it "
                        "is.")}});
    page.blocks.push_back(Verbatim{"sign-command", visit.say("The command that signs"),
                                   command_line(visit, "sign " + prepared.code), 2});
    page.blocks.push_back(Links{"", {{visit.say("It is signed: show what was decided"), here}}});
    for (Block& block : passkey_signing(visit, prepared))
        page.blocks.push_back(std::move(block));
    page.blocks.push_back(
        Note{"plain",
             visit.say("On a machine that does not reach this registry"),
             {visit.say("Give the text below to `valise sign`, which prints what to paste back "
                        "here.")}});
    page.blocks.push_back(
        Verbatim{"to-sign", visit.say("The act, to be signed"), to_base64(prepared.act.bytes())});
    page.blocks.push_back(Form{.caption = visit.say("Hand in the signed act"),
                               .action = here,
                               .submit = visit.say("Hand in"),
                               .fields = {{.name = "signed",
                                           .label = visit.say("What valise sign printed"),
                                           .type = "area",
                                           .required = true}}});
}

HttpResponse shown(const Visit& visit, const Prepared& prepared, std::vector<Block> before,
                   unsigned status) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    const auto state = house.registry.state();
    Page page{.title = visit.word(to_string(prepared.act.kind())), .desk = "/acts"};
    if (const auto id = ItemId::parse(text_of(prepared.act.content(), "item")))
        if (const logbook::Item* item = state.item(*id))
            shows(page, terms, state.party(), *item);
    page.blocks = std::move(before);
    if (prepared.answer) {
        page.blocks.push_back(outcome_note(visit, *prepared.answer, true));
        const bool permitted = text_of(*prepared.answer, "outcome") == "permit";
        for (Block& block : permitted ? next_steps(visit, state, terms, prepared.act)
                                      : remedies(visit, state, prepared.act, *prepared.answer))
            page.blocks.push_back(std::move(block));
        page.blocks.push_back(act_facts(visit, terms, state, prepared.act));
        page.blocks.push_back(clauses_table(visit, *prepared.answer));
        std::vector<Cell> links = {{visit.say("Back to the overview"), "/"}};
        const Json& result = prepared.answer->at("result");
        const std::string item = text_of(result, "item").empty()
                                     ? text_of(prepared.act.content(), "item")
                                     : text_of(result, "item");
        if (ItemId::parse(item))
            links.push_back({visit.say("To the item"), "/register/" + item});
        // What is permitted to be read is shown at the Reading desk, on a click of its own.
        if (text_of(result, "place") == "desk")
            links.insert(links.begin(),
                         {visit.say("Read it now"),
                          "/reading/" + text_of(prepared.answer->at("event"), "index")});
        if (text_of(result, "place") == "print")
            links.insert(links.begin(),
                         {visit.say("Print it now"),
                          "/prints/" + text_of(prepared.answer->at("event"), "index")});
        page.blocks.push_back(Links{"", std::move(links)});
        return page_response(visit, page, status);
    }
    const auto considered = house.registry.consider(prepared.act);
    if (!considered)
        return error_page(visit, considered.error());
    const Json decision = considered_json(*considered);
    page.blocks.push_back(outcome_note(visit, decision, false));
    for (Block& block : remedies(visit, state, prepared.act, decision))
        page.blocks.push_back(std::move(block));
    page.blocks.push_back(act_facts(visit, terms, state, prepared.act));
    add_signing(visit, page, prepared);
    page.blocks.push_back(clauses_table(visit, decision));
    page.blocks.push_back(others_table(visit, decision));
    return page_response(visit, page, status);
}

} // namespace

Answer acts_page(Visit& visit) {
    Page page{.title = visit.say("Acts"),
              .lead = visit.say("Everything that a person can decide here. Each act is prepared at "
                                "the desk, signed with the person's own key, decided by the "
                                "agreement and recorded."),
              .desk = "/acts"};
    for (const auto& [caption, kinds] : act_groups()) {
        Links links{visit.say(caption), {}};
        for (const ActKind kind : kinds)
            links.links.push_back({visit.word(to_string(kind)), act_path(kind, {})});
        page.blocks.push_back(std::move(links));
    }
    page.blocks.push_back(
        Links{"", {{visit.say("Enter an electronic document"), "/enter-document"}}});
    page.blocks.push_back(
        Note{"plain",
             visit.say("At the command line alone"),
             {visit.say("Entering electronic documents, which are sealed on your own machine, and "
                        "taking one to a machine of your own.")}});
    return page_response(visit, page);
}

Answer act_page(Visit& visit) {
    TRY_ASSIGN(const ActKind kind, kind_at_desk(visit.parts[0]));
    return form_page(visit, kind, {}, visit.query, 200);
}

Answer prepare_act(Visit& visit) {
    TRY_ASSIGN(const ActKind kind, kind_at_desk(visit.parts[0]));
    const auto terms = visit.house.registry.terms();
    const auto state = visit.house.registry.state();
    const auto made = [&]() -> Result<logbook::Act> {
        TRY_ASSIGN(Json content, content_of(visit, state, kind));
        TRY(complete(visit, state, terms, kind, content));
        return act_of(visit, state, terms, kind, std::move(content));
    }();
    if (!made)
        return form_page(
            visit, kind,
            {Note{"bad",
                  visit.say("The input is not right."),
                  {made.error().reason() + ": " + printable(made.error().context(), 300)}}},
            visit.form, 400);
    return redirect("/prepared/" + visit.house.sessions.prepare(visit.who->key, *made));
}

Answer prepared_page(Visit& visit) {
    const auto prepared = visit.house.sessions.prepared(visit.who->key, visit.parts[0]);
    if (!prepared)
        return fail(Code::not_found, "desk.no_prepared", "no act is prepared under this code");
    return shown(visit, *prepared, {}, 200);
}

// What comes back is what was prepared, byte for byte, and signed by the person who is signed in:
// the act names that person's key as its signer.
Answer hand_in(Visit& visit) {
    const auto prepared = visit.house.sessions.prepared(visit.who->key, visit.parts[0]);
    if (!prepared)
        return fail(Code::not_found, "desk.no_prepared", "no act is prepared under this code");
    if (prepared->answer)
        return redirect("/prepared/" + prepared->code);
    std::string text = visit.entered("signed");
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\t'; });
    const auto done = [&]() -> Result<registry::ActAnswer> {
        TRY_ASSIGN(const Bytes bytes, from_base64(text));
        TRY_ASSIGN(const auto signed_act, logbook::SignedAct::parse(bytes));
        if (!(signed_act.act() == prepared->act))
            return fail(Code::refused, "desk.other_act", "this is not the act that was prepared");
        return visit.house.registry.perform(bytes);
    }();
    return handed_in(visit, *prepared, done);
}

Answer handed_in(Visit& visit, const Prepared& prepared, const Result<registry::ActAnswer>& done) {
    if (!done)
        return shown(
            visit, prepared,
            {Note{"bad",
                  visit.say("It was not handed in"),
                  {done.error().reason() + ": " + printable(done.error().context(), 300)}}},
            400);
    visit.house.sessions.answered(visit.who->key, prepared.code, answer_json(*done));
    return redirect("/prepared/" + prepared.code);
}

} // namespace valise::desk
