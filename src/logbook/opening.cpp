// SPDX-License-Identifier: Apache-2.0
#include "logbook/event.h"

#include <algorithm>

namespace valise::logbook {
namespace {

constexpr std::string_view kMagic = "VLO1";
constexpr std::size_t kMaxName = 32;

std::unexpected<Error> bad(const char* context) {
    return fail(Code::invalid, "logbook.opening", context);
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= kMaxName && name.front() >= 'a' && name.front() <= 'z' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
           });
}

// Takes bytes from the front, or nothing when they are not there.
class Cursor {
public:
    explicit Cursor(ByteView bytes) : rest_(bytes) {}
    std::optional<ByteView> take(std::size_t size) {
        if (size > rest_.size())
            return std::nullopt;
        const ByteView out = rest_.first(size);
        rest_ = rest_.subspan(size);
        return out;
    }
    bool empty() const { return rest_.empty(); }

private:
    ByteView rest_;
};

Result<OpeningField> read_field(Cursor& cursor) {
    const auto name_size = cursor.take(2);
    if (!name_size)
        return bad("cut short");
    const auto name = cursor.take(read_u16(name_size->first<2>()));
    const auto value_size = name ? cursor.take(4) : std::nullopt;
    const auto value = value_size ? cursor.take(read_u32(value_size->first<4>())) : std::nullopt;
    if (!value)
        return bad("cut short");
    return OpeningField{to_text(*name), to_bytes(*value)};
}

} // namespace

Result<void> Opening::add(std::string name, ByteView value) {
    if (!is_name(name))
        return bad("a field name is a-z, 0-9, '_' and '-', at most 32");
    // The commitment calls its field 0 so.
    if (name == "skeleton")
        return bad("the name 'skeleton' is reserved");
    if (find(name) != nullptr)
        return bad("a field stands twice");
    if (fields_.size() >= kMaxFields)
        return bad("too many fields");
    const std::size_t size = 6 + name.size() + value.size();
    if (size > kMaxBytes - size_)
        return bad("too long");
    size_ += size;
    fields_.push_back({std::move(name), to_bytes(value)});
    return {};
}

Result<Opening> Opening::parse(ByteView bytes) {
    if (bytes.size() > kMaxBytes)
        return bad("too long");
    Cursor cursor(bytes);
    const auto magic = cursor.take(kMagic.size());
    const auto count_bytes = magic ? cursor.take(2) : std::nullopt;
    if (!count_bytes || text_view(*magic) != kMagic)
        return bad("not an opening");
    const std::size_t count = read_u16(count_bytes->first<2>());
    if (count > kMaxFields)
        return bad("too many fields");
    Opening out;
    for (std::size_t i = 0; i < count; ++i) {
        TRY_ASSIGN(OpeningField field, read_field(cursor));
        TRY(out.add(std::move(field.name), field.value));
    }
    if (!cursor.empty())
        return bad("bytes after the last field");
    return out;
}

Bytes Opening::bytes() const {
    Bytes out = to_bytes(kMagic);
    out.reserve(size_);
    append_u16(out, static_cast<std::uint16_t>(fields_.size()));
    for (const OpeningField& field : fields_) {
        append_u16(out, static_cast<std::uint16_t>(field.name.size()));
        append(out, field.name);
        append_u32(out, static_cast<std::uint32_t>(field.value.size()));
        append(out, field.value);
    }
    return out;
}

const Bytes* Opening::find(std::string_view name) const {
    for (const OpeningField& field : fields_)
        if (field.name == name)
            return &field.value;
    return nullptr;
}

std::string Opening::text(std::string_view name) const {
    const Bytes* value = find(name);
    return value == nullptr ? std::string() : to_text(*value);
}

} // namespace valise::logbook
