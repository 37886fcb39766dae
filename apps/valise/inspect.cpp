// SPDX-License-Identifier: Apache-2.0
#include "envelope/inspect.h"

#include "commands.h"
#include "output.h"
#include "streams.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

// One line for each text in it, indented; envelope::inspect() has escaped what a peer wrote.
void lines_of(const Json& value, const std::string& indent, std::string& out) {
    for (const auto& [name, member] : value.items()) {
        if (member.is_structured() && !member.empty()) {
            out += fmt::format("{}{}:\n", indent, value.is_array() ? "-" : name);
            lines_of(member, indent + "  ", out);
        } else {
            out += fmt::format("{}{}: {}\n", indent, value.is_array() ? "-" : name,
                               member.is_string() ? member.get<std::string>() : member.dump());
        }
    }
}

Result<Exit> inspect_file(const std::string& file) {
    TRY_ASSIGN(const auto source, open_whole(file));
    TRY_ASSIGN(Json said, envelope::inspect(*source));
    std::string lines = "What the file says of itself; nothing here is proved.\n";
    lines_of(said, "", lines);
    answer(std::move(said), lines);
    return Exit::done;
}

} // namespace

void add_inspect(Command& root) {
    static std::string file;
    Command command = root.sub("inspect", "show what a sealed file says of itself, without keys");
    command.option("file", file, "sealed file; none or -: standard input");
    command.runs([] { return inspect_file(file); });
}

} // namespace valise::cli
