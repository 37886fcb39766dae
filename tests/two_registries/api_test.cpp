// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.h"
#include "desk/api.h"
#include "desk/internal/testing.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

namespace valise::testing {
namespace {

// What a path gives is what the description of the API says that it gives.
class DescribedApi : public ::testing::Test, protected TokyoStaff {
protected:
    DescribedApi() : terms(read_terms("jpn-ukr.toml")), tokyo("JPN", terms), kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        take_office(tokyo, later);
        kyiv.accredit("tsilkom-taiemno");
        const std::string purpose = tokyo.terms.purposes().front().code;
        const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
        tokyo.approve(releaser, item, "UKR");
        tokyo.approve(second, item, "UKR");
        tokyo.dispatch(tokyo.control_officer, item, "UKR");
        EXPECT_TRUE(tokyo.work());
        using logbook::ActKind;
        tokyo.act(releaser, ActKind::change_class,
                  {{"item", item.text()}, {"level", "hi"}, {"reason", "published"}});
        const auto arrived = kyiv.registry->state().items().begin()->first;
        kyiv.act(kyiv.control_officer, ActKind::report_incident,
                 {{"item", arrived.text()}, {"what", "suspected"}});
        EXPECT_TRUE(tokyo.work());
        EXPECT_TRUE(kyiv.work());
        EXPECT_TRUE(kyiv.work()); // brings the custody receipt
        EXPECT_TRUE(tokyo.registry->tick());
    }

    // Faults of the answer to a GET of this path, described under `pattern`.
    static std::vector<std::string> faults(const desk::Api& api, const std::string& pattern,
                                           const std::string& path) {
        HttpRequest request;
        request.method = "GET";
        request.target = path;
        const HttpResponse response = api.answer(request);
        const auto body = parse_json(response.body, {.bytes = 16 << 20, .values = 100000});
        if (!body)
            return {path + ": " + body.error().text()};
        const Json document = desk::Api::openapi();
        const Json& answers = document.at("paths").at(pattern).at("get").at("responses");
        const Json& described = answers.at(std::to_string(response.status));
        const auto name = described.at("content")
                              .at("application/json")
                              .at("schema")
                              .at("$ref")
                              .get<std::string>();
        return desk::testing::schema_faults(document.at("components").at("schemas"),
                                            name.substr(name.rfind('/') + 1), *body);
    }

