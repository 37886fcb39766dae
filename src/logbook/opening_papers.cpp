// SPDX-License-Identifier: Apache-2.0
#include "logbook/opening_papers.h"

#include "base/codec/json.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "logbook/internal/fields.h"

#include <algorithm>

namespace valise::logbook {
namespace {

using namespace std::string_view_literals;
using internal::FieldType;

constexpr std::size_t kMaxKey = 8 << 10; // of a session key, and of a share wrapped to one
constexpr std::int64_t kMaxEvent = (std::int64_t{1} << 50) - 1;

std::unexpected<Error> bad_ask(const char* context) {
    return fail(Code::invalid, "logbook.opening_ask", context);
}
std::unexpected<Error> bad_answer(const char* context) {
    return fail(Code::invalid, "logbook.opening_answer", context);
}

bool is_event(std::uint64_t number) {
    return number <= static_cast<std::uint64_t>(kMaxEvent);
}

bool is_key(const Bytes& bytes) {
    return !bytes.empty() && bytes.size() <= kMaxKey;
}

bool is_time(Time time) {
    return !internal::fault_of(FieldType::time, time.text(), 0);
}

Bytes in_domain(std::string_view domain, const Bytes& bytes) {
    Bytes out = to_bytes(domain);
    append(out, bytes);
    return out;
}

bool same(const Bytes& made, ByteView given) {
    return std::equal(made.begin(), made.end(), given.begin(), given.end());
}

Result<Time> time_in(ObjectReader& reader, const char* name) {
    TRY_ASSIGN(const std::string text, reader.text(name, 32));
    return Time::parse(text);
}

Result<std::uint64_t> event_in(ObjectReader& reader, const char* name) {
    TRY_ASSIGN(const std::int64_t number, reader.integer(name, 0, kMaxEvent));
    return static_cast<std::uint64_t>(number);
}

} // namespace

Result<OpeningAsk> OpeningAsk::make(OpeningAskFields fields) {
    if (fields.dispatch.empty() || fields.copy.empty())
        return bad_ask("without its dispatch or copy");
    if (internal::fault_of(FieldType::token, fields.level, 0))
        return bad_ask("level: expected a code");
    if (!is_key(fields.session_key) || !is_event(fields.opening))
        return bad_ask("session_key or opening: out of bounds");
    if (!is_time(fields.at) || !is_party_code(fields.party))
        return bad_ask("at or party");
    Json json = {{"at", fields.at.text()},
                 {"copy", fields.copy.text()},
                 {"dispatch", fields.dispatch.text()},
                 {"level", fields.level},
                 {"opening", static_cast<std::int64_t>(fields.opening)},
                 {"party", fields.party},
                 {"reader", to_base64(fields.reader)},
                 {"session_key", to_base64(fields.session_key)},
                 {"statement", to_base64(fields.statement)},
                 {"v", 1}};
    if (fields.client)
        json["by"] = "client";
    OpeningAsk out;
    out.bytes_ = to_bytes(canonical_json(json));
    out.fields_ = std::move(fields);
    return out;
}

Result<OpeningAsk> OpeningAsk::parse(ByteView canonical) {
    TRY_ASSIGN(const Json whole,
               parse_canonical_json(canonical, {.bytes = kMaxBytes, .depth = 1, .values = 16}));
    TRY_ASSIGN(ObjectReader reader, ObjectReader::over(whole, "opening ask"));
    TRY(reader.integer("v", 1, 1));
    OpeningAskFields fields;
    TRY_ASSIGN(fields.at, time_in(reader, "at"));
    if (reader.optional_member("by") != nullptr) {
        TRY_ASSIGN(const std::string by, reader.text("by", 16));
        fields.client = by == "client"; // anything else is not what make() writes
    }
    TRY_ASSIGN(const std::string copy, reader.text("copy", 64));
    TRY_ASSIGN(fields.copy, CopyId::parse(copy));
    TRY_ASSIGN(const std::string dispatch, reader.text("dispatch", 64));
    TRY_ASSIGN(fields.dispatch, DispatchId::parse(dispatch));
    TRY_ASSIGN(fields.level, reader.text("level", 64));
    TRY_ASSIGN(fields.opening, event_in(reader, "opening"));
    TRY_ASSIGN(fields.party, reader.text("party", kMaxPartyCode));
    TRY_ASSIGN(fields.reader, reader.hash("reader"));
    TRY_ASSIGN(fields.session_key, reader.base64("session_key", kMaxKey));
    TRY_ASSIGN(fields.statement, reader.hash("statement"));
    TRY(reader.done());
    TRY_ASSIGN(OpeningAsk out, make(std::move(fields)));
    if (!same(out.bytes_, canonical))
        return bad_ask("a member has a second way of writing");
    return out;
}

Bytes OpeningAsk::signed_bytes() const {
    return in_domain("valise/opening-ask/v1\0"sv, bytes_);
}

Hash32 OpeningAsk::digest() const {
    return crypto::sha256(signed_bytes());
}

Result<OpeningAnswer> OpeningAnswer::make(OpeningAnswerFields fields) {
    if (!is_key(fields.share) || !is_event(fields.event))
        return bad_answer("share or event: out of bounds");
    if (!is_time(fields.at) || (fields.until && !is_time(*fields.until)) ||
        !is_party_code(fields.party))
        return bad_answer("at, until or party");
    Json json = {{"asked", to_base64(fields.asked)},
                 {"at", fields.at.text()},
                 {"event", static_cast<std::int64_t>(fields.event)},
                 {"party", fields.party},
                 {"share", to_base64(fields.share)},
                 {"v", 1}};
    if (fields.until)
        json["until"] = fields.until->text();
    OpeningAnswer out;
    out.bytes_ = to_bytes(canonical_json(json));
    out.fields_ = std::move(fields);
    return out;
}

Result<OpeningAnswer> OpeningAnswer::parse(ByteView canonical) {
    TRY_ASSIGN(const Json whole,
               parse_canonical_json(canonical, {.bytes = kMaxBytes, .depth = 1, .values = 16}));
    TRY_ASSIGN(ObjectReader reader, ObjectReader::over(whole, "opening answer"));
    TRY(reader.integer("v", 1, 1));
    OpeningAnswerFields fields;
    TRY_ASSIGN(fields.asked, reader.hash("asked"));
    TRY_ASSIGN(fields.at, time_in(reader, "at"));
    TRY_ASSIGN(fields.event, event_in(reader, "event"));
    TRY_ASSIGN(fields.party, reader.text("party", kMaxPartyCode));
    TRY_ASSIGN(fields.share, reader.base64("share", kMaxKey));
    if (reader.optional_member("until") != nullptr) {
        TRY_ASSIGN(fields.until, time_in(reader, "until"));
    }
    TRY(reader.done());
    TRY_ASSIGN(OpeningAnswer out, make(std::move(fields)));
    if (!same(out.bytes_, canonical))
        return bad_answer("a member has a second way of writing");
    return out;
}

Bytes OpeningAnswer::signed_bytes() const {
    return in_domain("valise/opening-answer/v1\0"sv, bytes_);
}

bool originators_refusal(std::string_view reason) {
    return reason.starts_with("peer.") || reason == "registry.originator_unreachable";
}

} // namespace valise::logbook
