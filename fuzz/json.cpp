// SPDX-License-Identifier: Apache-2.0
// The strict JSON reader: whatever it admits has one canonical form, which reads back as the same.
#include "base/codec/json.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto value = valise::parse_json({data, size});
    if (!value)
        return 0;
    const std::string text = valise::canonical_json(*value);
    const auto again = valise::parse_canonical_json(valise::view(text));
    if (!again || *again != *value)
        std::abort();
    return 0;
}
