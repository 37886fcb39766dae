// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.h"
#include "sim/acts.h"

#include <fmt/format.h>

#include <algorithm>

// The life of the agreement: other terms, and its end.
namespace valise::testing {

using logbook::ActKind;
using logbook::AdoptedAs;

namespace {

// One change of the first terms each; whether it loosens those in force depends on what came
// before.
constexpr std::pair<const char*, const char*> kChanges[] = {
    {"tracer_days = 15", "tracer_days = 12"},
    {"tracer_days = 15", "tracer_days = 30"},
    {"issue_days = 30", "issue_days = 20"},
    {"accreditation_days = 1825", "accreditation_days = 900"},
    {"status = \"draft\"", "status = \"draft\" # read again"},
};

Bytes changed(const Bytes& first, int version, const std::pair<const char*, const char*>& change) {
    std::string text = to_text(first);
    const auto put = [&](const std::string& from, const std::string& to) {
        const auto at = text.find(from);
        if (at == std::string::npos)
            throw std::logic_error("the terms do not say " + from);
        text.replace(at, from.size(), to);
    };
    put("version = 1", fmt::format("version = {}", version));
    put(change.first, change.second);
    return to_bytes(text);
}

Hash32 digest_of(const Bytes& text) {
    return agreement::Terms::parse(text).value().digest();
}

} // namespace

bool Acts::of_accord(Proposal& p) {
    switch (p.kind) {
    case ActKind::terminate:
        p.who = &side_.clearance_officer;
        p.content = {{"ends", (ending_ ? days_ahead(91, 110) : days_ahead(1, 80)).text()},
                     {"reference", "note verbale"}};
        return true;
    case ActKind::adopt_terms:
        adopt(p);
        return true;
    case ActKind::put_in_force: // which a registry alone attests
        p.content = {{"adopted", to_base64(crypto::random_array<32>())}};
        if (const auto& ours = state_.adopted())
            p.content["adopted"] = to_base64(ours->terms);
        return true;
    default:
        return false;
    }
}

// What the other party countersigned, as a rule, and else something new. Whoever signed it already
// would wait for the other one.
void Acts::adopt(Proposal& p) {
    p.who = &side_.clearance_officer;
    const int version = side_.terms.version() + 1;
    Bytes text = changed(first_terms_, version, random_.any(kChanges));
    std::string as = random_.any({"amendment", "arrangement"});
    Time from = days_ahead(1, 20);
    if (const auto& theirs = state_.peer_adopted(); theirs && random_.chance(90))
        for (const auto& change : kChanges)
            if (const Bytes same = changed(first_terms_, version, change);
                digest_of(same) == theirs->terms) {
                text = same;
                as = std::string(to_string(theirs->as));
                from = theirs->from;
            }
    p.content = {{"adopted", to_base64(digest_of(text))},
                 {"as", as},
                 {"from", from.text()},
                 {"text", to_base64(text)}};
}

} // namespace valise::testing
