// SPDX-License-Identifier: Apache-2.0
#include "base/codec/csv.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const auto rows = valise::read_csv({bytes, size}, {"number", "title", "pages"}, {100, 64});
    if (!rows)
        return 0;
    for (const auto& row : *rows)
        for (const auto& [name, value] : row.fields)
            if (value.empty() || value.size() > 64 || row.line < 2)
                std::abort();
    return 0;
}
