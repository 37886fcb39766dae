// SPDX-License-Identifier: Apache-2.0
#include "logbook/notice.h"

#include "base/codec/json.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "logbook/control.h"
#include "logbook/internal/fields.h"
#include "logbook/state.h"

#include <algorithm>

namespace valise::logbook {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignedDomain = "valise/notice/v1\0"sv;
constexpr std::string_view kIdDomain = "valise/notice-id/v1\0"sv;
constexpr std::string_view kEnclosedDomain = "valise/enclosed/v1\0"sv;

constexpr std::string_view kTypes[] = {
    "tracer",    "class-change", "incident",        "incident-report", "acknowledge",  "assurance",
    "amendment", "arrangement",  "termination",     "consent",         "destruction",  "withdrawal",
    "law",       "ask-laws",     "acknowledge-law", "recall",          "recall-answer"};
constexpr std::string_view kWhats[] = {"loss", "compromise", "suspected"};

std::unexpected<Error> bad(std::string context) {
    return fail(Code::invalid, "logbook.notice", std::move(context));
}

bool holds(const NoticeFields& fields, std::string_view name) {
    return name == "about"      ? !fields.about.empty()
           : name == "incident" ? !fields.incident.empty()
           : name == "level"    ? !fields.level.empty()
           : name == "what"     ? fields.what.has_value()
           : name == "until"    ? fields.until.has_value()
           : name == "from"     ? fields.from.has_value()
           : name == "adopted"  ? fields.adopted.has_value()
           : name == "third"    ? !fields.third.empty()
           : name == "law"      ? !fields.law.empty()
           : name == "edition"  ? !fields.edition.empty()
           : name == "text"     ? fields.text.has_value()
           : name == "affects"  ? fields.affects.has_value()
           : name == "answer"   ? !fields.answer.empty()
                                : fields.enclosed.has_value();
}

Result<void> check(const NoticeFields& fields) {
    using internal::FieldType;
    if (fields.notice.empty() || fields.dispatch.empty() == about_dispatch(fields.type))
        return bad("without its id, or not of a dispatch as its type is");
    if (fields.dispatch.empty() && fields.statement != Hash32{})
        return bad("statement: stands with a dispatch");
    for (const auto& when : {fields.until, fields.from})
        if (when && internal::fault_of(FieldType::time, when->text(), 0))
            return bad("until or from: outside the years 1970 to 9999");
    if (!is_party_code(fields.party))
        return bad("party: expected the code of a party");
    if (internal::fault_of(FieldType::time, fields.at.text(), 0))
        return bad("at: outside the years 1970 to 9999");
    if (!fields.third.empty() && !is_party_code(fields.third))
        return bad("third: expected the code of a party");
    for (const std::string* code : {&fields.level, &fields.law, &fields.edition})
        if (!code->empty() && internal::fault_of(FieldType::token, *code, 0))
            return bad("level, law or edition: expected a code");
    if (!fields.answer.empty() && !RecallAnswer::parse(fields.answer))
        return bad("answer: expected five numbers");
    for (const char* name : kNoticeMembers)
        if (holds(fields, name) != has_member(fields.type, name))
            return bad(std::string(name) + ": not as this type of notice has it");
    return {};
}

Bytes encode(const NoticeFields& fields) {
    Json out = {{"at", fields.at.text()},
                {"notice", fields.notice.text()},
                {"party", fields.party},
                {"type", std::string(to_string(fields.type))},
                {"v", 1}};
    if (!fields.dispatch.empty()) {
        out["dispatch"] = fields.dispatch.text();
        out["statement"] = to_base64(fields.statement);
    }
    if (!fields.about.empty())
        out["about"] = fields.about.text();
    if (!fields.incident.empty())
        out["incident"] = fields.incident.text();
    if (!fields.level.empty())
        out["level"] = fields.level;
    if (fields.what)
        out["what"] = std::string(to_string(*fields.what));
    if (fields.enclosed)
        out["enclosed"] = to_base64(*fields.enclosed);
    if (fields.until)
        out["until"] = fields.until->text();
    if (fields.from)
        out["from"] = fields.from->text();
    if (fields.adopted)
        out["adopted"] = to_base64(*fields.adopted);
    if (!fields.third.empty())
        out["third"] = fields.third;
    if (!fields.law.empty())
        out["law"] = fields.law;
    if (!fields.edition.empty())
        out["edition"] = fields.edition;
    if (fields.text)
        out["text"] = to_base64(*fields.text);
    if (fields.affects)
        out["affects"] = *fields.affects ? "yes" : "no";
    if (!fields.answer.empty())
        out["answer"] = fields.answer;
    return to_bytes(canonical_json(out));
}

Result<void> read_members(ObjectReader& reader, NoticeFields& fields) {
    if (has_member(fields.type, "about")) {
        TRY_ASSIGN(const std::string text, reader.text("about", 64));
        TRY_ASSIGN(fields.about, NoticeId::parse(text));
    }
    if (has_member(fields.type, "incident")) {
        TRY_ASSIGN(const std::string text, reader.text("incident", 64));
        TRY_ASSIGN(fields.incident, IncidentId::parse(text));
    }
    if (has_member(fields.type, "level")) {
        TRY_ASSIGN(fields.level, reader.text("level", 64));
    }
    if (has_member(fields.type, "what")) {
        TRY_ASSIGN(const std::string text, reader.text("what", 16));
        TRY_ASSIGN(fields.what, parse_incident_what(text));
    }
    if (has_member(fields.type, "enclosed")) {
        TRY_ASSIGN(fields.enclosed, reader.hash("enclosed"));
    }
    if (has_member(fields.type, "until")) {
        TRY_ASSIGN(const std::string text, reader.text("until", 32));
        TRY_ASSIGN(fields.until, Time::parse(text));
    }
    if (has_member(fields.type, "from")) {
        TRY_ASSIGN(const std::string text, reader.text("from", 32));
        TRY_ASSIGN(fields.from, Time::parse(text));
    }
    if (has_member(fields.type, "adopted")) {
        TRY_ASSIGN(fields.adopted, reader.hash("adopted"));
    }
    if (has_member(fields.type, "third")) {
        TRY_ASSIGN(fields.third, reader.text("third", kMaxPartyCode));
    }
    if (has_member(fields.type, "law")) {
        TRY_ASSIGN(fields.law, reader.text("law", 64));
        TRY_ASSIGN(fields.edition, reader.text("edition", 64));
        TRY_ASSIGN(fields.text, reader.hash("text"));
        TRY_ASSIGN(const std::string affects, reader.text("affects", 3));
        if (affects != "yes" && affects != "no")
            return bad("affects: expected yes or no");
        fields.affects = affects == "yes";
    }
    if (has_member(fields.type, "answer")) {
        TRY_ASSIGN(fields.answer, reader.text("answer", 64));
    }
    return {};
}

} // namespace

