// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/http.h"
#include "crypto/jws.h"

#include <mutex>
#include <string>
#include <vector>

namespace valise::desk {

struct Jwt;

// An OpenID Connect issuer, as its own discovery document describes it: where people are sent,
// where codes are exchanged, whose keys sign. Both documents are fetched when they are needed, kept
// for an hour, and fetched again before that for a key that nobody knows yet, twice a minute at
// most. Thread-safe; nobody waits for what somebody else is fetching: an issuer that is slow, or
// that strangers make us ask, holds kMostOut workers and no more.
class Issuer {
public:
    // `name`: its `iss`, exactly. `clock` must outlive it.
    Issuer(std::string name, WebCaller call, const Clock& clock);

    struct Places {
        std::string authorization;
        std::string token;
        bool names_itself = false; // in its answers to the browser //= RFC 9207
        bool operator==(const Places&) const = default;
    };
    // Errors: unavailable desk.issuer (it cannot be reached, or says something else than an issuer
    // of this name would); what is wrong stands in the text.
    Result<Places> places();
    // That one of its present keys signed this. Errors: as above; refused desk.token.
    Result<void> verify(const Jwt& token);

    const std::string& name() const { return name_; }
    // A call to one of its places. Errors: unavailable desk.issuer (it does not answer, or
    // kMostOut others are calling it).
    Result<HttpResponse> call(const WebCall& what);

    static constexpr int kMostOut = 2;

private:
    struct Key {
        std::string kid;
        std::string algorithm; // empty: whatever fits it
        crypto::JwsKey key;
    };
    struct Known {
        Places places;
        std::vector<Key> keys;
        Time at;
    };

    // Counts who is out there, and says so when they are back, whatever happened.
    class Out;

    Result<Known> known(const std::string* kid);
    Result<Known> kept() const; // the lock is held
    Result<Known> fetched() const;
    Result<std::vector<Key>> keys_at(const std::string& url) const;
    Result<Json> document(const std::string& url) const;
    bool is_place(const std::string& url) const;

    const std::string name_;
    const WebCaller call_;
    const Clock& clock_;
    std::mutex mutex_; // never held while calling
    std::optional<Known> known_;
    std::optional<Time> tried_; // when the last fetching was over
    bool fetching_ = false;
    int out_ = 0;
};

} // namespace valise::desk
