// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/act_fields.h"
#include "desk/internal/phrases.h"
#include "forms/form.h"

#include <gtest/gtest.h>

namespace valise::desk {
namespace {

// Every code that a page can show as a word.
std::set<std::string> codes() {
    std::set<std::string> out;
    for (const logbook::ActKind kind : logbook::all_act_kinds()) {
        out.emplace(to_string(kind));
        for (const auto& member : logbook::act_members(kind)) {
            out.emplace(member.name);
            for (std::string_view rest = member.type;
                 rest.find('|') != std::string_view::npos ||
                 member.type.find('|') != std::string_view::npos;) {
                const auto word = rest.substr(0, rest.find('|'));
                out.emplace(word);
                if (word.size() == rest.size())
                    break;
                rest.remove_prefix(word.size() + 1);
            }
        }
    }
    const auto states = [&]<class S>(S, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            out.emplace(to_string(static_cast<S>(i)));
    };
    states(logbook::DispatchState{}, logbook::kDispatchStates);
    states(logbook::ReleaseState{}, logbook::kReleaseStates);
    states(logbook::CopyState{}, logbook::kCopyStates);
    states(logbook::EntryState{}, logbook::kEntryStates);
    states(logbook::NoticeState{}, logbook::kNoticeStates);
    states(logbook::IncidentState{}, logbook::kIncidentStates);
    states(logbook::Stage{}, 4);
    states(logbook::CountFinding{}, 3);
    for (const logbook::Role role : logbook::all_roles())
        out.emplace(to_string(role));
    for (const forms::FormKind kind : forms::all_form_kinds())
        out.emplace(to_string(kind));
    for (const char* code : {"tracer",
                             "class-change",
                             "incident",
                             "incident-report",
                             "acknowledge",
                             "assurance",
                             "amendment",
                             "arrangement",
                             "termination",
                             "consent",
                             "destruction",
                             "withdrawal",
                             "recall",
                             "recall-answer",
                             "answer-recall",
                             "await-recall-answer",
                             "escalate-recall",
                             "hand-over",
                             "take-delivery",
                             "report-incident",
                             "store-higher",
                             "take-back-now",
                             "contents-receipt",
                             "await-receipt",
                             "trace",
                             "answer-tracer",
                             "remark",
                             "await-acknowledgement",
                             "see-to-refusal",
                             "investigate",
                             "report",
                             "close-incident",
                             "review-purpose",
                             "return",
                             "destroy",
                             "take-back",
                             "raise-class",
                             "certify",
                             "muster",
                             "spot-check",
                             "close-muster",
                             "find-missing",
                             "agreement-ends",
                             "countersign",
                             "await-countersignature",
                             "registry",
                             "active",
                             "revoked",
                             "permit",
                             "refuse",
                             "pass",
                             "duty",
                             "in",
                             "out",
                             "ok",
                             "keys",
                             "log",
                             "disk",
                             "clock",
                             "peer",
                             "shredded",
                             "draft",
                             "confirmed",
                             "overdue",
                             "burning",
                             "shredding",
                             "pulping",
                             "erasure",
                             "crushing",
                             "melting",
                             "modification",
                             "law",
                             "ask-laws",
                             "acknowledge-law",
                             "supply-laws",
                             "await-laws",
                             "expires-month",
                             "expires-week",
                             "expires-day",
                             "expired",
                             "held-dispatch",
                             "ask-arrival",
                             "protect-better",
                             "copyright",
                             "other",
                             "patent",
                             "trade-secret"})
        out.emplace(code);
    return out;
}

TEST(Phrases, EveryCodeHasWordsInEveryLanguage) {
    for (const char* language : {"ja", "uk"})
        for (const std::string& code : codes())
            EXPECT_TRUE(Phrases::of(language).has(Phrases::english_of(code)))
                << language << " lacks \"" << Phrases::english_of(code) << "\"";
}

TEST(Phrases, AnUnknownLanguageIsEnglishAndAnUnknownPhraseItself) {
    EXPECT_EQ(Phrases::of("xx").language(), "en");
    EXPECT_EQ(Phrases::of("ja").say("no such phrase"), "no such phrase");
    EXPECT_FALSE(Phrases::of("ja").has("no such phrase"));
    EXPECT_EQ(Phrases::of("en").word("custody_receipt-sent"), "custody receipt sent");
}

TEST(Phrases, ValuesStandWhereTheLanguageWantsThem) {
    EXPECT_EQ(Phrases::of("en").say("%1 of %2 needed", "1", "2"), "1 of 2 needed");
    EXPECT_EQ(Phrases::of("ja").say("%1 of %2 needed", "1", "2"), "必要 2 名中 1 名");
    // What is put in is not looked at again.
    EXPECT_EQ(Phrases::of("en").say("until %1", "%2", "x"), "until %2");
}

// Each kind stands once on the page of acts, and none is unreachable but those that say so.
TEST(Acts, EveryKindThatAPersonDecidesHasAForm) {
    std::multiset<logbook::ActKind> listed;
    for (const auto& [caption, kinds] : act_groups())
        listed.insert(kinds.begin(), kinds.end());
    for (const logbook::ActKind kind : logbook::all_act_kinds())
        EXPECT_EQ(listed.count(kind), at_desk(kind) ? 1U : 0U) << to_string(kind);
}

} // namespace
} // namespace valise::desk
