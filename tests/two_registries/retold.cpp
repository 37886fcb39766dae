// SPDX-License-Identifier: Apache-2.0
#include "two_registries/retold.h"

#include "crypto/random.h"
#include "logbook/commitment.h"

#include <algorithm>
#include <iterator>

namespace valise::testing {

std::vector<vault::RecordedEvent> log_of(const registry::Ledger& ledger) {
    std::vector<vault::RecordedEvent> out;
    for (;;) {
        auto more = ledger.shown(out.size(), 0);
        if (!more || more->empty())
            return out;
        std::ranges::move(*more, std::back_inserter(out));
    }
}

logbook::Skeleton skeleton_of(const vault::RecordedEvent& event) {
    return logbook::Skeleton::parse(event.skeleton).value();
}

vault::RecordedEvent retold(const vault::RecordedEvent& event,
                            const std::function<void(Told&)>& change) {
    const auto old = skeleton_of(event);
    Told told{{old.seq(), old.kind(), old.stage(), old.actor(), old.minute(), old.terms(),
               old.permit(), old.ids(), old.facts(), old.clauses()},
              logbook::Opening::parse(event.opening).value(),
              logbook::Leaf::parse(event.leaf)->fields()};
    change(told);
    const auto skeleton = logbook::Skeleton::make(told.skeleton).value();
    const Hash32 salt = crypto::random_array<32>();
    const auto commitment = logbook::Commitment::of(skeleton.bytes(), told.opening, salt);
    told.leaf.stage = skeleton.stage();
    told.leaf.minute = skeleton.minute();
    told.leaf.commitment = commitment.root();
    vault::RecordedEvent out;
    out.leaf = to_bytes(logbook::Leaf::in_private_log(told.leaf).bytes());
    out.skeleton = skeleton.bytes();
    out.salt = commitment.salt(0);
    out.fields = commitment.field_leaves();
    out.record_salt = salt;
    out.opening = told.opening.bytes();
    return out;
}

} // namespace valise::testing
