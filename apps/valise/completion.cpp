// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "output.h"
#include "streams.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

// Completion for three shells, made from the same description as --help.
namespace valise::cli {

namespace {

constexpr const char* kProgram = "valise";

// In single quotes, as all three shells read them.
std::string quoted(std::string_view text, const char* quote) {
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string(quote) : std::string(1, c);
    return out + "'";
}
std::string posix(const std::string& text) {
    return quoted(text, "'\\''");
}

// A command with the words that lead to it: "valise item enter".
struct Place {
    std::string path;
    const Described* command;
};

void collect(const std::string& path, const Described& command, std::vector<Place>& out) {
    out.push_back({path, &command});
    for (const Described& sub : command.commands)
        collect(path + " " + sub.name, sub, out);
}

struct Whole {
    std::vector<Place> places;
    std::vector<Described::Option> everywhere; // those of the program itself
    std::string paths;                         // joined by '|', quoted: for a case
    std::string with_value;                    // names of options that take one, joined by '|'
    std::map<std::string, std::vector<std::string>> choices;
};

Whole whole() {
    Whole out;
    collect(kProgram, described(), out.places);
    std::set<std::string> with_value;
    for (const Place& place : out.places) {
        if (place.path != kProgram)
            out.paths += (out.paths.empty() ? "" : "|") + posix(place.path);
        for (const auto& option : place.command->options) {
            for (const std::string& name : option.names) {
                if (!option.value.empty())
                    with_value.insert(name);
                if (!option.choices.empty())
                    out.choices[name] = option.choices;
            }
        }
    }
    for (const std::string& name : with_value)
        out.with_value += (out.with_value.empty() ? "" : "|") + name;
    for (const auto& option : described().options)
        out.everywhere.push_back(option);
    return out;
}

// Options of a command, and behind them those that every command knows.
std::vector<Described::Option> options_at(const Place& place, const Whole& all) {
    auto out = place.command->options;
    if (place.path == kProgram)
        return out;
    for (const auto& option : all.everywhere) {
        const std::string& name = option.names.back();
        if (name != "--version" && name != "--help-all" && name != "--help")
            out.push_back(option);
    }
    return out;
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "" : " ") + word;
    return out;
}

// Which command the words so far name: the same walk in bash and zsh.
std::string walk(const Whole& all, const char* word) {
    return fmt::format(R"(        word={0}
        if [[ -n $skip ]]; then skip=; continue; fi
        case "$word" in
        {1}) skip=$word ;;
        -*) ;;
        *) case "$at $word" in {2}) at="$at $word" ;; esac ;;
        esac
)",
                       word, all.with_value, all.paths);
}

std::string bash_script(const Whole& all) {
    std::string out = "# bash completion of valise; made by: valise completion bash\n"
                      "_valise() {\n"
                      "    local cur=${COMP_WORDS[COMP_CWORD]} at=valise skip= word i words=\n"
                      "    for ((i = 1; i < COMP_CWORD; i++)); do\n" +
                      walk(all, "${COMP_WORDS[i]}") + "    done\n";
    out += "    case \"$skip\" in\n";
    for (const auto& [name, words] : all.choices)
        out += fmt::format("    {}) words={} ;;\n", name, posix(joined(words)));
    out += "    '') case \"$at\" in\n";
    for (const Place& place : all.places) {
        std::vector<std::string> words;
        words.reserve(place.command->commands.size());
        for (const Described& sub : place.command->commands)
            words.push_back(sub.name);
        for (const auto& option : options_at(place, all))
            words.insert(words.end(), option.names.begin(), option.names.end());
        out += fmt::format("        {}) words={} ;;\n", posix(place.path), posix(joined(words)));
    }
    return out + "        esac ;;\n"
                 "    esac\n"
                 "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                 "}\n"
                 "complete -o default -F _valise valise\n";
}

// "word:what it does" for _describe.
std::string described_word(const std::string& word, const std::string& help) {
    std::string escaped;
    for (const char c : word)
        escaped += c == ':' ? std::string("\\:") : std::string(1, c);
    return posix(escaped + ":" + help);
}

