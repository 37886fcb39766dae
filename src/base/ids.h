// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <compare>
#include <functional>

namespace valise {

// A typed id: a short prefix, a hyphen, and base32 of 10 random or derived bytes ("itm-…"). Two
// kinds of id never mix, and no id says anything about what it names. Errors: base.id.
template<class Tag> class Id {
public:
    Id() = default; // empty: names nothing

    static Id of(ByteView ten_bytes) {
        return Id(std::string(Tag::kPrefix) + to_base32(ten_bytes.first(10)));
    }
    static Result<Id> parse(std::string_view text) {
        const std::string_view prefix = Tag::kPrefix;
        if (!text.starts_with(prefix))
            return fail(Code::invalid, "base.id",
                        "expected an id that starts with " + std::string(prefix));
        TRY_ASSIGN(const Bytes raw, from_base32(text.substr(prefix.size())));
        if (raw.size() != 10)
            return fail(Code::invalid, "base.id", "an id holds 10 bytes");
        return Id(std::string(text));
    }

    const std::string& text() const { return text_; }
    bool empty() const { return text_.empty(); }
    auto operator<=>(const Id&) const = default;

private:
    explicit Id(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

struct ItemTag {
    static constexpr const char* kPrefix = "itm-";
};
struct CopyTag {
    static constexpr const char* kPrefix = "cpy-";
};
struct PersonTag {
    static constexpr const char* kPrefix = "per-";
};
struct ReleaseTag {
    static constexpr const char* kPrefix = "rel-";
};
struct DispatchTag {
    static constexpr const char* kPrefix = "dsp-";
};
struct BlobTag {
    static constexpr const char* kPrefix = "blb-";
};
struct NoticeTag {
    static constexpr const char* kPrefix = "ntc-";
};
struct IncidentTag {
    static constexpr const char* kPrefix = "inc-";
};
struct MusterTag {
    static constexpr const char* kPrefix = "mst-";
};
struct ContainerTag {
    static constexpr const char* kPrefix = "cnt-";
};

using ItemId = Id<ItemTag>;
using CopyId = Id<CopyTag>;
using PersonId = Id<PersonTag>;
using ReleaseId = Id<ReleaseTag>;
using DispatchId = Id<DispatchTag>;
using BlobId = Id<BlobTag>;
using NoticeId = Id<NoticeTag>;
using IncidentId = Id<IncidentTag>;
using MusterId = Id<MusterTag>;
using ContainerId = Id<ContainerTag>; // a storage place

} // namespace valise
