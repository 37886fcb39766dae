// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/kem.h"
#include "desk/internal/connect.h"
#include "desk/opentdf.h"

namespace valise::desk {

// The number that the policy protocol gives to an algorithm; 0: none.
std::uint32_t policy_algorithm(crypto::WrapScheme scheme);

// GetAttributeValuesByFqns for this person's client: what each named attribute is, and the key that
// a file under it is to be sealed to. At most 32 names. Errors: invalid desk.connect; not_found
// desk.no_attribute, when one of them is nothing that this person may know of.
Result<ConnectReply> attribute_values(const registry::Registry& registry, const OpenTdfSetup& setup,
                                      const crypto::WrapPublicKey& intake, const PersonId& person,
                                      const std::vector<std::string>& fqns);

} // namespace valise::desk
