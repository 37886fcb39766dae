// SPDX-License-Identifier: Apache-2.0
#include "base/codec/cbor.h"

#include "base/text.h"

#include <limits>

namespace valise {
namespace {

constexpr Byte kUnsigned = 0, kNegative = 1, kBytes = 2, kText = 3, kArray = 4, kMap = 5, kTag = 6;
constexpr Byte kNull = 0xf6;
constexpr std::uint64_t kMaxInteger = std::numeric_limits<std::int64_t>::max();

} // namespace

void CborWriter::head(Byte major, std::uint64_t value) {
    const auto first = static_cast<Byte>(major << 5);
    std::size_t size = value < 24            ? 0
                       : value <= 0xff       ? 1
                       : value <= 0xffff     ? 2
                       : value <= 0xffffffff ? 4
                                             : 8;
    const Byte code = size == 1 ? 24 : size == 2 ? 25 : size == 4 ? 26 : 27;
    out_.push_back(static_cast<Byte>(first | (size == 0 ? value : code)));
    while (size-- > 0)
        out_.push_back(static_cast<Byte>(value >> (8 * size)));
}

CborWriter& CborWriter::integer(std::int64_t value) {
    if (value >= 0)
        head(kUnsigned, static_cast<std::uint64_t>(value));
    else
        head(kNegative, static_cast<std::uint64_t>(-(value + 1)));
    return *this;
}

CborWriter& CborWriter::bytes(ByteView value) {
    head(kBytes, value.size());
    append(out_, value);
    return *this;
}

CborWriter& CborWriter::text(std::string_view value) {
    head(kText, value.size());
    append(out_, view(value));
    return *this;
}

CborWriter& CborWriter::array(std::size_t items) {
    head(kArray, items);
    return *this;
}

CborWriter& CborWriter::map(std::size_t pairs) {
    head(kMap, pairs);
    return *this;
}

CborWriter& CborWriter::tag(std::uint64_t number) {
    head(kTag, number);
    return *this;
}

CborWriter& CborWriter::null() {
    out_.push_back(kNull);
    return *this;
}

std::unexpected<Error> CborReader::bad(const char* what) const {
    return fail(Code::invalid, "base.cbor", "byte " + std::to_string(at_) + ": " + what);
}

// A value that could be written shorter is refused: one text has one form.
Result<std::uint64_t> CborReader::head(Byte major) {
    if (at_ >= bytes_.size() || (bytes_[at_] >> 5) != major)
        return bad("another type than expected, or the end");
    const Byte low = bytes_[at_] & 0x1f;
    if (low < 24) {
        ++at_;
        return low;
    }
    if (low > 27)
        return bad("an indefinite or reserved length");
    const std::size_t size = std::size_t{1} << (low - 24);
    if (bytes_.size() - at_ <= size)
        return bad("cut short");
    std::uint64_t value = 0;
    for (std::size_t i = 1; i <= size; ++i)
        value = value << 8 | bytes_[at_ + i];
    const std::uint64_t least = size == 1 ? 24 : std::uint64_t{1} << (4 * size);
    if (value < least)
        return bad("not the shortest form");
    at_ += 1 + size;
    return value;
}

Result<std::int64_t> CborReader::integer() {
    const bool negative = at_ < bytes_.size() && (bytes_[at_] >> 5) == kNegative;
    TRY_ASSIGN(const std::uint64_t value, head(negative ? kNegative : kUnsigned));
    if (value > kMaxInteger)
        return bad("an integer beyond 63 bits");
    return negative ? -1 - static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
}

Result<Bytes> CborReader::bytes(std::size_t max) {
    TRY_ASSIGN(const std::uint64_t size, head(kBytes));
    if (size > max || size > bytes_.size() - at_)
        return bad("too long, or cut short");
    const auto count = static_cast<std::size_t>(size);
    Bytes out = to_bytes(bytes_.subspan(at_, count));
    at_ += count;
    return out;
}

Result<std::string> CborReader::text(std::size_t max) {
    TRY_ASSIGN(const std::uint64_t size, head(kText));
    if (size > max || size > bytes_.size() - at_)
        return bad("too long, or cut short");
    const auto count = static_cast<std::size_t>(size);
    std::string out(text_view(bytes_.subspan(at_, count)));
    if (!is_utf8(out))
        return bad("not UTF-8");
    at_ += count;
    return out;
}

Result<std::size_t> CborReader::array(std::size_t max) {
    TRY_ASSIGN(const std::uint64_t count, head(kArray));
    if (count > max)
        return bad("too many items");
    return static_cast<std::size_t>(count);
}

Result<std::size_t> CborReader::map(std::size_t max) {
    TRY_ASSIGN(const std::uint64_t count, head(kMap));
    if (count > max)
        return bad("too many pairs");
    return static_cast<std::size_t>(count);
}

Result<void> CborReader::tag(std::uint64_t number) {
    TRY_ASSIGN(const std::uint64_t found, head(kTag));
    return found == number ? Result<void>() : bad("another tag");
}

Result<void> CborReader::null() {
    if (at_ >= bytes_.size() || bytes_[at_] != kNull)
        return bad("expected null");
    ++at_;
    return {};
}

Result<void> CborReader::expect(std::int64_t value) {
    TRY_ASSIGN(const std::int64_t found, integer());
    return found == value ? Result<void>() : bad("another number than expected");
}

Result<void> CborReader::done() const {
    return at_ == bytes_.size() ? Result<void>() : bad("more than one value");
}

} // namespace valise
