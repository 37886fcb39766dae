// SPDX-License-Identifier: Apache-2.0
#include "base/codec/zip.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise {
namespace {

constexpr std::uint64_t kMaxDirectory = std::uint64_t{64} * 1024;
constexpr std::size_t kMaxName = 64;

std::unexpected<Error> bad(std::string what) {
    return fail(Code::invalid, "base.zip", std::move(what));
}

// Tricks that show two readers two files, each under its own reason.
std::unexpected<Error> unexplained() {
    return fail(Code::invalid, "base.zip_gap", "bytes that no entry explains");
}
std::unexpected<Error> headers_differ(const char* what) {
    return fail(Code::invalid, "base.zip_headers", what);
}

// Little-endian numbers from a span; past the end it stays at the end and remembers.
class Reader {
public:
    explicit Reader(ByteView bytes) : bytes_(bytes) {}

    std::uint64_t number(std::size_t width) {
        const ByteView part = take(width);
        std::uint64_t value = 0;
        for (std::size_t i = part.size(); i-- > 0;)
            value = value << 8 | part[i];
        return value;
    }
    std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
    std::uint64_t u64() { return number(8); }
    ByteView take(std::size_t count) {
        if (count > bytes_.size()) {
            short_ = true;
            return {};
        }
        const ByteView out = bytes_.first(count);
        bytes_ = bytes_.subspan(count);
        return out;
    }
    bool empty() const { return bytes_.empty(); }
    bool ran_short() const { return short_; }

private:
    ByteView bytes_;
    bool short_ = false;
};

struct Record {
    ZipEntry entry;
    std::uint64_t header = 0;
    std::uint16_t flags = 0;
    bool zip64 = false;
};

struct Directory {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    std::uint64_t entries = 0;
};

Result<Bytes> read(const RandomSource& source, std::uint64_t offset, std::uint64_t size) {
    if (offset > source.size() || size > source.size() - offset)
        return bad("a record points past the end");
    Bytes out(size);
    TRY(source.read_at(offset, out));
    return out;
}

Result<Directory> find_directory64(const RandomSource& source, std::uint64_t end) {
    if (end < 20 + 56)
        return bad("no zip64 record");
    TRY_ASSIGN(const Bytes locator_bytes, read(source, end - 20, 20));
    Reader locator(locator_bytes);
    if (locator.u32() != 0x07064b50 || locator.u32() != 0 || locator.u64() != end - 76 ||
        locator.u32() != 1)
        return bad("zip64 locator");
    TRY_ASSIGN(const Bytes record, read(source, end - 76, 56));
    Reader in(record);
    if (in.u32() != 0x06064b50 || in.u64() != 44)
        return bad("zip64 end record");
    in.take(4); // versions
    if (in.u32() != 0 || in.u32() != 0)
        return bad("more than one disk");
    Directory out;
    out.entries = in.u64();
    if (in.u64() != out.entries)
        return bad("entry counts differ");
    out.size = in.u64();
    out.offset = in.u64();
    if (out.size > kMaxDirectory || out.offset > end - 76 || out.offset + out.size != end - 76)
        return fail(Code::invalid, "base.zip_gap", "bytes between directory and end");
    return out;
}

// One directory, at the very end, with nothing after it that it does not explain.
Result<Directory> find_directory(const RandomSource& source) {
    if (source.size() > kZipLimit)
        return fail(Code::limit, "base.zip_limit", "the file is too long");
    if (source.size() < 22)
        return bad("too short");
    const std::uint64_t end = source.size() - 22;
    TRY_ASSIGN(const Bytes bytes, read(source, end, 22));
    Reader in(bytes);
    if (in.u32() != 0x06054b50)
        return fail(Code::invalid, "base.zip_end", "no end record at the end");
    if (in.u32() != 0)
        return bad("more than one disk");
    const std::uint16_t count = in.u16();
    if (in.u16() != count)
        return bad("entry counts differ");
    const std::uint32_t size = in.u32();
    const std::uint32_t offset = in.u32();
    if (in.u16() != 0)
        return bad("a comment");
    if (offset == 0xffffffff) {
        TRY_ASSIGN(Directory wide, find_directory64(source, end));
        if ((count != 0xffff && count != wide.entries) || (size != 0xffffffff && size != wide.size))
            return bad("end records differ");
        return wide;
    }
    if (size > kMaxDirectory || std::uint64_t{offset} + size != end)
        return fail(Code::invalid, "base.zip_gap", "bytes between directory and end");
    return Directory{offset, size, count};
}

// Well-formed id-length-value fields; zip64 takes the values that the fixed fields sent elsewhere.
Result<void> read_extra(ByteView extra, std::uint64_t& size, std::uint64_t& stored,
                        std::uint64_t* header, bool& zip64) {
    Reader in(extra);
    while (!in.empty()) {
        const std::uint16_t id = in.u16();
        const ByteView body = in.take(in.u16());
        if (in.ran_short())
            return bad("extra field");
        if (id != 0x0001)
            continue;
        if (std::exchange(zip64, true))
            return bad("two zip64 fields");
        Reader wide(body);
        for (std::uint64_t* value : {&size, &stored, header})
            if (value != nullptr && *value == 0xffffffff)
                *value = wide.u64();
        if (wide.ran_short())
            return bad("zip64 field");
    }
    return {};
}

bool is_name(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

Result<Record> read_central(Reader& in) {
    Record out;
    if (in.u32() != 0x02014b50)
        return bad("directory record");
    in.take(4); // versions
    out.flags = in.u16();
    const std::uint16_t method = in.u16();
    in.take(4); // time and date
    out.entry.crc = in.u32();
    std::uint64_t stored = in.u32();
    out.entry.size = in.u32();
    const std::uint16_t name = in.u16();
    const std::uint16_t extra = in.u16();
    const std::uint16_t comment = in.u16();
    const std::uint16_t disk = in.u16();
    in.take(6); // attributes
    out.header = in.u32();
    out.entry.name = to_text(in.take(name));
    const ByteView fields = in.take(extra);
    if (in.ran_short() || name > kMaxName || comment != 0 || disk != 0 || !is_name(out.entry.name))
        return bad("directory record");
    if (method != 0)
        return bad("a compressed entry");
    // Bit 3: sizes follow the content. Bit 11: the name is UTF-8. Anything else, encryption first.
    if ((out.flags & ~0x0808) != 0)
        return bad("entry flags");
    TRY(read_extra(fields, out.entry.size, stored, &out.header, out.zip64));
    if (stored != out.entry.size)
        return bad("stored size is not the size");
    out.entry.streamed = (out.flags & 0x0008) != 0;
    return out;
}

Result<std::vector<Record>> read_records(const RandomSource& source, const Directory& where,
                                         std::size_t entries) {
    if (where.entries != entries)
        return bad(fmt::format("{} entries, expected {}", where.entries, entries));
    TRY_ASSIGN(const Bytes bytes, read(source, where.offset, where.size));
    Reader in(bytes);
    std::vector<Record> out;
    for (std::size_t i = 0; i < entries; ++i) {
        TRY_ASSIGN(Record record, read_central(in));
        for (const Record& other : out)
            if (other.entry.name == record.entry.name)
                return fail(Code::invalid, "base.zip_twice", "two entries of one name");
        out.push_back(std::move(record));
    }
    if (!in.empty())
        return bad("bytes after the last directory record");
    std::sort(out.begin(), out.end(),
              [](const Record& a, const Record& b) { return a.header < b.header; });
    return out;
}

// The local header says the same as the directory. Returns where the content begins.
Result<std::uint64_t> read_local(const RandomSource& source, const Record& record) {
    TRY_ASSIGN(const Bytes fixed_part, read(source, record.header, 30));
    Reader in(fixed_part);
    if (in.u32() != 0x04034b50)
        return bad("local header");
    in.take(2);
    // Bit 11 means nothing for our ASCII names, and some writers set it in one place only.
    const std::uint16_t flags = in.u16();
    if ((flags & ~0x0800) != (record.flags & ~0x0800) || in.u16() != 0)
        return headers_differ("local header differs from the directory");
    in.take(4);
    const std::uint32_t crc = in.u32();
    std::uint64_t stored = in.u32();
    std::uint64_t size = in.u32();
    const std::uint16_t name = in.u16();
    const std::uint16_t extra = in.u16();
    TRY_ASSIGN(const Bytes rest, read(source, record.header + 30, std::uint64_t{name} + extra));
    const ByteView fields(rest);
    if (text_view(fields.first(name)) != record.entry.name)
        return headers_differ("local name differs from the directory");
    bool zip64 = false;
    TRY(read_extra(fields.subspan(name), size, stored, nullptr, zip64));
    if (!record.entry.streamed &&
        (crc != record.entry.crc || size != record.entry.size || stored != record.entry.size))
        return headers_differ("local header differs from the directory");
    return record.header + 30 + name + extra;
}

// The descriptor between content and `next`: signature, CRC and both sizes, in 16 or 24 bytes.
Result<void> read_descriptor(const RandomSource& source, const ZipEntry& entry,
                             std::uint64_t next) {
    const std::uint64_t at = entry.offset + entry.size;
    const std::uint64_t length = next - at;
    if (length != 16 && length != 24)
        return bad("data descriptor");
    TRY_ASSIGN(const Bytes bytes, read(source, at, length));
    Reader in(bytes);
    const std::size_t width = length == 16 ? 4 : 8;
    if (in.u32() != 0x08074b50 || in.u32() != entry.crc || in.number(width) != entry.size ||
        in.number(width) != entry.size)
        return headers_differ("data descriptor differs from the directory");
    return {};
}

Result<void> read_entries(const RandomSource& source, const Directory& where,
                          std::vector<Record>& records) {
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        Record& record = records[i];
        if (record.header != at)
            return unexplained();
        TRY_ASSIGN(record.entry.offset, read_local(source, record));
        const std::uint64_t next = i + 1 < records.size() ? records[i + 1].header : where.offset;
        if (record.entry.offset > next || record.entry.size > next - record.entry.offset)
            return fail(Code::invalid, "base.zip_overlap", "entries overlap");
        at = record.entry.offset + record.entry.size;
        if (record.entry.streamed) {
            TRY(read_descriptor(source, record.entry, next));
            at = next;
        }
    }
    if (at != where.offset)
        return unexplained();
    return {};
}

// One file, one byte form: what our writer would have said must stand there.
Result<void> check_exact(const RandomSource& source, const Directory& where,
                         const std::vector<Record>& records, std::uint64_t later) {
    StoredZipWriter writer(later);
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Record& record = records[i];
        if (record.entry.streamed != (i == 0))
            return bad("not the writer's form");
        Bytes around = i == 0 ? writer.begin_streamed(record.entry.name)
                              : writer.add(record.entry.name, record.entry.size, record.entry.crc);
        TRY_ASSIGN(const Bytes header, read(source, record.header, around.size()));
        if (header != around)
            return bad("not the writer's form");
        if (i != 0)
            continue;
        around = writer.end_streamed(record.entry.size, record.entry.crc);
        TRY_ASSIGN(const Bytes descriptor,
                   read(source, record.entry.offset + record.entry.size, around.size()));
        if (descriptor != around)
            return bad("not the writer's form");
    }
    TRY_ASSIGN(const Bytes tail, read(source, where.offset, source.size() - where.offset));
    if (tail != writer.finish())
        return bad("not the writer's form");
    return {};
}

} // namespace

Result<std::vector<ZipEntry>> read_stored_zip(const RandomSource& source, const ZipReading& how) {
    TRY_ASSIGN(const Directory where, find_directory(source));
    TRY_ASSIGN(std::vector<Record> records, read_records(source, where, how.entries));
    TRY(read_entries(source, where, records));
    if (how.form == ZipForm::exact)
        TRY(check_exact(source, where, records, how.later));
    std::vector<ZipEntry> out;
    out.reserve(records.size());
    for (Record& record : records)
        out.push_back(std::move(record.entry));
    return out;
}

} // namespace valise
