// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "label/scheme.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace valise::label {

inline constexpr const char* kReleasableTo = "Releasable To"; // PERMISSIVE, codes of parties
inline constexpr const char* kContext = "Context";            // PERMISSIVE, names the policy in use

// ADatP-4774: what holding the values of a category means for access.
enum class CategoryType {
    permissive,  // must hold at least one of the values
    restrictive, // must hold all of them
    informative, // not used for access
};
std::string_view to_string(CategoryType type);             // "PERMISSIVE"...
Result<CategoryType> category_type(std::string_view text); // upper case only; label.category_type

struct Category {
    CategoryType type = CategoryType::informative;
    std::string tag;
    std::vector<std::string> values; // compared without regard to the case of ASCII letters
    std::string uri;                 // empty: none

    bool operator==(const Category&) const = default;
};

// A STANAG 4774 confidentiality label without succession.
struct Label {
    std::string policy_id;
    std::string policy_uri;     // empty: none
    std::string classification; // the level's native word
    std::string privacy_mark;   // empty: none
    std::vector<Category> categories;
    std::string originator_id;                  // empty: none
    std::string originator_id_type = "dNSName"; // one of originator_id_types()
    Time created;
    std::optional<Time> review; // a date in the past never changes or voids the label

    const Category* category(std::string_view tag) const; // null: none

    bool operator==(const Label&) const = default;
};

const std::vector<std::string>& originator_id_types();

// Bounds of every text of a label: not empty, UTF-8, no control or bidirectional characters, no
// white space at either end.
inline constexpr std::size_t kMaxLabelText = 512; // bytes
inline constexpr std::size_t kMaxCategories = 64;
inline constexpr std::size_t kMaxCategoryValues = 512;

// Everything that a label which we write or act upon must hold, its level apart. One tag stands in
// one category; a category has at least one value, each once. Errors: label.text,
// label.category_twice, label.category_empty, label.category_value, label.limit,
// label.originator_type.
Result<void> check(const Label& label);

// The level that the label names. Errors: label.policy (another policy), label.level (no such
// level in this scheme).
Result<const Level*> level_of(const Label& label, const Scheme& scheme);

// The upper-case codes of "Releasable To". Empty when the label does not say: then nobody but its
// originator, since a missing limit must not read as "no limit".
std::set<std::string> releasable_to(const Label& label);

// Whether the originator keeps reproduction to itself: the informative category "Reproduction" with
// the value "RESERVED". //= O-32
inline constexpr const char* kReproduction = "Reproduction";
inline constexpr const char* kReserved = "RESERVED";
bool copying_reserved(const Label& label);

//= O-18
// What private persons own of what the item shows: the informative category "Private Rights" with
// the values PATENT, COPYRIGHT, TRADE-SECRET, and how to handle it in "Rights Note". Both are part
// of every marking. A value that is none of these counts as "other": what a label reserves in
// unknown words is reserved.
inline constexpr const char* kRights = "Private Rights";
inline constexpr const char* kRightsNote = "Rights Note";
inline constexpr const char* kRightsKinds[] = {"copyright", "other", "patent", "trade-secret"};
std::set<std::string> rights(const Label& label); // of kRightsKinds

// Same text but for the case of ASCII letters.
bool same_value(std::string_view a, std::string_view b);

} // namespace valise::label
