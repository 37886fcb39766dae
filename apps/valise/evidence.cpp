// SPDX-License-Identifier: Apache-2.0
#include "client.h"
#include "commands.h"
#include "streams.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

struct Redaction {
    std::string ground;
    std::string events, kinds, items, persons;

    std::string query() const {
        std::string out;
        for (const auto& [name, value] :
             {std::pair("ground", ground), std::pair("events", events), std::pair("kinds", kinds),
              std::pair("items", items), std::pair("persons", persons)})
            if (!value.empty())
                out +=
                    fmt::format("{}{}={}", out.empty() ? '?' : '&', name, percent_encoded(value));
        return out;
    }
};

Result<Exit> export_evidence(const std::string& file, const Redaction& redaction) {
    TRY_ASSIGN(const auto output, Output::create(file, "exporting"));
    TRY_ASSIGN(auto client, Client::connect());
    if (output->is_standard_output())
        standard_output_is_taken();
    TRY(client.download("/api/v1/evidence" + redaction.query(), *output));
    TRY(output->finish());
    if (!output->is_standard_output())
        answer({{"evidence", file}},
               fmt::format("evidence written to {}; anybody checks it with\n  valise-verify "
                           "evidence {}",
                           file, file));
    return Exit::done;
}

struct ReceiptOf {
    std::string dispatch, receipt = "custody", file;
};

//= O-36
Result<Exit> export_receipt(const ReceiptOf& asked) {
    TRY_ASSIGN(const auto output, Output::create(asked.file, "exporting"));
    TRY_ASSIGN(auto client, Client::connect());
    if (output->is_standard_output())
        standard_output_is_taken();
    TRY(client.download("/api/v1/dispatches/" + percent_encoded(asked.dispatch) + "/receipts/" +
                            asked.receipt,
                        *output));
    TRY(output->finish());
    if (!output->is_standard_output())
        answer({{"receipt", asked.file}},
               fmt::format("{} receipt written to {}; anybody checks it with\n  valise-verify "
                           "receipt {} --key-list INVITATION",
                           asked.receipt, asked.file, asked.file));
    return Exit::done;
}

void add_receipt(Command& evidence) {
    static ReceiptOf asked;
    Command receipt = evidence.sub("receipt", "write one receipt, with its place in the log");
    receipt.option("dispatch", asked.dispatch, "id", Need::required)
        .option("--of RECEIPT", asked.receipt, "custody or contents (custody)")
        .one_of("--of", {"custody", "contents"})
        .option("-o,--output FILE", asked.file, "file; none or -: standard output");
    receipt.runs([] { return export_receipt(asked); });
}

} // namespace

void add_evidence(Command& root) {
    static std::string file;
    Command evidence = root.sub("evidence", "what an outsider can check offline");
    Command exporting = evidence.sub("export", "write the evidence file");
    exporting.option("-o,--output FILE", file, "file; none or -: standard output");
    static Redaction redaction;
    exporting.option("--redact GROUND", redaction.ground,
                     "withhold openings, and say on what ground: a code, as privacy");
    exporting.option("--event N[,N]", redaction.events, "with --redact: of these events");
    exporting.option("--kind KIND[,KIND]", redaction.kinds,
                     "with --redact: of such acts, as grant");
    exporting.option("--item ITEM[,ITEM]", redaction.items, "with --redact: about these items");
    exporting.option("--person PERSON[,PERSON]", redaction.persons,
                     "with --redact: about or by these persons");
    exporting.runs([] { return export_evidence(file, redaction); });
    add_receipt(evidence);
}

} // namespace valise::cli
