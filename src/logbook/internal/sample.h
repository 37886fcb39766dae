// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/text.h"
#include "crypto/sign.h"
#include "logbook/state.h"

#include <stdexcept>

// Made-up acts and a made-up year of a registry, for tests and fuzz corpora only.
namespace valise::logbook::sample {

inline Bytes ten(Byte fill) {
    return Bytes(10, fill);
}
inline Hash32 hash(Byte fill) {
    Hash32 out{};
    out.fill(fill);
    return out;
}
inline std::string b64(Byte fill, std::size_t size = 32) {
    return to_base64(Bytes(size, fill));
}
inline Time at(std::int64_t minutes = 0) {
    return Time{1795500000 + minutes * 60};
}

template<class T> T must(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().text());
    return std::move(*result);
}

inline crypto::SigningKey key(Byte fill = 7) {
    return must(crypto::SigningKey::from_seed(crypto::SignatureAlgorithm::ed25519,
                                              SecretBytes::copy(Bytes(32, fill))));
}

// A passkey of Ed25519, whose key is the base point, at one desk.
inline Bytes passkey_signer(Byte first = 0x58) {
    Bytes out = {0xA4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20, first};
    append(out, Bytes(31, 0x66));
    append(out, "https://desk.example:8443");
    return out;
}

// A valid content of every kind, with all optional members.
inline Json content(ActKind kind) {
    const std::string person = PersonId::of(ten(1)).text();
    const std::string item = ItemId::of(ten(2)).text();
    const std::string copy = CopyId::of(ten(3)).text();
    const std::string dispatch = DispatchId::of(ten(4)).text();
    const std::string release = ReleaseId::of(ten(5)).text();
    const std::string blob = BlobId::of(ten(6)).text();
    const std::string notice = NoticeId::of(ten(7)).text();
    const std::string incident = IncidentId::of(ten(8)).text();
    const std::string until = "2027-12-31T23:59:59Z";
    switch (kind) {
    case ActKind::found:
        return {{"party", "JPN"}, {"authority", "国家安全保障局"}};
    case ActKind::pair:
        return {{"peer", "UKR"},
                {"fingerprint", "amber-birch 12345"},
                {"confirmation", b64(8, 64)},
                {"peer_root", b64(9, 2624)}};
    case ActKind::enrol:
        return {{"person", person}, {"key", b64(1)}, {"name", "Кость Левицький"}};
    case ActKind::appoint:
        return {{"person", person}, {"role", "control-officer"}};
    case ActKind::clear:
        return {{"person", person}, {"level", "gokuhi"}, {"until", until}, {"authority", "NSS"}};
    case ActKind::grant:
        return {{"person", person},
                {"item", item},
                {"purpose", "liaison"},
                {"until", until},
                {"reason", "one\ntwo"}};
    case ActKind::accredit:
        return {{"peer", "UKR"}, {"level", "gokuhi"}, {"until", until}, {"reference", "A-17"}};
    case ActKind::enter:
        return {{"item", item},
                {"blob", blob},
                {"level", "gokuhi"},
                {"purpose", "liaison"},
                {"title", "報告"},
                {"label", b64(1, 300)},
                {"payload_root", b64(2)},
                {"form", "electronic"},
                {"authority", "NSS"},
                {"plain_bytes", 12345},
                {"copy", copy},
                {"sources", item},
                {"made_as", "translation"},
                {"language", "ja"},
                {"former", "№ 12/345т"},
                {"rights_ground", "leave of the maker, 2026-11-02"}};
    case ActKind::refuse_release:
        return {{"release_digest", b64(3)},
                {"item", item},
                {"recipient", "UKR"},
                {"terms", b64(4)},
                {"reason", "not needed"}};
    case ActKind::ask_release:
    case ActKind::approve_release:
        return {{"release_digest", b64(3)}, {"item", item},    {"recipient", "UKR"},
                {"level", "gokuhi"},        {"terms", b64(4)}, {"reason", ""},
                {"control", "originator"},  {"until", until}};
    case ActKind::dispatch:
        return {{"item", item},       {"recipient", "UKR"}, {"dispatch", dispatch},
                {"release", release}, {"copy", copy},       {"seals", "A-17,0042"},
                {"until", until}};
    case ActKind::arrive:
        return {{"dispatch", dispatch}, {"peer", "UKR"},
                {"item", item},         {"level", "ct"},
                {"purpose", "liaison"}, {"payload_root", b64(2)},
                {"statement", b64(3)},  {"blob", blob},
                {"copy", copy},         {"own_level", "hi"},
                {"label", b64(1, 9)},   {"label_sha256", b64(5)},
                {"title", "Звіт"},      {"number", "UKR-2026-9"},
                {"origin", "UKR"},      {"release", "JPN,UKR"},
                {"form", "paper"},      {"pages", 12},
                {"sheets", 6},          {"seals", "A-17,0042"},
                {"returns", dispatch},  {"control", "originator"}};
    case ActKind::custody_receipt:
        return {{"dispatch", dispatch},    {"item", item},
                {"statement", b64(3)},     {"payload_root", b64(2)},
                {"receipt", b64(1, 4700)}, {"number", "JPN-2026-0001"}};
    case ActKind::remark:
        return {{"item", item}, {"level", "hi"}, {"label", b64(1, 9)}, {"dispatch", dispatch}};
    case ActKind::open:
        return {
            {"item", item}, {"copy", copy}, {"purpose", "liaison"}, {"session_key", b64(1, 1700)}};
    case ActKind::export_copy:
        return {{"item", item},
                {"copy", copy},
                {"purpose", "liaison"},
                {"client", "otdfctl-1"},
                {"person", person},
                {"session_key", b64(1, 294)},
                {"rights_ground", "leave of the maker"}};
    case ActKind::print:
        return {{"item", item},
                {"copy", copy},
                {"print", CopyId::of(ten(9)).text()},
                {"purpose", "liaison"},
                {"due", until},
                {"reason", "the working group"},
                {"rights_ground", "leave of the maker"}};
    case ActKind::contents_receipt:
        return {{"dispatch", dispatch},  {"item", item},
                {"finding", "in-order"}, {"note", "гаразд"},
                {"statement", b64(3)},   {"payload_root", b64(2)},
                {"receipt", b64(1, 99)}, {"number", "JPN-2026-0001"}};
    case ActKind::close:
        return {{"dispatch", dispatch}, {"reason", "complete"}};
    case ActKind::correct:
        return {{"item", item},         {"reason", "miscounted"},
                {"title", "報告書"},    {"pages", 14},
                {"sheets", 7},          {"serial", "S-1"},
                {"disclosed_by", "a"},  {"disclosed_to", "b"},
                {"disclosed_at", until}};
    case ActKind::cancel:
        return {{"item", item}, {"reason", "entered twice"}};
    case ActKind::brief:
        return {{"person", person}, {"briefing", b64(8)}, {"reference", "SEC-1, 2026"}};
    case ActKind::debrief:
        return {{"person", person}, {"reason", "left"}};
    case ActKind::transfer:
        return {{"person", person}, {"employer", "外務省"}, {"reason", "secondment"}};
    case ActKind::facility:
        return {{"facility", "kasumigaseki-1"},
                {"name", "霞が関第一"},
                {"officer", person},
                {"deputy", PersonId::of(ten(7)).text()}};
    case ActKind::absence:
        return {{"person", person},
                {"from", "2026-12-01T00:00:00Z"},
                {"until", until},
                {"reason", "leave"}};
    case ActKind::assure:
        return {{"recipient", "UKR"}, {"level", "gokuhi"}, {"until", until}, {"reference", "N-3"}};
    case ActKind::record_assurance:
        return {{"peer", "UKR"}, {"level", "ct"}, {"until", until}, {"assurance", b64(1, 600)}};
    case ActKind::hand_over:
        return {{"dispatch", dispatch},   {"carrier", "Ковальчук"},
                {"reference", "C-17"},    {"at", until},
                {"finding", "intact"},    {"place", "Lviv"},
                {"note", "two envelopes"}};
    case ActKind::withdraw:
        return {{"dispatch", dispatch}, {"reason", "another copy"}};
    case ActKind::take_delivery:
        return {{"dispatch", dispatch},
                {"carrier", "Ковальчук"},
                {"finding", "broken"},
                {"reference", "C-17"},
                {"note", "the outer flap"}};
    case ActKind::consent:
        return {
            {"item", item}, {"recipient", "USA"}, {"until", until}, {"reason", "joint exercise"}};
    case ActKind::give_notice:
        return {{"type", "tracer"}, {"peer", "UKR"}, {"dispatch", dispatch}, {"item", item}};
    case ActKind::take_notice:
        return {{"notice", notice},
                {"type", "tracer"},
                {"peer", "UKR"},
                {"dispatch", dispatch},
                {"item", item}};
    case ActKind::trace:
        return {{"dispatch", dispatch}, {"note", "overdue"}};
    case ActKind::change_class:
        return {{"item", item}, {"level", "hi"}, {"reason", "no longer"}};
    case ActKind::acknowledge:
        return {{"notice", notice}, {"note", "marked"}};
    case ActKind::report_incident:
        return {{"item", item}, {"what", "loss"}, {"copy", copy}, {"note", "not in its place"}};
    case ActKind::investigate:
        return {{"incident", incident}, {"note", "left on a train"}};
    case ActKind::report:
        return {{"incident", incident}, {"note", "no more trains"}};
    case ActKind::close_incident:
        return {{"incident", incident}, {"note", ""}};
    case ActKind::permit_opening:
        return {{"dispatch", dispatch}, {"item", item},   {"copy", copy},
                {"reader", b64(6)},     {"level", "ct"},  {"opening", "17"},
                {"asked", b64(7)},      {"until", until}, {"session_key", b64(1, 1700)},
                {"by", "client"}};
    case ActKind::recall:
        return {{"item", item}, {"ground", "sent in error"}};
    case ActKind::answer_recall:
        return {{"notice", notice}, {"answer", "1,0,0,2,0"}, {"note", "read before"}};
    case ActKind::narrow:
        return {{"dispatch", dispatch}, {"readers", b64(6)}, {"until", until}, {"reason", "moved"}};
    case ActKind::revoke:
        return {{"what", "grant"},
                {"person", person},
                {"item", item},
                {"purpose", "liaison"},
                {"reason", "left"}};
    case ActKind::container:
        return {{"container", ContainerId::of(ten(7)).text()},
                {"level", "gokuhi"},
                {"access", person + "," + PersonId::of(ten(2)).text()},
                {"controls", "alarm,locked"},
                {"name", "金庫 2"}};
    case ActKind::store:
        return {{"item", item}, {"copy", copy}, {"container", ContainerId::of(ten(7)).text()}};
    case ActKind::copy:
        return {{"item", item},    {"copy", copy},
                {"form", "paper"}, {"reason", "the working group"},
                {"pages", 12},     {"rights_ground", "leave of the maker"}};
    case ActKind::issue:
        return {{"item", item},
                {"copy", copy},
                {"person", person},
                {"purpose", "liaison"},
                {"due", until}};
    case ActKind::take_back:
        return {{"item", item}, {"copy", copy}, {"pages", 12}, {"note", "whole"}};
    case ActKind::witness_destruction:
        return {{"item", item}, {"copy", copy}, {"method", "shredding"}, {"pages", 12}};
    case ActKind::destroy:
        return {{"item", item},          {"copy", copy},
                {"method", "shredding"}, {"reference", "review of 2026"},
                {"place", "Tokyo"},      {"pages", 12},
                {"reason", "one\ntwo"}};
    case ActKind::certify_destruction:
        return {{"item", item},
                {"copy", copy},
                {"finding", "destroyed"},
                {"note", "гаразд"},
                {"modification_report", b64(6)}};
    case ActKind::begin_muster:
        return {{"level", "gokuhi"},
                {"container", ContainerId::of(ten(7)).text()},
                {"percent", 5},
                {"note", "棚卸し"}};
    case ActKind::count:
        return {{"muster", MusterId::of(ten(8)).text()},
                {"copies", copy},
                {"finding", "present"},
                {"note", "shelf 2"}};
    case ActKind::close_muster:
        return {{"muster", MusterId::of(ten(8)).text()}, {"note", ""}};
    case ActKind::adopt_terms:
        return {
            {"adopted", b64(6)}, {"as", "arrangement"}, {"from", until}, {"text", b64(1, 2000)}};
    case ActKind::put_in_force:
        return {{"adopted", b64(6)}};
    case ActKind::terminate:
        return {{"ends", until}, {"reference", "note verbale 12"}};
    case ActKind::ask_laws:
        return {{"peer", "UKR"}, {"note", "before the exercise"}};
    case ActKind::law:
        return {{"law", "jp-108-2013"}, {"edition", "2026-1"},
                {"from", until},        {"text", b64(6)},
                {"affects", "yes"},     {"title", "特定秘密の保護に関する法律"},
                {"note", "article 5"}};
    case ActKind::recover:
        return {
            {"epoch", "2"}, {"held", "12"}, {"root", b64(6)}, {"signed", "34"}, {"mirror", "yes"}};
    case ActKind::reconcile:
        return {{"recon", b64(6)}, {"own", "12"}, {"theirs", "34"}, {"text", b64(1, 2000)}};
    case ActKind::countersign:
        return {{"recon", b64(6)},
                {"own", "12"},
                {"theirs", "34"},
                {"text", b64(1, 2000)},
                {"countersigned", b64(2, 3000)}};
    case ActKind::shred:
        return {{"of", "grant"},
                {"events", "4,17,205"},
                {"basis", "retention-ended"},
                {"reference", "文書管理規程 12"},
                {"item", item}};
    case ActKind::passkey:
        return {{"person", person}, {"passkey", to_base64(passkey_signer())}};
    case ActKind::review_purpose:
        return {{"item", item}, {"finding", "kept"}, {"reason", "in use"}, {"next", until}};
    }
    return {};
}

