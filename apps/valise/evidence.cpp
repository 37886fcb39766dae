// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "client.h"
#include "commands.h"
#include "streams.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

Result<Exit> checkpoint() {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json value, client.get("/api/v1/log/checkpoints"));
    std::string lines;
    for (const char* log : {"private", "shared"}) {
        const Json one = value.value(log, Json::object());
        lines += fmt::format("--- {} log\n", log);
        for (const Json& vkey : one.value("vkeys", Json::array()))
            lines += "vkey " + printable(vkey.get<std::string>(), 8192) + "\n";
        // A signed note is lines of text; only what no note can hold is escaped.
        std::string_view note_text;
        if (const auto found = one.find("checkpoint"); found != one.end() && found->is_string())
            note_text = found->get_ref<const std::string&>();
        while (!note_text.empty()) {
            const auto end = std::min(note_text.find('\n'), note_text.size());
            lines += printable(note_text.substr(0, end), 16384) + "\n";
            note_text.remove_prefix(std::min(end + 1, note_text.size()));
        }
    }
    answer(value, lines);
    return Exit::done;
}

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
    Command log = root.sub("log", "the two logs of the registry");
    log.sub("checkpoint", "newest checkpoints with every signature held").runs(checkpoint);
    Command evidence = root.sub("evidence", "what an outsider can check offline");
    Command exporting = evidence.sub("export", "write the evidence file");
    exporting.option("-o,--output FILE", file, "file; none or -: standard output");
    exporting.runs([] { return export_evidence(file); });
}

} // namespace valise::cli
