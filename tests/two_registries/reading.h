// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/one_time_code.h"
#include "envelope/container.h"
#include "rendering/pages.h"
#include "two_registries/browser.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

#include <algorithm>

// A document that came to Kyiv, a renderer that keeps what it gets, and the desks over them.
namespace valise::testing {

using logbook::ActKind;
using logbook::Stage;

// Keeps what the key process hands to it.
class FakeRenderer : public vault::Renderer {
public:
    struct Seen {
        rendering::Job job;
        Bytes document;
        bool whole = false;
    };
    class Taking : public Drawing {
    public:
        Taking(Seen& seen, rendering::Verdict verdict) : seen_(seen), verdict_(verdict) {}
        Result<void> write(ByteView bytes) override {
            append(seen_.document, bytes);
            return {};
        }
        Result<void> finish() override {
            seen_.whole = true;
            return rendering::result_of(verdict_);
        }

    private:
        Seen& seen_;
        rendering::Verdict verdict_;
    };
    Result<std::unique_ptr<Drawing>> begin(const rendering::Job& job, int) override {
        if (down)
            return fail(Code::unavailable, "adapters.renderer_down", "a test's");
        seen.push_back(std::make_unique<Seen>(Seen{job, {}, false}));
        return std::unique_ptr<Drawing>(std::make_unique<Taking>(*seen.back(), verdict));
    }
    std::vector<std::unique_ptr<Seen>> seen;
    rendering::Verdict verdict = rendering::Verdict::shown;
    bool down = false;
};

template<class T> std::string reason_of(const Result<T>& result) {
    return result ? "" : result.error().reason();
}

// A document that came to Kyiv, and somebody there who may read it.
class ReadingDesk : public ::testing::Test, protected TokyoStaff {
protected:
    ReadingDesk() : terms(read_terms("jpn-ukr.toml")), tokyo("JPN", terms), kyiv("UKR", terms) {
        kyiv.renderer = &renderer;
        kyiv.crash();
        kyiv.restart_keys();
        kyiv.start();
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        take_office(tokyo, later());
        kyiv.accredit("tsilkom-taiemno");
        for (const Someone* who : {&reader, &other}) {
            kyiv.enrol(*who);
            kyiv.appoint(*who, "reader");
            kyiv.clear(*who, "tsilkom-taiemno", later());
            kyiv.brief(*who);
        }
        purpose = tokyo.terms.purposes().front().code;
        item = arrived(false);
    }
    Time later() { return tokyo.clock.now().plus_days(200); }

    ItemId arrived(bool controlled) {
        const ItemId entered = tokyo.enter(originator, to_bytes("the document"), "gokuhi", purpose);
        const auto state = tokyo.registry->state();
        for (const Someone* who : {&releaser, &second}) {
            Json content = {{"release_digest",
                             to_base64(logbook::release_digest(
                                 entered, state.item(entered)->payload_root,
                                 state.item(entered)->label_sha256, "UKR", tokyo.terms.digest()))},
                            {"item", entered.text()},
                            {"recipient", "UKR"},
                            {"level", "gokuhi"},
                            {"terms", to_base64(tokyo.terms.digest())}};
            if (controlled)
                content["control"] = "originator";
            tokyo.act(*who, ActKind::approve_release, content);
        }
        const auto sent = tokyo.dispatch(tokyo.control_officer, entered, "UKR");
        EXPECT_TRUE(tokyo.work());
        const auto id = *DispatchId::parse(sent.result.at("dispatch").get<std::string>());
        const auto there = kyiv.registry->state();
        for (const auto& [found, entry] : there.items())
            if (entry.dispatch == id) {
                kyiv.grant(reader, found, purpose, later());
                return found;
            }
        ADD_FAILURE() << "it did not arrive";
        return {};
    }
    Json content(const ItemId& of) {
        return {{"item", of.text()},
                {"copy", kyiv.registry->state().copies_of(of).front().id.text()},
                {"purpose", purpose}};
    }
    std::uint64_t permitted(const ItemId& of) {
        const auto answer = kyiv.try_act(reader, ActKind::open, content(of));
        EXPECT_TRUE(answer) << answer.error().text();
        EXPECT_TRUE(answer->decision.permitted()) << answer->decision.reason();
        EXPECT_EQ(answer->result.value("place", ""), "desk");
        EXPECT_FALSE(answer->result.contains("share"));
        return answer->seq;
    }

