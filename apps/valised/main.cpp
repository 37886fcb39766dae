// SPDX-License-Identifier: Apache-2.0
#include "adapters/blobs/blob_folder.h"
#include "adapters/clock/system_clock.h"
#include "adapters/files/folder_publisher.h"
#include "adapters/http/http_witness.h"
#include "adapters/http/server.h"
#include "adapters/keysocket/client.h"
#include "adapters/sockets/sockets.h"
#include "adapters/sqlite/journal.h"
#include "config.h"
#include "desk/api.h"
#include "desk/opentdf.h"
#include "desk/peer.h"
#include "desk/witness.h"
#include "desks.h"
#include "running.h"
#include "security_file.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <csignal>

namespace {

using namespace valise;
using namespace valise::daemon;

constexpr std::size_t kPeerBody = 80 << 20; // an offer holds the manifest of the largest file

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

Result<registry::Setup> read_setup(const Config& config, const std::string& config_path) {
    TRY_ASSIGN(Bytes bytes, adapters::read_file(config.terms, 1 << 20));
    TRY_ASSIGN(auto terms, agreement::Terms::parse(bytes));
    if (terms.test_mode_only() && !config.test_mode)
        return fail(Code::refused, "daemon.draft_terms",
                    "these terms are a draft: they run in test mode only (test_mode = true)");
    terms.set_test_mode(config.test_mode);
    if (terms.authority(config.party, config.authority) == nullptr)
        return fail(Code::invalid, "daemon.authority",
                    "the terms name no authority '" + config.authority + "' of " + config.party);
    registry::Setup out{std::move(terms), std::move(bytes), config.party, config.authority};
    out.kept_files = [config_path]() -> Result<std::map<std::string, Bytes>> {
        constexpr std::size_t kMost = 1 << 20;
        std::map<std::string, Bytes> files;
        TRY_ASSIGN(files["registry.toml"], adapters::read_file(config_path, kMost));
        return files;
    };
    return out;
}

// The neutral witnesses, and what carries requests to them.
struct Witnesses {
    std::vector<registry::NeutralWitness> asked;
    std::vector<std::unique_ptr<tlog::WitnessPort>> services;
};

Result<Witnesses> witnesses(const Config& config) {
    // What hangs is asked again soon enough.
    constexpr adapters::HttpClientLimits kPatience{std::chrono::seconds(5),
                                                   std::chrono::seconds(10)};
    Witnesses out;
    for (const Config::Witness& one : config.witnesses) {
        TRY_ASSIGN(auto service, adapters::HttpWitness::at(one.url, kPatience));
        out.asked.push_back({one.keys, service.get()});
        out.services.push_back(std::move(service));
    }
    return out;
}

Result<void> listen(adapters::HttpServer& server, const Config& config,
                    registry::Registry& registry, const desk::Api& api, const desk::PeerDesk& peer,
                    const desk::WitnessDesk& witness, vault::KeyService& keys) {
    adapters::HttpService people;
    people.handler = [&api](const HttpRequest& request) { return api.answer(request); };
    people.upload = [&api](const HttpRequest& request) { return api.open_upload(request); };
    TRY(server.listen_unix(config.people_socket, 0600, people));
    if (config.people_port) {
        // Anybody on this machine reaches a loopback port: health and nothing else.
        adapters::HttpService health;
        health.handler = [&api](const HttpRequest& request) { return api.answer_health(request); };
        TRY_ASSIGN(const auto port, server.listen_loopback(*config.people_port, health));
        fmt::print("health on http://127.0.0.1:{}/readyz\n", port);
    }
    if (config.witness_port) {
        adapters::HttpService logs;
        logs.handler = [&witness](const HttpRequest& request) { return witness.answer(request); };
        logs.limits.body_bytes = desk::kMaxWitnessBody;
        TRY_ASSIGN(const auto port, server.listen_loopback(*config.witness_port, std::move(logs)));
        fmt::print("witness on http://127.0.0.1:{}/add-checkpoint\n", port);
    }
    adapters::HttpService peers;
    peers.handler = [&peer](const HttpRequest& request) { return peer.answer(request); };
    peers.limits.body_bytes = kPeerBody;
    TRY_ASSIGN(auto secrets, keys.daemon_secrets());
    adapters::TlsEnd tls{std::move(secrets.tls_private_key), std::move(secrets.tls_certificate),
                         [&registry](const Hash32& key) { return registry.peer_tls_key() == key; }};
    TRY_ASSIGN(const auto port, server.listen_tls(config.peer_address, config.peer_port,
                                                  std::move(tls), std::move(peers)));
    fmt::print("peers on {}:{}\n", config.peer_address, port);
    return {};
}

// PEM, or the public half that `valise keygen --kind recipient` writes (docs/formats/key-file.md).
Result<std::string> intake_key(const std::string& path) {
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(path, 64 << 10));
    const auto as_pem = crypto::WrapPublicKey::parse_pem(text_view(bytes), crypto::WrapKeys::any);
    if (as_pem)
        return as_pem->pem();
    const auto json = parse_json(bytes);
    const auto der = json && json->is_object() && json->value("kind", Json()) == "recipient" &&
                             json->value("public", Json()).is_string()
                         ? from_base64(json->at("public").get<std::string>())
                         : Result<Bytes>(fail(Code::invalid, "daemon.config"));
    const auto key = der ? crypto::WrapPublicKey::parse_der(*der)
                         : Result<crypto::WrapPublicKey>(fail(der.error()));
    if (!key)
        return fail(Code::invalid, "daemon.config", path + " is no public key to seal to");
    return key->pem();
}

