// SPDX-License-Identifier: Apache-2.0
#include "envelope/seal.h"

#include "envelope/internal/sealer.h"

namespace valise::envelope {
namespace {

// Cuts a stream into segments: 2 MiB each, the last one short, one empty segment for an empty
// document and none after an exact multiple.
class Segmenter {
public:
    explicit Segmenter(ByteSource& source) : source_(&source) {}

    Result<bool> fill(Slot& slot) {
        if (ended_)
            return false;
        slot.buffer.resize(kSegmentCipher);
        const auto room = slot.plain();
        std::size_t held = 0;
        while (held < room.size()) {
            TRY_ASSIGN(const std::size_t count, source_->read(room.subspan(held)));
            if (count > room.size() - held)
                return fail(Code::internal, "envelope.source", "more bytes than asked for");
            if (count == 0) {
                ended_ = true;
                break;
            }
            held += count;
        }
        if (held == 0 && slot.index > 0)
            return false;
        if (held < room.size()) {
            wipe(room.subspan(held)); // what an earlier segment left there
            slot.buffer.resize(held + kSegmentOverhead);
        }
        return true;
    }

private:
    ByteSource* source_;
    bool ended_ = false;
};

} // namespace

Result<SealResult> seal(ByteSource& plain, ByteSink& out, const SealRequest& request) {
    const unsigned workers = worker_count(request.threads);
    TRY_ASSIGN(Sealer sealer, Sealer::create(request, out, workers));
    TRY(sealer.begin());
    Segmenter segments(plain);
    TRY(run_pipeline(
        workers, {.fill = [&](Slot& slot) { return segments.fill(slot); },
                  .work = [&](unsigned worker, Slot& slot) { return sealer.encrypt(worker, slot); },
                  .drain = [&](Slot& slot) { return sealer.emit(slot); }}));
    return sealer.finish();
}

} // namespace valise::envelope
