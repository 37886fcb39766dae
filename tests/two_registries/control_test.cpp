// SPDX-License-Identifier: Apache-2.0
#include "two_registries/controlled.h"

namespace valise::testing {
namespace {

//= O-20
TEST_F(Controlled, EachOpeningIsPermittedByBoth) {
    exchange();
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(kyiv.last_opening.at("control"), "permit");
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(read(second_reader), "the document");
    EXPECT_EQ(events(tokyo, ActKind::permit_opening, Stage::done), 3U);
    EXPECT_EQ(events(kyiv, ActKind::permit_opening, Stage::done), 3U);
    const auto state = tokyo.registry->state();
    const auto& admitted = state.control(dispatch)->admitted;
    ASSERT_EQ(admitted.size(), 2U);
    EXPECT_EQ(admitted.at(pseudonym(reader)).openings, 2U);
    EXPECT_EQ(admitted.at(pseudonym(second_reader)).openings, 1U);
    // A name that means nothing elsewhere: not the person's id, nor the same for another transfer.
    EXPECT_FALSE(
        admitted.contains(logbook::reader_pseudonym(SecretBytes::copy(Bytes(32, 1)), reader.id())));
    settle();
}

//= O-20
// One who asks for it is enough; nobody's asking leaves it as it always was.
TEST_F(Controlled, NobodyAskedForIt) {
    exchange(false);
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(events(tokyo, ActKind::permit_opening, Stage::done), 0U);
    EXPECT_FALSE(kyiv.last_opening.contains("control"));
}

//= O-20
// Its own key process cannot: the other share is nowhere in that house.
TEST_F(Controlled, WithoutTheLinkNothingOpens) {
    exchange();
    EXPECT_EQ(read(reader), "the document");
    kyiv.live.inner.reset();
    EXPECT_EQ(read(reader), "registry.originator_unreachable");
    EXPECT_EQ(last_refusal(kyiv), "registry.originator_unreachable");
    EXPECT_TRUE(kyiv.registry->state().open_permits().empty());
    check();
}

//= O-20
TEST_F(Controlled, RecallTakesEffectAtTheNextOpening) {
    exchange();
    EXPECT_EQ(read(reader), "the document");
    ASSERT_TRUE(recall().decision.permitted());
    // Before the notice is there, the originator's refusal is; afterwards the own book's.
    EXPECT_EQ(read(reader), "peer.agreement.recalled");
    EXPECT_EQ(last_refusal(kyiv), "peer.agreement.recalled");
    EXPECT_EQ(duties(tokyo), "await-recall-answer");
    settle();
    EXPECT_EQ(read(reader), "agreement.recalled");
    EXPECT_EQ(duties(kyiv), "answer-recall");
    EXPECT_FALSE(recall().decision.permitted());
    EXPECT_EQ(tokyo.dispatch(tokyo.control_officer, mine, "UKR").decision.permitted(), false);

    // The answer is what the book says, or none.
    const auto state = kyiv.registry->state();
    const auto notice = std::ranges::find_if(
        state.notices(), [](const auto& one) { return one.second.type == NoticeType::recall; });
    ASSERT_NE(notice, state.notices().end());
    EXPECT_EQ(*kyiv.registry->enclosed(notice->first), "sent in error");
    const auto answered = [&](const std::string& answer) {
        return kyiv
            .try_act(kyiv.control_officer, ActKind::answer_recall,
                     {{"notice", notice->first.text()}, {"answer", answer}})
            ->decision.reason();
    };
    EXPECT_EQ(answered("0,1,0,0,0"), "agreement.recall_answer");
    EXPECT_EQ(answered("1,0,0,0,0"), "agreement.recall_answer");
    EXPECT_EQ(
        kyiv.try_act(kyiv.control_officer, ActKind::acknowledge, {{"notice", notice->first.text()}})
            ->decision.reason(),
        "agreement.recall_unanswered");
    EXPECT_EQ(answered("1,0,0,1,0"), "");
    settle();
    const auto after = tokyo.registry->state();
    const auto told = std::ranges::find_if(
        after.notices(), [](const auto& one) { return one.second.type == NoticeType::recall; });
    EXPECT_EQ(told->second.state, NoticeState::acknowledged);
    EXPECT_EQ(told->second.answer, "1,0,0,1,0");
    EXPECT_EQ(duties(tokyo), "");
    EXPECT_EQ(duties(kyiv), "");
}

//= O-20
TEST_F(Controlled, AnOverdueAnswerEscalates) {
    exchange();
    ASSERT_TRUE(recall().decision.permitted());
    settle();
    days(8);
    EXPECT_EQ(duties(tokyo), "await-recall-answer! escalate-recall!");
    EXPECT_EQ(duties(kyiv), "answer-recall!");
}

//= O-20
//= O-15
TEST_F(Controlled, NarrowedToFewerReadersAndAnEarlierDay) {
    exchange();
    const auto two = std::set<Hash32>{pseudonym(reader), pseudonym(second_reader)};
    const auto one = std::set<Hash32>{pseudonym(reader)};
    ASSERT_TRUE(narrow({{"readers", logbook::readers_text(one)}}).decision.permitted());
    EXPECT_EQ(read(second_reader), "peer.agreement.control_reader");
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(narrow({{"readers", logbook::readers_text(two)}}).decision.reason(),
              "agreement.narrow_wider");
    const Time until = tokyo.clock.now().plus_days(2);
    ASSERT_TRUE(narrow({{"until", until.text()}}).decision.permitted());
    EXPECT_EQ(narrow({{"until", until.plus_days(1).text()}}).decision.reason(),
              "agreement.narrow_wider");
    EXPECT_EQ(read(reader), "the document");
    days(3);
    EXPECT_EQ(read(reader), "peer.agreement.control_expired");
    check();
}

//= O-13
//= I15
TEST_F(Controlled, AnotherClassIsHeardOfFirst) {
    exchange();
    tokyo.act(releaser, ActKind::change_class,
              {{"item", mine.text()}, {"level", "hi"}, {"reason", "published in part"}});
    EXPECT_EQ(read(reader), "peer.agreement.control_class");
    settle();
    EXPECT_EQ(read(reader), "agreement.remark_pending");
    kyiv.act(kyiv.control_officer, ActKind::remark,
             {{"item", theirs.text()}, {"level", "taiemno"}});
    EXPECT_EQ(read(reader), "the document");
    check();
}

//= O-20
//= O-32
// Of a level that the originator lets no client open on a registry's word alone.
TEST_F(Controlled, GoesNoFurther) {
    exchange();
    const auto taken =
        kyiv.try_act(reader, ActKind::export_copy,
                     {{"item", theirs.text()},
                      {"copy", kyiv.registry->state().copies_of(theirs).front().id.text()},
                      {"purpose", purpose},
                      {"client", "otdf-1"}});
    ASSERT_TRUE(taken);
    EXPECT_FALSE(taken->decision.permitted());
    const auto refusals = taken->decision.refusals();
    EXPECT_TRUE(std::ranges::any_of(
        refusals, [](const auto& one) { return one.reason == "agreement.control_export"; }));
}

//= O-20
// As the releasing person asked for it, before anything left.
TEST_F(Controlled, TheLastDayIsGivenWithTheRelease) {
    last_day = tokyo.clock.now().plus_days(2);
    exchange();
    EXPECT_EQ(tokyo.registry->state().control(dispatch)->until, last_day);
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(narrow({{"until", last_day->plus_days(1).text()}}).decision.reason(),
              "agreement.narrow_wider");
    days(3);
    EXPECT_EQ(read(reader), "peer.agreement.control_expired");
    check();
}

//= O-20
// The earliest of the days that were asked for, whoever asks.
TEST_F(Controlled, AnEarlierDayWithTheDispatch) {
    last_day = tokyo.clock.now().plus_days(20);
    mine = tokyo.enter(originator, document, level, purpose);
    approve(releaser, mine, true);
    last_day = tokyo.clock.now().plus_days(10);
    approve(second, mine, true);
    const auto send = [&](Time last) {
        return *tokyo.try_act(
            tokyo.control_officer, ActKind::dispatch,
            {{"item", mine.text()}, {"recipient", "UKR"}, {"until", last.text()}});
    };
    EXPECT_EQ(send(tokyo.clock.now()).decision.reason(), "agreement.control_day");
    const auto sent = send(tokyo.clock.now().plus_days(15));
    ASSERT_TRUE(sent.decision.permitted()) << sent.decision.reason();
    dispatch = *DispatchId::parse(sent.result.at("dispatch").get<std::string>());
    EXPECT_EQ(tokyo.registry->state().control(dispatch)->until, last_day);
}

// It would open for nobody there, ever.
TEST_F(Controlled, WhatRanOutBeforeItLeftDoesNotLeave) {
    last_day = tokyo.clock.now().plus_days(1);
    mine = tokyo.enter(originator, document, level, purpose);
    approve(releaser, mine, true);
    approve(second, mine, false);
    days(2);
    EXPECT_EQ(tokyo.dispatch(tokyo.control_officer, mine, "UKR").decision.reason(),
              "agreement.control_day");
}

// A day that nothing would keep is none.
TEST_F(Controlled, NoDayWithoutControl) {
    mine = tokyo.enter(originator, document, level, purpose);
    approve(releaser, mine, false);
    approve(second, mine, false);
    EXPECT_EQ(tokyo
                  .try_act(tokyo.control_officer, ActKind::dispatch,
                           {{"item", mine.text()},
                            {"recipient", "UKR"},
                            {"until", tokyo.clock.now().plus_days(9).text()}})
                  ->decision.reason(),
              "agreement.control_day");
}

// --- what travels -----------------------------------------------------------------------------

//= O-20
TEST_F(Controlled, AnAskIsHeardOnce) {
    exchange();
    std::vector<Bytes> asks;
    Bytes answer;
    auto direct = std::move(kyiv.live.inner);
    kyiv.live.inner = std::make_unique<DirectCarrier>([&](ByteView request) {
        asks.push_back(to_bytes(request));
        return answer = *direct->call(request);
    });
    EXPECT_EQ(read(reader), "the document");
    ASSERT_EQ(asks.size(), 1U);
    const auto asked_again = [&] {
        return tokyo.registry->answer_peer(asks[0], kyiv.registry->key_list().tls);
    };
    // Sent twice by a link that broke: the same answer, and nothing is counted for it.
    EXPECT_EQ(asked_again(), answer);
    tokyo.clock.at = tokyo.clock.at.plus_seconds(61);
    const auto again = exchange::expect(*exchange::parse_frame(asked_again()), "opened");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().reason(), "peer.agreement.control_repeated");
    EXPECT_EQ(events(tokyo, ActKind::permit_opening, Stage::done), 1U);
    // Signed by nobody who may ask.
    auto frame = *exchange::parse_frame(asks[0]);
    auto opening = *exchange::Opening::parse(frame);
    opening.signature[0] ^= 1;
    const auto forged = exchange::expect(
        *exchange::parse_frame(tokyo.registry->answer_peer(
            exchange::encode(opening.frame("UKR", "JPN")), kyiv.registry->key_list().tls)),
        "opened");
    EXPECT_EQ(forged.error().reason(), "peer.exchange.not_accepted");
    check();
}

//= O-20
// The later of two asks may be the first to come.
TEST_F(Controlled, TwoReadersAskAtOnce) {
    exchange();
    auto direct = std::move(kyiv.live.inner);
    std::string second_read;
    kyiv.live.inner = std::make_unique<DirectCarrier>([&](ByteView request) {
        if (second_read.empty()) {
            second_read = "asks";
            second_read = read(second_reader);
        }
        return *direct->call(request);
    });
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(second_read, "the document");
    EXPECT_EQ(events(tokyo, ActKind::permit_opening, Stage::done), 2U);
    check();
}

//= O-20
// An answer to one opening is none to the next, whoever brings it.
TEST_F(Controlled, AnAnswerIsToOneAsk) {
    exchange();
    Bytes first;
    auto direct = std::move(kyiv.live.inner);
    kyiv.live.inner = std::make_unique<DirectCarrier>([&](ByteView request) {
        const Bytes answer = *direct->call(request);
        if (first.empty())
            first = answer;
        return first;
    });
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(read(reader), "registry.opening_answer");
    EXPECT_EQ(events(kyiv, ActKind::permit_opening, Stage::done), 1U);
    check();
}

// The answer was lost: it was permitted there, nobody read here, and the next opening is a new one.
TEST_F(Controlled, ALostAnswerIsAFailedOpening) {
    exchange();
    kyiv.live.inner->fate = [] { return DirectCarrier::Fate::lose_answer; };
    EXPECT_EQ(read(reader), "registry.originator_unreachable");
    kyiv.live.inner->fate = [] { return DirectCarrier::Fate::deliver; };
    EXPECT_EQ(read(reader), "the document");
    check();
}

// --- leases -----------------------------------------------------------------------------------

class Leased : public Controlled {
protected:
    Leased() : Controlled(terms_with(kAnswerDays, "lease = \"PT8H\"\n" + kAnswerDays)) {}
};

//= O-20
TEST_F(Leased, BridgesALinkThatIsDownForItsReader) {
    exchange();
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(kyiv.last_opening.at("control"), "permit");
    kyiv.live.inner.reset();
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(kyiv.last_opening.at("control"), "lease");
    EXPECT_EQ(kyiv.last_opening.at("lease"), tokyo.clock.now().plus_seconds(8 * 3600).text());
    EXPECT_EQ(read(second_reader), "registry.originator_unreachable");
    kyiv.clock.at = kyiv.clock.at.plus_seconds(8 * 3600 + 1);
    EXPECT_EQ(read(reader), "registry.originator_unreachable");
    check();
}

// No lease against what the originator says: it is asked first.
TEST_F(Leased, BridgesNoRefusal) {
    exchange();
    EXPECT_EQ(read(reader), "the document");
    ASSERT_TRUE(recall().decision.permitted());
    EXPECT_EQ(read(reader), "peer.agreement.recalled");
    kyiv.live.inner.reset();
    EXPECT_EQ(read(reader), "the document") << "what a lease gives while nobody can be asked";
    for (int round = 0; round < 3; ++round)
        ASSERT_TRUE(tokyo.work());
    EXPECT_EQ(read(reader), "agreement.recalled");
    check();
}

// The share lies in the memory of the key process and nowhere else.
TEST_F(Leased, EndsWithTheKeyProcess) {
    exchange();
    EXPECT_EQ(read(reader), "the document");
    kyiv.live.inner.reset();
    kyiv.crash();
    kyiv.restart_keys();
    kyiv.start();
    EXPECT_EQ(read(reader), "vault.unanswered");
    check();
}

// --- what the terms want ------------------------------------------------------------------------

class Required : public Controlled {
protected:
    Required()
        : Controlled(terms_with(R"({ party = "JPN", level = "gokuhi", required = false })",
                                R"({ party = "JPN", level = "gokuhi", required = true })")) {}
};

//= O-20
TEST_F(Required, ByTheTermsWithoutAsking) {
    exchange(false);
    EXPECT_NE(kyiv.registry->state().control(dispatch), nullptr);
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(events(tokyo, ActKind::permit_opening, Stage::done), 1U);
}

class Unknown : public Controlled {
protected:
    Unknown()
        : Controlled(
              terms_with("    { party = \"JPN\", level = \"gokuhi\", required = false },\n", "")) {}
};

//= O-20
TEST_F(Unknown, NotAtALevelThatTheTermsDoNotName) {
    mine = tokyo.enter(originator, document, "gokuhi", purpose);
    EXPECT_THROW(approve(releaser, mine, true), std::runtime_error);
}

} // namespace
} // namespace valise::testing
