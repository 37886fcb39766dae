// SPDX-License-Identifier: Apache-2.0
#include "envelope/reader.h"

#include "envelope/internal/opener.h"

#include <algorithm>

namespace valise::envelope {

struct SealedReader::State {
    explicit State(Opener made) : opener(std::move(made)) {}
    ~State() { wipe(slot.buffer); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    // Segment n as plaintext in the slot. What is there already is not read again.
    Result<void> load(std::uint64_t n) {
        if (loaded && slot.index == n)
            return {};
        loaded = false;
        wipe(slot.buffer);
        slot.index = n;
        TRY(opener.fill(slot));
        TRY(opener.decrypt(0, slot));
        loaded = true;
        return {};
    }

    Opener opener;
    Slot slot;
    bool loaded = false;
};

SealedReader::SealedReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SealedReader::SealedReader(SealedReader&&) noexcept = default;
SealedReader& SealedReader::operator=(SealedReader&&) noexcept = default;
SealedReader::~SealedReader() = default;

Result<SealedReader> SealedReader::create(const RandomSource& source, const ShareProvider& shares,
                                          const Expectation& expectation) {
    TRY_ASSIGN(Opener opener, Opener::create(source, shares, expectation, 1));
    return SealedReader(std::make_unique<State>(std::move(opener)));
}

const Opened& SealedReader::opened() const {
    return state_->opener.result();
}

std::uint64_t SealedReader::size() const {
    return opened().payload.plain_bytes();
}

Result<void> SealedReader::read_at(std::uint64_t offset, std::span<Byte> out) {
    if (offset > size() || out.size() > size() - offset)
        return fail(Code::invalid, "envelope.range", "past the end of the document");
    while (!out.empty()) {
        TRY(state_->load(offset / kSegmentPlain));
        const auto plain = state_->slot.plain().subspan(offset % kSegmentPlain);
        const std::size_t count = std::min(plain.size(), out.size());
        std::copy_n(plain.begin(), count, out.begin());
        out = out.subspan(count);
        offset += count;
    }
    return {};
}

} // namespace valise::envelope
