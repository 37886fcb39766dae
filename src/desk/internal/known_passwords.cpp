// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/known_passwords.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>

namespace valise::desk {

namespace {

constexpr std::size_t kLeastLeft = 5; // bytes that stand in no list
constexpr std::size_t kRun = 3;       // "abc", "321", "aaa"
constexpr std::size_t kRow = 4;       // "qwer"

// What most leaked passwords consist of, and what people here would think of.
constexpr std::string_view kWords[] = {
    "password", "passwort", "passw",    "pass",      "parol",         "himitsu",  "secret",
    "geheim",   "letmein",  "welcome",  "admin",     "administrator", "root",     "user",
    "login",    "guest",    "master",   "default",   "changeme",      "change",   "test",
    "demo",     "temp",     "trustno",  "iloveyou",  "love",          "princess", "dragon",
    "monkey",   "football", "baseball", "superman",  "batman",        "sunshine", "shadow",
    "michael",  "jordan",   "hunter",   "freedom",   "whatever",      "starwars", "pokemon",
    "hello",    "flower",   "computer", "internet",  "security",      "office",   "spring",
    "summer",   "autumn",   "winter",   "january",   "february",      "march",    "april",
    "june",     "july",     "august",   "september", "october",       "november", "december",
    "monday",   "friday",   "sunday",   "correct",   "horse",         "battery",  "staple",
    "japan",    "nippon",   "nihon",    "tokyo",     "sakura",        "ukraine",  "ukraina",
    "kyiv",     "kiev",     "valise",   "registry",  "ministry",      "slava",    "heroyam",
    "пароль",   "україна",  "київ",     "слава",     "パスワード",    "日本",     "ひみつ"};

constexpr std::string_view kRows[] = {
    "qwertyuiop",         "asdfghjkl",        "zxcvbnm",
    "qwertzuiop",         "azertyuiop",       "1qaz2wsx3edc4rfv5tgb6yhn",
    "qazwsxedcrfvtgbyhn", "1q2w3e4r5t6y7u8i", "йцукенгшщзхї",
    "фівапролджє"};

// "P@ssw0rd" is no other word than "password".
char plain(char c) {
    switch (c) {
    case '0':
        return 'o';
    case '1':
    case '!':
        return 'i';
    case '3':
        return 'e';
    case '4':
    case '@':
        return 'a';
    case '5':
    case '$':
        return 's';
    case '7':
        return 't';
    default:
        return c;
    }
}

void take_out(std::string& text, std::string_view part) {
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at))
        text.erase(at, part.size());
}

void take_rows(std::string& text) {
    for (const std::string_view row : kRows) {
        const std::string back(row.rbegin(), row.rend());
        for (std::size_t length = row.size(); length >= kRow; --length)
            for (std::size_t at = 0; at + length <= row.size(); ++at) {
                take_out(text, row.substr(at, length));
                take_out(text, std::string_view(back).substr(at, length));
            }
    }
}

// Up, down and the same again.
void take_runs(std::string& text) {
    for (const int step : {1, -1, 0})
        for (std::size_t at = 0; at < text.size();) {
            std::size_t end = at + 1;
            while (end < text.size() && text[end] - text[end - 1] == step)
                ++end;
            if (end - at >= kRun)
                text.erase(at, end - at);
            else
                ++at;
        }
}

std::size_t left_of(std::string text, bool leet) {
    if (leet)
        std::ranges::transform(text, text.begin(), plain);
    for (const std::string_view word : kWords)
        take_out(text, word);
    take_rows(text);
    take_runs(text);
    if (!leet) // a year or a day behind it
        std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
    std::erase_if(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x80 && std::isalnum(byte) == 0;
    });
    return text.size();
}

// Of Latin and Cyrillic letters, in UTF-8.
std::string lower(std::string text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto first = static_cast<unsigned char>(text[at]);
        if (text[at] >= 'A' && text[at] <= 'Z')
            text[at] = static_cast<char>(text[at] - 'A' + 'a');
        if (first != 0xD0 || at + 1 == text.size())
            continue;
        const auto second = static_cast<unsigned char>(text[at + 1]);
        if (second >= 0x90 && second < 0xA0) {
            text[at + 1] = static_cast<char>(second + 0x20);
        } else if (second >= 0xA0 && second < 0xB0) {
            text[at] = static_cast<char>(0xD1);
            text[at + 1] = static_cast<char>(second - 0x20);
        } else if (second >= 0x80 && second < 0x90) {
            text[at] = static_cast<char>(0xD1);
            text[at + 1] = static_cast<char>(second + 0x10);
        }
        ++at;
    }
    return text;
}

} // namespace

bool known_password(std::string_view password) {
    const std::string text = lower(std::string(password));
    return std::min(left_of(text, false), left_of(text, true)) < kLeastLeft;
}

} // namespace valise::desk
