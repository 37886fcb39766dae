// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io.h"
#include "lib/valise.h"

#include <memory>
#include <string>

namespace valise::library {

// Errors of all: library.file (not_found, unavailable).

class FileSource : public ByteSource, public RandomSource {
public:
    static Result<std::unique_ptr<FileSource>> open(const char* path);
    ~FileSource() override;
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;

    Result<std::size_t> read(std::span<Byte> out) override;
    std::uint64_t size() const override { return size_; }
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override;

private:
    FileSource(int file, std::uint64_t size) : file_(file), size_(size) {}
    int file_;
    std::uint64_t size_;
    std::uint64_t at_ = 0;
};

// Writes beside the name, readable by its owner alone, and takes the name in finish(): nobody finds
// half a document under it. What was not finished is removed.
class FileSink : public ByteSink {
public:
    static Result<std::unique_ptr<FileSink>> create(const char* path);
    ~FileSink() override;
    FileSink(const FileSink&) = delete;
    FileSink& operator=(const FileSink&) = delete;

    Result<void> write(ByteView bytes) override;
    Result<void> finish();

private:
    FileSink(int file, std::string path, std::string draft)
        : file_(file), path_(std::move(path)), draft_(std::move(draft)) {}
    int file_;
    std::string path_;
    std::string draft_;
};

// The caller's own functions. Errors: library.callback (unavailable).
class CallbackSource : public ByteSource {
public:
    CallbackSource(valise_read_fn take, void* context) : read_(take), context_(context) {}
    Result<std::size_t> read(std::span<Byte> out) override;

private:
    valise_read_fn read_;
    void* context_;
};

class CallbackSink : public ByteSink {
public:
    CallbackSink(valise_write_fn take, void* context) : write_(take), context_(context) {}
    Result<void> write(ByteView bytes) override;

private:
    valise_write_fn write_;
    void* context_;
};

} // namespace valise::library
