// SPDX-License-Identifier: Apache-2.0
#include "agreement/explain.h"
#include "agreement/internal/clause_texts.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace valise::agreement {
namespace {

Terms terms_of(const char* name) {
    return *Terms::parse(view(test::terms_file(name)));
}

TEST(Explain, EveryClauseHasASentenceInEveryLanguageAndNoneIsLeftOver) {
    std::set<std::string> consulted;
    for (const logbook::ActKind kind : logbook::all_act_kinds()) {
        std::set<std::string> once;
        for (const auto& [clause, row] : clauses_for(kind)) {
            consulted.insert(clause);
            EXPECT_TRUE(once.insert(clause).second) << clause;
            EXPECT_TRUE(row.starts_with("O-") || row.starts_with("I")) << row;
            for (const char* language : kLanguages)
                EXPECT_TRUE(clause_text(clause, language)) << clause;
        }
        EXPECT_FALSE(once.empty()) << logbook::to_string(kind);
    }
    for (const ClauseText& row : clause_texts())
        EXPECT_TRUE(consulted.contains(row.clause)) << row.clause;
    EXPECT_EQ(clause_texts().size(), consulted.size());
    EXPECT_EQ(clause_text("third-party", "fr").error().reason(), "agreement.language");
    EXPECT_EQ(clause_text("no-such", "en").error().reason(), "agreement.clause");
}

TEST(Explain, TheDraftSaysInEveryLanguageThatItIsOne) {
    const Terms terms = terms_of("jpn-ukr.toml");
    for (const char* language : kLanguages) {
        const auto text = explain_terms(terms, language);
        ASSERT_TRUE(text);
        EXPECT_NE(text->find(terms.banner().at(language)), std::string::npos);
        for (const char* word : {"極秘", "Цілком таємно"})
            EXPECT_NE(text->find(word), std::string::npos) << language;
    }
    for (const char* mark : {"[own proposal; not verified]", "[U; not verified]",
                             "[S; not verified]", "[V; not verified]"})
        EXPECT_NE(explain_terms(terms, "en")->find(mark), std::string::npos) << mark;
    EXPECT_NE(explain_terms(terms_of("ukr-nato.toml"), "en")->find("[F; not verified]"),
              std::string::npos);
    EXPECT_EQ(explain_terms(terms_of("examplia-borduria.toml"), "en")->find("not verified"),
              std::string::npos);
}

// For a reader's program: headings in order, a language, a scope for each heading of the table;
// nothing from outside, no script, and no text of the file as markup.
TEST(Explain, ThePageStandsAlone) {
    for (const char* language : kLanguages) {
        const auto page = explain_terms_html(terms_of("jpn-ukr.toml"), language);
        ASSERT_TRUE(page);
        const auto count = [&](std::string_view word) {
            std::size_t found = 0;
            for (auto at = page->find(word); at != std::string::npos; at = page->find(word, at + 1))
                ++found;
            return found;
        };
        EXPECT_EQ(count("<html lang=\"" + std::string(language) + "\">"), 1U);
        EXPECT_EQ(count("<h1>"), 1U);
        EXPECT_EQ(count("<h2>"), 3U);
        EXPECT_EQ(count("class=\"banner\""), 2U);
        EXPECT_EQ(count("class=\"level\""), 7U);
        EXPECT_EQ(count("<th scope=\"row\">"), clause_texts().size());
        EXPECT_EQ(count("<div"), count("</div>"));
        EXPECT_EQ(count("<p>") + count("<p class"), count("</p>"));
        for (const char* outside : {"http://", "https://", "<script", "<img", "<link", "url("})
            EXPECT_EQ(count(outside), 0U) << outside;
    }
    std::string text = test::terms_file("jpn-ukr.toml");
    text.replace(text.find("en = \"Japan\""), 12, "en = '<b>\"&'");
    const auto page = explain_terms_html(*Terms::parse(view(text)), "en");
    EXPECT_EQ(page->find("<b>"), std::string::npos);
    EXPECT_NE(page->find("&lt;b&gt;&quot;&amp; (JPN)"), std::string::npos);
}

TEST(Explain, ARefusalNamesItsClause) {
    test::Case c(terms_of("examplia-borduria.toml"), logbook::ActKind::dispatch);
    c.content = {{"item", test::item(1).text()}, {"recipient", "XBO"}};
    EXPECT_EQ(*explain_decision(c.decide(), "en"),
              "Permitted.\n  To do: contents-receipt until 2026-12-08T09:30:00Z.\n");
    c.signer = test::reader;
    EXPECT_EQ(*explain_decision(c.decide(), "en"),
              "Refused.\n  control-officer (O-27): A control officer does this. "
              "[agreement.control_officer]\n");
}

// A change of what the terms or the clauses decide shows as changed lines of the kept file. After a
// change that was meant: run this test with VALISE_UPDATE_SNAPSHOTS=1 and look at the difference.
TEST(Explain, DecisionTablesAreAsKept) {
    for (const std::string name :
         {"jpn-ukr", "examplia-borduria", "ukr-nato", "exemplar-muster-tlp"}) {
        const std::string path =
            std::string(VALISE_SOURCE_DIR) + "/tests/snapshots/" + name + ".decisions.txt";
        const std::string now = decision_table(terms_of((name + ".toml").c_str()));
        if (std::getenv("VALISE_UPDATE_SNAPSHOTS") != nullptr)
            std::ofstream(path, std::ios::binary) << now;
        std::ifstream in(path, std::ios::binary);
        const std::string kept{std::istreambuf_iterator<char>(in), {}};
        std::istringstream kept_lines(kept);
        std::istringstream now_lines(now);
        std::string a;
        std::string b;
        for (int line = 1; a == b && line < 2000; ++line) {
            a.clear();
            b.clear();
            std::getline(kept_lines, a);
            std::getline(now_lines, b);
            EXPECT_EQ(a, b) << path << ":" << line;
        }
        EXPECT_EQ(kept.size(), now.size()) << path;
    }
}

} // namespace
} // namespace valise::agreement
