// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "logbook/state.h"

namespace valise::agreement {

// Whether the terms let an originator keep control of an item of this level of its own scheme, and
// whether it must.
bool control_allowed(const Party& originator, const std::string& level);
bool control_required(const Party& originator, const std::string& level);

// Whether a dispatch of this item under this release is sealed so that each opening asks the
// originator: the terms want it, or somebody who released it does. Never of a package.
bool keeps_control(const Terms& terms, const logbook::Item& item, const logbook::Release* release,
                   bool package);

// Whether a client may open what this item's originator controls: its own terms let a copy of that
// level of its scheme leave, on the registry's word.
bool client_admitted(const Terms& terms, const logbook::Item& item);

// How long a permit of this moment holds without asking again; none: not at all.
std::optional<Time> lease_until(const Terms& terms, const logbook::Control& control, Time now);

// Working days until a recall is answered: at once where the terms say nothing of it.
int recall_answer_days(const Terms& terms);

} // namespace valise::agreement
