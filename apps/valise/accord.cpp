// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "adapters/files/files.h"
#include "agreement/compare.h"
#include "base/text.h"
#include "commands.h"
#include "streams.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

using agreement::Terms;
using logbook::ActKind;

struct Options {
    std::string file;
    std::string as;
    std::string from;
    std::string ends;
    std::string reference;
};

constexpr std::size_t kMaxTerms = 256 << 10;

//= O-08
// What the registry would refuse is named with its clause before anybody signs.
std::string loosened(const Terms& before, const Terms& after) {
    std::string lines;
    for (const auto& change : agreement::compare_terms(before, after))
        lines += fmt::format("{:8} {}: {} -> {} (clause {})\n", to_string(change.effect),
                             change.parameter, change.before.empty() ? "-" : change.before,
                             change.after.empty() ? "-" : change.after, change.clause);
    return lines;
}

//= O-48
// The officer's signature is this party's half of what both parties countersign.
Result<Exit> adopt(const Options& options) {
    TRY_ASSIGN(const Time from, parse_until(options.from));
    TRY_ASSIGN(const Bytes text, adapters::read_file(options.file, kMaxTerms));
    TRY_ASSIGN(const auto next, Terms::parse(text));
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const auto before, acting.client.terms());
    const std::string changes = loosened(before, next);
    TRY_ASSIGN(Json value, acting.act(ActKind::adopt_terms, {{"adopted", to_base64(next.digest())},
                                                             {"as", options.as},
                                                             {"from", from.text()},
                                                             {"text", to_base64(text)}}));
    return conclude(std::move(value),
                    fmt::format("{}version {} of {} as an {}, from {}; in force once the other "
                                "party countersigned the same",
                                changes, next.version(), next.id(), options.as, from.text()));
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
        .option("--as KIND", options.as, "amendment, or arrangement, which may only tighten",
                Need::required)
        .option("--from TIME", options.from, "2027-01-31, a full time, or +30d", Need::required);
    adopting.runs([] { return adopt(options); });
    Command ending = agreement.sub("terminate", "give written notice that the agreement ends");
    ending.option("--ends TIME", options.ends, "2027-01-31, a full time, or +90d", Need::required)
        .option("--reference TEXT", options.reference, "the written notice", Need::required);
    ending.runs([] { return terminate(options); });
}

} // namespace valise::cli
