// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io.h"

#include <string>
#include <vector>

namespace valise {

// Stored zip and zip64: no compression, no directories, no comments, no dates. Only what a TDF
// needs; library readers accept a great deal more, and each such thing is a way for two readers to
// see two different files in the same bytes.

// Where zip64 begins: clients in the field read sizes as signed 32-bit numbers.
inline constexpr std::uint64_t kZip64From = (std::uint64_t{1} << 31) - 1;
inline constexpr std::uint64_t kZipLimit = std::uint64_t{1} << 48; // bytes of the whole file

// Says the bytes around the entries; the caller writes them and the contents in between. Order:
// begin_streamed, content, end_streamed, then per known entry add, content; then finish.
class StoredZipWriter {
public:
    // `later` bounds all that follows the streamed entry, since zip64 is chosen at its end.
    explicit StoredZipWriter(std::uint64_t later) : later_(later) {}

    Bytes begin_streamed(std::string_view name);
    Bytes end_streamed(std::uint64_t size, std::uint32_t crc);
    Bytes add(std::string_view name, std::uint64_t size, std::uint32_t crc);
    Bytes finish() const;

    bool zip64() const { return zip64_; }

private:
    struct Record {
        std::string name;
        std::uint64_t size = 0;
        std::uint32_t crc = 0;
        std::uint64_t header = 0; // offset
        bool streamed = false;
    };
    void append_central(Bytes& out, const Record& record) const;

    std::vector<Record> records_;
    std::uint64_t offset_ = 0;
    std::uint64_t later_;
    bool zip64_ = false;
};

struct ZipEntry {
    std::string name;
    std::uint64_t offset = 0; // of the content
    std::uint64_t size = 0;
    std::uint32_t crc = 0; // as claimed by header and directory alike
    bool streamed = false;
};

enum class ZipForm {
    exact,    // byte for byte what StoredZipWriter says; `later` as below
    tolerant, // any order, dates, extra fields and zip64 records; still no byte unexplained
};

struct ZipReading {
    ZipForm form = ZipForm::exact;
    std::size_t entries = 2; // exactly
    std::uint64_t later = 0; // the writer's
};

// The entries in the order of their contents, which is also checked to be gapless: every byte of
// the file is a header, a content, a descriptor or the directory. Contents are not read. Errors:
// base.zip, .zip_end (bytes after the end), .zip_gap, .zip_overlap,
// .zip_twice, .zip_headers (local and central differ), .zip_limit, those of the source.
Result<std::vector<ZipEntry>> read_stored_zip(const RandomSource& source, const ZipReading& how);

} // namespace valise
