// SPDX-License-Identifier: Apache-2.0
// The parsers of the logbook: acts, signed acts, skeletons, openings, leaves, receipts and notices.
// What is admitted is written back as the same bytes, and verifying or folding it never crashes.
#include "logbook/act.h"
#include "logbook/commitment.h"
#include "logbook/leaf.h"
#include "logbook/notice.h"
#include "logbook/number.h"
#include "logbook/opening_papers.h"
#include "logbook/state.h"

#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::logbook;

void same(const Bytes& written, ByteView read) {
    if (written != to_bytes(read))
        std::abort();
}

void fold_one(const Skeleton& skeleton) {
    SkeletonFields founding;
    founding.stage = Stage::done;
    founding.facts = {{"party", "JPN"}};
    const auto first = Skeleton::make(founding);
    State state;
    if (!first || !state.apply(*first))
        std::abort();
    const State before = state;
    if (!state.apply(skeleton) && state != before)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    if (const auto act = Act::parse(bytes))
        same(act->bytes(), bytes);
    if (const auto act = SignedAct::parse(bytes)) {
        same(act->bytes(), bytes);
        (void)act->verify();
    }
    if (const auto skeleton = Skeleton::parse(bytes)) {
        same(skeleton->bytes(), bytes);
        fold_one(*skeleton);
    }
    if (const auto opening = Opening::parse(bytes)) {
        same(opening->bytes(), bytes);
        const auto commitment = Commitment::of({}, *opening, Hash32{});
        if (!verify_record(commitment.root(), {}, *opening, Hash32{}))
            std::abort();
    }
    if (const auto leaf = Leaf::parse(bytes))
        same(to_bytes(leaf->bytes()), bytes);
    if (const auto receipt = Receipt::parse(bytes))
        same(receipt->bytes(), bytes);
    if (const auto notice = Notice::parse(bytes))
        same(notice->bytes(), bytes);
    if (const auto ask = OpeningAsk::parse(bytes))
        same(ask->bytes(), bytes);
    if (const auto answer = OpeningAnswer::parse(bytes))
        same(answer->bytes(), bytes);
    if (const auto answer = RecallAnswer::parse(text_view(bytes)))
        same(to_bytes(answer->text()), bytes);
    if (const auto readers = parse_readers(text_view(bytes)))
        same(to_bytes(readers_text(*readers)), bytes);
    if (const auto number = RegisterNumber::parse(text_view(bytes)))
        same(to_bytes(number->text()), bytes);
    return 0;
}
