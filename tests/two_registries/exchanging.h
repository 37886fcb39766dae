// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "two_registries/side.h"

#include <gtest/gtest.h>

namespace valise::testing {

// Tokyo and Kyiv, paired, with everybody whom an exchange from Tokyo to Kyiv needs.
class TwoRegistries : public ::testing::Test, protected TokyoStaff {
protected:
    TwoRegistries() : terms(read_terms("jpn-ukr.toml")), tokyo("JPN", terms), kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        take_office(tokyo, later);
        for (Someone* who : {&reader, &uncleared, &administrator}) {
            kyiv.enrol(*who);
            kyiv.brief(*who);
        }
        kyiv.appoint(administrator, "administrator");
        kyiv.appoint(reader, "reader");
        kyiv.clear(reader, "tsilkom-taiemno", later);
        kyiv.accredit("tsilkom-taiemno");
    }

    ItemId arrived_item() const {
        const auto state = kyiv.registry->state();
        return state.items().empty() ? ItemId() : state.items().begin()->first;
    }

    ItemId exchange(const Bytes& document) {
        const ItemId item = tokyo.enter(originator, document, "gokuhi", purpose);
        EXPECT_TRUE(tokyo.approve(releaser, item, "UKR").decision.permitted());
        EXPECT_TRUE(tokyo.approve(second, item, "UKR").decision.permitted());
        const auto answer = tokyo.dispatch(tokyo.control_officer, item, "UKR");
        EXPECT_TRUE(answer.decision.permitted()) << answer.decision.reason();
        const auto worked = tokyo.work();
        EXPECT_TRUE(worked) << worked.error().text();
        return item;
    }

    Bytes terms;
    Side tokyo;
    Side kyiv;
    Time later = tokyo.clock.now().plus_days(200);
    std::string purpose = tokyo.terms.purposes().front().code;
    Someone reader{"Shevchenko"}, uncleared{"Koval"}, administrator{"Admin"};
};

} // namespace valise::testing
