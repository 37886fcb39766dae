// SPDX-License-Identifier: Apache-2.0
#include "label/scheme.h"

#include "base/text.h"
#include "label/label.h"

#include <algorithm>
#include <set>

namespace valise::label {
namespace {

constexpr std::size_t kMaxLevels = 32;
constexpr std::size_t kMaxCode = 64;
constexpr std::size_t kMaxWord = 256;

bool answers_to(const Level& level, std::string_view word) {
    const auto named = [&](const auto& entry) { return same_value(entry.second, word); };
    return same_value(level.code, word) || same_value(level.native, word) ||
           same_value(level.romanised, word) || std::ranges::any_of(level.names, named);
}

bool is_code(std::string_view code) {
    const auto alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !code.empty() && code.size() <= kMaxCode && alnum(code.front()) && alnum(code.back()) &&
           std::ranges::all_of(code, [&](char c) { return alnum(c) || c == '-'; });
}

bool is_color(std::string_view color) {
    const auto hex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    return color.empty() ||
           (color.size() == 7 && color[0] == '#' && std::ranges::all_of(color.substr(1), hex));
}

bool is_word(std::string_view word) {
    return !word.empty() && word.size() <= kMaxWord && printable(word, word.size()) == word;
}

Result<void> check_level(const Level& level) {
    if (!is_code(level.code))
        return fail(Code::invalid, "label.scheme",
                    "a level's code is lower-case ASCII letters, digits and hyphens, not '" +
                        printable(level.code, 80) + "'");
    const auto wrong = [&](std::string_view what) {
        return fail(Code::invalid, "label.scheme", level.code + ": " + std::string(what));
    };
    if (!is_word(level.native))
        return wrong("the native word is empty, too long or not plain text");
    if (!level.romanised.empty() && !is_word(level.romanised))
        return wrong("the romanised word is too long or not plain text");
    for (const auto& [lang, name] : level.names)
        if (!is_word(name))
            return wrong("the name in '" + printable(lang, 20) + "' is not plain text");
    if (!is_color(level.color))
        return wrong("a color is written #rrggbb");
    return {};
}

} // namespace

const Level* Scheme::by_code(std::string_view code) const {
    const auto found = std::ranges::find(levels, code, &Level::code);
    return found == levels.end() ? nullptr : &*found;
}

const Level* Scheme::by_native(std::string_view native) const {
    const auto found = std::ranges::find(levels, native, &Level::native);
    return found == levels.end() ? nullptr : &*found;
}

const Level* Scheme::by_any_name(std::string_view word) const {
    const Level* found = nullptr;
    for (const Level& level : levels) {
        if (word.empty() || !answers_to(level, word))
            continue;
        if (found != nullptr)
            return nullptr;
        found = &level;
    }
    return found;
}

Result<void> Scheme::check() const {
    if (!is_word(policy_id) || (!policy_uri.empty() && !is_word(policy_uri)))
        return fail(Code::invalid, "label.scheme", "the policy's id or URI is not plain text");
    if (levels.empty() || levels.size() > kMaxLevels)
        return fail(Code::invalid, "label.scheme", "a scheme has 1 to 32 levels");
    std::set<std::string_view> codes;
    std::set<std::string_view> natives;
    std::set<int> ranks;
    for (const Level& level : levels) {
        TRY(check_level(level));
        if (!codes.insert(level.code).second || !natives.insert(level.native).second ||
            !ranks.insert(level.rank).second)
            return fail(Code::invalid, "label.scheme",
                        level.code + ": code, native word and rank are each used once");
    }
    return {};
}

Result<std::strong_ordering> compare_levels(const Scheme& scheme, std::string_view a,
                                            std::string_view b) {
    const Level* first = scheme.by_code(a);
    const Level* second = scheme.by_code(b);
    if (first == nullptr || second == nullptr)
        return fail(Code::invalid, "label.level",
                    "no level '" + printable(first == nullptr ? a : b, 80) + "' under " +
                        printable(scheme.policy_id, 80));
    return first->rank <=> second->rank;
}

} // namespace valise::label
