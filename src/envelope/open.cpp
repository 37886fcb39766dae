// SPDX-License-Identifier: Apache-2.0
#include "envelope/open.h"

#include "envelope/internal/opener.h"

namespace valise::envelope {

Result<SecretBytes> unwrap_share(const crypto::WrapPrivateKey& key, const KeyAccess& access,
                                 std::optional<std::string_view> kid) {
    if (kid ? access.kid != *kid : access.kid != key.public_key().kid())
        return fail(Code::not_found, "envelope.share", "wrapped to another key");
    // A share of another type under our key's name was never made by an honest sealer.
    if (access.type != crypto::wrap_type(key.public_key().scheme()))
        return fail(Code::integrity, "crypto.unwrap", "the wrapped share does not open");
    return key.unwrap(access.wrapped_key, access.ephemeral_key);
}

Result<Opened> open(const RandomSource& source, ByteSink& plain, const ShareProvider& shares,
                    const Expectation& expectation, unsigned threads) {
    const unsigned workers = worker_count(threads);
    TRY_ASSIGN(Opener opener, Opener::create(source, shares, expectation, workers));
    TRY(run_pipeline(
        workers,
        {.fill = [&](Slot& slot) -> Result<bool> { return opener.place(slot); },
         .work = [&](unsigned worker, Slot& slot) { return opener.read_and_decrypt(worker, slot); },
         .drain = [&](Slot& slot) -> Result<void> {
             opener.count(slot.crc, slot.buffer.size());
             return slot.plain().empty() ? Result<void>() : plain.write(slot.plain());
         }}));
    TRY(opener.finish());
    return opener.take_result();
}

} // namespace valise::envelope