    FakeRenderer renderer;
    Bytes terms;
    Side tokyo;
    Side kyiv;
    Someone reader{"Ірина Бондаренко"};
    Someone other{"Somebody Else"};
    std::string purpose;
    ItemId item;
};

inline const Bytes kPixel = *from_base64(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC");

class ReadingPages : public ReadingDesk {
protected:
    ReadingPages() {
        accounts = std::move(*desk::Accounts::open(store, SecretBytes::copy(Bytes(32, 7)), {8, 1}));
        pages = std::make_unique<desk::Pages>(
            *kyiv.registry, *accounts, kyiv.clock,
            desk::Pages::Setting{
                false,
                {"desk.example"},
                [] { return "TLSv1.3"; },
                [](const forms::Sheet&) { return to_bytes("%PDF"); },
                [this](const desk::SecurityEvent& event) { noted.emplace_back(event.what); },
                [this](std::uint64_t permit, rendering::Job::Output output) {
                    return draw(permit, output);
                }});
    }
    Result<rendering::Shown> draw(std::uint64_t permit, rendering::Job::Output output) {
        TRY(kyiv.registry->show(permit, -1));
        if (const auto then = after_drawing)
            then();
        rendering::Shown out;
        if (output == rendering::Job::Output::print) {
            out.print = SecretBytes::copy(view("%PDF- of the test"));
            out.summary = {"pdf", 3, 3};
            return out;
        }
        for (int i = 0; i < 2; ++i)
            out.pages.push_back({SecretBytes::copy(kPixel), 1, 1});
        out.summary = {"pdf", 5, 2};
        return out;
    }
    Browser signed_in(const Someone& who, const std::string& name) {
        const Json made = pages->make_account(who.id(), name).value();
        Browser browser{*pages};
        std::string letters = made.at("secret");
        std::ranges::transform(letters, letters.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        const std::string password = made.at("password");
        secrets[name] = *from_base32(letters);
        browser.post(
            "/sign-in",
            {{"token", browser.token("/sign-in")},
             {"name", name},
             {"password", password},
             {"code", desk::one_time_code(secrets.at(name), desk::code_period(kyiv.clock.now()))}});
        browser.post("/account", {{"token", browser.token("/account")},
                                  {"password", password},
                                  {"fresh", "a phrase of letters"},
                                  {"again", "a phrase of letters"}});
        return browser;
    }
    // Another session of somebody who has an account already.
    Browser signed_in_again(const std::string& name) {
        kyiv.clock.at = kyiv.clock.at.plus_seconds(60); // a code counts once
        Browser browser{*pages};
        browser.post("/sign-in", {{"token", browser.token("/sign-in")},
                                  {"name", name},
                                  {"password", "a phrase of letters"},
                                  {"code", desk::one_time_code(secrets.at(name),
                                                               desk::code_period(kyiv.clock.at))}});
        return browser;
    }
    // Prepared, looked at, signed and handed in; where it is shown then.
    std::string permit(Browser& browser) {
        const Json members = content(item);
        auto answer = browser.post("/acts/open", {{"token", browser.token("/acts/open")},
                                                  {"item", members.at("item")},
                                                  {"copy", members.at("copy")},
                                                  {"purpose", members.at("purpose")}});
        const std::string at = answer.headers["location"];
        EXPECT_NE(browser.get(at).find("The agreement would permit it"), std::string::npos);
        const auto act = pages->prepared(at.substr(at.rfind('/') + 1)).value();
        EXPECT_FALSE(act.optional_field("session_key"));
        browser.post(at,
                     {{"token", browser.token(at)},
                      {"signed", to_base64(logbook::SignedAct::make(act, reader.key)->bytes())}});
        const std::string done = browser.get(at);
        const auto link = done.find("/reading/");
        EXPECT_NE(link, std::string::npos) << done;
        return done.substr(link, done.find('"', link) - link);
    }
    unsigned show(Browser& browser, const std::string& at) {
        return browser.post(at, {{"token", browser.token("/reading")}}).status;
    }
    Stage outcome() { return kyiv.registry->history(item, 1).value().back().stage(); }

    std::function<void()> after_drawing;
    MemoryStateStore store;
    std::unique_ptr<desk::Accounts> accounts;
    std::unique_ptr<desk::Pages> pages;
    std::vector<std::string> noted;
    std::map<std::string, Bytes> secrets;
};

} // namespace valise::testing