std::string zsh_script(const Whole& all) {
    std::string out = "#compdef valise\n"
                      "# zsh completion of valise; made by: valise completion zsh\n"
                      "_valise() {\n"
                      "    local at=valise skip= word i\n"
                      "    local -a commands options\n"
                      "    for ((i = 2; i < CURRENT; i++)); do\n" +
                      walk(all, "${words[i]}") + "    done\n";
    out += "    case \"$skip\" in\n";
    for (const auto& [name, words] : all.choices)
        out += fmt::format("    {}) commands=({}); _describe value commands; return ;;\n", name,
                           joined(words));
    out += "    ?*) _files; return ;;\n"
           "    esac\n"
           "    case \"$at\" in\n";
    for (const Place& place : all.places) {
        out += fmt::format("    {})\n        commands=(", posix(place.path));
        for (const Described& sub : place.command->commands)
            out += "\n            " + described_word(sub.name, sub.help);
        out += ")\n        options=(";
        for (const auto& option : options_at(place, all))
            for (const std::string& name : option.names)
                out += "\n            " + described_word(name, option.help);
        out += ") ;;\n";
    }
    return out + "    esac\n"
                 "    if [[ ${words[CURRENT]} == -* ]]; then\n"
                 "        _describe option options\n"
                 "    elif (( ${#commands} )); then\n"
                 "        _describe command commands\n"
                 "    else\n"
                 "        _files\n"
                 "    fi\n"
                 "}\n"
                 "if [[ ${funcstack[1]} == _valise ]]; then _valise \"$@\"; else compdef _valise "
                 "valise; fi\n";
}

std::string fish_option(const std::string& condition, const Described::Option& option) {
    std::string out = "complete -c valise" + condition;
    for (const std::string& name : option.names)
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (!option.choices.empty())
        out += " -x -a " + quoted(joined(option.choices), "\\'");
    else if (option.value == "FILE" || option.value == "FOLDER" || option.value == "PARTY=FILE")
        out += " -r -F";
    else if (!option.value.empty())
        out += " -x";
    return out + " -d " + quoted(option.help, "\\'") + "\n";
}

std::string fish_script(const Whole& all) {
    std::string values = all.with_value;
    std::ranges::replace(values, '|', ' ');
    std::string paths;
    for (const Place& place : all.places)
        paths += " " + quoted(place.path, "\\'");
    std::string out = "# fish completion of valise; made by: valise completion fish\n"
                      "function __valise_at\n"
                      "    set -l at valise\n"
                      "    set -l skip 0\n"
                      "    for word in (commandline -opc)[2..]\n"
                      "        if test $skip = 1\n"
                      "            set skip 0\n"
                      "        else if contains -- $word " +
                      values +
                      "\n"
                      "            set skip 1\n"
                      "        else if contains -- \"$at $word\"" +
                      paths +
                      "\n"
                      "            set at \"$at $word\"\n"
                      "        end\n"
                      "    end\n"
                      "    test \"$at\" = \"$argv[1]\"\n"
                      "end\n"
                      "complete -c valise -e\n";
    for (const Place& place : all.places) {
        const std::string condition = " -n " + quoted("__valise_at \"" + place.path + "\"", "\\'");
        for (const Described& sub : place.command->commands)
            out += "complete -c valise" + condition + " -f -a " + sub.name + " -d " +
                   quoted(sub.help, "\\'") + "\n";
        for (const auto& option : options_at(place, all))
            out += fish_option(condition, option);
    }
    return out;
}

Result<Exit> print(std::string (*script)(const Whole&)) {
    TRY_ASSIGN(const auto output, Output::create_text(""));
    standard_output_is_taken();
    TRY(output->write(view(script(whole()))));
    TRY(output->finish());
    return Exit::done;
}

} // namespace

void add_completion(Command& root) {
    Command completion = root.sub("completion", "completion scripts of the shells");
    completion.sub("bash", "for: source <(valise completion bash)").runs([] {
        return print(bash_script);
    });
    completion.sub("zsh", "for: source <(valise completion zsh), after compinit").runs([] {
        return print(zsh_script);
    });
    completion.sub("fish", "for: valise completion fish | source").runs([] {
        return print(fish_script);
    });
}

} // namespace valise::cli
