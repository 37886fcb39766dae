// SPDX-License-Identifier: Apache-2.0
#include "label/internal/test_scheme.h"
#include "label/marking.h"

#include <gtest/gtest.h>

namespace valise::label {
namespace {

using testing::gokuhi;
using testing::japan;
using testing::ukraine;

template<class T> std::string reason(const Result<T>& result) {
    return result ? "ok" : result.error().reason();
}

ProviderNames the_ukraine() {
    return {
        {{"en", "Ukraine"}, {"ja", "ウクライナ"}, {"uk", "Україна"}},
        {{"en", "the Government of Ukraine"}, {"ja", "ウクライナ政府"}, {"uk", "Урядом України"}}};
}

ProviderNames the_japan() {
    return {{{"en", "Japan"}, {"ja", "日本"}, {"uk", "Японія"}},
            {{"en", "the Government of Japan"}, {"ja", "日本国政府"}, {"uk", "Урядом Японії"}}};
}

TEST(Marking, ShowsTheNativeWordInEveryLanguage) {
    EXPECT_EQ(marking(gokuhi(), japan(), "ja").value(), "極秘 提供可能: JPN, UKR");
    EXPECT_EQ(marking(gokuhi(), japan(), "en").value(), "SECRET (極秘) Releasable to JPN, UKR");
    EXPECT_EQ(marking(gokuhi(), japan(), "uk").value(),
              "Гокухі (極秘) Дозволено передавати: JPN, UKR");
    EXPECT_EQ(level_words(*japan().by_code("kimitsu"), "uk"), "機密");
}

TEST(Marking, ShowsEveryLimitOnAccess) {
    Label label = gokuhi();
    label.categories.push_back({CategoryType::restrictive, "Caveat", {"ALPHA", "BETA"}, ""});
    label.categories.push_back({CategoryType::permissive, "Only", {"CREW"}, ""});
    label.privacy_mark = "personal";
    EXPECT_EQ(marking(label, japan(), "en").value(),
              "SECRET (極秘) - ALPHA, BETA - Only: CREW - personal Releasable to JPN, UKR");
}

TEST(Marking, RefusesWhatItCannotSay) {
    EXPECT_EQ(reason(marking(gokuhi(), japan(), "fr")), "label.language");
    EXPECT_EQ(reason(marking(gokuhi(), ukraine(), "en")), "label.policy");
    Label label = gokuhi();
    label.classification = "x";
    EXPECT_EQ(reason(marking(label, japan(), "en")), "label.level");
    label = gokuhi();
    label.privacy_mark = "a\nb";
    EXPECT_EQ(reason(marking(label, japan(), "en")), "label.text");
}

TEST(Marking, PageBannerCarriesPageCopyAndNumber) {
    const PageFacts facts{1, 3, 2, 5, "JP-2026-14"};
    EXPECT_EQ(page_banner(gokuhi(), japan(), facts, "en").value(),
              "SECRET (極秘) Releasable to JPN, UKR | Page 1 of 3 | Copy 2 of 5 | No. JP-2026-14");
    EXPECT_EQ(page_banner(gokuhi(), japan(), facts, "ja").value(),
              "極秘 提供可能: JPN, UKR | 1/3頁 | 複製 2/5 | 登録番号 JP-2026-14");
    EXPECT_EQ(page_banner(gokuhi(), japan(), facts, "uk").value(),
              "Гокухі (極秘) Дозволено передавати: JPN, UKR | Стор. 1 з 3 | Примірник 2 з 5 | "
              "Реєстр. № JP-2026-14");
    EXPECT_EQ(page_banner(gokuhi(), japan(), {}, "ja").value(), "極秘 提供可能: JPN, UKR");
    EXPECT_FALSE(page_banner(gokuhi(), japan(), {.register_number = "a\nb"}, "en")->contains('\n'));
}

TEST(Marking, ReceivedItemNamesProviderOwnLevelAndOriginalWord) {
    const Scheme jpn = japan();
    const Scheme ukr = ukraine();
    EXPECT_EQ(
        received_marking(the_ukraine(), *jpn.by_code("gokuhi"), "Цілком таємно", "ja", Draft::no)
            .value(),
        "提供: ウクライナ / 極秘相当 (Цілком таємно)");
    EXPECT_EQ(received_marking(the_japan(), *ukr.by_code("ct"), "極秘", "uk", Draft::no).value(),
              "Надано: Японія / Цілком таємно (極秘)");
    EXPECT_EQ(
        received_marking(the_ukraine(), *jpn.by_code("gokuhi"), "Цілком таємно", "en", Draft::no)
            .value(),
        "Provided by: Ukraine / SECRET 極秘 (Цілком таємно)");
}

TEST(Marking, ADraftSaysSoInFront) {
    const Scheme jpn = japan();
    const Level& own = *jpn.by_code("gokuhi");
    for (const char* lang : {"en", "ja", "uk"}) {
        const auto plain = received_marking(the_ukraine(), own, "Таємно", lang, Draft::no).value();
        const auto draft = received_marking(the_ukraine(), own, "Таємно", lang, Draft::yes).value();
        EXPECT_TRUE(draft.starts_with("[DRAFT")) << draft;
        EXPECT_TRUE(draft.ends_with(plain)) << draft;
    }
}

//= O-18
TEST(Marking, PrivateRightsAreNamedInEachLanguage) {
    const std::set<std::string> kinds = {"patent", "trade-secret"};
    EXPECT_EQ(rights_words(kinds, "en").value(), "Private rights: patent, trade secret");
    EXPECT_EQ(rights_words(kinds, "ja").value(), "私権: 特許権, 営業秘密");
    EXPECT_EQ(rights_words(kinds, "uk").value(), "Приватні права: патент, комерційна таємниця");
    EXPECT_EQ(rights_words({}, "en").value(), "");
    EXPECT_EQ(reason(rights_words(kinds, "de")), "label.language");
}

TEST(Marking, TranslationNoteNamesTheGovernment) {
    EXPECT_EQ(translation_note(the_ukraine(), "ja").value(),
              "本文書はウクライナ政府が提供した秘密情報を含む");
    EXPECT_EQ(translation_note(the_japan(), "uk").value(),
              "Документ містить секретну інформацію, надану Урядом Японії");
    EXPECT_EQ(translation_note(the_japan(), "en").value(),
              "This document contains classified information provided by the Government of Japan.");
    EXPECT_EQ(reason(translation_note({}, "en")), "label.provider");
    EXPECT_EQ(reason(translation_note(the_japan(), "de")), "label.language");
}

TEST(Marking, OutsideTextCannotForgeAMarking) {
    const Scheme jpn = japan();
    ProviderNames names = the_ukraine();
    const Level& own = *jpn.by_code("hi");
    EXPECT_EQ(reason(received_marking(names, own, "x\n機密", "en", Draft::no)), "label.text");
    names.name["en"] = "A\nB";
    EXPECT_EQ(reason(received_marking(names, own, "x", "en", Draft::no)), "label.provider");
    // Braces are text, never a pattern.
    names.name["en"] = "{0}";
    EXPECT_EQ(received_marking(names, own, "{}", "en", Draft::no).value(),
              "Provided by: {0} / CONFIDENTIAL 秘 ({})");
}

} // namespace
} // namespace valise::label
