// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "logbook/event.h"
#include "logbook/internal/event_rules.h"
#include "logbook/internal/skeleton_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::logbook {
namespace {

constexpr std::uint64_t kMaxSeq = (std::uint64_t{1} << 53) - 1; // RFC 8785: exact integers
constexpr std::size_t kMaxClauses = 200;

std::unexpected<Error> bad(std::string context) {
    return fail(Code::invalid, "logbook.skeleton", std::move(context));
}

bool is_clause_id(std::string_view id) {
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    });
}

Result<void> check_permit(const SkeletonFields& fields) {
    const bool outcome = fields.stage == Stage::done || fields.stage == Stage::failed;
    if (outcome && !has_outcome(fields.kind))
        return bad(fmt::format("stage: '{}' is done by being recorded as permitted",
                               to_string(fields.kind)));
    if (!outcome && fields.permit)
        return bad("permit: stands on done and failed only");
    const bool needed = fields.stage == Stage::failed ||
                        (fields.stage == Stage::done && !may_skip_permit(fields.kind));
    if (needed && !fields.permit)
        return bad("permit: missing");
    if (fields.permit && *fields.permit >= fields.seq)
        return bad("permit: not an earlier event");
    return {};
}

Result<void> check(const SkeletonFields& fields) {
    TRY(act_kind_of(static_cast<std::uint8_t>(fields.kind)));
    if (fields.seq > kMaxSeq)
        return bad("seq: too large");
    if (fields.minute.seconds < 0 ||
        internal::fault_of(internal::FieldType::time, fields.minute.text(), 0))
        return bad("minute: outside the years 1970 to 9999");
    if (fields.actor != kRegistryActor && !PersonId::parse(fields.actor))
        return bad("actor: expected a person id or 'registry'");
    TRY(check_permit(fields));
    if (fields.clauses.size() > kMaxClauses)
        return bad("clauses: too many");
    for (const ConsultedClause& clause : fields.clauses)
        if (!is_clause_id(clause.clause))
            return bad("clauses: not a clause id");
    TRY(internal::check_map(fields.ids, internal::id_rules(fields.kind), fields.stage, true,
                            "ids"));
    return internal::check_facts(fields.kind, fields.facts, fields.stage, !fields.permit);
}

Result<TextMap> read_map(ObjectReader& reader, const char* name) {
    TRY_ASSIGN(const Json* object, reader.member(name));
    if (!object->is_object())
        return bad(fmt::format("{}: expected an object", name));
    TextMap out;
    for (const auto& [key, value] : object->items()) {
        if (!value.is_string())
            return bad(fmt::format("{}.{}: expected a text", name, printable(key, 60)));
        out[key] = value.get<std::string>();
    }
    return out;
}

Result<ClauseFinding> parse_finding(std::string_view text) {
    for (const auto finding : {ClauseFinding::pass, ClauseFinding::refuse, ClauseFinding::duty})
        if (to_string(finding) == text)
            return finding;
    return bad("clauses: unknown finding");
}

Result<std::vector<ConsultedClause>> read_clauses(ObjectReader& reader) {
    TRY_ASSIGN(const Json* list, reader.member("clauses"));
    if (!list->is_array() || list->size() > kMaxClauses)
        return bad("clauses: expected a list");
    std::vector<ConsultedClause> out;
    for (const Json& element : *list) {
        TRY_ASSIGN(ObjectReader clause, ObjectReader::over(element, "skeleton.clauses"));
        TRY_ASSIGN(std::string id, clause.text("c", 64));
        TRY_ASSIGN(const std::string finding_text, clause.text("f", 16));
        TRY(clause.done());
        TRY_ASSIGN(const ClauseFinding finding, parse_finding(finding_text));
        out.push_back({std::move(id), finding});
    }
    return out;
}

