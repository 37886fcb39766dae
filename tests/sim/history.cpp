// SPDX-License-Identifier: Apache-2.0
#include "sim/history.h"

#include <charconv>

namespace valise::testing {

using logbook::ActKind;
using logbook::Skeleton;
using logbook::Stage;

std::set<std::string> split(const std::string& list) {
    std::set<std::string> out;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        out.insert(list.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

std::uint64_t number(const std::string& text) {
    std::uint64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

namespace {

Time time_of(const Skeleton& event, const char* name) {
    return Time::parse(event.fact(name)).value_or(Time());
}

} // namespace

const History::Person& History::person(const std::string& id) const {
    static const Person nobody;
    const auto found = persons.find(id);
    return found == persons.end() ? nobody : found->second;
}

const History::Item& History::item(const std::string& id) const {
    static const Item nothing;
    const auto found = items.find(id);
    return found == items.end() ? nothing : found->second;
}

bool History::granted(const std::string& person, const std::string& item,
                      const std::string& purpose, Time at) const {
    const auto of_person = grants_.find(person);
    if (of_person == grants_.end())
        return false;
    const auto of_item = of_person->second.find(item);
    if (of_item == of_person->second.end())
        return false;
    for (const auto& [what, until] : of_item->second)
        if (until >= at && (purpose.empty() || what == purpose))
            return true;
    return false;
}

void History::take(const Skeleton& event) {
    const Stage stage = event.stage();
    if (stage == Stage::refused)
        return;
    switch (event.kind()) {
    case ActKind::dispatch:
    case ActKind::arrive:
        return dispatches_change(event);
    case ActKind::destroy:
        return destruction(event);
    case ActKind::give_notice:
        return notice_given(event);
    case ActKind::export_copy: // its number is spent by the permit; a rewrap spends none
        if (stage == Stage::permitted && event.id("person").empty())
            items[event.id("item")].exported.insert(++items[event.id("item")].copies);
        return;
    case ActKind::print:
        return printed(event);
    default:
        if (stage == logbook::effect_stage(event.kind()))
            taken(event);
    }
}

// Its number is spent by the permit, except where an officer ordered the copy; it is there once it
// is drawn.
void History::printed(const Skeleton& e) {
    const auto known = copies.find(e.id("print"));
    if (e.stage() == Stage::permitted && known == copies.end())
        items[e.id("item")].exported.insert(++items[e.id("item")].copies);
    if (e.stage() != Stage::done)
        return;
    Copy& copy = copies[e.id("print")];
    copy.item = e.id("item");
    copy.form = "paper";
    copy.number = number(e.fact("copy_number"));
    copy.pages = number(e.fact("pages"));
    copy.place = Place::person;
    copy.where = e.actor();
    copy.witnesses.clear();
}

void History::taken(const Skeleton& e) {
    switch (e.kind()) {
    case ActKind::enter:
        return entered(e);
    case ActKind::remark:
        items[e.id("item")].own_level = e.fact("level");
        items[e.id("item")].change.clear();
        return;
    case ActKind::accredit:
        accreditations[e.fact("peer")] = {e.fact("level"), time_of(e, "until")};
        return;
    case ActKind::contents_receipt:
        turned_up(e);
        (e.fact("finding") == "in-order" ? dispatches[e.id("dispatch")].in_order
                                         : dispatches[e.id("dispatch")].discrepancy) = true;
        return;
    case ActKind::terminate:
        return end_is(time_of(e, "ends"));
    case ActKind::adopt_terms:
        adopted = {e.fact("adopted"), e.fact("as"), time_of(e, "from")};
        return;
    case ActKind::put_in_force:
        adopted.reset();
        peer_adopted.reset();
        return;
    case ActKind::hand_over:
        dispatches[e.id("dispatch")].last_leg = time_of(e, "at");
        return;
    case ActKind::trace:
        dispatches[e.id("dispatch")].traced = true;
        return;
    case ActKind::change_class:
        items[e.id("item")].level = e.fact("level");
        return;
    case ActKind::report_incident:
        incidents[e.id("incident")].item = e.id("item");
        incidents[e.id("incident")].copy = e.id("copy");
        return;
    case ActKind::close_incident:
        return lost(e);
    case ActKind::custody_receipt:
        return turned_up(e);
    case ActKind::investigate:
    case ActKind::report:
        incidents[e.id("incident")].acknowledged = false;
        return;
    case ActKind::take_notice:
        return notice_taken(e);
    case ActKind::revoke:
        return revoked(e);
    case ActKind::store:
    case ActKind::copy:
    case ActKind::issue:
    case ActKind::take_back:
    case ActKind::witness_destruction:
    case ActKind::correct:
        return copies_change(e);
    default:
        return persons_change(e);
    }
}

void History::persons_change(const Skeleton& e) {
    const std::string& id = e.id("person");
    switch (e.kind()) {
    case ActKind::enrol:
        persons[id];
        return;
    case ActKind::appoint:
        persons[id].roles.insert(e.fact("role"));
        return;
    case ActKind::clear:
        persons[id].level = e.fact("level");
        persons[id].until = time_of(e, "until");
        persons[id].moved = false;
        return;
    case ActKind::transfer:
        persons[id].moved = true;
        return;
    case ActKind::brief:
        persons[id].briefed = true;
        return;
    case ActKind::debrief:
        persons[id].briefed = false;
        grants_.erase(id);
        return;
    case ActKind::grant:
        grants_[id][e.id("item")][e.fact("purpose")] = time_of(e, "until");
        return;
    default:
        return;
    }
}

void History::revoked(const Skeleton& e) {
    const std::string what = e.fact("what");
    const std::string id = e.id("person");
    if (what == "role")
        persons[id].roles.erase(e.fact("role"));
    else if (what == "clearance")
        persons[id].level.clear();
    else if (what == "accreditation")
        accreditations.erase(e.fact("peer"));
    else if (what == "grant" && e.fact("purpose").empty())
        grants_[id].erase(e.id("item"));
    else if (what == "grant")
        grants_[id][e.id("item")].erase(e.fact("purpose"));
    else if (what == "person") {
        persons[id] = {};
        grants_.erase(id);
    }
}

// Both ways in: an entry, and an arrival.
void History::entered(const Skeleton& e) {
    Item& item = items[e.id("item")];
    item.received = e.kind() == ActKind::arrive;
    item.origin = e.fact("origin");
    item.purpose = e.fact("purpose");
    item.label_sha256 = e.fact("label_sha256");
    item.payload_root = e.fact("payload_root");
    item.level = item.label_level = e.fact("level");
    item.author = e.actor();
    item.release = split(e.fact("release"));
    item.sources = split(e.fact("sources"));
    item.copies = 1;
    Copy& copy = copies[e.id("copy")];
    copy.item = e.id("item");
    copy.form = e.fact("form").empty() ? "electronic" : e.fact("form");
    copy.pages = number(e.fact("pages"));
}

void History::copies_change(const Skeleton& e) {
    if (e.kind() == ActKind::correct) {
        for (auto& [id, copy] : copies)
            if (copy.item == e.id("item") && copy.number == 1 && !copy.destroying &&
                copy.place != Place::gone && copy.place != Place::away &&
                copy.place != Place::lost && number(e.fact("pages")) != 0)
                copy.pages = number(e.fact("pages"));
        return;
    }
    Copy& copy = copies[e.id("copy")];
    switch (e.kind()) {
    case ActKind::copy:
        copy.item = e.id("item");
        copy.form = e.fact("form");
        copy.pages = number(e.fact("pages"));
        copy.number = ++items[copy.item].copies;
        return;
    case ActKind::store:
        copy.place = e.id("container").empty() ? Place::registry : Place::container;
        copy.where = e.id("container");
        return;
    case ActKind::issue:
        copy.place = Place::person;
        copy.where = e.id("person");
        copy.witnesses.clear();
        return;
    case ActKind::take_back:
        copy.place = Place::registry;
        copy.where.clear();
        return;
    default: // witness-destruction
        copy.witnesses[e.actor()] = {e.fact("method"), e.minute()};
        return;
    }
}

void History::destruction(const Skeleton& e) {
    Copy& copy = copies[e.id("copy")];
    if (e.stage() == Stage::permitted) {
        copy.destroying = true;
        copy.destroyer = e.actor();
        copy.present.clear();
        for (const auto& [person, witness] : copy.witnesses)
            if (witness.method == e.fact("method") && person != e.actor())
                copy.present.insert(person);
        return;
    }
    copy.destroying = false;
    if (e.stage() == Stage::done) {
        copy.place = Place::gone;
        copy.where.clear();
    } else {
        copy.witnesses.clear();
    }
}

void History::dispatches_change(const Skeleton& e) {
    const auto comes_back = [&](const std::string& copy) {
        copies[copy].place = Place::registry;
        copies[copy].where.clear();
    };
    if (e.stage() == Stage::failed) {
        if (const Dispatch& gone = dispatches[e.id("dispatch")]; gone.out && gone.package)
            comes_back(gone.copy);
        dispatches.erase(e.id("dispatch"));
        return;
    }
    Dispatch& dispatch = dispatches[e.id("dispatch")];
    dispatch.out = e.kind() == ActKind::dispatch;
    dispatch.item = e.id("item");
    dispatch.level = e.fact("level");
    if (!e.fact("seals").empty()) {
        dispatch.package = true;
        dispatch.copy = e.id("copy");
    }
    if (dispatch.out && dispatch.package && e.stage() == Stage::permitted) {
        copies[dispatch.copy].place = Place::away;
        copies[dispatch.copy].where = e.id("dispatch");
        copies[dispatch.copy].witnesses.clear();
    }
    if (e.stage() == Stage::permitted)
        offered_.emplace(e.seq(), e);
    if (e.stage() != Stage::done)
        return;
    dispatch.moved = e.minute();
    dispatch.document = e.fact("doc");
    if (dispatch.out)
        return;
    const auto offer = e.permit() ? offered_.find(*e.permit()) : offered_.end();
    const bool returned = !e.fact("returns").empty() ||
                          (offer != offered_.end() && !offer->second.fact("returns").empty());
    if (returned)
        return comes_back(e.id("copy"));
    entered(e);
}

void History::lost(const Skeleton& e) {
    if (e.fact("finding") != "lost")
        return;
    Copy& copy = copies[incidents[e.id("incident")].copy];
    copy.lost_with = copy.place == Place::away ? copy.where : std::string();
    copy.place = Place::lost;
    copy.where.clear();
}

void History::turned_up(const Skeleton& e) {
    const Dispatch& dispatch = dispatches[e.id("dispatch")];
    const auto copy = copies.find(dispatch.copy);
    if (!dispatch.out || copy == copies.end() || copy->second.place != Place::lost ||
        copy->second.lost_with != e.id("dispatch"))
        return;
    copy->second.place = Place::away;
    copy->second.where = e.id("dispatch");
}

// The earlier day counts.
void History::end_is(Time when) {
    if (ends == Time{} || when < ends)
        ends = when;
}

void History::notice_given(const Skeleton& e) {
    Notice& notice = notices[e.id("notice")];
    if (e.stage() == Stage::done) {
        if (notice.state == Notice::State::given)
            notice.state = Notice::State::taken;
        if (notice.type == "incident")
            incidents[notice.incident].arrived = true;
        return;
    }
    if (e.stage() == Stage::failed) {
        notice.state = Notice::State::refused;
        return;
    }
    notice = {e.fact("type"), e.id("dispatch"), e.id("incident"), e.id("about"), true, {}};
    if (notice.type == "incident")
        incidents[notice.incident].told = true;
    if (notice.type == "class-change")
        dispatches[notice.dispatch].told_level = e.fact("level");
}

void History::notice_taken(const Skeleton& e) {
    notices[e.id("notice")] = {e.fact("type"), e.id("dispatch"),    e.id("incident"), e.id("about"),
                               false,          Notice::State::taken};
    if (e.fact("type") == "class-change") {
        Item& item = items[dispatches[e.id("dispatch")].item];
        item.level = e.fact("level");
        item.change = e.id("notice");
    }
    if (e.fact("type") == "termination")
        end_is(time_of(e, "until"));
    if (e.fact("type") == "amendment" || e.fact("type") == "arrangement")
        peer_adopted = {e.fact("adopted"), e.fact("type"), time_of(e, "from")};
    if (e.fact("type") == "consent")
        consents[{dispatches[e.id("dispatch")].item, e.fact("third")}] = time_of(e, "until");
    if (e.fact("type") != "acknowledge" && e.fact("type") != "acknowledge-law")
        return;
    Notice& answered = notices[e.id("about")];
    answered.state = Notice::State::acknowledged;
    if (answered.type == "incident")
        incidents[answered.incident].arrived = true;
    if (answered.type == "incident-report")
        incidents[answered.incident].acknowledged = true;
}

} // namespace valise::testing
