// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/desks.h"
#include "desk/internal/views.h"

#include <charconv>

// Sheets that a reader may have. The act is prepared, shown, signed and recorded as any other; here
// it is drawn, its outcome recorded, and the stamped PDF given to whoever signed for it, once.
namespace valise::desk {

namespace {

using logbook::ActKind;

std::unexpected<Error> no_print() {
    return fail(Code::not_found, "desk.no_print", "no print of yours waits under this number");
}

Result<std::uint64_t> number_in(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return no_print();
    return number;
}

// Errors: not_found desk.no_print.
Result<logbook::OpenPermit> own_print(const Visit& visit, const logbook::State& state,
                                      std::uint64_t number) {
    const auto found = state.open_permits().find(number);
    if (found == state.open_permits().end() || found->second.kind != ActKind::print ||
        found->second.actor != visit.who->person.text())
        return no_print();
    return found->second;
}

Answer waiting(Visit& visit, std::uint64_t number, std::vector<Block> before, unsigned status) {
    const auto terms = visit.house.registry.terms();
    const auto state = visit.house.registry.state();
    TRY_ASSIGN(const auto permit, own_print(visit, state, number));
    TRY_ASSIGN(const auto id, ItemId::parse(permit.ids.at("item")));
    Page page{.title = visit.say("Printing"), .desk = "/reading"};
    const logbook::Item* item = state.item(id);
    if (item != nullptr)
        shows(page, terms, state.party(), *item);
    page.blocks = std::move(before);
    page.blocks.push_back(Note{
        "plain",
        visit.say("Permitted and recorded; not yet printed"),
        {visit.say("The renderer draws it anew as a PDF, with the level at top and bottom of "
                   "each page, and your name, the copy's number and the time on it."),
         visit.say("It is given out once. From then on the book says that you hold this copy: "
                   "it is mustered, comes back by its day, and is destroyed by a certificate."),
         visit.say("Save nothing but what goes to the printer, and keep no file of it.")}});
    if (item != nullptr)
        page.blocks.push_back(Facts{visit.say("This copy"),
                                    {{visit.say("Item"), item_cell(*item)},
                                     {visit.say("Copy number"), {permit.facts.at("copy_number")}},
                                     {visit.say("Back by"), time_cell(permit.facts.at("due"))}}});
    page.blocks.push_back(Form{.caption = "",
                               .action = "/prints/" + std::to_string(number),
                               .submit = visit.say("Print it now"),
                               .fields = {}});
    return page_response(visit, page, status);
}

Answer not_printed(Visit& visit, std::uint64_t number, const Error& error, bool recorded = true) {
    std::vector<std::string> lines = {why_not_shown(visit, error), error.reason()};
    if (nothing_happened(error)) {
        lines.push_back(visit.say("Nothing of it was printed. It can be tried again."));
        return waiting(visit, number,
                       {Note{"bad", visit.say("It cannot be printed now"), std::move(lines)}},
                       error.code() == Code::unavailable ? 503 : 409);
    }
    if (recorded)
        lines.push_back(
            visit.say("The book says that this print failed; its number is not used again."));
    Page page{.title = visit.say("Printing"), .desk = "/reading"};
    page.blocks.push_back(Note{"bad", visit.say("It cannot be printed here"), std::move(lines)});
    page.blocks.push_back(Links{"", {{visit.say("To the Reading desk"), "/reading"}}});
    return page_response(visit, page, 422);
}

// Never shown inside of a page of ours: a viewer would take it for one of this origin.
HttpResponse pdf_response(const std::string& name, const SecretBytes& print) {
    HttpResponse out;
    out.content_type = "application/pdf";
    out.headers["cache-control"] = "no-store";
    out.headers["content-disposition"] = "attachment; filename=\"" + name + "\"";
    out.body = to_bytes(print.read(SecretAccess::because("to whoever signed for it")));
    return out;
}

} // namespace

Answer print_page(Visit& visit) {
    TRY_ASSIGN(const std::uint64_t number, number_in(visit.parts[0]));
    return waiting(visit, number, {}, 200);
}

//= O-32
// Recorded before it leaves: a sheet that nobody's book knows of must not come to be.
Answer print_document(Visit& visit) {
    TRY_ASSIGN(const std::uint64_t number, number_in(visit.parts[0]));
    House& house = visit.house;
    const auto state = house.registry.state();
    TRY_ASSIGN(const auto permit, own_print(visit, state, number));
    if (!house.setting.show)
        return fail(Code::unavailable, "desk.no_renderer", "documents are not drawn here");
    const Readings::Place place{visit.who->key, visit.who->person, number};
    auto ticket = house.readings.reserve(place);
    if (!ticket)
        return not_printed(visit, number, ticket.error());
    auto shown = drawn(house, number, rendering::Job::Output::print);
    if (shown && (ticket->cancelled() || !house.sessions.lives(place.session)))
        shown = fail(Code::conflict, "desk.no_reading", "the session ended while it was drawn");
    HttpResponse answer;
    if (shown) { // made first: what cannot be answered is not recorded as handed out
        answer = pdf_response("print-" + std::to_string(number) + ".pdf", shown->print);
        if (auto recorded = house.registry.printed(number, shown->summary.shown); !recorded)
            shown = fail(std::move(recorded).error());
    }
    if (!shown) {
        if (shown.error().reason() == "render.forbidden")
            house.setting.noted({"document-stopped", visit.who->name, visit.request.address,
                                 shown.error().reason()});
        const bool recorded = nothing_happened(shown.error()) ||
                              house.registry.printed(number, std::nullopt).has_value();
        return not_printed(visit, number, shown.error(), recorded);
    }
    return answer;
}

} // namespace valise::desk
