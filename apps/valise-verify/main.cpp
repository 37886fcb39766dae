// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/files.h"
#include "base/text.h"
#include "options.h"
#include "verifying/evidence.h"
#include "verifying/fork.h"
#include "verifying/form.h"
#include "verifying/log_proof.h"
#include "verifying/published_log.h"
#include "verifying/recon.h"
#include "verifying/sealed_file.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

// Reads files and prints; no state, nothing written, and no network unless `url` is asked for.
namespace {

using namespace valise;
using namespace valise::verifying;

constexpr std::size_t kMaxProof = 4 << 20; // two notes of a megabyte

int report(const Error& error) {
    fmt::print(stderr, "error: {}\n", error.text());
    return kUsage;
}

// The public root key itself, or its base64.
Result<Bytes> read_root(const std::string& path) {
    TRY_ASSIGN(Bytes bytes, adapters::read_file(path, 64 << 10));
    std::string_view text = text_view(bytes);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.remove_suffix(1);
    if (auto decoded = from_base64(text); decoded && !decoded->empty())
        return std::move(*decoded);
    return bytes;
}

} // namespace

namespace valise::verifying {

Result<Expected> expectations(const Options& options) {
    Expected out;
    out.fingerprint = options.fingerprint;
    for (const std::string& given : options.roots) {
        const auto equals = given.find('=');
        if (equals == std::string::npos)
            return fail(Code::invalid, "verify.usage", "--root wants PARTY=FILE");
        TRY_ASSIGN(out.roots[given.substr(0, equals)], read_root(given.substr(equals + 1)));
    }
    return out;
}

Result<Believed> believed(const Options& options) {
    std::optional<Bytes> trust;
    if (!options.trust.empty()) {
        TRY_ASSIGN(trust, adapters::read_file(options.trust, 64 << 10));
    }
    return Believed::of(options.vkeys, trust);
}

} // namespace valise::verifying

namespace {

Result<int> check_evidence_file(const Options& options) {
    TRY_ASSIGN(const Expected expected, expectations(options));
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(options.file, kMaxEvidence));
    const Report checked = check_evidence(bytes, expected);
    fmt::print("{}", options.json ? report_json(checked).dump(2) + "\n" : report_text(checked));
    return checked.verified() ? kVerified : kIntegrity;
}

Result<int> check_log_folder(const Options& options) {
    constexpr std::size_t kMaxFile = 32 << 20; // 256 entries of 64 KiB
    TRY_ASSIGN(const Believed whom, believed(options));
    const auto fetch = [&](const std::string& path) {
        return adapters::read_file(options.folder + "/" + path, kMaxFile);
    };
    TRY(fetch("checkpoint")); // a folder without one is no log
    const PublishedLog checked = check_published_log(fetch, whom);
    fmt::print("{}", options.json ? published_log_json(checked).dump(2) + "\n"
                                  : published_log_text(checked));
    return checked.verified() ? kVerified : kIntegrity;
}

Result<int> check_proof_file(const Options& options) {
    TRY_ASSIGN(const Believed whom, believed(options));
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(options.file, kMaxProof));
    std::optional<Bytes> entry;
    if (!options.entry.empty()) {
        TRY_ASSIGN(entry, adapters::read_file(options.entry, tlog::kMaxEntrySize));
    }
    const ProvenEntry checked = check_log_proof(bytes, entry, whom);
    fmt::print("{}",
               options.json ? log_proof_json(checked).dump(2) + "\n" : log_proof_text(checked));
    return checked.verified() ? kVerified : kIntegrity;
}

Result<int> check_fork_file(const Options& options) {
    TRY_ASSIGN(const Believed whom, believed(options));
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(options.file, kMaxProof));
    const ProvenFork checked = check_fork_proof(bytes, whom);
    fmt::print("{}", options.json ? fork_json(checked).dump(2) + "\n" : fork_text(checked));
    return checked.verified() ? kVerified : kIntegrity;
}

Result<int> check_recon_file(const Options& options) {
    TRY_ASSIGN(const Believed whom, believed(options));
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(options.file, kMaxReconFile));
    const ReconReport checked = check_recon(bytes, whom);
    fmt::print("{}", options.json ? recon_json(checked).dump(2) + "\n" : recon_text(checked));
    return checked.verified() ? kVerified : kIntegrity;
}

Result<int> check_absence_file(const Options& options) {
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(options.file, kMaxProof));
    const AbsenceReport checked = check_absence(bytes, options.statement);
    fmt::print("{}", options.json ? absence_json(checked).dump(2) + "\n" : absence_text(checked));
    return checked.verified() ? kVerified : kIntegrity;
}

Result<int> check_file(const Options& options) {
    TRY_ASSIGN(const Expected expected, expectations(options));
    TRY_ASSIGN(const Bytes invitation, adapters::read_file(options.invitation, 1 << 20));
    TRY_ASSIGN(const auto source, adapters::FileSource::open(options.file));
    const SealedReport checked = check_sealed_file(*source, invitation, expected);
    fmt::print("{}", options.json ? sealed_json(checked).dump(2) + "\n" : sealed_text(checked));
    return checked.verified() ? kVerified : kIntegrity;
}

// What the QR code says, the digits beside it, or the file itself.
Result<Hash32> named_form(const std::string& text) {
    if (auto digest = forms::parse_code_text(text))
        return digest;
    TRY_ASSIGN(const Bytes file, adapters::read_file(text, kMaxPrintedForm));
    return digest_in_pdf(file);
}

