// SPDX-License-Identifier: Apache-2.0
#include "label/marking.h"

#include "base/text.h"
#include "label/internal/text.h"
#include "label/internal/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::label {
namespace {

using internal::Words;

Result<const Words*> words_of(std::string_view lang) {
    const Words* words = internal::words(lang);
    if (words == nullptr)
        return fail(Code::invalid, "label.language",
                    "no markings in '" + printable(lang, 20) + "', only in en, ja and uk");
    return words;
}

std::string format(std::string_view pattern, const auto&... parts) {
    return fmt::format(fmt::runtime(pattern), parts...);
}

// The level's shown name and its native word, joined unless the name holds it already.
std::string with_native(const Level& level, std::string_view lang, std::string_view before,
                        std::string_view after) {
    const auto name = level.names.find(std::string(lang));
    if (name == level.names.end() || name->second.empty())
        return level.native;
    if (name->second.contains(level.native))
        return name->second;
    return name->second + std::string(before) + level.native + std::string(after);
}

// What a category adds to the marking; empty: nothing.
std::string category_words(const Category& category, const Label& label, const Words& words) {
    if (same_value(category.tag, kContext))
        return {};
    if (category.type != CategoryType::permissive)
        return " - " + internal::joined(category.values);
    if (!same_value(category.tag, kReleasableTo))
        return " - " + category.tag + ": " + internal::joined(category.values);
    // A policy's own name among the recipients is understood (so the published NATO markings).
    std::vector<std::string> shown = category.values;
    std::erase_if(shown, [&](const std::string& v) { return same_value(v, label.policy_id); });
    return shown.empty() ? "" : " " + format(words.releasable, internal::joined(shown));
}

Result<std::string> provider_words(const std::map<std::string, std::string>& names,
                                   std::string_view lang) {
    const auto name = names.find(std::string(lang));
    if (name == names.end() || !internal::is_plain(name->second))
        return fail(Code::invalid, "label.provider",
                    "the terms do not name the provider in '" + std::string(lang) + "'");
    return name->second;
}

} // namespace

std::string level_words(const Level& level, std::string_view lang) {
    return with_native(level, lang, " (", ")");
}

Result<std::string> marking(const Label& label, const Scheme& scheme, std::string_view lang) {
    TRY_ASSIGN(const Words* words, words_of(lang));
    TRY_ASSIGN(const Level* level, level_of(label, scheme));
    TRY(check(label));
    std::string out = level_words(*level, lang);
    // Restrictions stand before the recipients, as in every national practice at hand.
    std::string recipients;
    for (const Category& category : label.categories) {
        const bool releasable = same_value(category.tag, kReleasableTo);
        (releasable ? recipients : out) += category_words(category, label, *words);
    }
    if (!label.privacy_mark.empty())
        out += " - " + label.privacy_mark;
    return out + recipients;
}

Result<std::string> page_banner(const Label& label, const Scheme& scheme, const PageFacts& facts,
                                std::string_view lang) {
    TRY_ASSIGN(const Words* words, words_of(lang));
    TRY_ASSIGN(std::string out, marking(label, scheme, lang));
    if (facts.page > 0 && facts.pages > 0)
        out += " | " + format(words->page, facts.page, facts.pages);
    if (facts.copy > 0 && facts.copies > 0)
        out += " | " + format(words->copy, facts.copy, facts.copies);
    if (!facts.register_number.empty())
        out += " | " + format(words->number, printable(facts.register_number, 80));
    return out;
}

Result<std::string> received_marking(const ProviderNames& provider, const Level& own,
                                     std::string_view original_native, std::string_view lang,
                                     Draft draft) {
    TRY_ASSIGN(const Words* words, words_of(lang));
    TRY_ASSIGN(const std::string name, provider_words(provider.name, lang));
    if (!internal::is_plain(original_native))
        return fail(Code::invalid, "label.text", "the original word is not plain text");
    const std::string level = with_native(own, lang, " ", "");
    return std::string(draft == Draft::yes ? words->draft : "") +
           format(words->received, name, level, original_native);
}

Result<std::string> rights_words(const std::set<std::string>& kinds, std::string_view lang) {
    TRY(words_of(lang));
    struct Row {
        std::string_view kind;
        const char* en;
        const char* ja;
        const char* uk;
    };
    constexpr Row kRows[] = {{"", "Private rights: ", "私権: ", "Приватні права: "},
                             {"copyright", "copyright", "著作権", "авторське право"},
                             {"other", "other", "その他", "інші"},
                             {"patent", "patent", "特許権", "патент"},
                             {"trade-secret", "trade secret", "営業秘密", "комерційна таємниця"}};
    const auto said = [&](const Row& row) {
        return std::string(lang == "ja" ? row.ja : lang == "uk" ? row.uk : row.en);
    };
    std::vector<std::string> shown;
    for (const Row& row : kRows)
        if (kinds.contains(std::string(row.kind)))
            shown.push_back(said(row));
    return shown.empty() ? std::string() : said(kRows[0]) + internal::joined(shown);
}

Result<std::string> translation_note(const ProviderNames& provider, std::string_view lang) {
    TRY_ASSIGN(const Words* words, words_of(lang));
    TRY_ASSIGN(const std::string government, provider_words(provider.government, lang));
    return format(words->translated, government);
}

} // namespace valise::label
