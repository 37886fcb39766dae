// SPDX-License-Identifier: Apache-2.0
#include "forms/class_words.h"

#include <algorithm>

// What an eye takes for the same letter is the same letter here, in the words of the schemes and in
// what is searched for them.
namespace valise::forms {

namespace {

constexpr char32_t kSeparator = 0;
constexpr char32_t kNothing = 1;

// Malformed bytes become separators: they are refused elsewhere.
std::u32string decoded(std::string_view text) {
    std::u32string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        char32_t point = length == 1 ? first : first & (0xffU >> (length + 1));
        for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
            point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
        out += point;
        i += length;
    }
    return out;
}

struct Pair {
    std::u32string_view from;
    std::u32string_view to;
};

char32_t mapped(const Pair& pair, char32_t c) {
    const auto at = pair.from.find(c);
    return at == std::u32string_view::npos ? c : pair.to[at];
}

// Small letters only; both sides of a pair have the same length.
constexpr Pair kAccents{
    U"àáâãäåāăąçćĉċčďđèéêëēĕėęěĝğġģĥìíîïĩīĭįıĵķĺļľłñńņňòóôõöøōŏőŕŗřśŝşšţťùúûüũūŭůűųŵýÿŷźżž",
    U"aaaaaaaaacccccddeeeeeeeeegggghiiiiiiiiijkllllnnnnooooooooorrrssssttuuuuuuuuuuwyyyzzz"};
constexpr Pair kLookAlikes{U"авгґеёєзйіїјклмнопрстухѕԁьαβγεικνορτυχω01354679$@|l",
                           U"abrreeezиiijkлmhoпpctyxsdbabyeikvoptyxwoiesabtgsaii"};
constexpr Pair kKana{U"ァィゥェォッャュョヮガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ",
                     U"アイウエオツヤユヨワカキクケコサシスセソタチツテトハヒフヘホハヒフヘホウ"};
constexpr std::u32string_view kHalfKana =
    U"ヲアイウエオヤユヨツーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ"
    U"ヤユヨラリルレロワン";

bool ignored(char32_t c) {
    return c == 0xad || (c >= 0x300 && c <= 0x36f) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfe00 && c <= 0xfe0f) || c == 0x3099 || c == 0x309a || c == 0xff9e || c == 0xff9f;
}

// Letters in circles, squares and mathematical alphabets to plain ones.
char32_t plain_letter(char32_t c) {
    const auto small = [](char32_t n) { return U'a' + n % 26; };
    if (c >= 0xff01 && c <= 0xff5e)
        return c - 0xfee0;
    if (c >= 0x24b6 && c <= 0x24e9)
        return small(c - 0x24b6);
    if (c >= 0x249c && c <= 0x24b5)
        return small(c - 0x249c);
    if (c >= 0x1f130 && c <= 0x1f189)
        return small((c - 0x1f130) % 32);
    if (c >= 0x1d400 && c <= 0x1d6a3)
        return small(c - 0x1d400);
    if (c == 0x3299)
        return U'秘';
    if (c >= 0xff66 && c <= 0xff9d)
        return kHalfKana[c - 0xff66];
    return c;
}

char32_t lowered(char32_t c) {
    if ((c >= U'A' && c <= U'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
        (c >= 0x410 && c <= 0x42f) || (c >= 0x391 && c <= 0x3a9))
        return c + 32;
    if (c >= 0x400 && c <= 0x40f)
        return c + 80;
    const bool pairs =
        (c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177) || (c >= 0x460 && c <= 0x52f);
    if (pairs && c % 2 == 0)
        return c + 1;
    const bool odd = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e);
    return odd && c % 2 == 1 ? c + 1 : c;
}

