// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "logbook/state.h"

namespace valise::agreement {

// A data attribute that a label of these terms can have, as clients of the OpenTDF world name it.
struct DataAttribute {
    enum class Rule { any_of, hierarchy };
    std::string definition; // "https://NS/attr/classification"
    std::string name;       // "classification"
    std::string value;      // "gokuhi"
    Rule rule = Rule::any_of;

    std::string fqn() const { return definition + "/value/" + value; }
};

// The attribute of this name, when this person may know of it: a level of the party's own scheme up
// to their clearance of now, a party to the terms. None for every other text, so that a level
// somebody is not cleared for and one that does not exist are the same to who asks. //= O-22
std::optional<DataAttribute> data_attribute(const Terms& terms, const logbook::State& state,
                                            const PersonId& person, std::string_view ns,
                                            std::string_view fqn, Time now);

} // namespace valise::agreement
