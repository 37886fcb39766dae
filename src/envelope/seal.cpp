// SPDX-License-Identifier: Apache-2.0
#include "envelope/seal.h"

#include "envelope/internal/sealer.h"

#include <algorithm>
#include <utility>

namespace valise::envelope {
namespace {

// The first bytes of a document say whether it is a small one, which needs no room for a segment.
constexpr std::size_t kSmallPlain = std::size_t{16} * 1024;

// Cuts a stream into segments: 2 MiB each, the last one short, one empty segment for an empty
// document and none after an exact multiple.
class Segmenter {
public:
    explicit Segmenter(ByteSource& source) : source_(&source) {}

    Result<bool> fill(Slot& slot) {
        if (ended_)
            return false;
        std::size_t held = 0;
        if (slot.index == 0) {
            slot.buffer.resize(kSmallPlain + kSegmentOverhead);
            TRY_ASSIGN(held, read(slot, held));
        }
        if (!ended_) {
            grow(slot.buffer);
            TRY_ASSIGN(held, read(slot, held));
        }
        if (held == 0 && slot.index > 0)
            return false;
        if (held < slot.plain().size()) {
            wipe(slot.plain().subspan(held)); // what an earlier segment left there
            slot.buffer.resize(held + kSegmentOverhead);
        }
        return true;
    }

private:
    // To the room of a whole segment. A vector that grows by itself gives its old place, with the
    // plaintext in it, back to the heap as it is.
    static void grow(Bytes& buffer) {
        if (buffer.capacity() < kSegmentCipher) {
            Bytes whole(kSegmentCipher);
            std::ranges::copy(buffer, whole.begin());
            wipe(buffer);
            buffer = std::move(whole);
        }
        buffer.resize(kSegmentCipher);
    }

    // How many bytes of the slot are plaintext now; `held` were before.
    Result<std::size_t> read(Slot& slot, std::size_t held) {
        const auto room = slot.plain();
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
        return held;
    }

    ByteSource* source_;
    bool ended_ = false;
};

// Each worker reads what it encrypts: the copy out of the page cache is the dearest step after the
// hash, and one thread that makes it for all of them holds them up.
Result<void> seal_payload(const RandomSource& plain, Sealer& sealer, unsigned workers) {
    TRY(sealer.begin());
    const std::uint64_t size = plain.size();
    const std::uint64_t segments = segments_of(size);
    const auto fill = [&](Slot& slot) -> Result<bool> {
        if (slot.index >= segments)
            return false;
        const std::uint64_t left = size - slot.index * kSegmentPlain;
        slot.buffer.resize(std::min<std::uint64_t>(left, kSegmentPlain) + kSegmentOverhead);
        return true;
    };
    TRY(run_pipeline(
        workers,
        {.fill = fill,
         .work = [&](unsigned worker, Slot& slot) { return sealer.encrypt(worker, slot, &plain); },
         .drain = [&](Slot& slot) { return sealer.emit(slot); }}));
    // Sealed without what was appended meanwhile it would be signed as the whole.
    Byte beyond = 0;
    if (plain.read_at(size, {&beyond, 1}))
        return fail(Code::conflict, "envelope.source_grew",
                    "the document grew while it was sealed");
    return {};
}

Result<void> seal_payload(ByteSource& plain, Sealer& sealer, unsigned workers) {
    TRY(sealer.begin());
    Segmenter segments(plain);
    return run_pipeline(
        workers, {.fill = [&](Slot& slot) { return segments.fill(slot); },
                  .work = [&](unsigned worker, Slot& slot) { return sealer.encrypt(worker, slot); },
                  .drain = [&](Slot& slot) { return sealer.emit(slot); }});
}

// MemorySource is a source of both kinds.
template<class Source>
Result<SealResult> seal_one(Source& plain, ByteSink& out, const SealRequest& request) {
    if (request.statement.has_value() != static_cast<bool>(request.sign))
        return fail(Code::invalid, "envelope.request", "a statement needs a signer");
    const unsigned workers = worker_count(request.threads);
    TRY_ASSIGN(Recipe recipe, Recipe::make(request));
    TRY_ASSIGN(
        Sealer sealer,
        Sealer::create(recipe, request.statement ? &*request.statement : nullptr, out, workers));
    TRY(seal_payload(plain, sealer, workers));
    return sign_and_finish(sealer, request);
}

} // namespace

Result<SealResult> seal(ByteSource& plain, ByteSink& out, const SealRequest& request) {
    return seal_one(plain, out, request);
}

Result<SealResult> seal_file(const RandomSource& plain, ByteSink& out, const SealRequest& request) {
    return seal_one(plain, out, request);
}

struct BatchSealer::State {
    State(SealRequest of, SignStatements by) : request(std::move(of)), sign(std::move(by)) {}

