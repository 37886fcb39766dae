// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "adapters/files/files.h"
#include "base/text.h"
#include "commands.h"
#include "crypto/webauthn.h"
#include "streams.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

namespace valise::cli {

namespace {

using logbook::Act;

struct Options {
    std::string act;
    bool yes = false;
    bool print = false;
};

constexpr std::size_t kMaxText = 2 << 20;

bool is_code(const std::string& text) {
    return text.size() == 9 && text[4] == '-' && std::ranges::all_of(text, [](char c) {
               return c == '-' || (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
           });
}

Result<Bytes> everything(const std::string& path) {
    TRY_ASSIGN(const auto input, Input::open(path, "reading"));
    Bytes out;
    Bytes piece(64 << 10);
    while (true) {
        TRY_ASSIGN(const std::size_t count, input->read(piece));
        if (count == 0)
            return out;
        append(out, ByteView(piece).first(count));
        if (out.size() > kMaxText)
            return fail(Code::limit, "cli.act_text", "an act has at most 1 MiB");
    }
}

// From a page's code, asked of the registry's own socket; else the page's text.
Result<Act> act_named(const std::string& name) {
    Bytes text;
    if (is_code(name)) {
        TRY_ASSIGN(auto client, Client::connect());
        TRY_ASSIGN(const Json value, client.get("/api/v1/desk/acts/" + name));
        TRY_ASSIGN(const std::string act, text_in(value, "act"));
        text = to_bytes(act);
    } else {
        TRY_ASSIGN(text, everything(name));
    }
    std::string plain = to_text(text);
    std::erase_if(plain, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    TRY_ASSIGN(const Bytes bytes, from_base64(plain));
    return Act::parse(bytes);
}

// What is signed, member by member: a page could show one act and hand out another.
std::string in_words(const Act& act) {
    std::string out = fmt::format("{} at the registry of {}, prepared {}\n",
                                  logbook::to_string(act.kind()), act.party(), act.at().text());
    for (const auto& [name, value] : act.content().items())
        out += fmt::format(
            "  {:<16} {}\n", name,
            printable(value.is_string() ? value.get<std::string>() : value.dump(), 400));
    // What is not there says something too: nobody gets a key by this signature.
    if (act.kind() == logbook::ActKind::open && !act.optional_field("session_key"))
        out += "  read at          the Reading desk, as images of its pages\n";
    if (act.kind() == logbook::ActKind::print)
        out += "  on paper         a numbered copy that you answer for until it comes back\n";
    if (const auto bytes = act.bytes_field("passkey"))
        if (const auto passkey = crypto::PasskeySigner::parse(*bytes))
            out += fmt::format("  signs at         {}, whatever that page asks, of kinds that ask, "
                               "count or approve second\n",
                               passkey->origin());
    return out;
}

Result<bool> confirmed(bool yes) {
    if (yes)
        return true;
    const adapters::Descriptor terminal(::open(
        "/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)); // NOLINT(cppcoreguidelines-pro-type-vararg)
    if (!terminal.valid())
        return fail(Code::invalid, "cli.not_confirmed",
                    "no terminal to ask on: read it, then --yes");
    TRY(adapters::write_fully(terminal.get(), view("Sign this act? [y/N] ")));
    char reply = 'n';
    return ::read(terminal.get(), &reply, 1) == 1 && (reply == 'y' || reply == 'Y');
}

// Into the page that shows it; nobody copies anything back.
Result<Exit> hand_in(const std::string& code, const logbook::SignedAct& signed_act) {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(Json value, client.post("/api/v1/desk/acts/" + code, signed_act.bytes()));
    value["kind"] = std::string(logbook::to_string(signed_act.act().kind()));
    return conclude(std::move(value), "signed and handed in; the page shows it as well");
}

Result<Exit> sign(const Options& options) {
    TRY_ASSIGN(const Act act, act_named(options.act));
    TRY_ASSIGN(const auto file, acting_person());
    TRY_ASSIGN(const auto key, file.person());
    if (act.signer() != key.public_bytes())
        return fail(Code::refused, "cli.other_signer",
                    "the act was prepared for another person than --as names");
    note(in_words(act));
    if (globals().dry_run) {
        TRY_ASSIGN(auto client, Client::connect());
        TRY_ASSIGN(Json value, client.post("/api/v1/acts/consider", act.bytes()));
        value.erase("people");
        value["dry_run"] = true;
        return conclude(std::move(value), "");
    }
    TRY_ASSIGN(const bool agreed, confirmed(options.yes));
    if (!agreed)
        return fail(Code::invalid, "cli.not_confirmed", "nothing was signed");
    TRY_ASSIGN(const auto signed_act, logbook::SignedAct::make(act, key));
    if (is_code(options.act) && !options.print)
        return hand_in(options.act, signed_act);
    const std::string text = to_base64(signed_act.bytes());
    answer({{"kind", std::string(logbook::to_string(act.kind()))}, {"signed", text}}, text);
    return Exit::done;
}

} // namespace

void add_sign(Command& root) {
    static Options options;
    Command signing = root.sub("sign", "sign an act that a desk prepared; by its code it is "
                                       "handed in as well, else printed to be pasted back there");
    signing
        .option("act", options.act,
                "the code that the page shows, or a file with the page's "
                "text; none or -: standard input")
        .flag("--print", options.print,
              "print what is pasted back into the page, and hand nothing in")
        .flag("--yes", options.yes, "do not ask: it was read");
    signing.runs([] { return sign(options); });
}

} // namespace valise::cli
