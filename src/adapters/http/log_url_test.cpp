// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/http_test_support.h"
#include "adapters/http/log_url.h"

namespace valise::adapters {
namespace {

TEST(LogUrl, OnlyAddressesThatReadOneWay) {
    for (const char* good : {"https://log.example/", "https://log.example:8443/a/b/",
                             "http://127.0.0.1:8080", "http://127.0.0.1:1/x/aaaa/1"})
        EXPECT_TRUE(LogUrl::at(good)) << good;
    for (const char* bad : {"",
                            "log.example",
                            "http://log.example/",
                            "http://localhost:80/",
                            "http://127.0.0.1/",
                            "http://127.0.0.1:0/",
                            "http://127.0.0.1:65536/",
                            "http://127.0.0.1:80x/",
                            "https://",
                            "https://:443/",
                            "https://u@log.example/",
                            "https://log.example/?q",
                            "https://log.example/#f",
                            "https://log.example/a/../b",
                            "https://log.example//a",
                            "https://log.example/%2e",
                            "https://log.example/a b",
                            "https://log.example\n/",
                            "file:///etc/passwd",
                            "HTTPS://log.example/",
                            "https://log.example:-1/",
                            "http://127.0.0.1:80@log.example/"}) {
        const auto refused = LogUrl::at(bad);
        ASSERT_FALSE(refused) << bad;
        EXPECT_EQ(refused.error().reason(), "adapters.log_url") << bad;
    }
}

TEST(LogUrl, AuthoritiesMustBeCertificates) {
    EXPECT_EQ(LogUrl::at("https://log.example/", view(std::string_view("no PEM"))).error().reason(),
              "adapters.tls");
}

} // namespace
} // namespace valise::adapters
