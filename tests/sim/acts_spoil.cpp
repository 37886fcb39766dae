// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.h"
#include "sim/acts.h"

#include <set>

namespace valise::testing {
void Acts::spoil(Proposal& p) {
    const std::size_t roll = random_.below(10);
    if (roll < 3) {
        p.who = &somebody();
        return;
    }
    if (roll == 3) { // in the name of an officer who may be there, or with nobody's
        if (!p.content.contains("for"))
            p.content["for"] = somebody().id().text();
        else
            p.content.erase("for");
        return;
    }
    std::vector<std::string> names;
    for (const auto& [name, value] : p.content.items())
        if (another(name, value) != value)
            names.push_back(name);
    if (names.empty())
        return;
    const std::string& name = random_.any(names);
    static const std::set<std::string> kMayBeAbsent = {
        "copy",   "container", "pages",    "next",          "level",
        "person", "percent",   "controls", "rights_ground", "modification_report"};
    if (kMayBeAbsent.contains(name) && random_.chance(20))
        p.content.erase(name);
    else
        p.content[name] = another(name, p.content[name]);
}

// A value of the same kind that is there as well, or is nowhere.
Json Acts::another(const std::string& name, const Json& was) {
    const bool there = random_.chance(85);
    if (name == "person" || name == "for" || name == "officer" || name == "deputy" ||
        name == "access")
        return there ? somebody().id().text() : fresh<PersonId>();
    if (name == "item" || name == "sources") {
        const Item* one = there ? item() : nullptr;
        return id_or_fresh(one);
    }
    if (name == "copy" || name == "copies") {
        const Copy* one = there ? copy([](const Copy&) { return true; }) : nullptr;
        return id_or_fresh(one);
    }
    const auto id_of = [&]<class Id>(const auto& map, Id) {
        const auto* one = there ? one_of(map, [](const auto&) { return true; }) : nullptr;
        return id_or_fresh(one);
    };
    if (name == "container")
        return id_of(state_.containers(), ContainerId());
    if (name == "dispatch")
        return id_of(state_.dispatches(), DispatchId());
    if (name == "release")
        return id_of(state_.releases(), ReleaseId());
    if (name == "notice")
        return id_of(state_.notices(), NoticeId());
    if (name == "incident")
        return id_of(state_.incidents(), IncidentId());
    if (name == "muster")
        return id_of(state_.musters(), MusterId());
    if (name == "level")
        return there ? level() : random_.chance(50) ? other().scheme.levels.front().code : "cosmic";
    if (name == "recipient" || name == "peer" || name == "party")
        return random_.any({"POL", "USA", "JPN", "UKR"});
    if (name == "purpose")
        return random_.chance(50) ? purpose() : "leisure";
    if (name == "authority")
        return random_.chance(50) ? other().authorities.front().id : "nobody";
    if (name == "until" || name == "due" || name == "next" || name == "from" ||
        name == "disclosed_at")
        return now().plus_days(static_cast<int>(random_.below(60)) * (there ? -1 : 60)).text();
    if (name == "as")
        return random_.any({"amendment", "arrangement"});
    if (name == "role")
        return random_.any({"control-officer", "administrator", "reader", "originator"});
    if (name == "method")
        return random_.any(
            {"burning", "shredding", "erasure", "crushing", "modification", "folding"});
    if (name == "pages" || name == "sheets")
        return random_.from_to(1, 5);
    if (name == "percent")
        return random_.from_to(1, 200);
    if (name == "form")
        return random_.any({"electronic", "paper", "equipment"});
    if (name == "controls")
        return random_.any({"locked", "alarm,locked", "locked,safe"});
    if (name == "affects")
        return was == "yes" ? "no" : "yes";
    if (name == "release_digest" || name == "terms" || name == "payload_root" ||
        name == "adopted" || name == "modification_report")
        return to_base64(crypto::random_array<32>());
    if (name == "key")
        return to_base64(random_.any(people_).key.public_bytes());
    return was;
}

} // namespace valise::testing
