// SPDX-License-Identifier: Apache-2.0
#include "adapters/sockets/sockets.h"
#include "render/serving.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

namespace {

using namespace valise;

struct Options {
    render::Serving serving;
    std::string user;
};

int report(const Error& error) {
    fmt::print(stderr, "error: {}\n", error.text());
    return error.code() == Code::invalid || error.code() == Code::not_found ||
                   error.code() == Code::conflict
               ? 2
               : 4;
}

Result<void> run(Options& options) {
    if (!options.user.empty()) {
        TRY_ASSIGN(options.serving.user, adapters::user_id(options.user));
    }
    return render::serve(options.serving);
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    Options options;
    CLI::App app("Draws documents for the Reading desk: no key, no network, no database; each "
                 "document in a sandboxed process of its own");
    app.add_option("--socket", options.serving.socket, "path of the socket to make")
        ->type_name("FILE")
        ->required();
    app.add_option("--keys-user", options.user,
                   "the user as whom valise-keys runs, another one than this program's")
        ->type_name("NAME");
    app.add_option("--at-once", options.serving.at_once, "documents drawn at the same time")
        ->type_name("N")
        ->check(CLI::Range(1U, 64U))
        ->capture_default_str();
    app.add_option("--cpu-seconds", options.serving.limits.cpu_seconds, "of one document")
        ->type_name("N")
        ->check(CLI::Range(1U, 600U))
        ->capture_default_str();
    app.add_option("--seconds", options.serving.limits.wall_seconds,
                   "of one document, by the clock on the wall")
        ->type_name("N")
        ->check(CLI::Range(1U, 100U))
        ->capture_default_str();
    app.add_flag("--require-namespaces", options.serving.namespaces_or_nothing,
                 "do not draw where this machine gives none");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    // The drawing library asks nobody where home is, and nothing of the caller's reaches it: it
    // lies in memory that each drawing process inherits, so it is wiped and not only forgotten.
    for (char** one = environ; one != nullptr && *one != nullptr; ++one)
        ::explicit_bzero(*one, std::strlen(*one));
    ::clearenv();
    ::setenv("HOME", "/nonexistent", 1); // NOLINT(concurrency-mt-unsafe)
    ::setenv("LC_ALL", "C.UTF-8", 1);    // NOLINT(concurrency-mt-unsafe)
    try {
        const auto done = run(options);
        return done ? 0 : report(done.error());
    } catch (const std::exception& error) {
        return report({Code::internal, "render.exception", error.what()});
    }
}