Result<int> check_printed_form(const Options& options) {
    TRY_ASSIGN(const Expected expected, expectations(options));
    TRY_ASSIGN(const Hash32 digest, named_form(options.file));
    TRY_ASSIGN(const Bytes evidence, adapters::read_file(options.evidence, kMaxEvidence));
    const FormReport checked = check_form(digest, evidence, expected, options.language);
    fmt::print("{}", options.json ? form_json(checked).dump(2) + "\n" : form_text(checked));
    return checked.verified() ? kVerified : kIntegrity;
}

int finish(const Result<int>& result) {
    return result ? *result : report(result.error());
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app("valise-verify: checks offline what a registry did");
    app.set_version_flag("--version", VALISE_VERSION);
    app.require_subcommand(1);
    Options options;
    app.add_flag("--json", options.json, "a versioned object instead of text");

    auto* evidence = app.add_subcommand("evidence", "an evidence file, from its first event");
    evidence->add_option("file", options.file, "evidence file")->required();
    evidence->add_option("--fingerprint", options.fingerprint,
                         "what the officers read to each other: words, digits or both");
    evidence->add_option("--root", options.roots, "PARTY=FILE with that party's public root key")
        ->allow_extra_args(false); // a file may follow
    auto* log = app.add_subcommand("log", "a published log, from its entries")->alias("dir");
    log->add_option("folder", options.folder, "folder with checkpoint and tile/")->required();
    auto* url =
        app.add_subcommand("url", "the same, read over the network: the only check that is");
    url->add_option("url", options.url, "https://HOST/PATH or http://127.0.0.1:PORT/PATH")
        ->required();
    url->add_option(
        "--ca", options.authorities,
        "PEM file with the authorities of the server's certificate; none: the system's");
    auto* bag = app.add_subcommand("bag", "volumes of a courier bag, without the key to them");
    bag->add_option("volumes", options.files, "files of one bag")->required();
    bag->add_option("--key-list", options.invitation, "the sender's invitation")->required();
    auto* receipt = app.add_subcommand("receipt", "a receipt file");
    receipt->add_option("file", options.file, "file of valise evidence receipt")->required();
    receipt
        ->add_option("--key-list", options.invitations,
                     "the receiver's invitation; given again, the sender's")
        ->required()
        ->allow_extra_args(false);
    auto* cose = app.add_subcommand("cose", "a COSE receipt: that one entry is in a log");
    cose->add_option("file", options.file, "receipt")->required();
    cose->add_option("--entry", options.entry, "file with the entry")->required();
    auto* proof = app.add_subcommand("proof", "a .tlog-proof file: that one entry is in a log");
    proof->add_option("file", options.file, ".tlog-proof file")->required();
    proof->add_option("--entry", options.entry,
                      "file with the entry, if not the one that the proof carries");
    auto* fork = app.add_subcommand("fork", "a fork proof: that a log signed two histories");
    fork->add_option("file", options.file, "fork proof")->required();
    auto* recon = app.add_subcommand("recon", "a statement on both logs, from their leaves");
    recon->add_option("file", options.file, "file of valise recon export")->required();
    auto* absence = app.add_subcommand("absence", "that a link is in no list of a statement");
    absence->add_option("file", options.file, "file of valise recon prove-absent")->required();
    absence->add_option("--statement", options.statement,
                        "digest of the statement, as recon shows it (64 digits)");
    for (auto* command : {bag, receipt})
        command->add_option("--root", options.roots, "PARTY=FILE with that party's public root key")
            ->allow_extra_args(false);
    for (auto* command : {log, proof, fork, recon, url, receipt, cose}) {
        command->add_option("--vkey", options.vkeys, "verifier key of the log or of a cosigner")
            ->allow_extra_args(false); // a file may follow
        command->add_option("--trust", options.trust,
                            "in place of keys: a trust file (tlog-policy), whose quorum is wanted");
    }
    auto* file = app.add_subcommand("file", "a sealed file as it travels, without any key to it");
    file->add_option("file", options.file, "sealed file")->required();
    file->add_option("--key-list", options.invitation,
                     "the sender's invitation, which brings its key list")
        ->required();
    file->add_option("--root", options.roots, "PARTY=FILE with that party's public root key")
        ->allow_extra_args(false); // a file may follow
    auto* form = app.add_subcommand("form", "a printed form, by its digest");
    form->add_option("form", options.file, "PDF, text of the QR code, or the 64 digits")
        ->required();
    form->add_option("--evidence", options.evidence, "evidence file of either party")->required();
    form->add_option("--fingerprint", options.fingerprint,
                     "what the officers read to each other: words, digits or both");
    form->add_option("--root", options.roots, "PARTY=FILE with that party's public root key")
        ->allow_extra_args(false); // a file may follow
    form->add_option("--language", options.language, "en, ja or uk (en)")
        ->check(CLI::IsMember({"en", "ja", "uk"}));
    for (auto* command :
         {evidence, log, proof, fork, file, form, recon, absence, url, bag, receipt, cose})
        command->add_flag("--json", options.json, "a versioned object instead of text");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kVerified : kUsage;
    }
    if (url->parsed())
        return finish(check_log_url(options));
    if (bag->parsed())
        return finish(check_bag_files(options));
    if (receipt->parsed())
        return finish(check_receipt(options));
    if (cose->parsed())
        return finish(check_cose_file(options));
    if (recon->parsed())
        return finish(check_recon_file(options));
    if (absence->parsed())
        return finish(check_absence_file(options));
    if (file->parsed())
        return finish(check_file(options));
    if (form->parsed())
        return finish(check_printed_form(options));
    if (proof->parsed())
        return finish(check_proof_file(options));
    if (fork->parsed())
        return finish(check_fork_file(options));
    return finish(evidence->parsed() ? check_evidence_file(options) : check_log_folder(options));
}
