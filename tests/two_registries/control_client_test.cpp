// SPDX-License-Identifier: Apache-2.0
#include "crypto/kem.h"
#include "envelope/container.h"
#include "envelope/share.h"
#include "two_registries/controlled.h"

// A controlled item that its reader opens by a client of theirs: the copy names one share, the
// originator is asked for the other at each opening, and the key process gives the client the key.
namespace valise::testing {
namespace {

using crypto::WrapScheme;

class ByClient : public Controlled {
protected:
    explicit ByClient(const Bytes& terms = read_terms("jpn-ukr.toml")) : Controlled(terms) {
        level = "hi";
    }

    registry::ActAnswer take(const Someone& who) {
        auto answer =
            *kyiv.try_act(who, ActKind::export_copy,
                          {{"item", theirs.text()},
                           {"copy", kyiv.registry->state().copies_of(theirs).front().id.text()},
                           {"purpose", purpose},
                           {"client", "otdf-1"}});
        if (answer.decision.permitted()) {
            EXPECT_TRUE(kyiv.registry->opened(answer.seq, true));
        }
        return answer;
    }
    std::shared_ptr<const RandomSource> source() const {
        return *kyiv.blobs.open(kyiv.registry->state().item(theirs)->blob);
    }
    envelope::Manifest manifest() const { return envelope::Container::open(*source())->manifest(); }
    const envelope::KeyAccess& share(const envelope::Manifest& of, std::string_view sid) const {
        return *std::ranges::find(of.key_access, sid, &envelope::KeyAccess::sid);
    }
    // "permit" where it got the key of the document, else the reason.
    std::string opens(const Someone& who, std::string_view sid = envelope::kReceiverSid,
                      WrapScheme scheme = WrapScheme::rsa2048) {
        const auto session = crypto::WrapPrivateKey::generate(scheme);
        const auto of = manifest();
        const auto& access = share(of, sid);
        const auto answer = kyiv.registry->export_share(
            {"otdf-1",
             who.id(),
             session.public_key().der(),
             {of.policy, access.wrapped_key, access.ephemeral_key, access.policy_binding}});
        if (!answer)
            return answer.error().reason();
        if (!answer->decision.permitted())
            return answer->decision.reason();
        const auto key = session.unwrap(answer->share.wrapped, answer->share.ephemeral_key);
        return key && envelope::expect_key_of(of, *key) ? "permit" : "no key of this document";
    }
    std::string last_export() const {
        std::string out;
        const auto all = kyiv.registry->skeletons(0, 1'000);
        for (const auto& skeleton : *all)
            if (skeleton.kind() == ActKind::export_copy && !skeleton.id("person").empty())
                out = std::string(logbook::to_string(skeleton.stage())) +
                      (skeleton.fact("refusal").empty() ? "" : " " + skeleton.fact("refusal"));
        return out;
    }
};

//= O-20
//= O-32
TEST_F(ByClient, EachOpeningAsksTheOriginator) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
    EXPECT_EQ(opens(reader), "permit");
    EXPECT_EQ(last_export(), "done");
    EXPECT_EQ(opens(reader, envelope::kReceiverSid, WrapScheme::ec_p384), "permit");
    EXPECT_EQ(events(tokyo, ActKind::permit_opening, Stage::done), 2U);
    EXPECT_EQ(events(kyiv, ActKind::permit_opening, Stage::done), 2U);
    EXPECT_EQ(tokyo.registry->state().control(dispatch)->admitted.at(pseudonym(reader)).openings,
              2U);
    // The originator's book says that it was a program.
    const auto all = tokyo.registry->skeletons(0, 1'000);
    EXPECT_TRUE(std::ranges::any_of(*all, [](const auto& one) {
        return one.kind() == ActKind::permit_opening && one.fact("by") == "client";
    }));
    // Who read it by a client signs for the contents, and reads it here as ever.
    EXPECT_TRUE(kyiv.registry->state().copies_of(theirs).front().opened_by.contains(reader.id()));
    EXPECT_EQ(read(reader), "the document");
    settle();
}

// What leaves names one share, at our address: a client asks once, and some know of no second.
TEST_F(ByClient, TheCopyNamesOneShare) {
    exchange();
    const auto of = manifest();
    ASSERT_EQ(of.key_access.size(), 2U);
    MemorySink out;
    const auto& ours = share(of, envelope::kReceiverSid);
    ASSERT_TRUE(envelope::readdress(*source(), ours.kid, "https://kas.kyiv.example", out));
    const Bytes bytes = out.take();
    const auto copy = envelope::Container::open(MemorySource(bytes));
    ASSERT_TRUE(copy) << copy.error().text();
    ASSERT_EQ(copy->manifest().key_access.size(), 1U);
    EXPECT_EQ(copy->manifest().key_access.front().wrapped_key, ours.wrapped_key);
    EXPECT_EQ(copy->manifest().key_access.front().url, "https://kas.kyiv.example");
    EXPECT_EQ(copy->manifest().key_access.front().sid, "");
    EXPECT_EQ(copy->manifest().policy, of.policy);
}

// Nobody is asked, and nothing stands in any book, for the share that is not ours.
TEST_F(ByClient, TheOriginatorsShareIsNotAnswered) {
    exchange();
    take(reader);
    const auto before = kyiv.registry->state().next_seq();
    EXPECT_EQ(opens(reader, envelope::kOriginatorSid), "envelope.asked_share");
    EXPECT_EQ(kyiv.registry->state().next_seq(), before);
}

//= O-20
TEST_F(ByClient, RecallTakesEffectAtTheNextOpening) {
    exchange();
    take(reader);
    EXPECT_EQ(opens(reader), "permit");
    ASSERT_TRUE(recall().decision.permitted());
    EXPECT_EQ(opens(reader), "peer.agreement.recalled");
    EXPECT_EQ(last_export(), "failed peer.agreement.recalled");
    settle();
    EXPECT_EQ(opens(reader), "agreement.recalled");
    EXPECT_EQ(last_export(), "refused");
    check();
}

//= O-20
TEST_F(ByClient, AnEarlierDayTakesEffectAtTheNextOpening) {
    exchange();
    take(reader);
    ASSERT_TRUE(narrow({{"until", tokyo.clock.now().plus_days(2).text()}}).decision.permitted());
    EXPECT_EQ(opens(reader), "permit");
    days(3);
    EXPECT_EQ(opens(reader), "peer.agreement.control_expired");
    check();
}

//= O-20
//= O-15
TEST_F(ByClient, FewerReadersTakeEffectAtTheNextOpening) {
    exchange();
    take(reader);
    take(second_reader);
    EXPECT_EQ(opens(second_reader), "permit");
    const auto one = std::set<Hash32>{pseudonym(reader)};
    ASSERT_TRUE(narrow({{"readers", logbook::readers_text(one)}}).decision.permitted());
    EXPECT_EQ(opens(second_reader), "peer.agreement.control_reader");
    EXPECT_EQ(opens(reader), "permit");
    check();
}

//= O-13
TEST_F(ByClient, AnotherClassTakesEffectAtTheNextOpening) {
    exchange();
    take(reader);
    tokyo.act(releaser, ActKind::change_class,
              {{"item", mine.text()}, {"level", "gokuhi"}, {"reason", "more than we thought"}});
    EXPECT_NE(opens(reader), "permit");
    EXPECT_EQ(events(tokyo, ActKind::permit_opening, Stage::done), 0U);
    check();
}

//= O-20
TEST_F(ByClient, WithoutTheLinkNothingOpens) {
    exchange();
    take(reader);
    kyiv.live.inner.reset();
    EXPECT_EQ(opens(reader), "registry.originator_unreachable");
    EXPECT_EQ(last_export(), "failed registry.originator_unreachable");
    EXPECT_TRUE(kyiv.registry->state().open_permits().empty());
    check();
}

// Whoever ticks while the question travels does not end what is being asked.
TEST_F(ByClient, ATickDoesNotEndWhatIsBeingAsked) {
    exchange();
    take(reader);
    auto direct = std::move(kyiv.live.inner);
    kyiv.live.inner = std::make_unique<DirectCarrier>([&](ByteView request) {
        EXPECT_TRUE(kyiv.registry->tick());
        return *direct->call(request);
    });
    EXPECT_EQ(opens(reader), "permit");
    check();
}

class LeasedClient : public ByClient {
protected:
    LeasedClient() : ByClient(terms_with(kAnswerDays, "lease = \"PT8H\"\n" + kAnswerDays)) {}
};

//= O-20
TEST_F(LeasedClient, ALeaseBridgesALinkThatIsDown) {
    exchange();
    take(reader);
    EXPECT_EQ(opens(reader), "permit");
    kyiv.live.inner.reset();
    EXPECT_EQ(opens(reader), "permit");
    kyiv.clock.at = kyiv.clock.at.plus_seconds(8 * 3600 + 1);
    EXPECT_EQ(opens(reader), "registry.originator_unreachable");
    check();
}

} // namespace
} // namespace valise::testing
