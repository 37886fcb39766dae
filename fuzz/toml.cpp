// SPDX-License-Identifier: Apache-2.0
// The strict TOML reader behind the terms: no input makes it fall.
#include "base/codec/toml.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)valise::parse_toml({data, size});
    return 0;
}
