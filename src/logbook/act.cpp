// SPDX-License-Identifier: Apache-2.0
#include "logbook/act.h"

#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "crypto/webauthn.h"
#include "logbook/internal/act_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::logbook {
namespace {

constexpr std::pair<ActKind, std::string_view> kNames[] = {
    {ActKind::found, "found"},
    {ActKind::pair, "pair"},
    {ActKind::enrol, "enrol"},
    {ActKind::appoint, "appoint"},
    {ActKind::clear, "clear"},
    {ActKind::grant, "grant"},
    {ActKind::accredit, "accredit"},
    {ActKind::enter, "enter"},
    {ActKind::approve_release, "approve-release"},
    {ActKind::dispatch, "dispatch"},
    {ActKind::arrive, "arrive"},
    {ActKind::custody_receipt, "custody-receipt"},
    {ActKind::remark, "remark"},
    {ActKind::open, "open"},
    {ActKind::contents_receipt, "contents-receipt"},
    {ActKind::close, "close"},
    {ActKind::revoke, "revoke"},
    {ActKind::container, "container"},
    {ActKind::store, "store"},
    {ActKind::copy, "copy"},
    {ActKind::issue, "issue"},
    {ActKind::take_back, "take-back"},
    {ActKind::witness_destruction, "witness-destruction"},
    {ActKind::destroy, "destroy"},
    {ActKind::certify_destruction, "certify-destruction"},
    {ActKind::review_purpose, "review-purpose"},
    {ActKind::export_copy, "export"},
    {ActKind::correct, "correct"},
    {ActKind::cancel, "cancel"},
    {ActKind::brief, "brief"},
    {ActKind::debrief, "debrief"},
    {ActKind::transfer, "transfer"},
    {ActKind::ask_release, "ask-release"},
    {ActKind::refuse_release, "refuse-release"},
    {ActKind::facility, "facility"},
    {ActKind::absence, "absence"},
    {ActKind::assure, "assure"},
    {ActKind::record_assurance, "record-assurance"},
    {ActKind::hand_over, "hand-over"},
    {ActKind::take_delivery, "take-delivery"},
    {ActKind::consent, "consent"},
    {ActKind::withdraw, "withdraw"},
    {ActKind::begin_muster, "begin-muster"},
    {ActKind::count, "count"},
    {ActKind::close_muster, "close-muster"},
    {ActKind::adopt_terms, "adopt-terms"},
    {ActKind::put_in_force, "put-in-force"},
    {ActKind::terminate, "terminate"},
    {ActKind::ask_laws, "ask-laws"},
    {ActKind::give_notice, "give-notice"},
    {ActKind::take_notice, "take-notice"},
    {ActKind::trace, "trace"},
    {ActKind::change_class, "change-class"},
    {ActKind::acknowledge, "acknowledge"},
    {ActKind::report_incident, "report-incident"},
    {ActKind::investigate, "investigate"},
    {ActKind::report, "report"},
    {ActKind::close_incident, "close-incident"},
    {ActKind::law, "law"},
    {ActKind::print, "print"},
    {ActKind::recover, "recover"},
    {ActKind::reconcile, "reconcile"},
    {ActKind::countersign, "countersign"},
    {ActKind::permit_opening, "permit-opening"},
    {ActKind::recall, "recall"},
    {ActKind::answer_recall, "answer-recall"},
    {ActKind::narrow, "narrow"},
    {ActKind::shred, "shred"},
    {ActKind::passkey, "passkey"},
};

constexpr auto kKinds = [] {
    std::array<ActKind, std::size(kNames)> out{};
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = kNames[i].first;
    return out;
}();

constexpr std::size_t kSignerSize = 32;
constexpr std::int64_t kVersion = 1;
constexpr std::int64_t kPasskeyVersion = 2; // its signer is one

Result<void> check_header(std::string_view party, Time at, const Bytes& signer) {
    if (!is_party_code(party))
        return fail(Code::invalid, "logbook.act", "party: expected the code of a party");
    if (internal::fault_of(internal::FieldType::time, at.text(), 0))
        return fail(Code::invalid, "logbook.act", "at: outside the years 1970 to 9999");
    if (signer.size() > kSignerSize && !crypto::PasskeySigner::parse(signer))
        return fail(Code::invalid, "logbook.act", "signer: expected a key or a passkey");
    if (!signer.empty() && signer.size() < kSignerSize)
        return fail(Code::invalid, "logbook.act", "signer: expected 32 bytes, or none");
    return {};
}

} // namespace

std::span<const ActKind> all_act_kinds() {
    return kKinds;
}

std::string_view to_string(ActKind kind) {
    for (const auto& [known, name] : kNames)
        if (known == kind)
            return name;
    return "?";
}

Result<ActKind> parse_act_kind(std::string_view text) {
    std::vector<std::string> known;
    for (const auto& [kind, name] : kNames) {
        if (name == text)
            return kind;
        known.emplace_back(name);
    }
    const std::string shown(text.substr(0, 60));
    return fail(Code::invalid, "logbook.act_kind",
                fmt::format("unknown kind '{}'{}", printable(shown), suggestion(shown, known)));
}

Result<ActKind> act_kind_of(std::uint8_t number) {
    for (const ActKind kind : kKinds)
        if (static_cast<std::uint8_t>(kind) == number)
            return kind;
    return fail(Code::invalid, "logbook.act_kind", fmt::format("unknown kind {}", number));
}

