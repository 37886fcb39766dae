// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "base/text.h"
#include "commands.h"
#include "envelope/container.h"
#include "envelope/statement.h"
#include "streams.h"

#include <fmt/core.h>

#include <algorithm>

// A numbered copy that leaves: the person signs, the registry decides and records, and the sealed
// file is written with the address at which clients ask for its key.
namespace valise::cli {

namespace {

struct Options {
    std::string item;
    std::string copy;
    std::string purpose;
    std::string client;
    std::string rights_ground;
    std::string output;
};

Result<std::string> sealed_copy(const Json& item) {
    for (const Json& copy : item.value("copies", Json::array()))
        if (copy.value("form", "") == "electronic" && copy.value("state", "") == "held")
            return text_in(copy, "copy");
    return fail(Code::conflict, "cli.no_copy", "no sealed copy of this item is held here");
}

Result<std::uint64_t> write(Client& client, std::uint64_t permit, const std::string& url,
                            Output& output) {
    TRY_ASSIGN(auto spool, nameless_file());
    adapters::FileSink sink(spool.get());
    TRY(client.download(fmt::format("/api/v1/opens/{}/sealed", permit), sink));
    TRY_ASSIGN(const auto sealed, adapters::FileSource::over(std::move(spool)));
    TRY_ASSIGN(const auto container, envelope::Container::open(*sealed));
    // Of a controlled item the originator holds the second one; the service asks for it.
    const auto& shares = container.manifest().key_access;
    const auto ours = std::ranges::find_if(
        shares, [](const auto& one) { return one.sid != envelope::kOriginatorSid; });
    if (ours == shares.end())
        return fail(Code::conflict, "cli.shares", "the file has no share of this registry");
    TRY_ASSIGN(const auto bytes, envelope::readdress(*sealed, ours->kid, url, output));
    TRY(output.finish());
    return bytes;
}

//= O-32
Result<Exit> export_item(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    Client& client = acting.client;
    TRY_ASSIGN(const std::string url, text_in(client.status(), "client_url"));
    if (url.empty())
        return fail(Code::conflict, "cli.no_client_url",
                    "this registry has no listener for clients ([opentdf] in registry.toml)");
    TRY_ASSIGN(const Json item, client.item(options.item));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    std::string copy = options.copy;
    if (copy.empty()) {
        TRY_ASSIGN(copy, sealed_copy(item));
    }
    TRY_ASSIGN(const auto output, Output::create(options.output, "exporting"));
    if (output->is_standard_output())
        standard_output_is_taken();
    Json content = {
        {"item", id}, {"copy", copy}, {"purpose", options.purpose}, {"client", options.client}};
    if (!options.rights_ground.empty())
        content["rights_ground"] = options.rights_ground;
    TRY_ASSIGN(Json value, acting.act(logbook::ActKind::export_copy, std::move(content)));
    if (!performed(value))
        return conclude(std::move(value), "");
    TRY_ASSIGN(const auto permit, event_in(value));
    const auto written = write(client, permit, url, *output);
    const std::string path = fmt::format("/api/v1/opens/{}/", permit);
    const auto reported = client.post(path + (written ? "shown" : "failed"));
    if (!written)
        return fail(written.error());
    value["exported"] = output->is_standard_output() ? "-" : options.output;
    const std::string line = fmt::format(
        "copy {} of {} for the client {}: {} ({} bytes), to be opened through {}",
        shown(value.value("result", Json::object()), "copy_number"), id, printable(options.client),
        output->is_standard_output() ? "-" : options.output, *written, url);
    if (!reported)
        return answer_partly(std::move(value), line, reported.error());
    return conclude(std::move(value), line);
}

} // namespace

void add_item_export(Command& item) {
    static Options options;
    Command command =
        item.sub("export", "take a numbered copy out, which an OpenTDF client opens here");
    command.option("item", options.item, "id or register number", Need::required)
        .option("--client ID", options.client, "the client that is to open it", Need::required)
        .option("--purpose CODE", options.purpose, "code of the purpose", Need::required)
        .option("-o,--output FILE", options.output, "sealed file; none or -: standard output")
        .option("--rights-ground TEXT", options.rights_ground,
                "whose leave or what law, where private rights stand on it; kept apart")
        .option("--copy ID", options.copy, "id of the copy; else the first that is held");
    command.runs([] { return export_item(options); });
}

} // namespace valise::cli
