// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/views.h"

namespace valise::desk {

namespace {

Json recall_json(const logbook::State& state, const ItemId& item) {
    const logbook::Recall* recall = state.recall(item);
    if (recall == nullptr)
        return {};
    return {{"event", recall->event},
            {"at", recall->at.text()},
            {"notice", recall->notice.empty() ? "" : recall->notice.text()}};
}

// Who may open it here under a lease, without the originator being asked again.
Json leases_json(const logbook::State& state, const ItemId& item, Time now) {
    Json out = Json::array();
    for (const auto& [place, lease] : state.leases()) {
        const logbook::CopyHolding* copy = state.copy(place.first);
        if (copy != nullptr && copy->item == item && now <= lease.until)
            out.push_back({{"copy", place.first.text()},
                           {"person", place.second.text()},
                           {"until", lease.until.text()}});
    }
    return out;
}

// The names by which the originator knows the persons who may read it here.
Json readers_json(const registry::Registry& registry, const logbook::State& state,
                  const DispatchId& dispatch, const ItemId& item, Time now) {
    Json out = Json::array();
    for (const auto& [id, person] : state.persons()) {
        if (state.grants(id, item, now).empty())
            continue;
        if (const auto reader = registry.reader_pseudonym(dispatch, id))
            out.push_back({{"person", id.text()}, {"reader", to_base64(*reader)}});
    }
    return out;
}

Json admitted_json(const logbook::Control& control) {
    Json out = Json::array();
    for (const auto& [reader, admitted] : control.admitted)
        out.push_back({{"reader", to_base64(reader)},
                       {"openings", admitted.openings},
                       {"last", admitted.last.text()}});
    return out;
}

Json narrowed_json(const logbook::Control& control) {
    Json out = Json::array();
    if (control.readers)
        for (const Hash32& reader : *control.readers)
            out.push_back(to_base64(reader));
    return out;
}

} // namespace

//= O-20
Json controls_json(const registry::Registry& registry) {
    const logbook::State state = registry.state();
    const Time now = registry.now();
    Json list = Json::array();
    for (const auto& [id, control] : state.controls()) {
        const logbook::Dispatch* dispatch = state.dispatch(id);
        if (dispatch == nullptr)
            continue;
        const bool in = dispatch->direction == logbook::Direction::in;
        list.push_back({{"dispatch", id.text()},
                        {"item", dispatch->item.text()},
                        {"peer", dispatch->peer},
                        {"direction", in ? "in" : "out"},
                        {"until", control.until ? Json(control.until->text()) : Json()},
                        {"narrowed", control.readers.has_value()},
                        {"admits", narrowed_json(control)},
                        {"admitted", admitted_json(control)},
                        {"readers", in ? readers_json(registry, state, id, dispatch->item, now)
                                       : Json::array()},
                        {"leases", leases_json(state, dispatch->item, now)},
                        {"recall", recall_json(state, dispatch->item)}});
    }
    return {{"v", 1}, {"controls", list}};
}

// What the officer would sign now as the answer to this recall; empty: it is none of theirs.
std::string answer_now(const logbook::State& state, const logbook::NoticeEntry& notice) {
    const logbook::Dispatch* dispatch = state.dispatch(notice.dispatch);
    if (notice.type != logbook::NoticeType::recall || notice.ours || dispatch == nullptr)
        return {};
    return logbook::recall_answer(state, dispatch->item).text();
}

} // namespace valise::desk
