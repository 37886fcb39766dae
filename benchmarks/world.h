// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "logbook/state.h"

namespace valise::bench {

// Makes the events of a registry and folds them. Stops the program where one is not possible.
class World {
public:
    explicit World(const agreement::Terms& terms) : terms_(terms) {}

    void happen(logbook::ActKind kind, const std::string& actor, logbook::TextMap ids,
                logbook::TextMap facts, logbook::Stage stage = logbook::Stage::permitted);
    // Permitted and done.
    void happen_whole(logbook::ActKind kind, const std::string& actor, const logbook::TextMap& ids,
                      const logbook::TextMap& facts);
    void enrol(int person, const char* role);
    void clear(int person, const char* level, const char* until);
    void brief(int person);
    void grant(int person, int item, const char* purpose, const char* until);
    void enter(int item, const char* level, const char* release);
    void receive(int item, bool mark);
    void approve(int person, int item);

    const logbook::State& state() const { return state_; }
    Hash32 release_digest(int item, const std::string& recipient) const;

    void at(const char* day);

private:
    const agreement::Terms& terms_;
    logbook::State state_;
    Time minute_;
};

PersonId person_id(int n);
Bytes person_key(int n); // 32 bytes that stand for a public key
ItemId item_id(int n);
CopyId copy_id(int n);
DispatchId dispatch_id(int n);
Hash32 some_hash(int n);
Time time_of(const char* text);

template<class T> T must(Result<T> result) {
    if (!result) {
        std::fputs((result.error().text() + "\n").c_str(), stderr);
        std::abort();
    }
    return std::move(*result);
}
inline void must(Result<void> result) {
    if (!result) {
        std::fputs((result.error().text() + "\n").c_str(), stderr);
        std::abort();
    }
}

} // namespace valise::bench
