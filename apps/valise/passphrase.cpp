// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/files.h"
#include "command.h"
#include "key_file.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>

namespace valise::cli {

namespace {

constexpr std::size_t kMaxPassphrase = 4096;

Result<SecretBytes> first_line(const SecretBytes& text) {
    const ByteView all = text.read(SecretAccess::because("cutting the line end off a passphrase"));
    const auto end = std::find_if(all.begin(), all.end(),
                                  [](Byte byte) { return byte == '\n' || byte == '\r'; });
    const auto length = static_cast<std::size_t>(end - all.begin());
    if (length == 0)
        return fail(Code::invalid, "cli.no_passphrase", "the passphrase is empty");
    return SecretBytes::copy(all.first(length));
}

// The terminal without echo, as it was before when this goes.
class QuietTerminal {
public:
    explicit QuietTerminal(int fd) : fd_(fd) {
        known_ = tcgetattr(fd_, &before_) == 0;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (known_)
            tcsetattr(fd_, TCSAFLUSH, &quiet);
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;
    ~QuietTerminal() {
        if (known_)
            tcsetattr(fd_, TCSAFLUSH, &before_);
    }

private:
    int fd_;
    bool known_ = false;
    termios before_{};
};

// Standard input may be the document, so the terminal itself is asked.
Result<SecretBytes> typed(int terminal, const std::string& question) {
    TRY(adapters::write_fully(terminal, view(question)));
    SecretBytes line(kMaxPassphrase);
    const auto out = line.write(SecretAccess::because("typing a passphrase"));
    std::size_t length = 0;
    {
        const QuietTerminal quiet(terminal);
        while (length < out.size()) {
            const ssize_t got = ::read(terminal, out.data() + length, 1);
            if (got <= 0 || out[length] == '\n')
                break;
            ++length;
        }
    }
    TRY(adapters::write_fully(terminal, view("\n")));
    return first_line(
        SecretBytes::copy(line.read(SecretAccess::because("a passphrase")).first(length)));
}

} // namespace

Result<SecretBytes> ask_passphrase(std::string_view what, bool confirm) {
    if (!globals().passphrase_file.empty()) {
        TRY_ASSIGN(const auto text,
                   adapters::read_secret_file(globals().passphrase_file, kMaxPassphrase));
        return first_line(text);
    }
    const adapters::Descriptor terminal(::open(
        "/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)); // NOLINT(cppcoreguidelines-pro-type-vararg)
    if (!terminal.valid())
        return fail(Code::invalid, "cli.no_passphrase",
                    "no terminal to ask for the passphrase of " + std::string(what));
    TRY_ASSIGN(auto first, typed(terminal.get(), "Passphrase of " + std::string(what) + ": "));
    if (!confirm)
        return first;
    TRY_ASSIGN(const auto second, typed(terminal.get(), "The same again: "));
    const auto access = SecretAccess::because("comparing what was typed twice");
    if (!std::ranges::equal(first.read(access), second.read(access)))
        return fail(Code::invalid, "cli.no_passphrase", "the two passphrases differ");
    return first;
}

} // namespace valise::cli
