// SPDX-License-Identifier: Apache-2.0
#include "logbook/leaf.h"

#include "crypto/hash.h"
#include "crypto/mac.h"

#include <algorithm>

namespace valise::logbook {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "VLS1";
constexpr std::uint16_t kSchema = 1;
constexpr std::uint64_t kNoPrevious = ~std::uint64_t{0};
constexpr std::size_t kTail = 48;

constexpr Byte kDummy = 0x01;
constexpr Byte kRedaction = 0x02;
constexpr Byte kCorrection = 0x04;
constexpr unsigned kStageShift = 4;
constexpr Byte kKnownFlags = kDummy | kRedaction | kCorrection | 3U << kStageShift;

constexpr std::uint64_t kMaxMinute = 253402300799 / 60; // the year 9999

std::unexpected<Error> bad(const char* context) {
    return fail(Code::invalid, "logbook.leaf", context);
}

Byte flags_of(const LeafFields& fields) {
    return static_cast<Byte>((fields.dummy ? kDummy : 0) | (fields.redaction ? kRedaction : 0) |
                             (fields.correction ? kCorrection : 0) |
                             static_cast<unsigned>(fields.stage) << kStageShift);
}

Hash32 hash_at(ByteView bytes, std::size_t offset) {
    Hash32 out{};
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return out;
}

bool all_zero(ByteView bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](Byte b) { return b == 0; });
}

void blind(LeafFields& fields) {
    fields.kind = ActKind::found;
    fields.previous.reset();
    fields.link_tag = {};
    fields.signer_key_id = {};
}

void normalise(LeafFields& fields) {
    fields.minute = fields.minute.truncated_to_minute();
    if (fields.previous == kNoPrevious)
        fields.previous.reset();
    if (fields.peer_size == 0)
        fields.peer_root = {};
}

} // namespace

void Leaf::encode(bool blind) {
    Bytes out = to_bytes(kMagic);
    out.reserve(kSize);
    out.push_back(blind ? kBlindKind : static_cast<Byte>(fields_.kind));
    out.push_back(flags_of(fields_));
    append_u16(out, kSchema);
    append_u64(out, static_cast<std::uint64_t>(fields_.minute.seconds / 60));
    append_u64(out, fields_.act_number);
    append_u64(out, fields_.previous.value_or(kNoPrevious));
    append(out, fields_.link_tag);
    append(out, fields_.commitment);
    append(out, fields_.document);
    append(out, fields_.signed_act);
    append_u64(out, fields_.peer_size);
    append(out, fields_.peer_root);
    append(out, fields_.signer_key_id);
    std::copy(out.begin(), out.end(), bytes_.begin());
}

Leaf Leaf::in_private_log(LeafFields fields) {
    normalise(fields);
    blind(fields);
    Leaf out;
    out.fields_ = fields;
    out.encode(true);
    return out;
}

Leaf Leaf::in_shared_log(LeafFields fields) {
    normalise(fields);
    Leaf out;
    out.fields_ = fields;
    out.encode(false);
    return out;
}

Result<Leaf> Leaf::parse(ByteView bytes) {
    if (bytes.size() != kSize || text_view(bytes.first(4)) != kMagic)
        return bad("not a leaf");
    const bool is_blind = bytes[4] == kBlindKind;
    LeafFields fields;
    if (!is_blind) {
        const auto kind = act_kind_of(bytes[4]);
        if (!kind)
            return bad("unknown kind");
        fields.kind = *kind;
    }
    const Byte flags = bytes[5];
    if ((flags & ~kKnownFlags) != 0)
        return bad("unknown flags");
    fields.dummy = (flags & kDummy) != 0;
    fields.redaction = (flags & kRedaction) != 0;
    fields.correction = (flags & kCorrection) != 0;
    fields.stage = static_cast<Stage>(flags >> kStageShift & 3U);
    if (read_u16(bytes.subspan<6, 2>()) != kSchema)
        return bad("unknown schema");
    const std::uint64_t minute = read_u64(bytes.subspan<8, 8>());
    if (minute > kMaxMinute)
        return bad("time out of range");
    fields.minute = {static_cast<std::int64_t>(minute) * 60};
    fields.act_number = read_u64(bytes.subspan<16, 8>());
    const std::uint64_t previous = read_u64(bytes.subspan<24, 8>());
    if (previous != kNoPrevious)
        fields.previous = previous;
    fields.link_tag = hash_at(bytes, 32);
    fields.commitment = hash_at(bytes, 64);
    fields.document = hash_at(bytes, 96);
    fields.signed_act = hash_at(bytes, 128);
    fields.peer_size = read_u64(bytes.subspan<160, 8>());
    fields.peer_root = hash_at(bytes, 168);
    std::copy_n(bytes.begin() + 200, 8, fields.signer_key_id.begin());
    if (!all_zero(bytes.last(kTail)))
        return bad("reserved bytes are not zero");
    // One event, one leaf: whatever is written in a second way is refused.
    const Leaf out = is_blind ? in_private_log(fields) : in_shared_log(fields);
    if (!std::equal(bytes.begin(), bytes.end(), out.bytes_.begin()))
        return bad("a blinded or absent field is not empty");
    return out;
}

Result<void> Leaf::agrees_with(const Skeleton& skeleton, const Hash32& commitment) const {
    const bool same_kind = is_private() || fields_.kind == skeleton.kind();
    if (fields_.dummy || !same_kind || fields_.stage != skeleton.stage() ||
        fields_.minute != skeleton.minute() || fields_.commitment != commitment)
        return fail(Code::integrity, "logbook.leaf_mismatch", "the leaf is not of this event");
    return {};
}

Hash32 link_tag(const SecretBytes& transfer_secret) {
    return crypto::hmac_sha256(
        transfer_secret.read(SecretAccess::because("the tag that links both logs' leaves")),
        view("valise/link/v1"));
}

Hash32 document_commitment(const Hash32& payload_root) {
    return crypto::Sha256().update(view("valise/document/v1\0"sv)).update(payload_root).finish();
}

Hash32 statement_commitment(ByteView statement) {
    return crypto::Sha256().update(view("valise/statement/v1\0"sv)).update(statement).finish();
}

} // namespace valise::logbook
