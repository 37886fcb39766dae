// SPDX-License-Identifier: Apache-2.0
#include "lib/internal/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

namespace valise::library {

namespace {

std::unexpected<Error> file_error(const char* what) {
    const int number = errno;
    return fail(number == ENOENT ? Code::not_found : Code::unavailable, "library.file",
                std::string(what) + ": " + std::generic_category().message(number));
}

} // namespace

Result<std::unique_ptr<FileSource>> FileSource::open(const char* path) {
    if (path == nullptr)
        return fail(Code::invalid, "library.argument", "no path");
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return file_error("cannot be opened");
    struct stat found{};
    if (::fstat(file, &found) != 0 || !S_ISREG(found.st_mode)) {
        ::close(file);
        return fail(Code::invalid, "library.file", "not a regular file");
    }
    return std::unique_ptr<FileSource>(
        new FileSource(file, static_cast<std::uint64_t>(found.st_size)));
}

FileSource::~FileSource() {
    ::close(file_);
}

Result<std::size_t> FileSource::read(std::span<Byte> out) {
    const ssize_t count = ::pread(file_, out.data(), out.size(), static_cast<off_t>(at_));
    if (count < 0)
        return file_error("cannot be read");
    at_ += static_cast<std::uint64_t>(count);
    return static_cast<std::size_t>(count);
}

Result<void> FileSource::read_at(std::uint64_t offset, std::span<Byte> out) const {
    while (!out.empty()) {
        const ssize_t count = ::pread(file_, out.data(), out.size(), static_cast<off_t>(offset));
        if (count < 0)
            return file_error("cannot be read");
        if (count == 0)
            return fail(Code::unavailable, "library.file", "the file became shorter");
        out = out.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return {};
}

Result<std::unique_ptr<FileSink>> FileSink::create(const char* path) {
    if (path == nullptr)
        return fail(Code::invalid, "library.argument", "no path");
    std::string draft = std::string(path) + ".XXXXXX";
    const int file = ::mkostemp(draft.data(), O_CLOEXEC); // mode 0600
    if (file < 0)
        return file_error("cannot be made");
    return std::unique_ptr<FileSink>(new FileSink(file, path, std::move(draft)));
}

FileSink::~FileSink() {
    ::close(file_);
    if (!draft_.empty())
        ::unlink(draft_.c_str());
}

Result<void> FileSink::write(ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(file_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return file_error("cannot be written");
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> FileSink::finish() {
    if (::fsync(file_) != 0 || std::rename(draft_.c_str(), path_.c_str()) != 0)
        return file_error("cannot be finished");
    draft_.clear();
    return {};
}

Result<std::size_t> CallbackSource::read(std::span<Byte> out) {
    const ptrdiff_t count = read_(context_, out.data(), out.size());
    if (count < 0 || static_cast<std::size_t>(count) > out.size())
        return fail(Code::unavailable, "library.callback", "the caller's read failed");
    return static_cast<std::size_t>(count);
}

Result<void> CallbackSink::write(ByteView bytes) {
    if (write_(context_, bytes.data(), bytes.size()) != 0)
        return fail(Code::unavailable, "library.callback", "the caller's write failed");
    return {};
}

} // namespace valise::library
