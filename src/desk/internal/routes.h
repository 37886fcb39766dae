// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/api.h"

#include <span>

namespace valise::desk {

// One request, taken apart.
struct Call {
    const HttpRequest& request;
    std::vector<std::string> parts;           // what stands at "{}" in the pattern
    std::map<std::string, std::string> query; // decoded
};

struct Route {
    const char* method;
    const char* pattern; // "/api/v1/items/{item}"
    const char* summary;
    Result<HttpResponse> (*answer)(const Api&, const Call&);
    // For the description: a media type, or the name of a schema in openapi.cpp.
    const char* gives;
    const char* takes = nullptr; // none: no body
    // Parameters, with spaces between; with '?' behind one that may be absent.
    const char* query = nullptr;
};

std::span<const Route> routes();

// The parts at "{...}" when the path has the pattern's form.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path);
// Errors: desk.query (bad percent-encoding, not UTF-8, a parameter twice).
Result<std::map<std::string, std::string>> parse_query(std::string_view text);

} // namespace valise::desk
