// SPDX-License-Identifier: Apache-2.0
#include "two_registries/exchanging.h"
#include "verifying/evidence.h"

namespace valise::testing {
namespace {

class Return : public TwoRegistries {
protected:
    void SetUp() override {
        for (Someone* who : {&first, &second_in_kyiv}) {
            kyiv.enrol(*who);
            kyiv.appoint(*who, "releasing-authority");
        }
    }

    Someone first{"Bondar"}, second_in_kyiv{"Melnyk"};
};

//= O-29
// An item that goes back is named by the level of its originator, which is none of ours: whoever
// counts the approvals by that one finds a log that cannot be signed any more.
TEST_F(Return, OfAnItemLeavesALogThatIsSignedAndProven) {
    exchange(Bytes(100));
    const ItemId item = arrived_item();
    ASSERT_TRUE(kyiv.approve(first, item, "JPN").decision.permitted());
    ASSERT_TRUE(kyiv.approve(second_in_kyiv, item, "JPN").decision.permitted());
    const auto answer = kyiv.dispatch(kyiv.control_officer, item, "JPN");
    ASSERT_TRUE(answer.decision.permitted()) << answer.decision.reason();

    const auto signed_log = kyiv.registry->tick();
    EXPECT_TRUE(signed_log) << signed_log.error().text();
    const auto worked = kyiv.work();
    EXPECT_TRUE(worked) << worked.error().text();
    const auto evidence = kyiv.registry->export_evidence();
    ASSERT_TRUE(evidence) << evidence.error().text();
    const auto report = verifying::check_evidence(*evidence);
    EXPECT_TRUE(report.verified()) << report.found->place << ": " << report.found->text;
}

} // namespace
} // namespace valise::testing
