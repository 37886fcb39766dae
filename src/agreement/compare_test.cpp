// SPDX-License-Identifier: Apache-2.0
#include "agreement/compare.h"
#include "agreement/decide.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace valise::agreement {
namespace {

std::string terms_text() {
    return test::terms_file("examplia-borduria.toml");
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

std::vector<TermsChange> changes_of(const std::string& before, const std::string& after) {
    const auto one = Terms::parse(view(before));
    const auto other = Terms::parse(view(after));
    EXPECT_TRUE(one && other) << after.size();
    return compare_terms(*one, *other);
}

struct Row {
    const char* from;
    const char* to;
    Effect effect;
    const char* parameter; // of the first change
};

const Row kRows[] = {
    {"level = \"sealed\", persons = 2", "level = \"sealed\", persons = 3", Effect::tightens,
     "release.persons XEX sealed"},
    {"level = \"crown\", persons = 3", "level = \"crown\", persons = 2", Effect::loosens,
     "release.persons XEX crown"},
    {"accreditation_days = 1825", "accreditation_days = 365", Effect::tightens,
     "link.accreditation_days"},
    {"accreditation_days = 1825", "accreditation_days = 1826", Effect::loosens,
     "link.accreditation_days"},
    {"before_dispatch = true", "before_dispatch = false", Effect::loosens,
     "assurance.before_dispatch"},
    {"before_reading = true", "before_reading = false", Effect::loosens, "briefing.before_reading"},
    {"before_receiving = true", "before_receiving = false", Effect::loosens,
     "facility.before_receiving"},
    {"class_change_days = 3", "class_change_days = 2", Effect::tightens,
     "notice.class_change_days"},
    {"report_days = 30", "report_days = 31", Effect::loosens, "notice.report_days"},
    {"class_change_by = \"releasing-authority\"", "class_change_by = \"originator\"",
     Effect::amends, "notice.class_change_by"},
    {"due_days = 10", "due_days = 9", Effect::tightens, "receipt.due_days"},
    {"tracer_days = 15", "tracer_days = 16", Effect::loosens, "receipt.tracer_days"},
    {"when = \"first_opening\"", "when = \"arrival\"", Effect::tightens, "inspection.when"},
    {"when = \"first_opening\"", "when = \"sender_report\"", Effect::amends, "inspection.when"},
    {"levels = [\"sealed\", \"crown\"]", "levels = [\"crown\"]", Effect::tightens,
     "equivalence XBO ultra-zekret from 2020-02-01"},
    {"levels = [\"zekret\"]", "levels = [\"zekret-plus\"]", Effect::tightens,
     "equivalence XEX guarded from 2020-02-01"},
    {"levels = [\"ultra-zekret\"]", "levels = [\"zekret\"]", Effect::loosens,
     "equivalence XEX sealed from 2024-01-01"},
    {"code = \"exercise\"", "code = \"rescue\"", Effect::tightens, "purpose exercise"},
    {"valid_to = 2039-12-31", "valid_to = 2040-12-31", Effect::amends, "validity"},
    {"rank = 3", "rank = 4", Effect::amends, "levels XEX"},
    {"id = \"xex-office\"", "id = \"xex-bureau\"", Effect::amends, "authorities XEX"},
    {"[\"hpqt:secp384r1-mlkem1024\"]", "[\"hpqt:secp256r1-mlkem768\"]", Effect::amends,
     "suite.wrap"},
    {"status = \"confirmed\"", "status = \"draft\"", Effect::loosens, "status"},
};

TEST(CompareTerms, SaysWhatTightensAndWhatLoosens) {
    const std::string text = terms_text();
    for (const Row& row : kRows) {
        const auto changes = changes_of(text, replaced(text, row.from, row.to));
        ASSERT_FALSE(changes.empty()) << row.to;
        EXPECT_EQ(changes[0].parameter, row.parameter);
        EXPECT_EQ(changes[0].effect, row.effect) << row.to;
        EXPECT_EQ(tightens_only(changes), row.effect == Effect::tightens && changes.size() == 1)
            << row.to;
        // Back again it is the opposite, or as unordered as before.
        const auto back = changes_of(replaced(text, row.from, row.to), text);
        ASSERT_FALSE(back.empty()) << row.to;
        EXPECT_FALSE(row.effect == Effect::tightens && tightens_only(back)) << row.to;
    }
}

TEST(CompareTerms, NamesTheClauseThatReadsTheParameter) {
    std::set<std::string> clauses;
    for (const logbook::ActKind kind : logbook::all_act_kinds())
        for (const auto& [clause, row] : clauses_for(kind))
            clauses.insert(clause);
    const std::string text = terms_text();
    for (const Row& row : kRows)
        for (const TermsChange& change : changes_of(text, replaced(text, row.from, row.to)))
            EXPECT_TRUE(clauses.contains(change.clause)) << change.parameter;
}

TEST(CompareTerms, WordsDecideNothing) {
    const std::string text = terms_text();
    EXPECT_TRUE(changes_of(text, text).empty());
    EXPECT_TRUE(changes_of(text, text + "# a remark\n").empty());
    EXPECT_TRUE(changes_of(text, replaced(text, "en = \"Examplia\"", "en = \"Example\"")).empty());
    EXPECT_TRUE(changes_of(text, replaced(text, "version = 3", "version = 4")).empty());
}

// A parameter that somebody adds to the terms and forgets here could loosen unseen: every number,
// date and truth of the file is changed, and every change is reported.
TEST(CompareTerms, NoNumberIsOverlooked) {
    const std::string text = terms_text();
    const std::regex value(R"(^\s*(\w+) = (\d{4}-\d\d-\d\d|\d+|true|false)\b)");
    const std::regex in_list(R"(\b(persons) = (\d+) \})");
    const std::set<std::string> decides_nothing = {"format", "version", "verified", "signed"};
    int changed = 0;
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t end = text.find('\n', start);
        const std::string line = text.substr(start, end - start);
        std::smatch found;
        if ((std::regex_search(line, found, value) || std::regex_search(line, found, in_list)) &&
            !decides_nothing.contains(found[1])) {
            const std::string old = found[2];
            std::vector<std::string> others;
            if (old == "true" || old == "false")
                others = {old == "true" ? "false" : "true"};
            else if (old.size() == 10)
                others = {old.substr(0, 8) + (old.ends_with("01") ? "02" : "01")};
            else
                others = {std::to_string(std::stoi(old) + 1), std::to_string(std::stoi(old) - 1)};
            bool admitted = false;
            for (const std::string& other : others) {
                std::string now = text;
                now.replace(start + static_cast<std::size_t>(found.position(2)), old.size(), other);
                if (!Terms::parse(view(now)))
                    continue;
                admitted = true;
                EXPECT_FALSE(changes_of(text, now).empty()) << line << " -> " << other;
            }
            changed += admitted ? 1 : 0;
        }
        start = end + 1;
    }
    EXPECT_GT(changed, 15);
}

} // namespace
} // namespace valise::agreement
