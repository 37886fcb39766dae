// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/jwt.h"
#include "desk/internal/once.h"
#include "desk/opentdf.h"

namespace valise::desk {

// A client that proved who it is, as far as its class asks.
struct Caller {
    registry::Client client;
    std::optional<crypto::JwsKey> key; // of its proof of possession; none for class bearer
};

// Access tokens: given out for a client's secret, and checked at every call. They live for minutes
// and are signed with a key that lives no longer than the process. Thread-safe.
class Tokens {
public:
    Tokens(registry::Registry& registry, const OpenTdfSetup& setup);

    // The token endpoint. //= RFC 6749 4.4 //= RFC 9449 5
    HttpResponse issue(const HttpRequest& request, std::string_view path);
    // Who calls. Errors: refused desk.token, whatever is wrong; desk.nonce when nothing is but that
    // the proof lacks our nonce, with which the client tries again.
    Result<Caller> caller(const HttpRequest& request, std::string_view path);
    Json keys() const; // a JSON Web Key Set
    // What a proof of class strict has to hold now. //= RFC 9449 8
    std::string nonce() const { return nonce_of(registry_.now().seconds); }

private:
    Result<Caller> checked_caller(const HttpRequest& request, std::string_view path);
    std::string nonce_of(std::int64_t second) const;
    Result<Jwt> trusted(std::string_view token) const;
    Result<registry::Client> client_of(const Jwt& token) const;
    Result<crypto::JwsKey> proof(const HttpRequest& request, std::string_view path,
                                 registry::ClientClass rule, std::string_view token);
    Result<registry::Client> by_secret(const std::string& id, const std::string& secret) const;
    Result<std::string> make(const registry::Client& client,
                             const std::optional<crypto::JwsKey>& bound) const;

    registry::Registry& registry_;
    const OpenTdfSetup& setup_;
    const crypto::Es256Key key_;
    const Json public_jwk_;
    const crypto::JwsKey own_;
    const Hash32 nonce_key_;
    const std::int64_t started_; // a proof from before it may have been shown to another process
    Once proofs_;
};

} // namespace valise::desk
