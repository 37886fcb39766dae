// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/pages.h"

#include <gtest/gtest.h>

namespace valise::testing {

// A browser that is none: keeps cookies, sends forms.
struct Browser {
    const desk::Pages& pages;
    std::map<std::string, std::string> cookies = {};
    std::string agent = "test";
    std::optional<Hash32> certificate = {};
    std::string origin = "http://desk.example";

    HttpResponse send(const std::string& method, const std::string& target,
                      const std::string& body = {}) {
        HttpRequest request;
        request.method = method;
        request.target = target;
        request.address = "127.0.0.1";
        request.peer_key = certificate;
        request.headers = {{"host", "desk.example"}, {"user-agent", agent}};
        std::string all;
        for (const auto& [name, value] : cookies)
            all += (all.empty() ? "" : "; ") + name + "=" + value;
        request.headers["cookie"] = all;
        if (method == "POST") {
            request.headers["origin"] = origin;
            request.headers["content-type"] = "application/x-www-form-urlencoded";
        }
        request.body = to_bytes(body);
        HttpResponse response = pages.answer(request);
        if (const auto set = response.headers.find("set-cookie"); set != response.headers.end()) {
            const auto equals = set->second.find('=');
            cookies[set->second.substr(0, equals)] =
                set->second.substr(equals + 1, set->second.find(';') - equals - 1);
        }
        return response;
    }
    std::string get(const std::string& target, unsigned status = 200) {
        const HttpResponse response = send("GET", target);
        EXPECT_EQ(response.status, status) << target;
        return to_text(response.body);
    }
    // The last token of this page: that of its own form.
    std::string token(const std::string& target) {
        const std::string page = get(target);
        const std::string mark = "name=\"token\" value=\"";
        const auto at = page.rfind(mark);
        return at == std::string::npos ? "" : page.substr(at + mark.size(), 64);
    }
    HttpResponse post(const std::string& target,
                      const std::vector<std::pair<std::string, std::string>>& fields) {
        std::string body;
        for (const auto& [name, value] : fields) {
            body += (body.empty() ? "" : "&") + name + "=";
            for (const char c : value)
                body += "%" + to_hex(view(std::string_view(&c, 1)));
        }
        return send("POST", target, body);
    }
};

} // namespace valise::testing
