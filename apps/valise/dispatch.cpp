// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "adapters/clock/system_clock.h"
#include "base/text.h"
#include "commands.h"
#include "logbook/dispatch_states.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

namespace valise::cli {

namespace {

using logbook::ActKind;
using std::chrono::steady_clock;

struct Options {
    std::string item;
    std::string to;
    std::string dispatch;
    std::string state;
    std::string note;
    std::string copy;
    std::vector<std::string> seals;
    std::string carrier;
    std::string certificate;
    std::string at;
    std::string place;
    std::string finding = "intact";
    std::string until;
    std::int64_t percent = -1;
    std::int64_t timeout = 60;
};

Result<Exit> send(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json item, acting.client.item(options.item));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    Json content = {{"item", id}, {"recipient", options.to}};
    if (options.copy.empty() != options.seals.empty())
        return fail(Code::invalid, "cli.usage",
                    "a package needs both --copy and --seal; without them the item goes by wire");
    if (!options.copy.empty()) {
        content["copy"] = options.copy;
        content["seals"] = fmt::format("{}", fmt::join(options.seals, ","));
    }
    if (!options.until.empty()) {
        TRY_ASSIGN(const Time until, parse_until(options.until));
        content["until"] = until.text();
    }
    TRY_ASSIGN(Json value, acting.act(ActKind::dispatch, std::move(content)));
    const std::string dispatch =
        value.value("result", Json::object()).value("dispatch", std::string());
    value["item"] = id;
    value["dispatch"] = dispatch;
    const std::string next =
        options.copy.empty()
            ? std::string()
            : "\nnext: `valise dispatch hand-over` when the courier takes it, once "
              "the other registry has accepted it";
    return conclude(std::move(value),
                    fmt::format("dispatch {} of {} to {}{}", dispatch, id, options.to, next));
}

//= O-37
// One change of hands, as the courier's receipt says.
Result<Exit> hand_over(const Options& options) {
    Time at = adapters::SystemClock().now();
    if (!options.at.empty()) {
        TRY_ASSIGN(at, Time::parse(options.at));
    }
    Json content = {{"dispatch", options.dispatch},
                    {"carrier", options.carrier},
                    {"reference", options.certificate},
                    {"at", at.text()},
                    {"finding", options.finding}};
    if (!options.place.empty())
        content["place"] = options.place;
    if (!options.note.empty())
        content["note"] = options.note;
    return act_and_conclude(ActKind::hand_over, std::move(content),
                            "handed over " + options.dispatch);
}

// What has not left comes out of its envelopes again.
Result<Exit> withdraw(const Options& options) {
    return act_and_conclude(ActKind::withdraw,
                            {{"dispatch", options.dispatch}, {"reason", options.note}},
                            "withdrew " + options.dispatch);
}

//= O-34
Result<Exit> take(const Options& options) {
    Json content = {
        {"dispatch", options.dispatch}, {"carrier", options.carrier}, {"finding", options.finding}};
    if (!options.certificate.empty())
        content["reference"] = options.certificate;
    if (!options.note.empty())
        content["note"] = options.note;
    return act_and_conclude(ActKind::take_delivery, std::move(content),
                            "took delivery of " + options.dispatch);
}

std::int64_t number_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::int64_t percent_of(const Json& dispatch) {
    const std::int64_t whole = number_in(dispatch, "payload_bytes");
    return whole <= 0 ? 0 : number_in(dispatch, "durable_bytes") * 100 / whole;
}

std::string line_of(const Json& dispatch) {
    std::string line =
        fmt::format("{}  {} {}  {}  {}", shown(dispatch, "dispatch"),
                    dispatch.value("direction", "") == "in" ? "from" : "to",
                    shown(dispatch, "peer"), shown(dispatch, "item"), shown(dispatch, "state"));
    if (number_in(dispatch, "payload_bytes") > 0)
        line += fmt::format("  {} of {} bytes durable there", shown(dispatch, "durable_bytes"),
                            shown(dispatch, "payload_bytes"));
    if (!dispatch.value("seals", "").empty())
        line += fmt::format("  package sealed {}{}", shown(dispatch, "seals"),
                            dispatch.value("announced", false) ? ", accepted there" : "");
    for (const auto& [name, words] : {std::pair("custody_evidence", "custody receipt"),
                                      std::pair("contents_evidence", "contents receipt")})
        if (!dispatch.value(name, "").empty())
            line += fmt::format("  {} {}", words, shown(dispatch, name));
    if (const std::string refusal = dispatch.value("refusal", ""); !refusal.empty())
        line += fmt::format("  refused there: {}", printable(refusal));
    return line;
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/dispatches"));
    std::string lines;
    for (const Json& dispatch : value.value("dispatches", Json::array()))
        lines += line_of(dispatch) + "\n";
    answer(value, lines.empty() ? "no dispatches" : lines);
    return Exit::done;
}

Result<Exit> show(const Options& options) {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/dispatches/" + options.dispatch));
    std::string legs;
    for (const Json& leg : value.value("legs", Json::array()))
        legs += fmt::format("\nleg       {}  seals {}  event {}", shown(leg, "at"),
                            shown(leg, "seals"), shown(leg, "event"));
    if (!value.value("delivered", Json()).is_null())
        legs += fmt::format("\ndelivered seals {}", shown(value, "delivered"));
    answer(value, fmt::format("{}\nsince     {}\nmoved     {}\nfinding   {}\ndocument  {}{}",
                              line_of(value), shown(value, "since"), shown(value, "moved"),
                              shown(value, "finding"), shown(value, "document"), legs));
    return Exit::done;
}

//= O-36
Result<Exit> trace(const Options& options) {
    Json content = {{"dispatch", options.dispatch}};
    if (!options.note.empty())
        content["note"] = options.note;
    return act_and_conclude(ActKind::trace, std::move(content), "traced " + options.dispatch);
}

// How far a state lies on the way of its dossier, so that waiting for one which is already behind
// ends at once; 0 for what is none or leads nowhere.
int progress_of(std::string_view state) {
    using Way = std::array<std::string_view, 6>;
    static constexpr Way kOut = {"permitted",          "sealed", "sent", "custody_receipted",
                                 "contents_receipted", "closed"};
    static constexpr Way kIn = {"offered", "arrived", "custody_receipt_sent",
                                "marked",  "opened",  "contents_receipt_sent"};
    for (const Way& way : {kOut, kIn})
        for (std::size_t i = 0; i < way.size(); ++i)
            if (way[i] == state)
                return static_cast<int>(i) + 1;
    return 0;
}

bool on_one_way(std::string_view state, std::string_view wanted) {
    static constexpr std::string_view kIn[] = {"offered", "arrived", "custody_receipt_sent",
                                               "marked",  "opened",  "contents_receipt_sent"};
    const auto is_in = [](std::string_view word) {
        return std::ranges::find(kIn, word) != std::end(kIn);
    };
    return is_in(state) == is_in(wanted);
}

bool reached(const Json& dispatch, const Options& options) {
    const std::string state = dispatch.value("state", "");
    if (options.percent >= 0)
        return percent_of(dispatch) >= options.percent;
    const int wanted = progress_of(options.state);
    return state == options.state ||
           (wanted > 0 && on_one_way(state, options.state) && progress_of(state) >= wanted);
}

bool lost(const Json& dispatch) {
    const std::string state = dispatch.value("state", "");
    return state == "failed" || state == "arrival_failed" || state == "lost";
}

// Waiting for a word that is no state would end only when the time is over.
Result<void> check_state(const std::string& state) {
    std::vector<std::string> known;
    for (std::size_t i = 1; i < logbook::kDispatchStates; ++i)
        known.emplace_back(to_string(static_cast<logbook::DispatchState>(i)));
    if (std::ranges::find(known, state) != known.end())
        return {};
    return fail(Code::invalid, "cli.usage",
                "'" + printable(state) + "' is no state of a dispatch" + suggestion(state, known));
}

Result<Json> look(std::optional<Client>& client, const std::string& dispatch) {
    if (!client) {
        TRY_ASSIGN(client, Client::connect());
    }
    auto got = client->get("/api/v1/dispatches/" + dispatch);
    if (!got && got.error().code() == Code::unavailable)
        client.reset();
    return got;
}

bool may_pass(const Error& error) {
    return error.code() == Code::unavailable || error.code() == Code::not_found;
}

// Goes on while the registry is away: it may be about to come back.
Result<Exit> wait(const Options& options) {
    TRY(check_state(options.state));
    const auto end = steady_clock::now() + std::chrono::seconds(options.timeout);
    std::optional<Client> client;
    Result<Json> seen = look(client, options.dispatch);
    while (true) {
        if (!seen && !may_pass(seen.error()))
            return fail(seen.error());
        if (seen && (reached(*seen, options) || lost(*seen)))
            break;
        if (steady_clock::now() >= end)
            break;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        seen = look(client, options.dispatch);
    }
    if (!seen)
        return fail(seen.error());
    const bool there = reached(*seen, options);
    Json value = *seen;
    value["reached"] = there;
    value["percent"] = percent_of(*seen);
    answer(std::move(value), line_of(*seen));
    if (!there)
        note(lost(*seen) ? "error: the dispatch failed" : "error: not within the time given");
    return there ? Exit::done : Exit::partly;
}

} // namespace

