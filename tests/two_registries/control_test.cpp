// SPDX-License-Identifier: Apache-2.0
#include "exchange/messages.h"
#include "logbook/opening_papers.h"
#include "two_registries/exchanging.h"
#include "verifying/evidence.h"

#include <algorithm>

// What Tokyo keeps of an item that it let go to Kyiv: each opening there asks here, and it can be
// had back.
namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::NoticeState;
using logbook::NoticeType;
using logbook::Stage;

Bytes terms_with(const std::string& old, const std::string& text) {
    std::string terms = to_text(read_terms("jpn-ukr.toml"));
    const auto at = terms.find(old);
    if (at == std::string::npos)
        throw std::runtime_error("the terms no longer say " + old);
    return to_bytes(terms.replace(at, old.size(), text));
}
const std::string kAnswerDays = "answer_days = 5 ";

// Tokyo and Kyiv under these terms, with a controlled item that has arrived.
class Controlled : public ::testing::Test, protected TokyoStaff {
protected:
    explicit Controlled(const Bytes& terms = read_terms("jpn-ukr.toml"))
        : tokyo("JPN", terms), kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        take_office(tokyo, later);
        for (Someone* who : {&reader, &second_reader}) {
            kyiv.enrol(*who);
            kyiv.brief(*who);
            kyiv.appoint(*who, "reader");
            kyiv.clear(*who, "tsilkom-taiemno", later);
        }
        kyiv.accredit("tsilkom-taiemno");
    }

    registry::ActAnswer approve(const Someone& who, const ItemId& id, bool control) {
        const auto state = tokyo.registry->state();
        const logbook::Item* item = state.item(id);
        Json content = {{"release_digest", to_base64(logbook::release_digest(
                                               id, item->payload_root, item->label_sha256, "UKR",
                                               tokyo.terms.digest()))},
                        {"item", id.text()},
                        {"recipient", "UKR"},
                        {"level", item->level},
                        {"terms", to_base64(tokyo.terms.digest())}};
        if (control)
            content["control"] = "originator";
        return tokyo.act(who, ActKind::approve_release, std::move(content));
    }
    // Sent, arrived, and granted to both readers.
    void exchange(bool control = true) {
        mine = tokyo.enter(originator, document, "gokuhi", purpose);
        approve(releaser, mine, control);
        approve(second, mine, false);
        const auto sent = tokyo.dispatch(tokyo.control_officer, mine, "UKR");
        ASSERT_TRUE(sent.decision.permitted()) << sent.decision.reason();
        dispatch = *DispatchId::parse(sent.result.at("dispatch").get<std::string>());
        settle();
        const auto state = kyiv.registry->state();
        ASSERT_EQ(state.items().size(), 1U);
        theirs = state.items().begin()->first;
        for (const Someone* who : {&reader, &second_reader})
            kyiv.grant(*who, theirs, purpose, later);
    }
    // Both work until nothing moves, and an outsider comes to the same of each.
    void settle() {
        for (int round = 0; round < 4; ++round)
            for (Side* side : {&tokyo, &kyiv}) {
                const auto worked = side->work();
                ASSERT_TRUE(worked || round < 3) << worked.error().text();
            }
        check();
    }
    void check() {
        for (Side* side : {&tokyo, &kyiv}) {
            const auto ticked = side->registry->tick();
            ASSERT_TRUE(ticked) << ticked.error().text();
            const auto evidence = side->registry->export_evidence();
            ASSERT_TRUE(evidence) << evidence.error().text();
            const auto report = verifying::check_evidence(*evidence);
            EXPECT_TRUE(report.verified())
                << side->party << ": "
                << (report.found ? report.found->place + ": " + report.found->text : "");
        }
    }
    std::string read(const Someone& who) {
        const auto plain = kyiv.read(who, theirs, purpose);
        return plain ? to_text(*plain) : plain.error().reason();
    }
    Hash32 pseudonym(const Someone& who) const {
        return *kyiv.registry->reader_pseudonym(dispatch, who.id());
    }
    registry::ActAnswer narrow(const Json& how) {
        Json content = {{"dispatch", dispatch.text()}};
        content.update(how);
        return *tokyo.try_act(releaser, ActKind::narrow, std::move(content));
    }
    registry::ActAnswer recall() {
        return *tokyo.try_act(releaser, ActKind::recall,
                              {{"item", mine.text()}, {"ground", "sent in error"}});
    }
    static std::size_t events(const Side& side, ActKind kind, Stage stage) {
        std::size_t out = 0;
        const auto all = side.registry->skeletons(0, 1'000);
        for (const auto& skeleton : *all)
            out += skeleton.kind() == kind && skeleton.stage() == stage ? 1U : 0U;
        return out;
    }
    static std::string last_refusal(const Side& side) {
        std::string out;
        const auto all = side.registry->skeletons(0, 1'000);
        for (const auto& skeleton : *all)
            if (skeleton.kind() == ActKind::open && skeleton.stage() == Stage::failed)
                out = skeleton.fact("refusal");
        return out;
    }
    static std::string duties(const Side& side) {
        std::string out;
        for (const auto& duty : side.registry->duties())
            if (duty.what.find("recall") != std::string::npos)
                out += (out.empty() ? "" : " ") + duty.what + (duty.overdue ? "!" : "");
        return out;
    }
    void days(int count) {
        for (Side* side : {&tokyo, &kyiv})
            side->clock.at = side->clock.at.plus_days(count);
    }

    Side tokyo;
    Side kyiv;
    Time later = tokyo.clock.now().plus_days(200);
    std::string purpose = tokyo.terms.purposes().front().code;
    Someone reader{"Shevchenko"}, second_reader{"Koval"};
    Bytes document = to_bytes("the document");
    ItemId mine, theirs;
    DispatchId dispatch;
};

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
// Not sealed anew, not taken out: its key is not in that house.
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
