// SPDX-License-Identifier: Apache-2.0
#include "envelope/serials.h"

namespace valise::envelope {

Result<bool> TakenSerials::take(const Verified& verified) {
    const StatementInputs& said = verified.statement().inputs;
    return take(said.sender, said.recipient, said.serial,
                statement_commitment(verified.statement_bytes()));
}

Result<bool> TakenSerials::take(std::string_view sender, std::string_view recipient,
                                std::int64_t serial, const Hash32& commitment) {
    auto& serials = taken_[{std::string(sender), std::string(recipient)}];
    const auto [place, is_new] = serials.emplace(serial, commitment);
    if (!is_new && place->second != commitment)
        return fail(Code::integrity, "envelope.serial",
                    "serial " + std::to_string(serial) + " was taken by another statement");
    return is_new;
}

} // namespace valise::envelope
