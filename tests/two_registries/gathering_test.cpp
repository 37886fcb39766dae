// SPDX-License-Identifier: Apache-2.0
#include "registry/internal/gathering.h"
#include "two_registries/crowd.h"
#include "two_registries/exchanging.h"

#include <gtest/gtest.h>

namespace valise::testing {
namespace {

using logbook::ActKind;
using logbook::Stage;

// Acts of persons who come while others wait for the disk.
class Gathered : public ::testing::Test {
protected:
    Bytes enrolment() const { return testing::enrolment(side, side.control_officer); }
    std::vector<Bytes> enrolments(std::size_t count) const {
        std::vector<Bytes> out;
        while (out.size() < count)
            out.push_back(enrolment());
        return out;
    }
    std::size_t persons() const { return side.registry->state().persons().size(); }

    Side side{"JPN", read_terms("jpn-ukr.toml")};
    Crowd crowd{side};
};

TEST_F(Gathered, AreDurableTogetherAndEachRecordedOnce) {
    int settled = 0;
    side.journal.on_settle = [&] {
        ++settled;
        EXPECT_LE(crowd.answered, 2U) << "the first, which is durable, and the forged one";
        return Result<void>();
    };
    std::vector<Bytes> acts = enrolments(12);
    acts.push_back(acts[1]); // said twice at the same time
    acts.push_back(testing::enrolment(side, Someone{"Nobody"}));
    acts.push_back(enrolment());
    acts.back().back() ^= 1;
    const std::uint64_t before = side.registry->state().next_seq();
    const auto answers = crowd.perform(acts);
    EXPECT_EQ(settled, 1);
    for (std::size_t i = 0; i < 12; ++i) {
        ASSERT_TRUE(answers[i]) << answers[i].error().text();
        EXPECT_TRUE(answers[i]->decision.permitted());
        EXPECT_EQ(answers[i]->seq, before + i) << "in the order in which they came";
    }
    EXPECT_EQ(answers[12].error().reason(), "registry.act_repeated");
    EXPECT_EQ(answers[13].error().reason(), "registry.unknown_signer");
    EXPECT_EQ(answers[14].error().reason(), "crypto.signature");
    const std::size_t known = persons();
    side.crash();
    side.start(); // rows, leaves and commitments agree
    EXPECT_EQ(persons(), known);
}

// Nobody hears of an act that may be gone, and nothing is recorded or signed over it.
TEST_F(Gathered, AreAllUnansweredWhenTheDiskFails) {
    ASSERT_TRUE(side.registry->tick());
    const std::string signed_before = side.registry->checkpoint(registry::LogName::private_log);
    const std::uint64_t read_before = *side.keys->known_events();
    const std::size_t known = persons();
    side.journal.on_settle = [] { return fail(Code::internal, "registry.journal", "no disk"); };
    const auto answers = crowd.perform(enrolments(6));
    EXPECT_TRUE(answers[0]); // durable by itself
    for (std::size_t i = 1; i < answers.size(); ++i) {
        ASSERT_FALSE(answers[i]);
        EXPECT_EQ(answers[i].error().reason(), "registry.journal");
    }
    side.journal.on_settle = [] { return Result<void>(); };
    const auto after = side.registry->perform(enrolment());
    ASSERT_FALSE(after);
    EXPECT_EQ(after.error().reason(), "registry.journal");
    const auto signing = side.registry->tick();
    ASSERT_FALSE(signing);
    EXPECT_EQ(signing.error().reason(), "registry.journal");
    EXPECT_EQ(side.registry->checkpoint(registry::LogName::private_log), signed_before);
    EXPECT_EQ(*side.keys->known_events(), read_before);
    side.crash();
    side.start();
    EXPECT_EQ(persons(), known + 1);
    EXPECT_TRUE(side.registry->perform(enrolment()));
    EXPECT_TRUE(side.registry->tick());
}

// Wherever it happens, in the middle of one or before all of them are durable.
TEST_F(Gathered, LeaveNothingHalfDoneWhenOneThrows) {
    for (int at = 1; at <= 6; ++at) { // five changes, and the end
        const std::size_t known = persons();
        int asked = 0;
        crowd.crash_before = [&]() -> bool {
            if (++asked == at)
                throw std::bad_alloc();
            return false;
        };
        const auto answers = crowd.perform(enrolments(6));
        EXPECT_TRUE(answers[0]);
        for (std::size_t i = 1; i < answers.size(); ++i)
            EXPECT_FALSE(answers[i]) << at << ": " << i;
        crowd.answered = 0;
        EXPECT_FALSE(side.registry->perform(enrolment())) << at;
        side.crash();
        side.start();
        EXPECT_EQ(persons(), known + 1) << at;
        EXPECT_TRUE(side.registry->perform(enrolment()));
        EXPECT_TRUE(side.registry->tick());
    }
}

// Or all who come later would wait for ever.
TEST(Gathering, IsLedOnAfterALeaderWhoThrew) {
    using registry::Gathering;
    Gathering gathering;
    Gathering::Waiting first;
    Gathering::Waiting next;
    gathering.take_part(first, [](auto) { throw std::bad_alloc(); });
    EXPECT_TRUE(first.thrown);
    gathering.take_part(next, [](auto together) {
        for (Gathering::Waiting* one : together)
            one->answer = Result<registry::ActAnswer>(fail(Code::internal, "test.answered", ""));
    });
    ASSERT_TRUE(next.answer);
    EXPECT_FALSE(next.thrown);
}

TEST_F(Gathered, OneGroupIsHeldAtATime) {
    ASSERT_TRUE(side.journal.hold());
    EXPECT_EQ(side.journal.hold().error().reason(), "registry.journal");
    EXPECT_EQ(side.journal.shred(0).error().reason(), "registry.journal");
    ASSERT_TRUE(side.journal.settle());
    EXPECT_FALSE(side.journal.settle());
}

// Acts that contradict each other, in one transaction.
class Conflicting : public TwoRegistries {
protected:
    Conflicting() {
        tokyo.journal.on_settle = [&] {
            ++settled;
            return Result<void>();
        };
    }
    Bytes approval(const Someone& who, const ItemId& id) const {
        const auto state = tokyo.registry->state();
        const logbook::Item* item = state.item(id);
        const Hash32 digest = logbook::release_digest(id, item->payload_root, item->label_sha256,
                                                      "UKR", tokyo.terms.digest());
        return signed_act(tokyo, who, ActKind::approve_release,
                          {{"release_digest", to_base64(digest)},
                           {"item", id.text()},
                           {"recipient", "UKR"},
                           {"level", item->level},
                           {"terms", to_base64(tokyo.terms.digest())}});
    }
    Bytes dispatch_of(const ItemId& id) const {
        return signed_act(tokyo, tokyo.control_officer, ActKind::dispatch,
                          {{"item", id.text()}, {"recipient", "UKR"}});
    }
    Bytes paper(const ItemId& id) const {
        Json content = tokyo.entry(tokyo.label_of("gokuhi", purpose), "gokuhi", purpose);
        content["item"] = id.text();
        content.update({{"form", "paper"}, {"pages", 3}});
        return signed_act(tokyo, originator, ActKind::enter, std::move(content));
    }
    Bytes filler() const { return enrolment(tokyo, tokyo.control_officer); }

