// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/aead.h"
#include "registry/backup_file.h"

// What writer and reader of a backup share: docs/formats/backup.md.
namespace valise::registry::backup {

inline constexpr std::string_view kMagic = "valise backup 1\n";
inline constexpr std::size_t kMaxFileHead = 16 << 10; // the wrapped key is its largest part
inline constexpr std::size_t kMaxHead = 4 << 20;      // terms and key list, in base64
inline constexpr std::size_t kMaxName = 64;
inline constexpr std::size_t kMaxSignature = 16 << 10;
inline constexpr std::uint64_t kMaxMember = std::uint64_t{1} << 52;
inline constexpr Byte kMember = 1;
inline constexpr Byte kEnd = 0;

// Of the chunks: from the share that is wrapped, for this head of the file alone.
SecretBytes chunk_key(const SecretBytes& share, const Hash32& head_digest);
// A chunk has its place, and the last one is no other: nothing is cut off unseen.
crypto::GcmNonce chunk_nonce(std::uint64_t number, bool last);
// What stands in the tree of the members.
Bytes member_entry(std::string_view name, std::uint64_t size, const Hash32& digest);
// The one name of each member; the database first, then files, then blobs, each by name.
// Errors: registry.backup.
Result<void> check_name(std::string_view name, std::string_view before);

} // namespace valise::registry::backup
