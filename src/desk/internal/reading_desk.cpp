// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/desks.h"
#include "desk/internal/next_step.h"
#include "desk/internal/verdict.h"
#include "desk/internal/views.h"

#include <algorithm>
#include <charconv>

// Documents are read here as images. Each opening is an act like any other: prepared, shown with
// what the agreement would answer, signed elsewhere, recorded; then drawn, and its outcome
// recorded.
namespace valise::desk {

namespace {

using logbook::ActKind;

constexpr std::size_t kMostRows = 200;

Result<std::uint64_t> number_in(const std::string& text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        return fail(Code::not_found, "desk.no_reading", "no such reading");
    return number;
}

Readings::Place place_of(const Visit& visit, std::uint64_t permit) {
    return {visit.who->key, visit.who->person, permit};
}

std::string print_path(std::uint64_t permit) {
    return "/prints/" + std::to_string(permit);
}

std::string reading_path(std::uint64_t permit) {
    return "/reading/" + std::to_string(permit);
}

// Whom a copy is with, of those that can be shown here.
bool is_mine(const logbook::CopyHolding& copy, const PersonId& me) {
    const auto* with = std::get_if<PersonId>(&copy.place);
    return copy.form == logbook::Form::electronic && with != nullptr && *with == me;
}

std::vector<Cell> reading_row(const Visit& visit, const agreement::Terms& terms,
                              const logbook::State& state, const logbook::Item& item,
                              const logbook::CopyHolding& copy) {
    const auto* purpose = terms.purpose(item.purpose);
    return {item_cell(item),
            {.text = std::to_string(copy.number), .style = "number"},
            level_cell(visit, terms, state.party(), protected_level(item)),
            {.text = purpose == nullptr ? item.purpose : purpose->name.at(visit.p.language()),
             .sub = item.purpose},
            open_cell(visit, state, terms, item, copy)};
}

Table issued_table(const Visit& visit, Page& page, const agreement::Terms& terms,
                   const logbook::State& state) {
    Table out{visit.say("Issued to you"),
              {visit.say("Item"), visit.say("Copy number"), visit.say("Level"),
               visit.say("Purpose"), visit.say("Open")},
              {},
              visit.say("Nothing is issued to you to keep.")};
    for (const auto& [id, copy] : state.copies()) {
        if (out.rows.size() == kMostRows || !is_mine(copy, visit.who->person))
            continue;
        const logbook::Item* item = state.item(copy.item);
        if (item == nullptr)
            continue;
        shows(page, terms, state.party(), *item);
        out.rows.push_back(reading_row(visit, terms, state, *item, copy));
    }
    return out;
}

// What lies in the registry for this person: nobody has to issue it first.
Table granted_table(const Visit& visit, Page& page, const agreement::Terms& terms,
                    const logbook::State& state) {
    Table out{visit.say("In the registry, and you may know of it"),
              {visit.say("Item"), visit.say("Copy number"), visit.say("Level"),
               visit.say("Purpose"), visit.say("Open")},
              {},
              visit.p.say("You hold no need-to-know grant for what lies here. Who gives one: %1.",
                          signers_of(visit, state, ActKind::grant))};
    for (const logbook::CopyHolding* copy : granted_copies(visit, state, kMostRows)) {
        const logbook::Item* item = state.item(copy->item);
        if (item == nullptr)
            continue;
        shows(page, terms, state.party(), *item);
        out.rows.push_back(reading_row(visit, terms, state, *item, *copy));
    }
    return out;
}

// Permitted and not yet shown: a reload, a renderer that was away, an act handed in elsewhere.
Table waiting_table(const Visit& visit, const logbook::State& state) {
    Table out{visit.say("Permitted and not yet shown"),
              {visit.say("Item"), visit.say("Permitted"), visit.say("Next")},
              {},
              visit.say("Nothing waits to be shown.")};
    for (const auto& [seq, permit] : state.open_permits()) {
        if (permit.actor != visit.who->person.text())
            continue;
        if (permit.kind == ActKind::print) {
            const auto printed = ItemId::parse(permit.ids.at("item"));
            if (const logbook::Item* item = printed ? state.item(*printed) : nullptr)
                out.rows.push_back(
                    {item_cell(*item),
                     time_cell(permit.minute),
                     {visit.say("To the page where it is printed"), print_path(seq)}});
            continue;
        }
        if (permit.kind != ActKind::open)
            continue;
        // Not what was signed for a machine, nor what its originator has not permitted yet.
        const auto reading = visit.house.registry.desk_reading(seq);
        const auto id = ItemId::parse(permit.ids.at("item"));
        const logbook::Item* item = id ? state.item(*id) : nullptr;
        if (item != nullptr && reading && !reading->awaits)
            out.rows.push_back({item_cell(*item),
                                time_cell(permit.minute),
                                {visit.say("To the page where it is shown"), reading_path(seq)}});
    }
    return out;
}

Table open_table(const Visit& visit, const logbook::State& state) {
    Table out{visit.say("Before you now"),
              {visit.say("Item"), visit.say("Pages"), visit.say("Opened"), visit.say("Until"),
               visit.say("Next")},
              {},
              visit.say("No document is open in this session.")};
    for (const auto& one :
         visit.house.readings.all_of(visit.who->key, visit.who->person, visit.house.clock.now()))
        if (const logbook::Item* item = state.item(one.item))
            out.rows.push_back({item_cell(*item),
                                {.text = std::to_string(one.summary.shown), .style = "number"},
                                time_cell(one.opened),
                                time_cell(one.until),
                                {visit.say("Read on"), reading_path(one.permit)}});
    return out;
}

// The open permit of the person who is signed in, signed for this desk. Errors: not_found
// desk.no_reading.
Result<logbook::OpenPermit> own_permit(const Visit& visit, const logbook::State& state,
                                       std::uint64_t number) {
    const auto found = state.open_permits().find(number);
    if (found == state.open_permits().end() || found->second.kind != ActKind::open ||
        found->second.actor != visit.who->person.text() ||
        !visit.house.registry.desk_reading(number))
        return fail(Code::not_found, "desk.no_reading",
                    "no permit of yours waits under this number");
    return found->second;
}

// What is open under this number, decided anew: an image that lies here is shown only as long as
// its reader may read. Errors: refused registry.reading_over.
Result<std::optional<Readings::Known>> still_known(Visit& visit, std::uint64_t number) {
    House& house = visit.house;
    const auto place = place_of(visit, number);
    auto known = house.readings.known(place, house.clock.now());
    if (!known)
        return std::optional<Readings::Known>();
    if (auto holds = house.registry.still_readable(known->signed_for); !holds) {
        house.readings.end(place);
        return fail(std::move(holds).error());
    }
    return known;
}

Answer waiting_page(Visit& visit, std::uint64_t number, std::vector<Block> before,
                    unsigned status = 200) {
    const auto terms = visit.house.registry.terms();
    const auto state = visit.house.registry.state();
    TRY_ASSIGN(const auto permit, own_permit(visit, state, number));
    TRY_ASSIGN(const auto id, ItemId::parse(permit.ids.at("item")));
    Page page{.title = visit.say("Reading"), .desk = "/reading"};
    const logbook::Item* item = state.item(id);
    if (item != nullptr)
        shows(page, terms, state.party(), *item);
    page.blocks = std::move(before);
    page.blocks.push_back(
        Note{"plain",
             visit.say("Permitted and recorded; not yet shown"),
             {visit.say("The key process opens the document and hands it to the renderer, which "
                        "draws its pages in a sandbox. Only images come here, each with your name, "
                        "the copy and the time in it."),
              visit.say("Once they are here, the book says that you have read it.")}});
    page.blocks.push_back(Form{.caption = "",
                               .action = reading_path(number),
                               .submit = visit.say("Show the document"),
                               .fields = {}});
    return page_response(visit, page, status);
}

} // namespace

// What can be tried again: nothing of the document went anywhere. An act that was signed for
// another place, or that awaits its originator, is not this desk's to end.
bool nothing_happened(const Error& error) {
    return error.code() == Code::unavailable || error.reason() == "vault.unanswered" ||
           error.reason() == "vault.reading_place" || error.reason() == "desk.reading_drawn";
}

std::string why_not_shown(const Visit& visit, const Error& error) {
    const std::pair<const char*, const char*> kWords[] = {
        {"render.kind", phrase("It is neither a PDF, an image (PNG, JPEG) nor a text in UTF-8.")},
        {"render.office", phrase("It is an office document, and nothing that shows those is "
                                 "installed here.")},
        {"render.encrypted", phrase("It is under a password of its own.")},
        {"render.damaged", phrase("It says what it is, and no page of it can be drawn.")},
        {"render.too_large", phrase("It is larger than what is shown here.")},
        {"render.too_long", phrase("It took too long to draw and was stopped.")},
        {"render.forbidden", phrase("It made the program that draws it do what the sandbox stops. "
                                    "Tell the control officer.")},
        {"desk.reading_drawn", phrase("It, or another document of yours, is being drawn: load this "
                                      "page again in a moment.")},
        {"vault.unanswered", phrase("Its originator is asked whether you may open it, and has not "
                                    "answered yet.")},
        {"render.died", phrase("The program that draws it ended. It may be made to do harm.")}};
    for (const auto& [reason, words] : kWords)
        if (error.reason() == reason)
            return visit.say(words);
    return visit.say("It could not be shown.");
}

namespace {

Answer not_shown(Visit& visit, std::uint64_t number, const Error& error) {
    std::vector<std::string> lines = {why_not_shown(visit, error), error.reason()};
    if (nothing_happened(error)) {
        lines.push_back(visit.say("Nothing of it was shown. It can be tried again."));
        return waiting_page(visit, number,
                            {Note{"bad", visit.say("It cannot be shown now"), std::move(lines)}},
                            error.code() == Code::unavailable ? 503 : 409);
    }
    lines.push_back(visit.say("The book says that this opening failed. Whoever may read it can "
                              "take it with `valise item open` to a machine of their own."));
    Page page{.title = visit.say("Reading"), .desk = "/reading"};
    page.blocks.push_back(Note{"bad", visit.say("It cannot be shown here"), std::move(lines)});
    page.blocks.push_back(Links{"", {{visit.say("To the Reading desk"), "/reading"}}});
    return page_response(visit, page, 422);
}

} // namespace

Answer reading_page(Visit& visit) {
    const auto terms = visit.house.registry.terms();
    const auto state = visit.house.registry.state();
    Page page{.title = visit.say("Reading"),
              .lead = visit.say("You say for which purpose; the agreement decides before you sign; "
                                "then its pages are shown as images that bear your name. There is "
                                "nothing to download."),
              .desk = "/reading"};
    page.blocks.push_back(granted_table(visit, page, terms, state));
    page.blocks.push_back(issued_table(visit, page, terms, state));
    page.blocks.push_back(waiting_table(visit, state));
    page.blocks.push_back(open_table(visit, state));
    page.blocks.push_back(Links{
        visit.say("Another copy"),
        {{visit.say("Open a copy that lies in the registry"), act_path(ActKind::open, {})},
         {visit.say("Have a sheet of it, as a numbered copy"), act_path(ActKind::print, {})}}});
    return page_response(visit, page);
}

// A page of the document; before it was shown, the button that shows it.
Answer document_page(Visit& visit) {
    TRY_ASSIGN(const std::uint64_t number, number_in(visit.parts[0]));
    TRY_ASSIGN(const auto known, still_known(visit, number));
    if (!known)
        return waiting_page(visit, number, {});
    const auto terms = visit.house.registry.terms();
    const auto state = visit.house.registry.state();
    const logbook::Item* item = state.item(known->item);
    const auto* copy = state.copy(known->copy);
    if (item == nullptr || copy == nullptr)
        return fail(Code::not_found, "desk.no_item", "no such item");
    std::uint32_t at = 1;
    if (!visit.asked("page").empty()) {
        TRY_ASSIGN(const std::uint64_t asked, number_in(visit.asked("page")));
        if (asked == 0 || asked > known->summary.shown)
            return fail(Code::not_found, "desk.no_page", "no such page");
        at = static_cast<std::uint32_t>(asked);
    }
    const std::string base = reading_path(number);
    const std::string shown = std::to_string(known->summary.shown);
    Page page{.title = visit.p.say("%1, page %2", item->number, std::to_string(at) + "/" + shown),
              .desk = "/reading"};
    shows(page, terms, state.party(), *item);
    if (known->summary.shown < known->summary.pages)
        page.blocks.push_back(
            Note{"warn",
                 visit.p.say("Only the first %1 of %2 pages are shown here", shown,
                             std::to_string(known->summary.pages)),
                 {visit.say("Take the whole of it with `valise item open` to a machine of your "
                            "own.")}});
    Links turn{"", {}};
    if (at > 1)
        turn.links.push_back(
            {visit.say("Previous page"), base + "?page=" + std::to_string(at - 1)});
    if (at < known->summary.shown)
        turn.links.push_back({visit.say("Next page"), base + "?page=" + std::to_string(at + 1)});
    if (!turn.links.empty())
        page.blocks.push_back(turn);
    page.blocks.push_back(
        Picture{visit.p.say("Page %1 of the document, as an image", std::to_string(at)),
                base + "/" + std::to_string(at)});
    if (!turn.links.empty())
        page.blocks.push_back(turn);
    page.blocks.push_back(
        Facts{visit.say("This reading"),
              {{visit.say("Item"), item_cell(*item)},
               {visit.say("Copy number"), {std::to_string(copy->number)}},
               {visit.say("Reader"), person_cell(visit, visit.who->person.text())},
               {visit.say("Opened"), time_cell(known->opened)},
               {visit.say("Wiped if nobody looks"), time_cell(known->until)}}});
    page.blocks.push_back(Form{.caption = "",
                               .action = base + "/close",
                               .submit = visit.say("Close the document"),
                               .fields = {}});
    return page_response(visit, page);
}

Answer page_image(Visit& visit) {
    TRY_ASSIGN(const std::uint64_t number, number_in(visit.parts[0]));
    TRY_ASSIGN(const std::uint64_t page, number_in(visit.parts[1]));
    TRY(still_known(visit, number));
    auto image =
        page > rendering::kMaxPages
            ? std::nullopt
            : visit.house.readings.page(place_of(visit, number), static_cast<std::uint32_t>(page),
                                        visit.house.clock.now());
    if (!image)
        return fail(Code::not_found, "desk.no_page", "no such page is open");
    HttpResponse out;
    out.content_type = "image/png";
    out.headers["cache-control"] = "no-store";
    out.headers["content-disposition"] = "inline";
    out.body = std::move(*image);
    return out;
}

Result<rendering::Shown> drawn(const House& house, std::uint64_t number,
                               rendering::Job::Output output) {
    try {
        return house.setting.show(number, output);
    } catch (const std::exception& error) { // of memory, mostly: it is as if it had not been asked
        return fail(Code::unavailable, "desk.no_room", error.what());
    }
}

// Permitted and recorded before; now it is opened and drawn, and then the outcome is recorded,
// before anybody sees a page.
Answer show_document(Visit& visit) {
    TRY_ASSIGN(const std::uint64_t number, number_in(visit.parts[0]));
    House& house = visit.house;
    const auto place = place_of(visit, number);
    if (house.readings.known(place, house.clock.now()))
        return redirect(reading_path(number));
    const auto state = house.registry.state();
    TRY_ASSIGN(const auto permit, own_permit(visit, state, number));
    TRY_ASSIGN(const auto item, ItemId::parse(permit.ids.at("item")));
    TRY_ASSIGN(const auto copy, CopyId::parse(permit.ids.at("copy")));
    TRY_ASSIGN(auto reading, house.registry.desk_reading(number));
    if (!house.setting.show)
        return fail(Code::unavailable, "desk.no_renderer", "documents are not shown here");
    if (reading.awaits)
        return not_shown(visit, number,
                         {Code::refused, "vault.unanswered", "its originator is being asked"});
    auto ticket = house.readings.reserve(place);
    if (!ticket)
        return not_shown(visit, number, ticket.error());
    auto shown = drawn(house, number, rendering::Job::Output::pages);
    if (shown && (ticket->cancelled() || !house.sessions.lives(place.session)))
        shown = fail(Code::conflict, "desk.no_reading", "the session ended while it was drawn");
    if (shown && !house.registry.opened(number, true))
        shown = fail(Code::conflict, "desk.no_reading", "its outcome could not be recorded");
    if (!shown) {
        if (shown.error().reason() == "render.forbidden")
            house.setting.noted({"document-stopped", visit.who->name, visit.request.address,
                                 shown.error().reason()});
        if (!nothing_happened(shown.error()))
            static_cast<void>(house.registry.opened(number, false).has_value());
        return not_shown(visit, number, shown.error());
    }
    house.readings.keep(std::move(*ticket), item, copy, std::move(reading), std::move(*shown),
                        house.clock.now());
    return redirect(reading_path(number));
}

Answer close_document(Visit& visit) {
    TRY_ASSIGN(const std::uint64_t number, number_in(visit.parts[0]));
    visit.house.readings.end(place_of(visit, number));
    return redirect("/reading");
}

} // namespace valise::desk
