// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "commands.h"
#include "output.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

using logbook::ActKind;

struct Options {
    std::string item;
    std::vector<std::string> items;
    std::vector<std::string> recipients;
    std::string to;
    std::string until;
    std::string reason;
    std::string dispatch;
    std::string finding;
    std::string note;
    bool control = false;
};

// What the person signs is computed here, from the item as the register holds it.
Result<Json> sign_one(Acting& acting, ActKind kind, const std::string& named, const std::string& to,
                      const Options& options) {
    TRY_ASSIGN(const Json item, acting.client.item(named));
    TRY_ASSIGN(const std::string id_text, text_in(item, "item"));
    TRY_ASSIGN(const ItemId id, ItemId::parse(id_text));
    TRY_ASSIGN(const Hash32 root, hash_in(item, "payload_root"));
    TRY_ASSIGN(const Hash32 label, hash_in(item, "label_sha256"));
    TRY_ASSIGN(const std::string level, text_in(item, "level"));
    const Hash32& terms = acting.client.terms_digest();
    const Hash32 digest = logbook::release_digest(id, root, label, to, terms);
    Json content = {{"release_digest", to_base64(digest)},
                    {"item", id_text},
                    {"recipient", to},
                    {"terms", to_base64(terms)}};
    if (kind != ActKind::refuse_release)
        content["level"] = level;
    if (!options.reason.empty())
        content["reason"] = options.reason;
    if (options.control)
        content["control"] = "originator";
    if (!options.until.empty()) {
        if (!options.control)
            return fail(Code::invalid, "cli.usage", "--until goes with --control, which it ends");
        TRY_ASSIGN(const Time until, parse_until(options.until));
        content["until"] = until.text();
    }
    TRY_ASSIGN(Json value, acting.act(kind, std::move(content)));
    value["item"] = id_text;
    value["recipient"] = to;
    value["release_digest"] = to_base64(digest);
    return value;
}

//= O-05
// A decision is about one item and one recipient: a list is signed item by item, each with its own
// act, and what one of them is refused for stops none of the others.
Result<Exit> sign_release(ActKind kind, const char* done, const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    Json all = Json::array();
    std::string lines;
    Exit exit = Exit::done;
    for (const std::string& item : options.items)
        for (const std::string& to : options.recipients) {
            TRY_ASSIGN(Json value, sign_one(acting, kind, item, to, options));
            const std::string line =
                fmt::format("{} the release of {} to {}\ndigest    {}", done, shown(value, "item"),
                            to, shown(value, "release_digest"));
            if (options.items.size() * options.recipients.size() == 1)
                return conclude(std::move(value), line);
            if (!permitted(value))
                exit = Exit::refused;
            lines += permitted(value) ? line + "\n" : refusals_of(value) + "\n";
            all.push_back(std::move(value));
        }
    answer({{"releases", all}}, lines);
    return exit;
}

//= O-15
Result<Exit> consent(const Options& options) {
    TRY_ASSIGN(const Time until, parse_until(options.until));
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json item, acting.client.item(options.item));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    Json content = {{"item", id}, {"recipient", options.to}, {"until", until.text()}};
    if (!options.reason.empty())
        content["reason"] = options.reason;
    TRY_ASSIGN(Json value, acting.act(ActKind::consent, std::move(content)));
    value["item"] = id;
    return conclude(std::move(value), fmt::format("consented that {} goes to {} until {}", id,
                                                  options.to, until.text()));
}

Result<Exit> contents(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    std::string item = options.item;
    if (item.empty()) {
        TRY_ASSIGN(const Json dispatch,
                   acting.client.get("/api/v1/dispatches/" + options.dispatch));
        TRY_ASSIGN(item, text_in(dispatch, "item"));
    } else if (!ItemId::parse(item)) {
        TRY_ASSIGN(const Json found, acting.client.item(item));
        TRY_ASSIGN(item, text_in(found, "item"));
    }
    Json content = {{"dispatch", options.dispatch}, {"item", item}, {"finding", options.finding}};
    if (!options.note.empty())
        content["note"] = options.note;
    TRY_ASSIGN(Json value, acting.act(ActKind::contents_receipt, std::move(content)));
    value["dispatch"] = options.dispatch;
    value["item"] = item;
    return conclude(std::move(value),
                    fmt::format("contents of {}: {}", options.dispatch, options.finding));
}

} // namespace

void add_release(Command& root) {
    static Options options;
    Command release = root.sub("release", "letting an item go to the other party");
    const auto add = [&](const char* name, const char* help, ActKind kind, const char* done,
                         Need reason) {
        Command command = release.sub(name, help);
        command.option("item", options.items, "ids or register numbers", Need::required)
            .option("--to PARTY", options.recipients, "party, as UKR; may repeat", Need::required)
            .option("--reason TEXT", options.reason, "why; kept apart, can be shredded", reason);
        if (kind != ActKind::refuse_release)
            command
                .flag("--control", options.control,
                      "each opening there asks here (originator control)")
                .option("--until TIME", options.until,
                        "with --control, the last day: 2027-01-31, a full time, or +30d");
        command.runs([kind, done] { return sign_release(kind, done, options); });
    };
    add("ask", "ask for the release of one item to one party", ActKind::ask_release, "asked for",
        Need::optional);
    add("approve", "sign the release of one item to one party", ActKind::approve_release,
        "approved", Need::optional);
    add("refuse", "refuse the release of one item to one party", ActKind::refuse_release, "refused",
        Need::required);
    Command consenting =
        release.sub("consent", "let the other party give an item of ours to a third party");
    consenting.option("item", options.item, "id or register number", Need::required)
        .option("--to PARTY", options.to, "the third party, as USA", Need::required)
        .option("--until TIME", options.until, "2027-01-31, a full time, or +365d", Need::required)
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded");
    consenting.runs([] { return consent(options); });
    Command receipt = root.sub("receipt", "what a receiver says of a dispatch");
    Command signing = receipt.sub("contents", "opened and checked: in order, or a discrepancy");
    signing.option("dispatch", options.dispatch, "id of the dispatch", Need::required)
        .option("--finding FINDING", options.finding, "in-order or discrepancy", Need::required)
        .one_of("--finding", {"in-order", "discrepancy"})
        .option("--item ITEM", options.item, "id or register number; else the dispatch's")
        .option("--note TEXT", options.note, "what was found; kept apart, can be shredded");
    signing.runs([] { return contents(options); });
}

} // namespace valise::cli
