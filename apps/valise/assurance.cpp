// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "adapters/files/files.h"
#include "base/text.h"
#include "commands.h"
#include "streams.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

using logbook::ActKind;

struct Options {
    std::string level;
    std::string until;
    std::string reference;
    std::string file;
};

constexpr std::size_t kFileMax = 16 << 10;

//= O-19
// The registry tells the other one. The signed act itself needs no trust in our registry, and goes
// where no wire goes.
Result<Exit> give(const Options& options) {
    TRY_ASSIGN(const Time until, parse_until(options.until));
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const auto terms, acting.client.terms());
    const auto* other = terms.other(acting.client.party());
    if (other == nullptr)
        return fail(Code::invalid, "cli.answer", "the agreement does not know this party");
    Json content = {{"recipient", other->code}, {"level", options.level}, {"until", until.text()}};
    if (!options.reference.empty())
        content["reference"] = options.reference;
    TRY_ASSIGN(const auto act, acting.sign(ActKind::assure, std::move(content)));
    TRY_ASSIGN(Json value, acting.hand_in(act));
    if (performed(value))
        TRY(write_text_file(options.file, to_base64(act.bytes()) + "\n", 0644));
    value["assurance"] = options.file;
    return conclude(std::move(value),
                    fmt::format("assured {} up to {} until {}; told by wire, and signed in {}",
                                other->code, options.level, until.text(), printable(options.file)));
}

// It ends at once; the other registry is told, and sends nothing that rests on it.
Result<Exit> revoke(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const auto terms, acting.client.terms());
    const auto* other = terms.other(acting.client.party());
    if (other == nullptr)
        return fail(Code::invalid, "cli.answer", "the agreement does not know this party");
    Json content = {{"what", "assurance"}, {"recipient", other->code}};
    if (!options.reference.empty())
        content["reason"] = options.reference;
    TRY_ASSIGN(Json value, acting.act(ActKind::revoke, std::move(content)));
    return conclude(std::move(value), "revoked the assurance to " + other->code);
}

Result<Exit> record(const Options& options) {
    TRY_ASSIGN(const Bytes file, adapters::read_file(options.file, kFileMax));
    std::string text = to_text(file);
    while (text.ends_with('\n'))
        text.pop_back();
    TRY_ASSIGN(const Bytes bytes, from_base64(text));
    TRY_ASSIGN(const auto given, logbook::SignedAct::parse(bytes));
    TRY_ASSIGN(const std::string level, given.act().field("level"));
    TRY_ASSIGN(const std::string until, given.act().field("until"));
    return act_and_conclude(
        ActKind::record_assurance,
        {{"peer", given.act().party()}, {"level", level}, {"until", until}, {"assurance", text}},
        fmt::format("{} assures protection up to {} until {}", given.act().party(), level, until));
}

} // namespace

void add_assurance(Command& root) {
    static Options options;
    Command assurance =
        root.sub("assurance", "clearance, need and protection, assured to a sender");
    Command giving = assurance.sub("give", "assure the other party, in a file for it");
    giving.option("--level LEVEL", options.level, "code of an own level", Need::required)
        .option("--until TIME", options.until, "2027-01-31, a full time, or +365d", Need::required)
        .option("--reference TEXT", options.reference, "document that says so")
        .option("-o,--output FILE", options.file, "file to write", Need::required);
    giving.runs([] { return give(options); });
    Command revoking = assurance.sub("revoke", "take back what was assured to the other party");
    revoking.option("--reason TEXT", options.reference, "why; kept apart, can be shredded");
    revoking.runs([] { return revoke(options); });
    Command recording = assurance.sub("record", "record what the other party assured");
    recording.option("file", options.file, "file that the other party gave", Need::required);
    recording.runs([] { return record(options); });
}

} // namespace valise::cli