std::string_view to_string(NoticeType type) {
    return kTypes[static_cast<std::size_t>(type)];
}

Result<NoticeType> parse_notice_type(std::string_view text) {
    for (std::size_t i = 0; i < std::size(kTypes); ++i)
        if (kTypes[i] == text)
            return static_cast<NoticeType>(i);
    return bad("type: no notice is called that");
}

std::string_view to_string(IncidentWhat what) {
    return kWhats[static_cast<std::size_t>(what)];
}

Result<IncidentWhat> parse_incident_what(std::string_view text) {
    for (std::size_t i = 0; i < std::size(kWhats); ++i)
        if (kWhats[i] == text)
            return static_cast<IncidentWhat>(i);
    return bad("what: expected loss, compromise or suspected");
}

bool has_member(NoticeType type, std::string_view name) {
    switch (type) {
    case NoticeType::tracer:
        return false;
    case NoticeType::class_change:
        return name == "level";
    case NoticeType::incident:
        return name == "incident" || name == "what";
    case NoticeType::incident_report:
        return name == "incident" || name == "enclosed";
    case NoticeType::acknowledge:
        return name == "about";
    case NoticeType::assurance:
        return name == "level" || name == "until";
    case NoticeType::amendment:
    case NoticeType::arrangement:
        return name == "adopted" || name == "from";
    case NoticeType::termination:
        return name == "until";
    case NoticeType::consent:
        return name == "third" || name == "until";
    case NoticeType::destruction:
    case NoticeType::withdrawal:
    case NoticeType::ask_laws:
        return false;
    case NoticeType::law:
        return name == "law" || name == "edition" || name == "from" || name == "text" ||
               name == "affects" || name == "enclosed";
    case NoticeType::acknowledge_law:
        return name == "about";
    case NoticeType::recall:
        return name == "enclosed";
    case NoticeType::recall_answer:
        return name == "about" || name == "answer";
    }
    return false;
}

bool about_dispatch(NoticeType type) {
    const bool of_law = type == NoticeType::law || type == NoticeType::ask_laws ||
                        type == NoticeType::acknowledge_law;
    return type <= NoticeType::acknowledge || (type >= NoticeType::consent && !of_law);
}

bool wants_answer(NoticeType type) {
    return type < NoticeType::acknowledge || type == NoticeType::law || type == NoticeType::recall;
}

Result<Notice> Notice::make(NoticeFields fields) {
    TRY(check(fields));
    Notice out;
    out.bytes_ = encode(fields);
    out.fields_ = std::move(fields);
    return out;
}

