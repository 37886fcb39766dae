// SPDX-License-Identifier: Apache-2.0
#include "forms/envelope_face.h"

#include "base/text.h"
#include "forms/sheet.h"
#include "forms/words.h"
#include "logbook/number.h"

#include <algorithm>

namespace valise::forms {

namespace {

Result<void> check_address(const std::vector<std::string>& lines, const char* whose) {
    const auto bad = [&](const char* what) {
        return fail(Code::invalid, "forms.address", std::string(whose) + ": " + what);
    };
    if (lines.empty() || lines.size() > EnvelopeFace::kMaxLines)
        return bad("an address has one to eight lines");
    for (const std::string& line : lines) {
        if (line.find_first_not_of(' ') == std::string::npos ||
            line.size() > EnvelopeFace::kMaxLine)
            return bad("a line has 1 to 120 bytes");
        if (printable(line, EnvelopeFace::kMaxLine) != line)
            return bad("control characters, or no UTF-8");
    }
    return {};
}

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines)
        out += line + "\n";
    return out;
}

} // namespace

EnvelopeFace::EnvelopeFace(const agreement::Terms& terms) {
    if (terms.banner().empty())
        return;
    for (const agreement::Party& party : terms.parties())
        if (std::string words(kDraftMark.in(language_of(party)));
            std::ranges::find(draft_, words) == draft_.end())
            draft_.push_back(std::move(words));
}

Result<EnvelopeFace> EnvelopeFace::outer(const agreement::Terms& terms,
                                         std::vector<std::string> sender,
                                         std::vector<std::string> recipient,
                                         const std::string& number) {
    TRY(check_address(sender, "sender"));
    TRY(check_address(recipient, "recipient"));
    if (!number.empty())
        TRY(logbook::RegisterNumber::parse(number));
    const ClassWords words(terms);
    const std::string texts[] = {joined(sender), joined(recipient), number};
    for (const std::string& text : texts)
        if (words.found_in(text))
            return fail(Code::invalid, "forms.class_word",
                        "the outer face would say a word of a level; write the address otherwise");
    EnvelopeFace out(terms);
    out.sender_ = std::move(sender);
    out.recipient_ = std::move(recipient);
    out.number_ = number;
    return out;
}

Result<EnvelopeFace> EnvelopeFace::inner(const agreement::Terms& terms, std::string_view party,
                                         std::string_view level,
                                         std::vector<std::string> recipient) {
    TRY(check_address(recipient, "recipient"));
    const label::Scheme* scheme = terms.scheme(party);
    const label::Level* known = scheme == nullptr ? nullptr : scheme->by_code(level);
    if (known == nullptr)
        return fail(Code::invalid, "forms.form", "a level that the terms do not know");
    EnvelopeFace out(terms);
    out.recipient_ = std::move(recipient);
    out.level_ = known->native;
    out.level_color_ = known->color;
    return out;
}

} // namespace valise::forms
