// SPDX-License-Identifier: Apache-2.0
#include "agreement/internal/test_world.h"
#include "crypto/passkey_test_support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace valise::agreement::test {

using logbook::ActKind;
using logbook::Stage;
using logbook::TextMap;

std::string terms_file(const std::string& name) {
    std::ifstream in(std::string(VALISE_SOURCE_DIR) + "/agreements/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

namespace {

Bytes ten(int kind, int n) {
    Bytes out(10, static_cast<Byte>(n));
    out[0] = static_cast<Byte>(kind);
    return out;
}

template<class T> T must_have(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().text());
    return std::move(*result);
}

void must_do(Result<void> result) {
    if (!result)
        throw std::runtime_error(result.error().text());
}

} // namespace

PersonId person(Who who) {
    return PersonId::of(ten(1, who));
}
Bytes key(Who who) {
    return Bytes(32, static_cast<Byte>(100 + who));
}
ItemId item(int n) {
    return ItemId::of(ten(2, n));
}
CopyId copy(int n) {
    return CopyId::of(ten(3, n));
}
DispatchId dispatch_id(int n) {
    return DispatchId::of(ten(4, n));
}
BlobId blob(int n) {
    return BlobId::of(ten(5, n));
}
ContainerId container(int n) {
    return ContainerId::of(ten(6, n));
}
TextMap copy_ids(int n, int copy_n) {
    return {{"item", item(n).text()}, {"copy", copy(copy_n).text()}};
}
Hash32 hash(int n) {
    Hash32 out{};
    out.fill(static_cast<Byte>(n));
    return out;
}
std::string b64(const Hash32& value) {
    return to_base64(value);
}
Time day(const char* text) {
    return must_have(Time::parse(text));
}

void World::happen(ActKind kind, const std::string& actor, TextMap ids, TextMap facts, Stage stage,
                   const char* at) {
    logbook::SkeletonFields fields;
    fields.seq = state.next_seq();
    fields.kind = kind;
    fields.stage = stage;
    fields.actor = actor;
    fields.minute = std::max(day(at), state.last_minute());
    fields.terms = terms.digest();
    if (stage == Stage::done) // of the newest open permit of its kind, where there is one
        for (const auto& [seq, permit] : state.open_permits())
            if (permit.kind == kind)
                fields.permit = seq;
    fields.ids = std::move(ids);
    fields.facts = std::move(facts);
    must_do(state.apply(must_have(logbook::Skeleton::make(fields))));
}

void World::enrol(Who who, const char* role) {
    happen(ActKind::enrol, person(officer).text(), {{"person", person(who).text()}},
           {{"key", to_base64(key(who))}});
    if (role != nullptr)
        happen(ActKind::appoint, person(officer).text(), {{"person", person(who).text()}},
               {{"role", role}});
}

void World::clear(Who who, const std::string& level, const std::string& until) {
    happen(ActKind::clear, person(clearer).text(), {{"person", person(who).text()}},
           {{"level", level}, {"until", until}});
}

void World::grant(Who who, int n, const std::string& purpose, const std::string& until) {
    happen(ActKind::grant, person(officer).text(),
           {{"person", person(who).text()}, {"item", item(n).text()}},
           {{"purpose", purpose}, {"until", until}});
}

void World::brief(Who who) {
    happen(ActKind::brief, person(who).text(), {{"person", person(who).text()}},
           {{"briefing", b64(hash(1))}});
}

void World::facility(Who head, Who second) {
    happen(
        ActKind::facility, person(officer).text(), {},
        {{"facility", "f-1"}, {"officer", person(head).text()}, {"deputy", person(second).text()}});
}

void World::absent(Who who, const std::string& from, const std::string& until) {
    happen(ActKind::absence, person(who).text(), {{"person", person(who).text()}},
           {{"from", from}, {"until", until}});
}

void World::assure(const std::string& level, const std::string& until) {
    happen(ActKind::record_assurance, person(officer).text(), {},
           {{"peer", "XBO"}, {"level", level}, {"until", until}});
}

void World::accredit(const std::string& level, const std::string& until) {
    happen(ActKind::accredit, person(officer).text(), {},
           {{"peer", "XBO"}, {"level", level}, {"until", until}});
}

void World::contain(int n, const std::string& level, std::vector<Who> access) {
    access.push_back(officer);
    std::set<std::string> ids;
    for (const Who who : access)
        ids.insert(person(who).text());
    std::string list;
    for (const std::string& id : ids)
        list += (list.empty() ? "" : ",") + id;
    happen(ActKind::container, person(officer).text(), {{"container", container(n).text()}},
           {{"level", level}, {"access", list}, {"controls", kEveryControl}});
}

void World::store(int n, int copy_n, int container_n) {
    TextMap ids = copy_ids(n, copy_n);
    ids["container"] = container(container_n).text();
    happen(ActKind::store, person(officer).text(), ids, {});
}

void World::reproduce(int n, int copy_n, int number, const char* form) {
    TextMap facts = {{"form", form}, {"copy_number", std::to_string(number)}};
    if (std::string_view(form) == "paper")
        facts["pages"] = "3";
    happen(ActKind::copy, person(officer).text(), copy_ids(n, copy_n), facts);
}

void World::order(int n, int copy_n, int number) {
    happen(ActKind::copy, person(officer).text(), copy_ids(n, copy_n),
           {{"form", "paper"}, {"copy_number", std::to_string(number)}});
}

void World::issue(int n, int copy_n, Who who, const std::string& due) {
    TextMap ids = copy_ids(n, copy_n);
    ids["person"] = person(who).text();
    happen(ActKind::issue, person(officer).text(), ids, {{"purpose", "exercise"}, {"due", due}});
}

void World::take_back(int n, int copy_n) {
    happen(ActKind::take_back, person(officer).text(), copy_ids(n, copy_n), {});
}

void World::witness(Who who, int n, int copy_n, const std::string& method, const char* at) {
    happen(ActKind::witness_destruction, person(who).text(), copy_ids(n, copy_n),
           {{"method", method}}, Stage::permitted, at);
}

void World::review(int n, const std::string& finding, const std::string& next) {
    TextMap facts = {{"finding", finding}};
    if (!next.empty())
        facts["next"] = next;
    happen(ActKind::review_purpose, person(officer).text(), {{"item", item(n).text()}}, facts);
}

void World::enter(int n, const std::string& level, const std::string& release,
                  bool copying_reserved, const std::string& rights) {
    const TextMap ids = {{"item", item(n).text()}, {"copy", copy(n).text()}};
    TextMap facts = {{"level", level},
                     {"purpose", "exercise"},
                     {"origin", "XEX"},
                     {"number", state.next_number(2026)},
                     {"payload_root", b64(hash(n))},
                     {"label_sha256", b64(hash(n + 50))},
                     {"blob", blob(n).text()}};
    if (!release.empty())
        facts["release"] = release;
    if (copying_reserved)
        facts["copying"] = "reserved";
    if (!rights.empty())
        facts["rights"] = rights;
    happen(ActKind::enter, person(author).text(), ids, facts);
    happen(ActKind::enter, person(author).text(), ids, facts, Stage::done);
}

void World::enter_described(int n, const std::string& form) {
    const TextMap ids = {{"item", item(n).text()}, {"copy", copy(n).text()}};
    const TextMap facts = {{"level", "guarded"},   {"purpose", "exercise"},
                           {"origin", "XEX"},      {"number", state.next_number(2026)},
                           {"release", "XBO,XEX"}, {"label_sha256", b64(hash(n + 50))},
                           {"form", form}};
    happen(ActKind::enter, person(author).text(), ids, facts);
    happen(ActKind::enter, person(author).text(), ids, {}, Stage::done);
}

void World::correct(int n, const std::string& members) {
    happen(ActKind::correct, person(officer).text(), {{"item", item(n).text()}},
           {{"entry", std::to_string(state.item(item(n))->event)}, {"members", members}});
}

void World::cancel(int n) {
    happen(ActKind::cancel, person(officer).text(), {{"item", item(n).text()}},
           {{"entry", std::to_string(state.item(item(n))->event)}});
}

Hash32 World::release_digest(int n, const std::string& recipient) const {
    const logbook::Item* known = state.item(item(n));
    return logbook::release_digest(item(n), known == nullptr ? hash(n) : known->payload_root,
                                   hash(n + 50), recipient, terms.digest());
}

ReleaseId World::release(int n, const std::string& recipient) const {
    return logbook::release_id(release_digest(n, recipient));
}

void World::approve(Who who, int n, const std::string& recipient, bool by_passkey) {
    TextMap facts = {{"release_digest", b64(release_digest(n, recipient))},
                     {"recipient", recipient}};
    if (by_passkey)
        facts["signed_by"] = "passkey";
    happen(ActKind::approve_release, person(who).text(),
           {{"item", item(n).text()}, {"release", release(n, recipient).text()}}, facts);
}

void World::receive(int n, bool mark, bool control) {
    const std::string level = "ultra-zekret";
    TextMap kept;
    if (control)
        kept["control"] = "originator";
    kept.insert({{"peer", "XBO"},
                 {"level", level},
                 {"purpose", "exercise"},
                 {"number", state.next_number(2026)},
                 {"payload_root", b64(hash(n))},
                 {"label_sha256", b64(hash(n + 50))},
                 {"blob", blob(n).text()},
                 {"doc", b64(hash(n + 100))},
                 {"release", "XBO,XEX"}});
    happen(
        ActKind::arrive, logbook::kRegistryActor,
        {{"dispatch", dispatch_id(n).text()}, {"item", item(n).text()}, {"copy", copy(n).text()}},
        kept, Stage::done);
    happen(ActKind::custody_receipt, logbook::kRegistryActor, {{"dispatch", dispatch_id(n).text()}},
           {}, Stage::done);
    if (mark)
        happen(ActKind::remark, person(officer).text(), {{"item", item(n).text()}},
               {{"level", "sealed"}}, Stage::done);
}

void World::send(bool control) {
    const TextMap ids = {{"item", item(1).text()},
                         {"dispatch", dispatch_id(1).text()},
                         {"release", release(1).text()}};
    TextMap facts = {{"recipient", "XBO"}, {"level", "sealed"}};
    if (control)
        facts["control"] = "originator";
    happen(ActKind::dispatch, person(officer).text(), ids, facts);
    happen(ActKind::dispatch, person(officer).text(), ids, {{"doc", b64(hash(101))}}, Stage::done);
}

void World::receipts() {
    happen(ActKind::custody_receipt, logbook::kRegistryActor, {{"dispatch", dispatch_id(1).text()}},
           {}, Stage::done);
    happen(ActKind::contents_receipt, logbook::kRegistryActor,
           {{"dispatch", dispatch_id(1).text()}}, {{"finding", "in-order"}}, Stage::done);
}

Bytes passkey_of(Who who) {
    static std::map<Who, crypto::testing::TestPasskey> made;
    return made.try_emplace(who).first->second.signer().bytes();
}

void World::ask_passkey(Who who) {
    happen(ActKind::passkey, person(who).text(), {{"person", person(who).text()}},
           {{"passkey", to_base64(passkey_of(who))}});
}

Bytes World::passkey(Who who) {
    ask_passkey(who);
    happen(ActKind::passkey, person(who == officer ? deputy : officer).text(),
           {{"person", person(who).text()}}, {{"passkey", to_base64(passkey_of(who))}});
    return passkey_of(who);
}

World::World(const Terms& t, bool whole) : terms(t) {
    if (!whole)
        return;
    happen(ActKind::found, logbook::kRegistryActor, {}, {{"party", "XEX"}}, Stage::done);
    enrol(officer, "control-officer");
    enrol(clearer, "clearance-officer");
    enrol(releaser, "releasing-authority");
    enrol(second_releaser, "releasing-authority");
    enrol(author, "originator");
    enrol(reader, "reader");
    enrol(admin, "administrator");
    happen(ActKind::pair, person(officer).text(), {}, {{"peer", "XBO"}, {"root", b64(hash(9))}});
    accredit("crown", "2027-12-31T00:00:00Z");
    assure("ultra-zekret", "2045-12-31T00:00:00Z");
    enter(1, "sealed");
    approve(releaser, 1);
    approve(author, 1);
    receive(2, true);
    receive(3, false);
    clear(reader, "sealed", "2027-06-30T00:00:00Z");
    for (const Who who : {officer, clearer, releaser, second_releaser, author, reader, admin})
        brief(who);
    enrol(deputy);
    facility(officer, deputy);
    grant(reader, 1, "exercise", "2027-06-30T00:00:00Z");
    grant(reader, 2, "exercise", "2027-06-30T00:00:00Z");
    grant(reader, 3, "exercise", "2027-06-30T00:00:00Z");
}

Case::Case(const Terms& t, ActKind k, bool whole)
    : world(t, whole), terms(t), kind(k), content(Json::object()), now(day(kNow)) {}

Decision Case::decide() const {
    const auto act = logbook::Act::make(kind, party, terms.digest(), now,
                                        !passkey.empty() ? passkey
                                        : signer         ? key(*signer)
                                                         : Bytes{},
                                        content, {});
    return agreement::decide(terms, world.state, must_have(act), now);
}

void run(ActKind kind, const std::vector<Row>& rows, const std::function<void(Case&)>& ordinary,
         bool whole) {
    const Terms terms = must_have(Terms::parse(view(terms_file("examplia-borduria.toml"))));
    const auto clauses = clauses_for(kind);
    for (const Row& row : rows) {
        SCOPED_TRACE(row.situation);
        Case c(terms, kind, whole);
        ordinary(c);
        row.change(c);
        const Decision decision = c.decide();
        std::string refused;
        for (const Consulted& consulted : decision.refusals())
            refused.append(refused.empty() ? "" : ", ").append(consulted.clause);
        EXPECT_EQ(refused, row.refused);
        EXPECT_EQ(decision.reason(), row.reason);
        EXPECT_EQ(decision.permitted(), refused.empty());
        if (!decision.permitted()) {
            EXPECT_TRUE(decision.duties.empty());
        }
        ASSERT_EQ(decision.consulted.size(), clauses.size());
        for (std::size_t i = 0; i < clauses.size(); ++i)
            EXPECT_EQ(decision.consulted[i].clause, clauses[i].first);
    }
}

} // namespace valise::agreement::test
