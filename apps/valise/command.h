// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace valise::cli {

// What the program ends with: docs/cli.md.
enum class Exit : int {
    done = 0,        // and permitted, where it was an act
    refused = 1,     // by the agreement
    usage = 2,       // the input is wrong, or does not fit what is there
    integrity = 3,   // a hash, signature or proof does not hold
    unreachable = 4, // daemon or peer
    partly = 5,      // begun and not finished, or not all is in order
};

using Action = std::function<Result<Exit>()>;

enum class Need { optional, required };

// One `noun verb` of the command line. Keeps the parser's headers out of the commands' files.
class Command {
public:
    explicit Command(CLI::App& app) : app_(&app) {}

    Command sub(const char* name, const char* help);
    // `names`: "--to PARTY" or "-o,--output FILE", the last word being what the help shows for the
    // value; or "file" for a word without a dash. The values must outlive the parsing.
    Command& option(const char* names, std::string& value, const char* help,
                    Need need = Need::optional);
    Command& option(const char* names, std::vector<std::string>& values, const char* help,
                    Need need = Need::optional);
    Command& option(const char* names, std::int64_t& value, const char* help,
                    Need need = Need::optional);
    Command& flag(const char* names, bool& value, const char* help);
    Command& one_of(const char* name, std::vector<std::string> words);
    // Set on the last level: what is done when the words of the command name this one.
    void runs(Action action);

private:
    CLI::App* app_;
};

// The options that every command knows.
struct Globals {
    bool json = false;
    bool force = false;
    bool dry_run = false;        // an act is only asked about
    std::string socket;          // --socket, else VALISE_SOCKET
    std::string key_file;        // --as
    std::string deputised;       // --for
    std::string passphrase_file; // else asked for on a terminal
    std::string language;        // en, ja, uk
    std::string answer_file;     // the JSON answer goes there too, whatever is printed
};
Globals& globals();

// The command line as --help tells it, for what is generated from it.
struct Described {
    struct Option {
        std::vector<std::string> names; // "-o", "--output"
        std::string value;              // "FILE"; empty: a flag
        std::vector<std::string> choices;
        std::string help;
    };
    std::string name;
    std::string help;
    std::vector<Option> options;
    std::vector<Described> commands;
};
const Described& described();

// Parses, runs, reports; the exit status.
int run_command_line(int argc, char** argv, const std::function<void(Command&)>& define);

} // namespace valise::cli
