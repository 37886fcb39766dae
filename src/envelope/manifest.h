// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/codec/json.h"
#include "base/io.h"
#include "envelope/batch.h"

#include <functional>
#include <memory>
#include <optional>

namespace valise::envelope {

inline constexpr std::uint32_t kSegmentPlain = 2 * 1024 * 1024;
inline constexpr std::uint32_t kSegmentOverhead = 28; // IV 12 and tag 16
inline constexpr std::uint32_t kSegmentCipher = kSegmentPlain + kSegmentOverhead;
inline constexpr std::size_t kManifestLimit = std::size_t{160} * 1024 * 1024;
inline constexpr std::size_t kMaxKeyAccess = 16;
inline constexpr std::size_t kMaxAttributes = 256;
inline constexpr std::size_t kMaxMetadata = std::size_t{16} * 1024; // bytes of its plain text

using SegmentTag = std::array<Byte, 16>;
// Of a tebibyte they are 16 MiB: whoever reads a manifest, verifies and opens it shares them.
using Leaves = std::shared_ptr<const std::vector<Hash32>>;

// 4.3.0 is what clients in the field read. 4.4.0 (a draft: BaseTDF) names the algorithm of each
// wrapped share and binds the policy without the detour over hexadecimal.
enum class TdfVersion { v4_3_0, v4_4_0 };
std::string_view to_string(TdfVersion version);

// One wrapped share of the document key.
struct KeyAccess {
    std::string type; // "hybrid-wrapped", "mlkem-wrapped", "ec-wrapped", "wrapped"
    std::string alg;  // 4.4.0 only
    std::string url;
    std::string kid; // 1..32 printable ASCII
    std::string sid; // shares of different sid are all needed, of one sid any one; may be empty
    Bytes wrapped_key;
    std::string ephemeral_key;  // PEM, "ec-wrapped" only
    std::string policy_binding; // base64 of the hex HMAC (4.4.0: of the HMAC), as it stands there
    std::string metadata;       // as it stands there, sealed under the share; empty: none

    Json json() const;
};

struct Assertion {
    std::string id;
    std::string type;  // "handling" | "other"
    std::string scope; // "tdo" | "payload"
    std::string format;
    std::string schema;
    std::string value;
    std::string binding; // compact JWS, HS256 under the document key
    // Instead of a long binding, of which all but this follows from the assertion and the segments.
    std::optional<Hash32> mac;
    // What append_unbound() writes, where it was made before: whoever sets it changes nothing more.
    std::shared_ptr<const std::string> text;

    Json json_without_binding() const;
    Json json() const;
};

// The four assertions of our profile; any other id is refused.
inline constexpr std::string_view kLabelXmlId = "valise-label-4774";
inline constexpr std::string_view kLabelJsonId = "valise-label-5636";
inline constexpr std::string_view kPayloadTreeId = "valise-payload-tree";
inline constexpr std::string_view kSenderId = "valise-sender";

struct SenderAssertion {
    Bytes statement;
    SenderSignature signature;
};

// The manifest of a sealed file. Only the exact bytes that bytes() writes are read: canonical JSON,
// uniform 2 MiB segments, known members and assertions. Form only; verify.h says whether it is
// true.
struct Manifest {
    TdfVersion version = TdfVersion::v4_3_0;
    std::string policy; // base64 of the policy object, verbatim
    std::string policy_uuid;
    std::vector<std::string> attributes;
    std::string mime_type;
    std::vector<KeyAccess> key_access;
    Bytes root_signature; // 32 bytes
    std::vector<SegmentTag> segment_hashes;
    std::uint64_t plain_bytes = 0;
    std::vector<Assertion> assertions; // in the order of the ids above
    Leaves leaves;                     // instead of a long text of them in the payload tree's value

    std::uint64_t segment_count() const { return segment_hashes.size(); }
    std::uint32_t segment_plain(std::uint64_t n) const; // n < segment_count()
    std::uint32_t segment_cipher(std::uint64_t n) const;
    std::uint64_t segment_offset(std::uint64_t n) const; // within the payload
    std::uint64_t payload_bytes() const;                 // of the whole payload entry

    const Assertion* assertion(std::string_view id) const; // null when absent
    bool is_signed() const { return assertion(kSenderId) != nullptr; }
    // Errors: integrity envelope.unsigned, envelope.assertion, envelope.signature_form.
    Result<SenderAssertion> sender() const;
    // The claimed leaf hashes; proved only by verify.h. Errors: envelope.payload_tree, and
    // envelope.frame when they were written for another frame.
    Result<Leaves> claimed_leaves() const;
    // SHA-384 over policy, key access, payload{} and the labels. It stands beside the leaf hashes,
    // under their MAC, and so protects at rest what a plain TDF leaves to anybody.
    Hash48 frame_digest() const;

    Json payload_section() const;
    static Json method_section();

    // Errors: envelope.manifest, .manifest_limit, .schema_version, .not_encrypted,
    // .root_algorithm, .hash_algorithm, .sizes, .key_access, .policy, .assertion, .label_missing;
    // where such a text is long also .assertion_binding, .payload_tree.
    static Result<Manifest> parse(ByteView bytes);
    // The same from a place in a file, in pieces: what grows with the document is kept as 48 bytes
    // a segment. Also errors of the source.
    static Result<Manifest> read(const RandomSource& source, std::uint64_t offset,
                                 std::uint64_t size);
    Bytes bytes() const;
    // The same bytes piece by piece; none is long, whatever the document.
    using Writer = std::function<void(std::string_view)>;
    void write(const Writer& out) const;

private:
    std::size_t about() const; // its length, for making room
};

// Segments of a document of that length: at least one.
std::uint64_t segments_of(std::uint64_t plain_bytes);

} // namespace valise::envelope
