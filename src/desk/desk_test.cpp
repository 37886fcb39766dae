// SPDX-License-Identifier: Apache-2.0
#include "desk/api.h"
#include "desk/internal/openapi.h"
#include "desk/internal/problem.h"
#include "desk/internal/routes.h"
#include "desk/internal/testing.h"
#include "desk/internal/views.h"

#include <gtest/gtest.h>

namespace valise::desk {
namespace {

TEST(Match, TakesThePartsAndNothingElse) {
    const auto parts = match("/api/v1/opens/{permit}/sealed", "/api/v1/opens/12/sealed");
    ASSERT_TRUE(parts);
    EXPECT_EQ(*parts, std::vector<std::string>{"12"});
    for (const char* path : {"/api/v1/opens//sealed", "/api/v1/opens/12",
                             "/api/v1/opens/1/2/sealed", "/api/v1/opens/12/sealed/", "", "/"})
        EXPECT_FALSE(match("/api/v1/opens/{permit}/sealed", path)) << path;
}

TEST(Query, IsDecodedStrictly) {
    const auto query = parse_query("endpoint=127.0.0.1%3A7443&a+b=c%20d");
    ASSERT_TRUE(query);
    EXPECT_EQ(query->at("endpoint"), "127.0.0.1:7443");
    EXPECT_EQ(query->at("a b"), "c d");
    for (const char* wrong : {"a=%", "a=%4", "a=%zz", "a=1&a=2", "a=%ff", "%c3=1"})
        EXPECT_FALSE(parse_query(wrong)) << wrong;
    EXPECT_TRUE(parse_query("").value().empty());
}

TEST(Problem, NamesTheReasonAndShowsNoForeignBytes) {
    const auto response = problem({Code::refused, "vault.not_recorded", "a\x1b[31mb"});
    EXPECT_EQ(response.status, 403U);
    EXPECT_EQ(response.content_type, "application/problem+json");
    const auto body = parse_json(response.body);
    ASSERT_TRUE(body);
    EXPECT_EQ(body->at("code"), "vault.not_recorded");
    EXPECT_EQ(body->at("kind"), "refused");
    EXPECT_EQ(to_text(response.body).find('\x1b'), std::string::npos);
}

using testing::schema_faults;

TEST(OpenApi, HoldsEveryRouteWithWhatItTakesAndGives) {
    const Json document = Api::openapi();
    const Json& schemas = document.at("components").at("schemas");
    for (const Route& route : routes()) {
        ASSERT_TRUE(document.at("paths").contains(route.pattern)) << route.pattern;
        const std::string method = std::string_view(route.method) == "GET" ? "get" : "post";
        const Json& path = document.at("paths").at(route.pattern);
        ASSERT_TRUE(path.contains(method)) << route.pattern;
        const std::string_view gives = route.gives;
        EXPECT_TRUE(gives.contains('/') || schemas.contains(std::string(gives))) << gives;
        const bool takes = path.at(method).contains("requestBody");
        EXPECT_EQ(takes, route.takes != nullptr) << route.pattern;
    }
    EXPECT_TRUE(document.at("paths").contains("/api/v1/blobs"));
}

// Every name that a schema refers to is there, and none stands there for nothing.
TEST(OpenApi, ItsReferencesLeadToSchemasAndEachSchemaIsUsed) {
    const Json document = Api::openapi();
    const std::string text = document.dump();
    for (const auto& [name, schema] : document.at("components").at("schemas").items())
        EXPECT_TRUE(text.contains("\"#/components/schemas/" + name + "\"")) << name;
    constexpr std::string_view kRef = "#/components/schemas/";
    for (auto at = text.find(kRef); at != std::string::npos; at = text.find(kRef, at + 1)) {
        const auto start = at + kRef.size();
        const std::string name = text.substr(start, text.find('"', start) - start);
        EXPECT_TRUE(document.at("components").at("schemas").contains(name)) << name;
    }
}

TEST(OpenApi, TheSchemaCheckCanFail) {
    const Json all = answer_schemas();
    EXPECT_TRUE(schema_faults(all, "alive", {{"v", 1}, {"alive", true}}).empty());
    for (const Json& wrong :
         {Json{{"v", 1}}, Json{{"v", 2}, {"alive", true}}, Json{{"v", 1}, {"alive", "yes"}},
          Json{{"v", 1}, {"alive", true}, {"more", 1}}})
        EXPECT_EQ(schema_faults(all, "alive", wrong).size(), 1U) << wrong;
    EXPECT_EQ(schema_faults(all, "event", {{"log", "third"}, {"index", 1}}).size(), 1U);
}

// The views of a running registry are compared in tests/two_registries.
TEST(OpenApi, SaysWhatTheViewsWrite) {
    const Json all = answer_schemas();
    const auto none = std::vector<std::string>();
    registry::ActAnswer answer;
    EXPECT_EQ(schema_faults(all, "act-answer", answer_json(answer)), none);
    answer.decision.outcome = agreement::Outcome::permit;
    answer.decision.consulted = {{"a", "O-01", agreement::Finding::duty, "agreement.a"}};
    answer.decision.duties = {{"a", "remark", Time{60}}};
    answer.outcome = 7;
    answer.result = {{"item", "itm-a"}, {"number", "JPN-2026-0001"}, {"copy", "cpy-a"}};
    EXPECT_EQ(schema_faults(all, "act-answer", answer_json(answer)), none);

    logbook::Person person;
    EXPECT_EQ(schema_faults(all, "person", person_json(person)), none);
    person.roles = {logbook::Role::reader};
    person.clearance = logbook::Clearance{"gokuhi", Time{60}, "a"};
    EXPECT_EQ(schema_faults(all, "person", person_json(person)), none);

    registry::DispatchView dispatch;
    EXPECT_EQ(schema_faults(all, "dispatch", dispatch_json(dispatch)), none);
    dispatch.dispatch.finding = logbook::ReceiptFinding::in_order;
    dispatch.dispatch.since = Time{60};
    EXPECT_EQ(schema_faults(all, "dispatch", dispatch_json(dispatch)), none);

    const auto body = parse_json(problem({Code::limit, "a.b", "c"}).body);
    ASSERT_TRUE(body);
    EXPECT_EQ(schema_faults(all, "problem", *body), none);
}

} // namespace
} // namespace valise::desk
