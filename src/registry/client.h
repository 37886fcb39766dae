// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/decide.h"
#include "vault/key_service_port.h"

namespace valise::registry {

// How much a client of the OpenTDF listener can prove of itself. The rule of each stands in
// docs/formats/opentdf.md; whoever registers a client chooses, and nobody is let off by default.
enum class ClientClass : std::uint8_t {
    strict,  // a proof of possession as RFC 9449 has it, at the token and at every call
    relaxed, // the same without the digest of the token, and with a path for an address
    bearer,  // no proof: whoever holds the token is the client
};
std::string_view to_string(ClientClass rule);                  // "strict" | "relaxed" | "bearer"
Result<ClientClass> parse_client_class(std::string_view text); // Errors: registry.client_class

// A program outside of the registry that acts for one person. It confers nothing: what it may open
// is what that person may read, as far as the terms take the registry's word for it.
struct Client {
    std::string id; // [a-z0-9._-], at most 64
    PersonId person;
    ClientClass rule = ClientClass::strict;
    Hash32 secret{};     // SHA-256 of the secret, which is 32 random bytes in base64url
    std::string subject; // of the external issuer's tokens; empty: none
    Time added;
};

// What a client asks for, once it is known which one it is.
struct ClientAsk {
    std::string client;
    PersonId person;
    Bytes session_key; // SubjectPublicKeyInfo
    vault::ShareRequest asked;
};
struct ClientAnswer {
    agreement::Decision decision;
    std::uint64_t seq = 0;  // of the permitted or refused event
    vault::SharedKey share; // empty unless permitted
};

} // namespace valise::registry
