// SPDX-License-Identifier: Apache-2.0
#include "adapters/clock/system_clock.h"
#include "agreement/terms.h"
#include "base/text.h"
#include "commands.h"
#include "key_file.h"
#include "output.h"
#include "streams.h"

#include <fmt/core.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

namespace valise::cli {

namespace {

namespace fs = std::filesystem;

struct Options {
    std::string folder;
    std::string party;
    std::string terms;
    std::string authority;
    std::string control_officer;
    std::string clearance_officer;
    std::string peer_listen = "127.0.0.1:7443";
    std::int64_t people_port = -1;
    std::string desks;
    std::string timezone;
    std::int64_t argon2_kib = 0;
    bool test_mode = false;
};

// A basic string of TOML. printable() leaves neither control characters nor bad UTF-8.
std::string toml_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "\"";
}

Result<std::string> authority_of(const Options& options, const agreement::Party& party, Time now) {
    for (const auto& authority : party.authorities)
        if (options.authority.empty() ? authority.valid.contains(now)
                                      : authority.id == options.authority)
            return authority.id;
    return fail(Code::invalid, "cli.authority",
                "the agreement names no such competent authority of " + party.code);
}

std::string config_text(const Options& options, const std::string& authority) {
    std::string out = "# A registry under one agreement. Paths are meant from this folder.\n";
    out +=
        fmt::format("party = {}\nauthority = {}\n", toml_text(options.party), toml_text(authority));
    out += "terms = \"terms.toml\"\nstate = \"state\"\nkey_socket = \"keys.sock\"\n"
           "people_socket = \"people.sock\"\n";
    if (options.people_port >= 0)
        out += fmt::format("people_port = {}\n", options.people_port);
    out += fmt::format("peer_listen = {}\n", toml_text(options.peer_listen));
    out += fmt::format("test_mode = {}\n", options.test_mode);
    if (!options.desks.empty())
        out +=
            fmt::format("\n# The desks in a browser. Away from loopback they need certificate and "
                        "key.\n[people]\nlisten = {}\n",
                        toml_text(options.desks));
    if (!options.desks.empty() && !options.timezone.empty())
        out += fmt::format("timezone = {}\n", toml_text(options.timezone));
    return out;
}

// Beside this program where it was installed, or in the build tree; else wherever PATH finds it.
std::string key_program() {
    std::error_code none;
    const fs::path here = fs::read_symlink("/proc/self/exe", none).parent_path();
    for (const fs::path& path : {here / "valise-keys", here / ".." / "valise-keys" / "valise-keys"})
        if (fs::is_regular_file(path, none))
            return path.lexically_normal().string();
    return "valise-keys";
}

Result<void> run_program(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const std::string& word : words)
        arguments.push_back(const_cast<char*>(word.c_str())); // as posix_spawn wants it
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // What it prints is not our answer.
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    pid_t child = 0;
    const int started =
        posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (started != 0)
        return fail(Code::unavailable, "cli.program",
                    adapters::system_text(words.front(), started));
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(Code::invalid, "cli.program", words.front() + " failed");
    return {};
}

Result<std::vector<std::string>> key_command(const Options& options, const fs::path& folder) {
    if (globals().passphrase_file.empty())
        return fail(Code::invalid, "cli.no_passphrase",
                    "the registry's keys lie under a passphrase only");
    std::vector<std::string> words = {key_program(),
                                      "create",
                                      "--state",
                                      (folder / "keys").string(),
                                      "--party",
                                      options.party,
                                      "--control-officer",
                                      options.control_officer,
                                      "--clearance-officer",
                                      options.clearance_officer,
                                      "--passphrase-file",
                                      globals().passphrase_file};
    if (options.argon2_kib > 0) {
        words.emplace_back("--argon2-kib");
        words.push_back(std::to_string(options.argon2_kib));
    }
    return words;
}

Result<Exit> create(const Options& options) {
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(options.terms, 256 << 10));
    TRY_ASSIGN(const auto terms, agreement::Terms::parse(bytes));
    const auto* party = terms.party(options.party);
    if (party == nullptr)
        return fail(Code::invalid, "cli.party",
                    "'" + printable(options.party) + "' is no party of this agreement");
    if (terms.test_mode_only() && !options.test_mode)
        return fail(Code::invalid, "cli.draft",
                    "the terms are a draft, which runs in test mode only: add --test-mode");
    TRY_ASSIGN(const std::string authority,
               authority_of(options, *party, adapters::SystemClock().now()));
    const fs::path folder = fs::absolute(options.folder).lexically_normal();
    std::error_code none;
    if (fs::exists(folder / "registry.toml", none))
        return fail(Code::conflict, "cli.registry_exists",
                    folder.string() + " holds a registry already");
    TRY_ASSIGN(const auto words, key_command(options, folder));
    TRY(adapters::make_folders(folder.string()));
    TRY(run_program(words));
    TRY(adapters::write_file_durably((folder / "terms.toml").string(), bytes, 0644));
    // Last: the folder is a registry once this file is there.
    TRY(adapters::write_file_durably((folder / "registry.toml").string(),
                                     view(config_text(options, authority)), 0644));
    const std::string name = folder.string();
    answer({{"party", options.party},
            {"folder", name},
            {"config", name + "/registry.toml"},
            {"keys", name + "/keys"},
            {"key_socket", name + "/keys.sock"},
            {"socket", name + "/people.sock"},
            {"terms_digest", to_base64(terms.digest())}},
           fmt::format("registry of {} created in {}\nstart it:\n"
                       "  valise-keys serve --state {}/keys --socket {}/keys.sock "
                       "--passphrase-file {}\n"
                       "  valised --config {}/registry.toml\n"
                       "talk to it:\n  export VALISE_SOCKET={}/people.sock",
                       options.party, name, name, name, globals().passphrase_file, name, name));
    if (terms.test_mode_only())
        note(terms.banner().at(globals().language));
    return Exit::done;
}

} // namespace

void add_registry(Command& root) {
    static Options options;
    Command registry = root.sub("registry", "a party's registry on this machine");
    Command creating = registry.sub("create", "make keys and configuration of a new registry; "
                                              "--passphrase-file is that of its keys");
    creating.option("--folder FOLDER", options.folder, "folder to make", Need::required)
        .option("--party PARTY", options.party, "party, as JPN", Need::required)
        .option("--terms FILE", options.terms, "agreement, as agreements/jpn-ukr.toml",
                Need::required)
        .option("--control-officer FILE", options.control_officer, "FILE.pub, with a name in it",
                Need::required)
        .option("--clearance-officer FILE", options.clearance_officer, "FILE.pub of another person",
                Need::required)
        .option("--authority ID", options.authority, "competent authority; else the valid one")
        .option("--peer-listen HOST:PORT", options.peer_listen, "address:port for the other party")
        .option("--people-port PORT", options.people_port, "loopback port for /healthz and /readyz")
        .option("--desks HOST:PORT", options.desks,
                "loopback address:port of the desks in a browser")
        .option("--timezone ZONE", options.timezone, "shown beside UTC there, as Asia/Tokyo")
        .option("--argon2-kib KIB", options.argon2_kib,
                "memory that one guess at the passphrase costs")
        .flag("--test-mode", options.test_mode, "needed for draft terms; shows a banner");
    creating.runs([] { return create(options); });
}

} // namespace valise::cli
