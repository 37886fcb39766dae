// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "registry/registry.h"

namespace valise::desk {

// Statements on both logs as the API shows them.
Result<Json> recons_json(const registry::Registry& registry);
// One, by the hex of its digest, with the content of the act by which an officer here signs it.
// Errors: not_found registry.no_recon.
Result<Json> recon_json(const registry::Registry& registry, const std::string& digest);
// What may be proposed now, in the same form.
Result<Json> proposal_json(const registry::Registry& registry);
// Errors: invalid desk.recon.
Result<Hash32> recon_digest(const std::string& hex);

// Content of the act "reconcile" or "countersign" of this party over a statement.
Json signing_content(const agreement::ReconStatement& statement, const std::string& party);

} // namespace valise::desk
