// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <optional>

namespace valise {

using Json = nlohmann::json; // object members in sorted order

struct JsonLimits {
    std::size_t bytes = 1 << 20;
    std::size_t depth = 16;
    std::size_t values = 200'000; // members and elements in all
};

// Strict: valid UTF-8, no duplicate members, no trailing bytes, no numbers but integers that fit
// into 53 bits, within the limits. Errors: base.json, base.json_limit.
Result<Json> parse_json(ByteView text, const JsonLimits& limits = {});

// RFC 8785 for the values that parse_json() admits: no white space, members sorted by UTF-16 code
// units, shortest escapes. What is signed or hashed is always in this form.
std::string canonical_json(const Json& value);

// parse_json(), and the text must already be in the canonical form (else two texts would mean one
// act). Errors: base.json, base.json_limit, base.json_canonical.
Result<Json> parse_canonical_json(ByteView text, const JsonLimits& limits = {});

// Reads the members of one object, each by name and type, and at the end refuses what nobody asked
// for. `where` names the object in errors ("offer"). Errors: base.member.
class ObjectReader {
public:
    static Result<ObjectReader> over(const Json& value, std::string where);

    Result<std::string> text(const char* name, std::size_t max = 4096);
    Result<std::optional<std::string>> optional_text(const char* name, std::size_t max = 4096);
    Result<std::int64_t> integer(const char* name, std::int64_t min, std::int64_t max);
    Result<bool> boolean(const char* name);
    Result<Bytes> base64(const char* name, std::size_t max = 1 << 20);
    Result<Hash32> hash(const char* name); // base64 of exactly 32 bytes
    Result<std::vector<std::string>> texts(const char* name, std::size_t max_count = 256);
    // The raw member, for nested objects and arrays; marks it as read.
    Result<const Json*> member(const char* name);
    const Json* optional_member(const char* name);

    // No member is left unread; the error names the first one and the nearest known name.
    Result<void> done() const;

private:
    ObjectReader(const Json& value, std::string where) : value_(&value), where_(std::move(where)) {}
    Error wrong(const char* name, std::string_view what) const;

    const Json* value_;
    std::string where_;
    std::vector<std::string> seen_;
};

} // namespace valise
