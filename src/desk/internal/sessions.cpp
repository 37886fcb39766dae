// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/sessions.h"

#include "crypto/hash.h"
#include "crypto/random.h"
#include "desk/internal/throttle.h"

#include <algorithm>

namespace valise::desk {

namespace {

constexpr std::size_t kMostSessions = 2000;
constexpr std::size_t kMostOfPerson = 5;
constexpr std::size_t kMostActs = 16;

std::string bound_to(const std::string& address, const std::string& agent) {
    return network_of(address) + "\n" + agent;
}

bool ran_out(Time begun, Time last, Time now) {
    return last.plus_seconds(kSessionIdle) < now || begun.plus_seconds(kSessionLongest) < now;
}

} // namespace

std::string Sessions::begin(const Account& account, const std::string& address,
                            const std::string& agent, Time now,
                            const std::optional<Hash32>& certificate) {
    const std::string cookie = to_hex(crypto::random_array<32>());
    const std::scoped_lock lock(mutex_);
    std::erase_if(sessions_, [&](const auto& entry) {
        return ran_out(entry.second.begun, entry.second.last, now);
    });
    const auto drop_oldest = [&](const auto& counts, std::size_t most) {
        while (static_cast<std::size_t>(std::ranges::count_if(sessions_, counts)) >= most) {
            auto oldest = sessions_.end();
            for (auto at = sessions_.begin(); at != sessions_.end(); ++at)
                if (counts(*at) &&
                    (oldest == sessions_.end() || at->second.last < oldest->second.last))
                    oldest = at;
            sessions_.erase(oldest);
        }
    };
    drop_oldest([&](const auto& entry) { return entry.second.person == account.person; },
                kMostOfPerson);
    drop_oldest([](const auto&) { return true; }, kMostSessions);
    sessions_[crypto::sha256(view(cookie))] = {account.person,
                                               account.name,
                                               to_hex(crypto::random_array<32>()),
                                               bound_to(address, agent),
                                               certificate,
                                               account.generation,
                                               now,
                                               now,
                                               {}};
    return cookie;
}

std::optional<Sessions::Seen> Sessions::find(std::string_view cookie, const std::string& address,
                                             const std::string& agent, Time now,
                                             const Accounts& accounts,
                                             const std::optional<Hash32>& certificate) {
    const Hash32 key = crypto::sha256(view(cookie));
    const std::scoped_lock lock(mutex_);
    const auto found = sessions_.find(key);
    if (found == sessions_.end())
        return std::nullopt;
    Session& session = found->second;
    if (ran_out(session.begun, session.last, now) ||
        session.generation != accounts.generation(session.person)) {
        sessions_.erase(found);
        return std::nullopt;
    }
    // A cookie that was stolen: the thief gets nothing, and its owner goes on.
    if (session.bound != bound_to(address, agent) ||
        (session.certificate && session.certificate != certificate))
        return std::nullopt;
    session.last = std::max(session.last, now);
    return Seen{key, session.person, session.name, session.token, session.begun};
}

bool Sessions::lives(const Hash32& key) const {
    const std::scoped_lock lock(mutex_);
    return sessions_.contains(key);
}

void Sessions::end(const Hash32& key) {
    const std::scoped_lock lock(mutex_);
    sessions_.erase(key);
}

void Sessions::end_of(const PersonId& person) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(sessions_, [&](const auto& entry) { return entry.second.person == person; });
}

std::string Sessions::prepare(const Hash32& key, logbook::Act act) {
    const std::string letters = to_base32(crypto::random_array<5>());
    std::string code = letters.substr(0, 4) + "-" + letters.substr(4);
    const std::scoped_lock lock(mutex_);
    const auto found = sessions_.find(key);
    if (found == sessions_.end())
        return code;
    if (found->second.acts.size() == kMostActs)
        found->second.acts.pop_front();
    found->second.acts.push_back({code, std::move(act), std::nullopt});
    return code;
}

std::optional<Prepared> Sessions::prepared(const Hash32& key, const std::string& code) const {
    for (Prepared& one : prepared(key))
        if (one.code == code)
            return std::move(one);
    return std::nullopt;
}

std::vector<Prepared> Sessions::prepared(const Hash32& key) const {
    const std::scoped_lock lock(mutex_);
    const auto found = sessions_.find(key);
    if (found == sessions_.end())
        return {};
    return {found->second.acts.begin(), found->second.acts.end()};
}

void Sessions::answered(const Hash32& key, const std::string& code, Json answer) {
    const std::scoped_lock lock(mutex_);
    const auto found = sessions_.find(key);
    if (found == sessions_.end())
        return;
    for (Prepared& one : found->second.acts)
        if (one.code == code)
            one.answer = std::move(answer);
}

std::optional<std::pair<Hash32, Prepared>> Sessions::prepared_as(const std::string& code,
                                                                 Time now) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& [key, session] : sessions_)
        for (const Prepared& one : session.acts)
            if (one.code == code && !ran_out(session.begun, session.last, now))
                return std::pair(key, one);
    return std::nullopt;
}

} // namespace valise::desk
