// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "commands.h"
#include "key_file.h"
#include "output.h"
#include "streams.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

struct Options {
    std::string kind;
    std::string file;
    std::string name;
    bool no_passphrase = false;
    std::int64_t argon2_kib = crypto::Argon2Cost{}.memory_kib;
};

Result<Exit> keygen(const Options& options) {
    TRY_ASSIGN(const KeyKind kind, parse_key_kind(options.kind));
    if (printable(options.name, 256) != options.name)
        return fail(Code::invalid, "cli.name", "a name is at most 256 printable bytes");
    std::optional<SecretBytes> passphrase;
    crypto::Argon2Cost cost;
    if (options.argon2_kib < crypto::kArgon2MinMemoryKib ||
        options.argon2_kib > crypto::kArgon2MaxMemoryKib)
        return fail(Code::invalid, "cli.argon2", "--argon2-kib is 8 to 1048576");
    cost.memory_kib = static_cast<std::uint32_t>(options.argon2_kib);
    if (!options.no_passphrase) {
        TRY_ASSIGN(passphrase, ask_passphrase(options.file, true));
    }
    TRY_ASSIGN(const auto key, SecretKeyFile::generate(kind, options.name));
    TRY_ASSIGN(const std::string text, key.text(passphrase, cost));
    TRY(write_text_file(options.file, text, 0600));
    const std::string pub = options.file + ".pub";
    TRY(write_text_file(pub, key.pub.text(), 0644));
    TRY_ASSIGN(const std::string id, key.pub.id());
    answer(
        {{"kind", options.kind},
         {"id", id},
         {"secret", options.file},
         {"public", pub},
         {"passphrase", !options.no_passphrase}},
        fmt::format("{} key {}\n  secret  {}\n  public  {}", options.kind, id, options.file, pub));
    return Exit::done;
}

} // namespace

void add_keygen(Command& root) {
    static Options options;
    Command command = root.sub("keygen", "make a key file and its public half FILE.pub");
    command
        .option("--kind KIND", options.kind,
                "person (signs acts), recipient (opens files), sender (signs files)",
                Need::required)
        .one_of("--kind", {"person", "recipient", "sender"})
        .option("-o,--output FILE", options.file, "file to write", Need::required)
        .option("--name NAME", options.name, "whose key it is; stands in both files")
        .flag("--no-passphrase", options.no_passphrase, "leave the secret in clear")
        .option("--argon2-kib KIB", options.argon2_kib,
                "memory that one guess at the passphrase costs");
    command.runs([] { return keygen(options); });
}

} // namespace valise::cli
