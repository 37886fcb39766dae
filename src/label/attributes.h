// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "label/label.h"

#include <string>
#include <string_view>
#include <vector>

namespace valise::label {

// The data attributes of a TDF that say the same as the label, sorted, lower case:
//   https://NS/attr/classification/value/gokuhi     https://NS/attr/relto/value/ukr
// `ns` is a DNS name with at least one dot. Errors: those of level_of(), label.namespace,
// label.releasable_to (a value that is not three ASCII letters).
Result<std::vector<std::string>> attributes(const Label& label, const Scheme& scheme,
                                            std::string_view ns);

// The label, the attributes and the 5636 JSON of one document say the same, in whatever order.
// A document whose parts disagree is refused: a stock client would enforce one of them and show
// another. Errors: label.disagree; those of attributes() and read_5636().
Result<void> agree(const Label& label, const Scheme& scheme, std::string_view ns,
                   const std::vector<std::string>& fqns, std::string_view json5636);

} // namespace valise::label
