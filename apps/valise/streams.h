// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/files/files.h"
#include "base/io.h"

#include <chrono>
#include <string>

namespace valise::cli {

// A line on the terminal that is rewritten as bytes go by; silent when standard error is none, or
// for what takes no time.
class Progress {
public:
    // `total` 0: not known.
    Progress(std::string what, std::uint64_t total);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();
    void add(std::uint64_t bytes);

private:
    std::string what_;
    std::uint64_t total_;
    std::uint64_t done_ = 0;
    bool terminal_;
    bool shown_ = false;
    std::chrono::steady_clock::time_point start_;
    std::chrono::steady_clock::time_point last_;
};

// Reads a named file, or standard input for "" and "-".
class Input : public ByteSource {
public:
    static Result<std::unique_ptr<Input>> open(const std::string& path, std::string what);
    Result<std::size_t> read(std::span<Byte> out) override;

private:
    Input(adapters::Descriptor file, int fd, std::string what, std::uint64_t size)
        : file_(std::move(file)), fd_(fd), progress_(std::move(what), size) {}
    adapters::Descriptor file_; // not valid for standard input
    int fd_;
    Progress progress_;
};

// The same whole and readable anywhere: what comes through a pipe is spooled into a file without a
// name first, so only ciphertext may come this way.
Result<std::unique_ptr<RandomSource>> open_whole(const std::string& path);

// A nameless file in TMPDIR (else /var/tmp), gone with its descriptor. For ciphertext.
Result<adapters::Descriptor> nameless_file();

// Writes a new file, or standard output for "" and "-". A file gets its name only by finish(): what
// failed leaves nothing behind. Errors: conflict adapters.file_exists, invalid cli.terminal (bytes
// that are no text for a terminal).
class Output : public ByteSink {
public:
    static Result<std::unique_ptr<Output>> create(const std::string& path, std::string what = {},
                                                  std::uint64_t total = 0);
    // For text, which a terminal shows as well.
    static Result<std::unique_ptr<Output>> create_text(const std::string& path);
    ~Output() override;
    Result<void> write(ByteView bytes) override;
    Result<void> finish();
    bool is_standard_output() const { return path_.empty(); }

private:
    Output(std::string path, std::string temporary, adapters::Descriptor file, std::string what,
           std::uint64_t total);
    std::string path_;      // empty: standard output
    std::string temporary_; // empty: written in place (a device, a pipe)
    adapters::Descriptor file_;
    int fd_;
    Progress progress_;
};

// Writes a small text file with the mode given, under the rule of --force.
Result<void> write_text_file(const std::string& path, std::string_view text, unsigned mode);

} // namespace valise::cli
