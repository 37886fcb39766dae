// SPDX-License-Identifier: Apache-2.0
#include "logbook/commitment.h"

#include "crypto/kdf.h"
#include "crypto/merkle.h"

namespace valise::logbook {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kFieldDomain = "valise/field/v1\0"sv;
constexpr std::string_view kSaltInfo = "valise/field/v1"sv;
constexpr std::string_view kSkeletonName = "skeleton";

struct NamedValue {
    std::string_view name;
    ByteView value;
};

NamedValue field_at(ByteView skeleton, const Opening& opening, std::size_t field) {
    if (field == 0)
        return {kSkeletonName, skeleton};
    const OpeningField& opened = opening.fields()[field - 1];
    return {opened.name, opened.value};
}

std::unexpected<Error> mismatch() {
    return fail(Code::integrity, "logbook.commitment", "the record is not the one committed to");
}

} // namespace

Hash32 field_salt(const Hash32& record_salt, std::uint32_t field) {
    Bytes info = to_bytes(kSaltInfo);
    append_u32(info, field);
    const SecretBytes salt = crypto::hkdf_sha256(record_salt, {}, info, 32);
    Hash32 out{};
    const ByteView bytes = salt.read(SecretAccess::because("the salt of one field of a record"));
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

Hash32 field_leaf(std::uint32_t field, const Hash32& salt, std::string_view name, ByteView value) {
    Bytes entry = to_bytes(kFieldDomain);
    append_u32(entry, field);
    append(entry, salt);
    append_u16(entry, static_cast<std::uint16_t>(name.size()));
    append(entry, name);
    append(entry, value);
    return crypto::leaf_hash(entry);
}

Commitment Commitment::of(ByteView skeleton, const Opening& opening, const Hash32& record_salt) {
    Commitment out;
    out.record_salt_ = record_salt;
    for (std::uint32_t i = 0; i <= opening.fields().size(); ++i) {
        const NamedValue field = field_at(skeleton, opening, i);
        out.leaves_.push_back(field_leaf(i, out.salt(i), field.name, field.value));
    }
    out.root_ = crypto::tree_root(out.leaves_);
    return out;
}

Hash32 Commitment::salt(std::uint32_t field) const {
    return field_salt(record_salt_, field);
}

Result<FieldDisclosure> Commitment::disclose(ByteView skeleton, const Opening& opening,
                                             std::uint32_t field) const {
    if (field >= leaves_.size() || leaves_.size() != opening.fields().size() + 1)
        return fail(Code::invalid, "logbook.field", "the record has no such field");
    const NamedValue shown = field_at(skeleton, opening, field);
    FieldDisclosure out;
    out.index = field;
    out.count = leaves_.size();
    out.salt = salt(field);
    out.name = std::string(shown.name);
    out.value = to_bytes(shown.value);
    TRY_ASSIGN(out.path, crypto::inclusion_path(leaves_, field));
    return out;
}

Result<void> verify_skeleton(const Hash32& root, ByteView skeleton, const Hash32& salt0,
                             std::span<const Hash32> other_leaves) {
    std::vector<Hash32> leaves = {field_leaf(0, salt0, kSkeletonName, skeleton)};
    leaves.insert(leaves.end(), other_leaves.begin(), other_leaves.end());
    if (crypto::tree_root(leaves) != root)
        return mismatch();
    return {};
}

Result<void> verify_record(const Hash32& root, ByteView skeleton, const Opening& opening,
                           const Hash32& record_salt) {
    if (Commitment::of(skeleton, opening, record_salt).root() != root)
        return mismatch();
    return {};
}

Result<void> verify_field(const Hash32& root, const FieldDisclosure& field) {
    // The index is hashed as 32 bits, the name's length as 16: anything larger could collide.
    if (field.count > Opening::kMaxFields + 1 || field.index >= field.count ||
        field.name.size() > 0xffff)
        return mismatch();
    const auto leaf =
        field_leaf(static_cast<std::uint32_t>(field.index), field.salt, field.name, field.value);
    const auto reached = crypto::root_from_path(field.index, field.count, leaf, field.path);
    if (!reached || *reached != root)
        return mismatch();
    return {};
}

} // namespace valise::logbook
