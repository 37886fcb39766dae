// SPDX-License-Identifier: Apache-2.0
#include "agreement/editions.h"
#include "agreement/internal/clauses.h"

namespace valise::agreement {
namespace {

using logbook::ActKind;

template<class IdType> std::optional<IdType> id_of(const logbook::Act& act, const char* name) {
    const auto text = act.optional_field(name);
    if (!text)
        return std::nullopt;
    auto id = IdType::parse(*text);
    return id ? std::optional<IdType>(*id) : std::nullopt;
}

// The release that a dispatch names, or the one that both persons signed for exactly this item,
// label, recipient and these terms.
const logbook::Release* release_for(const Situation& s) {
    if (const auto id = id_of<ReleaseId>(s.act, "release"))
        return s.state.release(*id);
    return s.release_digest ? s.state.release(logbook::release_id(*s.release_digest)) : nullptr;
}

bool asks_for_release(ActKind kind) {
    return kind == ActKind::approve_release || kind == ActKind::refuse_release ||
           kind == ActKind::ask_release || kind == ActKind::dispatch || kind == ActKind::revoke;
}

} // namespace

Situation Situation::of(const Terms& terms, const logbook::State& state, const logbook::Act& act,
                        Time now) {
    Situation s{terms, state, act, now};
    s.own = terms.party(act.party());
    s.other = terms.other(act.party());
    if (!act.attested_by_registry())
        s.actor = state.person_by_key(act.signer());
    if (const auto id = id_of<ItemId>(act, "item"))
        s.item = state.item(*id);
    if (const auto id = id_of<CopyId>(act, "copy"))
        s.copy = state.copy(*id);
    if (const auto id = id_of<ContainerId>(act, "container"))
        s.container = state.container(*id);
    if (const auto id = id_of<DispatchId>(act, "dispatch"))
        s.dispatch = state.dispatch(*id);
    if (const auto id = id_of<PersonId>(act, "person"))
        s.subject = state.person(*id);
    if (const auto id = id_of<NoticeId>(act, "notice"))
        s.notice = state.notice(*id);
    if (const auto id = id_of<IncidentId>(act, "incident"))
        s.incident = state.incident(*id);
    if (const auto id = id_of<MusterId>(act, "muster"))
        s.muster = state.muster(*id);
    if (s.item != nullptr && asks_for_release(act.kind()))
        s.release_digest =
            logbook::release_digest(s.item->id, s.item->payload_root, s.item->label_sha256,
                                    s.text("recipient"), terms.digest());
    if (asks_for_release(act.kind()) && act.kind() != ActKind::ask_release)
        s.release = release_for(s);
    if (act.kind() == ActKind::adopt_terms)
        if (auto adopted = adopted_terms(act, terms))
            s.adopted = std::move(*adopted);
    return s;
}

std::string Situation::text(const char* name) const {
    return act.optional_field(name).value_or("");
}

bool Situation::actor_has(logbook::Role role) const {
    return actor != nullptr && state.has_role(actor->id, role);
}

//= O-27
bool Situation::actor_controls() const {
    if (actor == nullptr)
        return false;
    if (const auto officer = id_of<PersonId>(act, "for"))
        return state.deputises(actor->id, *officer, now);
    return state.in_office(actor->id, now);
}

bool Situation::received() const {
    return item != nullptr && item->direction == logbook::Direction::in;
}

std::string Situation::own_level() const {
    return item == nullptr ? std::string() : protected_level(*item);
}

//= O-15
bool Situation::consented() const {
    if (!received())
        return false;
    const auto found = state.consents().find({item->id, text("recipient")});
    return found != state.consents().end() && now <= found->second.until;
}

bool Situation::covers(const std::string& have, const std::string& need) const {
    if (own == nullptr)
        return false;
    const label::Level* held = own->scheme.by_code(have);
    const label::Level* needed = own->scheme.by_code(need);
    return held != nullptr && needed != nullptr && held->rank >= needed->rank;
}

std::uint64_t Situation::pages() const {
    const auto stated = act.integer_field("pages");
    return stated ? static_cast<std::uint64_t>(*stated) : 0;
}

const logbook::Person* Situation::reader() const {
    return kind() == ActKind::issue || act.attested_by_registry() ? subject : actor;
}

bool Situation::founding() const {
    const auto& persons = state.persons();
    if (kind() == ActKind::enrol)
        return persons.empty() && (act.attested_by_registry() || [&] {
                   const auto key = act.bytes_field("key");
                   return key && *key == act.signer();
               }());
    if (kind() != ActKind::appoint || persons.size() != 1 || !state.items().empty())
        return false;
    const logbook::Person& first = persons.begin()->second;
    return first.active && first.roles.empty() && subject == &first &&
           text("role") == to_string(logbook::Role::control_officer) &&
           (act.attested_by_registry() || actor == &first);
}

} // namespace valise::agreement
