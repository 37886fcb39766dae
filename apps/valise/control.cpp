// SPDX-License-Identifier: Apache-2.0
#include "logbook/control.h"

#include "acting.h"
#include "commands.h"
#include "output.h"

#include <fmt/core.h>

// What an originator keeps of an item that it let go. //= O-20
namespace valise::cli {

namespace {

using logbook::ActKind;

struct Options {
    std::string item;
    std::string dispatch;
    std::string notice;
    std::string ground;
    std::string until;
    std::string reason;
    std::string note;
    std::vector<std::string> readers;
};

std::string lines_of(const Json& control) {
    std::string out =
        fmt::format("{}  {} {}  {}", shown(control, "dispatch"),
                    control.value("direction", "") == "in" ? "controlled by" : "sent to",
                    shown(control, "peer"), shown(control, "item"));
    if (control.contains("until") && control.at("until").is_string())
        out += "  until " + shown(control, "until");
    if (control.value("narrowed", false))
        out += fmt::format("  narrowed to {} readers", control.at("admits").size());
    if (control.contains("recall") && control.at("recall").is_object())
        out += "  RECALLED " + shown(control.at("recall"), "at");
    out += "\n";
    for (const Json& one : control.value("admitted", Json::array()))
        out += fmt::format("    opened {} times, last {}, by {}\n", one.value("openings", 0),
                           shown(one, "last"), shown(one, "reader"));
    for (const Json& one : control.value("readers", Json::array()))
        out += fmt::format("    {} is {} to the originator\n", shown(one, "person"),
                           shown(one, "reader"));
    for (const Json& one : control.value("leases", Json::array()))
        out += fmt::format("    LEASE of {} to {} until {}\n", shown(one, "copy"),
                           shown(one, "person"), shown(one, "until"));
    return out;
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/controls"));
    std::string lines;
    for (const Json& control : value.value("controls", Json::array()))
        lines += lines_of(control);
    answer(value, lines.empty() ? "nothing is controlled by its originator" : lines);
    return Exit::done;
}

Result<Exit> narrow(const Options& options) {
    Json content = {{"dispatch", options.dispatch}};
    if (!options.readers.empty()) {
        std::set<Hash32> readers;
        for (const std::string& text : options.readers) {
            TRY_ASSIGN(const auto one, logbook::parse_readers(text));
            readers.insert(one.begin(), one.end());
        }
        content["readers"] = logbook::readers_text(readers);
    }
    if (!options.until.empty()) {
        TRY_ASSIGN(const Time until, parse_until(options.until));
        content["until"] = until.text();
    }
    if (!options.reason.empty())
        content["reason"] = options.reason;
    return act_and_conclude(ActKind::narrow, std::move(content), "narrowed " + options.dispatch);
}

Result<Exit> recall(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json item, acting.client.item(options.item));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    TRY_ASSIGN(Json value, acting.act(ActKind::recall, {{"item", id}, {"ground", options.ground}}));
    value["item"] = id;
    return conclude(std::move(value), "recalled " + id + "; what was read of it stays known there");
}

std::string in_words(const std::string& text) {
    const auto answer = logbook::RecallAnswer::parse(text);
    if (!answer)
        return text;
    return fmt::format("{} held, {} destroyed, {} returned; read by {}; {} on media or paper",
                       answer->held, answer->destroyed, answer->returned, answer->read,
                       answer->media);
}

// The numbers are the registry's; the officer sees them and signs them.
Result<Exit> answer_recall(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json notice, acting.client.get("/api/v1/notices/" + options.notice));
    const std::string numbers = notice.value("answer_now", "");
    if (numbers.empty())
        return fail(Code::conflict, "cli.no_recall", "this notice is no recall of theirs");
    Json content = {{"notice", options.notice}, {"answer", numbers}};
    if (!options.note.empty())
        content["note"] = options.note;
    TRY_ASSIGN(Json value, acting.act(ActKind::answer_recall, std::move(content)));
    value["answer"] = numbers;
    return conclude(std::move(value),
                    fmt::format("answered {}: {}", options.notice, in_words(numbers)));
}

} // namespace

std::string recall_words(const std::string& answer) {
    return in_words(answer);
}

void add_control(Command& root) {
    static Options options;
    Command control = root.sub("control", "what an originator keeps of an item that it let go");
    control.sub("list", "controlled dispatches: who opened them, leases, recalls").runs(list);
    Command narrowing = control.sub("narrow", "fewer readers there, or an earlier last day");
    narrowing.option("dispatch", options.dispatch, "id of the dispatch", Need::required)
        .option("--reader NAME", options.readers,
                "as `control list` shows it; may repeat: nobody else opens it")
        .option("--until TIME", options.until, "2027-01-31, a full time, or +30d")
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded");
    narrowing.runs([] { return narrow(options); });
    Command recalling = control.sub("recall", "have an item back: nobody opens it there any more");
    recalling.option("item", options.item, "id or register number", Need::required)
        .option("--ground TEXT", options.ground, "why; told to the other party", Need::required);
    recalling.runs([] { return recall(options); });
    Command answering = control.sub("answer", "answer a recall with what the book says");
    answering.option("notice", options.notice, "id of the notice", Need::required)
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    answering.runs([] { return answer_recall(options); });
}

} // namespace valise::cli
