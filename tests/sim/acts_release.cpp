// SPDX-License-Identifier: Apache-2.0
#include "agreement/equivalence.h"
#include "crypto/random.h"
#include "envelope/container.h"
#include "label/label_xml.h"
#include "sim/acts.h"

#include <algorithm>

// What comes into the register, leaves it, is read and receipted.
namespace valise::testing {

using logbook::ActKind;
using logbook::Direction;
using logbook::DispatchState;
using logbook::Form;
using logbook::ReleaseState;
using logbook::Role;

bool Acts::of_release(Proposal& p) {
    switch (p.kind) {
    case ActKind::enter:
        enter(p);
        return true;
    case ActKind::grant: {
        const Item* of = item([](const Item& i) { return !i.own_level.empty(); });
        if (of == nullptr || random_.chance(50))
            of = item([](const Item& i) { return i.entry != logbook::EntryState::cancelled; });
        name(p, of);
        const std::string reach = of == nullptr           ? level()
                                  : of->own_level.empty() ? of->level
                                                          : of->own_level;
        const Someone& reader = random_.chance(65) ? cleared_for(reach) : somebody();
        p.content.update({{"person", reader.id().text()},
                          {"purpose", of != nullptr ? of->purpose : purpose()},
                          {"until", days_ahead(1, 120).text()}});
        by_officer(p);
        return true;
    }
    case ActKind::ask_release:
    case ActKind::approve_release:
    case ActKind::refuse_release:
        release(p);
        return true;
    case ActKind::dispatch:
        dispatch(p);
        return true;
    case ActKind::hand_over:
        hand_over(p);
        return true;
    case ActKind::take_delivery:
        take_delivery(p);
        return true;
    case ActKind::consent:
        consent(p);
        return true;
    case ActKind::withdraw: {
        const auto* of = one_of(state_.dispatches(), [](const logbook::Dispatch& d) {
            return d.package() && d.state == DispatchState::permitted;
        });
        p.content = {{"dispatch", id_or_fresh(of)}, {"reason", "another copy"}};
        by_officer(p);
        return true;
    }
    case ActKind::remark:
        remark(p);
        return true;
    case ActKind::open:
        open(p);
        return true;
    case ActKind::export_copy:
        open(p);
        p.content.erase("session_key");
        p.content["client"] = random_.chance(50) ? "client-1" : "client-2";
        if (const auto id = ItemId::parse(p.content["item"].get<std::string>()))
            ground(p, state_.item(*id));
        return true;
    case ActKind::contents_receipt:
        contents_receipt(p);
        return true;
    case ActKind::close: {
        const auto* found = one_of(state_.dispatches(), [](const auto&) { return true; });
        p.content["dispatch"] = id_or_fresh(found);
        by_officer(p);
        return true;
    }
    case ActKind::correct: {
        const Item* of = item([](const Item& i) { return i.direction == Direction::out; });
        name(p, of);
        p.content["reason"] = "as it is";
        if (of != nullptr && of->form == Form::paper && random_.chance(50))
            p.content["pages"] = random_.from_to(1, 4);
        else
            p.content["title"] = "Another title";
        p.who = of != nullptr && of->entered_by ? known(*of->entered_by) : p.who;
        if (p.who == nullptr || random_.chance(50))
            by_officer(p);
        return true;
    }
    case ActKind::cancel: {
        const Item* of = item([&](const Item& i) {
            return i.direction == Direction::out && !state_.dispatched(i.id);
        });
        name(p, random_.chance(80) ? of : item());
        p.content["reason"] = "entered twice";
        by_officer(p);
        return true;
    }
    default:
        return false;
    }
}

void Acts::enter(Proposal& p) {
    p.who = &with(Role::originator);
    const std::string why = purpose();
    std::string class_of = listed_level();
    label::Label label = side_.label_of(class_of, why);
    Json members = Json::object();
    if (random_.chance(30))
        derive(members, label, p);
    if (members.contains("level"))
        class_of = members["level"].get<std::string>();
    label.classification = own().scheme.by_code(class_of)->native;
    if (random_.chance(15))
        label.categories.front().values = random_.chance(50)
                                              ? std::vector<std::string>{own().code}
                                              : std::vector<std::string>{own().code, "POL"};
    else if (random_.chance(5))
        label.categories.erase(label.categories.begin());
    if (random_.chance(10))
        label.categories.push_back(
            {label::CategoryType::informative, label::kReproduction, {label::kReserved}, ""});
    std::set<std::string> rights;
    for (const ItemId& id : logbook::ids_in<ItemId>(members.value("sources", "")))
        if (const Item* source = state_.item(id))
            rights.insert(source->rights.begin(), source->rights.end());
    if (!rights.empty() && random_.chance(85))
        members["rights_ground"] = "leave of the maker";
    if (random_.chance(10))
        rights.insert(random_.any({"copyright", "patent", "trade-secret"}));
    if (!rights.empty() && random_.chance(90))
        label.categories.push_back(
            {label::CategoryType::informative, label::kRights, {rights.begin(), rights.end()}, ""});
    p.content = side_.entry(label, class_of, why);
    p.content.update(members);
    described(p.content, label);
}

void Acts::derive(Json& content, label::Label& label, Proposal& p) {
    const auto readable = [&](const Item& source) {
        return std::ranges::any_of(cast_, [&](const Someone* one) {
            return state_.has_role(one->id(), Role::originator) &&
                   (source.entered_by == one->id() ||
                    !state_.grants(one->id(), source.id, now()).empty());
        });
    };
    const Item* source = item(readable);
    if (source == nullptr || random_.chance(20))
        source = item();
    if (source == nullptr)
        return;
    for (const Someone* one : cast_)
        if (state_.has_role(one->id(), Role::originator) &&
            (source->entered_by == one->id() ||
             !state_.grants(one->id(), source->id, now()).empty()))
            p.who = one;
    const std::string& lowest =
        source->direction == Direction::in ? source->own_level : source->level;
    content["level"] = random_.chance(85) ? level_from(lowest) : level();
    content["sources"] = source->id.text();
    if (random_.chance(85))
        content["purpose"] = source->purpose;
    content["made_as"] = random_.any({"derivative", "translation"});
    if (content["made_as"] == "translation")
        content["language"] = random_.any({"en", "uk"});
    if (random_.chance(20))
        if (const Item* second = item(readable); second != nullptr && second->id != source->id) {
            const auto [low, high] = std::minmax(source->id.text(), second->id.text());
            content["sources"] = low + "," + high;
        }
    // To whom its source may go.
    std::vector<std::string> parties = {own().code};
    if (source->release.contains(other().code) || source->origin == other().code)
        parties.push_back(other().code);
    label.categories.front().values = std::move(parties);
}

void Acts::described(Json& content, const label::Label& label) {
    const std::size_t roll = random_.below(100);
    if (roll < 55) {
        content.update(side_.seal(Bytes(random_.below(200)), label));
    } else if (roll < 88) {
        content["form"] = "paper";
        content["pages"] = random_.from_to(1, 4);
    } else if (roll < 94) {
        content["form"] = "equipment";
        content["serial"] = "S-1";
    } else {
        content["form"] = random_.any({"oral", "visual"});
        content["disclosed_by"] = "somebody";
        content["disclosed_to"] = "somebody else";
        content["disclosed_at"] = now().text();
    }
}

void Acts::release(Proposal& p) {
    // Those that somebody approved already come first, or nothing would be approved by two.
    const auto* half = one_of(state_.releases(), [&](const logbook::Release& r) {
        return r.state == ReleaseState::asked || r.state == ReleaseState::approved_once;
    });
    const Item* of = half != nullptr && random_.chance(70) ? state_.item(half->item) : nullptr;
    if (of == nullptr || !may_leave(*of))
        of = item([&](const Item& i) { return may_leave(i); });
    if (of == nullptr || random_.chance(10))
        of = item();
    p.who = &with(p.kind == ActKind::ask_release ? Role::originator : Role::releasing_authority);
    if (half != nullptr && of == state_.item(half->item) && half->approvals.contains(p.who->id()))
        p.who = &with(Role::releasing_authority);
    name(p, of);
    const std::string to = random_.chance(90) ? other().code : std::string("POL");
    const Hash32 digest = of == nullptr
                              ? crypto::random_array<32>()
                              : logbook::release_digest(of->id, of->payload_root, of->label_sha256,
                                                        to, side_.terms.digest());
    p.content.update({{"release_digest", to_base64(digest)},
                      {"recipient", to},
                      {"terms", to_base64(side_.terms.digest())}});
    if (p.kind == ActKind::refuse_release)
        p.content["reason"] = "not this one";
    else
        p.content["level"] = of != nullptr ? of->level : level();
    if (p.kind != ActKind::refuse_release && random_.chance(15))
        p.content["control"] = "originator";
}

void Acts::dispatch(Proposal& p) {
    const auto* released = one_of(state_.releases(), [&](const logbook::Release& r) {
        const Item* of = state_.item(r.item);
        return r.state == ReleaseState::approved && of != nullptr && may_leave(*of);
    });
    const Item* of = released != nullptr ? state_.item(released->item) : nullptr;
    if (of == nullptr || random_.chance(10))
        of = item();
    name(p, of);
    p.content["recipient"] = other().code;
    if (of != nullptr && (of->form != Form::electronic || random_.chance(10)))
        package(p, *of);
    by_officer(p);
}

void Acts::package(Proposal& p, const Item& item) {
    const Copy* what = in_hand(item);
    if (what == nullptr || random_.chance(5))
        what = copy([](const Copy&) { return true; });
    p.content["copy"] = id_or_fresh(what);
    p.content["seals"] = random_.any({"S-1", "S-1,S-2"});
}

void Acts::hand_over(Proposal& p) {
    const auto* of = one_of(state_.dispatches(), [](const logbook::Dispatch& d) {
        return d.package() && d.direction == Direction::out &&
               (d.state == DispatchState::permitted || d.state == DispatchState::sent);
    });
    if (of == nullptr || random_.chance(5))
        of = one_of(state_.dispatches(), [](const logbook::Dispatch&) { return true; });
    p.content = {{"dispatch", id_or_fresh(of)},
                 {"carrier", "somebody"},
                 {"reference", "C-1"},
                 {"at", (random_.chance(90) ? now() : days_ahead(1, 2)).text()},
                 {"finding", random_.chance(90) ? "intact" : "broken"}};
    if (random_.chance(10))
        p.content["at"] = now().plus_days(-3).text();
    by_officer(p);
}

void Acts::take_delivery(Proposal& p) {
    const auto* of = one_of(state_.dispatches(), [](const logbook::Dispatch& d) {
        return d.package() && d.state == DispatchState::offered;
    });
    if (of == nullptr || random_.chance(5))
        of = one_of(state_.dispatches(), [](const logbook::Dispatch&) { return true; });
    p.content = {{"dispatch", id_or_fresh(of)},
                 {"carrier", "somebody"},
                 {"finding", random_.chance(90) ? "intact" : "broken"}};
    by_officer(p);
}

void Acts::consent(Proposal& p) {
    name(p, item([](const Item& i) { return i.direction == Direction::out; }));
    p.content["recipient"] = random_.chance(90) ? std::string("POL") : other().code;
    p.content["until"] = days_ahead(1, 60).text();
    p.who = &with(Role::releasing_authority);
}

void Acts::remark(Proposal& p) {
    const Item* of = item([](const Item& i) {
        return i.direction == Direction::in && (i.own_level.empty() || !i.change.empty());
    });
    if (of == nullptr || random_.chance(10))
        of = item();
    name(p, of);
    const auto* row = of == nullptr ? nullptr
                                    : agreement::find_equivalence(side_.terms, of->origin,
                                                                  of->level, side_.party, now());
    p.content["level"] = row != nullptr ? random_.any(row->to_levels) : level();
    by_officer(p);
}

void Acts::open(Proposal& p) {
    const auto sealed = [&](const Copy& c) {
        return c.form == Form::electronic && c.state != logbook::CopyState::destroyed;
    };
    const Copy* of_copy = copy([&](const Copy& c) {
        const Item* what = state_.item(c.item);
        return sealed(c) && what != nullptr && reader_of(*what) != nullptr;
    });
    if (of_copy == nullptr || random_.chance(10))
        of_copy = copy([](const Copy&) { return true; });
    const Item* of = of_copy != nullptr ? state_.item(of_copy->item) : item();
    name(p, of_copy);
    if (of != nullptr)
        if (const Someone* reader = reader_of(*of))
            p.who = reader;
    if (of_copy != nullptr)
        if (const auto* holder = std::get_if<PersonId>(&of_copy->place);
            holder != nullptr && known(*holder) != nullptr && random_.chance(60))
            p.who = known(*holder);
    p.content["purpose"] = of != nullptr ? of->purpose : purpose();
    p.content["session_key"] = to_base64(session_.public_key().der());
}

// A client asks for what lies in its file, for whom it acts or for somebody else.
void Acts::rewrap(const Proposal& taken) {
    const auto id = ItemId::parse(taken.content.value("item", ""));
    const auto state = side_.registry->state();
    const Item* of = id ? state.item(*id) : nullptr;
    const auto source = of == nullptr ? nullptr : side_.blobs.open(of->blob).value_or(nullptr);
    if (source == nullptr)
        return;
    const auto container = envelope::Container::open(*source);
    if (!container)
        return;
    const auto& access = container->manifest().key_access.front();
    const Someone& person = random_.chance(70) ? *taken.who : somebody();
    (void)side_.registry->export_share(
        {random_.chance(80) ? taken.content.value("client", "") : "client-3",
         person.id(),
         client_.public_key().der(),
         {container->manifest().policy, access.wrapped_key, "", access.policy_binding}});
}

void Acts::contents_receipt(Proposal& p) {
    const auto* of = one_of(state_.dispatches(), [](const logbook::Dispatch& d) {
        return d.state == DispatchState::opened || d.state == DispatchState::discrepancy_sent ||
               (d.package() && d.direction == Direction::in &&
                (d.state == DispatchState::marked ||
                 d.state == DispatchState::custody_receipt_sent));
    });
    if (of == nullptr)
        of = one_of(state_.dispatches(), [](const logbook::Dispatch&) { return true; });
    p.content = {{"dispatch", id_or_fresh(of)},
                 {"finding", random_.chance(80) ? "in-order" : "discrepancy"}};
    p.content["item"] = of != nullptr ? of->item.text() : fresh<ItemId>();
    if (of == nullptr)
        return;
    if (of->package()) {
        const Copy* lies = state_.copy(of->copy);
        const auto* holder = lies == nullptr ? nullptr : std::get_if<PersonId>(&lies->place);
        if (holder != nullptr && known(*holder) != nullptr)
            p.who = known(*holder);
        else
            by_officer(p);
        return;
    }
    for (const Copy& one : state_.copies_of(of->item))
        for (const PersonId& reader : one.opened_by)
            if (const Someone* found = known(reader))
                p.who = found;
}

// What only a registry attests, tried by a person.
void Acts::by_registry(Proposal& p) {
    const std::string dispatch = fresh<DispatchId>();
    const Hash32 hash = crypto::random_array<32>();
    switch (p.kind) {
    case ActKind::found:
        p.content = {{"party", side_.party}, {"authority", own().authorities.front().id}};
        return;
    case ActKind::arrive:
        p.content = {{"dispatch", dispatch},
                     {"peer", other().code},
                     {"level", other().scheme.levels.front().code},
                     {"purpose", purpose()},
                     {"payload_root", to_base64(hash)},
                     {"statement", to_base64(hash)},
                     {"blob", fresh<BlobId>()}};
        return name(p, static_cast<const Item*>(nullptr));
    case ActKind::custody_receipt:
        p.content["dispatch"] = dispatch;
        return name(p, item());
    case ActKind::permit_opening: {
        const Copy* of = copy([](const Copy&) { return true; });
        name(p, of);
        p.content.update({{"dispatch", dispatch},
                          {"reader", to_base64(hash)},
                          {"level", own().scheme.levels.front().code},
                          {"opening", to_base64(hash)},
                          {"asked", to_base64(hash)}});
        return;
    }
    case ActKind::take_notice:
        p.content["notice"] = fresh<NoticeId>();
        [[fallthrough]];
    default:
        p.content.update({{"type", "tracer"}, {"peer", other().code}, {"dispatch", dispatch}});
    }
}

} // namespace valise::testing
