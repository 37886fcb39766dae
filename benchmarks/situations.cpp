// SPDX-License-Identifier: Apache-2.0
#include "situations.h"

#include "measure.h"
#include "world.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace valise::bench {

using logbook::ActKind;
using logbook::Stage;

namespace {

enum Who {
    officer,
    clearer,
    releaser,
    second_releaser,
    author,
    reader,
    entitled_admin, // cleared and granted, like anybody
    plain_admin,
    lapsed,    // the clearance ran out
    moved,     // to another employer
    unbriefed, // never acknowledged what they were told
    lower,     // cleared, not high enough
    revoked,
    stranger, // enrolled nowhere
    nobody,   // attested by the registry
};
constexpr int kPersons = stranger; // enrolled
constexpr int kItems = 13;         // 1 to 12, and 13 which nobody entered
constexpr int kCrowd = 200;        // persons besides, so that a lookup has something to look in
constexpr int kShelf = 2000;       // items besides

agreement::Terms terms_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    return must(agreement::Terms::parse(view(text)));
}

void fill_people(World& world) {
    constexpr const char* kRoles[] = {"control-officer",
                                      "clearance-officer",
                                      "releasing-authority",
                                      "releasing-authority",
                                      "originator",
                                      "reader",
                                      "administrator",
                                      "administrator",
                                      "reader",
                                      "reader",
                                      "reader",
                                      "reader",
                                      "releasing-authority"};
    for (int who = officer; who < kPersons; ++who) {
        world.enrol(who, kRoles[who]);
        if (who != plain_admin && who != releaser)
            world.clear(who, who == lower ? "guarded" : "sealed",
                        who == lapsed ? "2026-11-21T00:00:00Z" : "2029-06-30T00:00:00Z");
        if (who != unbriefed)
            world.brief(who);
    }
    for (int n = 1000; n < 1000 + kCrowd; ++n) {
        world.enrol(n, "reader");
        world.clear(n, "guarded", "2028-06-30T00:00:00Z");
        world.brief(n);
    }
}

void fill_items(World& world) {
    world.enter(1, "sealed", "XBO,XEX");
    world.receive(2, true);
    world.receive(3, false);
    world.receive(12, true);
    world.enter(5, "sealed", "XBO,XEX");
    world.enter(6, "guarded", "XBO,XEX");
    world.enter(7, "sealed", "XBO,XEX");
    world.enter(8, "crown", "XBO,XEX");
    world.enter(9, "guarded", "");
    world.enter(10, "guarded", "XBO,XEX");
    world.enter(11, "guarded", "XBO,XEX");
    world.happen_whole(ActKind::enter, person_id(author).text(),
                       {{"item", item_id(4).text()}, {"copy", copy_id(4).text()}},
                       {{"level", "guarded"},
                        {"purpose", "umbrella-defence"},
                        {"origin", "XEX"},
                        {"number", world.state().next_number(2026)},
                        {"release", "XBO,XEX"},
                        {"label_sha256", to_base64(some_hash(5))},
                        {"form", "paper"},
                        {"pages", "3"}});
    for (int n = 1000; n < 1000 + kShelf; ++n)
        world.enter(n, "guarded", "XEX");
}

void fill_dossiers(World& world) {
    for (const int who : {officer, clearer, author, reader, entitled_admin, lapsed, moved,
                          unbriefed, lower, revoked}) {
        for (const int item : {1, 2, 3, 4, 6, 7, 8, 10, 11, 12})
            world.grant(who, item, "exercise",
                        item == 10 ? "2026-11-22T00:00:00Z" : "2027-06-30T00:00:00Z");
        world.grant(who, 9, "umbrella-defence", "2027-06-30T00:00:00Z");
        world.grant(who, 11, "umbrella-defence", "2026-11-22T00:00:00Z");
    }
    world.approve(releaser, 1);
    world.approve(author, 9);
    world.approve(releaser, 10);
    const std::string release = logbook::release_id(world.release_digest(10, "XBO")).text();
    world.happen(
        ActKind::refuse_release, person_id(second_releaser).text(),
        {{"item", item_id(10).text()}, {"release", release}},
        {{"release_digest", to_base64(world.release_digest(10, "XBO"))}, {"recipient", "XBO"}});
    const auto about = [](const char* member, const std::string& id) {
        return logbook::TextMap{{member, id}};
    };
    world.happen(ActKind::cancel, person_id(officer).text(), about("item", item_id(5).text()),
                 {{"entry", std::to_string(world.state().item(item_id(5))->event)}});
    world.happen(ActKind::change_class, person_id(releaser).text(),
                 about("item", item_id(7).text()), {{"level", "guarded"}});
    world.happen(ActKind::report_incident, person_id(reader).text(),
                 {{"item", item_id(6).text()},
                  {"copy", copy_id(6).text()},
                  {"incident", IncidentId::of(some_hash(6)).text()}},
                 {{"what", "loss"}});
    world.happen(ActKind::take_notice, logbook::kRegistryActor,
                 {{"notice", NoticeId::of(some_hash(12)).text()},
                  {"dispatch", dispatch_id(12).text()},
                  {"item", item_id(12).text()}},
                 {{"type", "class-change"}, {"peer", "XBO"}, {"level", "zekret"}}, Stage::done);
    world.happen(ActKind::transfer, person_id(officer).text(),
                 about("person", person_id(moved).text()), {});
    world.happen(ActKind::revoke, person_id(officer).text(),
                 about("person", person_id(revoked).text()), {{"what", "person"}});
}

