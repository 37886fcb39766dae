// SPDX-License-Identifier: Apache-2.0
#include "agreement/equivalence.h"
#include "agreement/terms_toml.h"
#include "crypto/hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace valise::agreement {
namespace {

std::string file(const std::string& name) {
    std::ifstream in(std::string(VALISE_SOURCE_DIR) + "/agreements/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

Time day(const char* text) {
    return *Time::parse(text);
}

TEST(Terms, TheDraftOfTheAnchorCase) {
    const std::string text = file("jpn-ukr.toml");
    auto terms = Terms::parse(view(text));
    ASSERT_TRUE(terms) << terms.error().text();
    EXPECT_EQ(terms->digest(), crypto::sha256(view(text)));
    EXPECT_TRUE(terms->test_mode_only());
    EXPECT_FALSE(terms->test_mode());
    for (const char* language : kLanguages)
        EXPECT_FALSE(terms->banner().at(language).empty());
    EXPECT_EQ(terms->scheme("JPN")->by_code("gokuhi")->native, "極秘");
    EXPECT_EQ(terms->scheme("XEX"), nullptr);
    EXPECT_EQ(terms->other("JPN")->code, "UKR");
    EXPECT_EQ(terms->other("XEX"), nullptr);
    EXPECT_EQ(terms->party("UKR")->marking.at("ja"), "ウクライナ");
    EXPECT_EQ(terms->release_persons("JPN", "gokuhi"), 2);
    EXPECT_EQ(terms->release_persons("JPN", "nothing"), 0);
    EXPECT_TRUE(check_terms(view(text)).empty());
    // Nobody has confirmed the table: the file must not claim it.
    for (const Equivalence& row : terms->equivalences())
        EXPECT_FALSE(row.provenance.verified);
}

TEST(Terms, ConfirmedTermsHaveNoBannerOutsideOfTestMode) {
    auto terms = Terms::parse(view(file("examplia-borduria.toml")));
    ASSERT_TRUE(terms) << terms.error().text();
    EXPECT_FALSE(terms->test_mode_only());
    EXPECT_TRUE(terms->banner().empty());
    terms->set_test_mode(true);
    EXPECT_EQ(terms->banner().size(), 3U);
}

struct Change {
    const char* from;
    const char* to;
    const char* reason;
    const char* says; // part of the text
};

TEST(Terms, EveryFaultIsRefusedWithItsReason) {
    const Change rows[] = {
        {"needs_person = true", "needs_persons = true", "base.toml_missing", "needs_person"},
        {"format = 1", "format = 2", "base.toml_range", "format"},
        {"id = \"examplia-borduria\"", "id = \"Examplia\"", "agreement.id", "lower-case"},
        {"status = \"confirmed\"", "status = \"final\"", "base.toml_range", "draft, confirmed"},
        {"status = \"confirmed\"", "status = \"confirm\"", "base.toml_range", "'confirmed'?"},
        {"verified = true", "verified = false", "agreement.unverified", "cannot be confirmed"},
        {"code = \"XEX\"", "code = \"xex\"", "agreement.party", "capital letters and digits"},
        {"code = \"XEX\"", "code = \"XBO\"", "agreement.party", "two parties"},
        {"policy_id = \"XBO-TEST\"", "policy_id = \"XEX-TEST\"", "agreement.party", "policy id"},
        {"rank = 2", "rank = 1", "agreement.level", "used once"},
        {"color = \"#1f5fbf\"", "color = \"blue\"", "agreement.level", "#rrggbb"},
        {"level = \"sealed\" }", "level = \"seeled\" }", "agreement.equivalence", "'sealed'?"},
        {"levels = [\"zekret\"]", "levels = [\"guarded\"]", "agreement.equivalence", "no level"},
        {"from = { party = \"XBO\", level = \"zekret\" }",
         "from = { party = \"XEX\", level = \"guarded\" }", "agreement.equivalence", "other"},
        {"needs_person = true", "needs_person = false", "agreement.equivalence", "needs a person"},
        {"valid_to = 2023-12-31", "valid_to = 2024-01-01", "agreement.equivalence", "already"},
        {"valid_to = 2023-12-31", "valid_to = 2019-12-31", "agreement.period", "before"},
        {"code = \"exercise\"", "code = \"umbrella-defence\"", "agreement.purpose", "twice"},
        {"id = \"xex-old-office\"", "id = \"xex-office\"", "agreement.authority", "twice"},
        {"persons = 3 }", "persons = 1 }", "base.toml_range", "between 2 and 9"},
        {"    { party = \"XEX\", level = \"guarded\", persons = 2 },\n", "",
         "agreement.release_persons", "how many persons"},
        {"level = \"guarded\", persons", "level = \"sealed\", persons", "agreement.release_persons",
         "twice"},
        {"copies = 3 }", "copies = -1 }", "base.toml_range", "between 0 and 999"},
        {"    { party = \"XEX\", level = \"crown\", copies = 0 },\n", "", "agreement.copies",
         "how many copies"},
        {"level = \"guarded\", copies", "level = \"sealed\", copies", "agreement.copies", "twice"},
        {"level = \"guarded\", persons = 1", "level = \"sealed\", persons = 1",
         "agreement.destruction", "twice"},
        {"level = \"guarded\", persons = 1", "level = \"guarded\", persons = 0", "base.toml_range",
         "between 1 and 9"},
        {"[\"erasure\"]", "[\"Erasure\"]", "agreement.destruction", "lower-case"},
        {"[circulation]", "[circulaton]", "base.toml_missing", "'circulation'"},
        {"months = 12", "months = 0", "base.toml_range", "months"},
        {"reminder_days = 5", "reminder_days = 11", "agreement.receipt", "reminder"},
        {"when = \"first_opening\"", "when = \"none\"", "agreement.inspection", "only a draft"},
        {"when = \"first_opening\"", "when = \"never\"", "base.toml_range", "one of"},
        {"wrap = [\"hpqt:", "wrap = [\"hptq:", "agreement.suite", "not known"},
        {"signature = \"ed25519+ml-dsa-87\"", "signature = \"none\"", "base.toml_range", "one of"},
        {"uk = \"Ультра зекрет\"", "", "base.toml_missing", "'uk'"},
        {"[link]", "[links]", "base.toml_missing", "'link'"},
        {"[receipt]", "[[receipt]]", "base.toml_type", "table"},
    };
    const std::string text = file("examplia-borduria.toml");
    ASSERT_TRUE(check_terms(view(text)).empty());
    for (const Change& row : rows) {
        const std::string changed = replaced(text, row.from, row.to);
        const auto problems = check_terms(view(changed));
        const auto named = std::ranges::any_of(problems, [&](const TomlProblem& problem) {
            return problem.reason == row.reason && problem.line > 0 &&
                   problem.text.find(row.says) != std::string::npos;
        });
        std::string all;
        for (const TomlProblem& problem : problems)
            all += problem.where() + " [" + problem.reason + "]\n";
        EXPECT_TRUE(named) << row.from << " -> " << row.to << "\n" << all;
        EXPECT_FALSE(Terms::parse(view(changed))) << row.to;
    }
}

// Which table is in force is a person's to say: a draft may hold several, and nothing else may.
TEST(Terms, CandidatesOfWhichAPersonConfirmsOne) {
    const std::string text = file("jpn-ukr.toml");
    const Terms terms = *Terms::parse(view(text));
    ASSERT_EQ(terms.candidates().size(), 2U);
    EXPECT_TRUE(terms.candidates()[0].in_use);
    EXPECT_EQ(terms.equivalences().size(), terms.candidates()[0].equivalences.size());
    EXPECT_EQ(terms.candidates()[1].equivalences.size(), 7U);
    std::string second = replaced(text, "in_use = true", "in_use = false");
    second.replace(second.rfind("in_use = false"), 14, "in_use = true");
    EXPECT_EQ(Terms::parse(view(second))->equivalences().size(), 7U);

    const std::vector<Change> rows = {
        {"in_use = true", "in_use = false", "agreement.candidate", "exactly one"},
        {"in_use = false", "in_use = true", "agreement.candidate", "exactly one"},
        {"id = \"b\"", "id = \"a\"", "agreement.candidate", "stated twice"},
        {"id = \"b\"", "id = \"c\"", "agreement.candidate", "no candidate 'b'"},
        {"candidate = \"a\"", "candidate = \"b\"", "agreement.equivalence", "already listed"},
        {"candidate = \"a\"", "", "base.toml_missing", "'candidate'"},
        {"status = \"draft\"", "status = \"confirmed\"", "agreement.candidate", "no candidates"},
        {"grade = \"U\"", "grade = \"X\"", "base.toml_range", "own proposal"},
        {"verified = false\ngrade = \"U\"", "verified = true\ngrade = \"U\"",
         "agreement.unverified", "its grade is V"},
    };
    for (const Change& row : rows) {
        const auto problems = check_terms(view(replaced(text, row.from, row.to)));
        EXPECT_TRUE(std::ranges::any_of(problems, [&](const TomlProblem& problem) {
            return problem.reason == row.reason && problem.line > 0 &&
                   problem.text.find(row.says) != std::string::npos;
        })) << row.to;
    }
}

// docs/decisions/0005-what-a-party-may-be.md
TEST(Terms, APartyMayBeAnOrganisationOrACompany) {
    for (const auto& [name, party] :
         {std::pair{"ukr-nato.toml", "NATO"}, std::pair{"exemplar-muster-tlp.toml", "EXEMPLAR"}}) {
        const auto terms = Terms::parse(view(file(name)));
        ASSERT_TRUE(terms) << terms.error().text();
        EXPECT_TRUE(terms->test_mode_only());
        EXPECT_NE(terms->party(party), nullptr);
    }
}

TEST(Terms, AnUnknownKeyIsRefusedWithTheNearestOneAndItsLine) {
    const std::string text = replaced(file("jpn-ukr.toml"), "due_days = 10", "dew_days = 10");
    const auto terms = Terms::parse(view(text));
    ASSERT_FALSE(terms);
    EXPECT_EQ(terms.error().reason(), "agreement.terms");
    const auto problems = check_terms(view(text));
    ASSERT_EQ(problems.size(), 2U);
    EXPECT_EQ(problems[1].reason, "base.toml_unknown");
    EXPECT_NE(problems[1].text.find("did you mean 'due_days'?"), std::string::npos);
    EXPECT_GT(problems[1].line, 250);
}

// One changed byte is other terms, or none.
TEST(Terms, EveryByteCounts) {
    const std::string text = file("examplia-borduria.toml");
    const Hash32 digest = Terms::parse(view(text))->digest();
    for (std::size_t at = 0; at < text.size(); at += 7) {
        std::string changed = text;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        const auto terms = Terms::parse(view(changed));
        if (terms) {
            EXPECT_NE(terms->digest(), digest) << at;
        }
    }
}

TEST(Terms, EveryPrefixIsRefused) {
    const std::string text = file("examplia-borduria.toml");
    const std::size_t whole = text.rfind("verified = true") + 15;
    for (std::size_t size = 0; size < whole; size += 5)
        EXPECT_FALSE(Terms::parse(view(text.substr(0, size)))) << size;
}

struct Lookup {
    const char* from;
    const char* level;
    const char* to;
    const char* at;
    const char* expected; // levels joined with '+', or "" for not listed
};

TEST(Equivalence, DatedAndDirectional) {
    const auto terms = Terms::parse(view(file("examplia-borduria.toml")));
    ASSERT_TRUE(terms);
    const Lookup rows[] = {
        {"XEX", "guarded", "XBO", "2026-01-01", "zekret"},
        {"XEX", "guarded", "XBO", "2020-01-31", ""},
        {"XEX", "guarded", "XBO", "2020-02-01", "zekret"},
        {"XEX", "sealed", "XBO", "2023-12-31", "zekret-plus"},
        {"XEX", "sealed", "XBO", "2023-12-31T23:59:59Z", "zekret-plus"},
        {"XEX", "sealed", "XBO", "2024-01-01", "ultra-zekret"},
        {"XEX", "crown", "XBO", "2026-01-01", ""},       // not listed
        {"XBO", "zekret-plus", "XEX", "2023-01-01", ""}, // listed in the other direction only
        {"XBO", "ultra-zekret", "XEX", "2026-01-01", "sealed+crown"},
        {"XEX", "guarded", "XEX", "2026-01-01", ""},
        {"XEX", "Guarded", "XBO", "2026-01-01", ""}, // codes, never words
        {"XEX", "zekret", "XBO", "2026-01-01", ""},
    };
    for (const Lookup& row : rows) {
        const Equivalence* found =
            find_equivalence(*terms, row.from, row.level, row.to, day(row.at));
        std::string levels;
        if (found != nullptr)
            for (const std::string& level : found->to_levels)
                levels += (levels.empty() ? "" : "+") + level;
        EXPECT_EQ(levels, row.expected) << row.from << " " << row.level << " " << row.at;
    }
}

TEST(Months, EndOnTheSameDayOrTheLastOfTheMonth) {
    EXPECT_EQ(plus_months(day("2026-11-24T09:30:00Z"), 12).text(), "2027-11-24T09:30:00Z");
    EXPECT_EQ(plus_months(day("2026-08-31"), 6).date_text(), "2027-02-28");
    EXPECT_EQ(plus_months(day("2027-11-30"), 3).date_text(), "2028-02-29");
}

TEST(Terms, LevelsThatAreUnknownAreNeitherCopiedNorDestroyed) {
    const auto terms = Terms::parse(view(file("jpn-ukr.toml")));
    EXPECT_EQ(terms->copies("JPN", "gokuhi"), 10);
    EXPECT_EQ(terms->copies("JPN", "kimitsu"), 0);
    EXPECT_EQ(terms->copies("JPN", "nothing"), 0);
    EXPECT_EQ(terms->destruction("JPN", "nothing"), nullptr);
    EXPECT_EQ(terms->destruction("XEX", "hi"), nullptr);
    EXPECT_EQ(terms->destruction("UKR", "tsilkom-taiemno")->persons, 2);
    EXPECT_EQ(terms->circulation().issue_days, 30);
    EXPECT_EQ(terms->review().months, 12);
    EXPECT_FALSE(terms->review().provenance.verified);
}

TEST(WorkingDays, PassOverWeekends) {
    // 2026-11-20 is a Friday.
    EXPECT_EQ(plus_working_days(day("2026-11-20"), 1).date_text(), "2026-11-23");
    EXPECT_EQ(plus_working_days(day("2026-11-21"), 1).date_text(), "2026-11-23");
    EXPECT_EQ(plus_working_days(day("2026-11-23"), 5).date_text(), "2026-11-30");
    EXPECT_EQ(plus_working_days(day("2026-11-24T09:30:00Z"), 10).text(), "2026-12-08T09:30:00Z");
}

} // namespace
} // namespace valise::agreement
