// SPDX-License-Identifier: Apache-2.0
#include "world.h"

#include "logbook/act.h"

#include <cstdio>
#include <cstdlib>

namespace valise::bench {

using logbook::ActKind;
using logbook::Stage;
using logbook::TextMap;

namespace {

Bytes ten(int kind, int n) {
    Bytes out(10, static_cast<Byte>(kind));
    for (std::size_t i = 0; i < 4; ++i)
        out[9 - i] = static_cast<Byte>(n >> (8 * i));
    return out;
}

const std::string kOfficer = person_id(0).text();

} // namespace

PersonId person_id(int n) {
    return PersonId::of(ten(1, n));
}
Bytes person_key(int n) {
    Bytes out(32, 7);
    out[0] = static_cast<Byte>(n);
    out[1] = static_cast<Byte>(n >> 8);
    return out;
}
ItemId item_id(int n) {
    return ItemId::of(ten(2, n));
}
CopyId copy_id(int n) {
    return CopyId::of(ten(3, n));
}
DispatchId dispatch_id(int n) {
    return DispatchId::of(ten(4, n));
}
Hash32 some_hash(int n) {
    Hash32 out{};
    out[0] = static_cast<Byte>(n);
    out[1] = static_cast<Byte>(n >> 8);
    out[31] = 1;
    return out;
}
Time time_of(const char* text) {
    return must(Time::parse(text));
}

void World::at(const char* day) {
    minute_ = time_of(day);
}

void World::happen(ActKind kind, const std::string& actor, TextMap ids, TextMap facts,
                   Stage stage) {
    logbook::SkeletonFields fields;
    fields.seq = state_.next_seq();
    fields.kind = kind;
    fields.stage = stage;
    fields.actor = actor;
    fields.minute = minute_;
    fields.terms = terms_.digest();
    if (stage == Stage::done && !logbook::may_skip_permit(kind))
        fields.permit = state_.next_seq() - 1;
    fields.ids = std::move(ids);
    fields.facts = std::move(facts);
    must(state_.apply(must(logbook::Skeleton::make(std::move(fields)))));
}

void World::happen_whole(ActKind kind, const std::string& actor, const TextMap& ids,
                         const TextMap& facts) {
    happen(kind, actor, ids, facts);
    happen(kind, actor, ids, {}, Stage::done);
}

void World::enrol(int person, const char* role) {
    const TextMap ids = {{"person", person_id(person).text()}};
    happen(ActKind::enrol, kOfficer, ids, {{"key", to_base64(person_key(person))}});
    happen(ActKind::appoint, kOfficer, ids, {{"role", role}});
}

void World::clear(int person, const char* level, const char* until) {
    happen(ActKind::clear, kOfficer, {{"person", person_id(person).text()}},
           {{"level", level}, {"until", until}});
}

void World::brief(int person) {
    happen(ActKind::brief, person_id(person).text(), {{"person", person_id(person).text()}},
           {{"briefing", to_base64(some_hash(1))}});
}

void World::grant(int person, int item, const char* purpose, const char* until) {
    happen(ActKind::grant, kOfficer,
           {{"person", person_id(person).text()}, {"item", item_id(item).text()}},
           {{"purpose", purpose}, {"until", until}});
}

void World::enter(int item, const char* level, const char* release) {
    TextMap facts = {{"level", level},
                     {"purpose", "exercise"},
                     {"origin", "XEX"},
                     {"number", state_.next_number(logbook::year_of(minute_))},
                     {"payload_root", to_base64(some_hash(item))},
                     {"label_sha256", to_base64(some_hash(item + 1))},
                     {"blob", BlobId::of(ten(5, item)).text()}};
    if (*release != '\0')
        facts["release"] = release;
    happen_whole(ActKind::enter, person_id(4).text(),
                 {{"item", item_id(item).text()}, {"copy", copy_id(item).text()}}, facts);
}

void World::receive(int item, bool mark) {
    happen(ActKind::arrive, logbook::kRegistryActor,
           {{"dispatch", dispatch_id(item).text()},
            {"item", item_id(item).text()},
            {"copy", copy_id(item).text()}},
           {{"peer", "XBO"},
            {"level", "ultra-zekret"},
            {"purpose", "exercise"},
            {"number", state_.next_number(logbook::year_of(minute_))},
            {"payload_root", to_base64(some_hash(item))},
            {"label_sha256", to_base64(some_hash(item + 1))},
            {"blob", BlobId::of(ten(5, item)).text()},
            {"doc", to_base64(some_hash(item + 2))},
            {"release", "XBO,XEX"}},
           Stage::done);
    happen(ActKind::custody_receipt, logbook::kRegistryActor,
           {{"dispatch", dispatch_id(item).text()}}, {}, Stage::done);
    if (mark)
        happen(ActKind::remark, kOfficer, {{"item", item_id(item).text()}}, {{"level", "sealed"}},
               Stage::done);
}

void World::approve(int person, int item) {
    const Hash32 digest = release_digest(item, "XBO");
    happen(ActKind::approve_release, person_id(person).text(),
           {{"item", item_id(item).text()}, {"release", logbook::release_id(digest).text()}},
           {{"release_digest", to_base64(digest)}, {"recipient", "XBO"}});
}

Hash32 World::release_digest(int item, const std::string& recipient) const {
    const logbook::Item* known = state_.item(item_id(item));
    return logbook::release_digest(
        item_id(item), known == nullptr ? some_hash(item) : known->payload_root,
        known == nullptr ? some_hash(item + 1) : known->label_sha256, recipient, terms_.digest());
}

} // namespace valise::bench
