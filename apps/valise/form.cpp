// SPDX-License-Identifier: Apache-2.0
#include "forms/form.h"

#include "adapters/files/files.h"
#include "base/text.h"
#include "client.h"
#include "commands.h"
#include "forms/sheet.h"
#include "printed.h"
#include "printing/print.h"
#include "streams.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

struct Options {
    std::string subject;
    std::string file;
    std::string item;
    std::vector<std::string> sender;
    std::vector<std::string> recipient;
    bool inner = false;
    bool outer = false;
};

Result<void> write_pdf(const std::string& path, ByteView bytes) {
    TRY_ASSIGN(const auto output, Output::create(path));
    if (output->is_standard_output())
        standard_output_is_taken();
    TRY(output->write(bytes));
    return output->finish();
}

} // namespace

Result<PrintedForm> printed_form(Client& client, const std::string& kind,
                                 const std::string& subject) {
    TRY_ASSIGN(Json value, client.get("/api/v1/forms/" + kind + "/" + percent_encoded(subject)));
    TRY_ASSIGN(auto terms, client.terms());
    terms.set_test_mode(client.status().value("test_mode", false));
    const auto member = value.find("form");
    if (member == value.end())
        return fail(Code::invalid, "cli.answer", "the registry's answer lacks 'form'");
    TRY_ASSIGN(auto form, forms::Form::parse(view(canonical_json(*member))));
    TRY_ASSIGN(const auto sheet, forms::lay_out(form, terms));
    TRY_ASSIGN(Bytes pdf, printing::print(sheet));
    return PrintedForm{std::move(value), std::move(form), std::move(terms), std::move(pdf)};
}

namespace {

Result<Exit> print_form(const char* kind, const Options& options) {
    TRY_ASSIGN(auto client, Client::connect());
    std::string subject = options.subject;
    if (std::string_view(kind) == "destruction-certificate") {
        TRY_ASSIGN(const Json copy, client.copy(subject));
        subject = shown(copy, "copy");
    }
    TRY_ASSIGN(PrintedForm printed, printed_form(client, kind, subject));
    auto& [value, form, terms, pdf] = printed;
    TRY(write_pdf(options.file, pdf));
    std::string lines;
    for (const std::string& line : forms::lines_of(form, terms, globals().language))
        lines += printable(line, 1000) + "\n";
    lines += fmt::format("digest    {}\nprinted   {}", to_hex(form.digest()),
                         options.file.empty() ? "-" : options.file);
    value["digest_hex"] = to_hex(form.digest());
    value["file"] = options.file;
    answer(std::move(value), lines);
    return Exit::done;
}

//= O-35
Result<forms::EnvelopeFace> face_of(const Options& options, const agreement::Terms& terms,
                                    const std::string& party, const Json& item) {
    if (options.outer)
        return forms::EnvelopeFace::outer(terms, options.sender, options.recipient,
                                          item.value("number", std::string()));
    if (!options.sender.empty())
        return fail(Code::invalid, "cli.usage", "the inner face names the recipient alone");
    // What was received bears the own level; what is ours, its only one.
    const std::string own = item.value("own_level", std::string());
    return forms::EnvelopeFace::inner(
        terms, party, own.empty() ? item.value("level", std::string()) : own, options.recipient);
}

Result<Exit> print_face(const Options& options) {
    if (options.inner == options.outer)
        return fail(Code::invalid, "cli.usage", "one of --inner and --outer");
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json item, client.item(options.item));
    TRY_ASSIGN(auto terms, client.terms());
    terms.set_test_mode(client.status().value("test_mode", false));
    TRY_ASSIGN(const auto face, face_of(options, terms, client.party(), item));
    TRY_ASSIGN(const Bytes pdf, printing::print(face));
    TRY(write_pdf(options.file, pdf));
    const char* which = options.inner ? "inner" : "outer";
    answer({{"face", which}, {"item", item.value("item", "")}, {"file", options.file}},
           fmt::format("{} face printed to {}", which, options.file.empty() ? "-" : options.file));
    return Exit::done;
}

} // namespace

void add_form(Command& root) {
    static Options options;
    Command form = root.sub("form", "printed forms, as PDF in both parties' languages");
    const auto add = [&](Command& under, const char* name, const char* kind, const char* help,
                         const char* subject = "dispatch", const char* named = "id") {
        Command one = under.sub(name, help);
        one.option(subject, options.subject, named, Need::required)
            .option("-o,--output FILE", options.file, "PDF file; none or -: standard output");
        one.runs([kind] { return print_form(kind, options); });
    };
    add(form, "transmittal", "transmittal-note", "the note that goes with a dispatch");
    Command receipt = form.sub("receipt", "a receipt, as it was signed");
    add(receipt, "custody", "custody-receipt", "arrived whole and recorded");
    add(receipt, "contents", "contents-receipt", "opened and compared");
    add(form, "destruction", "destruction-certificate", "the certificate of a destroyed copy",
        "copy", "id (cpy-…), or item and copy number as JPN-2026-0001/2");
    add(form, "incident", "incident-report", "a loss or compromise, as it stands", "incident");
    add(form, "muster", "muster-report", "a muster or spot check that was closed", "muster");
    Command face = form.sub("envelope", "a face of the double sealed envelope");
    face.option("item", options.item, "id or register number of what is in it", Need::required)
        .flag("--inner", options.inner, "level and recipient")
        .flag("--outer", options.outer, "sender, recipient and register number; no word of a level")
        .option("--to LINE", options.recipient, "line of the recipient's address; may be repeated",
                Need::required)
        .option("--from LINE", options.sender, "line of the sender's address; may be repeated")
        .option("-o,--output FILE", options.file, "PDF file; none or -: standard output");
    face.runs([] { return print_face(options); });
}

} // namespace valise::cli