World fill(const agreement::Terms& terms) {
    World world(terms);
    world.at("2026-11-20T08:00:00Z");
    world.happen(ActKind::found, logbook::kRegistryActor, {}, {{"party", "XEX"}}, Stage::done);
    fill_people(world);
    world.happen(ActKind::pair, person_id(officer).text(), {},
                 {{"peer", "XBO"}, {"root", to_base64(some_hash(9))}});
    fill_items(world);
    fill_dossiers(world);
    return world;
}

logbook::Act act_of(const Situations& s, ActKind kind, int who, Json content, Time now) {
    return must(logbook::Act::make(kind, s.terms.parties().front().code, s.terms.digest(), now,
                                   who == nobody ? Bytes{} : person_key(who), std::move(content),
                                   {}));
}

void add_openings(Situations& s) {
    for (const char* when : {"2026-11-24T09:30:00Z", "2028-01-10T09:30:00Z"})
        for (int who = officer; who <= nobody; ++who)
            for (int item = 1; item <= kItems; ++item)
                for (const char* purpose : {"exercise", "umbrella-defence"})
                    for (const int copy : {item, item % kItems + 1}) {
                        Json content = {{"item", item_id(item).text()},
                                        {"copy", copy_id(copy).text()},
                                        {"purpose", purpose},
                                        {"session_key", to_base64(person_key(3))}};
                        s.all.push_back(
                            {act_of(s, ActKind::open, who, std::move(content), time_of(when)),
                             time_of(when)});
                    }
}

void add_approvals(Situations& s, const World& world) {
    for (const char* when :
         {"2019-06-01T09:30:00Z", "2026-11-24T09:30:00Z", "2041-01-10T09:30:00Z"})
        for (int who = officer; who <= nobody; ++who)
            for (int item = 1; item <= kItems; ++item)
                for (const char* recipient : {"XBO", "XEX", "XTH"})
                    for (const bool own_level : {true, false})
                        for (const bool own_digest : {true, false}) {
                            const logbook::Item* known = s.state.item(item_id(item));
                            const std::string level = known == nullptr ? "sealed" : known->level;
                            const Hash32 digest =
                                world.release_digest(own_digest ? item : item + 1, recipient);
                            Json content = {{"item", item_id(item).text()},
                                            {"recipient", recipient},
                                            {"level", own_level ? level : "crown"},
                                            {"release_digest", to_base64(digest)},
                                            {"terms", to_base64(s.terms.digest())}};
                            s.all.push_back({act_of(s, ActKind::approve_release, who,
                                                    std::move(content), time_of(when)),
                                             time_of(when)});
                        }
}

Json persons_json(const logbook::State& state) {
    Json out = Json::object();
    for (const auto& [id, person] : state.persons()) {
        Json roles = Json::array();
        for (const logbook::Role role : person.roles)
            roles.push_back(std::string(to_string(role)));
        Json clearance;
        if (person.clearance)
            clearance = {{"level", person.clearance->level},
                         {"until", person.clearance->until.seconds}};
        out[id.text()] = {{"key", to_base64(person.key)},
                          {"roles", std::move(roles)},
                          {"active", person.active},
                          {"clearance", std::move(clearance)},
                          {"briefed", person.briefed.has_value()},
                          {"transferred", person.transferred.has_value()}};
    }
    return out;
}

Json items_json(const logbook::State& state) {
    Json out = Json::object();
    for (const auto& [id, item] : state.items())
        out[id.text()] = {{"electronic", item.form == logbook::Form::electronic},
                          {"cancelled", item.entry == logbook::EntryState::cancelled},
                          {"received", item.direction == logbook::Direction::in},
                          {"level", item.level},
                          {"label_level", item.label_level},
                          {"own_level", item.own_level},
                          {"purpose", item.purpose},
                          {"origin", item.origin},
                          {"payload_root", to_base64(item.payload_root)},
                          {"label_sha256", to_base64(item.label_sha256)},
                          {"entered_by", item.entered_by ? item.entered_by->text() : ""},
                          {"release", item.release},
                          {"change", !item.change.empty()}};
    return out;
}

