// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/event.h"

namespace valise::logbook {

// One field of a record shown to an auditor, with what is needed to check it against C and nothing
// that helps to guess another field.
struct FieldDisclosure {
    std::uint64_t index = 0; // 0 = the skeleton
    std::uint64_t count = 0; // fields in the record
    Hash32 salt{};
    std::string name;
    Bytes value;
    std::vector<Hash32> path; // RFC 9162 inclusion path
};

// The commitment C of a record: RFC 9162 root over its salted fields. Field 0 is the skeleton,
// fields 1.. those of the opening. Every field has a salt of its own, because names, numbers and
// dates are guessable and a bare hash of them would be too (facts: low entropy).
class Commitment {
public:
    // `record_salt` is 32 fresh random bytes for each record.
    static Commitment of(ByteView skeleton, const Opening& opening, const Hash32& record_salt);

    const Hash32& root() const { return root_; }
    const std::vector<Hash32>& field_leaves() const { return leaves_; } // [0] = skeleton
    Hash32 salt(std::uint32_t field) const;

    // Errors: logbook.field (no such field).
    Result<FieldDisclosure> disclose(ByteView skeleton, const Opening& opening,
                                     std::uint32_t field) const;

private:
    Commitment() = default;

    Hash32 record_salt_{};
    Hash32 root_{};
    std::vector<Hash32> leaves_;
};

// HKDF-SHA256(ikm record_salt, no salt, info "valise/field/v1" ‖ u32 index, 32).
Hash32 field_salt(const Hash32& record_salt, std::uint32_t field);
// leaf_hash("valise/field/v1\0" ‖ u32 index ‖ salt ‖ u16 name length ‖ name ‖ value).
Hash32 field_leaf(std::uint32_t field, const Hash32& salt, std::string_view name, ByteView value);

// After shredding: the skeleton with its own salt and the leaf hashes of the fields that are gone
// (fields 1.., in order). Errors: integrity logbook.commitment.
Result<void> verify_skeleton(const Hash32& root, ByteView skeleton, const Hash32& salt0,
                             std::span<const Hash32> other_leaves);
// The whole record. Errors: integrity logbook.commitment.
Result<void> verify_record(const Hash32& root, ByteView skeleton, const Opening& opening,
                           const Hash32& record_salt);
// One disclosed field. Errors: integrity logbook.commitment.
Result<void> verify_field(const Hash32& root, const FieldDisclosure& field);

} // namespace valise::logbook
