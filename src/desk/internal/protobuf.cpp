// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/protobuf.h"

#include "base/text.h"

#include <bit>

namespace valise::desk {
namespace {

constexpr std::size_t kMostFields = 256;
constexpr unsigned kVarint = 0;
constexpr unsigned kFixed64 = 1;
constexpr unsigned kDelimited = 2;
constexpr unsigned kFixed32 = 5;

std::unexpected<Error> bad(const char* why) {
    return fail(Code::invalid, "desk.protobuf", why);
}

void append_varint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        out.push_back(static_cast<Byte>(value | 0x80));
    out.push_back(static_cast<Byte>(value));
}

Result<std::uint64_t> take_varint(ByteView& rest) {
    std::uint64_t out = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (rest.empty())
            return bad("cut off");
        const Byte byte = rest.front();
        rest = rest.subspan(1);
        if (shift == 63 && byte > 1)
            return bad("a varint out of range");
        out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return out;
    }
    return bad("a varint out of range");
}

Result<std::uint64_t> take_fixed(ByteView& rest, std::size_t size) {
    if (rest.size() < size)
        return bad("cut off");
    std::uint64_t out = 0;
    for (std::size_t i = size; i-- > 0;)
        out = out << 8 | rest[i];
    rest = rest.subspan(size);
    return out;
}

Bytes proto_value(const Json& value) {
    ProtoWriter out;
    if (value.is_null()) {
        out.number(1, 0);
    } else if (value.is_number()) {
        Bytes fixed;
        append_varint(fixed, 2U << 3 | kFixed64);
        const auto bits = std::bit_cast<std::uint64_t>(value.get<double>());
        for (unsigned i = 0; i < 8; ++i)
            fixed.push_back(static_cast<Byte>(bits >> (8 * i)));
        return fixed;
    } else if (value.is_string()) {
        out.bytes(3, view(value.get_ref<const std::string&>())); // an empty one is a text too
    } else if (value.is_boolean()) {
        out.number(4, value.get<bool>() ? 1 : 0);
    } else if (value.is_object()) {
        out.bytes(5, proto_struct(value));
    } else {
        ProtoWriter list;
        for (const Json& element : value)
            list.bytes(1, proto_value(element));
        out.bytes(6, list.out());
    }
    return out.out();
}

} // namespace

Result<std::vector<ProtoField>> read_proto(ByteView rest) {
    std::vector<ProtoField> out;
    while (!rest.empty()) {
        TRY_ASSIGN(const std::uint64_t key, take_varint(rest));
        const std::uint64_t number = key >> 3;
        if (number == 0 || number > 0x1fffffff)
            return bad("a field number out of range");
        if (out.size() == kMostFields)
            return bad("more than 256 fields");
        ProtoField field;
        field.number = static_cast<std::uint32_t>(number);
        switch (key & 7) {
        case kVarint: {
            TRY_ASSIGN(field.value, take_varint(rest));
            break;
        }
        case kFixed64: {
            TRY_ASSIGN(field.value, take_fixed(rest, 8));
            break;
        }
        case kFixed32: {
            TRY_ASSIGN(field.value, take_fixed(rest, 4));
            break;
        }
        case kDelimited: {
            TRY_ASSIGN(const std::uint64_t size, take_varint(rest));
            if (size > rest.size())
                return bad("cut off");
            field.bytes = rest.first(static_cast<std::size_t>(size));
            field.delimited = true;
            rest = rest.subspan(static_cast<std::size_t>(size));
            break;
        }
        default:
            return bad("a group, which nobody writes any more");
        }
        out.push_back(field);
    }
    return out;
}

Result<std::string> proto_text(const std::vector<ProtoField>& fields, std::uint32_t number) {
    std::string out;
    for (const ProtoField& field : fields) {
        if (field.number != number)
            continue;
        if (!field.delimited || !is_utf8(text_view(field.bytes)))
            return bad("a text that is none");
        out = to_text(field.bytes);
    }
    return out;
}

ProtoWriter& ProtoWriter::number(std::uint32_t field, std::uint64_t value) {
    append_varint(out_, std::uint64_t{field} << 3 | kVarint);
    append_varint(out_, value);
    return *this;
}

ProtoWriter& ProtoWriter::text(std::uint32_t field, std::string_view text) {
    return text.empty() ? *this : bytes(field, view(text));
}

ProtoWriter& ProtoWriter::bytes(std::uint32_t field, ByteView bytes) {
    append_varint(out_, std::uint64_t{field} << 3 | kDelimited);
    append_varint(out_, bytes.size());
    append(out_, bytes);
    return *this;
}

Bytes proto_struct(const Json& object) {
    ProtoWriter out;
    for (const auto& [name, member] : object.items())
        out.bytes(1, ProtoWriter().bytes(1, view(name)).bytes(2, proto_value(member)).out());
    return out.out();
}

} // namespace valise::desk
