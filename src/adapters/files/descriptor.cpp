// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/descriptor.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace valise::adapters {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

void Descriptor::close() {
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

std::string system_text(std::string_view what, int error_number) {
    return std::string(what) + ": " + std::generic_category().message(error_number);
}

Result<void> write_fully(int fd, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(Code::internal, "adapters.file", system_text("write", errno));
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> write_fully_at(int fd, std::uint64_t offset, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(Code::internal, "adapters.file", system_text("write", errno));
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return {};
}

Result<void> read_fully_at(int fd, std::uint64_t offset, std::span<Byte> out) {
    while (!out.empty()) {
        const ssize_t count = ::pread(fd, out.data(), out.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(Code::internal, "adapters.file", system_text("read", errno));
        if (count == 0)
            return fail(Code::invalid, "base.short_read", "past the end of the file");
        out = out.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return {};
}

} // namespace valise::adapters
