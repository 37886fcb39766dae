// SPDX-License-Identifier: Apache-2.0
#include "logbook/derivation.h"

#include <array>
#include <utility>

namespace valise::logbook {
namespace {

constexpr std::array<std::pair<MadeAs, std::string_view>, 3> kNames = {{
    {MadeAs::derivative, "derivative"},
    {MadeAs::extract, "extract"},
    {MadeAs::translation, "translation"},
}};

} // namespace

std::string_view to_string(MadeAs made_as) {
    for (const auto& [value, name] : kNames)
        if (value == made_as)
            return name;
    return "?";
}

Result<MadeAs> parse_made_as(std::string_view text) {
    for (const auto& [value, name] : kNames)
        if (name == text)
            return value;
    return fail(Code::invalid, "logbook.made_as", "expected derivative, extract or translation");
}

} // namespace valise::logbook
