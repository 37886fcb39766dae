// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "base/text.h"
#include "client.h"
#include "commands.h"
#include "crypto/merkle.h"
#include "streams.h"
#include "tlog/cose.h"
#include "tlog/fork.h"
#include "tlog/proof.h"
#include "tlog/proof_file.h"
#include "tlog/tile.h"
#include "verifying/published_log.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

constexpr std::size_t kMaxTile = 32 << 20; // 256 entries of 64 KiB

struct Options {
    std::string folder;
    std::int64_t entry = -1;
    std::string first, second;
    std::string output;
    std::vector<std::string> vkeys;
    std::string trust;
    std::string cose; // key of the log; empty: no COSE
    bool without_mirror = false;
};

tlog::FetchTile fetch_from(const std::string& folder) {
    return [folder](const std::string& path) {
        return adapters::read_file(folder + "/" + path, kMaxTile);
    };
}

Result<tlog::SignedCheckpoint> read_checkpoint(const std::string& path) {
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(path, tlog::kMaxNoteSize));
    return tlog::SignedCheckpoint::parse(bytes);
}

Result<Exit> checkpoint() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/log/checkpoints"));
    std::string lines;
    for (const char* log : {"private", "shared"}) {
        const Json one = value.value(log, Json::object());
        lines += fmt::format("--- {} log\n", log);
        for (const Json& vkey : one.value("vkeys", Json::array()))
            lines += "vkey " + printable(vkey.get<std::string>(), 8192) + "\n";
        // A signed note is lines of text; only what no note can hold is escaped.
        std::string_view note_text;
        if (const auto found = one.find("checkpoint"); found != one.end() && found->is_string())
            note_text = found->get_ref<const std::string&>();
        while (!note_text.empty()) {
            const auto end = std::min(note_text.find('\n'), note_text.size());
            lines += printable(note_text.substr(0, end), 16384) + "\n";
            note_text.remove_prefix(std::min(end + 1, note_text.size()));
        }
    }
    answer(value, lines);
    return Exit::done;
}

Result<Exit> verify(const Options& options) {
    std::optional<Bytes> trust;
    if (!options.trust.empty()) {
        TRY_ASSIGN(trust, adapters::read_file(options.trust, 64 << 10));
    }
    TRY_ASSIGN(const auto believed, verifying::Believed::of(options.vkeys, trust));
    const auto fetch = fetch_from(options.folder);
    TRY(fetch("checkpoint")); // a folder without one is no log
    const auto log = verifying::check_published_log(fetch, believed);
    answer(verifying::published_log_json(log), verifying::published_log_text(log));
    return log.verified() ? Exit::done : Exit::integrity;
}

// The file holds the entry as well, so that it proves by itself; who is believed decides whoever
// reads it. What lies in the folder is held against its own checkpoint, not against anybody's key.
Result<Exit> prove(const Options& options) {
    const auto fetch = fetch_from(options.folder);
    TRY_ASSIGN(auto note, read_checkpoint(options.folder + "/checkpoint"));
    const std::uint64_t size = note.claimed_size();
    const auto index = static_cast<std::uint64_t>(options.entry);
    if (options.entry < 0)
        return fail(Code::invalid, "cli.usage", "entries count from 0");
    TRY_ASSIGN(const Bytes entry, tlog::read_entry(fetch, index, size));
    const tlog::TileReader tiles(fetch, size);
    TRY_ASSIGN(auto path, tlog::inclusion_proof(tiles, index, size));
    const std::string origin = printable(note.claimed_origin());
    TRY(tlog::verify_inclusion(index, size, crypto::leaf_hash(entry), path, note.claimed_root()));
    TRY_ASSIGN(const auto proof,
               tlog::ProofFile::make(index, std::move(path), std::move(note), entry));
    TRY_ASSIGN(const auto output, Output::create_text(options.output));
    if (output->is_standard_output())
        standard_output_is_taken();
    TRY(output->write(view(proof.print())));
    TRY(output->finish());
    answer({{"entry", options.entry},
            {"size", static_cast<std::int64_t>(size)},
            {"origin", origin},
            {"proof", options.output}},
           fmt::format(
               "entry {} of the {} leaves of {}; anybody checks it with\n  valise-verify proof "
               "{} --trust FILE",
               index, size, origin, options.output.empty() ? "FILE" : options.output));
    return Exit::done;
}

