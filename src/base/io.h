// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

namespace valise {

// How the pure rooms move bytes without knowing what carries them. Implementations over files and
// sockets live in adapters; these over memory serve tests and small documents.

// Bytes in order, once.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    // Fills some of `out`, at least one byte, or returns 0 at the end.
    virtual Result<std::size_t> read(std::span<Byte> out) = 0;
};

class ByteSink {
public:
    virtual ~ByteSink() = default;
    virtual Result<void> write(ByteView bytes) = 0;
};

// A whole of known size that can be read anywhere. Safe to call from several threads.
class RandomSource {
public:
    virtual ~RandomSource() = default;
    virtual std::uint64_t size() const = 0;
    // Fills all of `out`, or fails. Errors: base.short_read.
    virtual Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const = 0;
    // The open file behind it, for handing to another process; -1 where there is none.
    virtual int descriptor() const { return -1; }
};

class MemorySource : public ByteSource, public RandomSource {
public:
    explicit MemorySource(Bytes bytes) : bytes_(std::move(bytes)) {}
    Result<std::size_t> read(std::span<Byte> out) override;
    std::uint64_t size() const override { return bytes_.size(); }
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override;

private:
    Bytes bytes_;
    std::size_t position_ = 0;
};

class MemorySink : public ByteSink {
public:
    Result<void> write(ByteView bytes) override {
        append(bytes_, bytes);
        return {};
    }
    const Bytes& bytes() const { return bytes_; }
    Bytes take() { return std::move(bytes_); }

private:
    Bytes bytes_;
};

} // namespace valise
