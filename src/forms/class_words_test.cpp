// SPDX-License-Identifier: Apache-2.0
#include "forms/class_words.h"
#include "forms/envelope_face.h"
#include "forms/testing.h"

#include <gtest/gtest.h>

#include <functional>

namespace valise::forms {
namespace {

using Lines = std::vector<std::string>;

const Lines kTokyo{"National Security Secretariat", "2-4-12 Nagatacho, Chiyoda-ku",
                   "Tokyo 100-8914, Japan"};
const Lines kKyiv{"Служба безпеки України", "Секретаріат, вул. Володимирська, 33",
                  "01601 Київ, Україна"};

// Every word by which a level is named, without what stands in brackets or only there.
Lines words_of(const agreement::Terms& terms) {
    Lines out;
    for (const auto& party : terms.parties())
        for (const auto& level : party.scheme.levels) {
            out.push_back(level.code);
            out.push_back(level.native);
            out.push_back(level.romanised);
            for (const auto& [language, name] : level.names) {
                out.push_back(name);
                if (const auto bracket = name.find('('); bracket != std::string::npos) {
                    out.push_back(name.substr(0, bracket));
                    out.push_back(name.substr(bracket + 1, name.find(')') - bracket - 1));
                }
            }
        }
    return out;
}

// One character of UTF-8 after the other, with something between.
std::string between(const std::string& word, const std::string& what) {
    std::string out;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(word[i]) & 0xc0) != 0x80;
        out += (begins && i > 0 ? what : "") + word[i];
    }
    return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

std::string wide(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c > ' ' && c < '\x7f') {
            const unsigned point = 0xff01U + static_cast<unsigned>(c - '!');
            out += static_cast<char>(0xe0 | (point >> 12));
            out += static_cast<char>(0x80 | ((point >> 6) & 0x3f));
            out += static_cast<char>(0x80 | (point & 0x3f));
        } else {
            out += c;
        }
    return out;
}

