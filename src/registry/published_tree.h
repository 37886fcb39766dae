// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/publisher_port.h"
#include "tlog/tree.h"

#include <functional>

namespace valise::registry {

// `count` entries of the log from number `from` on.
using ReadEntries =
    std::function<Result<std::vector<Bytes>>(std::uint64_t from, std::size_t count)>;

// Publishes a log that grew from `old_size` (0: all of it) to `size` leaves: every tile and bundle
// that changed, then the checkpoint over them, so that no reader is shown a tree of which something
// is missing. Partial tiles exist for the sizes that are published here and for no others, and go
// when their tile is full. //= c2sp.org/tlog-tiles
// Errors: those of the publisher, the tree and the entries.
Result<void> publish_tree(Publisher& publisher, const std::string& prefix,
                          const tlog::NodeSource& tree, std::uint64_t old_size, std::uint64_t size,
                          const ReadEntries& entries, std::string_view checkpoint);

} // namespace valise::registry
