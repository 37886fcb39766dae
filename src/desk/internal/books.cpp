// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/desks.h"
#include "desk/internal/printed_forms.h"
#include "desk/internal/reports.h"
#include "desk/internal/verdict.h"
#include "desk/internal/views.h"
#include "forms/book.h"

#include <algorithm>

namespace valise::desk {

namespace {

using logbook::ActKind;

constexpr std::size_t kMostRows = 200;
constexpr std::size_t kBookRows = 80; // a page stays under 150 KiB; the whole book is a file

Cell file_link(const Visit& visit, const char* kind, const std::string& subject) {
    return {visit.say("PDF"), std::string("/forms/") + kind + "/" + subject, visit.word(kind)};
}

Cell number_of(Page& page, const agreement::Terms& terms, const logbook::State& state,
               const ItemId& id) {
    const logbook::Item* item = state.item(id);
    if (item == nullptr)
        return {.text = id.text(), .style = "id"};
    shows(page, terms, state.party(), *item);
    return item_cell(*item);
}

Table dispatch_forms(const Visit& visit, Page& page, const agreement::Terms& terms,
                     const logbook::State& state, std::vector<registry::DispatchView> all) {
    Table out{visit.say("Of dispatches"),
              {visit.say("Item"), visit.say("Direction"), visit.word("transmittal-note"),
               visit.word("custody-receipt"), visit.word("contents-receipt")},
              {},
              visit.say("No dispatch has a form yet.")};
    std::ranges::sort(all, std::greater{},
                      [](const registry::DispatchView& one) { return one.dispatch.since; });
    for (const auto& entry : all) {
        const auto& dispatch = entry.dispatch;
        if (dispatch.document == Hash32{} || out.rows.size() == kMostRows)
            continue;
        const std::string id = dispatch.id.text();
        const auto when = [&](const std::string& evidence, const char* kind) {
            return evidence.empty() ? Cell{} : file_link(visit, kind, id);
        };
        const bool in = dispatch.direction == logbook::Direction::in;
        out.rows.push_back({number_of(page, terms, state, dispatch.item),
                            {visit.word(in ? "in" : "out"), "", dispatch.peer},
                            file_link(visit, "transmittal-note", id),
                            when(entry.custody_evidence, "custody-receipt"),
                            when(entry.contents_evidence, "contents-receipt")});
    }
    return out;
}

Table destroyed_copies(const Visit& visit, Page& page, const agreement::Terms& terms,
                       const logbook::State& state) {
    Table out{visit.say("Of destroyed copies"),
              {visit.say("Item"), visit.word("copy"), visit.say("Certificate")},
              {},
              visit.say("No copy was destroyed.")};
    for (const auto& [id, copy] : state.copies())
        if (copy.destruction && copy.state == logbook::CopyState::destroyed &&
            out.rows.size() < kMostRows)
            out.rows.push_back({number_of(page, terms, state, copy.item),
                                {std::to_string(copy.number)},
                                file_link(visit, "destruction-certificate", id.text())});
    return out;
}

Table incident_forms(const Visit& visit, const logbook::State& state) {
    Table out{visit.say("Of incidents and musters"),
              {visit.say("Subject"), visit.say("State"), visit.say("Printed form")},
              {},
              visit.say("None.")};
    for (const auto& [id, incident] : state.incidents())
        if (incident.ours)
            out.rows.push_back({{.text = id.text(), .style = "id"},
                                state_cell(visit, std::string(to_string(incident.state))),
                                file_link(visit, "incident-report", id.text())});
    for (const auto& [id, muster] : state.musters())
        if (muster.closed)
            out.rows.push_back({{.text = id.text(), .style = "id"},
                                {visit.word("closed")},
                                file_link(visit, "muster-report", id.text())});
    return out;
}

Cell scope_of(const Visit& visit, const agreement::Terms& terms, const logbook::Muster& muster) {
    Cell out{muster.level.empty()
                 ? visit.say("every level")
                 : level_words(visit, terms, visit.house.registry.party(), muster.level)};
    out.sub = muster.container.text();
    if (muster.percent > 0)
        out.sub = visit.p.say("spot check of %1 %", std::to_string(muster.percent));
    return out;
}

// The rows of a book, as far as one page takes them.
struct BookRows {
    std::vector<Json> rows;
    bool more = false;
    Json head;
};

Result<BookRows> rows_of(const registry::Registry& registry, const std::string& book,
                         const std::string& as_of, std::size_t most) {
    TRY_ASSIGN(const HttpResponse response, report_response(registry, book, as_of));
    BookRows out;
    std::string left;
    Bytes piece(64 << 10);
    while (true) {
        TRY_ASSIGN(const std::size_t count, response.stream->read(piece));
        if (count == 0)
            return out;
        left += text_view(ByteView(piece).first(count));
        for (auto end = left.find('\n'); end != std::string::npos; end = left.find('\n')) {
            TRY_ASSIGN(Json line, parse_json(view(left).first(end)));
            left.erase(0, end + 1);
            if (out.head.is_null())
                out.head = std::move(line);
            else if (!(line.contains("rows") && line.contains("events")))
                out.rows.push_back(std::move(line));
            if (out.rows.size() > most) {
                out.rows.pop_back();
                out.more = true;
                return out;
            }
        }
    }
}

Cell book_cell(const Visit& visit, const Json& value) {
    if (value.is_null())
        return {};
    if (value.is_array()) {
        std::string out;
        for (const Json& one : value)
            out +=
                (out.empty() ? "" : ", ") + (one.is_string() ? one.get<std::string>() : one.dump());
        return {out};
    }
    if (!value.is_string())
        return {.text = value.dump(), .style = "number"};
    const auto text = value.get<std::string>();
    if (text.size() == 20 && Time::parse(text))
        return time_cell(text);
    if (PersonId::parse(text))
        return person_cell(visit, text);
    if (ItemId::parse(text))
        return {.text = text, .href = "/register/" + text, .style = "id"};
    if (text.starts_with(visit.house.registry.party() + "-") || text.find('-') == 3)
        return {.text = text, .style = "id"};
    return {visit.word(text)};
}

} // namespace

Answer forms_page(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    const auto state = house.registry.state();
    Page page{.title = visit.say("Forms"),
              .lead = visit.say("Printed forms in both parties' languages, made from the book: one "
                                "dispatch and one receipt make one form, whoever prints it."),
              .desk = "/forms"};
    TRY_ASSIGN(auto all, house.registry.dispatches());
    Table of_dispatches = dispatch_forms(visit, page, terms, state, std::move(all));
    page.blocks.push_back(std::move(of_dispatches));
    Table of_copies = destroyed_copies(visit, page, terms, state);
    page.blocks.push_back(std::move(of_copies));
    page.blocks.push_back(incident_forms(visit, state));
    return page_response(visit, page);
}

Answer form_file(Visit& visit) {
    const House& house = visit.house;
    TRY_ASSIGN(const Json value, form_json(house.registry, visit.parts[0], visit.parts[1]));
    TRY_ASSIGN(const auto form, forms::Form::parse(view(canonical_json(value.at("form")))));
    TRY_ASSIGN(const auto sheet, forms::lay_out(form, house.registry.terms()));
    TRY_ASSIGN(Bytes pdf, house.setting.print(sheet));
    HttpResponse response;
    response.content_type = "application/pdf";
    // Ids and kinds alone: the name of the file says nothing else.
    response.headers["content-disposition"] =
        "inline; filename=\"" + visit.parts[0] + "-" + visit.parts[1] + ".pdf\"";
    response.body = std::move(pdf);
    return response;
}

Answer incidents_page(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    const auto state = house.registry.state();
    Page page{.title = visit.say("Incidents"),
              .lead = visit.say("Loss or compromise, actual or possible. What it touches is frozen "
                                "until the report is acknowledged and the incident closed."),
              .desk = "/incidents"};
    Table table{visit.say("Incidents"),
                {visit.say("What"), visit.say("Item"), visit.say("State"), visit.say("Reported"),
                 visit.say("Next")},
                {},
                visit.say("No incident was reported.")};
    for (const auto& [id, incident] : state.incidents()) {
        const Json json = incident_json(incident);
        const std::string now = text_of(json, "state");
        Cell next;
        const auto step = [&](ActKind kind) {
            next = {visit.word(to_string(kind)), act_path(kind, {{"incident", id.text()}})};
        };
        if (incident.ours && now == "frozen")
            step(ActKind::investigate);
        else if (incident.ours && now == "investigated")
            step(ActKind::report);
        else if (incident.ours && now == "report_acknowledged")
            step(ActKind::close_incident);
        table.rows.push_back(
            {{.text = visit.word(text_of(json, "what")), .sub = id.text(), .style = "key"},
             number_of(page, terms, state, incident.item),
             state_cell(visit, now),
             time_cell(text_of(json, "at")),
             next});
    }
    page.blocks.push_back(std::move(table));
    page.blocks.push_back(Links{
        "", {{visit.say("Report a loss or compromise"), act_path(ActKind::report_incident, {})}}});
    return page_response(visit, page);
}

Answer musters_page(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    const auto state = house.registry.state();
    Page page{.title = visit.say("Musters"),
              .lead = visit.say("The count of what should be there. A spot check looks at a sample "
                                "that nobody chose."),
              .desk = "/musters"};
    std::vector<const logbook::Muster*> all;
    for (const auto& [id, muster] : state.musters())
        all.push_back(&muster);
    std::ranges::sort(all, std::greater{}, &logbook::Muster::event);
    Table table{visit.say("Musters"),
                {visit.say("Begun"), visit.say("Of"), visit.say("By"), visit.say("Expected"),
                 visit.say("Not counted"), visit.say("Missing"), visit.say("Closed")},
                {},
                visit.say("No muster was begun.")};
    for (const logbook::Muster* muster : all) {
        if (table.rows.size() == kMostRows)
            break;
        Cell begun = time_cell(muster->begun);
        begun.text = muster->id.text();
        begun.href = "/musters/" + muster->id.text();
        begun.style = "key";
        table.rows.push_back(
            {begun,
             scope_of(visit, terms, *muster),
             person_cell(visit, muster->begun_by.text()),
             {.text = std::to_string(muster->copies.size()), .style = "number"},
             {.text = std::to_string(muster->uncounted), .style = "number"},
             {.text = std::to_string(muster->missing),
              .style = muster->missing > 0 ? "number bad" : "number"},
             muster->closed ? time_cell(*muster->closed) : Cell{visit.say("not closed")}});
    }
    page.blocks.push_back(std::move(table));
    page.blocks.push_back(
        Links{"", {{visit.word("begin-muster"), act_path(ActKind::begin_muster, {})}}});
    return page_response(visit, page);
}

Answer muster_page(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    const auto state = house.registry.state();
    TRY_ASSIGN(const auto id, MusterId::parse(visit.parts[0]));
    const logbook::Muster* muster = state.muster(id);
    if (muster == nullptr)
        return fail(Code::not_found, "desk.no_muster", id.text());
    Page page{.title = visit.say("Muster"), .desk = "/musters"};
    const Json json = muster_with_copies_json(state, *muster);
    page.blocks.push_back(
        Facts{"",
              {{visit.say("Of"), scope_of(visit, terms, *muster)},
               {visit.say("Begun"), time_cell(muster->begun)},
               {visit.say("By"), person_cell(visit, muster->begun_by.text())},
               {visit.say("Expected"), {std::to_string(muster->copies.size())}},
               {visit.say("Not counted"), {std::to_string(muster->uncounted)}},
               {visit.say("Missing"), {std::to_string(muster->missing)}},
               {visit.say("Closed"),
                muster->closed ? time_cell(*muster->closed) : Cell{visit.say("not closed")}},
               {visit.say("Id"), {.text = id.text(), .style = "id"}}}});
    std::vector<Cell> links;
    if (muster->closed)
        links.push_back(file_link(visit, "muster-report", id.text()));
    else
        links = {
            {visit.word("count"), act_path(ActKind::count, {{"muster", id.text()}})},
            {visit.word("close-muster"), act_path(ActKind::close_muster, {{"muster", id.text()}})}};
    page.blocks.push_back(Links{"", std::move(links)});
    Table table{visit.say("Copies that should be there"),
                {visit.say("Number"), visit.say("Place"), visit.say("Finding"), visit.say("By"),
                 visit.say("When")},
                {},
                visit.say("No copy should be there.")};
    for (const Json& copy : json.at("copies")) {
        if (table.rows.size() == kMostRows)
            break;
        const auto item = ItemId::parse(text_of(copy, "item"));
        if (const logbook::Item* found = item ? state.item(*item) : nullptr)
            shows(page, terms, state.party(), *found);
        table.rows.push_back({{.text = text_of(copy, "number"),
                               .href = "/register/" + text_of(copy, "item"),
                               .sub = text_of(copy, "copy"),
                               .style = "key"},
                              {text_of(copy, "place")},
                              state_cell(visit, text_of(copy, "finding")),
                              person_cell(visit, text_of(copy, "by")),
                              time_cell(text_of(copy, "minute"))});
    }
    page.blocks.push_back(std::move(table));
    return page_response(visit, page);
}

Answer inspector_page(Visit& visit) {
    Page page{.title = visit.say("Inspector"),
              .lead = visit.say("The registry's books, now or as of a past day, made from the "
                                "skeletons: no contents, no title, no name."),
              .desk = "/inspector"};
    Links books{visit.say("Books"), {}};
    for (const forms::BookKind kind : forms::all_books())
        books.links.push_back({std::string(forms::title_of(kind, visit.p.language())),
                               "/inspector/" + std::string(to_string(kind))});
    page.blocks.push_back(std::move(books));
    page.blocks.push_back(Links{visit.say("Evidence"),
                                {{visit.say("The logs and their evidence levels"), "/log"},
                                 {visit.say("Musters and spot checks"), "/musters"},
                                 {visit.say("Forms with their digests"), "/forms"}}});
    page.blocks.push_back(Note{"plain",
                               visit.say("Checked without this registry"),
                               {visit.say("An evidence file is made with `valise evidence export` "
                                          "and checked offline with `valise-verify`.")}});
    return page_response(visit, page);
}

Answer book_page(Visit& visit) {
    const House& house = visit.house;
    const auto& language = visit.p.language();
    TRY_ASSIGN(const auto kind, forms::parse_book(visit.parts[0]));
    std::string as_of = visit.asked("as_of");
    if (as_of.size() == 16) // as the browser's field has it
        as_of += ":00Z";
    TRY_ASSIGN(const BookRows book, rows_of(house.registry, visit.parts[0], as_of, kBookRows));
    Page page{.title = std::string(forms::title_of(kind, language)), .desk = "/inspector"};
    page.blocks.push_back(Form{.caption = "",
                               .action = "/inspector/" + visit.parts[0],
                               .submit = visit.say("Show"),
                               .fields = {{.name = "as_of",
                                           .label = visit.say("As of (UTC)"),
                                           .type = "date",
                                           .value = as_of.substr(0, 16)}},
                               .get = true,
                               .style = "row"});
    std::vector<std::string> names;
    Table table{visit.p.say("As of %1", text_of(book.head, "as_of")),
                {},
                {},
                visit.say("The book has no row.")};
    for (const Json& column : book.head.at("columns")) {
        names.push_back(text_of(column, "name"));
        table.headings.push_back(text_of(column.at("words"), language.c_str()));
    }
    const auto terms = house.registry.terms();
    const auto state = house.registry.state();
    for (const Json& row : book.rows) {
        const auto id = ItemId::parse(text_of(row, "item"));
        if (const logbook::Item* item = id ? state.item(*id) : nullptr)
            shows(page, terms, state.party(), *item);
        std::vector<Cell> cells;
        for (const std::string& name : names)
            cells.push_back(book_cell(visit, row.value(name, Json())));
        table.rows.push_back(std::move(cells));
    }
    page.blocks.push_back(std::move(table));
    if (book.more)
        page.blocks.push_back(Note{"warn",
                                   visit.p.say("The first %1 rows", std::to_string(kBookRows)),
                                   {visit.say("The whole book is in the file.")}});
    page.blocks.push_back(Links{"",
                                {{visit.say("The whole book as a file"),
                                  "/inspector/" + visit.parts[0] + "/lines" +
                                      (as_of.empty() ? "" : "?as_of=" + url_part(as_of)),
                                  visit.say("one JSON object a line")}}});
    return page_response(visit, page);
}

Answer book_file(Visit& visit) {
    TRY_ASSIGN(HttpResponse response,
               report_response(visit.house.registry, visit.parts[0], visit.asked("as_of")));
    response.headers["content-disposition"] =
        "attachment; filename=\"" + visit.parts[0] + ".ndjson\"";
    return response;
}

} // namespace valise::desk
