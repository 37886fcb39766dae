// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "adapters/files/files.h"
#include "commands.h"
#include "streams.h"
#include "terms_changes.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

using agreement::Terms;
using logbook::ActKind;

struct Options {
    std::string file;
    std::string kind;
    std::string from;
    std::string ends;
    std::string reference;
};

//= O-08
//= O-48
// What an arrangement may not loosen is named with its clause beside the refusal. The officer's
// signature is this party's half of what both parties countersign.
Result<Exit> adopt(const Options& options) {
    TRY_ASSIGN(const Time from, parse_until(options.from));
    TRY_ASSIGN(const Bytes text, adapters::read_file(options.file, kMaxTerms));
    TRY_ASSIGN(const auto next, Terms::parse(text));
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const auto before, acting.client.terms());
    const std::string changes = change_lines(agreement::compare_terms(before, next));
    TRY_ASSIGN(Json value, acting.act(ActKind::adopt_terms, {{"adopted", to_base64(next.digest())},
                                                             {"as", options.kind},
                                                             {"from", from.text()},
                                                             {"text", to_base64(text)}}));
    return conclude(std::move(value),
                    fmt::format("{}version {} of {} as an {}, from {}; in force once the other "
                                "party countersigned the same",
                                changes, next.version(), next.id(), options.kind, from.text()));
}

Result<Exit> terminate(const Options& options) {
    TRY_ASSIGN(const Time ends, parse_until(options.ends));
    return act_and_conclude(
        ActKind::terminate, {{"ends", ends.text()}, {"reference", options.reference}},
        fmt::format("the agreement ends at {}; what was received stays protected", ends.text()));
}

} // namespace

void add_accord(Command& agreement) {
    static Options options;
    Command adopting = agreement.sub("adopt", "countersign other terms for this party");
    adopting
        .option("file", options.file, "terms file, as the other party countersigns it",
                Need::required)
        .option("--kind KIND", options.kind, "amendment, or arrangement, which may only tighten",
                Need::required)
        .one_of("--kind", {"amendment", "arrangement"})
        .option("--from TIME", options.from, "2027-01-31, a full time, or +30d", Need::required);
    adopting.runs([] { return adopt(options); });
    Command ending = agreement.sub("terminate", "give written notice that the agreement ends");
    ending.option("--ends TIME", options.ends, "2027-01-31, a full time, or +90d", Need::required)
        .option("--reference TEXT", options.reference, "the written notice", Need::required);
    ending.runs([] { return terminate(options); });
}

} // namespace valise::cli
