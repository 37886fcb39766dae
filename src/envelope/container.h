// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io.h"
#include "envelope/manifest.h"

namespace valise::envelope {

// A sealed file's zip and manifest, read strictly: exactly our two entries, stored, in the one byte
// form that seal() writes, no byte unexplained. `source` must outlive the container.
class Container {
public:
    // Errors: envelope.zip and its kinds (base/codec/zip.h), and those of Manifest::parse().
    static Result<Container> open(const RandomSource& source);

    const Manifest& manifest() const { return manifest_; }
    Bytes manifest_bytes() const { return manifest_.bytes(); } // as they stand there
    std::uint64_t payload_offset() const { return payload_offset_; }
    std::uint64_t payload_bytes() const { return manifest_.payload_bytes(); }
    std::uint32_t payload_crc() const { return payload_crc_; } // as claimed
    std::uint64_t container_bytes() const { return source_->size(); }

    // Reads encrypted segment n into `out`, which must be segment_cipher(n) long; thread-safe.
    Result<void> read_segment(std::uint64_t n, std::span<Byte> out) const;

    // Part of it, from `offset` on.
    Result<void> read_part(std::uint64_t n, std::size_t offset, std::span<Byte> out) const;

private:
    Container() = default;

    const RandomSource* source_ = nullptr;
    Manifest manifest_;
    std::uint64_t payload_offset_ = 0;
    std::uint32_t payload_crc_ = 0;
};

// The container around a payload, from a manifest alone: a receiver that got the manifest first and
// the segments in any order writes `head`, then the payload, then `tail`.
struct ContainerFrame {
    Bytes head;                        // before the payload
    std::uint64_t payload_offset = 0;  // = head.size()
    std::uint64_t container_bytes = 0; // head, payload and tail
};
Result<ContainerFrame> container_frame(const Manifest& manifest, std::size_t manifest_bytes);
// What stands around the manifest behind a payload.
struct ContainerTail {
    Bytes before;
    Bytes after;
};
Result<ContainerTail> container_tail_around(std::uint64_t manifest_bytes,
                                            std::uint32_t manifest_crc, std::uint64_t payload_bytes,
                                            std::uint32_t payload_crc);
// What follows the payload; `payload_crc` is its CRC-32 (base/codec/crc32.h).
Result<Bytes> container_tail(ByteView manifest_bytes, std::uint64_t payload_bytes,
                             std::uint32_t payload_crc);

// The same file with another address at the share of this key and with no other share, for clients
// who ask there and get the key; returns its size. What stock clients check still holds. Our own
// reader refuses it, since the frame beside the payload's tree is bound to the address: the file in
// the registry stays the one that counts.
Result<std::uint64_t> readdress(const RandomSource& in, std::string_view kid,
                                const std::string& url, ByteSink& out);

} // namespace valise::envelope
