// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace valise::adapters {
namespace {

std::unexpected<Error> file_error(std::string_view what, const std::string& path) {
    const int number = errno;
    const std::string context = system_text(fmt::format("{} {}", what, path), number);
    if (number == ENOENT)
        return fail(Code::not_found, "adapters.no_file", context);
    if (number == EEXIST)
        return fail(Code::conflict, "adapters.file_exists", path);
    return fail(Code::internal, "adapters.file", context);
}

std::string folder_of(const std::string& path) {
    const auto parent = std::filesystem::path(path).parent_path();
    return parent.empty() ? std::string(".") : parent.string();
}

Result<std::uint64_t> regular_size(int fd, const std::string& path) {
    struct stat about{};
    if (::fstat(fd, &about) != 0)
        return fail(Code::internal, "adapters.file", system_text("stat", errno));
    if (!S_ISREG(about.st_mode))
        return fail(Code::invalid, "adapters.not_a_file",
                    path + (S_ISDIR(about.st_mode) ? " is a folder" : " is no regular file"));
    return static_cast<std::uint64_t>(about.st_size);
}

// Reads until the end even where the file grows meanwhile, so that `max` holds.
Result<void> read_bounded(const std::string& path, std::size_t max, SecretBytes& out) {
    // Without O_NONBLOCK a fifo put in place of the file would hold the program up for ever.
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.valid())
        return file_error("open", path);
    TRY_ASSIGN(const std::uint64_t size, regular_size(file.get(), path));
    if (size > max)
        return fail(Code::limit, "adapters.file_limit",
                    fmt::format("{}: {} bytes, at most {}", path, size, max));
    SecretBytes bytes(static_cast<std::size_t>(size));
    TRY(read_fully_at(file.get(), 0, bytes.write(SecretAccess::because("fill from the file"))));
    out = std::move(bytes);
    return {};
}

// Random, because a process id comes back after a crash (in a container it is always the same) and
// its leftovers would then be in the way.
std::string temporary_name(const std::string& path) {
    std::array<Byte, 8> random{};
    if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
        random.fill(0);
    return path + ".tmp-" + to_hex(random);
}

Result<void> fill_temporary(const std::string& temporary, ByteView bytes, unsigned mode) {
    Descriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.valid())
        return file_error("create", temporary);
    TRY(write_fully(file.get(), bytes));
    if (::fchmod(file.get(), static_cast<mode_t>(mode)) != 0 || ::fsync(file.get()) != 0)
        return file_error("write", temporary);
    return {};
}

} // namespace

Result<Bytes> read_file(const std::string& path, std::size_t max) {
    SecretBytes bytes;
    TRY(read_bounded(path, max, bytes));
    return to_bytes(bytes.read(SecretAccess::because("an ordinary file")));
}

Result<SecretBytes> read_secret_file(const std::string& path, std::size_t max) {
    SecretBytes bytes;
    TRY(read_bounded(path, max, bytes));
    return bytes;
}

Result<void> sync_folder(const std::string& path) {
    Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.valid() || ::fsync(folder.get()) != 0)
        return file_error("sync", path);
    return {};
}

Result<void> make_folders(const std::string& path, unsigned mode) {
    if (path.empty() || ::access(path.c_str(), F_OK) == 0)
        return {};
    const std::string above = folder_of(path);
    if (above != path)
        TRY(make_folders(above, mode));
    if (::mkdir(path.c_str(), static_cast<mode_t>(mode)) != 0) {
        if (errno == EEXIST) // somebody else was faster, or the path ended with a slash
            return {};
        return file_error("make", path);
    }
    return sync_folder(above);
}

Result<void> write_file_durably(const std::string& path, ByteView bytes, unsigned mode,
                                Overwrite overwrite) {
    const std::string temporary = temporary_name(path);
    auto written = fill_temporary(temporary, bytes, mode);
    if (!written) {
        ::unlink(temporary.c_str());
        return written;
    }
    // link() is what refuses an existing name without a moment in between.
    const int moved = overwrite == Overwrite::yes ? ::rename(temporary.c_str(), path.c_str())
                                                  : ::link(temporary.c_str(), path.c_str());
    if (moved != 0) {
        auto error = file_error("name", path);
        ::unlink(temporary.c_str());
        return error;
    }
    if (overwrite == Overwrite::no)
        ::unlink(temporary.c_str());
    return sync_folder(folder_of(path));
}

Result<std::unique_ptr<FileSource>> FileSource::open(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.valid())
        return file_error("open", path);
    return over(std::move(file));
}

Result<std::unique_ptr<FileSource>> FileSource::over(Descriptor file) {
    TRY_ASSIGN(const std::uint64_t size, regular_size(file.get(), "what was opened"));
    return std::unique_ptr<FileSource>(new FileSource(std::move(file), size));
}

Result<std::size_t> FileSource::read(std::span<Byte> out) {
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size_ - position_));
    TRY(read_at(position_, out.first(count)));
    position_ += count;
    return count;
}

Result<void> FileSource::read_at(std::uint64_t offset, std::span<Byte> out) const {
    if (offset > size_ || out.size() > size_ - offset)
        return fail(Code::invalid, "base.short_read", "past the end of the file");
    return read_fully_at(file_.get(), offset, out);
}

Result<std::size_t> PipeSource::read(std::span<Byte> out) {
    for (;;) {
        const ssize_t count = ::read(fd_, out.data(), out.size());
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EINTR)
            return fail(Code::internal, "adapters.file", system_text("read", errno));
    }
}

Result<void> FileSink::write(ByteView bytes) {
    return write_fully(fd_, bytes);
}

Result<LockFile> LockFile::take(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.valid())
        return file_error("lock", path);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        std::array<char, 16> holder{};
        const ssize_t count = ::pread(file.get(), holder.data(), holder.size() - 1, 0);
        std::string digits(holder.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
        std::erase_if(digits, [](char c) { return c < '0' || c > '9'; });
        return fail(Code::conflict, "adapters.locked",
                    fmt::format("{} is held by process {}", path, digits));
    }
    // The number only helps a person; the lock itself does not rest on it.
    const std::string own = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.get(), 0) == 0)
        TRY(write_fully_at(file.get(), 0, view(own)));
    return LockFile(std::move(file));
}

} // namespace valise::adapters
