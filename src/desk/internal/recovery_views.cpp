// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/views.h"

// A book that was restored from a backup, as who asks sees it.
namespace valise::desk {

Json behind_json(const registry::Registry& registry) {
    const auto behind = registry.behind();
    if (!behind)
        return {};
    return {{"held", behind->held},
            {"signed", behind->signed_size},
            {"shared_held", behind->shared_held},
            {"shared_signed", behind->shared_signed},
            {"by_peer", behind->by_peer}};
}

Json recovery_json(const registry::Registry& registry) {
    Json made = Json::array();
    const logbook::State state = registry.state();
    for (const logbook::Recovery& one : state.recoveries())
        made.push_back({{"epoch", one.epoch},
                        {"held", one.held},
                        {"signed", one.signed_size},
                        {"root", to_base64(one.root)},
                        {"shared_from", one.shared_from},
                        {"shared_to", one.shared_to},
                        {"event", one.event}});
    const auto content = registry.recovery_content();
    const auto under_way = registry.recovery_signed();
    return {{"v", 1},
            {"behind", behind_json(registry)},
            {"content", content ? *content : Json()},
            {"signed_mirror", under_way ? Json(*under_way) : Json()},
            {"recoveries", made}};
}

} // namespace valise::desk
