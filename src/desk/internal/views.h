// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/custody_duties.h"
#include "registry/registry.h"

// What the registry knows, as JSON for /api/v1. From skeletons alone: never a title or a name.
namespace valise::desk {

Json item_json(const logbook::State& state, const logbook::Item& item,
               const agreement::Terms& terms);
Json person_json(const logbook::Person& person);
Json dispatch_json(const registry::DispatchView& entry);
Json container_json(const logbook::State& state, const logbook::Container& container,
                    const agreement::Terms& terms);
Json duty_json(const agreement::CustodyDuty& duty, Time now);
Json decision_json(const agreement::Decision& decision);
Json answer_json(const registry::ActAnswer& answer);
Json status_json(const registry::Registry& registry, const std::string& link);

} // namespace valise::desk
