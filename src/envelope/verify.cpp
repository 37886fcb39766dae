// SPDX-License-Identifier: Apache-2.0
#include "envelope/verify.h"

#include "crypto/merkle.h"
#include "envelope/internal/digests.h"

namespace valise::envelope {
namespace {

std::unexpected<Error> differs(const char* reason) {
    return fail(Code::integrity, reason, "the signed statement and the manifest differ");
}

// Every member is compared by name, so that an operator sees what was changed.
Result<void> compare(const ContainerDigests& stated, const ContainerDigests& found) {
    if (stated.schema_version != found.schema_version)
        return differs("envelope.signed_version");
    if (stated.plain_bytes != found.plain_bytes || stated.cipher_bytes != found.cipher_bytes ||
        stated.segments != found.segments || stated.segment_sizes != found.segment_sizes)
        return differs("envelope.signed_sizes");
    // Order, also where all sizes are the same.
    if (stated.segment_hashes != found.segment_hashes)
        return differs("envelope.signed_segments");
    if (stated.root_signature != found.root_signature)
        return differs("envelope.signed_root");
    if (stated.policy != found.policy)
        return differs("envelope.signed_policy");
    if (stated.key_access != found.key_access)
        return differs("envelope.signed_key_access");
    if (stated.assertions != found.assertions)
        return differs("envelope.signed_assertions");
    if (stated.payload_section != found.payload_section)
        return differs("envelope.signed_payload");
    if (stated.method_section != found.method_section)
        return differs("envelope.signed_method");
    return {};
}

//= O-20
// What is said of the originator's control is how the key is split: one share for each, or nobody's
// second one. A sender could else state control over a file that its receiver opens alone.
Result<void> control_as_stated(const Manifest& manifest, bool stated) {
    std::size_t receivers = 0;
    std::size_t originators = 0;
    for (const KeyAccess& access : manifest.key_access) {
        receivers += access.sid == kReceiverSid ? 1U : 0U;
        originators += access.sid == kOriginatorSid ? 1U : 0U;
    }
    const bool split = receivers == 1 && originators == 1 && manifest.key_access.size() == 2;
    if (stated ? !split : originators != 0)
        return fail(Code::integrity, "envelope.control", "the key is not split as it is stated");
    return {};
}

} // namespace

std::uint32_t VerifiedPayload::segment_cipher(std::uint64_t n) const {
    if (n >= leaves().size())
        return 0;
    const std::uint64_t before = n * kSegmentPlain;
    const std::uint64_t left = plain_bytes_ - std::min(before, plain_bytes_);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(left, kSegmentPlain)) +
           kSegmentOverhead;
}

Result<VerifiedPayload> expect_root(const Manifest& manifest, const Hash32& payload_root) {
    VerifiedPayload out;
    TRY_ASSIGN(out.leaves_, manifest.claimed_leaves());
    if (crypto::tree_root(out.leaves()) != payload_root)
        return fail(Code::integrity, "envelope.payload_tree",
                    "the leaf hashes do not lead to the expected root");
    out.root_ = payload_root;
    out.plain_bytes_ = manifest.plain_bytes;
    return out;
}

Result<Verified> verify_statement(const Manifest& manifest, const crypto::HybridVerifier& sender,
                                  std::string_view expected_sender,
                                  std::string_view expected_recipient) {
    Verified out;
    TRY_ASSIGN(SenderAssertion assertion, manifest.sender());
    // Nothing in the statement is looked at before the signature over it holds, and the parties
    // that are signed are the ones expected here, not the ones that the statement names.
    TRY(verify_batch(assertion.statement, assertion.signature, expected_sender, expected_recipient,
                     sender));
    auto statement = Statement::parse(assertion.statement);
    if (!statement)
        return fail(Code::integrity, "envelope.statement", statement.error().context());
    out.statement_ = std::move(*statement);
    if (out.statement_.inputs.sender != expected_sender ||
        out.statement_.inputs.recipient != expected_recipient)
        return fail(Code::integrity, "envelope.addressee", "from or for another party");
    const ContainerDigests& stated = out.statement_.container;
    TRY(compare(stated, digests_of(manifest, stated.payload_root)));
    TRY(control_as_stated(manifest, out.statement_.inputs.control));
    TRY_ASSIGN(out.payload_, expect_root(manifest, stated.payload_root));
    TRY(labels_agree(manifest, &out.statement_.inputs.classification, Code::integrity));
    out.label_xml_ = manifest.assertion(kLabelXmlId)->value;
    out.statement_bytes_ = std::move(assertion.statement);
    out.signature_ = std::move(assertion.signature);
    return out;
}

Result<void> check_segment(const VerifiedPayload& payload, std::uint64_t n, ByteView segment) {
    if (n >= payload.leaves().size() || segment.size() != payload.segment_cipher(n) ||
        crypto::leaf_hash(segment) != payload.leaves()[n])
        return fail(Code::integrity, "envelope.segment_hash", "segment " + std::to_string(n));
    return {};
}

Result<void> check_segment(const Verified& verified, std::uint64_t n, ByteView segment) {
    return check_segment(verified.payload(), n, segment);
}

} // namespace valise::envelope
