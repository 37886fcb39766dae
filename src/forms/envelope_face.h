// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "forms/class_words.h"

namespace valise::forms {

// One face of the double sealed envelope. It exists only when it is lawful.
//= O-35
class EnvelopeFace {
public:
    static constexpr std::size_t kMaxLines = 8;
    static constexpr std::size_t kMaxLine = 120; // bytes of UTF-8

    // The outer face: both addresses, the register number where there is one, and nothing else.
    // Errors: invalid forms.address (empty, too long, control characters), forms.class_word (an
    // address or the number says a word of either party's scheme; the error does not repeat it).
    static Result<EnvelopeFace> outer(const agreement::Terms& terms,
                                      std::vector<std::string> sender,
                                      std::vector<std::string> recipient,
                                      const std::string& number);
    // The inner face: the level and the recipient's organisational address.
    // Errors: forms.address; invalid forms.form (no such level of this party).
    static Result<EnvelopeFace> inner(const agreement::Terms& terms, std::string_view party,
                                      std::string_view level, std::vector<std::string> recipient);

    const std::vector<std::string>& sender() const { return sender_; }
    const std::vector<std::string>& recipient() const { return recipient_; }
    const std::string& number() const { return number_; }
    const std::string& level() const { return level_; } // in its own script; empty on the outer
    const std::string& level_color() const { return level_color_; }
    // That the terms are a draft, for as long as they are: in every language of the parties.
    const std::vector<std::string>& draft() const { return draft_; }

private:
    explicit EnvelopeFace(const agreement::Terms& terms);

    std::vector<std::string> sender_;
    std::vector<std::string> recipient_;
    std::string number_;
    std::string level_;
    std::string level_color_;
    std::vector<std::string> draft_;
};

} // namespace valise::forms
