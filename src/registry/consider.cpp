// SPDX-License-Identifier: Apache-2.0
#include "registry/internal/impl.h"

// What an act would meet, before anybody signs it.
namespace valise::registry {

Result<Registry::Considered> Registry::consider(const logbook::Act& act) const {
    std::unique_lock lock(impl_->mutex);
    const Time now = impl_->ledger.now();
    const logbook::State state = impl_->ledger.state();
    const agreement::Terms& terms = impl_->terms();
    lock.unlock();
    Considered out{agreement::decide(terms, state, act, now), {}};
    for (const auto& [id, person] : state.persons()) {
        if (!person.active)
            continue;
        TRY_ASSIGN(const auto theirs,
                   logbook::Act::make(act.kind(), act.party(), act.terms(), act.at(), person.key,
                                      act.content(), act.nonce()));
        out.people.emplace(id, agreement::decide(terms, state, theirs, now));
    }
    return out;
}

} // namespace valise::registry
