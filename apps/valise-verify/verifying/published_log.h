// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tlog/tile.h"
#include "verifying/checkpoint.h"

namespace valise::verifying {

struct PublishedLog {
    CheckedCheckpoint checkpoint; // as claimed until it is verified
    std::uint64_t foreign = 0;    // entries that are no leaves of ours, as in other people's logs
    std::optional<Fault> found;   // none: verified

    bool verified() const { return !found; }
};

// A log as it lies in a published folder: `fetch` gives its files by path below it. Its checkpoint
// is checked as above, every entry is read, every hash tile and the root computed anew and
// compared.
PublishedLog check_published_log(const tlog::FetchTile& fetch, const Believed& believed);

Json published_log_json(const PublishedLog& log);
std::string published_log_text(const PublishedLog& log);

} // namespace valise::verifying
