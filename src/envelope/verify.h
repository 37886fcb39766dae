// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/hybrid_sign.h"
#include "envelope/manifest.h"
#include "envelope/statement.h"

namespace valise::envelope {

// Leaf hashes of the payload tree whose root is known to be the right one.
class VerifiedPayload {
public:
    const Hash32& root() const { return root_; }
    const std::vector<Hash32>& leaves() const { return *leaves_; }
    std::uint64_t plain_bytes() const { return plain_bytes_; }
    std::uint32_t segment_cipher(std::uint64_t n) const; // 0 past the end

private:
    friend Result<VerifiedPayload> expect_root(const Manifest&, const Hash32&);
    Hash32 root_{};
    Leaves leaves_ = std::make_shared<const std::vector<Hash32>>();
    std::uint64_t plain_bytes_ = 0;
};

// A dispatch whose sender signature holds and whose manifest is the signed one, byte for byte apart
// from the sender assertion's own MAC, which only the key's holder can check.
class Verified {
public:
    const Statement& statement() const { return statement_; }
    const Bytes& statement_bytes() const { return statement_bytes_; }
    const SenderSignature& signature() const { return signature_; }
    const VerifiedPayload& payload() const { return payload_; }
    const std::string& label_xml() const { return label_xml_; }

private:
    friend Result<Verified> verify_statement(const Manifest&, const crypto::HybridVerifier&,
                                             std::string_view, std::string_view);
    Statement statement_;
    Bytes statement_bytes_;
    SenderSignature signature_;
    VerifiedPayload payload_;
    std::string label_xml_;
};

// Needs no document key and no segment: a receiver, a guard or an archive checks an offer with it.
// Serial and replay are the registry's to check. Errors: all integrity: envelope.unsigned,
// .signature, .addressee, .statement, .payload_tree, .frame, .label; where statement and manifest
// differ, .signed_version, _sizes, _segments, _root, _policy, _key_access, _assertions, _payload or
// _method.
Result<Verified> verify_statement(const Manifest& manifest, const crypto::HybridVerifier& sender,
                                  std::string_view expected_sender,
                                  std::string_view expected_recipient);

// The same for a file at rest, whose payload root the logbook knows; policy, labels and key access
// are as good as the MAC that the key's holder checks. Errors: envelope.payload_tree, .frame.
Result<VerifiedPayload> expect_root(const Manifest& manifest, const Hash32& payload_root);

// One encrypted segment, as it lands. Errors: integrity envelope.segment_hash.
Result<void> check_segment(const VerifiedPayload& payload, std::uint64_t n, ByteView segment);
Result<void> check_segment(const Verified& verified, std::uint64_t n, ByteView segment);

} // namespace valise::envelope