bool ideographic(char32_t c) {
    return (c >= 0x3005 && c <= 0x3007) || (c >= 0x30a0 && c <= 0x30ff && c != 0x30fb) ||
           (c >= 0x3400 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3) ||
           (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

bool is_letter(char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || ideographic(c) ||
           (c >= 0xdf && c <= 0x24f && c != 0xf7) || (c >= 0x370 && c <= 0x52f);
}

char32_t folded(char32_t c) {
    if (ignored(c))
        return kNothing;
    c = lowered(plain_letter(c));
    if (c >= 0x3041 && c <= 0x3096)
        c += 0x60; // hiragana
    c = mapped(kKana, mapped(kLookAlikes, mapped(kAccents, c)));
    return is_letter(c) ? c : kSeparator;
}

// A digit may stand for a letter, "g0kuhi", or beside a word, "7gokuhi": both are read.
enum class Digits { letters, separators };

// Words of an alphabet, and every ideograph by itself: those are written without spaces.
std::vector<std::u32string> tokens_of(std::string_view text, Digits digits = Digits::letters) {
    std::vector<std::u32string> out;
    bool open = false;
    for (const char32_t point : decoded(text)) {
        const char32_t plain = plain_letter(point);
        const bool separates = digits == Digits::separators && plain >= U'0' && plain <= U'9';
        const char32_t c = separates ? kSeparator : folded(point);
        if (c == kNothing)
            continue;
        const bool single = ideographic(c);
        if (c != kSeparator && (!open || single))
            out.emplace_back();
        if (c != kSeparator)
            out.back() += c;
        open = c != kSeparator && !single;
    }
    return out;
}

std::u32string squeezed(std::string_view text) {
    std::u32string out;
    for (const std::u32string& token : tokens_of(text))
        out += token;
    return out;
}

// "SECRET (Taiemno)": the whole, what stands before the bracket, and what stands in it.
std::vector<std::string> parts_of(const std::string& name) {
    std::vector<std::string> out{name};
    std::string part;
    for (std::size_t i = 0; i < name.size();) {
        const bool wide = name.compare(i, 3, "（") == 0 || name.compare(i, 3, "）") == 0;
        if (wide || name[i] == '(' || name[i] == ')') {
            out.push_back(std::exchange(part, {}));
            i += wide ? 3 : 1;
        } else {
            part += name[i++];
        }
    }
    out.push_back(part);
    return out;
}

} // namespace

ClassWords::ClassWords(const agreement::Terms& terms) {
    for (const agreement::Party& party : terms.parties()) {
        for (const label::Level& level : party.scheme.levels) {
            std::vector<std::string> names{level.code, level.native, level.romanised};
            for (const auto& [language, name] : level.names)
                names.push_back(name);
            for (const std::string& name : names)
                for (const std::string& part : parts_of(name))
                    if (auto letters = squeezed(part); !letters.empty())
                        words_.push_back({std::move(letters), level.code});
        }
    }
}

std::optional<std::string> ClassWords::found_in(std::string_view text) const {
    for (const Digits digits : {Digits::letters, Digits::separators})
        if (auto level = found_in(tokens_of(text, digits)))
            return level;
    return std::nullopt;
}

std::optional<std::string> ClassWords::found_in(const std::vector<std::u32string>& tokens) const {
    constexpr std::size_t kInside = 7;
    // Glued to its neighbours at both ends, a name of two words is neither a run of words nor
    // inside one. Shorter ones would be found where they are not: "kimitsu" in "Aki Mitsui".
    constexpr std::size_t kAcross = 10;
    std::u32string whole;
    for (const std::u32string& token : tokens)
        whole += token;
    for (const Word& word : words_) {
        if (word.letters.size() >= kAcross && whole.contains(word.letters))
            return word.level;
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            if (word.letters.size() >= kInside && tokens[i].contains(word.letters))
                return word.level;
            std::u32string run;
            for (std::size_t k = i; k < tokens.size() && run.size() < word.letters.size(); ++k)
                run += tokens[k];
            if (run == word.letters)
                return word.level;
        }
    }
    return std::nullopt;
}

} // namespace valise::forms