    Bytes terms;
    Side tokyo;
    Side kyiv;
    Time later = tokyo.clock.now().plus_days(200);
};

TEST_F(DescribedApi, EveryAnswerIsAsDescribedOnBothSides) {
    for (Side* side : {&tokyo, &kyiv}) {
        const desk::Api api(*side->registry, [] { return "TLSv1.3"; });
        const auto state = side->registry->state();
        ASSERT_EQ(state.items().size(), 1U);
        ASSERT_EQ(state.dispatches().size(), 1U);
        for (const char* path :
             {"/healthz", "/readyz", "/api/v1/status", "/api/v1/keys", "/api/v1/items",
              "/api/v1/dispatches", "/api/v1/people", "/api/v1/facilities", "/api/v1/containers",
              "/api/v1/musters", "/api/v1/log/checkpoints", "/api/v1/doctor", "/api/v1/duties",
              "/api/v1/notices", "/api/v1/incidents", "/api/v1/clients", "/api/v1/laws",
              "/api/v1/controls", "/api/v1/recons"})
            EXPECT_EQ(faults(api, path, path), std::vector<std::string>()) << side->party;
        EXPECT_EQ(faults(api, "/api/v1/items/{item}",
                         "/api/v1/items/" + state.items().begin()->first.text()),
                  std::vector<std::string>());
        ASSERT_EQ(state.notices().size(), 2U);
        ASSERT_EQ(state.incidents().size(), 1U);
        EXPECT_EQ(faults(api, "/api/v1/notices/{notice}",
                         "/api/v1/notices/" + state.notices().begin()->first.text()),
                  std::vector<std::string>());
        for (const char* form : {"transmittal-note", "custody-receipt"})
            EXPECT_EQ(faults(api, "/api/v1/forms/{form}/{subject}",
                             std::string("/api/v1/forms/") + form + "/" +
                                 state.dispatches().begin()->first.text()),
                      std::vector<std::string>());
        EXPECT_EQ(faults(api, "/api/v1/dispatches/{dispatch}",
                         "/api/v1/dispatches/" + state.dispatches().begin()->first.text()),
                  std::vector<std::string>());
    }
}

// Page by page, each with where the next begins; what nobody can ask for is refused.
TEST_F(DescribedApi, ItemsComeInPagesAndByWhatIsAsked) {
    for (int n = 0; n < 4; ++n)
        tokyo.enter_described(originator, "hi", tokyo.terms.purposes().front().code, "paper",
                              {{"pages", 3}});
    const desk::Api api(*tokyo.registry, [] { return ""; });
    const auto ask = [&](const std::string& query) {
        HttpRequest request;
        request.method = "GET";
        request.target = "/api/v1/items" + query;
        return api.answer(request);
    };
    const auto numbers = [&](const std::string& query) {
        const Json body = *parse_json(ask(query).body, {});
        std::vector<std::string> out;
        for (const Json& item : body.at("items"))
            out.push_back(item.at("number"));
        out.push_back(body.at("next").is_null() ? "" : body.at("next").get<std::string>());
        return out;
    };
    EXPECT_EQ(numbers("?limit=2"),
              (std::vector<std::string>{"JPN-2026-0001", "JPN-2026-0002", "JPN-2026-0002"}));
    EXPECT_EQ(numbers("?limit=2&after=JPN-2026-0004"),
              (std::vector<std::string>{"JPN-2026-0005", ""}));
    EXPECT_EQ(numbers("?form=electronic"), (std::vector<std::string>{"JPN-2026-0001", ""}));
    EXPECT_EQ(numbers("?number=JPN-2026-0003"), (std::vector<std::string>{"JPN-2026-0003", ""}));
    EXPECT_EQ(numbers("?level=nowhere"), (std::vector<std::string>{""}));
    for (const char* wrong : {"?number=7", "?after=x", "?limit=all", "?colour=red"})
        EXPECT_EQ(ask(wrong).status, 400U) << wrong;
}

// Asked before the act: the answer is what the act would get, for whoever might sign it, and the
// log is as long as before.
TEST_F(DescribedApi, WhatWouldBeDecidedIsSaidAndNotRecorded) {
    const desk::Api api(*tokyo.registry, [] { return "TLSv1.3"; });
    const ItemId item = tokyo.registry->state().items().begin()->first;
    const std::string purpose = tokyo.terms.purposes().front().code;
    const auto events = tokyo.registry->state().next_seq();
    const auto asked = [&](const Someone& who) {
        const auto act = logbook::Act::make(logbook::ActKind::grant, "JPN", tokyo.terms.digest(),
                                            tokyo.clock.now(), who.key.public_bytes(),
                                            {{"person", second.id().text()},
                                             {"item", item.text()},
                                             {"purpose", purpose},
                                             {"until", later.text()}},
                                            crypto::random_array<16>());
        HttpRequest request;
        request.method = "POST";
        request.target = "/api/v1/acts/consider";
        request.body = act->bytes();
        const HttpResponse response = api.answer(request);
        EXPECT_EQ(response.status, 200);
        const Json body = *parse_json(response.body, {});
        EXPECT_EQ(desk::testing::schema_faults(desk::Api::openapi().at("components").at("schemas"),
                                               "considered", body),
                  std::vector<std::string>());
        return body;
    };
    const Json officer = asked(tokyo.control_officer);
    EXPECT_EQ(officer.at("outcome"), "permit");
    const Json other = asked(originator);
    EXPECT_EQ(other.at("outcome"), "refuse");
    EXPECT_EQ(officer.at("people"), other.at("people"));
    std::map<std::string, std::string> outcomes;
    for (const Json& person : other.at("people"))
        outcomes[person.at("person")] = person.at("outcome");
    EXPECT_EQ(outcomes.size(), tokyo.registry->state().persons().size());
    EXPECT_EQ(outcomes.at(tokyo.control_officer.id().text()), "permit");
    for (const Json& person : other.at("people"))
        if (person.at("person") == originator.id().text()) {
            EXPECT_EQ(person.at("refusals").at(0).at("clause"), "control-officer");
        }
    EXPECT_EQ(tokyo.registry->state().next_seq(), events);
    // And the act itself, made now, gets what was said.
    EXPECT_FALSE(tokyo
                     .try_act(originator, logbook::ActKind::grant,
                              {{"person", second.id().text()},
                               {"item", item.text()},
                               {"purpose", purpose},
                               {"until", later.text()}})
                     ->decision.permitted());
}

TEST_F(DescribedApi, PaperAndPeopleWithAPastAreAsDescribed) {
    const desk::Api api(*tokyo.registry, [] { return "TLSv1.3"; });
    const ItemId item =
        tokyo.enter_described(originator, "gokuhi", tokyo.terms.purposes().front().code, "paper",
                              {{"pages", 12}, {"sheets", 6}});
    for (const auto kind : {logbook::ActKind::correct, logbook::ActKind::cancel}) {
        Json content = {{"item", item.text()}, {"reason", "miscounted"}};
        if (kind == logbook::ActKind::correct)
            content["pages"] = 14;
        tokyo.act(originator, kind, content);
    }
    tokyo.brief(releaser);
    const std::string person = releaser.id().text();
    tokyo.act(tokyo.clearance_officer, logbook::ActKind::transfer,
              {{"person", person}, {"employer", "Ministry"}});
    tokyo.act(releaser, logbook::ActKind::absence,
              {{"person", person}, {"from", later.text()}, {"until", later.text()}});
    EXPECT_EQ(faults(api, "/api/v1/items/{item}", "/api/v1/items/" + item.text()),
              std::vector<std::string>());
    EXPECT_EQ(faults(api, "/api/v1/people", "/api/v1/people"), std::vector<std::string>());
    EXPECT_EQ(faults(api, "/api/v1/recovery", "/api/v1/recovery"), std::vector<std::string>());
}

TEST_F(DescribedApi, AStatementOnBothLogsIsAsDescribed) {
    for (int i = 0; i < 3; ++i)
        for (Side* side : {&tokyo, &kyiv})
            ASSERT_TRUE(side->work()); // each holds the other's leaves
    const desk::Api api(*tokyo.registry, [] { return ""; });
    EXPECT_EQ(faults(api, "/api/v1/recon/proposal", "/api/v1/recon/proposal"),
              std::vector<std::string>());
    const auto statement = tokyo.registry->propose_reconciliation();
    ASSERT_TRUE(statement) << statement.error().text();
    const auto& own = statement->of("JPN");
    const auto& theirs = &own == &statement->first ? statement->second : statement->first;
    tokyo.act(tokyo.control_officer, logbook::ActKind::reconcile,
              {{"recon", to_base64(statement->digest())},
               {"own", std::to_string(own.to)},
               {"theirs", std::to_string(theirs.to)},
               {"text", to_base64(statement->bytes())}});
    EXPECT_EQ(faults(api, "/api/v1/recons", "/api/v1/recons"), std::vector<std::string>());
    const std::string one = "/api/v1/recons/" + to_hex(statement->digest());
    EXPECT_EQ(faults(api, "/api/v1/recons/{recon}", one), std::vector<std::string>());
}

TEST_F(DescribedApi, NoPathIsForgottenByTheTestAbove) {
    std::size_t described = 0;
    const Json document = desk::Api::openapi();
    for (const auto& [path, operations] : document.at("paths").items())
        if (operations.contains("get"))
            described += operations.at("get")
                                 .at("responses")
                                 .at("200")
                                 .at("content")
                                 .value("application/json", Json::object())
                                 .contains("schema")
                             ? 1
                             : 0;
    EXPECT_EQ(described, 30U); // two of them in pages_test.cpp
}

} // namespace
} // namespace valise::testing
