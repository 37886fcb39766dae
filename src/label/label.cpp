// SPDX-License-Identifier: Apache-2.0
#include "label/label.h"

#include "base/text.h"
#include "label/internal/text.h"

#include <algorithm>

namespace valise::label {

using internal::ascii_lower;
using internal::ascii_upper;
using internal::is_plain;

namespace {

Result<void> check_text(std::string_view what, std::string_view text) {
    if (is_plain(text))
        return {};
    return fail(Code::invalid, "label.text",
                std::string(what) + " is empty, longer than 512 bytes or not plain text");
}

Result<void> check_optional(std::string_view what, std::string_view text) {
    return text.empty() ? Result<void>() : check_text(what, text);
}

Result<void> check_category(const Category& category) {
    TRY(check_text("a category's tag", category.tag));
    TRY(check_optional("a category's URI", category.uri));
    if (category.values.empty())
        return fail(Code::invalid, "label.category_empty",
                    "category '" + printable(category.tag, 80) + "' has no value");
    if (category.values.size() > kMaxCategoryValues)
        return fail(Code::limit, "label.limit", "more than 512 values in a category");
    std::set<std::string> seen;
    for (const std::string& value : category.values) {
        TRY(check_text("a category's value", value));
        if (!seen.insert(ascii_lower(value)).second)
            return fail(Code::invalid, "label.category_value",
                        "'" + printable(value, 80) + "' stands twice in one category");
    }
    return {};
}

} // namespace

bool same_value(std::string_view a, std::string_view b) {
    return a.size() == b.size() && ascii_lower(a) == ascii_lower(b);
}

std::string_view to_string(CategoryType type) {
    switch (type) {
    case CategoryType::permissive:
        return "PERMISSIVE";
    case CategoryType::restrictive:
        return "RESTRICTIVE";
    case CategoryType::informative:
        return "INFORMATIVE";
    }
    return "";
}

Result<CategoryType> category_type(std::string_view text) {
    for (const auto type :
         {CategoryType::permissive, CategoryType::restrictive, CategoryType::informative})
        if (text == to_string(type))
            return type;
    return fail(Code::invalid, "label.category_type",
                "a category is PERMISSIVE, RESTRICTIVE or INFORMATIVE, not '" +
                    printable(text, 40) + "'");
}

const std::vector<std::string>& originator_id_types() {
    //= ADatP-4774 Table 9
    static const std::vector<std::string> types = {
        "rfc822Name", "dNSName",     "directoryName",     "uniformResourceIdentifier",
        "iPAddress",  "x400Address", "userPrincipalName", "jID"};
    return types;
}

const Category* Label::category(std::string_view tag) const {
    const auto found =
        std::ranges::find_if(categories, [&](const auto& c) { return same_value(c.tag, tag); });
    return found == categories.end() ? nullptr : &*found;
}

Result<void> check(const Label& label) {
    TRY(check_text("the policy's id", label.policy_id));
    TRY(check_optional("the policy's URI", label.policy_uri));
    TRY(check_text("the classification", label.classification));
    TRY(check_optional("the privacy mark", label.privacy_mark));
    TRY(check_optional("the originator's id", label.originator_id));
    if (!label.originator_id.empty() &&
        std::ranges::find(originator_id_types(), label.originator_id_type) ==
            originator_id_types().end())
        return fail(Code::invalid, "label.originator_type",
                    "no type of originator id '" + printable(label.originator_id_type, 40) + "'" +
                        suggestion(label.originator_id_type, originator_id_types()));
    if (label.categories.size() > kMaxCategories)
        return fail(Code::limit, "label.limit", "more than 64 categories");
    std::set<std::string> tags;
    for (const Category& category : label.categories) {
        TRY(check_category(category));
        // Two categories of one tag would be read as "either" by one reader and "both" by another.
        if (!tags.insert(ascii_lower(category.tag)).second)
            return fail(Code::invalid, "label.category_twice",
                        "two categories '" + printable(category.tag, 80) + "'");
    }
    return {};
}

Result<const Level*> level_of(const Label& label, const Scheme& scheme) {
    const bool same_uri = label.policy_uri.empty() || scheme.policy_uri.empty() ||
                          label.policy_uri == scheme.policy_uri;
    if (label.policy_id != scheme.policy_id || !same_uri)
        return fail(Code::invalid, "label.policy",
                    "a label under '" + printable(label.policy_id, 80) + "' says nothing under '" +
                        printable(scheme.policy_id, 80) + "'");
    const Level* level = scheme.by_native(label.classification);
    if (level == nullptr)
        return fail(Code::invalid, "label.level",
                    "no level '" + printable(label.classification, 80) + "' under " +
                        printable(scheme.policy_id, 80));
    return level;
}

std::set<std::string> releasable_to(const Label& label) {
    const Category* category = label.category(kReleasableTo);
    std::set<std::string> codes;
    if (category != nullptr && category->type == CategoryType::permissive)
        for (const std::string& value : category->values)
            codes.insert(ascii_upper(value));
    return codes;
}

bool copying_reserved(const Label& label) {
    const Category* category = label.category(kReproduction);
    return category != nullptr && category->type == CategoryType::informative &&
           std::ranges::any_of(category->values, [](const std::string& value) {
               return same_value(value, kReserved);
           });
}

std::set<std::string> rights(const Label& label) {
    const Category* category = label.category(kRights);
    std::set<std::string> out;
    if (category == nullptr)
        return out;
    for (const std::string& value : category->values) {
        const auto* known = std::ranges::find_if(
            kRightsKinds, [&](const char* kind) { return same_value(value, kind); });
        out.insert(known == std::end(kRightsKinds) ? "other" : *known);
    }
    return out;
}

} // namespace valise::label
