// SPDX-License-Identifier: Apache-2.0
#include "command.h"

#include "base/text.h"
#include "output.h"

#include <CLI/CLI.hpp>

#include <cstdlib>

namespace valise::cli {

namespace {

Action& chosen() {
    static Action action;
    return action;
}

std::string environment(const char* name) {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): before any thread
    return value == nullptr ? std::string() : std::string(value);
}

// Where the machine speaks one of the languages of the agreement's words.
std::string language_of_machine() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const std::string value = environment(name);
        if (value.empty())
            continue;
        for (const char* known : {"ja", "uk"})
            if (value.starts_with(known))
                return known;
        break;
    }
    return "en";
}

void add_globals(CLI::App& app) {
    Globals& all = globals();
    all.socket = environment("VALISE_SOCKET");
    all.key_file = environment("VALISE_AS");
    all.passphrase_file = environment("VALISE_PASSPHRASE_FILE");
    all.language = language_of_machine();
    app.add_flag("--json", all.json, "answer as JSON: {\"v\":1,...}");
    app.add_flag("--force", all.force, "overwrite files; write bytes to a terminal");
    app.add_option("--socket", all.socket, "socket of the registry (else VALISE_SOCKET)")
        ->type_name("FILE");
    app.add_option("--as", all.key_file, "key file of the person who acts (else VALISE_AS)")
        ->type_name("FILE");
    app.add_option("--passphrase-file", all.passphrase_file,
                   "file whose first line is the passphrase of the key (else "
                   "VALISE_PASSPHRASE_FILE)")
        ->type_name("FILE");
    app.add_option("--answer-file", all.answer_file, "write the JSON answer into this file besides")
        ->type_name("FILE");
    app.add_option("--language", all.language, "of the words in answers (else the machine's)")
        ->type_name("CODE")
        ->check(CLI::IsMember({"en", "ja", "uk"}));
}

// "-o,--output FILE": the names, and the word that the help shows for the value.
template<class Value>
CLI::Option* add(CLI::App& app, std::string_view text, Value& value, const char* help, Need need) {
    const auto space = text.find(' ');
    const bool has_word = space != std::string_view::npos;
    return app.add_option(std::string(text.substr(0, space)), value, help)
        ->type_name(has_word ? std::string(text.substr(space + 1)) : std::string())
        ->required(need == Need::required);
}

} // namespace

Globals& globals() {
    static Globals all;
    return all;
}

Command Command::sub(const char* name, const char* help) {
    CLI::App* child = app_->add_subcommand(name, help);
    child->fallthrough();
    child->footer("Options of every command, as --json and --as: valise --help");
    app_->require_subcommand(1);
    return Command(*child);
}

Command& Command::option(const char* names, std::string& value, const char* help, Need need) {
    add(*app_, names, value, help, need);
    return *this;
}

Command& Command::option(const char* names, std::vector<std::string>& values, const char* help,
                         Need need) {
    add(*app_, names, values, help, need)->allow_extra_args(names[0] != '-');
    return *this;
}

Command& Command::option(const char* names, std::int64_t& value, const char* help, Need need) {
    add(*app_, names, value, help, need);
    return *this;
}

Command& Command::flag(const char* names, bool& value, const char* help) {
    app_->add_flag(names, value, help);
    return *this;
}

Command& Command::one_of(const char* name, std::vector<std::string> words) {
    app_->get_option(name)->check(CLI::IsMember(std::move(words)));
    return *this;
}

void Command::runs(Action action) {
    app_->callback([action = std::move(action)] { chosen() = action; });
}

namespace {

// The first word that should name a command and does not, with the nearest that does: the parser
// itself only says that something is missing.
std::string unknown_command(const CLI::App& root, int argc, char** argv) {
    const CLI::App* at = &root;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word.starts_with('-')) {
            const CLI::Option* option = root.get_option_no_throw(word);
            if (option != nullptr && option->get_items_expected_max() > 0)
                ++i;
            continue;
        }
        std::vector<std::string> names;
        const CLI::App* next = nullptr;
        for (const CLI::App* command : at->get_subcommands([](const CLI::App*) { return true; })) {
            names.push_back(command->get_name());
            if (command->get_name() == word)
                next = command;
        }
        if (names.empty())
            return {};
        if (next == nullptr)
            return "no command '" + printable(word) + "'" + suggestion(word, names);
        at = next;
    }
    return {};
}

int report_parse_error(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
    const std::string unknown =
        error.get_exit_code() == 0 ? std::string() : unknown_command(app, argc, argv);
    if (!unknown.empty())
        return static_cast<int>(report({Code::invalid, "cli.command", unknown}));
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
}

} // namespace

int run_command_line(int argc, char** argv, const std::function<void(Command&)>& define) {
    CLI::App app("Valise: classified documents between two governments, under their agreement");
    app.set_version_flag("--version", std::string("valise ") + VALISE_VERSION);
    app.set_help_all_flag("--help-all", "help of every command");
    add_globals(app);
    Command root(app);
    define(root);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return report_parse_error(app, error, argc, argv);
    }
    try {
        const auto result = chosen()();
        return static_cast<int>(result ? *result : report(result.error()));
    } catch (const std::exception& error) {
        // A library's own: a JSON member of another type, no memory.
        return static_cast<int>(report({Code::internal, "cli.exception", error.what()}));
    }
}

} // namespace valise::cli