    SealRequest request;
    SignStatements sign;
    std::optional<Recipe> recipe;
    struct Waiting {
        StatementInputs inputs;
        std::optional<Sealer> sealer;
        Bytes statement;
    };
    std::vector<std::unique_ptr<Waiting>> waiting;
    std::uint64_t segments = 0;

    bool full() const { return waiting.size() >= kBatchFiles || segments >= kBatchSegments; }

    template<class Source> Result<void> add(Source& plain, ByteSink& out, StatementInputs inputs) {
        if (full())
            return fail(Code::invalid, "envelope.batch", "the batch is full");
        if (!waiting.empty()) {
            const StatementInputs& first = waiting.front()->inputs;
            if (first.sender != inputs.sender || first.recipient != inputs.recipient)
                return fail(Code::invalid, "envelope.batch", "another sender or recipient");
        }
        const unsigned workers = worker_count(request.threads);
        auto one = std::make_unique<Waiting>();
        one->inputs = std::move(inputs);
        TRY_ASSIGN(one->sealer, Sealer::create(*recipe, &one->inputs, out, workers));
        TRY(seal_payload(plain, *one->sealer, workers));
        TRY_ASSIGN(one->statement, one->sealer->close());
        segments += one->sealer->segments();
        waiting.push_back(std::move(one));
        return {};
    }
};

BatchSealer::BatchSealer(std::unique_ptr<State> state) : state_(std::move(state)) {}
BatchSealer::BatchSealer(BatchSealer&&) noexcept = default;
BatchSealer& BatchSealer::operator=(BatchSealer&&) noexcept = default;
BatchSealer::~BatchSealer() = default;

Result<BatchSealer> BatchSealer::create(SealRequest request, SignStatements sign) {
    if (request.statement || request.sign || !sign)
        return fail(Code::invalid, "envelope.request", "each document brings its statement");
    auto state = std::make_unique<State>(std::move(request), std::move(sign));
    TRY_ASSIGN(state->recipe, Recipe::make(state->request));
    return BatchSealer(std::move(state));
}

Result<void> BatchSealer::add(ByteSource& plain, ByteSink& out, StatementInputs inputs) {
    return state_->add(plain, out, std::move(inputs));
}

Result<void> BatchSealer::add_file(const RandomSource& plain, ByteSink& out,
                                   StatementInputs inputs) {
    return state_->add(plain, out, std::move(inputs));
}

bool BatchSealer::full() const {
    return state_->full();
}

Result<std::vector<Result<SealResult>>> BatchSealer::finish() {
    const auto waiting = std::exchange(state_->waiting, {});
    state_->segments = 0;
    std::vector<Result<SealResult>> out;
    if (waiting.empty())
        return out;
    std::vector<Bytes> statements;
    for (const auto& one : waiting)
        statements.push_back(std::move(one->statement));
    TRY_ASSIGN(const std::vector<SenderSignature> signatures, state_->sign(statements));
    if (signatures.size() != waiting.size())
        return fail(Code::internal, "envelope.batch", "not one signature for each statement");
    for (std::size_t i = 0; i < waiting.size(); ++i)
        out.push_back(waiting[i]->sealer->finish(&signatures[i]));
    return out;
}

} // namespace valise::envelope