Result<Notice> Notice::parse(ByteView canonical) {
    TRY_ASSIGN(const Json whole,
               parse_canonical_json(canonical, {.bytes = kMaxBytes, .depth = 1, .values = 16}));
    TRY_ASSIGN(ObjectReader reader, ObjectReader::over(whole, "notice"));
    TRY(reader.integer("v", 1, 1));
    NoticeFields fields;
    TRY_ASSIGN(const std::string type, reader.text("type", 32));
    TRY_ASSIGN(fields.type, parse_notice_type(type));
    TRY_ASSIGN(const std::string at, reader.text("at", 32));
    TRY_ASSIGN(fields.at, Time::parse(at));
    if (about_dispatch(fields.type)) {
        TRY_ASSIGN(const std::string dispatch, reader.text("dispatch", 64));
        TRY_ASSIGN(fields.dispatch, DispatchId::parse(dispatch));
        TRY_ASSIGN(fields.statement, reader.hash("statement"));
    }
    TRY_ASSIGN(const std::string notice, reader.text("notice", 64));
    TRY_ASSIGN(fields.notice, NoticeId::parse(notice));
    TRY_ASSIGN(fields.party, reader.text("party", kMaxPartyCode));
    TRY(read_members(reader, fields));
    TRY(reader.done());
    TRY_ASSIGN(Notice out, make(std::move(fields)));
    if (!std::equal(out.bytes_.begin(), out.bytes_.end(), canonical.begin(), canonical.end()))
        return bad("a member has a second way of writing");
    return out;
}

Bytes Notice::signed_bytes() const {
    Bytes out;
    out.reserve(kSignedDomain.size() + bytes_.size());
    append(out, view(kSignedDomain));
    append(out, bytes_);
    return out;
}

// Until a package is delivered only one of the two books holds what it is; and the sender's holds
// it from the first hand-over on, which the receiver cannot know.
Hash32 told_document(const Dispatch& dispatch) {
    using enum DispatchState;
    const bool under_way = dispatch.direction == Direction::in
                               ? dispatch.moved == Time{}
                               : dispatch.state == permitted || dispatch.state == sent ||
                                     dispatch.state == lost || dispatch.state == failed;
    return dispatch.package() && under_way ? Hash32{} : dispatch.document;
}

Result<Notice> notice_saying(const TextMap& ids, const TextMap& facts, const Dispatch* dispatch,
                             Time at, std::string party) {
    const auto text = [](const TextMap& map, const char* name) {
        const auto found = map.find(name);
        return found == map.end() ? std::string() : found->second;
    };
    NoticeFields fields;
    TRY_ASSIGN(fields.type, parse_notice_type(text(facts, "type")));
    TRY_ASSIGN(fields.notice, NoticeId::parse(text(ids, "notice")));
    if (dispatch != nullptr) {
        fields.dispatch = dispatch->id;
        fields.statement = told_document(*dispatch);
    }
    fields.at = at;
    fields.party = std::move(party);
    fields.about = NoticeId::parse(text(ids, "about")).value_or(NoticeId());
    fields.incident = IncidentId::parse(text(ids, "incident")).value_or(IncidentId());
    fields.level = text(facts, "level");
    fields.third = text(facts, "third");
    fields.law = text(facts, "law");
    fields.edition = text(facts, "edition");
    if (facts.contains("affects"))
        fields.affects = facts.at("affects") == "yes";
    fields.answer = text(facts, "answer");
    if (facts.contains("what")) {
        TRY_ASSIGN(fields.what, parse_incident_what(facts.at("what")));
    }
    for (const auto& [name, member] : {std::pair("enclosed", &fields.enclosed),
                                       {"adopted", &fields.adopted},
                                       {"text", &fields.text}})
        if (facts.contains(name)) {
            TRY_ASSIGN(const Bytes digest, from_base64(facts.at(name)));
            TRY_ASSIGN(*member, fixed<32>(digest, "logbook.notice"));
        }
    for (const auto& [name, member] : {std::pair("until", &fields.until), {"from", &fields.from}})
        if (facts.contains(name)) {
            TRY_ASSIGN(*member, Time::parse(facts.at(name)));
        }
    return Notice::make(std::move(fields));
}

Result<Notice> notice_of(const State& state, const OpenPermit& permit) {
    const auto named = permit.ids.find("dispatch");
    const auto id = DispatchId::parse(named == permit.ids.end() ? std::string() : named->second);
    if (permit.kind != ActKind::give_notice)
        return bad("no event that gives a notice");
    return notice_saying(permit.ids, permit.facts, id ? state.dispatch(*id) : nullptr,
                         permit.minute, state.party());
}

NoticeId notice_id(std::string_view party, std::uint64_t seq) {
    Bytes number;
    append_u64(number, seq);
    return NoticeId::of(
        crypto::Sha256().update(view(kIdDomain)).update(view(party)).update(number).finish());
}

Hash32 enclosed_digest(const std::array<Byte, 16>& salt, std::string_view text) {
    return crypto::Sha256().update(view(kEnclosedDomain)).update(salt).update(view(text)).finish();
}

} // namespace valise::logbook
