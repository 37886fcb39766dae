// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

#include <thread>

namespace valise::testing {
namespace {

using logbook::ActKind;
using namespace std::chrono_literals;

// Acts of persons who come while others wait for the disk.
class Gathered : public ::testing::Test {
protected:
    // Of somebody new, signed by this person.
    Bytes enrolment(const Someone& by) const {
        const Someone who{"Somebody"};
        return signed_by(by.key, {{"person", who.id().text()},
                                  {"key", to_base64(who.key.public_bytes())},
                                  {"name", who.name}});
    }
    Bytes enrolment() const { return enrolment(side.control_officer); }
    Bytes signed_by(const crypto::SigningKey& key, Json content) const {
        auto act =
            logbook::Act::make(ActKind::enrol, side.party, side.terms.digest(), side.clock.now(),
                               key.public_bytes(), std::move(content), crypto::random_array<16>());
        return logbook::SignedAct::make(std::move(*act), key)->bytes();
    }

    // The first is performed alone and lingers; all others meet behind it.
    std::vector<Result<registry::ActAnswer>> perform_together(const std::vector<Bytes>& acts) {
        std::atomic<bool> first = true;
        side.journal.crash_before = [&] {
            if (first.exchange(false))
                std::this_thread::sleep_for(300ms);
            return false;
        };
        std::vector<Result<registry::ActAnswer>> answers(
            acts.size(), fail(Code::internal, "test.unanswered", ""));
        {
            std::vector<std::jthread> callers;
            for (std::size_t i = 0; i < acts.size(); ++i) {
                callers.emplace_back([&, i] { answers[i] = side.registry->perform(acts[i]); });
                if (i == 0)
                    std::this_thread::sleep_for(50ms);
            }
        }
        side.journal.crash_before = [] { return false; };
        return answers;
    }

    Side side{"JPN", read_terms("jpn-ukr.toml")};
};

TEST_F(Gathered, AreDurableTogetherAndEachRecordedOnce) {
    int settled = 0;
    side.journal.on_settle = [&] {
        ++settled;
        return Result<void>();
    };
    std::vector<Bytes> acts;
    for (int i = 0; i < 12; ++i)
        acts.push_back(enrolment());
    acts.push_back(acts[1]); // said twice at the same time
    acts.push_back(enrolment(Someone{"Nobody"}));
    Bytes forged = enrolment();
    forged.back() ^= 1;
    acts.push_back(forged);
    const std::uint64_t before = side.registry->state().next_seq();
    const auto answers = perform_together(acts);
    EXPECT_EQ(settled, 1);
    std::set<std::uint64_t> seqs;
    int repeated = 0;
    for (std::size_t i = 0; i < 13; ++i) {
        if (!answers[i]) {
            EXPECT_EQ(answers[i].error().reason(), "registry.act_repeated");
            ++repeated;
            continue;
        }
        EXPECT_TRUE(answers[i]->decision.permitted());
        seqs.insert(answers[i]->seq);
    }
    EXPECT_EQ(repeated, 1);
    EXPECT_EQ(answers[13].error().reason(), "registry.unknown_signer");
    EXPECT_EQ(answers[14].error().reason(), "crypto.signature");
    ASSERT_EQ(seqs.size(), 12U);
    EXPECT_EQ(*seqs.begin(), before);
    EXPECT_EQ(*seqs.rbegin(), before + 11);
    const std::size_t persons = side.registry->state().persons().size();
    side.crash();
    side.start(); // rows, leaves and commitments agree
    EXPECT_EQ(side.registry->state().persons().size(), persons);
}

// Nobody hears of an act that may be gone, and nothing is recorded over it.
TEST_F(Gathered, AreAllUnansweredWhenTheDiskFails) {
    side.journal.on_settle = [] { return fail(Code::internal, "registry.journal", "no disk"); };
    std::vector<Bytes> acts;
    for (int i = 0; i < 6; ++i)
        acts.push_back(enrolment());
    const auto answers = perform_together(acts);
    EXPECT_TRUE(answers[0]); // durable by itself
    for (std::size_t i = 1; i < acts.size(); ++i) {
        ASSERT_FALSE(answers[i]);
        EXPECT_EQ(answers[i].error().reason(), "registry.journal");
    }
    side.journal.on_settle = [] { return Result<void>(); };
    const auto after = side.registry->perform(enrolment());
    ASSERT_FALSE(after);
    EXPECT_EQ(after.error().reason(), "registry.journal");
}

} // namespace
} // namespace valise::testing
