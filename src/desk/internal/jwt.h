// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/codec/json.h"
#include "crypto/jws.h"

namespace valise::desk {

// A JSON Web Token in its compact form, taken apart and not verified. Errors of all of it: refused
// desk.token, and nothing more precise.
struct Jwt {
    Json header;
    Json claims;
    std::string algorithm;   // of the header, which no caller follows before it fits a key
    std::string signed_part; // header and claims as they were signed
    Bytes signature;

    static Result<Jwt> parse(std::string_view text, std::size_t max_bytes);

    std::string text(const char* claim) const;                 // empty: absent, or no text
    std::optional<std::int64_t> time(const char* claim) const; // seconds since 1970
    Result<void> verify(const crypto::JwsKey& key) const;
};

std::unexpected<Error> token_refused();

} // namespace valise::desk