Result<SkeletonFields> read_fields(const Json& whole) {
    TRY_ASSIGN(ObjectReader reader, ObjectReader::over(whole, "skeleton"));
    TRY_ASSIGN(const std::int64_t version, reader.integer("v", 0, 1 << 30));
    if (version != 1)
        return fail(Code::invalid, "logbook.skeleton_version",
                    fmt::format("version {}; this program knows version 1", version));
    SkeletonFields out;
    TRY_ASSIGN(out.actor, reader.text("actor", 64));
    TRY_ASSIGN(out.clauses, read_clauses(reader));
    TRY_ASSIGN(out.facts, read_map(reader, "facts"));
    TRY_ASSIGN(out.ids, read_map(reader, "ids"));
    TRY_ASSIGN(const std::string kind, reader.text("kind", 32));
    TRY_ASSIGN(out.kind, parse_act_kind(kind));
    TRY_ASSIGN(const std::string minute, reader.text("minute", 32));
    TRY_ASSIGN(out.minute, Time::parse(minute));
    constexpr auto kMax = static_cast<std::int64_t>(kMaxSeq);
    TRY_ASSIGN(const std::int64_t seq, reader.integer("seq", 0, kMax));
    out.seq = static_cast<std::uint64_t>(seq);
    if (reader.optional_member("permit") != nullptr) {
        TRY_ASSIGN(const std::int64_t permit, reader.integer("permit", 0, kMax));
        out.permit = static_cast<std::uint64_t>(permit);
    }
    TRY_ASSIGN(const std::string stage, reader.text("stage", 16));
    TRY_ASSIGN(out.stage, parse_stage(stage));
    TRY_ASSIGN(out.terms, reader.hash("terms"));
    TRY(reader.done());
    return out;
}

} // namespace

std::string_view to_string(Stage stage) {
    constexpr std::string_view kNames[] = {"permitted", "done", "refused", "failed"};
    const auto index = static_cast<std::size_t>(stage);
    return index < std::size(kNames) ? kNames[index] : "?";
}

Result<Stage> parse_stage(std::string_view text) {
    for (const auto stage : {Stage::permitted, Stage::done, Stage::refused, Stage::failed})
        if (to_string(stage) == text)
            return stage;
    return fail(Code::invalid, "logbook.stage", "expected permitted, done, refused or failed");
}

std::string_view to_string(ClauseFinding finding) {
    switch (finding) {
    case ClauseFinding::pass:
        return "pass";
    case ClauseFinding::refuse:
        return "refuse";
    case ClauseFinding::duty:
        return "duty";
    }
    return "?";
}

bool has_outcome(ActKind kind) {
    switch (kind) {
    case ActKind::found:
    case ActKind::enter:
    case ActKind::dispatch:
    case ActKind::arrive:
    case ActKind::custody_receipt:
    case ActKind::remark:
    case ActKind::open:
    case ActKind::contents_receipt:
    case ActKind::give_notice:
    case ActKind::take_notice:
    case ActKind::destroy:
    case ActKind::export_copy:
    case ActKind::print:
    case ActKind::permit_opening:
    case ActKind::recover:
    case ActKind::shred:
        return true;
    default:
        return false;
    }
}

bool may_skip_permit(ActKind kind) {
    switch (kind) {
    case ActKind::found:
    case ActKind::arrive:
    case ActKind::custody_receipt:
    case ActKind::remark:
    case ActKind::contents_receipt:
    case ActKind::take_notice:
    case ActKind::permit_opening:
        return true;
    default:
        return false;
    }
}

Stage effect_stage(ActKind kind) {
    return has_outcome(kind) ? Stage::done : Stage::permitted;
}

Result<Skeleton> Skeleton::make(SkeletonFields fields) {
    fields.minute = fields.minute.truncated_to_minute();
    TRY(check(fields));
    Skeleton out;
    out.bytes_ = internal::write_skeleton(fields);
    out.fields_ = std::move(fields);
    if (out.bytes_.size() > kMaxBytes)
        return fail(Code::limit, "logbook.skeleton", "too long");
    return out;
}

Result<Skeleton> Skeleton::parse(ByteView canonical) {
    // Members that are checked and give exactly these bytes again: there is no other skeleton of
    // this text. All else is the strict reader's, and its error.
    if (auto fields = internal::read_ordinary_skeleton(canonical))
        if (auto out = make(std::move(*fields)); out && std::ranges::equal(out->bytes_, canonical))
            return out;
    TRY_ASSIGN(const Json whole,
               parse_canonical_json(canonical, {.bytes = kMaxBytes, .depth = 4, .values = 1000}));
    TRY_ASSIGN(SkeletonFields fields, read_fields(whole));
    TRY_ASSIGN(Skeleton out, make(std::move(fields)));
    // A minute with seconds, or a date without a time, would give one event two texts.
    if (!std::equal(out.bytes_.begin(), out.bytes_.end(), canonical.begin(), canonical.end()))
        return bad("a member has a second way of writing");
    return out;
}

std::string Skeleton::id(const std::string& name) const {
    const auto found = fields_.ids.find(name);
    return found == fields_.ids.end() ? std::string() : found->second;
}

std::string Skeleton::fact(const std::string& name) const {
    const auto found = fields_.facts.find(name);
    return found == fields_.facts.end() ? std::string() : found->second;
}

} // namespace valise::logbook
