// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/http_test_support.h"
#include "adapters/http/internal/web_place.h"
#include "adapters/http/web_call.h"

#include <thread>

namespace valise::adapters {
namespace {

using namespace testing_support;

TEST(WebPlace, OneReadingOrNone) {
    const auto place = parse_web_place("https://id.example:8443/realms/mofa/?p=sign%20in&q=1");
    ASSERT_TRUE(place);
    EXPECT_TRUE(place->tls);
    EXPECT_EQ(place->host, "id.example");
    EXPECT_EQ(place->port, 8443);
    EXPECT_EQ(place->path, "/realms/mofa/");
    EXPECT_EQ(place->query, "?p=sign%20in&q=1");
    EXPECT_EQ(parse_web_place("https://id.example")->port, 443);
    EXPECT_FALSE(parse_web_place("http://127.0.0.1:80/")->tls);
    for (const char* bad :
         {"", "id.example", "http://id.example/", "http://localhost:80/", "https://",
          "https://u@id.example/", "https://id.example/#f", "https://id.example/a/../b",
          "https://id.example//a", "https://id.example/%2e", "https://id.example/?",
          "https://id.example/?a b", "https://id.example/?a=\"", "https://id.example?a#b",
          "HTTPS://id.example/", "https://id.example:0/", "https://id.example:65536/",
          "file:///etc/passwd", "https://id.example\n/"})
        EXPECT_FALSE(parse_web_place(bad)) << bad;
}

TEST(WebCall, AuthoritiesMustBeCertificates) {
    EXPECT_EQ(web_caller(to_bytes("no PEM")).error().reason(), "adapters.tls");
}

TEST(WebCall, CarriesACallAndFollowsNobody) {
    HttpServer server(2);
    HttpRequest seen;
    HttpService service;
    service.handler = [&](const HttpRequest& request) {
        seen = request;
        HttpResponse out = text_response("moved", 302);
        out.headers["location"] = "https://elsewhere.example/";
        if (request.target == "/large")
            out.body = Bytes(kMaxWebAnswer + 1, 'x');
        return out;
    };
    const auto port = server.listen_loopback(0, std::move(service));
    ASSERT_TRUE(port);
    ASSERT_TRUE(server.start());
    const auto caller = web_caller({});
    if (!caller)
        GTEST_SKIP() << "this system knows no authorities";
    const std::string base = "http://127.0.0.1:" + std::to_string(*port);
    const auto call = [](std::string url) {
        WebCall out;
        out.url = std::move(url);
        return out;
    };
    WebCall token = call(base + "/token?a=1");
    token.method = "POST";
    token.headers = {{"authorization", "Basic eA=="}};
    token.body = to_bytes("code=1");
    const auto answer = (*caller)(token);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 302U);
    EXPECT_EQ(to_text(answer->body), "moved");
    EXPECT_EQ(seen.target, "/token?a=1");
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(to_text(seen.body), "code=1");
    EXPECT_EQ(seen.headers.at("authorization"), "Basic eA==");
    EXPECT_EQ((*caller)(call(base + "/large")).error().reason(), "adapters.http_body");
    EXPECT_EQ((*caller)(call("http://id.example/")).error().reason(), "adapters.web_url");
    token.headers = {{"a", "b\r\nc: d"}};
    EXPECT_EQ((*caller)(token).error().reason(), "adapters.http_request");
}

// Progress, and never an end: whoever waits is not kept by it.
TEST(WebCall, ADrippingAnswerEndsInTime) {
    class Dripping final : public ByteSource {
    public:
        Result<std::size_t> read(std::span<Byte> out) override {
            std::this_thread::sleep_for(std::chrono::milliseconds(40));
            out[0] = 'x';
            return ++given_ > 200 ? 0 : 1;
        }

    private:
        int given_ = 0;
    };
    HttpServer server(2);
    HttpService service;
    service.handler = [](const HttpRequest&) {
        HttpResponse out;
        out.stream = std::make_shared<Dripping>();
        return out;
    };
    const auto port = server.listen_loopback(0, std::move(service));
    ASSERT_TRUE(port);
    ASSERT_TRUE(server.start());
    const auto caller = web_caller({}, std::chrono::milliseconds(400));
    if (!caller)
        GTEST_SKIP() << "this system knows no authorities";
    WebCall call;
    call.url = "http://127.0.0.1:" + std::to_string(*port) + "/";
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = (*caller)(call);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().reason(), "adapters.http_timeout");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4));
}

} // namespace
} // namespace valise::adapters
