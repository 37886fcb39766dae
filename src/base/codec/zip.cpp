// SPDX-License-Identifier: Apache-2.0
#include "base/codec/zip.h"

namespace valise {
namespace {

// APPNOTE.TXT 4.3: signatures.
constexpr std::uint32_t kLocal = 0x04034b50;
constexpr std::uint32_t kDescriptor = 0x08074b50;
constexpr std::uint32_t kCentral = 0x02014b50;
constexpr std::uint32_t kEnd64 = 0x06064b50;
constexpr std::uint32_t kLocator64 = 0x07064b50;
constexpr std::uint32_t kEnd = 0x06054b50;

constexpr std::uint16_t kVersion = 45;
constexpr std::uint16_t kStreamedFlag = 0x0008;
constexpr std::uint16_t kFirstDate = 0x0021; // 1980-01-01: a file says nothing of when it was made
constexpr std::uint32_t kElsewhere = 0xffffffff;

void u16(Bytes& out, std::uint64_t value) {
    out.push_back(static_cast<Byte>(value));
    out.push_back(static_cast<Byte>(value >> 8));
}
void u32(Bytes& out, std::uint64_t value) {
    u16(out, value & 0xffff);
    u16(out, value >> 16 & 0xffff);
}
void u64(Bytes& out, std::uint64_t value) {
    u32(out, value & kElsewhere);
    u32(out, value >> 32);
}

// Version, flags, method, time and date: the same in local header and central record.
void append_common(Bytes& out, bool streamed) {
    u16(out, kVersion);
    u16(out, streamed ? kStreamedFlag : 0);
    u16(out, 0); // stored
    u16(out, 0);
    u16(out, kFirstDate);
}

Bytes local_header(std::string_view name, bool streamed, std::uint64_t size, std::uint32_t crc) {
    Bytes out;
    u32(out, kLocal);
    append_common(out, streamed);
    u32(out, streamed ? 0 : crc);
    u32(out, streamed ? 0 : size);
    u32(out, streamed ? 0 : size);
    u16(out, name.size());
    u16(out, 0);
    append(out, name);
    return out;
}

} // namespace

Bytes StoredZipWriter::begin_streamed(std::string_view name) {
    records_.push_back({std::string(name), 0, 0, offset_, true});
    Bytes out = local_header(name, true, 0, 0);
    offset_ += out.size();
    return out;
}

Bytes StoredZipWriter::end_streamed(std::uint64_t size, std::uint32_t crc) {
    records_.back().size = size;
    records_.back().crc = crc;
    offset_ += size;
    zip64_ = offset_ + later_ >= kZip64From;
    Bytes out;
    u32(out, kDescriptor);
    u32(out, crc);
    for (int i = 0; i < 2; ++i)
        zip64_ ? u64(out, size) : u32(out, size);
    offset_ += out.size();
    return out;
}

Bytes StoredZipWriter::add(std::string_view name, std::uint64_t size, std::uint32_t crc) {
    records_.push_back({std::string(name), size, crc, offset_, false});
    Bytes out = local_header(name, false, size, crc);
    offset_ += out.size() + size;
    return out;
}

void StoredZipWriter::append_central(Bytes& out, const Record& record) const {
    u32(out, kCentral);
    u16(out, kVersion); // made by
    append_common(out, record.streamed);
    u32(out, record.crc);
    u32(out, zip64_ ? kElsewhere : record.size);
    u32(out, zip64_ ? kElsewhere : record.size);
    u16(out, record.name.size());
    u16(out, zip64_ ? 28 : 0);
    u16(out, 0); // comment
    u16(out, 0); // disk
    u16(out, 0); // internal attributes
    u32(out, 0); // external attributes
    u32(out, zip64_ ? kElsewhere : record.header);
    append(out, record.name);
    if (zip64_) { // facts/tdf.md 1.1: first extra field, all three values
        u16(out, 0x0001);
        u16(out, 24);
        u64(out, record.size);
        u64(out, record.size);
        u64(out, record.header);
    }
}

Bytes StoredZipWriter::finish() const {
    Bytes out;
    for (const Record& record : records_)
        append_central(out, record);
    const std::uint64_t size = out.size();
    if (zip64_) {
        u32(out, kEnd64);
        u64(out, 44);
        u16(out, kVersion);
        u16(out, kVersion);
        u32(out, 0);
        u32(out, 0);
        u64(out, records_.size());
        u64(out, records_.size());
        u64(out, size);
        u64(out, offset_);
        u32(out, kLocator64);
        u32(out, 0);
        u64(out, offset_ + size);
        u32(out, 1);
    }
    u32(out, kEnd);
    u32(out, 0); // disks
    u16(out, records_.size());
    u16(out, records_.size());
    u32(out, size);
    u32(out, zip64_ ? kElsewhere : offset_);
    u16(out, 0);
    return out;
}

} // namespace valise
