// SPDX-License-Identifier: Apache-2.0
#include "logbook/state.h"

#include "base/text.h"
#include "logbook/internal/fold.h"

#include <algorithm>

namespace valise::logbook {
namespace {

constexpr Role kRoles[] = {
    Role::control_officer, Role::clearance_officer, Role::releasing_authority, Role::originator,
    Role::reader,          Role::administrator};

template<class Map, class Key> const typename Map::mapped_type* in(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

} // namespace

std::string_view to_string(Role role) {
    constexpr std::string_view kNames[] = {
        "control-officer", "clearance-officer", "releasing-authority", "originator",
        "reader",          "administrator"};
    const auto index = static_cast<std::size_t>(role);
    return index < std::size(kNames) ? kNames[index] : "?";
}

Result<Role> parse_role(std::string_view text) {
    std::vector<std::string> known;
    for (const Role role : kRoles) {
        if (to_string(role) == text)
            return role;
        known.emplace_back(to_string(role));
    }
    const std::string shown(text.substr(0, 60));
    return fail(Code::invalid, "logbook.role",
                "unknown role '" + printable(shown) + "'" + suggestion(shown, known));
}

std::span<const Role> all_roles() {
    return kRoles;
}

Result<void> State::apply(const Skeleton& skeleton) {
    return Fold(*this, skeleton).apply();
}

const Person* State::person(const PersonId& id) const {
    return in(persons_, id);
}

const Person* State::person_by_key(ByteView signer) const {
    const auto signs = [&](const SigningPasskey& passkey) {
        return passkey.state == PasskeyState::signing && std::ranges::equal(passkey.signer, signer);
    };
    for (const auto& [id, person] : persons_)
        if (person.active &&
            (std::ranges::equal(person.key, signer) || std::ranges::any_of(person.passkeys, signs)))
            return &person;
    return nullptr;
}

const Item* State::item(const ItemId& id) const {
    return in(items_, id);
}

const CopyHolding* State::copy(const CopyId& id) const {
    return in(copies_, id);
}

const Container* State::container(const ContainerId& id) const {
    return in(containers_, id);
}

const State::Stored& State::stored_in(const ContainerId& id) const {
    static const Stored kNone;
    const auto found = stored_.find(id);
    return found == stored_.end() ? kNone : found->second;
}

const Release* State::release(const ReleaseId& id) const {
    return in(releases_, id);
}

const Dispatch* State::dispatch(const DispatchId& id) const {
    return in(dispatches_, id);
}

bool State::dispatched(const ItemId& item) const {
    return std::ranges::any_of(dispatches_, [&](const auto& entry) {
        const Dispatch& dispatch = entry.second;
        return dispatch.item == item && dispatch.direction == Direction::out &&
               dispatch.state != DispatchState::failed;
    });
}

const Peer* State::peer(const std::string& party) const {
    return in(peers_, party);
}

const NoticeEntry* State::notice(const NoticeId& id) const {
    return in(notices_, id);
}

const Incident* State::incident(const IncidentId& id) const {
    return in(incidents_, id);
}

const Muster* State::muster(const MusterId& id) const {
    return in(musters_, id);
}

const Incident* State::freezing(const ItemId& item, const CopyId& copy) const {
    for (const auto& [id, incident] : incidents_)
        if (incident.ours && incident.item == item && incident.state != IncidentState::closed &&
            (copy.empty() || incident.copy.empty() || incident.copy == copy))
            return &incident;
    return nullptr;
}

bool State::has_role(const PersonId& id, Role role) const {
    const Person* found = person(id);
    return found != nullptr && found->active && found->roles.contains(role);
}

bool State::absent(const PersonId& id, Time now) const {
    const Person* found = person(id);
    return found != nullptr && found->absence && now >= found->absence->from &&
           now <= found->absence->until;
}

bool State::in_office(const PersonId& id, Time now) const {
    return has_role(id, Role::control_officer) && !absent(id, now);
}

bool State::deputises(const PersonId& deputy, const PersonId& officer, Time now) const {
    const Person* acting = person(deputy);
    if (acting == nullptr || !acting->active || acting->roles.contains(Role::administrator) ||
        absent(deputy, now) || in_office(officer, now))
        return false;
    return std::ranges::any_of(facilities_, [&](const auto& entry) {
        return entry.second.officer == officer && entry.second.deputy == deputy;
    });
}

std::optional<Clearance> State::clearance_at(const PersonId& id, Time now) const {
    const Person* found = person(id);
    if (found == nullptr || !found->active || !found->clearance || found->transferred ||
        now > found->clearance->until)
        return std::nullopt;
    return found->clearance;
}

std::vector<Grant> State::grants(const PersonId& person_id, const ItemId& item_id, Time now) const {
    std::vector<Grant> out;
    const Person* found = person(person_id);
    if (found == nullptr || !found->active)
        return out;
    for (auto at = grants_.lower_bound({person_id, item_id, ""}); at != grants_.end(); ++at) {
        const Grant& grant = at->second;
        if (grant.person != person_id || grant.item != item_id)
            break;
        if (now <= grant.until)
            out.push_back(grant);
    }
    return out;
}

std::optional<Accreditation> State::accreditation_at(const std::string& peer, Time now) const {
    const Accreditation* found = in(accreditations_, peer);
    if (found == nullptr || now > found->until)
        return std::nullopt;
    return *found;
}

std::vector<CopyHolding> State::copies_of(const ItemId& item) const {
    std::vector<CopyHolding> out;
    if (const Item* known = this->item(item))
        for (const CopyId& id : known->copies)
            out.push_back(copies_.at(id));
    return out;
}

std::optional<PersonId> OpenPermit::reader() const {
    const auto person = ids.find("person");
    const bool rewrap = kind == ActKind::export_copy && person != ids.end();
    if (kind != ActKind::open && !rewrap)
        return std::nullopt; // who takes a copy out opens nothing by that
    const auto read = PersonId::parse(rewrap ? person->second : actor);
    return read ? std::optional<PersonId>(*read) : std::nullopt;
}

const Control* State::control(const DispatchId& id) const {
    return in(controls_, id);
}

const Recall* State::recall(const ItemId& id) const {
    return in(recalls_, id);
}

bool State::controlled(const Item& item) const {
    return item.direction == Direction::in && controls_.contains(item.dispatch);
}

const Lease* State::lease(const CopyId& copy, const PersonId& reader, Time now) const {
    const Lease* found = in(leases_, std::pair(copy, reader));
    return found == nullptr || now > found->until ? nullptr : found;
}

std::string State::next_number(int year) const {
    if (!founded())
        return {};
    const auto* spent = in(numbers_, year);
    return RegisterNumber{party_, year, (spent == nullptr ? 0 : *spent) + 1}.text();
}

std::optional<std::uint32_t> export_number(const Act& act, const State& state) {
    const auto id = act.id_field<ItemId>("item");
    const Item* item = id ? state.item(*id) : nullptr;
    if (item == nullptr)
        return std::nullopt;
    if (!act.attested_by_registry())
        return item->copies_made + 1;
    const auto person = act.id_field<PersonId>("person");
    if (!person)
        return std::nullopt;
    const auto taken = item->taken.find({*person, act.optional_field("client").value_or("")});
    return taken == item->taken.end() ? std::nullopt : std::optional(taken->second.number);
}

std::optional<std::uint32_t> print_number(const Act& act, const State& state) {
    const auto id = act.id_field<ItemId>("item");
    const auto print = act.id_field<CopyId>("print");
    const Item* item = id ? state.item(*id) : nullptr;
    if (item == nullptr || !print)
        return std::nullopt;
    const CopyHolding* ordered = state.copy(*print);
    return ordered == nullptr ? item->copies_made + 1 : ordered->number;
}

Result<State> fold(std::span<const Event> events) {
    State out;
    for (const Event& event : events)
        TRY(out.apply(event.skeleton));
    return out;
}

} // namespace valise::logbook
