// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/desks.h"
#include "desk/internal/next_step.h"
#include "desk/internal/verdict.h"
#include "desk/internal/views.h"

#include <algorithm>

namespace valise::desk {

namespace {

using logbook::ActKind;

constexpr std::size_t kMostRows = 200;

// The item of a dispatch, where it is entered here already.
Cell dispatched_item(Page& page, const agreement::Terms& terms, const logbook::State& state,
                     const std::string& item_text) {
    const auto id = ItemId::parse(item_text);
    const logbook::Item* item = id ? state.item(*id) : nullptr;
    if (item == nullptr)
        return {.text = item_text, .style = "id"};
    shows(page, terms, state.party(), *item);
    return item_cell(*item);
}

std::string progress(const Json& dispatch) {
    const auto durable = dispatch.at("durable_bytes").get<std::uint64_t>();
    const auto whole = dispatch.at("payload_bytes").get<std::uint64_t>();
    return whole == 0 ? "" : std::to_string(durable * 100 / whole) + " %";
}

Table dispatches_table(const Visit& visit, Page& page, const agreement::Terms& terms,
                       const logbook::State& state, std::vector<registry::DispatchView> all,
                       logbook::Direction way) {
    const bool in = way == logbook::Direction::in;
    Table out{in ? visit.say("Arrivals") : visit.say("Dispatches"),
              {visit.say("Item"), visit.say("Level"), in ? visit.say("From") : visit.say("To"),
               visit.say("State"), visit.say("Arrived whole"), visit.say("Custody receipt"),
               visit.say("Contents receipt"), visit.say("Since"), visit.say("Next")},
              {},
              in ? visit.say("Nothing has arrived.") : visit.say("Nothing was dispatched.")};
    out.live = true;
    std::ranges::sort(all, std::greater{},
                      [](const registry::DispatchView& one) { return one.dispatch.since; });
    for (const auto& entry : all) {
        if (entry.dispatch.direction != way || out.rows.size() == kMostRows)
            continue;
        const Json dispatch = dispatch_json(entry);
        const std::string id = text_of(dispatch, "dispatch");
        Cell next;
        if (in && text_of(dispatch, "finding").empty())
            next = {visit.word("contents-receipt"),
                    act_path(ActKind::contents_receipt, {{"dispatch", id}})};
        else if (!in && text_of(dispatch, "state") == "contents_receipted")
            next = {visit.word("close"), act_path(ActKind::close, {{"dispatch", id}})};
        else if (!in && (text_of(dispatch, "state") == "sent" ||
                         text_of(dispatch, "state") == "custody_receipted"))
            next = {visit.word("trace"), act_path(ActKind::trace, {{"dispatch", id}})};
        Cell state_of = state_cell(visit, text_of(dispatch, "state"));
        state_of.sub = text_of(dispatch, "refusal");
        const std::string origin = in ? text_of(dispatch, "peer") : state.party();
        out.rows.push_back(
            {dispatched_item(page, terms, state, text_of(dispatch, "item")),
             level_cell(visit, terms, origin, text_of(dispatch, "level")),
             {text_of(dispatch, "peer")},
             state_of,
             {.text = progress(dispatch), .live = id},
             {text_of(dispatch, "custody_evidence")},
             {text_of(dispatch, "contents_evidence"), "", visit.word(text_of(dispatch, "finding"))},
             time_cell(text_of(dispatch, "since")),
             next});
    }
    return out;
}

Result<Table> notices_table(const Visit& visit, bool ours) {
    Table out{ours ? visit.say("Notices given") : visit.say("Notices received"),
              {visit.say("Notice"), visit.say("State"), visit.say("At"), visit.say("Evidence"),
               visit.say("Next")},
              {},
              visit.say("None.")};
    TRY_ASSIGN(auto all, visit.house.registry.notices());
    std::ranges::reverse(all);
    for (const auto& entry : all) {
        const Json notice = notice_json(entry);
        if ((text_of(notice, "direction") == "out") != ours || out.rows.size() == kMostRows)
            continue;
        const std::string state = text_of(notice, "state");
        Cell next;
        if (!ours && state == "received")
            next = {visit.word("acknowledge"),
                    act_path(ActKind::acknowledge, {{"notice", text_of(notice, "notice")}})};
        out.rows.push_back({{.text = visit.word(text_of(notice, "type")),
                             .sub = text_of(notice, "notice"),
                             .style = "key"},
                            state_cell(visit, state),
                            time_cell(text_of(notice, "at")),
                            {text_of(notice, "evidence")},
                            next});
    }
    return out;
}

// Releases that wait for somebody, those first that lack one approval.
Table waiting_releases(const Visit& visit, Page& page, const agreement::Terms& terms,
                       const logbook::State& state) {
    Table out{visit.say("Releases waiting"),
              {visit.say("Item"), visit.say("Recipient"), visit.say("State"),
               visit.say("Approved by"), visit.say("Your part")},
              {},
              visit.say("No release waits for anybody.")};
    for (const auto& [id, release] : state.releases()) {
        using logbook::ReleaseState;
        if (release.state != ReleaseState::asked && release.state != ReleaseState::approved_once &&
            release.state != ReleaseState::approved)
            continue;
        if (out.rows.size() == kMostRows)
            break;
        std::string names;
        for (const PersonId& person : release.approvals)
            names += (names.empty() ? "" : ", ") + person_cell(visit, person.text()).text;
        const ActKind kind =
            release.state == ReleaseState::approved ? ActKind::dispatch : ActKind::approve_release;
        const logbook::Item* item = state.item(release.item);
        const int needed = item == nullptr ? 0 : terms.release_persons(item->origin, item->level);
        Cell part = offered(visit, state, terms, kind,
                            {{"item", release.item.text()}, {"recipient", release.recipient}});
        part.style = "words " + part.style;
        out.rows.push_back(
            {dispatched_item(page, terms, state, release.item.text()),
             {release.recipient},
             state_cell(visit, std::string(to_string(release.state))),
             {.text = names,
              .sub = visit.p.say("%1 of %2 needed", std::to_string(release.approvals.size()),
                                 std::to_string(needed)),
              .style = "names"},
             part});
    }
    return out;
}

} // namespace

Answer in_tray(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    const auto state = house.registry.state();
    Page page{.title = visit.say("In tray"),
              .lead = visit.say("What arrived, what is to be answered. Custody receipts are the "
                                "registry's own; a contents receipt is signed by who opened it."),
              .desk = "/in"};
    TRY_ASSIGN(auto all, house.registry.dispatches());
    Table table =
        dispatches_table(visit, page, terms, state, std::move(all), logbook::Direction::in);
    page.blocks.push_back(std::move(table));
    TRY_ASSIGN(Table notices, notices_table(visit, false));
    page.blocks.push_back(std::move(notices));
    return page_response(visit, page);
}

Answer out_tray(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    const auto state = house.registry.state();
    Page page{.title = visit.say("Out tray"),
              .lead = visit.say("Releases that wait for a second person, dispatches on their way, "
                                "receipts that are due."),
              .desk = "/out"};
    Table waiting = waiting_releases(visit, page, terms, state);
    page.blocks.push_back(std::move(waiting));
    TRY_ASSIGN(auto all, house.registry.dispatches());
    Table table =
        dispatches_table(visit, page, terms, state, std::move(all), logbook::Direction::out);
    page.blocks.push_back(std::move(table));
    TRY_ASSIGN(Table notices, notices_table(visit, true));
    page.blocks.push_back(std::move(notices));
    return page_response(visit, page);
}

Answer release_page(Visit& visit) {
    const House& house = visit.house;
    const auto terms = house.registry.terms();
    const auto* other = terms.other(house.registry.party());
    const std::string recipient = other == nullptr ? "" : other->code;
    Page page{.title = visit.say("Release"),
              .lead = visit.p.say("What may go to %1, and why not, before you sign anything. What "
                                  "stands here is decided by the agreement as it would be now, for "
                                  "you; nothing of it is recorded.",
                                  recipient),
              .desk = "/release"};
    registry::ItemQuery query;
    query.direction = "out";
    query.origin = house.registry.party();
    query.after = visit.asked("after");
    query.limit = 25;
    TRY_ASSIGN(const auto found, house.registry.items(query));
    Table table{visit.say("Items that originate here"),
                {visit.say("Item"), visit.say("Level"), visit.say("Release"),
                 visit.word("approve-release"), visit.word("dispatch")},
                {},
                visit.say("Nothing in the register originates here.")};
    for (const ItemId& id : found.items) {
        const logbook::Item& item = *found.state.item(id);
        shows(page, terms, house.registry.party(), item);
        const logbook::Release* release =
            found.state.release(logbook::release_id(logbook::release_digest(
                id, item.payload_root, item.label_sha256, recipient, terms.digest())));
        const std::string state =
            release == nullptr ? visit.say("nobody asked") : visit.word(to_string(release->state));
        const std::size_t approvals = release == nullptr ? 0 : release->approvals.size();
        const std::map<std::string, std::string> members = {{"item", id.text()},
                                                            {"recipient", recipient}};
        const bool asked = release != nullptr && !to_be_asked(release->state);
        Cell approve = offered(visit, found.state, terms,
                               asked ? ActKind::approve_release : ActKind::ask_release, members);
        if (!asked)
            approve.text = visit.say("Ask release first");
        Cell dispatch = offered(visit, found.state, terms, ActKind::dispatch, members);
        approve.style = "words " + approve.style;
        dispatch.style = "words " + dispatch.style;
        table.rows.push_back(
            {item_cell(item),
             level_cell(visit, terms, item.origin, item.level),
             {.text = state,
              .sub = visit.p.say("%1 of %2 needed", std::to_string(approvals),
                                 std::to_string(terms.release_persons(item.origin, item.level)))},
             approve,
             dispatch});
    }
    if (!found.next.empty())
        table.next = "/release?after=" + url_part(found.next);
    if (!query.after.empty())
        table.first = "/release";
    page.blocks.push_back(std::move(table));
    return page_response(visit, page);
}

} // namespace valise::desk
