// SPDX-License-Identifier: Apache-2.0
#include "sim/acts.h"

#include <algorithm>

namespace valise::testing {

using logbook::ActKind;
using logbook::Role;

Acts::Acts(Side& side, Random& random)
    : side_(side), random_(random), first_terms_(side.terms_bytes), ending_(random.chance(35)),
      session_(crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024)),
      client_(crypto::WrapPrivateKey::generate(crypto::WrapScheme::ec_p256)) {
    for (const char* name : {"first originator", "second originator", "first authority",
                             "second authority", "third authority", "second officer", "reader",
                             "translator", "courier", "administrator", "uncleared", "stranger"})
        people_.push_back({.name = name});
    for (const Someone& one : people_)
        cast_.push_back(&one);
    for (const Someone* one : {&side.control_officer, &side.clearance_officer, &side.deputy})
        cast_.push_back(one);
}

void Acts::take_office() {
    const std::string top = own().scheme.levels.back().code;
    const char* const roles[] = {"originator",
                                 "originator",
                                 "releasing-authority",
                                 "releasing-authority",
                                 "releasing-authority",
                                 "control-officer",
                                 "reader",
                                 "originator",
                                 "reader",
                                 "administrator",
                                 "reader"};
    for (std::size_t i = 0; i < std::size(roles); ++i) {
        side_.enrol(people_[i]);
        side_.appoint(people_[i], roles[i]);
        side_.brief(people_[i]);
        if (people_[i].name != "uncleared")
            side_.clear(people_[i], top, now().plus_days(200));
    }
    side_.clear(side_.control_officer, top, now().plus_days(300));
    side_.accredit(own().scheme.levels[1].code);
}

Proposal Acts::propose(ActKind kind) {
    state_ = side_.registry->state();
    // Now and then one thing is wrong with who reads, and all else right.
    using enum Wrong;
    wrong_ = random_.chance(60) ? nothing : random_.any({level, date, employer, briefing});
    Proposal p{kind};
    p.who = &somebody();
    if (!of_people(p) && !of_accord(p) && !of_release(p) && !of_custody(p) && !of_notices(p))
        by_registry(p);
    return p;
}

std::string Acts::level() {
    return random_.any(own().scheme.levels).code;
}

std::string Acts::listed_level() {
    std::vector<std::string> listed;
    for (const auto& row : side_.terms.equivalences())
        if (row.from_party == side_.party)
            listed.push_back(row.from_level);
    return random_.chance(85) ? random_.any(listed) : level();
}

std::string Acts::level_from(const std::string& lowest) {
    const auto* least = own().scheme.by_code(lowest);
    std::vector<std::string> fit;
    for (const auto& one : own().scheme.levels)
        if (least == nullptr || one.rank >= least->rank)
            fit.push_back(one.code);
    return random_.any(fit);
}

const Someone& Acts::with(Role role) {
    std::vector<const Someone*> found;
    for (const Someone* one : cast_)
        if (state_.has_role(one->id(), role))
            found.push_back(one);
    return found.empty() ? somebody() : *random_.any(found);
}

const Someone& Acts::cleared_for(const std::string& level) {
    const auto* needed = own().scheme.by_code(level);
    std::vector<const Someone*> found;
    for (const Someone* one : cast_) {
        const auto clearance = state_.clearance_at(one->id(), now());
        const auto* held = clearance ? own().scheme.by_code(clearance->level) : nullptr;
        if (held != nullptr && (needed == nullptr || held->rank >= needed->rank))
            found.push_back(one);
    }
    return found.empty() ? somebody() : *random_.any(found);
}

const Someone* Acts::known(const PersonId& id) const {
    const auto found =
        std::ranges::find_if(cast_, [&](const Someone* one) { return one->id() == id; });
    return found == cast_.end() ? nullptr : *found;
}