inline Act act(ActKind kind, Bytes signer = {}) {
    ActNonce nonce{};
    nonce.fill(0x5a);
    return must(Act::make(kind, "JPN", hash(0x11), at(), std::move(signer), content(kind), nonce));
}

inline SignedAct signed_act(ActKind kind) {
    const auto signer = key();
    return must(SignedAct::make(act(kind, signer.public_bytes()), signer));
}

inline SkeletonFields fields_of(const Skeleton& skeleton) {
    return {skeleton.seq(),    skeleton.kind(),   skeleton.stage(),  skeleton.actor(),
            skeleton.minute(), skeleton.terms(),  skeleton.permit(), skeleton.ids(),
            skeleton.facts(),  skeleton.clauses()};
}

// Writes events one after the other, each with the next number and minute.
class Story {
public:
    Result<void> add(ActKind kind, Stage stage, TextMap ids, TextMap facts,
                     std::string actor = kRegistryActor,
                     std::optional<std::uint64_t> permit = std::nullopt) {
        SkeletonFields fields;
        fields.seq = state.next_seq();
        fields.kind = kind;
        fields.stage = stage;
        fields.actor = std::move(actor);
        fields.minute = at(static_cast<std::int64_t>(fields.seq));
        fields.terms = hash(0x11);
        fields.permit = permit;
        fields.ids = std::move(ids);
        fields.facts = std::move(facts);
        fields.clauses = {{"need-to-know", ClauseFinding::pass}};
        TRY_ASSIGN(Skeleton skeleton, Skeleton::make(std::move(fields)));
        TRY(state.apply(skeleton));
        Opening opening;
        TRY(opening.add("title", "a title"));
        TRY(opening.add("reason", "a reason"));
        events.push_back({std::move(skeleton), std::move(opening)});
        return {};
    }
    // Permit and outcome in two events.
    Result<void> carry_out(ActKind kind, const TextMap& ids, const TextMap& facts,
                           const TextMap& later = {}, const std::string& actor = kRegistryActor,
                           Stage outcome = Stage::done) {
        const std::uint64_t seq = state.next_seq();
        TRY(add(kind, Stage::permitted, ids, facts, actor));
        return add(kind, outcome, ids, later, kRegistryActor, seq);
    }