Result<desk::OpenTdfSetup> opentdf_setup(const Config::OpenTdf& config,
                                         const registry::Registry& registry, const Clock& clock) {
    desk::OpenTdfSetup out{config.url, config.origins, {}};
    if (!config.intake.empty()) {
        TRY_ASSIGN(out.intake, intake_key(config.intake));
        TRY_ASSIGN(const auto key,
                   crypto::WrapPublicKey::parse_pem(out.intake, crypto::WrapKeys::any));
        if (registry.seals_to(key.der()))
            return fail(Code::invalid, "daemon.config",
                        config.intake + " is a registry's own key, under which its items lie");
    }
    if (config.issuer.empty())
        return out;
    if (config.keys.empty()) {
        TRY_ASSIGN(auto fetched, issuer_of(config.issuer, config.authorities, clock));
        out.issuer = {config.issuer, config.audience, Json(), std::move(fetched)};
        return out;
    }
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(config.keys, 256 << 10));
    TRY_ASSIGN(Json keys, parse_json(bytes));
    if (!keys.is_object() || !keys.contains("keys") || !keys.at("keys").is_array())
        return fail(Code::invalid, "daemon.config", config.keys + " is no JSON Web Key Set");
    out.issuer = {config.issuer, config.audience, std::move(keys), nullptr};
    return out;
}

// Strangers reach this listener: it has connections of its own, and a body of a rewrap at most.
Result<void> listen_opentdf(adapters::HttpServer& server, const Config::OpenTdf& config,
                            const desk::OpenTdfDesk& desk) {
    adapters::HttpService service;
    service.handler = [&desk](const HttpRequest& request) { return desk.answer(request); };
    service.limits.body_bytes = desk::kMaxOpenTdfBody;
    std::uint16_t port = 0;
    if (config.certificate.empty()) {
        TRY_ASSIGN(port, server.listen_loopback(config.port, std::move(service)));
    } else {
        TRY_ASSIGN(Bytes key, adapters::read_file(config.key, 64 << 10));
        TRY_ASSIGN(Bytes chain, adapters::read_file(config.certificate, 256 << 10));
        TRY_ASSIGN(port, server.listen_https(config.address, config.port,
                                             {SecretBytes::take(std::move(key)), std::move(chain)},
                                             std::move(service)));
    }
    fmt::print("OpenTDF clients on {}:{} as {}\n", config.address, port, config.url);
    return {};
}