// The same as an envelope of COSE, under one key of the log. Whose key it is decides whoever reads
// it: what lies in the folder is held against its own checkpoint.
Result<Exit> prove_cose(const Options& options) {
    const auto fetch = fetch_from(options.folder);
    TRY_ASSIGN(const auto note, read_checkpoint(options.folder + "/checkpoint"));
    TRY_ASSIGN(const Bytes published, fetch("checkpoint.cose"));
    TRY_ASSIGN(const auto trees, tlog::parse_signed_trees(published));
    if (options.entry < 0)
        return fail(Code::invalid, "cli.usage", "entries count from 0");
    const std::uint64_t size = note.claimed_size();
    const auto index = static_cast<std::uint64_t>(options.entry);
    TRY_ASSIGN(const Bytes entry, tlog::read_entry(fetch, index, size));
    TRY_ASSIGN(auto path, tlog::inclusion_proof(tlog::TileReader(fetch, size), index, size));
    TRY(tlog::verify_inclusion(index, size, crypto::leaf_hash(entry), path, note.claimed_root()));
    TRY_ASSIGN(const auto receipt,
               tlog::CoseReceipt::make(options.cose == "ed25519" ? trees.ed25519 : trees.ml_dsa_44,
                                       index, std::move(path)));
    if (receipt.claimed().size != size || receipt.claimed().origin != note.claimed_origin())
        return fail(Code::conflict, "cli.other_tree",
                    "checkpoint and checkpoint.cose are of different trees; try again");
    TRY_ASSIGN(const auto output, Output::create(options.output, "proving"));
    if (output->is_standard_output())
        standard_output_is_taken();
    TRY(output->write(receipt.print()));
    TRY(output->finish());
    answer({{"entry", options.entry},
            {"size", static_cast<std::int64_t>(size)},
            {"origin", printable(note.claimed_origin())},
            {"receipt", options.output},
            {"algorithm", options.cose}},
           fmt::format("COSE receipt ({}) for entry {} of {} leaves; anybody checks it with\n  "
                       "valise-verify cose {} --entry FILE --vkey VKEY",
                       options.cose, index, size,
                       options.output.empty() ? "FILE" : options.output));
    return Exit::done;
}

Result<Exit> prove_fork(const Options& options) {
    TRY_ASSIGN(auto first, read_checkpoint(options.first));
    TRY_ASSIGN(auto second, read_checkpoint(options.second));
    const tlog::TileReader tiles(fetch_from(options.folder),
                                 std::max(first.claimed_size(), second.claimed_size()));
    TRY_ASSIGN(const auto proof, tlog::ForkProof::make(std::move(first), std::move(second), tiles));
    TRY_ASSIGN(const auto output, Output::create_text(options.output));
    if (output->is_standard_output())
        standard_output_is_taken();
    TRY(output->write(view(proof.print())));
    TRY(output->finish());
    const std::string origin = printable(proof.smaller().claimed_origin());
    answer(
        {{"origin", origin},
         {"sizes",
          {static_cast<std::int64_t>(proof.smaller().claimed_size()),
           static_cast<std::int64_t>(proof.larger().claimed_size())}},
         {"proof", options.output}},
        fmt::format("no one tree has both checkpoints of {}; whether the log signed them, anybody "
                    "checks with\n  valise-verify fork {} --trust FILE",
                    origin, options.output.empty() ? "FILE" : options.output));
    return Exit::done;
}

Json member(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? Json::object() : *found;
}

// What the registry answered: what came back, and what is gone for good.
std::string recovered_text(const Json& value) {
    const std::uint64_t from = value.value("shared_from", std::uint64_t{0});
    const std::uint64_t to = value.value("shared_to", std::uint64_t{0});
    std::string lines = fmt::format(
        "recovered: epoch {} of the private log\nheld        {} events; {} had been signed, {}{} "
        "are lost\nshared log  {} leaves came back from the other party's mirror\n",
        value.value("epoch", std::uint64_t{0}), value.value("held", std::uint64_t{0}),
        value.value("signed", std::uint64_t{0}),
        value.value("at_least", false) ? "unknown how many, at least " : "",
        value.value("lost_events", std::uint64_t{0}), to - from);
    if (value.value("mirror", "yes") == "no")
        lines +=
            "shared log  the mirror was not asked: it goes on from what is here, in a new epoch\n";
    for (const Json& leaf : value.value("lost", Json::array()))
        lines += fmt::format("lost        leaf {} {} {} {} {}\n", shown(leaf, "leaf"),
                             shown(leaf, "minute"), shown(leaf, "kind"), shown(leaf, "stage"),
                             shown(leaf, "link"));
    if (const auto more = value.value("unnamed", std::uint64_t{0}); more > 0)
        lines += fmt::format("lost        {} more leaves\n", more);
    return lines + "not recovered: documents entered or received since the backup, what was "
                   "recorded of them here,\nand dismissals, revocations and musters of that time: "
                   "do them again";
}

