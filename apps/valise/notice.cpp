// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "base/text.h"
#include "commands.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

using logbook::ActKind;

struct Options {
    std::string notice;
    std::string note;
};

std::string line_of(const Json& notice) {
    std::string line =
        fmt::format("{}  {} {}  {}  {}  {}", shown(notice, "notice"),
                    notice.value("direction", "") == "in" ? "from" : "to", shown(notice, "peer"),
                    shown(notice, "type"), shown(notice, "dispatch"), shown(notice, "state"));
    for (const char* name : {"level", "what", "incident", "law", "edition", "about", "evidence"})
        if (!notice.value(name, "").empty())
            line += fmt::format("  {} {}", name, shown(notice, name));
    if (const std::string numbers = notice.value("answer", ""); !numbers.empty())
        line += "  " + recall_words(numbers);
    if (!notice.value("refusal", "").empty())
        line += "  refused there: " + shown(notice, "refusal");
    return line;
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/notices"));
    std::string lines;
    for (const Json& notice : value.value("notices", Json::array()))
        lines += line_of(notice) + "\n";
    answer(value, lines.empty() ? "no notices" : lines);
    return Exit::done;
}

Result<Exit> show(const Options& options) {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/notices/" + options.notice));
    std::string lines = line_of(value) + "\n";
    if (const std::string text = value.value("enclosed", ""); !text.empty())
        lines += printable(text, text.size()) + "\n";
    answer(value, lines);
    return Exit::done;
}

Result<Exit> acknowledge(const Options& options) {
    Json content = {{"notice", options.notice}};
    if (!options.note.empty())
        content["note"] = options.note;
    return act_and_conclude(ActKind::acknowledge, std::move(content),
                            "acknowledged " + options.notice);
}

// What is overdue, and what runs out within 30 days, ends with the status of what is not in order,
// so that a timer can ask: it would else hear of an accreditation on the day after its last.
Result<Exit> duties() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/duties"));
    std::string lines;
    bool wanted = false; // somebody here has to look
    for (const Json& duty : value.value("duties", Json::array())) {
        const bool late = duty.value("overdue", false);
        const bool ours = duty.value("ours", false);
        wanted = wanted || (ours && (late || duty.value("what", "").starts_with("expires-")));
        lines += fmt::format("{}  {}  {}{}  {}  (clause {}, {})\n", shown(duty, "due"),
                             late ? "OVERDUE" : "due", shown(duty, "what"),
                             ours ? "" : " of the other party", shown(duty, "subject"),
                             shown(duty, "clause"), shown(duty, "row"));
    }
    answer(value, lines.empty() ? "nothing is due" : lines);
    return wanted ? Exit::partly : Exit::done;
}

} // namespace

void add_notice(Command& root) {
    static Options options;
    Command notice = root.sub("notice", "what one registry tells the other");
    notice.sub("list", "all notices, both ways").runs(list);
    Command showing = notice.sub("show", "one notice, with the text that it encloses");
    showing.option("notice", options.notice, "id", Need::required);
    showing.runs([] { return show(options); });
    Command answering = notice.sub("acknowledge", "answer a notice of the other party");
    answering.option("notice", options.notice, "id", Need::required)
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    answering.runs([] { return acknowledge(options); });
    root.sub("duties",
             "what is due or overdue, and by which clause; 5 when something is overdue or runs out")
        .runs(duties);
}

} // namespace valise::cli
