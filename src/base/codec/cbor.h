// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <string>
#include <string_view>

namespace valise {

//= RFC 8949 4.2
// CBOR as COSE receipts need it and no more: integers, byte and text strings, arrays, maps, tags
// and null, in the deterministic encoding.
class CborWriter {
public:
    CborWriter& integer(std::int64_t value);
    CborWriter& bytes(ByteView value);
    CborWriter& text(std::string_view value);
    CborWriter& array(std::size_t items); // which follow
    CborWriter& map(std::size_t pairs);   // which follow, keys in the order of their bytes
    CborWriter& tag(std::uint64_t number);
    CborWriter& null();
    Bytes take() { return std::move(out_); }

private:
    void head(Byte major, std::uint64_t value);
    Bytes out_;
};

// Strict: shortest heads, definite lengths, nothing else than the above; what calls it bounds how
// deep it goes. Errors: base.cbor (names the byte).
class CborReader {
public:
    explicit CborReader(ByteView bytes) : bytes_(bytes) {}

    Result<std::int64_t> integer();
    Result<Bytes> bytes(std::size_t max);
    Result<std::string> text(std::size_t max); // UTF-8
    Result<std::size_t> array(std::size_t max);
    Result<std::size_t> map(std::size_t max);
    Result<void> tag(std::uint64_t number);
    Result<void> null();
    Result<void> expect(std::int64_t value); // this integer
    Result<void> done() const;               // nothing follows

private:
    Result<std::uint64_t> head(Byte major);
    std::unexpected<Error> bad(const char* what) const;

    ByteView bytes_;
    std::size_t at_ = 0;
};

} // namespace valise
