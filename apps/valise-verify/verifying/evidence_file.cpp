// SPDX-License-Identifier: Apache-2.0
#include "verifying/evidence_file.h"

#include "base/codec/json.h"
#include "base/text.h"
#include "crypto/hash.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

constexpr JsonLimits kLimits{.bytes = kMaxEvidence, .depth = 8, .values = 50'000'000};
constexpr std::size_t kMaxMember = 16 << 20;
constexpr const char* kForm = "verify.form";

std::string byte_place(std::size_t offset) {
    return fmt::format("byte {} of the file", offset);
}

// Length of the longest prefix that is UTF-8, by halving over a text that is not.
std::size_t utf8_prefix(std::string_view text) {
    std::size_t good = 0;
    std::size_t bad = text.size();
    while (bad - good > 4) {
        std::size_t middle = good + (bad - good) / 2;
        while (middle > good && (static_cast<unsigned char>(text[middle]) & 0xc0U) == 0x80)
            --middle; // not inside of a character
        if (middle == good)
            break;
        (is_utf8(text.substr(good, middle - good)) ? good : bad) = middle;
    }
    return good;
}

Fault json_fault(ByteView bytes, const Error& error) {
    const std::string_view text = text_view(bytes);
    constexpr std::string_view kAt = "malformed at byte ";
    if (error.context().starts_with(kAt))
        return {"byte " + error.context().substr(kAt.size()) + " of the file", error.reason(),
                "not JSON"};
    if (bytes.size() <= kLimits.bytes && !is_utf8(text))
        return {byte_place(utf8_prefix(text)), error.reason(), "not UTF-8"};
    return {"the file", error.reason(), error.context()};
}

Checked<Json> parse(ByteView bytes) {
    auto json = parse_json(bytes, kLimits);
    if (!json)
        return fail(json_fault(bytes, json.error()));
    const std::string canonical = canonical_json(*json);
    const std::string_view text = text_view(bytes);
    const auto [differs, other] =
        std::mismatch(canonical.begin(), canonical.end(), text.begin(), text.end());
    if (differs != canonical.end() || other != text.end())
        return fault(byte_place(static_cast<std::size_t>(differs - canonical.begin())),
                     "base.json_canonical", "written in another way than the canonical one");
    return std::move(*json);
}

// One object of the file, whose name stands in the place of every fault.
class Members {
public:
    static Checked<Members> over(const Json& json, const std::string& place) {
        TRY_ASSIGN(auto reader, at(place, ObjectReader::over(json, place)));
        return Members(std::move(reader), place);
    }

    std::string place(const char* name) const { return fmt::format("{}, '{}'", place_, name); }

    Checked<Bytes> bytes(const char* name, std::size_t max = kMaxMember) {
        return at(place(name), reader_.base64(name, max));
    }
    Checked<Hash32> hash(const char* name) { return at(place(name), reader_.hash(name)); }
    Checked<std::string> text(const char* name, std::size_t max) {
        return at(place(name), reader_.text(name, max));
    }
    Checked<bool> boolean(const char* name) { return at(place(name), reader_.boolean(name)); }
    Checked<std::int64_t> integer(const char* name, std::int64_t min, std::int64_t max) {
        return at(place(name), reader_.integer(name, min, max));
    }
    Checked<const Json*> member(const char* name) { return at(place(name), reader_.member(name)); }
    Checked<const Json*> list(const char* name) {
        TRY_ASSIGN(const Json* value, member(name));
        TRY(holds(value->is_array(), place(name), kForm, "not a list"));
        return value;
    }
    Checked<void> done() const { return at(place_, reader_.done()); }

private:
    Members(ObjectReader reader, std::string place)
        : reader_(std::move(reader)), place_(std::move(place)) {}

    ObjectReader reader_;
    std::string place_;
};

Checked<Bytes> element(const Json& value, const std::string& place) {
    TRY(holds(value.is_string(), place, kForm, "not a text"));
    return at(place, from_base64(value.get_ref<const std::string&>()));
}

