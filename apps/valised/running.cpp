// SPDX-License-Identifier: Apache-2.0
#include "running.h"

#include "adapters/http/wire_carrier.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

namespace valise::daemon {

using namespace std::chrono_literals;

Result<void> FatalJournal::commit(const registry::JournalChange& change) {
    return ended_over(inner_.commit(change));
}

Result<void> FatalJournal::hold() {
    return ended_over(inner_.hold());
}

Result<void> FatalJournal::settle() {
    return ended_over(inner_.settle());
}

Result<void> FatalJournal::ended_over(Result<void> done) {
    if (!done && done.error().code() == Code::internal) {
        fmt::print(stderr,
                   "error: {}\nhint: the state of the disk is unknown, so the daemon ends; "
                   "start it again\n",
                   done.error().text());
        std::fflush(stderr);
        _exit(70);
    }
    return done;
}

Workers::Workers(registry::Registry& registry, vault::KeyService& keys)
    : registry_(registry), keys_(keys), speaking_([this] { speak(); }),
      ticking_([this] { tick(); }), witnessing_([this] { witness(); }) {}

Workers::~Workers() {
    stop();
}

void Workers::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    if (speaking_.joinable())
        speaking_.join();
    if (ticking_.joinable())
        ticking_.join();
    if (witnessing_.joinable())
        witnessing_.join();
}

std::string Workers::link() const {
    const std::scoped_lock lock(mutex_);
    return link_;
}

bool Workers::wait(std::chrono::milliseconds duration) {
    std::unique_lock lock(mutex_);
    return !wake_.wait_for(lock, duration, [this] { return stop_.load(); });
}

namespace {

// The carrier is made anew when the peer moved or changed its key; the key is asked again for each
// handshake all the same.
Result<void> reach(const registry::Registry& registry, vault::KeyService& keys,
                   adapters::HttpClientLimits limits, const std::string& endpoint,
                   std::unique_ptr<exchange::Carrier>& carrier, std::string& where) {
    if (carrier && where == endpoint)
        return {};
    TRY_ASSIGN(const auto address, parse_endpoint(endpoint));
    TRY_ASSIGN(auto secrets, keys.daemon_secrets());
    adapters::TlsEnd tls{std::move(secrets.tls_private_key), std::move(secrets.tls_certificate),
                         [&registry](const Hash32& key) { return registry.peer_tls_key() == key; }};
    TRY_ASSIGN(carrier,
               adapters::WireCarrier::to(address.first, address.second, std::move(tls), limits));
    where = endpoint;
    return {};
}

} // namespace

Result<Bytes> LiveLink::call(ByteView request) {
    // A reader waits: what hangs counts as down soon.
    constexpr adapters::HttpClientLimits kPatience{std::chrono::seconds(5),
                                                   std::chrono::seconds(20)};
    const registry::Registry* registry = registry_;
    const std::string endpoint = registry == nullptr ? std::string() : registry->peer_endpoint();
    if (endpoint.empty())
        return fail(Code::unavailable, "daemon.no_peer", "there is nobody to ask yet");
    // As does what waits behind others: each of them keeps a handler of the daemon.
    const std::unique_lock lock(mutex_, kPatience.connect);
    if (!lock)
        return fail(Code::unavailable, "daemon.link_busy", "others are asking the peer");
    TRY(reach(*registry, keys_, kPatience, endpoint, carrier_, where_));
    return carrier_->call(request);
}

Result<bool> Workers::speak_once(std::unique_ptr<exchange::Carrier>& carrier, std::string& where) {
    const std::string endpoint = registry_.peer_endpoint();
    if (endpoint.empty() || !registry_.peer_tls_key())
        return false;
    TRY(reach(registry_, keys_, {}, endpoint, carrier, where));
    auto more = registry_.work(*carrier, stop_);
    const std::scoped_lock lock(mutex_);
    link_ = carrier->protection();
    return more;
}

void Workers::speak() {
    constexpr auto kShortest = 100ms;
    constexpr auto kLongest = 2000ms;
    std::chrono::milliseconds pause = kShortest;
    std::unique_ptr<exchange::Carrier> carrier;
    std::string where;
    std::string last_error;
    do {
        const auto more = speak_once(carrier, where);
        if (!more && more.error().text() != last_error) {
            last_error = more.error().text();
            fmt::print(stderr, "peer: {}\n", last_error);
        }
        if (more)
            last_error.clear();
        // A peer that is away is asked less and less often, up to the longest pause.
        pause =
            more ? (*more ? std::chrono::milliseconds(1ms) : std::chrono::milliseconds(kShortest))
                 : std::min<std::chrono::milliseconds>(pause * 2, kLongest);
    } while (wait(pause));
}

void Workers::repeat(const char* name, std::chrono::milliseconds pause,
                     const std::function<Result<void>()>& work) {
    std::string last_error;
    do {
        const auto done = work();
        if (!done && done.error().text() != last_error)
            fmt::print(stderr, "{}: {}\n", name, done.error().text());
        last_error = done ? std::string() : done.error().text();
    } while (wait(pause));
}

void Workers::tick() {
    repeat("log", 1000ms, [this] { return registry_.tick(); });
}

void Workers::witness() {
    repeat("witness", 2000ms, [this] { return registry_.ask_witnesses(); });
}

} // namespace valise::daemon
