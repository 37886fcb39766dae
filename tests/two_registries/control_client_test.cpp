// SPDX-License-Identifier: Apache-2.0
#include "crypto/kem.h"
#include "envelope/container.h"
#include "envelope/share.h"
#include "two_registries/controlled.h"
#include "two_registries/watched_keys.h"

// A controlled item that its reader opens by a client of theirs: the copy names one share, the
// originator is asked for the other at each opening, and the key process gives the client the key.
namespace valise::testing {
namespace {

using crypto::WrapScheme;

class ByClient : public Controlled {
protected:
    explicit ByClient(const Bytes& terms = read_terms("jpn-ukr.toml")) : Controlled(terms) {
        level = "hi";
        for (const Someone* who : {&reader, &second_reader})
            add_client(*who);
    }
    std::string client_of(const Someone& who) const {
        return &who == &reader ? "otdf-1" : "otdf-2";
    }
    void add_client(const Someone& who) {
        EXPECT_TRUE(kyiv.registry->add_client(
            {client_of(who), who.id(), registry::ClientClass::strict, {}, "", {}}));
    }

    registry::ActAnswer take(const Someone& who) {
        auto answer =
            *kyiv.try_act(who, ActKind::export_copy,
                          {{"item", theirs.text()},
                           {"copy", kyiv.registry->state().copies_of(theirs).front().id.text()},
                           {"purpose", purpose},
                           {"client", client_of(who)}});
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
                      WrapScheme scheme = WrapScheme::rsa2048,
                      const std::optional<std::string>& binding = {}) {
        const auto session = crypto::WrapPrivateKey::generate(scheme);
        const auto of = manifest();
        const auto& access = share(of, sid);
        const auto answer =
            kyiv.registry->export_share({client_of(who),
                                         who.id(),
                                         session.public_key().der(),
                                         {of.policy, access.wrapped_key, access.ephemeral_key,
                                          binding.value_or(access.policy_binding)}});
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
    ASSERT_EQ(take(reader).decision.reason(), "");
    const auto before = kyiv.registry->state().next_seq();
    EXPECT_EQ(opens(reader, envelope::kOriginatorSid), "envelope.asked_share");
    EXPECT_EQ(kyiv.registry->state().next_seq(), before);
}

//= O-20
TEST_F(ByClient, RecallTakesEffectAtTheNextOpening) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
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
    ASSERT_EQ(take(reader).decision.reason(), "");
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
    ASSERT_EQ(take(reader).decision.reason(), "");
    ASSERT_EQ(take(second_reader).decision.reason(), "");
    EXPECT_EQ(opens(second_reader), "permit");
    const auto one = std::set<Hash32>{pseudonym(reader)};
    ASSERT_TRUE(narrow({{"readers", logbook::readers_text(one)}}).decision.permitted());
    EXPECT_EQ(opens(second_reader), "peer.agreement.control_reader");
    EXPECT_EQ(opens(reader), "permit");
    check();
}

// One class of which copies leave for clients, and another of which they do too.
class OtherClass : public ByClient {
protected:
    static Bytes terms() {
        const std::string row = R"({ party = "JPN", level = "gokuhi", attested = )";
        return terms_with(row + "false", row + "true");
    }
    OtherClass() : ByClient(terms()) {}
};

//= O-13
TEST_F(OtherClass, TakesEffectAtTheNextOpening) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
    EXPECT_EQ(opens(reader), "permit");
    tokyo.act(releaser, ActKind::change_class,
              {{"item", mine.text()}, {"level", "gokuhi"}, {"reason", "more than we thought"}});
    EXPECT_EQ(opens(reader), "peer.agreement.control_class");
    EXPECT_EQ(events(tokyo, ActKind::permit_opening, Stage::done), 1U);
    check();
}

//= O-20
TEST_F(ByClient, WithoutTheLinkNothingOpens) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
    kyiv.live.inner.reset();
    EXPECT_EQ(opens(reader), "registry.originator_unreachable");
    EXPECT_EQ(last_export(), "failed registry.originator_unreachable");
    EXPECT_TRUE(kyiv.registry->state().open_permits().empty());
    check();
}

// Whoever ticks while the question travels does not end what is being asked.
TEST_F(ByClient, ATickDoesNotEndWhatIsBeingAsked) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
    auto direct = std::move(kyiv.live.inner);
    kyiv.live.inner = std::make_unique<DirectCarrier>([&](ByteView request) {
        EXPECT_TRUE(kyiv.registry->tick());
        return *direct->call(request);
    });
    EXPECT_EQ(opens(reader), "permit");
    check();
}