    State state;
    std::vector<Event> events;
};

struct Cast {
    std::string officer = PersonId::of(ten(0x10)).text();
    std::string first = PersonId::of(ten(0x11)).text();
    std::string second = PersonId::of(ten(0x12)).text();
    std::string item = ItemId::of(ten(0x20)).text();
    std::string copy = CopyId::of(ten(0x21)).text();
    std::string got = ItemId::of(ten(0x22)).text();
    std::string got_copy = CopyId::of(ten(0x23)).text();
    std::string out = DispatchId::of(ten(0x24)).text();
    std::string in = DispatchId::of(ten(0x25)).text();
    Hash32 digest = hash(0x30);
    std::string release = release_id(hash(0x30)).text();

    TextMap entry(const std::string& number) const {
        return {{"level", "gokuhi"},
                {"purpose", "liaison"},
                {"origin", "JPN"},
                {"number", number},
                {"payload_root", b64(2)},
                {"label_sha256", b64(3)},
                {"blob", BlobId::of(ten(6)).text()},
                {"release", "UKR"}};
    }
    TextMap arrival(const std::string& number) const {
        return {{"purpose", "liaison"},
                {"number", number},
                {"payload_root", b64(4)},
                {"label_sha256", b64(5)},
                {"blob", BlobId::of(ten(7)).text()},
                {"doc", b64(6)}};
    }
};

