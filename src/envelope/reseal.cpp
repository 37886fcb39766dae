// SPDX-License-Identifier: Apache-2.0
#include "envelope/reseal.h"

#include "envelope/internal/opener.h"
#include "envelope/internal/sealer.h"

namespace valise::envelope {

Result<SealResult> reseal(const RandomSource& from, const ShareProvider& shares,
                          const Expectation& expectation, ByteSink& to,
                          const SealRequest& request) {
    const unsigned workers = worker_count(request.threads);
    TRY_ASSIGN(Opener opener, Opener::create(from, shares, expectation, workers));
    SealRequest anew = request;
    if (anew.mime_type.empty())
        anew.mime_type = opener.manifest().mime_type;
    if (anew.statement.has_value() != static_cast<bool>(anew.sign))
        return fail(Code::invalid, "envelope.request", "a statement needs a signer");
    TRY_ASSIGN(Recipe recipe, Recipe::make(anew));
    TRY_ASSIGN(Sealer sealer,
               Sealer::create(recipe, anew.statement ? &*anew.statement : nullptr, to, workers));
    TRY(sealer.begin());
    // Old and new segments have the same bounds, so each is opened and sealed in its own buffer.
    const auto work = [&](unsigned worker, Slot& slot) -> Result<void> {
        TRY(opener.decrypt(worker, slot));
        slot.opened_crc = slot.crc;
        return sealer.encrypt(worker, slot);
    };
    const auto drain = [&](Slot& slot) -> Result<void> {
        opener.count(slot.opened_crc, slot.buffer.size());
        return sealer.emit(slot);
    };
    TRY(run_pipeline(
        workers,
        {.fill = [&](Slot& slot) { return opener.fill(slot); }, .work = work, .drain = drain}));
    TRY(opener.finish());
    return sign_and_finish(sealer, anew);
}

} // namespace valise::envelope
