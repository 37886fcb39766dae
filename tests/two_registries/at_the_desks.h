// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/one_time_code.h"
#include "desk/pages.h"
#include "two_registries/browser.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace valise::testing {

// The pages of both sides after an exchange, in the sanitizers' reach.
class AtTheDesks : public ::testing::Test, protected TokyoStaff {
protected:
    AtTheDesks() : terms(read_terms("jpn-ukr.toml")), tokyo("JPN", terms), kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        take_office(tokyo, tokyo.clock.now().plus_days(200));
        kyiv.accredit("tsilkom-taiemno");
        purpose = tokyo.terms.purposes().front().code;
        item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
        paper = tokyo.enter_described(originator, "hi", purpose, "paper", {{"pages", 3}});
        tokyo.approve(releaser, item, "UKR");
        tokyo.approve(second, item, "UKR");
        tokyo.dispatch(tokyo.control_officer, item, "UKR");
        EXPECT_TRUE(tokyo.work());
        EXPECT_TRUE(kyiv.work());
        EXPECT_TRUE(tokyo.registry->tick());
    }

    std::unique_ptr<desk::Pages> open(Side& side, bool tls = false) {
        auto opened = desk::Accounts::open(store, SecretBytes::copy(Bytes(32, 7)), {8, 1});
        EXPECT_TRUE(opened.has_value());
        accounts = std::move(*opened);
        return std::make_unique<desk::Pages>(
            *side.registry, *accounts, side.clock,
            desk::Pages::Setting{tls,
                                 {"desk.example"},
                                 [] { return "TLSv1.3"; },
                                 [](const forms::Sheet&) { return to_bytes("%PDF"); }});
    }
    static std::string lower(std::string text) {
        std::ranges::transform(text, text.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        return text;
    }
    Browser signed_in(const desk::Pages& pages, Side& side, const Someone& who,
                      const std::string& name) {
        const Json made = pages.make_account(who.id(), name).value();
        Browser browser{pages};
        const auto secret = from_base32(lower(made.at("secret"))).value();
        const std::string password = made.at("password");
        auto answer = browser.post(
            "/sign-in",
            {{"token", browser.token("/sign-in")},
             {"name", name},
             {"password", password},
             {"code", desk::one_time_code(secret, desk::code_period(side.clock.now()))}});
        EXPECT_EQ(answer.status, 303U);
        answer = browser.post("/account", {{"token", browser.token("/account")},
                                           {"password", password},
                                           {"fresh", "a phrase of letters"},
                                           {"again", "a phrase of letters"}});
        EXPECT_EQ(answer.status, 303U) << to_text(answer.body);
        return browser;
    }

    Bytes terms;
    Side tokyo;
    Side kyiv;
    MemoryStateStore store;
    std::unique_ptr<desk::Accounts> accounts;
    std::string purpose;
    ItemId item;
    ItemId paper;
};

} // namespace valise::testing
