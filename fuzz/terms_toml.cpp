// SPDX-License-Identifier: Apache-2.0
// Terms come from the other party by courier or wire before anybody trusts them. Whatever the
// bytes: parse() admits exactly what check_terms() finds no fault with, and what it admits answers.
#include "agreement/terms_toml.h"

#include "agreement/equivalence.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace valise::agreement;
    const auto terms = Terms::parse({data, size});
    if (terms.has_value() != check_terms({data, size}).empty())
        std::abort();
    if (!terms)
        return 0;
    for (const Equivalence& row : terms->equivalences())
        if (find_equivalence(*terms, row.from_party, row.from_level, row.to_party,
                             row.valid.from) != &row)
            std::abort();
    for (const Party& party : terms->parties())
        for (const auto& level : party.scheme.levels)
            if (terms->release_persons(party.code, level.code) < 2)
                std::abort();
    return 0;
}
