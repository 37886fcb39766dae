// SPDX-License-Identifier: Apache-2.0
#include "agreement/editions.h"

namespace valise::agreement {

using logbook::ActKind;

Editions::Editions(Terms first, Bytes text) {
    const Hash32 digest = first.digest();
    const auto kept = all_.emplace(
        digest, std::make_unique<const Edition>(Edition{std::move(first), std::move(text)}));
    now_ = kept.first->second.get();
    once_in_force_.insert(digest);
}

Result<void> Editions::follow(const logbook::Skeleton& event, const logbook::Act* act) {
    if (event.stage() != logbook::Stage::permitted)
        return {};
    if (event.kind() == ActKind::adopt_terms && act != nullptr)
        return keep(*act);
    if (event.kind() != ActKind::put_in_force)
        return {};
    TRY_ASSIGN(const Bytes digest, from_base64(event.fact("adopted")));
    TRY_ASSIGN(const Hash32 wanted, fixed<32>(digest, "agreement.edition"));
    const auto found = all_.find(wanted);
    if (found == all_.end())
        return fail(Code::conflict, "agreement.edition",
                    "terms were put in force of which no text is held");
    now_ = found->second.get();
    once_in_force_.insert(wanted);
    return {};
}

Result<void> Editions::keep(const logbook::Act& adoption) {
    TRY_ASSIGN(auto terms, adopted_terms(adoption, in_force()));
    TRY_ASSIGN(auto text, adoption.bytes_field("text"));
    const Hash32 digest = terms.digest();
    all_.try_emplace(digest,
                     std::make_unique<const Edition>(Edition{std::move(terms), std::move(text)}));
    return {};
}

Result<Terms> adopted_terms(const logbook::Act& adoption, const Terms& now) {
    TRY_ASSIGN(const Bytes text, adoption.bytes_field("text"));
    TRY_ASSIGN(Terms terms, Terms::parse(text));
    terms.set_test_mode(now.test_mode());
    return terms;
}

} // namespace valise::agreement
