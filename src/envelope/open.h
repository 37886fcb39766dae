// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io.h"
#include "base/secret.h"
#include "crypto/kem.h"
#include "envelope/container.h"
#include "envelope/verify.h"

#include <functional>
#include <optional>

namespace valise::envelope {

// Gives the 32-byte share of one key access object, or not_found when it holds no such key.
using ShareProvider = std::function<Result<SecretBytes>(const KeyAccess&)>;

// The share of one key access object, by the key that it was wrapped to, under the name that the
// sealer knows it by (none given: key.kid(); old clients give none, which is the empty one).
// Errors: not_found envelope.share (another key's), crypto.unwrap.
Result<SecretBytes> unwrap_share(const crypto::WrapPrivateKey& key, const KeyAccess& access,
                                 std::optional<std::string_view> kid = std::nullopt);

// What the opener knows beforehand; without it nothing opens, since a TDF by itself proves nothing
// about its sender.
struct Expectation {
    // A dispatch: the key list's sender key and both parties.
    const crypto::HybridVerifier* sender = nullptr;
    std::string sender_party;
    std::string recipient_party;
    // A file at rest: the root that the logbook holds. Either or both; both must then hold.
    std::optional<Hash32> payload_root;
};

struct Opened {
    std::optional<Verified> verified; // for a dispatch
    VerifiedPayload payload;
    std::string mime_type;
    std::string metadata; // what the sealer added for the holders of a share; mostly empty
};

// Verifies statement or root, then unwraps, then checks policy binding, root MAC and assertion
// MACs; only then writes plaintext, each segment after its leaf hash, its tag and its AEAD hold.
// Errors: those of Container::open() and verify.h; envelope.expectation, .share, .policy_binding,
// .metadata, .root_signature, .assertion_binding, .segment_hash, .checksum; those of the provider
// and sink.
Result<Opened> open(const RandomSource& source, ByteSink& plain, const ShareProvider& shares,
                    const Expectation& expectation, unsigned threads = 0);

} // namespace valise::envelope
