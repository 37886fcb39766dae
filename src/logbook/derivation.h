// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "base/result.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace valise::logbook {

//= O-11
//= O-33
// How an item was made out of others.
enum class MadeAs : std::uint8_t { derivative, extract, translation };

std::string_view to_string(MadeAs made_as);          // "derivative"
Result<MadeAs> parse_made_as(std::string_view text); // Errors: logbook.made_as

// The ids of a list "itm-…,itm-…" as an act or a skeleton holds it: their checks have seen to it
// that each is one. Malformed ones are left out.
template<class IdType> std::vector<IdType> ids_in(std::string_view list) {
    std::vector<IdType> out;
    while (!list.empty()) {
        const std::string_view one = list.substr(0, list.find(','));
        if (const auto id = IdType::parse(one))
            out.push_back(*id);
        list.remove_prefix(list.size() == one.size() ? one.size() : one.size() + 1);
    }
    return out;
}

} // namespace valise::logbook
