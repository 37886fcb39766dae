// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/registry.h"

// What the registry knows, as JSON for /api/v1. From skeletons alone: never a title or a name.
namespace valise::desk {

Json item_json(const logbook::State& state, const logbook::Item& item,
               const agreement::Terms& terms);
Json copy_json(const logbook::State& state, const logbook::CopyHolding& copy);
Json muster_json(const logbook::Muster& muster);
// With every copy that it looks for.
Json muster_with_copies_json(const logbook::State& state, const logbook::Muster& muster);
Json facilities_json(const logbook::State& state, Time now);
// Both parties' laws in their newest editions, and who asked whom for them.
Json laws_json(const logbook::State& state);
Json person_json(const logbook::Person& person);
Json dispatch_json(const registry::DispatchView& entry);
Json packed_json(const registry::PackedBag& packed);
Json unpacked_json(const registry::UnpackedVolume& unpacked);
// Controlled dispatches, both ways: who opened them, whom they are narrowed to, leases, recalls.
Json controls_json(const registry::Registry& registry);
std::string answer_now(const logbook::State& state, const logbook::NoticeEntry& notice);
Json notice_json(const registry::NoticeView& entry);
Json incident_json(const logbook::Incident& incident);
Json duty_json(const agreement::StandingDuty& duty);
Json container_json(const logbook::State& state, const logbook::Container& container,
                    const agreement::Terms& terms);
Json answer_json(const registry::ActAnswer& answer);
Json considered_json(const registry::Registry::Considered& considered);
// Null: nothing is missing.
Json behind_json(const registry::Registry& registry);
Json recovery_json(const registry::Registry& registry);
Json status_json(const registry::Registry& registry, const std::string& link);

} // namespace valise::desk
