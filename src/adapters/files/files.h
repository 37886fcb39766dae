// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/files/descriptor.h"
#include "base/io.h"
#include "base/secret.h"

#include <memory>
#include <string>

namespace valise::adapters {

// Errors of everything here: not_found adapters.no_file, conflict adapters.file_exists, limit
// adapters.file_limit, internal adapters.file (with what the system said).

// A regular file of at most `max` bytes.
Result<Bytes> read_file(const std::string& path, std::size_t max);
// The same for key files: the bytes are wiped when they go.
Result<SecretBytes> read_secret_file(const std::string& path, std::size_t max);

enum class Overwrite { no, yes };
// Whole or not at all, also across a power cut: temporary file, fsync, rename, fsync of the folder.
// `mode` as in chmod(2), whatever the umask.
Result<void> write_file_durably(const std::string& path, ByteView bytes, unsigned mode = 0600,
                                Overwrite overwrite = Overwrite::no);
// fsync of a folder: makes names in it durable.
Result<void> sync_folder(const std::string& path);
// Makes the folder and those above it. `mode` is for the ones that it makes.
Result<void> make_folders(const std::string& path, unsigned mode = 0700);

// A file for reading, in order and anywhere. read() moves its own position, not the descriptor's.
class FileSource : public ByteSource, public RandomSource {
public:
    static Result<std::unique_ptr<FileSource>> open(const std::string& path);
    // A regular file that is open already; its size is taken now.
    static Result<std::unique_ptr<FileSource>> over(Descriptor file);

    Result<std::size_t> read(std::span<Byte> out) override;
    std::uint64_t size() const override { return size_; }
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override;
    int descriptor() const override { return file_.get(); }

private:
    FileSource(Descriptor file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

    Descriptor file_;
    std::uint64_t size_;
    std::uint64_t position_ = 0;
};

// A pipe or standard input for reading once. Borrows the descriptor.
class PipeSource : public ByteSource {
public:
    explicit PipeSource(int fd) : fd_(fd) {}
    Result<std::size_t> read(std::span<Byte> out) override;

private:
    int fd_;
};

// Writes at the descriptor's position, unbuffered. Borrows the descriptor.
class FileSink : public ByteSink {
public:
    explicit FileSink(int fd) : fd_(fd) {}
    Result<void> write(ByteView bytes) override;

private:
    int fd_;
};

// Held by one process at a time; the system releases it when the process ends, however it ends.
// Errors: conflict adapters.locked, with the process id of the holder.
class LockFile {
public:
    static Result<LockFile> take(const std::string& path);

private:
    explicit LockFile(Descriptor file) : file_(std::move(file)) {}
    Descriptor file_;
};

// A folder of published files with paths such as "tile/0/x001/234.p/17".
class FolderTree {
public:
    static Result<FolderTree> open(const std::string& root); // makes it where it is missing

    // For files that never change (tiles): keeps what is there if it is the same. Errors: integrity
    // adapters.file_differs.
    Result<void> write_if_absent(std::string_view path, ByteView bytes) const;
    // For files that do (the checkpoint): readers see the old bytes or the new ones, never a mix.
    Result<void> replace(std::string_view path, ByteView bytes) const;
    Result<Bytes> read(std::string_view path, std::size_t max = 1 << 20) const;
    // The folder with all that is in it, if it is there. Not durable: what comes back after a crash
    // is removed again.
    Result<void> remove_folder(std::string_view path) const;

private:
    explicit FolderTree(std::string root) : root_(std::move(root)) {}
    // Errors: invalid adapters.path: absolute, empty, "..", or with bytes other than
    // [A-Za-z0-9._-/].
    Result<std::string> full_path(std::string_view path) const;
    std::string root_;
};

} // namespace valise::adapters