void add_dispatch(Command& root) {
    static Options options;
    Command dispatch = root.sub("dispatch", "one sending to, or from, the other party");
    Command sending = dispatch.sub("send", "send a released item");
    sending.option("item", options.item, "id or register number", Need::required)
        .option("--to PARTY", options.to, "party, as UKR", Need::required)
        .option("--copy COPY", options.copy, "id of the copy that goes by hand, in a package")
        .option("--seal NUMBER", options.seals, "number of a seal on the package; may repeat")
        .option("--until TIME", options.until,
                "last day of openings there, of a controlled item; the earliest asked for counts");
    sending.runs([] { return send(options); });
    dispatch.sub("list", "all dispatches").runs(list);
    Command showing = dispatch.sub("show", "one dispatch");
    showing.option("dispatch", options.dispatch, "id", Need::required);
    showing.runs([] { return show(options); });
    Command handing = dispatch.sub("hand-over", "a package changes hands on its way");
    handing.option("dispatch", options.dispatch, "id", Need::required)
        .option("--carrier NAME", options.carrier, "who takes it; kept apart", Need::required)
        .option("--certificate NUMBER", options.certificate,
                "courier's certificate or receipt; kept apart", Need::required)
        .option("--at TIME", options.at, "when it changed hands: 2026-11-30T09:30:00Z (now)")
        .option("--seals FINDING", options.finding, "intact or broken (intact)")
        .one_of("--seals", {"intact", "broken"})
        .option("--place TEXT", options.place, "where; kept apart")
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    handing.runs([] { return hand_over(options); });
    Command taking = dispatch.sub("take", "take a package from the courier into custody");
    taking.option("dispatch", options.dispatch, "id", Need::required)
        .option("--carrier NAME", options.carrier, "who brought it; kept apart", Need::required)
        .option("--seals FINDING", options.finding, "intact or broken", Need::required)
        .one_of("--seals", {"intact", "broken"})
        .option("--certificate NUMBER", options.certificate, "courier's certificate; kept apart")
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    taking.runs([] { return take(options); });
    Command withdrawing = dispatch.sub("withdraw", "keep back a package that has not left");
    withdrawing.option("dispatch", options.dispatch, "id", Need::required)
        .option("--reason TEXT", options.note, "why; kept apart, can be shredded", Need::required);
    withdrawing.runs([] { return withdraw(options); });
    Command tracing =
        dispatch.sub("trace", "ask the other party after a receipt that does not come");
    tracing.option("dispatch", options.dispatch, "id", Need::required)
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    tracing.runs([] { return trace(options); });
    Command waiting = dispatch.sub("wait", "wait until a dispatch has come so far");
    options.state = "closed";
    waiting.option("dispatch", options.dispatch, "id", Need::required)
        .option("--until STATE", options.state,
                "state: sent, custody_receipted, closed; arrived, marked… (closed)")
        .option("--until-percent N", options.percent, "of its bytes durable at the receiver")
        .option("--timeout SECONDS", options.timeout, "seconds (60)");
    waiting.runs([] { return wait(options); });
}

} // namespace valise::cli
