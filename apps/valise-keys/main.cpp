// SPDX-License-Identifier: Apache-2.0
#include "adapters/clock/system_clock.h"
#include "adapters/files/files.h"
#include "adapters/keysocket/server.h"
#include "adapters/renderer/client.h"
#include "adapters/sockets/sockets.h"
#include "key_folder.h"
#include "process.h"
#include "tlog/trust_file.h"
#include "vault/vault.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace {

using namespace valise;
using namespace valise::keys_program;

struct Options {
    Creation creation;
    std::string socket;
    std::string passphrase_file;
    int passphrase_fd = -1;
    std::string witnessed;
    std::string daemon_user;
    std::string renderer;
    std::string renderer_user;
};

int exit_code(const Error& error) {
    switch (error.code()) {
    case Code::invalid:
    case Code::not_found:
    case Code::conflict:
        return 2;
    case Code::integrity:
        return 3;
    default:
        return 4;
    }
}

int report(const Error& error) {
    fmt::print(stderr, "error: {}\n", error.text());
    if (error.reason() == "crypto.passphrase")
        fmt::print(stderr, "hint: the passphrase is wrong, or the keystore was changed\n");
    return exit_code(error);
}

Result<SecretBytes> passphrase(const Options& options) {
    if (!options.passphrase_file.empty())
        return passphrase_from_file(options.passphrase_file);
    if (options.passphrase_fd >= 0)
        return passphrase_from_descriptor(options.passphrase_fd);
    return fail(Code::invalid, "keys.passphrase",
                "give --passphrase-file or --passphrase-fd: keys lie under a passphrase only");
}

Result<void> create(const Options& options) {
    TRY_ASSIGN(const auto secret, passphrase(options));
    TRY(create_keys(options.creation, secret, adapters::SystemClock().now()));
    fmt::print("keys of {} created in {}\n", options.creation.party, options.creation.folder);
    return {};
}

// Logs of others that the registry's witness cosigns; both keys of each.
Result<std::vector<tlog::LogKeys>> neutral_logs(const std::string& path) {
    if (path.empty())
        return std::vector<tlog::LogKeys>();
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(path, 64 << 10));
    TRY_ASSIGN(const auto file, tlog::TrustFile::parse(bytes));
    return file.log_keys();
}

Result<void> serve(const Options& options) {
    const std::string& folder = options.creation.folder;
    TRY_ASSIGN(const auto lock, adapters::LockFile::take(folder + "/lock"));
    TRY_ASSIGN(const auto secret, passphrase(options));
    TRY_ASSIGN(auto keystore, open_keys(folder, secret));
    FileStateStore store(state_path(folder));
    const adapters::SystemClock clock;
    const std::string party = keystore.party;
    TRY_ASSIGN(auto neutral, neutral_logs(options.witnessed));
    std::optional<uid_t> renderer_user;
    if (!options.renderer_user.empty()) {
        TRY_ASSIGN(renderer_user, adapters::user_id(options.renderer_user));
    }
    adapters::RendererClient renderer(options.renderer, renderer_user);
    TRY_ASSIGN(auto vault,
               vault::Vault::start(std::move(keystore), store, clock, std::move(neutral),
                                   options.renderer.empty() ? nullptr : &renderer));
    std::optional<uid_t> daemon;
    if (!options.daemon_user.empty()) {
        TRY_ASSIGN(daemon, adapters::user_id(options.daemon_user));
    }
    TRY_ASSIGN(const auto server, adapters::KeySocketServer::start(options.socket, *vault, daemon));
    fmt::print("keys of {} unlocked, serving {}\n", party, options.socket);
    std::fflush(stdout);
    wait_for_stop();
    return {};
}

void add_passphrase(CLI::App& command, Options& options) {
    auto* file = command
                     .add_option("--passphrase-file", options.passphrase_file,
                                 "file whose first line is the passphrase")
                     ->type_name("FILE");
    command.add_option("--passphrase-fd", options.passphrase_fd, "open descriptor to read it from")
        ->type_name("N")
        ->excludes(file);
}

const CLI::App* add_create(CLI::App& app, Options& options) {
    auto* creating = app.add_subcommand("create", "make the keys of a new registry");
    creating->add_option("--state", options.creation.folder, "folder of the keys")
        ->type_name("FOLDER")
        ->required();
    creating->add_option("--party", options.creation.party, "party, as JPN")
        ->type_name("PARTY")
        ->required();
    creating
        ->add_option("--control-officer", options.creation.control_officer,
                     "public key of the officer")
        ->type_name("FILE")
        ->required();
    creating
        ->add_option("--clearance-officer", options.creation.clearance_officer, "of another person")
        ->type_name("FILE")
        ->required();
    creating
        ->add_option("--argon2-kib", options.creation.cost.memory_kib,
                     "memory that one guess at the passphrase costs")
        ->type_name("KIB");
    creating
        ->add_option("--argon2-iterations", options.creation.cost.iterations,
                     "passes over that memory")
        ->type_name("N");
    add_passphrase(*creating, options);
    return creating;
}

void add_serve(CLI::App& app, Options& options) {
    auto* serving = app.add_subcommand("serve", "unlock the keys and serve them");
    serving->add_option("--state", options.creation.folder, "folder of the keys")
        ->type_name("FOLDER")
        ->required();
    serving->add_option("--socket", options.socket, "path of the socket to make")
        ->type_name("FILE")
        ->required();
    serving
        ->add_option(
            "--witnessed", options.witnessed,
            "tlog-policy file whose logs the registry's witness cosigns besides the peer's")
        ->type_name("FILE");
    serving
        ->add_option("--daemon-user", options.daemon_user,
                     "the user as whom valised runs, another one than this program's")
        ->type_name("NAME");
    auto* renderer =
        serving
            ->add_option("--renderer", options.renderer,
                         "socket of valise-render, which draws documents for the Reading desk")
            ->type_name("FILE");
    serving
        ->add_option("--renderer-user", options.renderer_user,
                     "the user as whom valise-render runs, another one than this program's")
        ->type_name("NAME")
        ->needs(renderer);
    add_passphrase(*serving, options);
}

} // namespace

int main(int argc, char** argv) {
    protect_memory();
    block_stop_signals();
    Options options;
    CLI::App app("Holds every secret key of a registry: no network, no database, one local socket");
    app.require_subcommand(1);
    const auto* creating = add_create(app, options);
    add_serve(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        const auto done = creating->parsed() ? create(options) : serve(options);
        return done ? 0 : report(done.error());
    } catch (const std::exception& error) {
        // A library's own, as when memory runs out; no public function of ours throws.
        return report({Code::internal, "keys.exception", error.what()});
    }
}
