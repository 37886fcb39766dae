// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/desks.h"
#include "desk/internal/next_step.h"
#include "desk/internal/passkey_acts.h"
#include "desk/internal/verdict.h"
#include "desk/internal/views.h"

namespace valise::desk {

namespace {

using logbook::ActKind;

// Where a person sees to a duty: the form of the act, filled in, or the thing itself.
Cell way_to(const Visit& visit, const agreement::StandingDuty& duty) {
    const auto to_act = [&](ActKind kind, std::map<std::string, std::string> members) {
        return Cell{visit.word(to_string(kind)), act_path(kind, members)};
    };
    if (!duty.ours)
        return {visit.say("with the other party")};
    if (duty.what == "contents-receipt")
        return to_act(ActKind::contents_receipt, {{"dispatch", duty.subject}});
    if (duty.what == "trace")
        return to_act(ActKind::trace, {{"dispatch", duty.subject}});
    if (duty.what == "acknowledge" || duty.what == "answer-tracer")
        return to_act(ActKind::acknowledge, {{"notice", duty.subject}});
    if (duty.what == "investigate")
        return to_act(ActKind::investigate, {{"incident", duty.subject}});
    if (duty.what == "report")
        return to_act(ActKind::report, {{"incident", duty.subject}});
    if (duty.what == "close-incident")
        return to_act(ActKind::close_incident, {{"incident", duty.subject}});
    if (duty.what == "review-purpose")
        return to_act(ActKind::review_purpose, {{"item", duty.subject}});
    if (duty.what == "remark")
        return to_act(ActKind::remark, {{"item", duty.item.empty() ? duty.subject : duty.item}});
    if (duty.what == "take-back")
        return to_act(ActKind::take_back, {{"copy", duty.subject}, {"item", duty.item}});
    if (duty.what == "hand-over")
        return to_act(ActKind::hand_over, {{"dispatch", duty.subject}});
    if (duty.what == "take-delivery")
        return to_act(ActKind::take_delivery, {{"dispatch", duty.subject}});
    if (duty.what == "report-incident")
        return to_act(ActKind::report_incident, {{"item", duty.item}});
    if (duty.clause == "link-accreditation" && duty.what != "held-dispatch")
        return to_act(ActKind::accredit, {{"peer", duty.subject}});
    if (duty.clause == "clearance-in-date")
        return to_act(ActKind::clear, {{"person", duty.subject}});
    if (duty.what == "supply-laws")
        return to_act(ActKind::law, {});
    if (duty.what == "store-higher" || duty.what == "protect-better")
        return to_act(ActKind::store, {{"copy", duty.subject}, {"item", duty.item}});
    if (duty.what == "take-back-now")
        return to_act(ActKind::take_back, {{"copy", duty.subject}, {"item", duty.item}});
    if (duty.what == "certify")
        return to_act(ActKind::certify_destruction, {{"copy", duty.subject}, {"item", duty.item}});
    if (duty.what == "destroy")
        return {visit.word("destroy"),
                "/register/" + (duty.item.empty() ? duty.subject : duty.item)};
    if (duty.what == "muster" || duty.what == "spot-check")
        return to_act(ActKind::begin_muster,
                      duty.subject.empty()
                          ? std::map<std::string, std::string>{}
                          : std::map<std::string, std::string>{{"level", duty.subject}});
    if (duty.what == "close-muster" || duty.what == "find-missing")
        return {visit.say("Open the muster"), "/musters"};
    return {};
}

Cell subject_cell(const logbook::State& state, const agreement::StandingDuty& duty) {
    const std::string& named = duty.item.empty() ? duty.subject : duty.item;
    std::string item = named;
    if (const auto id = DispatchId::parse(duty.subject); id && state.dispatch(*id) != nullptr)
        item = state.dispatch(*id)->item.text();
    const auto id = ItemId::parse(item);
    const logbook::Item* found = id ? state.item(*id) : nullptr;
    if (found != nullptr)
        return {.text = found->number,
                .href = "/register/" + id->text(),
                .sub = duty.subject == id->text() ? std::string() : duty.subject,
                .style = "key"};
    return {.text = duty.subject, .style = "id"};
}

Table duties_table(const Visit& visit, const std::vector<agreement::StandingDuty>& duties,
                   bool ours, std::size_t most, const std::string& caption) {
    const auto state = visit.house.registry.state();
    Table out{caption,
              {visit.say("What"), visit.say("Subject"), visit.say("Due"), visit.say("Clause"),
               visit.say("Seen to by")},
              {},
              ours ? visit.say("Nothing is due here.") : visit.say("Nothing is due there.")};
    for (const auto& duty : duties) {
        if (duty.ours != ours || out.rows.size() == most)
            continue;
        Cell due = time_cell(duty.due);
        if (duty.overdue) {
            due.text = visit.word("overdue");
            due.style = "bad";
        }
        out.rows.push_back(
            {{visit.word(duty.what)},
             subject_cell(state, duty),
             due,
             {.text = clause_words(visit, duty.clause), .sub = duty.row, .style = "clause"},
             way_to(visit, duty)});
    }
    return out;
}

} // namespace

Answer duties_page(Visit& visit) {
    constexpr std::size_t kMost = 200;
    const auto duties = visit.house.registry.duties(kMost);
    Page page{.title = visit.say("Duties"),
              .lead = visit.say("What is due and overdue, from the terms alone, with the clause "
                                "that asks for it. What is due first stands first."),
              .desk = "/duties"};
    page.blocks.push_back(duties_table(visit, duties, true, kMost, visit.say("Ours")));
    page.blocks.push_back(
        duties_table(visit, duties, false, kMost, visit.say("The other party's")));
    return page_response(visit, page);
}

Answer overview(Visit& visit) {
    const House& house = visit.house;
    constexpr std::size_t kMost = 8;
    const auto duties = house.registry.duties(kMost);
    const Json status = status_json(house.registry, house.setting.link());
    Page page{.title = visit.say("Overview"), .desk = "/"};
    std::vector<Prepared> waiting;
    for (Prepared& one : house.sessions.prepared(visit.who->key))
        if (!one.answer)
            waiting.push_back(std::move(one));
    if (!waiting.empty()) {
        Table table{visit.say("Waiting for your signature"),
                    {visit.say("Act"), visit.say("Code"), visit.say("Prepared")},
                    {},
                    ""};
        for (const Prepared& one : waiting)
            table.rows.push_back({{visit.word(to_string(one.act.kind())), "/prepared/" + one.code},
                                  {.text = one.code, .style = "id"},
                                  time_cell(one.act.at())});
        page.blocks.push_back(std::move(table));
    }
    for (Block& block : given_note(visit))
        page.blocks.push_back(std::move(block));
    for (Block& block : passkeys_to_confirm(visit))
        page.blocks.push_back(std::move(block));
    const auto state = house.registry.state();
    const auto terms = house.registry.terms();
    for (Block& block : waiting_for(visit, page, state, terms))
        page.blocks.push_back(std::move(block));
    page.blocks.push_back(duties_table(visit, duties, true, kMost, visit.say("Due first")));
    const std::string language = visit.p.language();
    const Json& agreement = status.at("agreement");
    const Json& peer = status.at("peer");
    page.blocks.push_back(
        Facts{visit.say("This registry"),
              {{visit.say("Agreement"),
                {.text = agreement.at("title").value(language, std::string()),
                 .href = "/agreement",
                 .sub = visit.word(text_of(agreement, "status"))}},
               {visit.say("Peer"),
                {.text = peer.is_null() ? visit.say("not paired") : text_of(peer, "party"),
                 .href = "/peers",
                 .sub = text_of(status, "link")}},
               {visit.say("Events in the private log"), {text_of(status, "events"), "/log"}},
               {visit.say("Items in the register"), {text_of(status, "items"), "/register"}},
               {visit.say("Dispatches"), {text_of(status, "dispatches"), "/out"}},
               {visit.say("Permitted and not yet done"), {text_of(status, "open_permits")}}}});
    Links often{visit.say("Often done"), entering_links(visit, state, terms)};
    for (Cell& link :
         std::vector<Cell>{{visit.say("See what may be released"), "/release"},
                           {visit.say("Report a loss or compromise"), "/acts/report-incident"},
                           {visit.say("All acts"), "/acts"}})
        often.links.push_back(std::move(link));
    page.blocks.push_back(std::move(often));
    return page_response(visit, page);
}

Answer health_page(Visit& visit) {
    const House& house = visit.house;
    const Json health = house.registry.health();
    const bool ready = health.at("ready").get<bool>();
    Page page{.title = visit.say("Health"),
              .lead = visit.say("Can this registry sign and deliver now?"),
              .desk = "/health"};
    page.blocks.push_back(Note{ready ? "good" : "bad",
                               ready ? visit.say("It can sign and deliver now.")
                                     : visit.say("It cannot sign and deliver now."),
                               {}});
    Table table{visit.say("What was looked at"),
                {visit.say("Check"), visit.say("Finding"), visit.say("In detail")},
                {},
                ""};
    for (const Json& check : health.at("checks"))
        table.rows.push_back({{visit.word(text_of(check, "name"))},
                              state_cell(visit, check.at("ok").get<bool>() ? "ok" : "failed"),
                              {.text = text_of(check, "text"), .style = "words"}});
    page.blocks.push_back(std::move(table));
    const std::string link = house.setting.link();
    page.blocks.push_back(Facts{
        "", {{visit.say("Protection of the link"), {link.empty() ? visit.say("no link") : link}}}});
    return page_response(visit, page);
}

} // namespace valise::desk
