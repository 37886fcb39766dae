// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "label/label.h"

#include <map>
#include <set>

namespace valise::label::internal {

// Values without regard to case and order.
using ValueSet = std::set<std::string>;
ValueSet value_set(const Category& category);

// Categories without regard to case and order, by tag.
using CategorySet = std::map<std::string, std::pair<CategoryType, ValueSet>>;
CategorySet category_set(const std::vector<Category>& categories);

} // namespace valise::label::internal
