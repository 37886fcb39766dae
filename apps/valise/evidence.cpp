// SPDX-License-Identifier: Apache-2.0
#include "client.h"
#include "commands.h"
#include "streams.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

Result<Exit> export_evidence(const std::string& file) {
    TRY_ASSIGN(const auto output, Output::create(file, "exporting"));
    TRY_ASSIGN(auto client, Client::connect());
    if (output->is_standard_output())
        standard_output_is_taken();
    TRY(client.download("/api/v1/evidence", *output));
    TRY(output->finish());
    if (!output->is_standard_output())
        answer({{"evidence", file}},
               fmt::format("evidence written to {}; anybody checks it with\n  valise-verify "
                           "evidence {}",
                           file, file));
    return Exit::done;
}

} // namespace

void add_evidence(Command& root) {
    static std::string file;
    Command evidence = root.sub("evidence", "what an outsider can check offline");
    Command exporting = evidence.sub("export", "write the evidence file");
    exporting.option("-o,--output FILE", file, "file; none or -: standard output");
    exporting.runs([] { return export_evidence(file); });
}

} // namespace valise::cli
