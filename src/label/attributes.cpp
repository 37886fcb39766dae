// SPDX-License-Identifier: Apache-2.0
#include "label/attributes.h"

#include "base/text.h"
#include "label/internal/compare.h"
#include "label/internal/text.h"
#include "label/json5636.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::label {
namespace {

bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

// A DNS name in lower case: at least one dot, the last part letters only.
bool is_namespace(std::string_view name) {
    if (name.size() > 253 || !name.contains('.'))
        return false;
    bool letters_only = true;
    while (true) {
        const std::string_view part = name.substr(0, name.find('.'));
        if (part.empty() || part.size() > 63 || part.front() == '-' || part.back() == '-')
            return false;
        if (!std::ranges::all_of(
                part, [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; }))
            return false;
        letters_only = std::ranges::all_of(part, is_letter);
        if (part.size() == name.size())
            return letters_only;
        name.remove_prefix(part.size() + 1);
    }
}

std::unexpected<Error> disagree(std::string context) {
    return fail(Code::invalid, "label.disagree", std::move(context));
}

} // namespace

Result<std::vector<std::string>> attributes(const Label& label, const Scheme& scheme,
                                            std::string_view ns) {
    TRY(check(label));
    TRY_ASSIGN(const Level* level, level_of(label, scheme));
    const std::string host = internal::ascii_lower(ns);
    if (!is_namespace(host))
        return fail(Code::invalid, "label.namespace",
                    "'" + printable(ns, 80) + "' is no DNS name for attributes");
    const std::string start = "https://" + host + "/attr/";
    std::vector<std::string> out = {start + "classification/value/" + level->code};
    for (const std::string& upper : releasable_to(label)) {
        if (!is_party_code(upper))
            return fail(Code::invalid, "label.releasable_to",
                        "'" + printable(upper, 40) + "' is no code of a party");
        out.push_back(fmt::format("{}relto/value/{}", start, internal::ascii_lower(upper)));
    }
    std::ranges::sort(out);
    return out;
}

Result<void> agree(const Label& label, const Scheme& scheme, std::string_view ns,
                   const std::vector<std::string>& fqns, std::string_view json5636) {
    TRY_ASSIGN(const auto expected, attributes(label, scheme, ns));
    std::vector<std::string> given;
    given.reserve(fqns.size());
    for (const std::string& fqn : fqns)
        given.push_back(internal::ascii_lower(fqn));
    std::ranges::sort(given);
    if (given != expected)
        return disagree("the data attributes do not say what the label says");

    TRY_ASSIGN(const Summary5636 read, read_5636(json5636));
    const Summary5636 own = summary_5636(label);
    if (read.policy != own.policy)
        return disagree("label and 5636 form name different policies");
    if (read.classification != own.classification)
        return disagree("label and 5636 form name different levels");
    if (internal::category_set(read.categories) != internal::category_set(own.categories))
        return disagree("label and 5636 form have different categories");
    if (read.created != own.created)
        return disagree("label and 5636 form have different dates");
    return {};
}

} // namespace valise::label
