// SPDX-License-Identifier: Apache-2.0
#include "desk/api.h"
#include "desk/internal/testing.h"
#include "two_registries/side.h"

#include <gtest/gtest.h>

namespace valise::testing {
namespace {

// What a path gives is what the description of the API says that it gives.
class DescribedApi : public ::testing::Test {
protected:
    DescribedApi() : terms(read_terms("jpn-ukr.toml")), tokyo("JPN", terms), kyiv("UKR", terms) {
        tokyo.pair_with(kyiv);
        kyiv.pair_with(tokyo);
        for (Someone* who : {&originator, &releaser, &second}) {
            tokyo.enrol(*who);
            tokyo.clear(*who, "kimitsu", later);
        }
        tokyo.appoint(originator, "originator");
        tokyo.appoint(releaser, "releasing-authority");
        tokyo.appoint(second, "releasing-authority");
        tokyo.accredit("gokuhi");
        kyiv.accredit("tsilkom-taiemno");
        const std::string purpose = tokyo.terms.purposes().front().code;
        const ItemId item = tokyo.enter(originator, to_bytes("text"), "gokuhi", purpose);
        tokyo.approve(releaser, item, "UKR");
        tokyo.approve(second, item, "UKR");
        tokyo.dispatch(tokyo.control_officer, item, "UKR");
        EXPECT_TRUE(tokyo.work());
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
    Someone originator{"Tanaka"}, releaser{"Suzuki"}, second{"Sato"};
};

TEST_F(DescribedApi, EveryAnswerIsAsDescribedOnBothSides) {
    for (Side* side : {&tokyo, &kyiv}) {
        const desk::Api api(*side->registry, terms, [] { return "TLSv1.3"; });
        const auto state = side->registry->state();
        ASSERT_EQ(state.items().size(), 1U);
        ASSERT_EQ(state.dispatches().size(), 1U);
        for (const char* path :
             {"/healthz", "/readyz", "/api/v1/status", "/api/v1/keys", "/api/v1/items",
              "/api/v1/dispatches", "/api/v1/containers", "/api/v1/duties", "/api/v1/people",
              "/api/v1/log/checkpoints", "/api/v1/doctor"})
            EXPECT_EQ(faults(api, path, path), std::vector<std::string>()) << side->party;
        EXPECT_EQ(faults(api, "/api/v1/items/{item}",
                         "/api/v1/items/" + state.items().begin()->first.text()),
                  std::vector<std::string>());
        EXPECT_EQ(faults(api, "/api/v1/dispatches/{dispatch}",
                         "/api/v1/dispatches/" + state.dispatches().begin()->first.text()),
                  std::vector<std::string>());
    }
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
    EXPECT_EQ(described, 13U);
}

} // namespace
} // namespace valise::testing
