// SPDX-License-Identifier: Apache-2.0
#include "verifying/recon.h"

#include "acting.h"
#include "adapters/files/files.h"
#include "base/text.h"
#include "commands.h"
#include "streams.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

using logbook::ActKind;

struct Options {
    std::string recon;
    std::string link;
    std::string way = "there";
    std::string list = "sent";
    std::string output;
    std::string file;
    std::vector<std::string> vkeys;
    std::string trust;
};

Result<agreement::ReconStatement> statement_in(const Json& view) {
    const auto found = view.find("statement");
    if (found == view.end())
        return fail(Code::invalid, "cli.answer", "statement");
    return agreement::ReconStatement::parse(to_bytes(canonical_json(*found)));
}

// The whole digest, or as much of its beginning as names one statement.
Result<Json> named(Client& client, const std::string& recon) {
    TRY_ASSIGN(const Json all, client.get("/api/v1/recons"));
    const Json list = all.value("recons", Json::array());
    const Json* found = nullptr;
    for (const Json& one : list) {
        TRY_ASSIGN(const std::string digest, text_in(one, "recon"));
        if (recon.size() < 8 || !digest.starts_with(recon))
            continue;
        if (found != nullptr)
            return fail(Code::invalid, "cli.usage", "two statements begin with these digits");
        found = &one;
    }
    if (found == nullptr)
        return fail(Code::not_found, "registry.no_recon", recon);
    return *found;
}

std::string state_of(const Json& view) {
    if (view.value("differs", false))
        return "DIFFERS from the leaves here";
    const bool here = view.value("signed_here", false);
    const bool there = view.value("signed_there", false);
    if (here && there)
        return "signed by both";
    return here ? "signed here, the other party has not signed" : "waits for a signature here";
}

Result<Exit> propose() {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json proposal, acting.client.get("/api/v1/recon/proposal"));
    const Json view = proposal.value("recon", Json::object());
    TRY_ASSIGN(const auto statement, statement_in(view));
    TRY_ASSIGN(const std::string digest, text_in(view, "recon"));
    TRY_ASSIGN(Json value, acting.act(ActKind::reconcile, view.value("content", Json::object())));
    value["recon"] = view;
    return conclude(std::move(value), verifying::statement_text(statement) + "statement " + digest);
}

Result<Exit> sign(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json view, named(acting.client, options.recon));
    TRY_ASSIGN(const auto statement, statement_in(view));
    TRY_ASSIGN(const std::string digest, text_in(view, "recon"));
    TRY_ASSIGN(Json value, acting.act(ActKind::countersign, view.value("content", Json::object())));
    return conclude(std::move(value), verifying::statement_text(statement) + "statement " + digest);
}

Result<Exit> show(const Options& options) {
    TRY_ASSIGN(auto client, Client::connect());
    if (!options.recon.empty()) {
        TRY_ASSIGN(const Json view, named(client, options.recon));
        TRY_ASSIGN(const auto statement, statement_in(view));
        TRY_ASSIGN(const std::string digest, text_in(view, "recon"));
        answer({{"recon", view}},
               fmt::format("statement {}: {}\n{}", printable(digest), state_of(view),
                           verifying::statement_text(statement)));
        return Exit::done;
    }
    TRY_ASSIGN(const Json all, client.get("/api/v1/recons"));
    std::string lines;
    const Json list = all.value("recons", Json::array());
    for (const Json& one : list) {
        TRY_ASSIGN(const auto statement, statement_in(one));
        TRY_ASSIGN(const std::string digest, text_in(one, "recon"));
        lines += fmt::format("{}  {}  by {}, {} exceptions, {}\n", printable(digest).substr(0, 16),
                             statement.at.text(), printable(statement.by), statement.exceptions(),
                             state_of(one));
    }
    answer(all, lines.empty() ? "no statement on both logs yet\n" : lines);
    return Exit::done;
}

Result<Exit> write(const std::string& path, const Options& options, const char* what) {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json view, named(client, options.recon));
    TRY_ASSIGN(const std::string digest, text_in(view, "recon"));
    TRY_ASSIGN(const auto output, Output::create(options.output, "exporting"));
    if (output->is_standard_output())
        standard_output_is_taken();
    TRY(client.download("/api/v1/recons/" + digest + path, *output));
    TRY(output->finish());
    if (!output->is_standard_output())
        answer({{"recon", digest}, {"file", options.output}},
               fmt::format("written to {}; anybody checks it with\n  valise-verify {} {}",
                           options.output, what, options.output));
    return Exit::done;
}

Result<Exit> prove_absent(const Options& options) {
    auto link = from_base64(options.link);
    if (!link || link->size() != 32)
        link = from_hex(options.link);
    if (!link || link->size() != 32)
        return fail(Code::invalid, "cli.usage", "a link has 32 bytes, in base64 or hex");
    return write("/absence?link=" + to_hex(*link) + "&way=" + options.way + "&list=" + options.list,
                 options, "absence");
}

Result<Exit> verify(const Options& options) {
    std::optional<Bytes> trust;
    if (!options.trust.empty()) {
        TRY_ASSIGN(trust, adapters::read_file(options.trust, 64 << 10));
    }
    TRY_ASSIGN(const auto believed, verifying::Believed::of(options.vkeys, trust));
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(options.file, verifying::kMaxReconFile));
    const auto report = verifying::check_recon(bytes, believed);
    answer(verifying::recon_json(report), verifying::recon_text(report));
    return report.verified() ? Exit::done : Exit::integrity;
}

} // namespace

void add_recon(Command& root) {
    static Options options;
    Command recon = root.sub("recon", "both parties' shared logs held against each other");
    recon.sub("propose", "sign what both logs say now, for the other party to countersign")
        .runs(propose);
    Command showing = recon.sub("show", "the statements on both logs, or one of them");
    showing.option("statement", options.recon, "digest of a statement, or its first digits");
    showing.runs([] { return show(options); });
    Command signing = recon.sub("sign", "countersign a statement that the other party proposed");
    signing.option("statement", options.recon, "digest, or its first digits", Need::required);
    signing.runs([] { return sign(options); });
    Command exporting = recon.sub("export", "write a statement with the leaves of both logs");
    exporting.option("statement", options.recon, "digest, or its first digits", Need::required)
        .option("-o,--output FILE", options.output, "file; none or -: standard output");
    exporting.runs([] { return write("/file", options, "recon"); });
    Command proving = recon.sub("prove-absent", "prove that no transfer of a link is in a list");
    proving.option("statement", options.recon, "digest, or its first digits", Need::required)
        .option("link", options.link, "link tag, base64 or hex", Need::required)
        .option("--way WAY", options.way, "there: from the first party, back: to it (there)")
        .one_of("--way", {"there", "back"})
        .option("--list LIST", options.list, "sent or received (sent)")
        .one_of("--list", {"sent", "received"})
        .option("-o,--output FILE", options.output, "file; none or -: standard output");
    proving.runs([] { return prove_absent(options); });
    Command verifying = recon.sub("verify", "check a written statement; no registry is asked");
    verifying.option("file", options.file, "file of recon export", Need::required)
        .option("--vkey VKEY", options.vkeys, "verifier key of a log or of a cosigner")
        .option("--trust FILE", options.trust, "in place of keys: a trust file (tlog-policy)");
    verifying.runs([] { return verify(options); });
}

} // namespace valise::cli
