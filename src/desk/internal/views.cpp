// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/views.h"

#include "label/marking.h"

#include <algorithm>

namespace valise::desk {

namespace {

template<class Value> std::string word(const Value& value) {
    return std::string(to_string(value));
}

Json time_json(Time at) {
    return at == Time{} ? Json() : Json(at.text());
}

const char* direction(logbook::Direction way) {
    return way == logbook::Direction::out ? "out" : "in";
}

Json level_json(const agreement::Terms& terms, const std::string& party, const std::string& code) {
    const label::Scheme* scheme = terms.scheme(party);
    const label::Level* level = scheme == nullptr ? nullptr : scheme->by_code(code);
    if (level == nullptr)
        return {{"code", code}};
    return {{"code", code},
            {"native", level->native},
            {"names", level->names},
            {"color", level->color}};
}

//= O-10
// The words to print on the item, by language; of a received one the provider's name, our own level
// and the original word.
Json marking_json(const agreement::Terms& terms, const logbook::State& state,
                  const logbook::Item& item) {
    Json out = Json::object();
    const auto* own_scheme = terms.scheme(state.party());
    const auto* origin = terms.party(item.origin);
    const auto* original = origin == nullptr ? nullptr : origin->scheme.by_code(item.level);
    if (own_scheme == nullptr || original == nullptr)
        return out;
    const bool received = item.direction == logbook::Direction::in;
    const auto* own = received ? own_scheme->by_code(item.own_level) : original;
    if (own == nullptr)
        return out;
    const auto draft = terms.test_mode_only() ? label::Draft::yes : label::Draft::no;
    for (const char* lang : agreement::kLanguages) {
        const std::string rights = label::rights_words(item.rights, lang).value_or("");
        const std::string added = rights.empty() ? rights : " - " + rights;
        if (!received) {
            out[lang] = label::level_words(*own, lang) + added;
            continue;
        }
        const auto words = label::received_marking({origin->marking, origin->government}, *own,
                                                   original->native, lang, draft);
        if (words)
            out[lang] = *words + added;
    }
    return out;
}

template<class IdType> Json ids_json(const std::set<IdType>& ids) {
    Json out = Json::array();
    for (const IdType& id : ids)
        out.push_back(id.text());
    return out;
}

//= O-33
// What stands on a translation in its own language; null of anything else, and of languages in
// which the terms name nobody.
Json translation_note_json(const logbook::State& state, const logbook::Item& item,
                           const agreement::Terms& terms) {
    if (item.made_as != logbook::MadeAs::translation)
        return {};
    const logbook::Item* source = state.item(*item.sources.begin());
    const auto* origin = source == nullptr ? nullptr : terms.party(source->origin);
    if (origin == nullptr)
        return {};
    const auto note = label::translation_note({origin->marking, origin->government}, item.language);
    return note ? Json(*note) : Json();
}

Json releases_json(const logbook::State& state, const ItemId& item) {
    Json out = Json::array();
    for (const auto& [id, release] : state.releases()) {
        if (release.item != item)
            continue;
        out.push_back({{"release", id.text()},
                       {"recipient", release.recipient},
                       {"release_digest", to_base64(release.digest)},
                       {"asked_by", release.asked_by ? Json(release.asked_by->text()) : Json()},
                       {"approvals", ids_json(release.approvals)},
                       {"state", word(release.state)}});
    }
    return out;
}

//= I6
// "registry", the id of a container, of the reader or of the dispatch by which it left, or "" of a
// copy that is destroyed or lost.
std::string place_text(const logbook::CopyHolding& copy) {
    if (const auto* container = std::get_if<ContainerId>(&copy.place))
        return container->text();
    if (const auto* reader = std::get_if<PersonId>(&copy.place))
        return reader->text();
    if (const auto* by = std::get_if<DispatchId>(&copy.place))
        return by->text();
    return copy.state == logbook::CopyState::destroyed || copy.state == logbook::CopyState::lost ||
                   copy.state == logbook::CopyState::ordered
               ? ""
               : "registry";
}

//= I10
// The certificate, as far as it may stand without its opening: place and authority are there.
Json destruction_json(const logbook::CopyHolding& copy) {
    if (!copy.destruction)
        return {};
    const auto& destruction = *copy.destruction;
    return {{"certificate", destruction.permit},
            {"method", destruction.method},
            {"destroyer", destruction.destroyer.text()},
            {"witnesses", ids_json(destruction.witnesses)},
            {"certified_by",
             destruction.certified_by ? Json(destruction.certified_by->text()) : Json()},
            {"modification_report", destruction.modification_report
                                        ? Json(to_base64(*destruction.modification_report))
                                        : Json()},
            {"minute", destruction.minute.text()},
            {"pages_checked", destruction.pages},
            {"remaining_copies", destruction.remaining}};
}

Json copies_json(const logbook::State& state, const ItemId& item) {
    auto copies = state.copies_of(item);
    std::ranges::sort(copies, {}, &logbook::CopyHolding::number);
    Json out = Json::array();
    for (const auto& copy : copies) {
        Json witnesses = Json::array();
        for (const auto& [person, witness] : copy.witnesses)
            witnesses.push_back({{"person", person.text()},
                                 {"method", witness.method},
                                 {"minute", witness.minute.text()}});
        out.push_back({{"copy", copy.id.text()},
                       {"number", copy.number},
                       {"form", word(copy.form)},
                       {"pages", copy.pages},
                       {"state", word(copy.state)},
                       {"place", place_text(copy)},
                       {"due", time_json(copy.due)},
                       {"opened_by", ids_json(copy.opened_by)},
                       {"witnesses", witnesses},
                       {"destruction", destruction_json(copy)}});
    }
    return out;
}

Json count_json(std::uint32_t count) {
    return count == 0 ? Json() : Json(count);
}

// What was corrected or cancelled since, beside the entry itself.
Json notes_json(const logbook::Item& item) {
    Json out = Json::array();
    for (const logbook::EntryNote& note : item.notes)
        out.push_back({{"event", note.event},
                       {"what", word(note.what)},
                       {"at", time_json(note.minute)},
                       {"by", note.by ? note.by->text() : "registry"},
                       {"members", note.members},
                       {"pages", count_json(note.pages)},
                       {"sheets", count_json(note.sheets)}});
    return out;
}

Json incidents_json(const logbook::State& state, const ItemId& item) {
    Json out = Json::array();
    for (const auto& [id, incident] : state.incidents())
        if (incident.item == item)
            out.push_back(incident_json(incident));
    return out;
}

//= O-13
//= I15
// Who was told of a change of class, and whether they acknowledged it.
Json item_notices_json(const logbook::State& state, const ItemId& item) {
    Json out = Json::array();
    for (const auto& [id, notice] : state.notices()) {
        const logbook::Dispatch* dispatch = state.dispatch(notice.dispatch);
        if (dispatch != nullptr && dispatch->item == item &&
            notice.type == logbook::NoticeType::class_change)
            out.push_back(notice_json({notice, {}, {}}));
    }
    return out;
}

// The newest copy that each person took out for each client.
Json exported_json(const logbook::Item& item) {
    Json out = Json::array();
    for (const auto& [by, taken] : item.taken)
        out.push_back({{"person", by.first.text()},
                       {"client", by.second},
                       {"copy_number", taken.number},
                       {"purpose", taken.purpose},
                       {"event", taken.event},
                       {"minute", time_json(taken.minute)}});
    return out;
}

} // namespace

Json notice_json(const registry::NoticeView& entry) {
    const logbook::NoticeEntry& notice = entry.notice;
    return {{"notice", notice.id.text()},
            {"direction", notice.ours ? "out" : "in"},
            {"type", word(notice.type)},
            {"peer", notice.peer},
            {"dispatch", notice.dispatch.text()},
            {"about", notice.about.text()},
            {"incident", notice.incident.text()},
            {"level", notice.level},
            {"third", notice.third},
            {"law", notice.law},
            {"edition", notice.edition},
            {"answer", notice.answer},
            {"until", notice.until ? time_json(*notice.until) : Json()},
            {"what", notice.what ? word(*notice.what) : std::string()},
            {"state", word(notice.state)},
            {"at", time_json(notice.at)},
            {"since", time_json(notice.since)},
            {"evidence", entry.evidence},
            {"refusal", entry.refusal}};
}

Json incident_json(const logbook::Incident& incident) {
    return {{"incident", incident.id.text()}, {"direction", incident.ours ? "out" : "in"},
            {"item", incident.item.text()},   {"copy", incident.copy.text()},
            {"what", word(incident.what)},    {"state", word(incident.state)},
            {"at", time_json(incident.at)},   {"since", time_json(incident.since)}};
}

Json duty_json(const agreement::StandingDuty& duty) {
    return {{"clause", duty.clause},   {"row", duty.row},           {"what", duty.what},
            {"subject", duty.subject}, {"dispatch", duty.dispatch}, {"due", duty.due.text()},
            {"overdue", duty.overdue}, {"ours", duty.ours},         {"item", duty.item},
            {"person", duty.person}};
}

Json item_json(const logbook::State& state, const logbook::Item& item,
               const agreement::Terms& terms) {
    return {{"item", item.id.text()},
            {"number", item.number},
            {"direction", direction(item.direction)},
            {"form", word(item.form)},
            {"pages", count_json(item.pages)},
            {"sheets", count_json(item.sheets)},
            {"entry", {{"event", item.event}, {"state", word(item.entry)}}},
            {"notes", notes_json(item)},
            {"level", item.level},
            {"level_shown", level_json(terms, item.origin, item.level)},
            {"label_level", item.label_level},
            {"change", item.change.text()},
            {"incidents", incidents_json(state, item.id)},
            {"notices", item_notices_json(state, item.id)},
            {"own_level", item.own_level},
            {"own_level_shown", level_json(terms, state.party(), item.own_level)},
            {"marking", marking_json(terms, state, item)},
            {"purpose", item.purpose},
            {"origin", item.origin},
            {"payload_root", to_base64(item.payload_root)},
            {"label_sha256", to_base64(item.label_sha256)},
            {"blob", item.blob.text()},
            {"entered_by", item.entered_by ? item.entered_by->text() : "registry"},
            {"entered", time_json(item.entered)},
            {"release", item.release},
            {"dispatch", item.dispatch.text()},
            {"sources", ids_json(item.sources)},
            {"made_as", item.made_as ? Json(word(*item.made_as)) : Json()},
            {"language", item.language},
            {"note", translation_note_json(state, item, terms)},
            {"former", item.former},
            {"copies_made", item.copies_made},
            {"copying_reserved", item.copying_reserved},
            {"rights", item.rights},
            {"review", item.review ? Json(word(*item.review)) : Json()},
            {"next_review", time_json(item.next_review)},
            {"copies", copies_json(state, item.id)},
            {"exported", exported_json(item)},
            {"releases", releases_json(state, item.id)}};
}

Json copy_json(const logbook::State& state, const logbook::CopyHolding& copy) {
    for (Json& one : copies_json(state, copy.item))
        if (one["copy"] == copy.id.text()) {
            one["item"] = copy.item.text();
            return one;
        }
    return {};
}

Json muster_json(const logbook::Muster& muster) {
    return {{"muster", muster.id.text()},
            {"event", muster.event},
            {"level", muster.level},
            {"container", muster.container.text()},
            {"percent", count_json(muster.percent)},
            {"begun_by", muster.begun_by.text()},
            {"begun", muster.begun.text()},
            {"expected", muster.copies.size()},
            {"uncounted", muster.uncounted},
            {"missing", muster.missing},
            {"closed", muster.closed ? Json(muster.closed->text()) : Json()}};
}

Json muster_with_copies_json(const logbook::State& state, const logbook::Muster& muster) {
    Json out = muster_json(muster);
    Json copies = Json::array();
    for (const auto& [id, counted] : muster.copies) {
        const logbook::CopyHolding* copy = state.copy(id);
        const logbook::Item* item = copy == nullptr ? nullptr : state.item(copy->item);
        if (item == nullptr)
            continue;
        const bool known = counted.finding != logbook::CountFinding::uncounted;
        copies.push_back({{"copy", id.text()},
                          {"item", item->id.text()},
                          {"number", item->number + "/" + std::to_string(copy->number)},
                          {"place", place_text(*copy)},
                          {"finding", word(counted.finding)},
                          {"by", known ? Json(counted.by.text()) : Json()},
                          {"minute", known ? Json(counted.minute.text()) : Json()}});
    }
    out["copies"] = std::move(copies);
    return out;
}

namespace {

Json law_json(const logbook::Law& law, const std::string& party) {
    return {{"party", party},
            {"law", law.code},
            {"edition", law.edition},
            {"from", law.from.text()},
            {"text", to_base64(law.text)},
            {"affects", law.affects},
            {"event", law.event}};
}

Json requests_json(const std::map<std::string, logbook::LawRequest>& requests) {
    Json out = Json::array();
    for (const auto& [party, request] : requests)
        out.push_back({{"party", party}, {"event", request.event}, {"at", request.at.text()}});
    return out;
}

} // namespace

//= O-07
Json laws_json(const logbook::State& state) {
    Json laws = Json::array();
    for (const auto& [code, law] : state.laws())
        laws.push_back(law_json(law, state.party()));
    for (const auto& [by, law] : state.peer_laws())
        laws.push_back(law_json(law, by.first));
    return {{"v", 1},
            {"laws", laws},
            {"asked", requests_json(state.asked_laws())},
            {"asked_by", requests_json(state.laws_asked_by())}};
}

Json facilities_json(const logbook::State& state, Time now) {
    Json out = Json::array();
    for (const auto& [code, facility] : state.facilities())
        out.push_back({{"facility", code},
                       {"officer", facility.officer.text()},
                       {"officer_in_office", state.in_office(facility.officer, now)},
                       {"deputy", facility.deputy.text()},
                       {"deputy_acts", state.deputises(facility.deputy, facility.officer, now)}});
    return out;
}

Json person_json(const logbook::Person& person) {
    Json roles = Json::array();
    for (const logbook::Role role : person.roles)
        roles.push_back(word(role));
    Json clearance;
    if (person.clearance)
        clearance = {{"level", person.clearance->level},
                     {"until", person.clearance->until.text()},
                     {"authority", person.clearance->authority}};
    return {{"person", person.id.text()},
            {"key", to_base64(person.key)},
            {"roles", roles},
            {"clearance", clearance},
            {"absence", person.absence ? Json{{"from", person.absence->from.text()},
                                              {"until", person.absence->until.text()}}
                                       : Json()},
            {"briefed", person.briefed ? time_json(*person.briefed) : Json()},
            {"transferred", person.transferred ? time_json(*person.transferred) : Json()},
            {"active", person.active}};
}

Json packed_json(const registry::PackedBag& packed) {
    Json volumes = Json::array();
    for (const auto& volume : packed.volumes)
        volumes.push_back({{"blob", volume.blob.text()}, {"bytes", volume.bytes}});
    return {{"v", 1},
            {"bag", packed.bag},
            {"volumes", volumes},
            {"frames", packed.frames},
            {"left_out", packed.left_out}};
}

Json unpacked_json(const registry::UnpackedVolume& unpacked) {
    return {{"v", 1},
            {"bag", unpacked.bag},
            {"volume", unpacked.volume},
            {"last", unpacked.last},
            {"frames", unpacked.frames},
            {"arrived", unpacked.arrived},
            {"refused", unpacked.refused}};
}

//= O-37
Json legs_json(const std::vector<logbook::Leg>& legs) {
    Json out = Json::array();
    for (const logbook::Leg& leg : legs)
        out.push_back({{"event", leg.event}, {"at", leg.at.text()}, {"seals", word(leg.seals)}});
    return out;
}

Json dispatch_json(const registry::DispatchView& entry) {
    const logbook::Dispatch& dispatch = entry.dispatch;
    return {{"dispatch", dispatch.id.text()},
            {"item", dispatch.item.text()},
            {"release", dispatch.release.text()},
            {"peer", dispatch.peer},
            {"level", dispatch.level},
            {"direction", direction(dispatch.direction)},
            {"state", word(dispatch.state)},
            {"finding", dispatch.finding ? Json(word(*dispatch.finding)) : Json()},
            {"document", to_base64(dispatch.document)},
            {"since", time_json(dispatch.since)},
            {"moved", time_json(dispatch.moved)},
            {"durable_bytes", entry.durable_bytes},
            {"payload_bytes", entry.payload_bytes},
            {"custody_evidence", entry.custody_evidence},
            {"contents_evidence", entry.contents_evidence},
            {"copy", dispatch.copy.empty() ? "" : dispatch.copy.text()},
            {"seals", dispatch.seals},
            {"returns", dispatch.returns.empty() ? "" : dispatch.returns.text()},
            {"announced", entry.announced},
            {"legs", legs_json(dispatch.legs)},
            {"delivered", dispatch.delivered ? Json(word(*dispatch.delivered)) : Json()},
            {"refusal", entry.refusal}};
}

Json container_json(const logbook::State& state, const logbook::Container& container,
                    const agreement::Terms& terms) {
    Json copies = Json::array();
    for (const auto& [id, copy] : state.copies())
        if (copy.place == logbook::Whereabouts(container.id))
            copies.push_back(id.text());
    return {{"container", container.id.text()},
            {"level", container.level},
            {"level_shown", level_json(terms, state.party(), container.level)},
            {"access", ids_json(container.access)},
            {"controls", container.controls},
            {"copies", copies}};
}

namespace {

Json clauses_json(const std::vector<agreement::Consulted>& clauses) {
    Json out = Json::array();
    for (const auto& consulted : clauses)
        out.push_back({{"clause", consulted.clause},
                       {"row", consulted.row},
                       {"finding", word(consulted.finding)},
                       {"reason", consulted.reason}});
    return out;
}

// outcome, clauses, duties
Json decision_json(const agreement::Decision& decision) {
    Json duties = Json::array();
    for (const auto& duty : decision.duties)
        duties.push_back({{"clause", duty.clause}, {"what", duty.what}, {"due", duty.due.text()}});
    return {{"v", 1},
            {"outcome", word(decision.outcome)},
            {"clauses", clauses_json(decision.consulted)},
            {"duties", duties}};
}

} // namespace

Json answer_json(const registry::ActAnswer& answer) {
    Json out = decision_json(answer.decision);
    out["event"] = {{"log", "private"}, {"index", answer.seq}};
    out["done"] = answer.outcome ? Json(*answer.outcome) : Json();
    out["evidence"] = "E0";
    out["result"] = answer.result;
    return out;
}

Json considered_json(const registry::Registry::Considered& considered) {
    Json out = decision_json(considered.asked);
    out["people"] = Json::array();
    for (const auto& [id, decision] : considered.people)
        out["people"].push_back({{"person", id.text()},
                                 {"outcome", word(decision.outcome)},
                                 {"refusals", clauses_json(decision.refusals())}});
    return out;
}

Json status_json(const registry::Registry& registry, const std::string& link) {
    const logbook::State state = registry.state();
    const agreement::Terms& terms = registry.terms();
    Json peer;
    for (const auto& [code, known] : state.peers())
        peer = {{"party", code}, {"paired", known.paired}, {"endpoint", registry.peer_endpoint()}};
    Json accreditations = Json::array();
    for (const auto& [code, accreditation] : state.accreditations())
        accreditations.push_back({{"peer", code},
                                  {"level", accreditation.level},
                                  {"until", accreditation.until.text()}});
    Json assurances = Json::array();
    for (const auto& [code, assurance] : state.assurances())
        assurances.push_back(
            {{"peer", code}, {"level", assurance.level}, {"until", assurance.until.text()}});
    const auto adoption_json = [](const std::optional<logbook::Adoption>& adoption) {
        return adoption ? Json{{"terms", to_base64(adoption->terms)},
                               {"as", word(adoption->as)},
                               {"from", adoption->from.text()}}
                        : Json();
    };
    const auto& end = state.termination();
    return {{"v", 1},
            {"party", registry.party()},
            {"authority", state.authority()},
            {"agreement",
             {{"id", terms.id()},
              {"version", terms.version()},
              {"title", terms.title()},
              {"status", word(terms.status())},
              {"digest", to_base64(terms.digest())}}},
            {"test_mode", terms.test_mode()},
            {"banner", terms.banner()},
            {"peer", peer},
            {"link", link},
            {"accreditations", accreditations},
            {"assurances", assurances},
            {"adopted", adoption_json(state.adopted())},
            {"peer_adopted", adoption_json(state.peer_adopted())},
            {"ends", end ? end->ends.text() : std::string()},
            {"behind", behind_json(registry)},
            {"events", state.next_seq()},
            {"items", state.items().size()},
            {"dispatches", state.dispatches().size()},
            {"open_permits", state.open_permits().size()}};
}

} // namespace valise::desk
