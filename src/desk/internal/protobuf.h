// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"

namespace valise::desk {

// The wire format of Protocol Buffers for the few small messages of the OpenTDF service: five are
// read, none of them nested (docs/decisions/0011-opentdf-listener.md says why there is no library).
struct ProtoField {
    std::uint32_t number = 0;
    std::uint64_t value = 0; // varint and fixed ones
    ByteView bytes;          // length-delimited; into what was read
    bool delimited = false;
};

// Errors: invalid desk.protobuf: cut off, a number or varint out of range, a group, more than 256
// fields.
Result<std::vector<ProtoField>> read_proto(ByteView message);
// The last one counts, as the format has it. Errors: desk.protobuf (not UTF-8, of another type).
Result<std::string> proto_text(const std::vector<ProtoField>& fields, std::uint32_t number);

class ProtoWriter {
public:
    ProtoWriter& number(std::uint32_t field, std::uint64_t value);
    ProtoWriter& text(std::uint32_t field, std::string_view text); // left out when empty
    ProtoWriter& bytes(std::uint32_t field, ByteView bytes);
    const Bytes& out() const { return out_; }

private:
    Bytes out_;
};

// google.protobuf.Value and .Struct of a JSON value.
Bytes proto_struct(const Json& object);

} // namespace valise::desk
