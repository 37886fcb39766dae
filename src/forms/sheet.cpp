// SPDX-License-Identifier: Apache-2.0
#include "forms/sheet.h"

#include "forms/internal/pattern.h"
#include "label/marking.h"
#include "logbook/receipt.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace valise::forms {

using internal::Pattern;
using internal::Show;

namespace {

constexpr Words kFindings[] = {
    {"whole, contents not seen", "完全（内容は未閲覧）", "ціле, зміст не переглядався"},
    {"in order", "異状なし", "без зауважень"},
    {"DISCREPANCY", "不一致あり", "РОЗБІЖНІСТЬ"},
};
constexpr Words kBytes{"{} bytes", "{}バイト", "{} байтів"};
constexpr Words kBetween{"Between {} and {}", "{}と{}との間", "Між: {} та {}"};
constexpr Words kSignHere{"Name, signature, date", "氏名、署名、日付", "Прізвище, підпис, дата"};
constexpr Words kCheck{
    "SHA-256 digest of this form. What stands on this paper is proved only by: valise-verify form "
    "DIGEST --evidence FILE",
    "本様式のSHA-256要約値。紙面の記載は次の方法によってのみ証明される: valise-verify form "
    "DIGEST --evidence FILE",
    "Дайджест SHA-256 цього бланка. Записане на папері доводить лише: valise-verify form DIGEST "
    "--evidence FILE"};

// Codes that a form holds, as people say them; a code that stands here is shown as it is.
struct CodeWords {
    std::string_view code;
    Words words;
};
constexpr CodeWords kCodes[] = {
    {"electronic", {"electronic", "電磁的記録", "електронна"}},
    {"paper", {"paper", "紙", "папір"}},
    {"equipment", {"equipment", "装備品", "обладнання"}},
    {"burning", {"burning", "焼却", "спалення"}},
    {"shredding", {"shredding", "細断", "подрібнення"}},
    {"pulping", {"pulping", "溶解", "розволокнення"}},
    {"erasure", {"erasure", "消去", "стирання"}},
    {"crushing", {"crushing", "破砕", "дроблення"}},
    {"melting", {"melting", "溶融", "переплавлення"}},
    {"loss", {"loss", "紛失", "втрата"}},
    {"compromise", {"compromise", "漏せつ", "компрометація"}},
    {"suspected", {"suspected", "疑い", "підозра"}},
    {"frozen",
     {"reported, copies frozen", "報告済み、写しは凍結", "повідомлено, примірники заморожено"}},
    {"investigated", {"investigated", "調査済み", "розслідувано"}},
    {"report_given", {"report given", "報告書提出済み", "звіт надано"}},
    {"report_acknowledged", {"report acknowledged", "報告書確認済み", "звіт підтверджено"}},
    {"closed", {"closed", "終結", "закрито"}},
    {"told", {"told by the other party", "相手国からの通報", "повідомила інша Сторона"}},
    {"report_received", {"report received", "報告書受領", "звіт отримано"}},
    {"report_answered", {"report answered", "報告書回答済み", "на звіт відповіли"}},
};

std::string name_in(const agreement::Names& names, std::string_view language) {
    const auto found = names.find(std::string(language));
    return found == names.end() ? std::string() : found->second;
}

std::string grouped(const std::string& digits) {
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0)
            out += "\u00a0";
        out += digits[i];
    }
    return out;
}

std::string time_text(const std::string& text) {
    // "2026-11-24T09:30:00Z" as people write it.
    return text.size() == 20 ? text.substr(0, 10) + " " + text.substr(11, 8) + " UTC" : text;
}

const label::Level* level_of(const Form& form, const agreement::Terms& terms) {
    const label::Scheme* scheme =
        terms.scheme(form.text(of_dispatch(form.kind()) ? "sender" : "party"));
    return scheme == nullptr ? nullptr : scheme->by_code(form.text("level"));
}

std::string finding_words(const std::string& text, std::string_view language) {
    const auto finding = logbook::parse_receipt_finding(text);
    return finding ? std::string(kFindings[static_cast<std::size_t>(*finding)].in(language)) : text;
}

std::string shown(const Form& form, const agreement::Terms& terms, const internal::Line& line,
                  std::string_view language) {
    std::string text = form.text(line.member);
    switch (line.show) {
    case Show::party: {
        const agreement::Party* party = terms.party(text);
        return party == nullptr ? text : name_in(party->name, language) + " (" + text + ")";
    }
    case Show::time:
        return time_text(text);
    case Show::bytes:
        return fmt::format(fmt::runtime(kBytes.in(language)), grouped(text));
    case Show::finding:
        return finding_words(text, language);
    case Show::level: {
        const label::Level* level = level_of(form, terms);
        return level == nullptr ? text : label::level_words(*level, language);
    }
    case Show::hash: { // as it is compared, in hexadecimal
        const auto bytes = from_base64(text);
        return bytes ? to_hex(*bytes) : text;
    }
    case Show::word: {
        const auto known = std::ranges::find(kCodes, text, &CodeWords::code);
        return known == std::end(kCodes) ? text : std::string(known->words.in(language));
    }
    case Show::people: // one below the other
        std::ranges::replace(text, ',', '\n');
        return text;
    case Show::text:
    case Show::count:
        break;
    }
    return text;
}

bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::vector<std::string> digest_lines(const Hash32& digest) {
    const std::string digits = to_hex(digest);
    std::vector<std::string> out(4);
    for (std::size_t i = 0; i < digits.size(); ++i) {
        std::string& line = out[i / 16];
        if (i % 4 == 0 && !line.empty())
            line += ' ';
        line += digits[i];
    }
    return out;
}

// "Page 1 of 3", as what stands before, between and after the numbers.
void page_words(Sheet& sheet) {
    constexpr Words kBefore{"Page ", "", "Стор. "};
    constexpr Words kMiddle{" of ", "／", " з "};
    constexpr Words kAfter{"", "頁", ""};
    for (std::size_t i = 0; i < 2; ++i) {
        sheet.page_words[i] = {std::string(kBefore.in(sheet.language[i])),
                               std::string(kMiddle.in(sheet.language[i]))};
        sheet.page_end[i] = kAfter.in(sheet.language[i]);
    }
}

} // namespace

std::string language_of(const agreement::Party& party) {
    for (const char* language : agreement::kLanguages) {
        const bool own = std::ranges::all_of(party.scheme.levels, [&](const label::Level& level) {
            const auto name = level.names.find(language);
            return name != level.names.end() && same_word(name->second, level.native);
        });
        if (own)
            return language;
    }
    return "en";
}

Result<Sheet> lay_out(const Form& form, const agreement::Terms& terms) {
    if (form.text("terms") != to_base64(terms.digest()))
        return fail(Code::conflict, "forms.other_terms", "the form was made under other terms");
    const Pattern& pattern = internal::pattern_of(form.kind());
    const bool moved = of_dispatch(form.kind());
    const agreement::Party* sender = terms.party(form.text(moved ? "sender" : "party"));
    const agreement::Party* recipient =
        moved ? terms.party(form.text("recipient")) : terms.other(form.text("party"));
    if (sender == nullptr || recipient == nullptr)
        return fail(Code::invalid, "forms.form", "a party that the terms do not know");
    Sheet out;
    out.language = {language_of(*sender), language_of(*recipient)};
    if (out.language[0] == out.language[1])
        out.language[1].clear();
    const auto both = [&](auto words) {
        const bool one = out.language[1].empty();
        return Both{std::string(words(out.language[0])),
                    one ? std::string() : std::string(words(out.language[1]))};
    };
    out.agreement = both([&](auto& lang) { return name_in(terms.title(), lang); });
    out.parties = both([&](auto& lang) {
        return fmt::format(fmt::runtime(kBetween.in(lang)), name_in(sender->name, lang),
                           name_in(recipient->name, lang));
    });
    out.title = both([&](auto& lang) { return pattern.title.in(lang); });
    if (!terms.banner().empty())
        out.draft = both([&](auto& lang) { return kDraftMark.in(lang); });
    out.declaration = both([&](auto& lang) { return pattern.declaration.in(lang); });
    if (pattern.carries_level) {
        const label::Level* level = level_of(form, terms);
        if (level == nullptr)
            return fail(Code::invalid, "forms.form", "a level that the terms do not know");
        out.level = level->native;
        out.level_color = level->color;
    }
    for (const auto& section : pattern.sections) {
        auto& written = out.sections.emplace_back();
        written.heading = both([&](auto& lang) { return section.heading.in(lang); });
        for (const auto& line : section.lines)
            if (form.says(line.member))
                written.lines.push_back(
                    {both([&](auto& lang) { return line.label.in(lang); }),
                     both([&](auto& lang) { return shown(form, terms, line, lang); }),
                     line.show == Show::hash});
    }
    for (const Words& signer : pattern.signers)
        out.signers.push_back(both([&](auto& lang) { return signer.in(lang); }));
    out.signer_words = both([&](auto& lang) { return kSignHere.in(lang); });
    out.code = code_text(form.digest());
    out.digest_lines = digest_lines(form.digest());
    out.code_words = both([&](auto& lang) { return kCheck.in(lang); });
    page_words(out);
    out.name = std::string(pattern.title.in("en")) + " " + form.text(pattern.subject);
    TRY_ASSIGN(out.date, Time::parse(form.text(pattern.carries_level ? "dated" : "at")));
    return out;
}

std::vector<std::string> lines_of(const Form& form, const agreement::Terms& terms,
                                  std::string_view language) {
    std::vector<std::string> out;
    for (const auto& section : internal::pattern_of(form.kind()).sections)
        for (const auto& line : section.lines)
            if (form.says(line.member))
                out.push_back(std::string(line.label.in(language)) + ": " +
                              shown(form, terms, line, language));
    return out;
}

} // namespace valise::forms
