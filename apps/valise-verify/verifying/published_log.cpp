// SPDX-License-Identifier: Apache-2.0
#include "verifying/published_log.h"

#include "base/text.h"
#include "logbook/leaf.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

constexpr const char* kCheckpoint = "checkpoint";

// Ours have one length and begin with one word; what of these is malformed is a fault.
bool is_ours(ByteView entry) {
    constexpr std::string_view kMagic = "VLS";
    return entry.size() == logbook::Leaf::kSize && text_view(entry).starts_with(kMagic);
}

Checked<void> check(const tlog::FetchTile& fetch, const Believed& believed, PublishedLog& out) {
    TRY_ASSIGN(const Bytes bytes, at(kCheckpoint, fetch(kCheckpoint)));
    TRY_ASSIGN(out.checkpoint, check_checkpoint(kCheckpoint, bytes, believed, out.checkpoint.tree));
    const tlog::Checkpoint& tree = out.checkpoint.tree;
    // A file that is missing or unlike is named by its own path, an entry by its number.
    std::string place = "the tree";
    const auto named_fetch = [&](const std::string& path) {
        auto file = fetch(path);
        // The full tile is looked for in place of a partial one: what is missing is the partial
        // one.
        if (file || !place.starts_with(path + ".p/"))
            place = path;
        return file;
    };
    const auto visit = [&](std::uint64_t index, ByteView entry) -> Result<void> {
        if (!is_ours(entry)) {
            ++out.foreign;
            return {};
        }
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

PublishedLog check_published_log(const tlog::FetchTile& fetch, const Believed& believed) {
    PublishedLog out;
    if (auto checked = check(fetch, believed, out); !checked)
        out.found = std::move(checked).error();
    return out;
}

Json published_log_json(const PublishedLog& log) {
    Json out = checkpoint_json(log.checkpoint);
    out["v"] = 1;
    out["verified"] = log.verified();
    out["foreign"] = static_cast<std::int64_t>(log.foreign);
    if (log.found)
        out["fault"] = fault_json(*log.found);
    return out;
}

std::string published_log_text(const PublishedLog& log) {
    const tlog::Checkpoint& tree = log.checkpoint.tree;
    std::string out = fmt::format("log {}\n", printable(tree.origin));
    out += checkpoint_lines(log.checkpoint);
    if (log.found)
        return out + fault_line(*log.found);
    const std::string foreign =
        log.foreign == 0 ? "" : fmt::format(" ({} of another form than ours)", log.foreign);
    return out + fmt::format("VERIFIED: {} leaves{}, root {}\n", tree.size, foreign,
                             to_base64(tree.root));
}

} // namespace valise::verifying
