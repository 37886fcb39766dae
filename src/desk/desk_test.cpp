// SPDX-License-Identifier: Apache-2.0
#include "desk/api.h"
#include "desk/internal/problem.h"
#include "desk/internal/routes.h"

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

TEST(OpenApi, HoldsEveryRouteAndTheUpload) {
    const Json schema = Api::openapi();
    for (const Route& route : routes()) {
        ASSERT_TRUE(schema.at("paths").contains(route.pattern)) << route.pattern;
        const std::string method = std::string_view(route.method) == "GET" ? "get" : "post";
        EXPECT_TRUE(schema.at("paths").at(route.pattern).contains(method)) << route.pattern;
    }
    EXPECT_TRUE(schema.at("paths").contains("/api/v1/blobs"));
}

} // namespace
} // namespace valise::desk
