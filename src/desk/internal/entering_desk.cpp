// SPDX-License-Identifier: Apache-2.0
#include "agreement/decide.h"
#include "desk/internal/desks.h"
#include "desk/internal/verdict.h"
#include "desk/shell_word.h"

#include <algorithm>

// An electronic document is sealed on its person's own machine and never comes to these pages: here
// the command that does it is put together. Nothing of it is kept, and the title is in a form's
// body, not in an address that a browser remembers.
namespace valise::desk {

namespace {

using logbook::ActKind;

constexpr const char* kHere = "/enter-document";

std::vector<Choice> level_choices(const Visit& visit, const agreement::Terms& terms) {
    std::vector<Choice> out = {{"", "–"}};
    const std::string& party = visit.house.registry.party();
    if (const label::Scheme* scheme = terms.scheme(party))
        for (const label::Level& level : scheme->levels)
            out.push_back({level.code, level_words(visit, terms, party, level.code)});
    return out;
}

std::vector<Choice> purpose_choices(const Visit& visit, const agreement::Terms& terms) {
    std::vector<Choice> out = {{"", "–"}};
    for (const auto& purpose : terms.purposes())
        out.push_back(
            {purpose.code, purpose.name.at(visit.p.language()) + " (" + purpose.code + ")"});
    return out;
}

std::vector<Choice> release_choices(const Visit& visit, const agreement::Terms& terms) {
    std::vector<Choice> out = {{"", visit.say("both parties")}};
    for (const auto& party : terms.parties())
        if (party.code != visit.house.registry.party())
            out.push_back(
                {party.code, party.name.at(visit.p.language()) + " (" + party.code + ")"});
    return out;
}

Form entering_form(const Visit& visit, const agreement::Terms& terms) {
    const auto field = [&](const char* name, std::string label, const char* type, bool required,
                           std::string hint, std::vector<Choice> choices = {}) {
        return Field{.name = name,
                     .label = std::move(label),
                     .type = type,
                     .value = visit.entered(name),
                     .hint = std::move(hint),
                     .required = required,
                     .choices = std::move(choices)};
    };
    return {
        .caption = "",
        .action = kHere,
        .submit = visit.say("Show the command"),
        .fields = {
            field("level", visit.word("level"), "select", true, "", level_choices(visit, terms)),
            field("purpose", visit.word("purpose"), "select", true, "",
                  purpose_choices(visit, terms)),
            field("title", visit.word("title"), "text", true,
                  visit.say("Kept apart; can be shredded")),
            field("file", visit.say("File"), "text", true,
                  visit.say("Where it lies on your own machine, as report.pdf")),
            field("release_to", visit.say("Releasable to"), "select", false, "",
                  release_choices(visit, terms)),
            field("review", visit.say("Review"), "date", false, visit.say("Absent: in a year"))}};
}

// What the person chose, as one command; each of their words is one word of it.
std::string entering_command(const Visit& visit) {
    const std::string& file = visit.entered("file");
    std::string words = "item enter ";
    if (file.starts_with("~/")) // the shell's word for a home, which quotes would take away
        words += "~/" + shell_word(file.substr(2));
    else
        words += shell_word(file.starts_with('-') ? "./" + file : file);
    const auto add = [&](const char* option, const std::string& value) {
        if (!value.empty()) // what begins with a dash would be read as an option
            words += std::string(" ") + option + (value[0] == '-' ? "=" : " ") + shell_word(value);
    };
    add("--level", visit.entered("level"));
    add("--purpose", visit.entered("purpose"));
    add("--title", visit.entered("title"));
    add("--release-to", visit.entered("release_to"));
    add("--review", visit.entered("review").substr(0, 10));
    return command_line(visit, words);
}

// Whether the agreement lets this person enter anything: asked with the least that can be entered.
bool may_enter(const Visit& visit, const logbook::State& state, const agreement::Terms& terms) {
    const label::Scheme* scheme = terms.scheme(state.party());
    if (scheme == nullptr || terms.purposes().empty())
        return true;
    const auto lowest = std::ranges::min_element(scheme->levels, {}, &label::Level::rank);
    Json content = {{"level", lowest->code},
                    {"purpose", terms.purposes().front().code},
                    {"title", "-"},
                    {"form", "paper"},
                    {"pages", 1}};
    if (!complete(visit, state, terms, ActKind::enter, content))
        return true;
    const auto act = act_of(visit, state, terms, ActKind::enter, std::move(content));
    return !act || agreement::decide(terms, state, *act, visit.house.registry.now()).permitted();
}

Page entering_page(const Visit& visit) {
    return {.title = visit.say("Enter an electronic document"),
            .lead = visit.say("It is sealed on your own machine: no byte of it may reach this "
                              "registry in clear."),
            .desk = "/acts"};
}

} // namespace

std::vector<Cell> entering_links(const Visit& visit, const logbook::State& state,
                                 const agreement::Terms& terms) {
    if (!may_enter(visit, state, terms))
        return {};
    return {{visit.say("Enter an electronic document"), kHere},
            {visit.say("Enter an item on paper"), "/acts/enter?form=paper"}};
}

Answer enter_document_page(Visit& visit) {
    Page page = entering_page(visit);
    page.blocks.push_back(entering_form(visit, visit.house.registry.terms()));
    return page_response(visit, page);
}

Answer enter_document(Visit& visit) {
    Page page = entering_page(visit);
    const auto terms = visit.house.registry.terms();
    for (const char* name : {"level", "purpose", "title", "file"})
        if (visit.entered(name).empty()) {
            page.blocks.push_back(Note{
                "bad", visit.say("The input is not right."), {std::string("desk.field: ") + name}});
            page.blocks.push_back(entering_form(visit, terms));
            return page_response(visit, page, 400);
        }
    page.level = visit.entered("level"); // the title may be worth as much as the document
    page.blocks.push_back(
        Note{"warn",
             visit.say("Type the command below in a terminal of the machine where the document and "
                       "your key lie."),
             {visit.say("It seals the document, has the agreement decide, and prints the number "
                        "that the document got; then it stands in the register.")}});
    page.blocks.push_back(Verbatim{"enter-command", visit.say("The command that enters it"),
                                   entering_command(visit), 3});
    page.blocks.push_back(
        Links{visit.say("Next step"),
              {{visit.say("The newest in the register"), "/register?order=newest"}}});
    page.blocks.push_back(entering_form(visit, terms));
    return page_response(visit, page);
}

} // namespace valise::desk