// Founded, paired, three persons of whom two may release, one item entered.
inline Result<void> up_to_entry(Story& s, const Cast& c) {
    TRY(s.add(ActKind::found, Stage::done, {}, {{"party", "JPN"}, {"authority", "NSS"}}));
    TRY(s.add(ActKind::pair, Stage::permitted, {}, {{"peer", "UKR"}, {"root", b64(1)}}));
    TRY(s.add(ActKind::accredit, Stage::permitted, {},
              {{"peer", "UKR"}, {"level", "gokuhi"}, {"until", at(100000).text()}}));
    Byte fill = 0x40;
    for (const std::string& person : {c.officer, c.first, c.second}) {
        TRY(s.add(ActKind::enrol, Stage::permitted, {{"person", person}}, {{"key", b64(fill++)}}));
        TRY(s.add(ActKind::clear, Stage::permitted, {{"person", person}},
                  {{"level", "gokuhi"}, {"until", at(100000).text()}, {"authority", "NSS"}}));
    }
    TRY(s.add(ActKind::appoint, Stage::permitted, {{"person", c.officer}},
              {{"role", "control-officer"}}));
    for (const std::string& person : {c.first, c.second})
        TRY(s.add(ActKind::appoint, Stage::permitted, {{"person", person}},
                  {{"role", "releasing-authority"}}));
    return s.carry_out(ActKind::enter, {{"item", c.item}, {"copy", c.copy}},
                       c.entry("JPN-2026-0001"), {}, c.officer);
}