// What hangs is ended, so that its copy can be destroyed; its answer comes too late.
TEST_F(ByClient, AQuestionThatHangsIsEnded) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
    auto direct = std::move(kyiv.live.inner);
    kyiv.live.inner = std::make_unique<DirectCarrier>([&](ByteView request) {
        Bytes answer = *direct->call(request);
        kyiv.clock.at = kyiv.clock.at.plus_seconds(661);
        EXPECT_TRUE(kyiv.registry->tick());
        EXPECT_TRUE(kyiv.registry->state().open_permits().empty());
        return answer;
    });
    EXPECT_EQ(opens(reader), "registry.no_permit");
    EXPECT_EQ(last_export(), "failed");
    check();
}

// What throws on the way leaves neither the lock nor a permit behind.
TEST_F(ByClient, AnExceptionOnTheWayLeavesNothingOpen) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
    auto direct = std::move(kyiv.live.inner);
    kyiv.live.inner = std::make_unique<DirectCarrier>(
        [](ByteView) -> Bytes { throw std::runtime_error("no memory"); });
    EXPECT_THROW(opens(reader), std::runtime_error);
    EXPECT_FALSE(kyiv.registry->state().open_permits().empty());
    EXPECT_TRUE(kyiv.registry->tick());
    EXPECT_TRUE(kyiv.registry->state().open_permits().empty());
    kyiv.live.inner = std::move(direct);
    EXPECT_EQ(opens(reader), "permit");
    check();
}

// Each that waits keeps a thread of the daemon; the peer and the officers need the others.
TEST_F(ByClient, NoMoreThanTwoWaitForTheirOriginator) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
    auto direct = std::move(kyiv.live.inner);
    std::vector<std::string> said;
    int depth = 0;
    kyiv.live.inner = std::make_unique<DirectCarrier>([&](ByteView request) {
        if (++depth <= 2) // the lock is free meanwhile: as another thread would
            said.push_back(opens(reader));
        return *direct->call(request);
    });
    EXPECT_EQ(opens(reader), "permit");
    EXPECT_EQ(said, (std::vector<std::string>{"registry.asking", "permit"}));
    // Nothing was attested for whom nobody was asked, and the places are free again.
    EXPECT_EQ(events(kyiv, ActKind::export_copy, Stage::permitted), 3U);
    EXPECT_EQ(opens(reader), "permit");
    check();
}

// The account, too, has to be there when the answer is.
TEST_F(ByClient, AClientThatWasRemovedMeanwhileGetsNothing) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
    auto direct = std::move(kyiv.live.inner);
    kyiv.live.inner = std::make_unique<DirectCarrier>([&](ByteView request) {
        EXPECT_TRUE(kyiv.registry->remove_client("otdf-1"));
        return *direct->call(request);
    });
    EXPECT_EQ(opens(reader), "registry.client_gone");
    EXPECT_EQ(last_export(), "failed") << "no word of the originator's";
    const auto before = kyiv.registry->state().next_seq();
    EXPECT_EQ(opens(reader), "registry.client_gone");
    EXPECT_EQ(kyiv.registry->state().next_seq(), before);
    check();
}

// No originator counts an opening for what can be seen to be wrong.
TEST_F(ByClient, AWrongBindingIsAskedOfNobody) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
    const auto of = manifest();
    const std::string stored = share(of, envelope::kReceiverSid).policy_binding;
    const auto before = kyiv.registry->state().next_seq();
    for (const std::string& wrong : {std::string("AAAA"), std::string(), to_base64(Hash32{}),
                                     share(of, envelope::kOriginatorSid).policy_binding})
        EXPECT_EQ(opens(reader, envelope::kReceiverSid, WrapScheme::rsa2048, wrong),
                  "envelope.asked_share");
    EXPECT_EQ(kyiv.registry->state().next_seq(), before);
    EXPECT_EQ(events(tokyo, ActKind::permit_opening, Stage::permitted), 0U);
    // In its other spelling it is the same.
    const auto mac = from_hex(to_text(*from_base64(stored)));
    ASSERT_TRUE(mac);
    EXPECT_EQ(opens(reader, envelope::kReceiverSid, WrapScheme::rsa2048, to_base64(*mac)),
              "permit");
    check();
}

class LeasedClient : public ByClient {
protected:
    LeasedClient() : ByClient(terms_with(kAnswerDays, "lease = \"PT8H\"\n" + kAnswerDays)) {}
};

//= O-20
// The registry alone attests a client's openings: what a lease bridges needs a reader's signature.
TEST_F(LeasedClient, NoLeaseIsGivenToAClient) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
    EXPECT_EQ(opens(reader), "permit");
    EXPECT_TRUE(kyiv.registry->state().leases().empty());
    kyiv.live.inner.reset();
    EXPECT_EQ(opens(reader), "registry.originator_unreachable");
    EXPECT_EQ(read(reader), "registry.originator_unreachable")
        << "nor does a client's permit open for its reader";
    check();
}

