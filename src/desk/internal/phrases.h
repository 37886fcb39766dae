// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace valise::desk {

// Marks a phrase that is looked up elsewhere, so that the test of the catalogues finds it.
constexpr const char* phrase(const char* english) {
    return english;
}

// The words of the pages in one language. What is written in the sources is English, and is what is
// looked up; src/desk/words/*.po hold the others.
class Phrases {
public:
    // "en", "ja" or "uk"; English for anything else.
    static const Phrases& of(std::string_view language);

    const std::string& language() const { return language_; }
    // The phrase, or itself where the catalogue lacks it (a test sees to it that none does).
    std::string say(std::string_view english) const;
    // With what stands for %1 and %2.
    std::string say(std::string_view english, std::string_view first,
                    std::string_view second = {}) const;
    // A code of the acts, states or members as people read it: "custody-receipt" is looked up as
    // "custody receipt".
    std::string word(std::string_view code) const;
    bool has(std::string_view english) const;
    // What is looked up for a code.
    static std::string english_of(std::string_view code);

private:
    explicit Phrases(std::string language);

    std::string language_;
    std::unordered_map<std::string_view, std::string_view> known_; // into the program's own bytes
};

inline constexpr const char* kLanguages[] = {"en", "ja", "uk"};

} // namespace valise::desk
