// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "label/label.h"

#include <string>
#include <string_view>

namespace valise::label {

inline constexpr const char* k5636Schema = "urn:nato:stanag:5636:A:1:elements:json";
inline constexpr const char* k5636Format = "json+stanag5636";

// What the 5636 JSON form of a label holds; originator and review date have no place in it.
struct Summary5636 {
    std::string policy; // a UUID where the policy's URI holds one, else the URI, else the id
    std::string classification;
    std::vector<Category> categories;
    Time created;

    bool operator==(const Summary5636&) const = default;
};

Summary5636 summary_5636(const Label& label);

// {"context":{"@base":...},"ocl":{"catl":[{"name","type":"P|R|I","vals"}],"cls","dcr","pol"}} in
// canonical JSON; the string value of a TDF assertion. Errors: those of check().
Result<std::string> write_5636(const Label& label);

// Errors: base.json, base.json_limit, base.member, label.json5636, label.text, label.limit.
Result<Summary5636> read_5636(std::string_view json);

} // namespace valise::label
