// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "crypto/random.h"
#include "sim/acts.h"

namespace valise::testing {

using logbook::ActKind;
using logbook::Role;

bool Acts::of_people(Proposal& p) {
    const auto person = [&] { p.content["person"] = somebody().id().text(); };
    switch (p.kind) {
    case ActKind::pair:
        pair(p);
        return true;
    case ActKind::enrol:
        enrol(p);
        return true;
    case ActKind::appoint:
        appoint(p);
        return true;
    case ActKind::clear:
        p.who = &with(Role::clearance_officer);
        person();
        p.content.update({{"level", random_.chance(50) ? own().scheme.levels.back().code : level()},
                          {"until", days_ahead(1, random_.chance(40) ? 15 : 200).text()},
                          {"authority", own().authorities.front().id}});
        return true;
    case ActKind::accredit:
        p.content = {{"peer", other().code},
                     {"level", random_.chance(60) ? own().scheme.levels.back().code : level()},
                     {"until", days_ahead(1, 90).text()},
                     {"reference", "ACC"}};
        by_officer(p);
        return true;
    case ActKind::revoke:
        revoke(p);
        return true;
    case ActKind::brief:
        p.content = {{"person", p.who->id().text()},
                     {"briefing", to_base64(crypto::sha256(view("duties")))}};
        return true;
    case ActKind::debrief:
        p.content["person"] = with(Role::reader).id().text();
        by_officer(p);
        return true;
    case ActKind::transfer:
        p.content["employer"] = "Another ministry";
        person();
        by_officer(p);
        return true;
    case ActKind::facility:
        p.content = {
            {"facility", random_.any({"f-1", "f-2"})},
            {"name", "Facility"},
            {"officer", random_.chance(70) ? side_.control_officer.id().text()
                                           : with(Role::control_officer).id().text()},
            {"deputy", random_.chance(70) ? side_.deputy.id().text() : somebody().id().text()}};
        by_officer(p);
        return true;
    case ActKind::absence:
        p.who = random_.chance(30) ? &side_.control_officer : &somebody();
        p.content = {{"person", p.who->id().text()},
                     {"from", now().text()},
                     {"until", now().plus_seconds(random_.from_to(60, 40'000)).text()}};
        return true;
    case ActKind::passkey: {
        const Someone& one = random_.any(people_);
        Bytes passkey = {0xA4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20};
        append(passkey, one.key.public_bytes());
        append(passkey, "https://desk.example");
        p.content = {{"person", one.id().text()}, {"passkey", to_base64(passkey)}};
        p.who = random_.chance(60) ? &one : &side_.control_officer;
        return true;
    }
    case ActKind::assure:
        p.content = {
            {"recipient", other().code}, {"level", level()}, {"until", days_ahead(1, 200).text()}};
        by_officer(p);
        return true;
    case ActKind::record_assurance:
        record_assurance(p);
        return true;
    default:
        return false;
    }
}

// The offices without which nothing more would happen stay with those who have them.
void Acts::appoint(Proposal& p) {
    const char* const role = random_.any({"reader", "reader", "originator", "releasing-authority",
                                          "control-officer", "clearance-officer", "administrator"});
    p.content = {{"person", random_.any(people_).id().text()}, {"role", role}};
    by_officer(p);
}

void Acts::enrol(Proposal& p) {
    // In a large house nobody would meet the same item twice.
    constexpr std::size_t kPeople = 14;
    if (!newcomer_ && people_.size() < kPeople)
        newcomer_ = std::make_unique<Someone>(Someone{.name = "newcomer"});
    const Someone& one = newcomer_ ? *newcomer_ : random_.any(people_);
    p.content = {{"person", one.id().text()},
                 {"key", to_base64(one.key.public_bytes())},
                 {"name", one.name}};
    by_officer(p);
}

void Acts::revoke(Proposal& p) {
    const Someone& one = random_.any(people_);
    const std::string what = random_.any(
        {"role", "clearance", "grant", "grant", "release", "accreditation", "person", "passkey"});
    // Few enough that the house does not empty itself.
    if ((what == "person" || what == "accreditation") && random_.chance(60))
        return revoke(p);
    p.content["what"] = what;
    if (what == "accreditation") {
        p.content["peer"] = other().code;
    } else if (what == "release") {
        const auto* release = one_of(state_.releases(), [](const auto&) { return true; });
        p.content["release"] = id_or_fresh(release);
    } else {
        p.content["person"] = one.id().text();
    }
    if (what == "role") {
        const auto* person = state_.person(one.id());
        p.content["role"] = person != nullptr && !person->roles.empty()
                                ? std::string(to_string(random_.any(person->roles)))
                                : "reader";
    }
    if (what == "grant") {
        const Item* held =
            item([&](const Item& i) { return !state_.grants(one.id(), i.id, now()).empty(); });
        name(p, held);
    }
    by_officer(p);
}

// Two registries that pair anew, or an officer who was told a fingerprint by nobody.
void Acts::pair(Proposal& p) {
    p.content = {{"peer", other().code},
                 {"fingerprint", "never compared"},
                 {"confirmation", to_base64(crypto::random_array<64>())},
                 {"peer_root", to_base64(crypto::random_array<32>())}};
    if (random_.chance(50))
        if (const auto invitation = side_.peer->registry->invitation("peer:1"))
            if (const auto found = side_.registry->consider_invitation(*invitation))
                p.content = found->pair_content;
    by_officer(p);
}

// What the peer's officer signed, or something like it.
void Acts::record_assurance(Proposal& p) {
    const std::string level = random_.any(other().scheme.levels).code;
    const std::string until = days_ahead(1, 200).text();
    const auto act =
        logbook::Act::make(ActKind::assure, other().code, side_.terms.digest(), now(),
                           side_.peer->control_officer.key.public_bytes(),
                           {{"recipient", side_.party}, {"level", level}, {"until", until}},
                           crypto::random_array<16>());
    const auto given = logbook::SignedAct::make(*act, side_.peer->control_officer.key);
    p.content = {{"peer", other().code},
                 {"level", level},
                 {"until", until},
                 {"assurance", to_base64(given->bytes())}};
    by_officer(p);
}

} // namespace valise::testing
