// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/one_time_code.h"

#include "crypto/equal.h"
#include "crypto/mac.h"

#include <fmt/format.h>

namespace valise::desk {

std::int64_t code_period(Time at) {
    return at.seconds / kCodeSeconds;
}

std::string one_time_code(ByteView secret, std::int64_t period, unsigned digits) {
    Bytes counter;
    append_u64(counter, static_cast<std::uint64_t>(period));
    const auto mac = crypto::hmac_sha1(secret, counter);
    const std::size_t at = mac.back() & 0x0fU;
    const std::uint32_t number =
        read_u32(std::span<const Byte, 4>(mac.data() + at, 4)) & 0x7fffffffU;
    std::uint32_t modulus = 1;
    for (unsigned i = 0; i < digits; ++i)
        modulus *= 10;
    return fmt::format("{:0{}}", number % modulus, digits);
}

std::optional<std::int64_t> matching_period(ByteView secret, std::string_view code, Time now,
                                            std::int64_t used) {
    std::optional<std::int64_t> out;
    const std::int64_t present = code_period(now);
    // All three are compared, whichever fits: the clock tells nothing.
    for (std::int64_t period = present - 1; period <= present + 1; ++period) {
        const std::string wanted = one_time_code(secret, period);
        const bool same =
            code.size() == wanted.size() && crypto::constant_time_equal(view(code), view(wanted));
        if (same && period > used)
            out = period;
    }
    return out;
}

} // namespace valise::desk