const Someone* Acts::reader_of(const Item& item) {
    using enum Wrong;
    const auto* needed = own().scheme.by_code(
        item.direction == logbook::Direction::in ? item.own_level : item.level);
    std::vector<const Someone*> found;
    for (const Someone* one : cast_) {
        const auto* person = state_.person(one->id());
        if (person == nullptr || needed == nullptr || !person->clearance ||
            state_.grants(one->id(), item.id, now()).empty())
            continue;
        const auto* held = own().scheme.by_code(person->clearance->level);
        if ((held != nullptr && held->rank >= needed->rank) == (wrong_ != level) &&
            (person->clearance->until >= now()) == (wrong_ != date) &&
            person->transferred.has_value() == (wrong_ == employer) &&
            person->briefed.has_value() == (wrong_ != briefing))
            found.push_back(one);
    }
    return found.empty() ? nullptr : random_.any(found);
}

// As far as the item itself goes, and now and then not in every point.
bool Acts::may_leave(const Item& item) {
    if (item.direction == logbook::Direction::in) { // back to where it came from
        const auto* by = state_.dispatch(item.dispatch);
        return random_.chance(by != nullptr && by->package() ? 40 : 5);
    }
    return (item.form == logbook::Form::electronic || in_hand(item) != nullptr) &&
           item.entry != logbook::EntryState::cancelled &&
           (item.level == item.label_level || random_.chance(20)) &&
           (item.release.contains(other().code) || random_.chance(20)) &&
           (state_.freezing(item.id, CopyId()) == nullptr || random_.chance(20));
}

const logbook::CopyHolding* Acts::in_hand(const Item& item) {
    return copy([&](const Copy& c) {
        return c.item == item.id && c.form != logbook::Form::electronic &&
               c.state == logbook::CopyState::held;
    });
}

void Acts::by_officer(Proposal& p) {
    const PersonId officer = side_.control_officer.id();
    p.who = &side_.control_officer;
    if (state_.deputises(side_.deputy.id(), officer, now())) {
        p.who = &side_.deputy;
        p.content["for"] = officer.text();
    } else if (!state_.in_office(officer, now()) || random_.chance(20)) {
        p.who = &with(Role::control_officer);
    }
}

const logbook::Item* Acts::item(const std::function<bool(const Item&)>& wanted) {
    return one_of(state_.items(), wanted);
}

const logbook::Item* Acts::item() {
    return one_of(state_.items(), [](const Item&) { return true; });
}

const logbook::CopyHolding* Acts::copy(const std::function<bool(const Copy&)>& wanted) {
    return one_of(state_.copies(), wanted);
}

void Acts::name(Proposal& p, const Item* item) {
    p.content["item"] = id_or_fresh(item);
}

//= O-18
void Acts::ground(Proposal& p, const Item* item) {
    if (item != nullptr && !item->rights.empty() && random_.chance(85))
        p.content["rights_ground"] = "leave of the maker";
}

void Acts::name(Proposal& p, const Copy* copy) {
    name(p, copy != nullptr ? state_.item(copy->item) : nullptr);
    p.content["copy"] = id_or_fresh(copy);
}

void Acts::permitted(const Proposal& proposal, const registry::ActAnswer& answer) {
    if (proposal.kind == ActKind::enrol && newcomer_ &&
        proposal.content.value("person", "") == newcomer_->id().text()) {
        people_.push_back(std::move(*newcomer_));
        cast_.push_back(&people_.back());
        newcomer_.reset();
    }
    // Some readers never say what came of it.
    if (proposal.kind == ActKind::open && random_.chance(90))
        (void)side_.registry->opened(answer.seq, random_.chance(90));
    if (proposal.kind == ActKind::print && random_.chance(90))
        (void)side_.registry->printed(
            answer.seq, random_.chance(80)
                            ? std::optional(1U + static_cast<unsigned>(random_.from_to(0, 3)))
                            : std::nullopt);
    if (proposal.kind == ActKind::export_copy) {
        if (random_.chance(90))
            (void)side_.registry->opened(answer.seq, random_.chance(90));
        for (auto times = random_.from_to(0, 2); times > 0; --times)
            rewrap(proposal);
    }
}

} // namespace valise::testing
