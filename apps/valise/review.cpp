// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "commands.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

struct Options {
    std::string item;
    std::string finding;
    std::string next;
    std::string reason;
};

//= O-29
Result<Exit> review(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json item, acting.client.item(options.item));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    Json content = {{"item", id}, {"finding", options.finding}, {"reason", options.reason}};
    if (!options.next.empty()) {
        TRY_ASSIGN(const Time next, parse_until(options.next));
        content["next"] = next.text();
    }
    TRY_ASSIGN(Json value, acting.act(logbook::ActKind::review_purpose, std::move(content)));
    value["item"] = id;
    return conclude(std::move(value), fmt::format("reviewed {}: {}", id, options.finding));
}

} // namespace

void add_item_review(Command& item) {
    static Options options;
    Command reviewing = item.sub("review", "is it still needed for its purpose?");
    reviewing.option("item", options.item, "id or register number", Need::required)
        .option("--finding FINDING", options.finding, "kept, return or destroy", Need::required)
        .one_of("--finding", {"kept", "return", "destroy"})
        .option("--next TIME", options.next, "of an item that is kept: asked again then, as +365d")
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded",
                Need::required);
    reviewing.runs([] { return review(options); });
}

} // namespace valise::cli
