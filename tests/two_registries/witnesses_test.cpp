// SPDX-License-Identifier: Apache-2.0
#include "two_registries/exchanging.h"

// A third government's registry as the neutral witness of the two.
namespace valise::testing {
namespace {

using registry::LogName;

constexpr crypto::Argon2Cost kCheap{crypto::kArgon2MinMemoryKib, 1};

class ThirdParty : public tlog::WitnessPort {
public:
    explicit ThirdParty(const agreement::KeyList& watched) {
        auto keystore = vault::Keystore::generate({"CHE", {}, clock_.now()});
        const auto own = keystore->key_list();
        for (const std::string& vkey : own->witness.vkeys)
            keys.push_back(*tlog::Verifier::parse(vkey));
        file_ = *keystore->seal(SecretBytes::copy(view("test")), kCheap);
        for (const auto* log : {&watched.private_log, &watched.shared_log})
            logs_.push_back(*vault::log_keys(*log));
        start();
    }
    void start() {
        auto keystore = vault::Keystore::open(file_, SecretBytes::copy(view("test")));
        vault_ = *vault::Vault::start(std::move(*keystore), store_, clock_, logs_);
    }
    Result<tlog::WitnessAnswer> add_checkpoint(std::string_view body) override {
        ++asked;
        if (away)
            return fail(Code::unavailable, "test.away", "");
        TRY_ASSIGN(const auto reply, vault_->cosign(std::string(body)));
        const bool conflict = reply.status == 409;
        return tlog::WitnessAnswer{static_cast<int>(reply.status),
                                   conflict ? std::string(tlog::kSizeMediaType) : "text/plain",
                                   forge ? forge(reply.body) : reply.body};
    }
    void forget() {
        store_ = {};
        start();
    }

    std::vector<tlog::Verifier> keys;
    bool away = false;
    int asked = 0;
    std::function<std::string(const std::string&)> forge;

private:
    SetClock clock_;
    Bytes file_;
    std::vector<tlog::LogKeys> logs_;
    MemoryStateStore store_;
    std::unique_ptr<vault::Vault> vault_;
};

class NeutralWitnesses : public TwoRegistries {
protected:
    void restart() {
        tokyo.crash();
        tokyo.start();
    }
    std::size_t lines(const std::string& note) const {
        return tlog::SignedCheckpoint::parse(view(note))->signatures().size();
    }
    std::string published() const {
        return to_text(tokyo.publisher.files.at("private/checkpoint"));
    }
    // Why not; empty when all of them cosigned.
    std::string asking() {
        const auto asked = tokyo.registry->ask_witnesses();
        return asked ? "" : asked.error().reason();
    }
    std::string custody_evidence() const {
        return tokyo.registry->dispatches()->front().custody_evidence;
    }
    // Everything signed, cosigned by the peer, and asked of the witnesses.
    void settle() {
        for (int i = 0; i < 3; ++i) {
            ASSERT_TRUE(tokyo.work());
            ASSERT_TRUE(kyiv.work());
        }
    }
};

TEST_F(NeutralWitnesses, RaiseTheEvidenceToE4AndStandOnThePublishedCheckpoint) {
    ThirdParty third(tokyo.registry->key_list());
    tokyo.witnesses = {{third.keys, &third}};
    restart();
    exchange(to_bytes("document"));
    settle();
    EXPECT_EQ(custody_evidence(), "E3");
    ASSERT_TRUE(tokyo.registry->ask_witnesses());
    EXPECT_EQ(custody_evidence(), "E4");
    ASSERT_TRUE(tokyo.registry->tick());
    EXPECT_EQ(lines(published()), 6U); // the log's, the peer's, the third party's
    EXPECT_EQ(tokyo.registry->checkpoint(LogName::private_log), published());
    const int asked = third.asked;
    ASSERT_TRUE(tokyo.registry->ask_witnesses());
    EXPECT_EQ(third.asked, asked); // nothing new, nothing asked
    // What it cosigned is held across a restart, also while it is away.
    third.away = true;
    restart();
    EXPECT_EQ(custody_evidence(), "E4");
    ASSERT_TRUE(tokyo.registry->tick());
    EXPECT_EQ(lines(published()), 6U);
    // The evidence file carries lines of the two parties alone.
    EXPECT_TRUE(tokyo.registry->export_evidence());
}

TEST_F(NeutralWitnesses, OneThatIsAwayHoldsNothingUp) {
    ThirdParty away(tokyo.registry->key_list());
    ThirdParty third(tokyo.registry->key_list());
    away.away = true;
    tokyo.witnesses = {{away.keys, &away}, {third.keys, &third}};
    restart();
    exchange(to_bytes("document"));
    settle();
    EXPECT_EQ(asking(), "test.away");
    EXPECT_EQ(custody_evidence(), "E4");
    away.away = false;
    ASSERT_TRUE(tokyo.registry->ask_witnesses());
    ASSERT_TRUE(tokyo.registry->tick());
    EXPECT_EQ(lines(published()), 8U);
}

TEST_F(NeutralWitnesses, AForgedOrHalfAnswerCountsAsNone) {
    ThirdParty third(tokyo.registry->key_list());
    tokyo.witnesses = {{third.keys, &third}};
    restart();
    exchange(to_bytes("document"));
    settle();
    third.forge = [](const std::string& body) { return body.substr(0, body.find('\n') + 1); };
    EXPECT_EQ(asking(), "tlog.cosignature");
    third.forge = [](std::string body) {
        if (body.size() < 40) // says where it stands, and signs nothing
            return body;
        body[body.size() - 40] = body[body.size() - 40] == 'A' ? 'B' : 'A';
        return body;
    };
    EXPECT_FALSE(tokyo.registry->ask_witnesses());
    EXPECT_EQ(custody_evidence(), "E3");
    third.forge = nullptr;
    // It cosigned those trees all the same, and says so when it is asked again.
    ASSERT_TRUE(tokyo.registry->ask_witnesses());
    EXPECT_EQ(custody_evidence(), "E4");
}

TEST_F(NeutralWitnesses, OneThatForgotIsMetWhereItStands) {
    ThirdParty third(tokyo.registry->key_list());
    tokyo.witnesses = {{third.keys, &third}};
    restart();
    ASSERT_TRUE(tokyo.registry->tick());
    ASSERT_TRUE(tokyo.registry->ask_witnesses());
    third.forget();
    exchange(to_bytes("document"));
    settle();
    ASSERT_TRUE(tokyo.registry->ask_witnesses());
    EXPECT_EQ(custody_evidence(), "E4");
}

} // namespace
} // namespace valise::testing
