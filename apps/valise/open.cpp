// SPDX-License-Identifier: Apache-2.0
#include "envelope/open.h"

#include "base/text.h"
#include "commands.h"
#include "envelope/import.h"
#include "key_file.h"
#include "output.h"
#include "streams.h"

#include <fmt/core.h>

#include <algorithm>

namespace valise::cli {

namespace {

struct Options {
    std::string file;
    std::string key;
    std::string sender;
    std::string import_key;
    bool import = false;
    std::string output;
    std::int64_t threads = 0;
};

// Only to find out for whom it says to be; the signature is checked over the same text afterwards.
Result<std::string> claimed_recipient(const RandomSource& source) {
    TRY_ASSIGN(const auto container, envelope::Container::open(source));
    TRY_ASSIGN(const auto sender, container.manifest().sender());
    TRY_ASSIGN(const auto statement, envelope::Statement::parse(sender.statement));
    return statement.inputs.recipient;
}

bool names(std::string_view list, std::string_view word) {
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        if (list.substr(0, end) == word)
            return true;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

Result<Exit> open_sealed(const Options& options) {
    if (options.key.empty() || options.sender.empty())
        return fail(Code::invalid, "cli.usage",
                    "--key and --sender are needed: without them nobody knows who sealed it");
    TRY_ASSIGN(const auto file, SecretKeyFile::read(options.key, KeyKind::recipient));
    TRY_ASSIGN(const auto key, file.recipient());
    TRY_ASSIGN(const auto sender, PublicKeyFile::read(options.sender, KeyKind::sender));
    TRY_ASSIGN(const auto verifier, sender.sender());
    TRY_ASSIGN(const auto source, open_whole(options.file));
    envelope::Expectation expectation;
    expectation.sender = &verifier;
    TRY_ASSIGN(expectation.sender_party, sender.id());
    TRY_ASSIGN(expectation.recipient_party, claimed_recipient(*source));
    const std::string kid = key.public_key().kid();
    if (!names(expectation.recipient_party, kid))
        return fail(Code::not_found, "cli.other_key", "it was sealed for another key");
    TRY_ASSIGN(const auto sink, Output::create(options.output, "opening", source->size()));
    if (sink->is_standard_output())
        standard_output_is_taken();
    TRY_ASSIGN(const auto opened,
               envelope::open(
                   *source, *sink,
                   [&](const envelope::KeyAccess& access) -> Result<SecretBytes> {
                       if (access.kid != kid)
                           return fail(Code::not_found, "cli.other_key");
                       return key.unwrap(access.wrapped_key);
                   },
                   expectation,
                   static_cast<unsigned>(std::clamp<std::int64_t>(options.threads, 0, 256))));
    TRY(sink->finish());
    const auto& said = opened.verified->statement().inputs;
    const Json value = {{"opened", options.output.empty() ? "-" : options.output},
                        {"from", said.sender},
                        {"time", said.time.text()},
                        {"level", said.classification.level_code},
                        {"mime_type", opened.mime_type},
                        {"plain_bytes", opened.payload.plain_bytes()},
                        {"payload_root", to_base64(opened.payload.root())}};
    answer(value, sink->is_standard_output()
                      ? std::string()
                      : fmt::format("opened into {}: {} bytes, {}, signed by {} at {}",
                                    options.output, opened.payload.plain_bytes(),
                                    printable(said.classification.level_native), said.sender,
                                    said.time.text()));
    return Exit::done;
}

// Under the payload's key as it is, or by the share that is wrapped to a person's key.
Result<envelope::Imported> import_file(const Options& options, const RandomSource& source,
                                       ByteSink& sink) {
    if (!options.import_key.empty()) {
        TRY_ASSIGN(Bytes raw, from_hex(options.import_key));
        if (raw.size() != 32)
            return fail(Code::invalid, "cli.usage", "--import-key is 64 hexadecimal digits");
        return envelope::import_tdf(source, SecretBytes::take(std::move(raw)), sink);
    }
    TRY_ASSIGN(const auto file, SecretKeyFile::read(options.key, KeyKind::recipient));
    TRY_ASSIGN(const auto key, file.recipient());
    const std::string kid = key.public_key().kid();
    return envelope::import_tdf(
        source,
        [&](const envelope::KeyAccess& access) -> Result<SecretBytes> {
            if (access.kid != kid)
                return fail(Code::not_found, "cli.other_key");
            return key.unwrap(access.wrapped_key);
        },
        sink);
}

Result<Exit> open_plain(const Options& options) {
    TRY_ASSIGN(const auto source, open_whole(options.file));
    TRY_ASSIGN(const auto sink, Output::create(options.output, "opening", source->size()));
    if (sink->is_standard_output())
        standard_output_is_taken();
    TRY_ASSIGN(const auto imported, import_file(options, *source, *sink));
    TRY(sink->finish());
    note("warning: a plain TDF: nobody signed it, so nothing says who sent it");
    const Json value = {{"imported", options.output.empty() ? "-" : options.output},
                        {"schema_version", printable(imported.schema_version)},
                        {"hex_mode", imported.hex_mode},
                        {"mime_type", printable(imported.mime_type)},
                        {"plain_bytes", imported.plain_bytes},
                        {"assertions_checked", imported.assertions_checked},
                        {"findings", imported.findings}};
    std::string lines =
        sink->is_standard_output()
            ? std::string()
            : fmt::format("imported into {}: {} bytes\n", options.output, imported.plain_bytes);
    for (const std::string& finding : imported.findings)
        lines += "  our own rules would have refused: " + printable(finding) + "\n";
    answer(value, lines);
    return Exit::done;
}

Result<Exit> run(const Options& options) {
    if (!options.import_key.empty() && !(options.key.empty() && options.sender.empty()))
        return fail(Code::invalid, "cli.usage", "--import-key goes without --key and --sender");
    if (options.import && (options.key.empty() || !options.sender.empty()))
        return fail(Code::invalid, "cli.usage", "--import goes with --key and without --sender");
    const bool plain = options.import || !options.import_key.empty();
    return plain ? open_plain(options) : open_sealed(options);
}

} // namespace

void add_open(Command& root) {
    static Options options;
    Command command = root.sub("open", "open a sealed file and check who sealed it");
    command.option("file", options.file, "sealed file; none or -: standard input")
        .option("--key FILE", options.key, "secret key of the recipient")
        .option("--sender FILE", options.sender, "public key of the sender who must have signed")
        .option("--import-key HEX", options.import_key,
                "payload key in hexadecimal: opens a plain TDF of other makers")
        .flag("--import", options.import,
              "a plain TDF of other makers that was sealed to --key; nobody signed it")
        .option("-o,--output FILE", options.output, "document; none or -: standard output")
        .option("--threads N", options.threads, "workers; 0: one for each core");
    command.runs([] { return run(options); });
}

} // namespace valise::cli