    int settled = 0;
    Crowd crowd{tokyo};
};

// Each is decided over what those before it recorded, as if they had come one by one; what is
// refused is recorded in its place. The key process and the peer find the same.
TEST_F(Conflicting, TwoPersonsApproveAndOneOfThemTwiceIsOne) {
    const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
    const std::vector<Bytes> acts = {
        filler(),          approval(releaser, item), approval(releaser, item),
        dispatch_of(item), approval(second, item),   dispatch_of(item),
        dispatch_of(item)};
    const std::vector<bool> permitted = {true, true, false, false, true, true};
    const auto answers = crowd.perform(acts);
    EXPECT_EQ(settled, 1);
    // What no clause refuses and the book does not take leaves the others alone.
    EXPECT_EQ(answers.back().error().reason(), "logbook.no_transition");
    for (std::size_t i = 0; i + 1 < acts.size(); ++i) {
        ASSERT_TRUE(answers[i]) << i << ": " << answers[i].error().text();
        EXPECT_EQ(answers[i]->decision.permitted(), permitted[i])
            << i << ": " << answers[i]->decision.reason();
        const auto event = tokyo.journal.events(answers[i]->seq, 1);
        EXPECT_EQ(logbook::Skeleton::parse(event->at(0).skeleton)->stage() == Stage::refused,
                  !permitted[i])
            << i;
    }
    const auto worked = tokyo.work();
    ASSERT_TRUE(worked) << worked.error().text();
    EXPECT_EQ(kyiv.registry->state().items().size(), 1U);
}

TEST_F(Conflicting, OneNameAndOneNumberForEachItem) {
    const ItemId one = ItemId::of(crypto::random_bytes(10));
    const ItemId other = ItemId::of(crypto::random_bytes(10));
    const auto answers = crowd.perform({filler(), paper(one), paper(one), paper(other)});
    EXPECT_EQ(settled, 1);
    EXPECT_TRUE(answers[1] && answers[1]->decision.permitted());
    EXPECT_FALSE(answers[2] && answers[2]->decision.permitted());
    EXPECT_TRUE(answers[3] && answers[3]->decision.permitted());
    const auto state = tokyo.registry->state();
    EXPECT_EQ(state.items().size(), 2U);
    EXPECT_NE(state.item(one)->number, state.item(other)->number);
    EXPECT_TRUE(tokyo.registry->tick());
}

// An opening waits for nobody's transaction: it is durable by itself before a share is released.
TEST_F(Conflicting, AnOpeningSaidTwiceIsOneAndNoneAfterItsGroundIsGone) {
    const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
    tokyo.brief(second);
    tokyo.grant(second, item, purpose, later);
    const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    const Bytes open =
        signed_act(tokyo, second, ActKind::open,
                   {{"item", item.text()},
                    {"copy", tokyo.registry->state().copies_of(item).front().id.text()},
                    {"purpose", purpose},
                    {"session_key", to_base64(session.public_key().der())}});
    std::vector<Result<registry::ActAnswer>> opened(2, fail(Code::internal, "test.unanswered", ""));
    std::vector<std::jthread> readers;
    crowd.meanwhile = [&] {
        for (auto& one : opened)
            readers.emplace_back([&] { one = tokyo.registry->perform(open); });
    };
    const auto answers = crowd.perform(
        {filler(), filler(),
         signed_act(tokyo, tokyo.control_officer, ActKind::revoke,
                    {{"what", "grant"}, {"person", second.id().text()}, {"item", item.text()}})});
    readers.clear();
    ASSERT_TRUE(answers[2] && answers[2]->decision.permitted());
    EXPECT_EQ(opened[0].has_value() + opened[1].has_value(), 1);
    for (const auto& one : opened) {
        if (!one)
            EXPECT_EQ(one.error().reason(), "registry.act_repeated");
        else
            EXPECT_EQ(one->decision.permitted(), one->seq < answers[2]->seq);
    }
    EXPECT_TRUE(tokyo.registry->tick());
}

// What was sent and its receipt, or the receipt that the key process signed and its marking: a
// crash before they are durable takes all of them, and both sides make it good.
class HeldGroups : public TwoRegistries {
protected:
    // Whether the process died before the change of this number among those that are held.
    bool exchange_with_crash(Side& dying, int at) {
        const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
        tokyo.approve(releaser, item, "UKR");
        tokyo.approve(second, item, "UKR");
        EXPECT_TRUE(tokyo.dispatch(tokyo.control_officer, item, "UKR").decision.permitted());
        int held = 0;
        bool died = false;
        dying.journal.crash_before = [&] { return dying.journal.held() && ++held == at; };
        try {
            (void)tokyo.work();
        } catch (const Crash&) {
            died = true;
        }
        dying.journal.crash_before = [] { return false; };
        if (died) {
            EXPECT_FALSE(dying.journal.held());
            dying.start();
        }
        const auto worked = tokyo.work();
        EXPECT_TRUE(worked) << worked.error().text();
        return died;
    }
    void all_received(std::size_t count) const {
        const auto sent = tokyo.registry->state();
        const auto received = kyiv.registry->state();
        EXPECT_EQ(sent.dispatches().size(), count);
        EXPECT_EQ(received.dispatches().size(), count);
        for (const auto& [id, dispatch] : sent.dispatches())
            EXPECT_EQ(dispatch.state, logbook::DispatchState::custody_receipted);
        for (const auto& [id, dispatch] : received.dispatches())
            EXPECT_EQ(dispatch.state, logbook::DispatchState::marked);
        EXPECT_TRUE(tokyo.journal.outbox()->empty());
    }
};

TEST_F(HeldGroups, ThatACrashTakesAreMadeGood) {
    std::size_t count = 0;
    for (Side* dying : {&kyiv, &tokyo})
        for (int at = 1; at <= 4; ++at) {
            const bool died = exchange_with_crash(*dying, at);
            EXPECT_TRUE(died || at > 2) << dying->party << " " << at;
            all_received(++count);
        }
    EXPECT_TRUE(kyiv.registry->tick());
    EXPECT_TRUE(tokyo.registry->tick());
}

} // namespace
} // namespace valise::testing
