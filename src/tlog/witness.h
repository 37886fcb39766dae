// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tlog/checkpoint.h"

#include <expected>

namespace valise::tlog {

//= c2sp.org/tlog-witness
inline constexpr std::size_t kMaxProofHashes = 63;
inline constexpr std::string_view kSizeMediaType = "text/x.tlog.size";

// The body of POST add-checkpoint; the same bytes lie in a courier bag.
class WitnessRequest {
public:
    // Errors: tlog.witness, tlog.note, tlog.checkpoint. A witness answers 400 to each.
    static Result<WitnessRequest> parse(ByteView body);
    // Errors: tlog.witness (more than 63 hashes).
    static Result<WitnessRequest> make(std::uint64_t old_size, std::vector<Hash32> proof,
                                       SignedCheckpoint checkpoint);

    std::uint64_t old_size() const { return old_size_; }
    std::span<const Hash32> proof() const { return proof_; }
    const SignedCheckpoint& checkpoint() const { return checkpoint_; }
    std::string print() const;

private:
    WitnessRequest(std::uint64_t old_size, std::vector<Hash32> proof, SignedCheckpoint checkpoint)
        : old_size_(old_size), proof_(std::move(proof)), checkpoint_(std::move(checkpoint)) {}

    std::uint64_t old_size_;
    std::vector<Hash32> proof_;
    SignedCheckpoint checkpoint_;
};

// The newest tree of one origin that this witness cosigned; as made: nothing yet.
struct WitnessState {
    std::uint64_t size = 0;
    Hash32 root{}; // without meaning while size is 0

    bool operator==(const WitnessState&) const = default;
};

struct WitnessAnswer {
    int status = 0; // 200, 400, 403, 404, 409 or 422
    std::string content_type;
    std::string body;

    bool operator==(const WitnessAnswer&) const = default;
};

// Whether to cosign; pure. `log` are the keys of the request's claimed origin, null when unknown.
// A Checkpoint returned is to be stored as the new state, durably and in one step with this check,
// before anything is cosigned: a witness that forgets can be made to sign two histories.
std::expected<Checkpoint, WitnessAnswer>
decide_witness(const WitnessRequest& request, const LogKeys* log, const WitnessState& state);

// 200 with the cosignature lines.
WitnessAnswer witness_accepts(std::span<const NoteSignature> cosignatures);
// 400, for a body that WitnessRequest::parse() refused.
WitnessAnswer witness_malformed();

// The asking side. What an answer means to it; foreign witnesses differ in the codes they use.
enum class WitnessOutcome {
    cosigned, // parse_signature_lines(body), then cosigners()
    behind,   // ask again with the old size that parse_witness_size() gives
    refused,  // 400, 403, 404 or 422; or 409 without a size: another root for a size it knows
    later,    // 429, 5xx and the rest: nothing was decided
};
WitnessOutcome witness_outcome(const WitnessAnswer& answer);
// The body of a 409. Errors: tlog.witness.
Result<std::uint64_t> parse_witness_size(std::string_view body);

// What an answer is worth to who asked for cosignatures on `checkpoint`.
struct WitnessVerdict {
    WitnessOutcome outcome = WitnessOutcome::later;
    std::uint64_t size = 0;           // behind: of the tree that the witness cosigned last
    std::vector<NoteSignature> lines; // cosigned: by each of its keys, and by nobody else
};

// `keys` are all those of the witness: each must have cosigned, so that a witness that lost or
// never had its second key is not taken for one that has both. Errors: tlog.cosignature
// (integrity), of a line that is bad or missing; tlog.note; tlog.witness.
Result<WitnessVerdict> judge_answer(const WitnessAnswer& answer, const Checkpoint& checkpoint,
                                    std::span<const Verifier> keys);

} // namespace valise::tlog
