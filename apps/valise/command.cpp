// SPDX-License-Identifier: Apache-2.0
#include "command.h"

#include "base/text.h"
#include "output.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <span>

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
    app.add_flag("--dry-run", all.dry_run,
                 "of a command that acts: print what would be decided; nothing is recorded");
    app.add_option("--socket", all.socket, "socket of the registry (else VALISE_SOCKET)")
        ->type_name("FILE");
    app.add_option("--as", all.key_file, "key file of the person who acts (else VALISE_AS)")
        ->type_name("FILE");
    app.add_option("--for", all.deputised, "control officer (per-…) whose deputy acts")
        ->type_name("PERSON");
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

// What it does not know is named before what is missing: that is why it is missing, mostly.
Error usage_error(const CLI::App& app, const CLI::ParseError& error) {
    const CLI::App* reached = &app;
    std::vector<std::string> options;
    while (true) {
        for (const CLI::Option* option : reached->get_options())
            for (const std::string& name : option->get_lnames())
                options.push_back("--" + name);
        if (reached->get_subcommands().empty())
            break;
        reached = reached->get_subcommands().front();
    }
    std::vector<std::string> commands;
    for (const CLI::App* sub : reached->get_subcommands([](const CLI::App*) { return true; }))
        commands.push_back(sub->get_name());
    for (const std::string& word : app.remaining(true)) {
        const bool is_option = word.starts_with("-");
        const std::string shown = " '" + printable(word) + "'";
        if (is_option)
            return {Code::invalid, "cli.usage", "no option" + shown + suggestion(word, options)};
        if (!commands.empty())
            return {Code::invalid, "cli.command",
                    "no command" + shown + suggestion(word, commands)};
    }
    return {Code::invalid, "cli.usage", printable(error.what(), 1000)};
}

// "CODE:{en,ja,uk}": the word that the help shows, and the words that are admitted.
Described::Option describe(const CLI::Option& option) {
    Described::Option out;
    for (const std::string& name : option.get_snames())
        out.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames())
        out.names.push_back("--" + name);
    out.help = option.get_description();
    if (option.get_expected_max() == 0 || option.get_type_size_max() == 0)
        return out;
    std::string type = option.get_type_name();
    if (const auto open = type.find('{'); open != std::string::npos) {
        std::string word;
        for (const char c : type.substr(open + 1)) {
            if (c != ',' && c != '}') {
                word += c;
                continue;
            }
            out.choices.push_back(std::exchange(word, {}));
            if (c == '}')
                break;
        }
        type.resize(open);
    }
    while (type.ends_with(':') || type.ends_with(' '))
        type.pop_back();
    out.value = type.empty() ? "VALUE" : type;
    return out;
}

Described describe(const CLI::App& app) {
    Described out{app.get_name(), app.get_description(), {}, {}};
    for (const CLI::Option* option : app.get_options())
        if (!option->get_positional())
            out.options.push_back(describe(*option));
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        out.commands.push_back(describe(*command));
    return out;
}

Described& whole() {
    static Described value;
    return value;
}

} // namespace

const Described& described() {
    return whole();
}

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

int run_command_line(int argc, char** argv, const std::function<void(Command&)>& define) {
    CLI::App app("Valise: classified documents between two governments, under their agreement");
    app.set_version_flag("--version", std::string("valise ") + VALISE_VERSION);
    app.set_help_all_flag("--help-all", "help of every command");
    add_globals(app);
    Command root(app);
    define(root);
    whole() = describe(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0)
            return app.exit(error); // help and version
        // The parser may have given up before it reached the word.
        globals().json |=
            std::ranges::any_of(std::span(argv, static_cast<std::size_t>(argc)),
                                [](std::string_view word) { return word == "--json"; });
        return static_cast<int>(report(usage_error(app, error)));
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
