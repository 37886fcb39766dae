// SPDX-License-Identifier: Apache-2.0
#include "verifying/published_log.h"

#include "base/text.h"
#include "logbook/leaf.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

constexpr const char* kCheckpoint = "checkpoint";

std::string_view word(tlog::KeyType type) {
    switch (type) {
    case tlog::KeyType::ed25519:
        return "Ed25519";
    case tlog::KeyType::cosigner_ed25519:
        return "Ed25519 cosignature";
    case tlog::KeyType::cosigner_ml_dsa_44:
        return "ML-DSA-44";
    }
    return "?";
}

Checked<void> check_signature(const tlog::Note& note, const tlog::Checkpoint& tree,
                              const tlog::Verifier& key) {
    const std::string place = fmt::format("{}, {} signature", kCheckpoint, word(key.type()));
    bool signed_once = false;
    for (const auto& line : note.signatures()) {
        if (!key.made(line))
            continue;
        if (key.type() == tlog::KeyType::ed25519) {
            TRY(at(place, key.verify_text(note.text(), line)));
        } else {
            TRY(at(place, tlog::verify_cosignature(tree, key, line)));
        }
        signed_once = true;
    }
    return holds(signed_once, place, "tlog.signature", "the key that was given did not sign");
}

Checked<void> check(const tlog::FetchTile& fetch, std::span<const tlog::Verifier> keys,
                    PublishedLog& out) {
    TRY_ASSIGN(const Bytes bytes, at(kCheckpoint, fetch(kCheckpoint)));
    TRY_ASSIGN(const auto note, at(kCheckpoint, tlog::Note::parse(bytes)));
    TRY_ASSIGN(const auto tree, at(kCheckpoint, tlog::Checkpoint::parse(note.text())));
    out.origin = tree.origin;
    std::vector<tlog::Verifier> others;
    for (const tlog::Verifier& key : keys) {
        if (key.name() != tree.origin) {
            others.push_back(key);
            continue;
        }
        TRY(check_signature(note, tree, key));
        out.signed_with.push_back(key.type());
    }
    TRY(holds(!out.signed_with.empty(), kCheckpoint, "tlog.origin",
              "none of the keys given is one of this log"));
    TRY_ASSIGN(out.cosignatures, at(std::string(kCheckpoint) + ", cosignature",
                                    tlog::cosigners(tree, note.signatures(), others)));
    out.size = tree.size;
    out.root = tree.root;
    // A file that is missing or unlike is named by its own path, an entry by its number.
    std::string place = "the tree";
    const auto named_fetch = [&](const std::string& path) {
        place = path;
        return fetch(path);
    };
    const auto visit = [&](std::uint64_t index, ByteView entry) -> Result<void> {
        TRY_ASSIGN(const auto leaf, logbook::Leaf::parse(entry));
        if (leaf.fields().act_number != index)
            return fail(Code::integrity, "verify.leaf",
                        fmt::format("entry {} says that it stands elsewhere", index));
        return {};
    };
    const auto verified = tlog::verify_tiles(named_fetch, tree.size, tree.root, visit);
    if (!verified && verified.error().reason() == "tlog.root")
        place = "the tree";
    return at(place, verified);
}

} // namespace

PublishedLog check_published_log(const tlog::FetchTile& fetch,
                                 std::span<const tlog::Verifier> keys) {
    PublishedLog out;
    if (auto checked = check(fetch, keys, out); !checked)
        out.found = std::move(checked).error();
    return out;
}

Json published_log_json(const PublishedLog& log) {
    Json signatures = Json::array();
    for (const auto type : log.signed_with)
        signatures.push_back(std::string(word(type)));
    Json cosignatures = Json::array();
    for (const auto& one : log.cosignatures)
        cosignatures.push_back(
            {{"name", one.name}, {"type", static_cast<int>(one.type)}, {"time", one.time.text()}});
    Json out = {{"v", 1},
                {"verified", log.verified()},
                {"origin", printable(log.origin)},
                {"size", static_cast<std::int64_t>(log.size)},
                {"root", to_base64(log.root)},
                {"signatures", std::move(signatures)},
                {"cosignatures", std::move(cosignatures)}};
    if (log.found)
        out["fault"] = {{"place", printable(log.found->place)},
                        {"reason", log.found->reason},
                        {"text", printable(log.found->text)}};
    return out;
}

std::string published_log_text(const PublishedLog& log) {
    std::string out = fmt::format("log {}\n", printable(log.origin));
    for (const auto type : log.signed_with)
        out += fmt::format("  signed with {}\n", word(type));
    for (const auto& one : log.cosignatures)
        out += fmt::format("  cosigned by {} at {} (type 0x{:02x})\n", printable(one.name),
                           one.time.text(), static_cast<unsigned>(one.type));
    if (log.found)
        return out + fmt::format("REFUSED at {}: {} ({})\n", printable(log.found->place),
                                 printable(log.found->text), log.found->reason);
    return out + fmt::format("VERIFIED: {} leaves, root {}\n", log.size, to_base64(log.root));
}

} // namespace valise::verifying
