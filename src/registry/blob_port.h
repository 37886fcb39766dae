// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "base/io.h"

#include <memory>
#include <vector>

namespace valise::registry {

// A new blob being written from start to end. Nothing is visible under its id before commit(),
// which returns when bytes and name are durable. Dropped without commit: removed.
class BlobWriter : public ByteSink {
public:
    virtual Result<void> commit() = 0;
    // The open file, for another process to write into; -1 where there is none.
    virtual int descriptor() const = 0;
};

// A blob that arrives in pieces in any order; each piece is durable when write_at() returns. It
// survives a crash under its id and total size until finish() makes it an ordinary blob.
class PartialBlob {
public:
    virtual ~PartialBlob() = default;
    virtual std::uint64_t size() const = 0;
    virtual Result<void> write_at(std::uint64_t offset, ByteView bytes) = 0;
    // Bytes never written read as zero.
    virtual Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const = 0;
    virtual Result<void> finish() = 0;
};

// Port: sealed files on disk. Only ciphertext ever comes here. Errors: not_found registry.no_blob,
// conflict registry.blob_exists, internal registry.blob.
class BlobStore {
public:
    virtual ~BlobStore() = default;
    virtual Result<std::unique_ptr<BlobWriter>> create(const BlobId& id) = 0;
    virtual Result<std::shared_ptr<const RandomSource>> open(const BlobId& id) const = 0;
    // Opens the partial blob of that id, or makes one of `size` bytes. A different size: conflict.
    virtual Result<std::unique_ptr<PartialBlob>> partial(const BlobId& id, std::uint64_t size) = 0;
    virtual Result<void> remove(const BlobId& id) = 0;
    virtual Result<std::uint64_t> free_bytes() const = 0;
    // Every whole blob, in the order of their ids. Errors: unavailable registry.no_snapshot.
    virtual Result<std::vector<BlobId>> list() const {
        return fail(Code::unavailable, "registry.no_snapshot",
                    "these files are backed up by their own means");
    }
};

} // namespace valise::registry