inline Result<void> approve(Story& s, const Cast& c, const std::string& person) {
    return s.add(ActKind::approve_release, Stage::permitted,
                 {{"item", c.item}, {"release", c.release}},
                 {{"release_digest", to_base64(c.digest)}, {"recipient", "UKR"}}, person);
}

inline TextMap out_ids(const Cast& c) {
    return {{"item", c.item}, {"dispatch", c.out}, {"release", c.release}};
}

inline Result<void> whole_sending(Story& s, const Cast& c) {
    TRY(approve(s, c, c.first));
    TRY(approve(s, c, c.second));
    TRY(s.carry_out(ActKind::dispatch, out_ids(c), {{"recipient", "UKR"}, {"level", "gokuhi"}},
                    {{"doc", b64(9)}}, c.officer));
    TRY(s.add(ActKind::custody_receipt, Stage::done, {{"dispatch", c.out}}, {{"doc", b64(9)}}));
    TRY(s.add(ActKind::contents_receipt, Stage::done, {{"dispatch", c.out}},
              {{"finding", "in-order"}}));
    return s.add(ActKind::close, Stage::permitted, {{"dispatch", c.out}}, {}, c.officer);
}

inline Result<void> whole_receiving(Story& s, const Cast& c) {
    TRY(s.carry_out(ActKind::arrive, {{"item", c.got}, {"copy", c.got_copy}, {"dispatch", c.in}},
                    {{"peer", "UKR"}, {"level", "ct"}}, c.arrival("JPN-2026-0002")));
    TRY(s.carry_out(ActKind::custody_receipt, {{"dispatch", c.in}}, {}));
    TRY(s.carry_out(ActKind::remark, {{"item", c.got}, {"dispatch", c.in}}, {{"level", "gokuhi"}}));
    TRY(s.add(ActKind::grant, Stage::permitted, {{"person", c.first}, {"item", c.got}},
              {{"purpose", "liaison"}, {"until", at(1000).text()}}, c.officer));
    TRY(s.carry_out(ActKind::open, {{"item", c.got}, {"copy", c.got_copy}},
                    {{"purpose", "liaison"}}, {}, c.first));
    return s.carry_out(ActKind::contents_receipt, {{"dispatch", c.in}, {"item", c.got}},
                       {{"finding", "discrepancy"}}, {}, c.first);
}

} // namespace valise::logbook::sample
