// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/kem.h"
#include "envelope/manifest.h"

// Fixed words of the sealed file, shared by its writer and its reader.
namespace valise::envelope {

inline constexpr std::string_view kPayloadEntry = "0.payload";
inline constexpr std::string_view kManifestEntry = "0.manifest.json";
inline constexpr std::string_view kSegmentsOpen = "\"segments\":[";

// 1 TiB: leaf hashes and bindings of more would not fit into the manifest's limit.
inline constexpr std::uint64_t kMaxSegments = 524288;

// Zip64 is chosen at the payload's end, before the manifest's length is known. Of a payload that
// ends before the bound, manifest and directory are far shorter than this.
inline constexpr std::uint64_t kAfterPayload = std::uint64_t{128} * 1024 * 1024;

struct AssertionForm {
    std::string_view id;
    std::string_view type;
    std::string_view scope;
    std::string_view format;
    std::string_view schema;
};

// In the order in which they stand in the file.
inline constexpr std::array<AssertionForm, 4> kAssertionForms{{
    {kLabelXmlId, "handling", "tdo", "xml-stanag4774",
     "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"},
    {kLabelJsonId, "handling", "tdo", "json+stanag5636", "urn:nato:stanag:5636:A:1:elements:json"},
    {kPayloadTreeId, "other", "payload", "json", "urn:valise:payload-tree:1"},
    {kSenderId, "other", "tdo", "json", "urn:valise:sender:1"},
}};

// The type of key access object that 4.4.0's name of its algorithm belongs to; empty: not known.
// What BaseTDF has no name for goes by the name of the key service's key.
std::string_view type_of_alg(std::string_view alg);
std::string_view alg_of(crypto::WrapScheme scheme);

// An error of base's zip reader under this room's name; errors of the source stay as they are.
Error zip_error(const Error& error);

// An assertion of that form without its binding; `id` is one of the four.
Assertion make_assertion(std::string_view id, std::string value);

// The policy string: base64 of the policy object in canonical JSON.
std::string make_policy(std::string_view uuid, const std::vector<std::string>& attributes);

// The sender assertion's value, and the payload tree's.
std::string sender_value(ByteView statement, const SenderSignature& signature);
std::string tree_value(const std::vector<Hash32>& leaves, const Hash48& frame);

} // namespace valise::envelope