Result<void> run(const std::string& config_path) {
    TRY_ASSIGN(const Config config, read_config(config_path));
    set_timezone(config);
    TRY_ASSIGN(auto setup, read_setup(config, config_path));
    const auto banner = setup.terms.banner();
    TRY(adapters::make_folders(config.state, 0700));
    TRY_ASSIGN(const auto lock, adapters::LockFile::take(config.state + "/lock"));
    TRY_ASSIGN(const auto journal,
               adapters::SqliteJournal::open(config.state + "/registry.sqlite"));
    FatalJournal guarded(*journal);
    TRY_ASSIGN(const auto blobs, adapters::BlobFolder::open(config.state + "/blobs"));
    TRY_ASSIGN(auto tree, adapters::FolderTree::open(config.state + "/logs"));
    adapters::FolderPublisher publisher(std::move(tree));
    std::optional<uid_t> key_user;
    if (!config.key_user.empty()) {
        TRY_ASSIGN(key_user, adapters::user_id(config.key_user));
    }
    adapters::KeySocketClient keys(config.key_socket, key_user);
    const adapters::SystemClock clock;
    TRY_ASSIGN(const Witnesses neutral, witnesses(config));
    LiveLink live(keys);
    TRY_ASSIGN(const auto registry, registry::Registry::open({guarded, *blobs, keys, clock,
                                                              publisher, neutral.asked, &live},
                                                             std::move(setup)));
    live.bind(*registry);
    TRY(registry->tick());

    Workers workers(*registry, keys);
    const auto link = [&workers] { return workers.link(); };
    TRY_ASSIGN(const auto noted, open_security_log(config.state + "/security.log", clock));
    TRY_ASSIGN(const auto desks, Desks::open(config, *registry, keys, link, noted));
    const desk::Api api(*registry, link, config.opentdf ? config.opentdf->url : std::string(),
                        desks ? &desks->pages() : nullptr);
    const desk::PeerDesk peer(*registry);
    const desk::WitnessDesk witness(*registry);
    std::optional<desk::OpenTdfDesk> opentdf;
    adapters::HttpServer server; // stops before what it serves is gone
    TRY(listen(server, config, *registry, api, peer, witness, keys));
    if (config.opentdf) {
        TRY_ASSIGN(auto opentdf_settings, opentdf_setup(*config.opentdf, *registry, clock));
        opentdf_settings.noted = noted;
        opentdf.emplace(*registry, std::move(opentdf_settings));
        TRY(listen_opentdf(server, *config.opentdf, *opentdf));
    }
    TRY(server.start());
    if (desks)
        TRY(desks->serve());
    for (const auto& [lang, words] : banner)
        fmt::print("{}\n", words);
    fmt::print("valised of {}: {} events, people on {}\n", config.party,
               registry->state().next_seq(), config.people_socket);
    std::fflush(stdout);

    const sigset_t set = stop_signals();
    int got = 0;
    while (sigwait(&set, &got) != 0) {
    }
    server.stop();
    workers.stop();
    return {};
}

int report(const Error& error) {
    fmt::print(stderr, "error: {}\n", error.text());
    switch (error.code()) {
    case Code::refused:
        return 1;
    case Code::integrity:
        return 3;
    case Code::unavailable:
        fmt::print(stderr, "hint: start valise-keys serve first\n");
        return 4;
    case Code::internal:
        return 4;
    default:
        return 2;
    }
}

} // namespace

int main(int argc, char** argv) {
    const sigset_t set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    std::string config;
    CLI::App app("The registry daemon: decides, records and does what people and the peer ask");
    app.add_option("--config", config, "the registry.toml of the registry")
        ->type_name("FILE")
        ->required();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        const auto done = run(config);
        return done ? 0 : report(done.error());
    } catch (const std::exception& error) {
        // A library's own, as when memory runs out; no public function of ours throws.
        return report({Code::internal, "daemon.exception", error.what()});
    }
}