Json dossiers_json(const logbook::State& state) {
    Json copies = Json::object();
    for (const auto& [id, copy] : state.copies())
        copies[id.text()] = {{"item", copy.item.text()}};
    Json grants = Json::object(); // person -> item -> purpose -> until
    for (int who = 0; who < kPersons; ++who)
        for (int item = 1; item < kItems; ++item)
            for (const auto& grant : state.grants(person_id(who), item_id(item), Time{}))
                grants[grant.person.text()][grant.item.text()][grant.purpose] = grant.until.seconds;
    Json releases = Json::object();
    for (const auto& [id, release] : state.releases()) {
        Json approvals = Json::array();
        for (const PersonId& person : release.approvals)
            approvals.push_back(person.text());
        releases[to_hex(release.digest)] = {
            {"approvals", std::move(approvals)},
            {"refused", release.state == logbook::ReleaseState::refused},
            {"in_round", !next(release.state, logbook::ReleaseEvent::ask).has_value()}};
    }
    Json frozen = Json::object(); // item -> its frozen copies, "" for all
    for (const auto& [id, incident] : state.incidents())
        if (incident.ours && incident.state != logbook::IncidentState::closed)
            frozen[incident.item.text()].push_back(incident.copy.text());
    return {{"copies", copies}, {"grants", grants}, {"releases", releases}, {"frozen", frozen}};
}

Json terms_json(const agreement::Terms& terms) {
    const agreement::Party& own = terms.parties().front();
    Json ranks = Json::object();
    for (const auto& level : own.scheme.levels)
        ranks[level.code] = level.rank;
    return {{"digest", to_base64(terms.digest())},
            {"draft", terms.test_mode_only()},
            {"test_mode", terms.test_mode()},
            {"from", terms.validity().from.seconds},
            {"until", terms.validity().to->plus_days(1).seconds - 1}, // the last second
            {"own", own.code},
            {"other", terms.other(own.code)->code},
            {"ranks", std::move(ranks)},
            {"briefing", terms.briefing().before_reading}};
}

// In hex, as both peers write it: for the one that cannot hash.
std::string expected_digest(const Situations& s, const Situation& one) {
    const auto* item = s.state.item(must(one.act.id_field<ItemId>("item")));
    return item == nullptr
               ? std::string()
               : to_hex(logbook::release_digest(item->id, item->payload_root, item->label_sha256,
                                                one.act.optional_field("recipient").value_or(""),
                                                s.terms.digest()));
}

Json refusals(const Situations& s, const Situation& one) {
    Json out = Json::array();
    for (const auto& refusal : agreement::decide(s.terms, s.state, one.act, one.now).refusals())
        out.push_back(refusal.clause);
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

Situations Situations::make(const std::string& terms_file) {
    Situations out{terms_of(terms_file), {}, {}};
    const World world = fill(out.terms);
    out.state = world.state();
    add_openings(out);
    add_approvals(out, world);
    return out;
}

std::vector<const Situation*> Situations::timed() const {
    std::vector<const Situation*> permitted;
    std::vector<const Situation*> refused;
    for (const Situation& one : all)
        (agreement::decide(terms, state, one.act, one.now).permitted() ? permitted : refused)
            .push_back(&one);
    std::vector<const Situation*> out = permitted;
    for (std::size_t i = 0; i < permitted.size(); ++i)
        out.push_back(refused[i * refused.size() / permitted.size()]);
    std::ranges::sort(out);
    return out;
}

Json Situations::json() const {
    Json data = dossiers_json(state);
    data["terms"] = terms_json(terms);
    data["party"] = state.party();
    data["persons"] = persons_json(state);
    data["items"] = items_json(state);
    Json people_by_key = Json::object();
    for (const auto& [id, person] : state.persons())
        if (person.active)
            people_by_key[to_base64(person.key)] = id.text();
    data["active_by_key"] = std::move(people_by_key);
    const auto chosen = timed();
    Json list = Json::array();
    for (const Situation& one : all) {
        Json act = one.act.content();
        act["kind"] = std::string(to_string(one.act.kind()));
        act["party"] = one.act.party();
        act["under"] = to_base64(one.act.terms());
        act["signer"] = one.act.attested_by_registry() ? "" : to_base64(one.act.signer());
        act["now"] = one.now.seconds;
        if (act.contains("release_digest"))
            act["release_digest"] = to_hex(must(one.act.hash_field("release_digest")));
        list.push_back({{"act", std::move(act)},
                        {"digest", expected_digest(*this, one)},
                        {"refused", refusals(*this, one)},
                        {"timed", std::ranges::binary_search(chosen, &one)}});
    }
    return {{"data", std::move(data)}, {"situations", std::move(list)}};
}

Json decide(const std::string& terms_file, double seconds) {
    const Situations all = Situations::make(terms_file);
    const auto timed = all.timed();
    std::size_t count = 0;
    std::size_t permitted = 0;
    double spent = 0;
    while (spent < seconds) {
        spent += seconds_of([&] {
            for (const Situation* one : timed)
                permitted +=
                    agreement::decide(all.terms, all.state, one->act, one->now).permitted() ? 1 : 0;
        });
        count += timed.size();
    }
    return {{"decide", spent / static_cast<double>(count)},
            {"timed", timed.size()},
            {"checked", all.all.size()},
            {"permitted", static_cast<double>(permitted) / static_cast<double>(count)}};
}

} // namespace valise::bench
