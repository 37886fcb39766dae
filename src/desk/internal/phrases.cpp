// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/phrases.h"

#include "desk/internal/embedded.h"

#include <cstdint>
#include <cstring>

namespace valise::desk {

namespace {

// Little-endian, as msgfmt writes it on every machine that this is built for; anything else leaves
// the catalogue empty, which the tests see.
std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < 4 && at + i < bytes.size(); ++i)
        out |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return out;
}

std::string_view text_at(std::string_view bytes, std::size_t row) {
    const std::size_t length = number_at(bytes, row);
    const std::size_t at = number_at(bytes, row + 4);
    return at > bytes.size() || length > bytes.size() - at ? std::string_view()
                                                           : bytes.substr(at, length);
}

} // namespace

// The GNU MO format, revision 0: magic, revision, count, offsets of the two tables of (length, at).
Phrases::Phrases(std::string language) : language_(std::move(language)) {
    constexpr std::uint32_t kMagic = 0x950412de;
    const std::string_view bytes = embedded(language_ + ".mo");
    if (number_at(bytes, 0) != kMagic)
        return;
    const std::uint32_t count = number_at(bytes, 8);
    const std::uint32_t from = number_at(bytes, 12);
    const std::uint32_t to = number_at(bytes, 16);
    for (std::uint32_t i = 0; i < count; ++i)
        known_.emplace(text_at(bytes, from + std::size_t{8} * i),
                       text_at(bytes, to + std::size_t{8} * i));
}

const Phrases& Phrases::of(std::string_view language) {
    static const Phrases kEnglish("en");
    static const Phrases kJapanese("ja");
    static const Phrases kUkrainian("uk");
    return language == "ja" ? kJapanese : language == "uk" ? kUkrainian : kEnglish;
}

std::string Phrases::say(std::string_view english) const {
    if (english.empty()) // under which the catalogue keeps its own header
        return {};
    const auto found = known_.find(english);
    return std::string(found == known_.end() || found->second.empty() ? english : found->second);
}

std::string Phrases::say(std::string_view english, std::string_view first,
                         std::string_view second) const {
    std::string out;
    const std::string pattern = say(english);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '%' && i + 1 < pattern.size() &&
            (pattern[i + 1] == '1' || pattern[i + 1] == '2'))
            out += pattern[++i] == '1' ? first : second;
        else
            out += pattern[i];
    }
    return out;
}

std::string Phrases::english_of(std::string_view code) {
    std::string out(code);
    for (char& c : out)
        c = c == '-' || c == '_' ? ' ' : c;
    return out;
}

std::string Phrases::word(std::string_view code) const {
    return say(english_of(code));
}

bool Phrases::has(std::string_view english) const {
    return language_ == "en" || known_.contains(english);
}

} // namespace valise::desk
