// SPDX-License-Identifier: Apache-2.0
#include "logbook/muster.h"

#include "base/bytes.h"
#include "base/text.h"
#include "crypto/hash.h"

namespace valise::logbook {

std::string_view to_string(CountFinding finding) {
    switch (finding) {
    case CountFinding::uncounted:
        return "uncounted";
    case CountFinding::present:
        return "present";
    case CountFinding::missing:
        return "missing";
    }
    return "?";
}

bool sampled(const MusterId& muster, const CopyId& copy, std::uint32_t percent) {
    const Hash32 hash =
        crypto::sha256(to_bytes("valise/spot-check/v1\n" + muster.text() + "\n" + copy.text()));
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
        number = number << 8 | hash[i];
    return number * 100 < std::uint64_t{percent} << 32;
}

} // namespace valise::logbook
