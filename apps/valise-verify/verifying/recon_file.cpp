// SPDX-License-Identifier: Apache-2.0
#include "verifying/recon_file.h"

#include "base/codec/json.h"
#include "crypto/hash.h"
#include "logbook/act.h"
#include "logbook/leaf.h"
#include "tlog/note.h"
#include "verifying/recon.h"

namespace valise::verifying {
namespace {

constexpr const char* kForm = "verify.form";
constexpr const char* kFile = "the file";
constexpr JsonLimits kLimits{.bytes = kMaxReconFile, .depth = 6, .values = 1'000'000};
constexpr std::size_t kMaxAct = logbook::Act::kMaxBytes + 128;
constexpr std::size_t kMaxPath = 64;

Checked<ReconFile::Log> read_log(ObjectReader& whole, const char* name) {
    const std::string place = std::string(name) + " log";
    TRY_ASSIGN(const Json* json, at(place, whole.member(name)));
    TRY_ASSIGN(auto reader, at(place, ObjectReader::over(*json, place)));
    ReconFile::Log out;
    TRY_ASSIGN(out.checkpoint, at(place, reader.text("checkpoint", tlog::kMaxNoteSize)));
    TRY_ASSIGN(out.act, at(place, reader.base64("act", kMaxAct)));
    TRY_ASSIGN(const Json* leaves, at(place, reader.member("leaves")));
    TRY(holds(leaves->is_array(), place, kForm, "leaves: not a list"));
    for (const Json& leaf : *leaves) {
        const std::string where = place + ", leaf " + std::to_string(out.leaves.size());
        TRY(holds(leaf.is_string(), where, kForm, "not a text"));
        TRY_ASSIGN(out.leaves.emplace_back(),
                   at(where, from_base64(leaf.get_ref<const std::string&>())));
    }
    TRY(at(place, reader.done()));
    return out;
}

Checked<agreement::LinkPlace> read_place(const Json& json, const std::string& place) {
    TRY_ASSIGN(auto reader, at(place, ObjectReader::over(json, place)));
    agreement::LinkPlace out;
    TRY_ASSIGN(const std::int64_t index, at(place, reader.integer("index", 0, 1LL << 48)));
    out.index = static_cast<std::uint64_t>(index);
    TRY_ASSIGN(out.link, at(place, reader.hash("link")));
    TRY_ASSIGN(const auto path, at(place, reader.texts("path", kMaxPath)));
    for (const std::string& text : path) {
        TRY_ASSIGN(const Bytes hash, at(place, from_base64(text)));
        TRY_ASSIGN(out.path.emplace_back(), at(place, fixed<32>(hash, kForm)));
    }
    TRY(at(place, reader.done()));
    return out;
}

} // namespace

Checked<ReconFile> read_recon_file(ByteView bytes) {
    TRY_ASSIGN(const Json json, at(kFile, parse_canonical_json(bytes, kLimits)));
    TRY_ASSIGN(auto reader, at(kFile, ObjectReader::over(json, kFile)));
    TRY(at(kFile, reader.integer("v", 1, 1)));
    TRY_ASSIGN(const std::string type, at(kFile, reader.text("type", 32)));
    TRY(holds(type == "valise-recon-file", kFile, kForm, "not a statement with its leaves"));
    ReconFile out;
    TRY_ASSIGN(out.statement, at("the statement",
                                 reader.base64("statement", agreement::ReconStatement::kMaxBytes)));
    TRY_ASSIGN(out.first, read_log(reader, "first"));
    TRY_ASSIGN(out.second, read_log(reader, "second"));
    TRY_ASSIGN(const Hash32 digest, at(kFile, reader.hash("sha256")));
    TRY(at(kFile, reader.done()));
    Json rest = json;
    rest.erase("sha256");
    out.digest_holds = crypto::sha256(view(canonical_json(rest))) == digest;
    return out;
}

Checked<AbsenceFile> read_absence_file(ByteView bytes) {
    TRY_ASSIGN(const Json json, at(kFile, parse_canonical_json(bytes)));
    TRY_ASSIGN(auto reader, at(kFile, ObjectReader::over(json, kFile)));
    TRY(at(kFile, reader.integer("v", 1, 1)));
    TRY_ASSIGN(const std::string type, at(kFile, reader.text("type", 32)));
    TRY(holds(type == "valise-recon-absence", kFile, kForm, "not a proof of absence"));
    AbsenceFile out;
    TRY_ASSIGN(out.statement, at("the statement",
                                 reader.base64("statement", agreement::ReconStatement::kMaxBytes)));
    TRY_ASSIGN(out.way, at(kFile, reader.text("way", 8)));
    TRY_ASSIGN(out.list, at(kFile, reader.text("list", 8)));
    TRY(holds((out.way == "there" || out.way == "back") &&
                  (out.list == "sent" || out.list == "received"),
              kFile, kForm, "no list of this name"));
    TRY_ASSIGN(out.link, at(kFile, reader.hash("link")));
    TRY_ASSIGN(const Json* places, at(kFile, reader.member("neighbours")));
    TRY(holds(places->is_array() && places->size() <= 2, kFile, kForm, "neighbours: two at most"));
    for (const Json& place : *places) {
        const std::string where = "neighbour " + std::to_string(out.neighbours.size());
        TRY_ASSIGN(out.neighbours.emplace_back(), read_place(place, where));
    }
    TRY(at(kFile, reader.done()));
    return out;
}

} // namespace valise::verifying
