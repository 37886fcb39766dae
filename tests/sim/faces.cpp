// SPDX-License-Identifier: Apache-2.0
#include "sim/faces.h"

#include "exchange/frame.h"
#include "forms/envelope_face.h"

#include <algorithm>

namespace valise::testing {
namespace {

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

// Of an alphabet and shorter than seven letters, a word inside another is none.
bool stands_in(const std::string& text, const std::string& word) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c & 0x80) != 0; };
    const auto letters = std::ranges::count_if(word, [](char c) { return (c & 0xc0) != 0x80; });
    const bool may_be_inside = letters >= 7 || static_cast<unsigned char>(word[0]) >= 0xe0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const std::size_t after = at + word.size();
        if (may_be_inside ||
            ((at == 0 || !letter(text[at - 1])) && (after == text.size() || !letter(text[after]))))
            return true;
    }
    return false;
}

std::vector<std::string> words_of(const agreement::Terms& terms) {
    std::vector<std::string> out;
    for (const auto& party : terms.parties())
        for (const auto& level : party.scheme.levels)
            for (const std::string& word : {level.native, level.romanised, level.code})
                if (!word.empty())
                    out.push_back(word);
    return out;
}

} // namespace

bool names_a_class(const agreement::Terms& terms, const std::string& text) {
    return std::ranges::any_of(words_of(terms), [&](const std::string& word) {
        return stands_in(lower(text), lower(word));
    });
}

void outer_face(Random& random, const Side& side, Faults& faults) {
    const std::vector<std::string> words = words_of(side.terms);
    const auto address = [&] {
        std::vector<std::string> lines;
        while (lines.empty() || random.chance(50)) {
            std::string line = random.any({"Ministry", "経済産業省", "Міністерство", "Room 7"});
            const std::string joint = random.any({" ", "-", "", "\u200b", "/"});
            if (random.chance(50))
                line += joint + random.any(words);
            else if (random.chance(30))
                line += joint + lower(random.any(words)) + joint + "office";
            lines.push_back(line);
        }
        return lines;
    };
    const auto face = forms::EnvelopeFace::outer(side.terms, address(), address(),
                                                 random.chance(50) ? "JPN-2026-0001" : "");
    if (!face)
        return;
    for (const auto* lines : {&face->sender(), &face->recipient()})
        for (const std::string& line : *lines)
            faults.unless(!names_a_class(side.terms, line), "I8", "an outer face says: " + line);
    faults.unless(face->level().empty() && !names_a_class(side.terms, face->number()), "I8",
                  "an outer face has a level");
}

void outer_header(const Side& side, ByteView bytes, Faults& faults) {
    const auto frame = exchange::parse_frame(bytes);
    if (!frame)
        return;
    // Ids, salts, digests, keys and signatures are no words, though letters of theirs may spell
    // one.
    constexpr std::size_t kWord = 24; // a salt of 16 bytes
    const auto random = [](const std::string& value) {
        return DispatchId::parse(value) || (value.size() >= kWord && from_base64(value));
    };
    std::string text = frame->type + " " + frame->from + " " + frame->to;
    for (const auto& [name, value] : frame->fields.items())
        if (name != "note" && value.is_string() && !random(value.get<std::string>()))
            text += " " + name + " " + value.get<std::string>();
    faults.unless(!names_a_class(side.terms, text), "I8", side.party + " sends in clear: " + text);
}

} // namespace valise::testing
