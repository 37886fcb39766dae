// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"
#include "logbook/event.h"

namespace valise::logbook {

// What a leaf says. Fields that the private log blinds are ignored by Leaf::in_private_log().
struct LeafFields {
    ActKind kind = ActKind::found; // blinded in the private log
    Stage stage = Stage::permitted;
    bool dummy = false; // pads the log, so that its growth says less
    bool redaction = false;
    bool correction = false;
    Time minute;                           // cut to the minute
    std::uint64_t act_number = 0;          // the leaf's own index: a cross-check
    std::optional<std::uint64_t> previous; // leaf of the same transfer; blinded in the private log
    Hash32 link_tag{};                     // zero = none; blinded in the private log
    Hash32 commitment{};                   // C (commitment.h)
    Hash32 document{};                     // zero = none
    Hash32 signed_act{};                   // zero = none
    std::uint64_t peer_size = 0;           // 0 = no checkpoint of the peer
    Hash32 peer_root{};
    std::array<Byte, 8> signer_key_id{}; // blinded in the private log
    bool operator==(const LeafFields&) const = default;
};

// 256 bytes, whatever happened: no length, title or name to read from it.
class Leaf {
public:
    static constexpr std::size_t kSize = 256;
    static constexpr Byte kBlindKind = 0xff;

    // The peer sees only size and root of the private log, but should one leak, it tells no more
    // than the stage and the minute: kind 0xff, no previous leaf, no link tag, no signer.
    static Leaf in_private_log(LeafFields fields);
    static Leaf in_shared_log(LeafFields fields);
    // Strict: magic, schema 1, known kind, reserved flags and tail zero, blinded fields blind.
    // Errors: logbook.leaf.
    static Result<Leaf> parse(ByteView bytes);

    bool is_private() const { return bytes_[4] == kBlindKind; }
    // `kind` is meaningless when is_private().
    const LeafFields& fields() const { return fields_; }
    ByteView bytes() const { return bytes_; }

    // The leaf is the one of this event: stage, minute, commitment, and the kind where it shows.
    // Errors: integrity logbook.leaf_mismatch.
    Result<void> agrees_with(const Skeleton& skeleton, const Hash32& commitment) const;

    bool operator==(const Leaf& other) const { return bytes_ == other.bytes_; }

private:
    Leaf() = default;
    void encode(bool blind);

    LeafFields fields_;
    std::array<Byte, kSize> bytes_{};
};

// HMAC-SHA256(transfer_secret, "valise/link/v1"): the same in both parties' shared logs, and means
// nothing to anyone without the secret, which travels in the sender's statement.
Hash32 link_tag(const SecretBytes& transfer_secret);

// SHA-256("valise/document/v1\0" ‖ payload_root): before an item is dispatched.
Hash32 document_commitment(const Hash32& payload_root);
// SHA-256("valise/statement/v1\0" ‖ statement): dispatch, arrive and receipts.
Hash32 statement_commitment(ByteView statement);

} // namespace valise::logbook
