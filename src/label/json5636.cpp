// SPDX-License-Identifier: Apache-2.0
#include "label/json5636.h"

#include "base/codec/json.h"
#include "base/text.h"
#include "label/internal/text.h"

#include <algorithm>
#include <array>
#include <optional>

namespace valise::label {
namespace {

struct TypeLetter {
    CategoryType type;
    const char* letter;
};
constexpr std::array kLetters = {
    TypeLetter{CategoryType::permissive, "P"},
    TypeLetter{CategoryType::restrictive, "R"},
    TypeLetter{CategoryType::informative, "I"},
};

// The 128 bits of a decimal number as a UUID; an object identifier under 2.25 is one (X.667 6.3).
std::optional<std::string> uuid_of_decimal(std::string_view digits) {
    if (digits.empty() || (digits.size() > 1 && digits.front() == '0'))
        return std::nullopt;
    std::array<Byte, 16> number{};
    for (const char c : digits) {
        if (c < '0' || c > '9')
            return std::nullopt;
        unsigned carry = static_cast<unsigned>(c - '0');
        for (std::size_t i = number.size(); i-- > 0;) {
            const unsigned value = number[i] * 10U + carry;
            number[i] = static_cast<Byte>(value & 0xffU);
            carry = value >> 8U;
        }
        if (carry != 0)
            return std::nullopt;
    }
    std::string out = to_hex(number);
    for (const std::size_t at : {8U, 13U, 18U, 23U})
        out.insert(at, 1, '-');
    return out;
}

std::string policy_name(const Label& label) {
    constexpr std::string_view kUuidArc = "urn:oid:2.25.";
    constexpr std::string_view kUuid = "urn:uuid:";
    const std::string_view uri = label.policy_uri;
    if (uri.starts_with(kUuidArc))
        if (auto uuid = uuid_of_decimal(uri.substr(kUuidArc.size())))
            return *uuid;
    if (uri.starts_with(kUuid))
        return internal::ascii_lower(uri.substr(kUuid.size()));
    return uri.empty() ? label.policy_id : label.policy_uri;
}

Result<Category> read_category(const Json& json) {
    TRY_ASSIGN(auto object, ObjectReader::over(json, "catl"));
    Category out;
    TRY_ASSIGN(const std::string letter, object.text("type", 1));
    const auto type = std::ranges::find(kLetters, letter, &TypeLetter::letter);
    if (type == kLetters.end())
        return fail(Code::invalid, "label.json5636", "a category's type is P, R or I");
    out.type = type->type;
    TRY_ASSIGN(out.tag, object.text("name", kMaxLabelText));
    TRY_ASSIGN(out.values, object.texts("vals", kMaxCategoryValues));
    TRY(object.done());
    return out;
}

Result<std::vector<Category>> read_categories(const Json* list) {
    std::vector<Category> out;
    if (list == nullptr)
        return out;
    if (!list->is_array() || list->size() > kMaxCategories)
        return fail(Code::invalid, "label.json5636", "catl is a list of at most 64 categories");
    for (const Json& json : *list) {
        TRY_ASSIGN(Category category, read_category(json));
        out.push_back(std::move(category));
    }
    return out;
}

} // namespace

Summary5636 summary_5636(const Label& label) {
    return {policy_name(label), label.classification, label.categories, label.created};
}

Result<std::string> write_5636(const Label& label) {
    TRY(check(label));
    if (label.created == Time{})
        return fail(Code::invalid, "label.created_missing", "a label needs its date of creation");
    Json categories = Json::array();
    for (const Category& category : label.categories) {
        const auto type = std::ranges::find(kLetters, category.type, &TypeLetter::type);
        categories.push_back(
            {{"name", category.tag}, {"type", type->letter}, {"vals", category.values}});
    }
    const Json out = {
        {"context", {{"@base", k5636Schema}}},
        {"ocl",
         {{"catl", std::move(categories)},
          {"cls", label.classification},
          {"dcr", label.created.text()},
          {"pol", policy_name(label)}}},
    };
    return canonical_json(out);
}

Result<Summary5636> read_5636(std::string_view json) {
    TRY_ASSIGN(const Json root, parse_json(view(json)));
    TRY_ASSIGN(auto outer, ObjectReader::over(root, "label"));
    TRY_ASSIGN(const Json* context_json, outer.member("context"));
    TRY_ASSIGN(const Json* ocl_json, outer.member("ocl"));
    TRY(outer.done());
    TRY_ASSIGN(auto context, ObjectReader::over(*context_json, "context"));
    TRY_ASSIGN(const std::string base, context.text("@base", kMaxLabelText));
    TRY(context.done());
    if (base != k5636Schema)
        return fail(Code::invalid, "label.json5636", "another schema: " + printable(base, 80));

    TRY_ASSIGN(auto ocl, ObjectReader::over(*ocl_json, "ocl"));
    // Read as a label, so that one set of bounds holds for both forms.
    Label label;
    TRY_ASSIGN(label.policy_id, ocl.text("pol", kMaxLabelText));
    TRY_ASSIGN(label.classification, ocl.text("cls", kMaxLabelText));
    TRY_ASSIGN(const std::string created, ocl.text("dcr", 40));
    TRY_ASSIGN(label.categories, read_categories(ocl.optional_member("catl")));
    TRY(ocl.done());
    TRY_ASSIGN(const auto time, internal::parse_loose_time(created));
    label.created = time.time;
    TRY(check(label));
    return Summary5636{label.policy_id, label.classification, label.categories, label.created};
}

} // namespace valise::label
