// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "base/text.h"
#include "commands.h"
#include "exchange/bag.h"
#include "printed.h"
#include "streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

// The exchange on media. The registry packs and unpacks; here are only files, whose names tell no
// more than a volume's header does. //= O-35
namespace valise::cli {

namespace {

constexpr std::chrono::hours kPatience(4); // a bag may be as large as a disc
constexpr std::int64_t kLargestMib = 1 << 24;
constexpr const char* kEnding = ".vbag";

struct Options {
    std::string folder;
    std::string papers;
    std::int64_t volume_mib = 4096;
};

// The note of each dispatch that goes with this bag, or the receipt of each that came: for the
// inner envelope and for the file. A note bears the level, so it lies nowhere beside the volumes.
// //= O-35
Result<Json> print_papers(Client& client, const std::string& folder, bool documents) {
    TRY_ASSIGN(const Json listed, client.get("/api/v1/dispatches"));
    Json out = Json::array();
    for (const Json& dispatch : listed.value("dispatches", Json::array())) {
        const std::string state = shown(dispatch, "state");
        const bool outgoing = shown(dispatch, "direction") == "out";
        const std::string evidence = shown(dispatch, "custody_evidence");
        // A receipt that the other party's witness or mirror has seen needs no paper any more.
        const bool due = documents ? outgoing && (state == "permitted" || state == "sealed")
                                   : !outgoing && (evidence == "E0" || evidence == "E1");
        if (!due)
            continue;
        const std::string id = shown(dispatch, "dispatch");
        auto printed = printed_form(client, documents ? "transmittal-note" : "custody-receipt", id);
        if (!printed && printed.error().reason() == "registry.no_paper")
            continue; // it could not be sealed, and is not in the bag
        TRY(printed);
        const std::string file =
            fmt::format("{}/{}-{}.pdf", folder, id, documents ? "note" : "receipt");
        TRY_ASSIGN(const auto output, Output::create(file));
        TRY(output->write(printed->pdf));
        TRY(output->finish());
        out.push_back(file);
    }
    return out;
}

Result<Exit> pack(const Options& options, bool documents) {
    if (!options.papers.empty() && options.papers == options.folder)
        return fail(Code::invalid, "cli.usage",
                    "papers bear the level: they do not lie beside the volumes");
    if (options.volume_mib < 1 || options.volume_mib > kLargestMib)
        return fail(Code::invalid, "registry.volume_size",
                    fmt::format("a volume has 32 to {} MiB", kLargestMib));
    TRY_ASSIGN(auto client, Client::connect(kPatience));
    const Json order = {{"volume_bytes", options.volume_mib << 20}, {"documents", documents}};
    TRY_ASSIGN(Json packed, client.post("/api/v1/courier/pack", view(canonical_json(order))));
    TRY_ASSIGN(const std::string bag, text_in(packed, "bag"));
    Json files = Json::array();
    std::uint64_t bytes = 0;
    for (const Json& volume : packed.value("volumes", Json::array())) {
        TRY_ASSIGN(const std::string blob, text_in(volume, "blob"));
        const std::string file =
            fmt::format("{}/{}-{:04}{}", options.folder, bag, files.size() + 1, kEnding);
        TRY_ASSIGN(const auto output, Output::create(file, "packing"));
        TRY(client.download("/api/v1/courier/volumes/" + blob, *output));
        TRY(output->finish());
        files.push_back(file);
        bytes += volume.value("bytes", std::uint64_t{0});
    }
    TRY(client.post("/api/v1/courier/discard"));
    Json papers = Json::array();
    if (!options.papers.empty()) {
        TRY_ASSIGN(papers, print_papers(client, options.papers, documents));
    }
    const std::string left = packed.value("left_out", "");
    std::string lines = fmt::format("bag {}: {} volumes, {} bytes, {} messages", bag, files.size(),
                                    bytes, packed.value("frames", 0));
    for (const Json& file : files)
        lines += "\n" + printable(file.get<std::string>());
    for (const Json& file : papers)
        lines += "\nprinted " + printable(file.get<std::string>());
    packed["files"] = std::move(files);
    packed["papers"] = std::move(papers);
    if (!left.empty())
        lines += "\nnot everything is in it: " + printable(left);
    answer(std::move(packed), lines);
    return left.empty() ? Exit::done : Exit::partly;
}

// A file, or all volumes in a folder; each bag's in the order of their numbers.
Result<std::vector<std::string>> volumes_in(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (!fs::is_directory(path, error))
        return std::vector{path};
    std::vector<std::tuple<std::string, std::uint32_t, std::string>> found;
    for (const auto& entry : fs::directory_iterator(path, error)) {
        if (entry.path().extension() != kEnding)
            continue;
        TRY_ASSIGN(const auto source, open_whole(entry.path().string()));
        // What is half-written is said when it is unpacked.
        const auto header = exchange::VolumeReader::peek(*source);
        found.emplace_back(header ? header->bag : std::string(), header ? header->volume : 0,
                           entry.path().string());
    }
    if (error)
        return fail(Code::not_found, "cli.no_volume", printable(path) + ": " + error.message());
    std::ranges::sort(found);
    std::vector<std::string> out;
    for (const auto& [bag, volume, file] : found)
        out.push_back(file);
    return out;
}

Result<Json> unpack_one(Client& client, const std::string& file) {
    TRY_ASSIGN(const auto source, open_whole(file));
    TRY(exchange::VolumeReader::peek(*source)); // nothing else is worth carrying over
    TRY_ASSIGN(const std::string blob, client.upload(*source));
    return client.post("/api/v1/courier/unpack/" + blob);
}

// One volume that is torn or for somebody else must not hold up the others.
Result<Exit> unpack(const Options& options) {
    TRY_ASSIGN(const auto files, volumes_in(options.folder));
    if (files.empty())
        return fail(Code::not_found, "cli.no_volume",
                    "there is no volume of a bag in " + printable(options.folder));
    TRY_ASSIGN(auto client, Client::connect(kPatience));
    Json volumes = Json::array();
    std::string lines;
    Exit exit = Exit::done;
    for (const std::string& file : files) {
        auto unpacked = unpack_one(client, file);
        if (!unpacked) {
            exit = Exit::partly;
            lines += fmt::format("{}: {}\n", printable(file), unpacked.error().text());
            volumes.push_back({{"file", file}, {"error", unpacked.error().reason()}});
            continue;
        }
        Json& value = *unpacked;
        value["file"] = file;
        lines +=
            fmt::format("{}: volume {} of bag {}, {} messages{}\n", printable(file),
                        value.value("volume", 0), shown(value, "bag"), value.value("frames", 0),
                        value.value("last", false) ? ", the last" : "");
        for (const Json& dispatch : value.value("arrived", Json::array()))
            lines += "  arrived " + dispatch.get<std::string>() + "\n";
        for (const auto& [reason, times] : value.value("refused", Json::object()).items()) {
            exit = Exit::partly;
            lines += fmt::format("  not taken, {} times: {}\n", times.dump(), printable(reason));
        }
        volumes.push_back(std::move(value));
    }
    answer({{"volumes", volumes}}, lines);
    return exit;
}

} // namespace

void add_courier(Command& root) {
    static Options options;
    Command courier = root.sub("courier", "the exchange on media that a courier carries");
    const auto packing = [&](const char* name, const char* help, bool documents) {
        Command command = courier.sub(name, help);
        command.option("folder", options.folder, "folder to write the volumes to", Need::required)
            .option("--volume-mib N", options.volume_mib, "size of a volume in MiB (4096)")
            .option("--papers FOLDER", options.papers,
                    documents ? "print the note of each dispatch there, as PDF with its code"
                              : "print the custody receipts there, as PDF with their codes");
        command.runs([documents] { return pack(options, documents); });
    };
    packing("pack", "all that is due to the other registry, documents and receipts", true);
    packing("ack", "receipts, notices and answers alone, for the way back", false);
    Command unpacking = courier.sub("unpack", "take what came: a volume, or a folder of them");
    unpacking.option("folder", options.folder, "volume, or folder of volumes", Need::required);
    unpacking.runs([] { return unpack(options); });
}

} // namespace valise::cli