//= O-20
TEST_F(LeasedClient, AReadersLeaseOpensForNoClient) {
    exchange();
    ASSERT_EQ(take(reader).decision.reason(), "");
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(kyiv.registry->state().leases().size(), 1U);
    EXPECT_EQ(opens(reader), "permit");
    EXPECT_EQ(kyiv.registry->state().leases().size(), 1U) << "and a client's permit ends none";
    kyiv.live.inner.reset();
    EXPECT_EQ(opens(reader), "registry.originator_unreachable");
    EXPECT_EQ(read(reader), "the document");
    EXPECT_EQ(kyiv.last_opening.at("control"), "lease");
    check();
}

// A daemon that was taken over, around one opening of a client.
class ByClientWatched : public LeasedClient {
protected:
    void watch() {
        kyiv.in_front = &keys;
        kyiv.crash();
        kyiv.start();
    }
    void exchange_another() {
        const auto before = kyiv.registry->state();
        mine = tokyo.enter(originator, document, level, purpose);
        approve(releaser, mine, true);
        approve(second, mine, false);
        ASSERT_TRUE(tokyo.dispatch(tokyo.control_officer, mine, "UKR").decision.permitted());
        settle();
        const auto after = kyiv.registry->state();
        for (const auto& [id, item] : after.items())
            if (before.item(id) == nullptr)
                theirs = id;
        kyiv.grant(reader, theirs, purpose, later);
    }
    template<class T> static std::string reason_of(const Result<T>& result) {
        return result ? "" : result.error().reason();
    }
    WatchedKeys keys{*kyiv.keys};
};

//= O-20
TEST_F(ByClientWatched, TheKeyProcessGivesTheShareOnceAndAfterTheAnswer) {
    exchange();
    const Bytes other = to_bytes(envelope::Container::open(*source())->manifest_bytes());
    document = to_bytes("another document");
    exchange_another();
    watch();
    ASSERT_EQ(take(reader).decision.reason(), "");
    EXPECT_EQ(read(reader), "another document"); // and its lease is held
    std::vector<std::string> said;
    keys.before_ask = [&](std::uint64_t permit, ByteView manifest, const vault::ShareRequest&) {
        const auto of = *envelope::Manifest::parse(manifest);
        const auto& ours = share(of, envelope::kReceiverSid);
        said.push_back(reason_of(kyiv.keys->export_share(
            permit, manifest, {of.policy, ours.wrapped_key, "", ours.policy_binding})));
    };
    keys.before_share = [&](std::uint64_t permit, ByteView manifest,
                            const vault::ShareRequest& asked) {
        said.push_back(reason_of(kyiv.keys->export_share(permit, other, asked)));
        said.push_back(reason_of(kyiv.keys->release_controlled(permit, manifest)));
        said.push_back(reason_of(kyiv.keys->release_share(permit, manifest)));
        vault::ShareRequest wrong = asked;
        wrong.binding = "AAAA";
        said.push_back(reason_of(kyiv.keys->export_share(permit, manifest, wrong)));
    };
    keys.after_share = [&](std::uint64_t permit, ByteView manifest,
                           const vault::ShareRequest& asked) {
        said.push_back(reason_of(kyiv.keys->export_share(permit, manifest, asked)));
    };
    EXPECT_EQ(opens(reader), "permit");
    EXPECT_EQ(said,
              (std::vector<std::string>{"vault.unanswered", "envelope.payload_tree", "vault.reader",
                                        "vault.reader", "envelope.asked_share", "vault.unasked"}));
    check();
}

//= O-20
// The other process has the log with the answer, and not the key that it was wrapped to.
TEST_F(ByClientWatched, AnAnswerIsWorthNothingAfterTheKeyProcessBeganAnew) {
    exchange();
    watch();
    ASSERT_EQ(take(reader).decision.reason(), "");
    std::string said;
    keys.before_share = [&](std::uint64_t permit, ByteView manifest,
                            const vault::ShareRequest& asked) {
        // Asked anew, so that what it asked first is gone.
        ASSERT_TRUE(kyiv.keys->ask_opening(permit, manifest));
        said = reason_of(kyiv.keys->export_share(permit, manifest, asked));
    };
    EXPECT_EQ(opens(reader), "vault.unasked");
    EXPECT_EQ(said, "vault.unasked");
    EXPECT_EQ(last_export(), "failed") << "no word of the originator's";
    check();
}

} // namespace
} // namespace valise::testing
