// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "base/io.h"
#include "exchange/bag.h"
#include "verifying/keys.h"

#include <map>
#include <optional>

namespace valise::verifying {

struct NamedSource {
    std::string name;
    const RandomSource* source = nullptr;
};

// Volumes of one courier bag, as they can be told from outside: whose they are, to whom they go,
// that each is whole and signed by the sender's registry. What is in them, and whether volumes
// follow the last one that lies here, only the receiver's key shows.
struct BagReport {
    std::string sender;
    std::optional<exchange::BagHeader> header;      // of the bag; its volume says nothing
    std::map<std::uint32_t, std::uint64_t> volumes; // number -> bytes
    std::map<std::string, std::string> doubled;     // file -> the one that it repeats
    std::vector<std::uint32_t> lacking;             // below the highest that is here
    bool compared = false;                          // the root key with one from outside
    std::optional<Fault> found;                     // none: all that is here holds

    bool verified() const { return !found; }
    bool whole() const { return !found && lacking.empty(); }
};

BagReport check_bag(const std::vector<NamedSource>& volumes, ByteView invitation,
                    const Expected& expected);
Json bag_json(const BagReport& report);
std::string bag_text(const BagReport& report);

} // namespace valise::verifying