std::string upper(std::string text) {
    for (char& c : text)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

class ClassWordsTest : public ::testing::TestWithParam<const char*> {
protected:
    agreement::Terms terms = testing::terms(GetParam());
};

TEST_P(ClassWordsTest, OrdinaryAddressesPass) {
    EXPECT_TRUE(EnvelopeFace::outer(terms, kTokyo, kKyiv, "JPN-2026-0001"));
    EXPECT_TRUE(EnvelopeFace::outer(terms, kKyiv, kTokyo, ""));
    EXPECT_TRUE(EnvelopeFace::outer(terms, {"内閣官房国家安全保障局", "東京都千代田区永田町2-4-12"},
                                    {"Embassy of Ukraine in Japan", "Нісі-Адзабу, Токіо"}, ""));
}

//= O-35
//= I8
// Each word of either scheme, disguised in every way that we know, in every field of the face.
TEST_P(ClassWordsTest, NoWordOfALevelGetsOntoTheOuterFace) {
    const std::pair<const char*, std::function<std::string(const std::string&)>> disguises[] = {
        {"as it is", [](const std::string& w) { return w; }},
        {"upper case", upper},
        {"full width", wide},
        {"spaced", [](const std::string& w) { return between(w, " "); }},
        {"hyphens", [](const std::string& w) { return between(w, "-"); }},
        {"dots", [](const std::string& w) { return between(w, "."); }},
        {"zero width", [](const std::string& w) { return between(w, "\u2060"); }},
        {"soft hyphens", [](const std::string& w) { return between(w, "\u00ad"); }},
        {"Cyrillic look-alikes",
         [](const std::string& w) { return replaced(replaced(w, "o", "о"), "i", "і"); }},
        {"Latin look-alikes",
         [](const std::string& w) { return replaced(replaced(w, "о", "o"), "а", "a"); }},
        {"digits", [](const std::string& w) { return replaced(replaced(w, "o", "0"), "i", "1"); }},
        {"macrons", [](const std::string& w) { return replaced(replaced(w, "o", "ō"), "u", "ū"); }},
        {"in brackets", [](const std::string& w) { return "(" + w + ")"; }},
    };
    const ClassWords words(terms);
    for (const std::string& word : words_of(terms)) {
        for (const auto& [name, disguise] : disguises) {
            const std::string hidden = disguise(word);
            EXPECT_TRUE(words.found_in("Registry " + hidden + ", 5"))
                << word << ", " << name << ": " << hidden;
            for (std::size_t line = 0; line < kTokyo.size(); ++line) {
                Lines from = kTokyo;
                Lines to = kKyiv;
                from[line] = "Room 5 " + hidden + " 12";
                to[line] = hidden;
                for (const auto& face : {EnvelopeFace::outer(terms, from, kKyiv, ""),
                                         EnvelopeFace::outer(terms, kTokyo, to, "")}) {
                    ASSERT_FALSE(face) << word << ", " << name;
                    const std::string reason = face.error().reason();
                    // What cannot be seen is refused as such, before it is read.
                    EXPECT_TRUE(reason == "forms.class_word" || reason == "forms.address")
                        << reason << " " << hidden;
                    EXPECT_FALSE(face.error().text().contains(word)) << "the error repeats it";
                }
            }
        }
    }
}

TEST_P(ClassWordsTest, AWordMayNotBeSplitOverLines) {
    const std::string word = terms.parties()[0].scheme.levels[0].code;
    const Lines split{word.substr(0, word.size() / 2), word.substr(word.size() / 2)};
    EXPECT_EQ(EnvelopeFace::outer(terms, split, kKyiv, "").error().reason(), "forms.class_word");
}

TEST_P(ClassWordsTest, TheOuterFaceHoldsNothingButAddressesAndNumber) {
    const auto face = EnvelopeFace::outer(terms, kTokyo, kKyiv, "JPN-2026-0001");
    ASSERT_TRUE(face);
    EXPECT_EQ(face->level(), "");
    EXPECT_EQ(face->sender(), kTokyo);
    EXPECT_EQ(face->recipient(), kKyiv);
    const ClassWords words(terms);
    for (const std::string& line : face->draft())
        EXPECT_FALSE(words.found_in(line)) << line;
}

TEST_P(ClassWordsTest, TheInnerFaceHoldsTheLevelAndTheRecipientOnly) {
    const auto& party = terms.parties()[1];
    const auto& level = party.scheme.levels[0];
    const auto face = EnvelopeFace::inner(terms, party.code, level.code, kKyiv);
    ASSERT_TRUE(face);
    EXPECT_EQ(face->level(), level.native);
    EXPECT_TRUE(face->sender().empty());
    EXPECT_EQ(face->number(), "");
    EXPECT_FALSE(EnvelopeFace::inner(terms, party.code, "none", kKyiv));
}

INSTANTIATE_TEST_SUITE_P(Agreements, ClassWordsTest, ::testing::ValuesIn(testing::kAgreements),
                         [](const auto& test) {
                             std::string name = test.param;
                             std::erase_if(name, [](char c) { return c == '-' || c == '.'; });
                             return name;
                         });

TEST(ClassWords, SignsThatStandForAWordCount) {
    const ClassWords words(testing::terms("jpn-ukr.toml"));
    EXPECT_EQ(words.found_in("㊙"), "hi");
    EXPECT_EQ(words.found_in("Ⓢⓔⓒⓡⓔⓣ"), "gokuhi");
    EXPECT_EQ(words.found_in("𝐓𝐎𝐏 𝐒𝐄𝐂𝐑𝐄𝐓"), "gokuhi"); // "SECRET" stands in it
    EXPECT_EQ(words.found_in("ﾀｰｲｴﾑﾉ"), "taiemno");
    EXPECT_FALSE(words.found_in("Secretariat of the Confederation"));
    EXPECT_FALSE(words.found_in("Aki Mitsui, Osaka"));
    EXPECT_FALSE(words.found_in(""));
}

TEST(ClassWords, ADigitIsNoLetterOfAnAddress) {
    const ClassWords words(testing::terms("jpn-ukr.toml"));
    EXPECT_EQ(words.found_in("Room 7gokuhi"), "gokuhi");
    EXPECT_EQ(words.found_in("g0kuhi"), "gokuhi");
}

// Of several words, and glued to what stands before and after it.
TEST(ClassWords, ANameOfTwoWordsIsFoundInsideOthers) {
    const ClassWords words(testing::terms("jpn-ukr.toml"));
    EXPECT_EQ(words.found_in("МіністерствоОсобливої важливостіКиїв"), "osoblyvoi-vazhlyvosti");
    EXPECT_EQ(words.found_in("roomOsoblyvoi vazhlyvostioffice"), "osoblyvoi-vazhlyvosti");
}

TEST(EnvelopeFace, WhatIsNoAddressOrNumberIsRefused) {
    const auto terms = testing::terms("jpn-ukr.toml");
    for (const Lines& wrong :
         {Lines{}, Lines{""}, Lines{"  "}, Lines(9, "x"), Lines{std::string(121, 'x')},
          Lines{"a\x1b[31m"}, Lines{"a\nb"}, Lines{"\xff"}, Lines{"a\u202eb"}})
        EXPECT_EQ(EnvelopeFace::outer(terms, wrong, kKyiv, "").error().reason(), "forms.address");
    EXPECT_FALSE(EnvelopeFace::outer(terms, kTokyo, kKyiv, "JPN-2026-1; gokuhi"));
}

} // namespace
} // namespace valise::forms
