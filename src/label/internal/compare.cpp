// SPDX-License-Identifier: Apache-2.0
#include "label/internal/compare.h"

#include "label/internal/text.h"

namespace valise::label::internal {

ValueSet value_set(const Category& category) {
    ValueSet out;
    for (const std::string& value : category.values)
        out.insert(ascii_lower(value));
    return out;
}

CategorySet category_set(const std::vector<Category>& categories) {
    CategorySet out;
    for (const Category& category : categories)
        out[ascii_lower(category.tag)] = {category.type, value_set(category)};
    return out;
}

} // namespace valise::label::internal
