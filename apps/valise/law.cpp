// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "adapters/files/files.h"
#include "base/text.h"
#include "commands.h"
#include "crypto/hash.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

using logbook::ActKind;

struct Options {
    std::string law;
    std::string edition;
    std::string title;
    std::string from;
    std::string text;
    std::string note;
    std::string peer;
    bool affects = false;
};

constexpr std::size_t kLawMax = 64 << 20;

//= O-07
// The text is named by its digest: both parties can hold their copy of it against the register.
Result<Exit> record(const Options& options) {
    TRY_ASSIGN(const Time from, parse_until(options.from));
    TRY_ASSIGN(const Bytes text, adapters::read_file(options.text, kLawMax));
    Json content = {{"law", options.law},
                    {"edition", options.edition},
                    {"from", from.text()},
                    {"text", to_base64(crypto::sha256(text))},
                    {"affects", options.affects ? "yes" : "no"},
                    {"title", options.title}};
    if (!options.note.empty())
        content["note"] = options.note;
    return act_and_conclude(
        ActKind::law, std::move(content),
        fmt::format("law {}, edition {}, from {}{}", options.law, options.edition, from.text(),
                    options.affects ? "; the other party is told, and acknowledges" : ""));
}

Result<Exit> ask(const Options& options) {
    Json content = {{"peer", options.peer}};
    if (!options.note.empty())
        content["note"] = options.note;
    return act_and_conclude(ActKind::ask_laws, std::move(content),
                            "asked " + options.peer + " for its laws");
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/laws"));
    std::string lines;
    for (const Json& law : value.value("laws", Json::array()))
        lines += fmt::format("{}  {}  edition {}  from {}{}  event {}\n", shown(law, "party"),
                             shown(law, "law"), shown(law, "edition"), shown(law, "from"),
                             law.value("affects", false) ? "  touches protection" : "",
                             shown(law, "event"));
    for (const auto& [name, how] : {std::pair("asked", "was asked for its laws"),
                                    std::pair("asked_by", "asked for the laws of this party")})
        for (const Json& request : value.value(name, Json::array()))
            lines +=
                fmt::format("{}  {} at {}\n", shown(request, "party"), how, shown(request, "at"));
    answer(value, lines.empty() ? "no laws are recorded" : lines);
    return Exit::done;
}

} // namespace

void add_law(Command& root) {
    static Options options;
    Command law = root.sub("law", "laws under which each party protects what it received");
    law.sub("list", "both parties' laws in their newest editions").runs(list);
    Command recording = law.sub("record", "record a law of this party, or its next edition");
    recording.option("law", options.law, "code of the law, as jp-108-2013", Need::required)
        .option("--edition CODE", options.edition, "code of this edition", Need::required)
        .option("--title TEXT", options.title, "what it is called; the other party reads it",
                Need::required)
        .option("--from TIME", options.from, "in force from: 2027-01-31, a full time, or +30d",
                Need::required)
        .option("--text FILE", options.text, "its text, which is named by its digest",
                Need::required)
        .flag("--affects-protection", options.affects,
              "it changes how received information is protected: the other party is told")
        .option("--note TEXT", options.note, "what changes; the other party reads it");
    recording.runs([] { return record(options); });
    Command asking = law.sub("ask", "ask the other party for its laws");
    asking.option("party", options.peer, "code of the other party", Need::required)
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    asking.runs([] { return ask(options); });
}

} // namespace valise::cli
