// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "base/text.h"
#include "commands.h"
#include "streams.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

namespace valise::cli {

namespace {

using logbook::ActKind;

struct Options {
    std::string endpoint;
    std::string file;
    std::string fingerprint;
    bool yes = false;
    std::string level;
    std::string until;
    std::string reference;
    std::string peer;
};

constexpr std::size_t kMaxInvitation = 1 << 20;

std::string encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

Result<Exit> invite(const Options& options) {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Bytes invitation,
               client.get_bytes("/api/v1/peer/invitation?endpoint=" + encoded(options.endpoint)));
    if (options.file.empty() || options.file == "-") {
        fmt::print("{}\n", text_view(invitation));
        return Exit::done;
    }
    TRY(write_text_file(options.file, text_view(invitation), 0644));
    answer({{"invitation", options.file}, {"party", client.party()}},
           fmt::format("invitation of {} written to {}: take it to the other registry, whose "
                       "officer accepts it with\n  valise peer accept {} --as KEY\nThe fingerprint "
                       "that both officers then see must be the same.",
                       client.party(), options.file, options.file));
    return Exit::done;
}

// Words and digits say the same; spaces, hyphens and case do not count.
std::string bare(std::string_view text) {
    std::string out;
    for (const char c : text)
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out += c;
        else if (c >= 'A' && c <= 'Z')
            out += static_cast<char>(c + 0x20);
    return out;
}

Result<bool> confirmed(const Options& options, const std::string& fingerprint) {
    if (options.yes)
        return true;
    if (!options.fingerprint.empty()) {
        const std::string all = bare(fingerprint);
        const std::string given = bare(options.fingerprint);
        // Either form alone suffices: 128 bits are 40 letters of words or 39 and more digits.
        if (given.size() >= 39 && all.find(given) != std::string::npos)
            return true;
        return fail(Code::integrity, "cli.fingerprint", "the fingerprint is another one");
    }
    const adapters::Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal.valid())
        return fail(Code::invalid, "cli.fingerprint",
                    "compare it with the other officer, then give --fingerprint TEXT or --yes");
    TRY(adapters::write_fully(terminal.get(),
                              view("Does the other officer read the same fingerprint? [y/N] ")));
    char reply = 'n';
    return ::read(terminal.get(), &reply, 1) == 1 && (reply == 'y' || reply == 'Y');
}

Result<Exit> accept(const Options& options) {
    TRY_ASSIGN(const Bytes invitation, adapters::read_file(options.file, kMaxInvitation));
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json considered, acting.client.post("/api/v1/peer/consider", invitation));
    TRY_ASSIGN(const std::string fingerprint, text_in(considered, "fingerprint"));
    const auto content = considered.find("pair_content");
    if (content == considered.end())
        return fail(Code::invalid, "cli.answer", "the registry's answer lacks 'pair_content'");
    note(fmt::format("peer         {} at {}\nfingerprint  {}", shown(considered, "peer"),
                     shown(considered, "endpoint"), printable(fingerprint, 1000)));
    TRY_ASSIGN(const bool same, confirmed(options, fingerprint));
    if (!same)
        return fail(Code::invalid, "cli.fingerprint", "nothing was signed");
    TRY_ASSIGN(Json value, acting.act(ActKind::pair, *content));
    for (const char* name : {"peer", "endpoint", "fingerprint"})
        value[name] = considered.value(name, "");
    return conclude(std::move(value),
                    fmt::format("paired with {}; fingerprint {}", shown(considered, "peer"),
                                printable(fingerprint, 1000)));
}

Result<Exit> accredit(const Options& options) {
    TRY_ASSIGN(const Time until, parse_until(options.until));
    TRY_ASSIGN(auto acting, Acting::begin());
    std::string peer = options.peer;
    if (peer.empty()) {
        TRY_ASSIGN(const auto terms, acting.client.terms());
        const auto* other = terms.other(acting.client.party());
        peer = other == nullptr ? "" : other->code;
    }
    TRY_ASSIGN(Json value, acting.act(ActKind::accredit, {{"peer", peer},
                                                          {"level", options.level},
                                                          {"until", until.text()},
                                                          {"reference", options.reference}}));
    return conclude(std::move(value), fmt::format("the link to {} is accredited up to {} until {}",
                                                  peer, options.level, until.text()));
}

} // namespace

void add_peer(Command& root) {
    static Options options;
    Command peer = root.sub("peer", "pairing with the other party's registry");
    Command inviting = peer.sub("invite", "write the invitation for the other party's officer");
    inviting
        .option("--endpoint HOST:PORT", options.endpoint,
                "host:port at which it reaches this registry", Need::required)
        .option("-o,--output FILE", options.file, "file to write; none or -: standard output");
    inviting.runs([] { return invite(options); });
    Command accepting = peer.sub("accept", "accept an invitation: shows the fingerprint, signs");
    accepting.option("invitation", options.file, "file of the other party", Need::required)
        .option("--fingerprint TEXT", options.fingerprint, "what the other officer read out")
        .flag("--yes", options.yes, "it was compared");
    accepting.runs([] { return accept(options); });

    Command link = root.sub("link", "what may travel to the other party");
    Command accrediting = link.sub("accredit", "accredit the link up to a level");
    accrediting.option("--level LEVEL", options.level, "code of an own level", Need::required)
        .option("--until TIME", options.until, "2027-01-31, a full time, or +365d", Need::required)
        .option("--reference TEXT", options.reference, "of the accreditation decision",
                Need::required)
        .option("--peer PARTY", options.peer, "party; else the other one of the agreement");
    accrediting.runs([] { return accredit(options); });
}

} // namespace valise::cli
