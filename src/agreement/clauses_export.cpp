// SPDX-License-Identifier: Apache-2.0
// What leaves for a client outside of the registry: a numbered copy that a person takes by their
// own signature, and each opening of it there, which the registry attests since a client signs no
// acts.
#include "agreement/internal/clauses.h"

namespace valise::agreement {

//= O-32
//= O-26
// The terms name the levels of which a copy may leave; of every other none does.
Verdict export_level(const Situation& s) {
    if (s.item == nullptr || s.own == nullptr || s.own_level().empty())
        return not_applicable();
    return refuse_if(!s.own->exports.contains(s.own_level()), "agreement.export_level");
}

//= O-22
//= O-21
// A person without a key acts as attested by the registry, and from some level on that is not
// enough: there nobody's client opens anything, whatever the account says.
Verdict export_attested(const Situation& s) {
    const bool rewrap = !s.text("session_key").empty();
    if (rewrap != s.act.attested_by_registry())
        return refuse("agreement.export_speaker");
    if (!rewrap || s.item == nullptr || s.own == nullptr)
        return not_applicable();
    const auto level = s.own->exports.find(s.own_level());
    if (level == s.own->exports.end())
        return not_applicable(); // "export-level" refuses
    return refuse_if(!level->second, "agreement.export_attested");
}

//= O-32
//= O-22
// A client opens only the copy that its person took for it by their own signature: the registry can
// attest nothing that they did not ask for.
Verdict export_taken(const Situation& s) {
    if (s.item == nullptr || !s.act.attested_by_registry())
        return not_applicable();
    if (s.subject == nullptr)
        return refuse("agreement.export_not_taken");
    const auto taken = s.item->taken.find({s.subject->id, s.text("client")});
    return refuse_if(taken == s.item->taken.end() || s.copy == nullptr ||
                         taken->second.copy != s.copy->id ||
                         taken->second.purpose != s.text("purpose"),
                     "agreement.export_not_taken");
}

} // namespace valise::agreement
