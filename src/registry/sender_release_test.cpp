// SPDX-License-Identifier: Apache-2.0
#include "crypto/passkey_test_support.h"
#include "crypto/random.h"
#include "registry/internal/impl.h"

#include <gtest/gtest.h>

namespace valise::registry {
namespace {

using logbook::ActKind;

const Hash32 kTerms = [] {
    Hash32 out{};
    out.fill(7);
    return out;
}();

crypto::SigningKey person() {
    return crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
}

struct Approval {
    ActKind kind = ActKind::approve_release;
    std::string party = "JPN";
    std::string recipient = "UKR";
    std::string level = "gokuhi";
    Hash32 terms = kTerms;
    Byte digest = 1;

    envelope::ReleaseAct by(const crypto::SigningKey& key) const {
        return envelope::ReleaseAct::of(
            logbook::SignedAct::make(act_of(key.public_bytes()), key)->bytes());
    }
    envelope::ReleaseAct by(const crypto::testing::TestPasskey& passkey) const {
        logbook::Act act = act_of(passkey.signer().bytes());
        auto said = passkey.sign(logbook::SignedAct::challenge(act));
        return envelope::ReleaseAct::of(
            logbook::SignedAct::make(std::move(act),
                                     {said.authenticator_data, said.client_data, said.signature})
                ->bytes());
    }
    logbook::Act act_of(Bytes signer) const {
        Hash32 over{};
        over.fill(digest);
        Json content = {{"release_digest", to_base64(over)},
                        {"item", ItemId::of(Bytes(10, 1)).text()},
                        {"recipient", recipient},
                        {"level", level},
                        {"terms", to_base64(kTerms)}};
        if (kind == ActKind::dispatch)
            content = {{"item", ItemId::of(Bytes(10, 1)).text()}, {"recipient", recipient}};
        return *logbook::Act::make(kind, party, terms, {0}, std::move(signer), content,
                                   crypto::random_array<16>());
    }
};

std::int64_t count(std::vector<envelope::ReleaseAct> acts) {
    envelope::StatementInputs inputs;
    inputs.sender = "JPN";
    inputs.recipient = "UKR";
    inputs.classification.level_code = "gokuhi";
    inputs.release = std::move(acts);
    return approving_persons(inputs, {kTerms});
}

TEST(SenderRelease, EachPersonCountsOnce) {
    const auto one = person();
    const auto two = person();
    EXPECT_EQ(count({}), 0);
    EXPECT_EQ(count({Approval{}.by(one), Approval{}.by(two)}), 2);
    EXPECT_EQ(count({Approval{}.by(one), Approval{}.by(one)}), 1);
}

TEST(SenderRelease, AnApprovalOfSomethingElseDoesNotCount) {
    const auto one = person();
    const auto two = person();
    for (const Approval& other : {Approval{.kind = ActKind::dispatch}, Approval{.party = "POL"},
                                  Approval{.recipient = "POL"}, Approval{.level = "hi"},
                                  Approval{.terms = Hash32{}}, Approval{.digest = 2}})
        EXPECT_EQ(count({Approval{}.by(one), other.by(two)}), 1);
}

// One person could hold all of them.
TEST(SenderRelease, PasskeysAreOneSignerBesideAKey) {
    const auto one = person();
    const auto two = person();
    const crypto::testing::TestPasskey first;
    const crypto::testing::TestPasskey second;
    EXPECT_EQ(count({Approval{}.by(first)}), 0);
    EXPECT_EQ(count({Approval{}.by(first), Approval{}.by(second)}), 0);
    EXPECT_EQ(count({Approval{}.by(one), Approval{}.by(first)}), 2);
    EXPECT_EQ(count({Approval{}.by(one), Approval{}.by(first), Approval{}.by(second)}), 2);
    EXPECT_EQ(count({Approval{}.by(one), Approval{}.by(two), Approval{}.by(first)}), 3);
}

TEST(SenderRelease, AForgedSignatureDoesNotCount) {
    const auto one = person();
    auto act = Approval{}.by(one);
    act.signed_act.back() ^= 1;
    EXPECT_EQ(count({act}), 0);
    act.signed_act.clear();
    EXPECT_EQ(count({act}), 0);
}

} // namespace
} // namespace valise::registry
