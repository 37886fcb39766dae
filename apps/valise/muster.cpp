// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

namespace valise::cli {

namespace {

using logbook::ActKind;

constexpr std::size_t kCopiesOfAnAct = 256;

struct Options {
    std::string muster;
    std::string level;
    std::string container;
    std::int64_t percent = 0;
    std::string note;
    std::vector<std::string> copies;
    std::string finding = "present";
};

void add_note(const Options& options, Json& content) {
    if (!options.note.empty())
        content["note"] = options.note;
}

Result<Exit> begin(const Options& options) {
    Json content = Json::object();
    if (!options.level.empty())
        content["level"] = options.level;
    if (!options.container.empty())
        content["container"] = options.container;
    if (options.percent != 0)
        content["percent"] = options.percent;
    add_note(options, content);
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(Json value, acting.act(ActKind::begin_muster, std::move(content)));
    const std::string muster = value.value("result", Json::object()).value("muster", std::string());
    value["muster"] = muster;
    return conclude(std::move(value), "muster    " + muster);
}

// Ids of the copies that were named, and of those not counted yet in a container that was.
Result<std::set<std::string>> copies_of(Client& client, const Options& options) {
    std::set<std::string> out;
    for (const std::string& name : options.copies) {
        TRY_ASSIGN(const Json copy, client.copy(name));
        TRY_ASSIGN(std::string id, text_in(copy, "copy"));
        out.insert(std::move(id));
    }
    if (!options.container.empty()) {
        TRY_ASSIGN(const Json muster, client.get("/api/v1/musters/" + options.muster));
        for (const Json& copy : muster.value("copies", Json::array()))
            if (copy.value("finding", "") == "uncounted" &&
                copy.value("place", "") == options.container)
                out.insert(copy.value("copy", ""));
    }
    if (out.empty())
        return fail(Code::invalid, "cli.muster", "name a copy that was looked for, or --in");
    if (out.size() > kCopiesOfAnAct)
        return fail(Code::invalid, "cli.muster",
                    fmt::format("one act counts {} copies at most", kCopiesOfAnAct));
    return out;
}

//= O-26
Result<Exit> count(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const auto copies, copies_of(acting.client, options));
    Json content = {{"muster", options.muster},
                    {"copies", fmt::format("{}", fmt::join(copies, ","))},
                    {"finding", options.finding}};
    add_note(options, content);
    TRY_ASSIGN(Json value, acting.act(ActKind::count, std::move(content)));
    value["copies"] = copies;
    return conclude(std::move(value),
                    fmt::format("{} of {} copies", options.finding, copies.size()));
}

Result<Exit> close(const Options& options) {
    Json content = {{"muster", options.muster}};
    add_note(options, content);
    return act_and_conclude(ActKind::close_muster, std::move(content), "closed " + options.muster);
}

std::string muster_line(const Json& muster) {
    std::string scope = muster.value("level", "").empty() ? "all levels" : shown(muster, "level");
    if (!muster.value("container", "").empty())
        scope += " in " + shown(muster, "container");
    if (muster.at("percent").is_number())
        scope += fmt::format(", {} in a hundred", shown(muster, "percent"));
    return fmt::format(
        "{}  {}  {}: {} copies, {} uncounted, {} missing, {}\n", shown(muster, "muster"),
        shown(muster, "begun"), scope, shown(muster, "expected"), shown(muster, "uncounted"),
        shown(muster, "missing"),
        muster.at("closed").is_string() ? "closed " + shown(muster, "closed") : "open");
}

Result<Exit> list() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/musters"));
    std::string lines;
    for (const Json& muster : value.value("musters", Json::array()))
        lines += muster_line(muster);
    answer(value, lines.empty() ? "no muster was begun" : lines);
    return Exit::done;
}

Result<Exit> show(const Options& options) {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/musters/" + options.muster));
    std::string lines = muster_line(value);
    for (const Json& copy : value.value("copies", Json::array()))
        lines += fmt::format("{:<10} {} {} at {}\n", shown(copy, "finding"), shown(copy, "number"),
                             shown(copy, "copy"), shown(copy, "place"));
    answer(value, lines);
    return Exit::done;
}

} // namespace

void add_muster(Command& root) {
    static Options options;
    Command muster = root.sub("muster", "is what should be there there? musters and spot checks");
    Command beginning = muster.sub("begin", "begin a muster, or a spot check of a sample");
    beginning.option("--level LEVEL", options.level, "code of an own level; else all")
        .option("--in CONTAINER", options.container, "id (cnt-…); else wherever they are")
        .option("--percent N", options.percent, "a spot check of N in a hundred, 1 to 99")
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    beginning.runs([] { return begin(options); });
    Command counting = muster.sub("count", "say of copies that they are there, or are not");
    counting.option("muster", options.muster, "id (mst-…)", Need::required)
        .option("copy", options.copies, "id (cpy-…), or item and copy number as JPN-2026-0001/2")
        .option("--in CONTAINER", options.container, "all in it that are not counted yet")
        .option("--finding FINDING", options.finding, "present or missing (present)")
        .one_of("--finding", {"present", "missing"})
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    counting.runs([] { return count(options); });
    Command closing = muster.sub("close", "close a muster of which every copy was counted");
    closing.option("muster", options.muster, "id (mst-…)", Need::required)
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    closing.runs([] { return close(options); });
    Command showing = muster.sub("show", "a muster and what was found of each copy");
    showing.option("muster", options.muster, "id (mst-…)", Need::required);
    showing.runs([] { return show(options); });
    muster.sub("list", "all musters and spot checks").runs(list);
}

} // namespace valise::cli
