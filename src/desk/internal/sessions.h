// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/accounts.h"
#include "logbook/act.h"

#include <deque>

namespace valise::desk {

inline constexpr std::int64_t kSessionIdle = 15 * 60;
inline constexpr std::int64_t kSessionLongest = 8 * 3600;

// An act that waits for its person's signature, and what became of it.
struct Prepared {
    std::string code; // "k3fw-9qtm": how `valise sign` names it
    logbook::Act act;
    std::optional<Json> answer; // of POST /api/v1/acts, once it was handed in
};

// Who is signed in. In memory alone: a restart ends all sessions. The cookie's value is kept as its
// hash, and counts only from the network and the browser that it was given to. Thread-safe.
class Sessions {
public:
    struct Seen {
        Hash32 key{}; // of the session here
        PersonId person;
        std::string name;
        std::string token; // against requests that another site made
        Time begun;
    };

    // Returns the cookie's value. It counts only beside this certificate, where there is one.
    // The account is as it was when it was checked: made anew since, it opens nothing.
    std::string begin(const Account& account, const std::string& address, const std::string& agent,
                      Time now, const std::optional<Hash32>& certificate = {});
    // Empty: no such session, or it ran out, or its account is another now.
    std::optional<Seen> find(std::string_view cookie, const std::string& address,
                             const std::string& agent, Time now, const Accounts& accounts,
                             const std::optional<Hash32>& certificate = {});
    bool lives(const Hash32& key) const;
    void end(const Hash32& key);
    void end_of(const PersonId& person);

    // Keeps an act for its person; the oldest of many goes. Its code.
    std::string prepare(const Hash32& key, logbook::Act act);
    std::optional<Prepared> prepared(const Hash32& key, const std::string& code) const;
    std::vector<Prepared> prepared(const Hash32& key) const;
    void answered(const Hash32& key, const std::string& code, Json answer);
    // Of whichever session that did not run out, and which: for `valise sign` over the local
    // socket.
    std::optional<std::pair<Hash32, Prepared>> prepared_as(const std::string& code, Time now) const;

private:
    struct Session {
        PersonId person;
        std::string name;
        std::string token;
        std::string bound;
        std::optional<Hash32> certificate;
        std::uint64_t generation = 0;
        Time begun;
        Time last;
        std::deque<Prepared> acts;
    };

    mutable std::mutex mutex_;
    std::map<Hash32, Session> sessions_;
};

} // namespace valise::desk
