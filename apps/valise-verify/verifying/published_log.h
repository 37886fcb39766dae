// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "tlog/cosignature.h"
#include "tlog/tile.h"
#include "verifying/fault.h"

namespace valise::verifying {

struct PublishedLog {
    std::string origin; // as claimed until it is verified
    std::uint64_t size = 0;
    Hash32 root{};
    std::vector<tlog::KeyType> signed_with; // of the log's own keys that were given
    std::vector<tlog::Cosignature> cosignatures;
    std::optional<Fault> found; // none: verified

    bool verified() const { return !found; }
};

// A log as it lies in a published folder: `fetch` gives its files by path below it. The checkpoint
// must be signed by every key of `keys` that bears the log's origin as its name (at least one);
// keys of other names are cosigners, and are listed when they cosigned. Every entry is read, every
// hash tile and the root computed anew and compared.
PublishedLog check_published_log(const tlog::FetchTile& fetch,
                                 std::span<const tlog::Verifier> keys);

Json published_log_json(const PublishedLog& log);
std::string published_log_text(const PublishedLog& log);

} // namespace valise::verifying