// A code, so that it can be shown; who gave the file answers for it.
bool is_ground(std::string_view text) {
    constexpr std::string_view kRedacted = "redacted:";
    if (text.empty() || text == "shredded")
        return true;
    if (!text.starts_with(kRedacted))
        return false;
    text.remove_prefix(kRedacted.size());
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

Checked<audit::RecordedEvent> read_event(const Json& json, const std::string& place,
                                         std::string* withheld) {
    TRY_ASSIGN(auto members, Members::over(json, place));
    audit::RecordedEvent out;
    TRY_ASSIGN(out.leaf, members.bytes("leaf"));
    TRY_ASSIGN(out.skeleton, members.bytes("skeleton"));
    TRY_ASSIGN(out.salt, members.hash("salt"));
    TRY_ASSIGN(const Json* fields, members.list("fields"));
    for (const Json& field : *fields) {
        const std::string where = fmt::format("{}, field {}", place, out.fields.size());
        TRY_ASSIGN(const Bytes hash, element(field, where));
        TRY_ASSIGN(out.fields.emplace_back(), at(where, fixed<32>(hash, kForm)));
    }
    TRY(holds(!out.fields.empty(), members.place("fields"), kForm, "empty"));
    TRY_ASSIGN(const Bytes salt, members.bytes("record_salt"));
    TRY_ASSIGN(out.opening, members.bytes("opening"));
    if (!salt.empty()) {
        TRY_ASSIGN(out.record_salt, at(members.place("record_salt"), fixed<32>(salt, kForm)));
    }
    TRY(holds(salt.empty() == out.opening.empty(), members.place("opening"), kForm,
              "an opening and its salt are withheld together or not at all"));
    if (withheld != nullptr) {
        TRY_ASSIGN(*withheld, members.text("withheld", 80));
        TRY(holds(is_ground(*withheld), members.place("withheld"), kForm, "no ground"));
        TRY(holds(withheld->empty() || out.opening.empty(), members.place("withheld"), kForm,
                  "withheld, and yet here"));
    }
    TRY(members.done());
    return out;
}

Checked<void> read_private(const Json& json, bool grounds, EvidenceFile& out) {
    TRY_ASSIGN(auto members, Members::over(json, "private log"));
    TRY_ASSIGN(out.private_checkpoint, members.text("checkpoint", kMaxMember));
    TRY_ASSIGN(const Json* events, members.list("events"));
    for (const Json& event : *events) {
        const std::string place = audit::event_place(out.events.size());
        std::string& withheld = out.withheld.emplace_back();
        TRY_ASSIGN(out.events.emplace_back(),
                   read_event(event, place, grounds ? &withheld : nullptr));
    }
    return members.done();
}

Checked<void> read_shared(const Json& json, EvidenceFile& out) {
    TRY_ASSIGN(auto members, Members::over(json, "shared log"));
    TRY_ASSIGN(out.shared_checkpoint, members.text("checkpoint", kMaxMember));
    TRY_ASSIGN(const Json* leaves, members.list("leaves"));
    for (const Json& leaf : *leaves) {
        TRY_ASSIGN(out.shared_leaves.emplace_back(),
                   element(leaf, leaf_place(out.shared_leaves.size())));
    }
    return members.done();
}

Checked<void> read_signatures(const Json& json, EvidenceFile& out) {
    const std::string place = "confirmation signatures";
    TRY(holds(json.is_object(), place, kForm, "not an object"));
    for (const auto& [party, value] : json.items()) {
        TRY_ASSIGN(out.confirmation_signatures[party],
                   element(value, place + " of " + printable(party, 16)));
    }
    return {};
}

Checked<EvidenceFile> read_members(const Json& json) {
    TRY_ASSIGN(auto members, Members::over(json, "the file"));
    TRY_ASSIGN(const std::int64_t version, members.integer("v", 1, 2));
    TRY_ASSIGN(const std::string type, members.text("type", 64));
    TRY(holds(type == "valise-evidence", members.place("type"), kForm, "not an evidence file"));
    EvidenceFile out;
    TRY_ASSIGN(out.terms, members.bytes("terms"));
    TRY_ASSIGN(out.test_mode, members.boolean("test_mode"));
    TRY_ASSIGN(out.party, members.text("party", 16));
    TRY_ASSIGN(out.key_list, members.bytes("key_list"));
    TRY_ASSIGN(out.key_list_signature, members.bytes("key_list_signature"));
    TRY_ASSIGN(out.peer_key_list, members.bytes("peer_key_list"));
    TRY_ASSIGN(out.peer_key_list_signature, members.bytes("peer_key_list_signature"));
    TRY_ASSIGN(out.confirmation, members.bytes("confirmation"));
    TRY_ASSIGN(const Json* signatures, members.member("confirmation_signatures"));
    TRY(read_signatures(*signatures, out));
    TRY_ASSIGN(const Json* private_log, members.member("private"));
    TRY(read_private(*private_log, version >= 2, out));
    TRY_ASSIGN(const Json* shared_log, members.member("shared"));
    TRY(read_shared(*shared_log, out));
    TRY_ASSIGN(const Hash32 digest, members.hash("sha256"));
    TRY(members.done());
    Json rest = json;
    rest.erase("sha256");
    out.digest_holds = crypto::sha256(view(canonical_json(rest))) == digest;
    return out;
}

} // namespace

std::string leaf_place(std::size_t index) {
    return fmt::format("shared leaf {}", index);
}

Checked<EvidenceFile> read_evidence(ByteView bytes) {
    TRY_ASSIGN(const Json json, parse(bytes));
    return read_members(json);
}

} // namespace valise::verifying
