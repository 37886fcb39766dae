// SPDX-License-Identifier: Apache-2.0
#include "tlog/witness.h"

#include "crypto/merkle.h"
#include "tlog/cosignature.h"
#include "tlog/internal/lines.h"
#include "tlog/proof.h"

#include <algorithm>

namespace valise::tlog {
namespace {

constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

std::unexpected<Error> bad_request(const char* why) {
    return fail(Code::invalid, "tlog.witness", why);
}

std::unexpected<WitnessAnswer> answer(int status, std::string body) {
    return std::unexpected(WitnessAnswer{status, std::string(kPlainText), std::move(body)});
}

// Whether the tree of `next` is one that grew from the state's; sizes were compared before.
bool extends(const Checkpoint& next, const WitnessState& state, std::span<const Hash32> proof) {
    if (next.size == 0)
        return proof.empty() && next.root == crypto::empty_root();
    if (state.size == 0)
        return proof.empty();
    return verify_consistency(state.size, next.size, state.root, next.root, proof).has_value();
}

} // namespace

Result<WitnessRequest> WitnessRequest::parse(ByteView body) {
    LineReader lines(text_view(body));
    const auto first = lines.next();
    const auto old_size = first ? parse_numbered(*first, "old") : std::nullopt;
    if (!old_size)
        return bad_request("the first line is not the old size");
    auto proof = parse_hash_lines(lines, kMaxProofHashes);
    if (!proof)
        return bad_request("bad proof lines");
    TRY_ASSIGN(auto checkpoint, SignedCheckpoint::parse(view(lines.rest())));
    return WitnessRequest(*old_size, std::move(*proof), std::move(checkpoint));
}

Result<WitnessRequest> WitnessRequest::make(std::uint64_t old_size, std::vector<Hash32> proof,
                                            SignedCheckpoint checkpoint) {
    if (proof.size() > kMaxProofHashes || old_size > checkpoint.claimed_size())
        return bad_request("more than 63 hashes, or an old size beyond the new one");
    return WitnessRequest(old_size, std::move(proof), std::move(checkpoint));
}

std::string WitnessRequest::print() const {
    std::string out = "old " + std::to_string(old_size_) + "\n";
    append_hash_lines(out, proof_);
    return out + "\n" + checkpoint_.print();
}

std::expected<Checkpoint, WitnessAnswer>
decide_witness(const WitnessRequest& request, const LogKeys* log, const WitnessState& state) {
    const SignedCheckpoint& note = request.checkpoint();
    if (log == nullptr || log->origin() != note.claimed_origin())
        return answer(404, "unknown origin\n");
    const auto checkpoint = note.verify_signatures(*log);
    if (!checkpoint)
        return answer(403, "not signed by the log\n");
    if (request.old_size() > checkpoint->size)
        return answer(400, "old size beyond the checkpoint\n");
    if (request.old_size() != state.size)
        return std::unexpected(
            WitnessAnswer{409, std::string(kSizeMediaType), std::to_string(state.size) + "\n"});
    if (!extends(*checkpoint, state, request.proof()))
        return answer(422, "not consistent\n");
    return *checkpoint;
}

WitnessAnswer witness_accepts(std::span<const NoteSignature> cosignatures) {
    WitnessAnswer accepted{200, std::string(kPlainText), {}};
    for (const auto& cosignature : cosignatures)
        accepted.body += cosignature.line();
    return accepted;
}

WitnessAnswer witness_malformed() {
    return {400, std::string(kPlainText), "malformed\n"};
}

WitnessOutcome witness_outcome(const WitnessAnswer& answered) {
    switch (answered.status) {
    case 200:
        return WitnessOutcome::cosigned;
    case 409:
        return answered.content_type.starts_with(kSizeMediaType) ? WitnessOutcome::behind
                                                                 : WitnessOutcome::refused;
    case 400:
    case 403:
    case 404:
    case 422:
        return WitnessOutcome::refused;
    default:
        return WitnessOutcome::later;
    }
}

Result<std::uint64_t> parse_witness_size(std::string_view body) {
    LineReader lines(body);
    const auto line = lines.next();
    const auto size = line && lines.done() ? parse_decimal(*line) : std::nullopt;
    if (!size)
        return bad_request("not a size");
    return *size;
}

Result<WitnessVerdict> judge_answer(const WitnessAnswer& answered, const Checkpoint& checkpoint,
                                    std::span<const Verifier> keys) {
    WitnessVerdict verdict{.outcome = witness_outcome(answered), .size = 0, .lines = {}};
    if (verdict.outcome == WitnessOutcome::behind) {
        TRY_ASSIGN(verdict.size, parse_witness_size(answered.body));
    }
    if (verdict.outcome != WitnessOutcome::cosigned)
        return verdict;
    TRY_ASSIGN(const auto lines, parse_signature_lines(answered.body));
    TRY_ASSIGN(const auto found, cosigners(checkpoint, lines, keys));
    if (keys.empty() || found.size() != keys.size())
        return fail(Code::integrity, "tlog.cosignature", "not by every key of the witness");
    for (const NoteSignature& line : lines)
        if (std::ranges::any_of(keys, [&](const Verifier& key) { return key.made(line); }))
            verdict.lines.push_back(line);
    return verdict;
}

} // namespace valise::tlog
