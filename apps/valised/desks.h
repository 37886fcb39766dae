// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/clock/system_clock.h"
#include "adapters/files/file_state_store.h"
#include "adapters/http/server.h"
#include "config.h"
#include "desk/pages.h"

#include <condition_variable>
#include <thread>

namespace valise::daemon {

// The desks of one registry: accounts in a file of the state folder, pages, and their listener.
class Desks {
public:
    // Null where registry.toml has no [people]. The registry must outlive it. Errors: those of
    // Accounts::open() and of the key service.
    ~Desks();
    static Result<std::unique_ptr<Desks>> open(const Config& config, registry::Registry& registry,
                                               vault::KeyService& keys,
                                               std::function<std::string()> link,
                                               desk::SecurityLog noted);
    // Listens and answers until it goes. Errors: those of HttpServer and of reading certificate and
    // key.
    Result<void> serve();
    const desk::Pages& pages() const { return *pages_; }

private:
    Desks(Config::People people, const std::string& state)
        : people_(std::move(people)), store_(state + "/accounts") {}

    Config::People people_;
    adapters::FileStateStore store_;
    adapters::SystemClock clock_;
    std::unique_ptr<desk::Accounts> accounts_;
    std::unique_ptr<desk::Pages> pages_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stop_ = false;
    std::thread wiping_; // page images whose readers went away
    // Of its own, with its own workers: a flood at the sign-in holds up neither the peer nor the
    // registry's socket. Last, so that it stops before what it answers with goes.
    adapters::HttpServer server_;
};

// An issuer whose documents are fetched under these authorities (a file, PEM; empty: the system's).
// `clock` must outlive it. Errors: those of reading; invalid adapters.tls.
Result<std::shared_ptr<desk::Issuer>> issuer_of(const std::string& name,
                                                const std::string& authorities, const Clock& clock);

// The local time that stands beside UTC. Before any thread begins: the zone is the process's.
void set_timezone(const Config& config);

} // namespace valise::daemon