Result<Act> Act::make(ActKind kind, std::string party, const Hash32& terms, Time at, Bytes signer,
                      Json content, const ActNonce& nonce) {
    TRY(act_kind_of(static_cast<std::uint8_t>(kind)));
    TRY(check_header(party, at, signer));
    TRY(internal::check_content(kind, content));

    Act act;
    act.kind_ = kind;
    act.party_ = std::move(party);
    act.terms_ = terms;
    act.at_ = at;
    act.signer_ = std::move(signer);
    act.nonce_ = nonce;
    act.content_ = std::move(content);
    const Json whole = {{"at", at.text()},
                        {"content", act.content_},
                        {"kind", std::string(to_string(kind))},
                        {"nonce", to_base64(nonce)},
                        {"party", act.party_},
                        {"signer", to_base64(act.signer_)},
                        {"terms", to_base64(terms)},
                        {"v", act.by_passkey() ? kPasskeyVersion : kVersion}};
    act.bytes_ = to_bytes(canonical_json(whole));
    if (act.bytes_.size() > kMaxBytes)
        return fail(Code::limit, "logbook.act", "the act is too long");
    return act;
}

Result<Act> Act::parse(ByteView canonical) {
    TRY_ASSIGN(const Json whole,
               parse_canonical_json(canonical, {.bytes = kMaxBytes, .depth = 3, .values = 64}));
    TRY_ASSIGN(ObjectReader reader, ObjectReader::over(whole, "act"));
    // The version comes first: what a later version added must not be mistaken for a fault.
    TRY_ASSIGN(const std::int64_t version, reader.integer("v", 0, 1 << 30));
    if (version != kVersion && version != kPasskeyVersion)
        return fail(Code::invalid, "logbook.act_version",
                    fmt::format("version {}; this program knows versions 1 and 2", version));
    TRY_ASSIGN(const std::string at_text, reader.text("at", 32));
    TRY_ASSIGN(const Time at, Time::parse(at_text));
    TRY_ASSIGN(const Json* content, reader.member("content"));
    TRY_ASSIGN(const std::string kind_text, reader.text("kind", 32));
    TRY_ASSIGN(const ActKind kind, parse_act_kind(kind_text));
    TRY_ASSIGN(const Bytes nonce_bytes, reader.base64("nonce", 16));
    TRY_ASSIGN(const ActNonce nonce, fixed<16>(nonce_bytes, "logbook.act"));
    TRY_ASSIGN(std::string party, reader.text("party", kMaxPartyCode));
    TRY_ASSIGN(Bytes signer, reader.base64("signer", crypto::PasskeySigner::kMaxBytes));
    TRY_ASSIGN(const Hash32 terms, reader.hash("terms"));
    TRY(reader.done());
    TRY_ASSIGN(Act act,
               make(kind, std::move(party), terms, at, std::move(signer), *content, nonce));
    if (!std::equal(act.bytes_.begin(), act.bytes_.end(), canonical.begin(), canonical.end()))
        return fail(Code::invalid, "logbook.act", "a member has a second way of writing");
    return act;
}

std::optional<std::string> Act::optional_field(std::string_view name) const {
    const auto member = content_.find(std::string(name));
    if (member == content_.end() || !member->is_string())
        return std::nullopt;
    return member->get<std::string>();
}

Result<std::string> Act::field(std::string_view name) const {
    if (auto text = optional_field(name))
        return std::move(*text);
    return fail(Code::invalid, "logbook.act_member",
                fmt::format("{}.{}: no such text", to_string(kind_), name));
}

Result<std::int64_t> Act::integer_field(std::string_view name) const {
    if (const auto value = optional_integer(name))
        return *value;
    return fail(Code::invalid, "logbook.act_member",
                fmt::format("{}.{}: no such integer", to_string(kind_), name));
}

std::optional<std::int64_t> Act::optional_integer(std::string_view name) const {
    const auto member = content_.find(std::string(name));
    if (member == content_.end() || !member->is_number_integer())
        return std::nullopt;
    return member->get<std::int64_t>();
}

Result<Bytes> Act::bytes_field(std::string_view name) const {
    TRY_ASSIGN(const std::string text, field(name));
    return from_base64(text);
}

Result<Hash32> Act::hash_field(std::string_view name) const {
    TRY_ASSIGN(const Bytes bytes, bytes_field(name));
    return fixed<32>(bytes, "logbook.act_member");
}

Result<Time> Act::time_field(std::string_view name) const {
    TRY_ASSIGN(const std::string text, field(name));
    return Time::parse(text);
}

Hash32 release_digest(const ItemId& item, const Hash32& payload_root, const Hash32& label_sha256,
                      std::string_view recipient, const Hash32& terms) {
    // Canonical JSON in place, as every decision about a release needs it: the members stand in
    // order, and the recipient alone could hold what is escaped.
    std::string text = R"({"item":")" + item.text() + R"(","label_sha256":")";
    text += to_base64(label_sha256) + R"(","payload_root":")" + to_base64(payload_root);
    text += R"(","recipient":)" + canonical_json(Json(std::string(recipient)));
    text += R"(,"terms":")" + to_base64(terms) + "\"}";
    return crypto::sha256(view(text));
}

std::string corrected_members(const Act& act) {
    std::string out;
    for (const auto& [name, value] : act.content().items()) // in order: Json sorts
        if (name != "item" && name != "reason" && name != "for")
            out += (out.empty() ? "" : ",") + name;
    return out;
}

ReleaseId release_id(const Hash32& digest) {
    return ReleaseId::of(digest);
}

} // namespace valise::logbook
