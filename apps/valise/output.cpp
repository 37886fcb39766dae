// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include "adapters/files/files.h"
#include "base/text.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

bool& taken() {
    static bool value = false;
    return value;
}

std::string dump(const Json& value) {
    return value.dump(2, ' ', false, Json::error_handler_t::replace);
}

// For a script that wants the answer and a person that watches: both get theirs from one run.
void keep(const Json& value) {
    if (globals().answer_file.empty())
        return;
    const auto kept = adapters::write_file_durably(globals().answer_file, view(dump(value) + "\n"),
                                                   0600, adapters::Overwrite::yes);
    if (!kept)
        fmt::print(stderr, "warning: {}\n", kept.error().text());
}

std::string hint_of(const Error& error) {
    const std::string& reason = error.reason();
    if (reason == "adapters.http_connect" || reason == "cli.no_socket")
        return "start the registry: valise-keys serve --state DIR/keys --socket DIR/keys.sock "
               "--passphrase-file FILE, then valised --config DIR/registry.toml; "
               "say where with --socket or VALISE_SOCKET=DIR/people.sock";
    if (reason == "crypto.passphrase")
        return "the passphrase is wrong, or the file was changed";
    if (reason == "adapters.file_exists" || reason == "cli.terminal")
        return "--force does it all the same";
    if (reason == "cli.no_key_file")
        return "give --as FILE, made by: valise keygen --kind person -o FILE";
    if (reason == "cli.no_passphrase")
        return "give --passphrase-file, or --no-passphrase at keygen";
    if (reason == "cli.usage" || reason == "cli.command")
        return "valise --help, and --help after each command";
    if (reason == "cli.other_key")
        return "open it with the key that it was sealed for: valise inspect names it";
    if (reason == "adapters.no_file")
        return "look at the path";
    if (reason.starts_with("envelope.") && error.code() == Code::integrity)
        return "what was written so far is not to be trusted; ask the sender for the file again";
    return "";
}

void print_error(const Error& error, const std::string& hint) {
    fmt::print(stderr, "error: {}\n", error.text());
    if (!hint.empty())
        fmt::print(stderr, "hint: {}\n", hint);
}

// Members "error" and "exit" of an answer.
void add_error(Json& value, const Error& error, const std::string& hint, Exit exit) {
    value["error"] = {{"code", error.reason()},
                      {"kind", std::string(to_string(error.code()))},
                      {"text", error.context()},
                      {"hint", hint}};
    value["exit"] = static_cast<int>(exit);
}

} // namespace

void standard_output_is_taken() {
    taken() = true;
}

void answer(Json value, std::string_view lines, Beside beside) {
    std::FILE* out = beside == Beside::yes || taken() ? stderr : stdout;
    value["v"] = 1;
    keep(value);
    if (globals().json) {
        fmt::print(out, "{}\n", dump(value));
    } else if (!lines.empty()) {
        fmt::print(out, "{}{}", lines, lines.back() == '\n' ? "" : "\n");
    }
}

Exit exit_of(const Error& error) {
    switch (error.code()) {
    case Code::refused:
        return Exit::refused;
    case Code::invalid:
    case Code::not_found:
    case Code::conflict:
    case Code::limit:
        return Exit::usage;
    case Code::integrity:
        return Exit::integrity;
    case Code::unavailable:
    case Code::internal:
        return Exit::unreachable;
    }
    return Exit::unreachable;
}

Exit answer_partly(Json value, std::string_view lines, const Error& error) {
    const std::string hint = hint_of(error);
    add_error(value, error, hint, Exit::partly);
    answer(std::move(value), lines);
    print_error(error, hint);
    return Exit::partly;
}

Exit report(const Error& error) {
    const Exit code = exit_of(error);
    const std::string hint = hint_of(error);
    print_error(error, hint);
    Json value = {{"v", 1}};
    add_error(value, error, hint, code);
    keep(value);
    if (globals().json && !taken())
        fmt::print("{}\n", dump(value));
    return code;
}

void note(std::string_view line) {
    fmt::print(stderr, "{}\n", line);
}

std::string shown(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null())
        return "-";
    if (found->is_string()) {
        const auto& text = found->get_ref<const std::string&>();
        return text.empty() ? "-" : printable(text, 4096);
    }
    return found->dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace valise::cli
