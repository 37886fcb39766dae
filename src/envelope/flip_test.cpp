// SPDX-License-Identifier: Apache-2.0
// Every byte of a small sealed file changed, and every prefix of it: all refused.
#include "envelope/internal/testing.h"

#include <gtest/gtest.h>

#include <map>

namespace valise::envelope {
namespace {

using testing::Parties;

// Shares are unwrapped once: thousands of ML-KEM operations would only make the test slow.
ShareProvider remembered(const Bytes& sealed) {
    const MemorySource source(sealed);
    const KeyAccess access = Container::open(source)->manifest().key_access[0];
    auto share = std::make_shared<SecretBytes>(*Parties::get().receiver.unwrap(access.wrapped_key));
    return [share, wrapped = access.wrapped_key](const KeyAccess& asked) -> Result<SecretBytes> {
        if (asked.wrapped_key != wrapped)
            return fail(Code::integrity, "crypto.unwrap");
        return share->clone(SecretAccess::because("a test opens the file many times"));
    };
}

class Flipper {
public:
    Flipper(const Bytes& sealed, const Expectation& expectation)
        : shares_(remembered(sealed)), expectation_(expectation) {}

    void refused(const Bytes& changed, std::size_t where) {
        MemorySink sink;
        const auto result = open(MemorySource(changed), sink, shares_, expectation_, 1);
        ASSERT_FALSE(result) << "byte " << where;
        const std::string& reason = result.error().reason();
        ASSERT_TRUE(reason.starts_with("envelope.") || reason == "crypto.unwrap") << reason;
        ASSERT_TRUE(sink.bytes().empty()) << where;
        ++reasons_[reason];
    }
    const std::map<std::string, int>& reasons() const { return reasons_; }

private:
    ShareProvider shares_;
    const Expectation& expectation_;
    std::map<std::string, int> reasons_;
};

Byte flipped(Byte byte, std::size_t where) {
    return byte ^ static_cast<Byte>(1U << (where * 5 % 8));
}

// As noise on the way does it; and as somebody does who then repairs the zip's checksums, so that
// the checks behind them are reached.
void every_byte(const Bytes& sealed, const Expectation& expectation, std::size_t kinds,
                std::size_t first, std::size_t step) {
    Flipper flipper(sealed, expectation);
    for (std::size_t i = first; i < sealed.size() && !::testing::Test::HasFatalFailure();
         i += step) {
        Bytes changed = sealed;
        changed[i] = flipped(changed[i], i);
        flipper.refused(changed, i);
    }
    const testing::Parts parts = testing::Parts::of(sealed);
    for (Bytes testing::Parts::* part : {&testing::Parts::payload, &testing::Parts::manifest})
        for (std::size_t i = first; i < (parts.*part).size() && !::testing::Test::HasFatalFailure();
             i += step) {
            testing::Parts changed = parts;
            (changed.*part)[i] = flipped((changed.*part)[i], i);
            flipper.refused(changed.pack(), i);
        }
    std::string all;
    for (const auto& [reason, count] : flipper.reasons())
        all += reason + " " + std::to_string(count) + "\n";
    EXPECT_GE(flipper.reasons().size(), kinds) << all; // the reasons tell the cases apart
}

void every_prefix(const Bytes& sealed, const Expectation& expectation) {
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        MemorySink sink;
        const MemorySource source(Bytes(sealed.begin(), sealed.begin() + static_cast<long>(size)));
        const auto result = open(source, sink, Parties::get().shares(), expectation, 1);
        ASSERT_FALSE(result) << size;
        EXPECT_TRUE(result.error().reason().starts_with("envelope.zip")) << size;
        EXPECT_TRUE(sink.bytes().empty());
    }
}

// In quarters, so that under sanitizers each stays within a test's time.
constexpr std::size_t kQuarters = 4;
class FlipQuarter : public ::testing::TestWithParam<std::size_t> {};

TEST_P(FlipQuarter, EveryByteOfADispatch) {
    const auto sealed = testing::seal_bytes(testing::sample_plain(5), Parties::get().dispatch());
    every_byte(sealed->bytes, Parties::get().from_sender(), 12, GetParam(), kQuarters);
}

INSTANTIATE_TEST_SUITE_P(Flip, FlipQuarter, ::testing::Range(std::size_t{0}, kQuarters));

TEST(Flip, EveryByteOfAFileAtRest) {
    SealRequest request = Parties::get().dispatch();
    request.statement.reset();
    request.sign = nullptr;
    const auto sealed = testing::seal_bytes(testing::sample_plain(5), request);
    Expectation expectation;
    expectation.payload_root = sealed->result.payload_root;
    every_byte(sealed->bytes, expectation, 12, 0, 1);
}

TEST(Flip, EveryPrefix) {
    const auto sealed = testing::seal_bytes(testing::sample_plain(5), Parties::get().dispatch());
    every_prefix(sealed->bytes, Parties::get().from_sender());
}

// The manifest alone, as it comes with an offer: nothing of it may be changed unseen but the MAC of
// the sender's assertion, which needs the key.
TEST(Flip, EveryByteOfAnOfferedManifest) {
    const auto sealed = testing::seal_bytes(testing::sample_plain(5), Parties::get().dispatch());
    const Bytes& good = sealed->result.manifest;
    const std::string mac = Manifest::parse(good)->assertion(kSenderId)->binding;
    const std::size_t from = text_view(good).find(mac);
    Bytes changed = good;
    // One byte in three: the test of the whole dispatch above takes them all.
    for (std::size_t i = 0; i < good.size(); i += 3) {
        changed[i] ^= static_cast<Byte>(1U << (i * 3 % 7));
        const auto manifest = Manifest::parse(changed);
        const bool accepted =
            manifest && verify_statement(*manifest, Parties::get().verifier, "JPN", "UKR");
        ASSERT_TRUE(!accepted || (i >= from && i < from + mac.size())) << i;
        changed[i] = good[i];
    }
}

} // namespace
} // namespace valise::envelope
