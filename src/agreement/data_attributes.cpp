// SPDX-License-Identifier: Apache-2.0
#include "agreement/data_attributes.h"

#include "base/text.h"

namespace valise::agreement {
namespace {

constexpr std::size_t kMaxName = 512;

// Names are compared in lower case, as the platform does.
std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

// What stands behind "https://NS/attr/NAME/value/", when the text begins so.
std::optional<std::string> value_of(const std::string& fqn, const std::string& definition) {
    const std::string before = definition + "/value/";
    if (!fqn.starts_with(before) || fqn.size() == before.size())
        return std::nullopt;
    return fqn.substr(before.size());
}

bool cleared_for(const Terms& terms, const logbook::State& state, const PersonId& person,
                 const label::Level& level, Time now) {
    const auto clearance = state.clearance_at(person, now);
    const label::Scheme* scheme = terms.scheme(state.party());
    const auto* held = clearance && scheme != nullptr ? scheme->by_code(clearance->level) : nullptr;
    return held != nullptr && level.rank <= held->rank;
}

} // namespace

std::optional<DataAttribute> data_attribute(const Terms& terms, const logbook::State& state,
                                            const PersonId& person, std::string_view ns,
                                            std::string_view fqn, Time now) {
    if (fqn.size() > kMaxName)
        return std::nullopt;
    const std::string name = lower(fqn);
    const std::string before = "https://" + std::string(ns) + "/attr/";
    if (const auto value = value_of(name, before + "classification")) {
        const label::Scheme* scheme = terms.scheme(state.party());
        const label::Level* level = scheme == nullptr ? nullptr : scheme->by_code(*value);
        if (level == nullptr || !cleared_for(terms, state, person, *level, now))
            return std::nullopt;
        return DataAttribute{before + "classification", "classification", level->code,
                             DataAttribute::Rule::hierarchy};
    }
    if (const auto value = value_of(name, before + "relto"))
        for (const Party& party : terms.parties())
            if (lower(party.code) == *value)
                return DataAttribute{before + "relto", "relto", *value,
                                     DataAttribute::Rule::any_of};
    return std::nullopt;
}

} // namespace valise::agreement