Result<Exit> recover(const Options& options) {
    TRY_ASSIGN(auto client, Client::connect(std::chrono::hours(1)));
    TRY_ASSIGN(const Json state, client.get("/api/v1/recovery"));
    const Json behind = member(state, "behind");
    if (behind.empty()) {
        std::string lines = "nothing is missing here\n";
        for (const Json& one : state.value("recoveries", Json::array()))
            lines += fmt::format("epoch {} since event {}: the book held {} of {} events\n",
                                 shown(one, "epoch"), shown(one, "event"), shown(one, "held"),
                                 shown(one, "signed"));
        answer(state, lines);
        return Exit::done;
    }
    // Signed before, and broken off: it goes on. Another one counts when more is given up by it.
    const std::string signed_mirror = shown(state, "signed_mirror");
    Json content = member(state, "content");
    if (options.without_mirror)
        content["mirror"] = "no";
    if (signed_mirror != "no" && (signed_mirror != "yes" || options.without_mirror)) {
        TRY_ASSIGN(auto acting, Acting::begin());
        TRY_ASSIGN(Json decided, acting.act(logbook::ActKind::recover, content));
        if (!performed(decided))
            return conclude(std::move(decided),
                            fmt::format("a book of {} events, of which {} were signed",
                                        shown(behind, "held"), shown(behind, "signed")));
    }
    TRY_ASSIGN(const Json done, client.post("/api/v1/recovery"));
    answer(done, recovered_text(done));
    return Exit::done;
}

struct ShredOptions {
    std::string of, events, basis, reference, item;
};

//= O-26
Result<Exit> shred(const ShredOptions& options) {
    Json content = {{"of", options.of},
                    {"events", options.events},
                    {"basis", options.basis},
                    {"reference", options.reference}};
    if (!options.item.empty())
        content["item"] = options.item;
    return act_and_conclude(
        logbook::ActKind::shred, std::move(content),
        fmt::format("the openings of {}, under {}; skeletons, leaves and proofs stay, and so does "
                    "what lies in backups",
                    options.events, options.basis));
}

void add_shred(Command& log) {
    static ShredOptions options;
    Command shredding =
        log.sub("shred", "shred openings (titles, names, reasons) whose time is over");
    shredding.option("kind", options.of, "kind of the events, as grant", Need::required)
        .option("--event N[,N]", options.events, "their numbers in the private log, in order",
                Need::required)
        .option("--basis CODE", options.basis, "ground that the terms know, as retention-ended",
                Need::required)
        .option("--reference TEXT", options.reference, "the rule or order that it rests on",
                Need::required)
        .option("--item ITEM", options.item, "the item of the events, where they name one");
    shredding.runs([] { return shred(options); });
}

} // namespace

void add_log(Command& root) {
    static Options options;
    Command log = root.sub("log", "the two logs of a registry, and what they prove");
    log.sub("checkpoint", "newest checkpoints with every signature held").runs(checkpoint);
    add_shred(log);
    Command verifying =
        log.sub("verify", "check a published log from its entries; no registry is asked");
    verifying.option("folder", options.folder, "folder with checkpoint and tile/", Need::required)
        .option("--vkey VKEY", options.vkeys, "verifier key of the log or of a cosigner")
        .option("--trust FILE", options.trust, "in place of keys: a trust file (tlog-policy)");
    verifying.runs([] { return verify(options); });
    Command proving = log.sub("prove", "write a .tlog-proof: that one entry is in a published log");
    proving.option("folder", options.folder, "folder with checkpoint and tile/", Need::required)
        .option("entry", options.entry, "number of the entry, from 0", Need::required)
        .option("-o,--output FILE", options.output, "file; none or -: standard output");
    proving.option("--cose KEY", options.cose,
                   "a COSE receipt (RFC 9942) instead, under this key of the log: ed25519 or "
                   "ml-dsa-44");
    proving.runs([]() -> Result<Exit> {
        if (options.cose.empty())
            return prove(options);
        if (options.cose != "ed25519" && options.cose != "ml-dsa-44")
            return fail(Code::invalid, "cli.usage", "--cose is ed25519 or ml-dsa-44");
        return prove_cose(options);
    });
    log.sub("recover",
            "after a restored backup: what is missing, the shared log back from the other "
            "party's mirror, a new epoch (a control officer, --as)")
        .flag("--without-mirror", options.without_mirror,
              "the other party does not answer: the shared log goes on from what is here")
        .runs([] { return recover(options); });
    Command forking =
        log.sub("fork-proof", "write the proof that two checkpoints are of two histories");
    forking.option("first", options.first, "file with one checkpoint", Need::required)
        .option("second", options.second, "file with the other", Need::required)
        .option("--tiles FOLDER", options.folder,
                "published log under the larger one; not needed for equal sizes")
        .option("-o,--output FILE", options.output, "file; none or -: standard output");
    forking.runs([] { return prove_fork(options); });
}

} // namespace valise::cli
