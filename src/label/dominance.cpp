// SPDX-License-Identifier: Apache-2.0
#include "label/dominance.h"

#include "label/internal/compare.h"
#include "label/internal/text.h"

#include <algorithm>

namespace valise::label {
namespace {

using internal::ascii_lower;
using internal::value_set;
using internal::ValueSet;

void need(Dominant& out, const char* reason) {
    if (std::ranges::find(out.needs_person, reason) == out.needs_person.end())
        out.needs_person.emplace_back(reason);
}

// The sources' categories of one tag; `missing` when a source has none.
struct Stated {
    std::vector<const Category*> categories;
    bool missing = false;
};

Stated stated(std::span<const Label> sources, std::string_view tag) {
    Stated out;
    for (const Label& source : sources) {
        const Category* category = source.category(tag);
        if (category == nullptr)
            out.missing = true;
        else
            out.categories.push_back(category);
    }
    return out;
}

std::vector<std::string> all_values(const Stated& all) {
    std::vector<std::string> out;
    ValueSet seen;
    for (const Category* category : all.categories)
        for (const std::string& value : category->values)
            if (seen.insert(ascii_lower(value)).second)
                out.push_back(value);
    return out;
}

std::vector<std::string> common_values(const Stated& all) {
    std::vector<std::string> out = all.categories.front()->values;
    for (const Category* category : all.categories) {
        const ValueSet here = value_set(*category);
        std::erase_if(out, [&](const std::string& v) { return !here.contains(ascii_lower(v)); });
    }
    return out;
}

Category merge(const Stated& all, Dominant& out) {
    Category merged = *all.categories.front();
    const bool one_type = std::ranges::all_of(
        all.categories, [&](const Category* c) { return c->type == merged.type; });
    if (!one_type) {
        need(out, "label.type_differs");
        merged.type = CategoryType::restrictive;
    }
    if (merged.type != CategoryType::permissive) {
        merged.values = all_values(all);
        return merged;
    }
    merged.values = common_values(all);
    if (all.missing) {
        // ADatP-4774.1 would drop the category here, and no category is no limit.
        need(out, "label.permissive_missing");
        if (same_value(merged.tag, kReleasableTo))
            merged.values.clear();
    }
    if (merged.values.empty())
        need(out, "label.permissive_empty");
    return merged;
}

void merge_categories(std::span<const Label> sources, Dominant& out) {
    for (const Label& source : sources)
        for (const Category& category : source.categories)
            if (out.label.category(category.tag) == nullptr)
                out.label.categories.push_back(merge(stated(sources, category.tag), out));
}

void merge_origin(const Label& source, Dominant& out) {
    Label& label = out.label;
    if (label.privacy_mark.empty()) {
        label.privacy_mark = source.privacy_mark;
    } else if (!source.privacy_mark.empty() && source.privacy_mark != label.privacy_mark) {
        need(out, "label.privacy_mark");
        if (!label.privacy_mark.contains(source.privacy_mark))
            label.privacy_mark += "; " + source.privacy_mark;
    }
    if (!source.originator_id.empty() &&
        std::ranges::find(out.originators, source.originator_id) == out.originators.end()) {
        out.originators.push_back(source.originator_id);
        label.originator_id_type = source.originator_id_type;
    }
    label.created = std::max(label.created, source.created);
    if (source.review)
        label.review = label.review ? std::min(*label.review, *source.review) : source.review;
}

// Whoever satisfies `kept` satisfies `limit`.
bool keeps(const Category& kept, const Category& limit) {
    const ValueSet had = value_set(limit);
    const ValueSet has = value_set(kept);
    if (kept.type == CategoryType::informative)
        return false;
    if (limit.type == CategoryType::restrictive)
        return kept.type == CategoryType::restrictive && std::ranges::includes(has, had);
    if (kept.type == CategoryType::permissive)
        return std::ranges::includes(had, has);
    return std::ranges::any_of(has, [&](const std::string& v) { return had.contains(v); });
}

} // namespace

Result<Dominant> dominant(std::span<const Label> sources, const Scheme& scheme) {
    if (sources.empty())
        return fail(Code::invalid, "label.none", "no label to derive from");
    Dominant out;
    out.label.policy_id = scheme.policy_id;
    out.label.policy_uri = scheme.policy_uri;
    for (const Label& source : sources)
        TRY(check(source));
    TRY_ASSIGN(const Level* highest, level_of(sources.front(), scheme));
    for (const Label& source : sources) {
        TRY_ASSIGN(const Level* level, level_of(source, scheme));
        if (level->rank > highest->rank)
            highest = level;
        merge_origin(source, out);
    }
    out.label.classification = highest->native;
    if (out.originators.size() == 1)
        out.label.originator_id = out.originators.front();
    merge_categories(sources, out);
    return out;
}

Result<bool> protects(const Label& derived, const Label& source, const Scheme& scheme) {
    TRY_ASSIGN(const Level* above, level_of(derived, scheme));
    TRY_ASSIGN(const Level* below, level_of(source, scheme));
    if (above->rank < below->rank)
        return false;
    for (const Category& limit : source.categories) {
        if (limit.type == CategoryType::informative)
            continue;
        const Category* kept = derived.category(limit.tag);
        if (kept == nullptr || !keeps(*kept, limit))
            return false;
    }
    //= I3
    return std::ranges::includes(releasable_to(source), releasable_to(derived));
}

} // namespace valise::label
