// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <utility>

namespace valise::adapters {

// An open file or socket, closed when it goes.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    int get() const { return fd_; }
    bool valid() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }
    void close();

private:
    int fd_ = -1;
};

// "what: No such file or directory": the text of errno, for the context of an error.
std::string system_text(std::string_view what, int error_number);

// All of it, across interruptions and short counts. Errors: internal adapters.file; read_fully_at
// past the end: invalid base.short_read.
Result<void> write_fully(int fd, ByteView bytes);
Result<void> write_fully_at(int fd, std::uint64_t offset, ByteView bytes);
Result<void> read_fully_at(int fd, std::uint64_t offset, std::span<Byte> out);

} // namespace valise::adapters
