// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/act_fields.h"

#include "base/text.h"
#include "label/label.h"
#include "logbook/protection.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace valise::desk {

namespace {

using logbook::ActKind;
using logbook::ActMember;

constexpr std::size_t kMostChoices = 500;

// Members that follow from the register, from the person, or from what is made with the act
// (verdict.cpp): nobody types them.
bool follows(ActKind kind, std::string_view name) {
    constexpr std::pair<ActKind, std::string_view> kThese[] = {
        {ActKind::ask_release, "release_digest"},
        {ActKind::ask_release, "level"},
        {ActKind::ask_release, "terms"},
        {ActKind::approve_release, "release_digest"},
        {ActKind::approve_release, "level"},
        {ActKind::approve_release, "terms"},
        {ActKind::refuse_release, "release_digest"},
        {ActKind::refuse_release, "terms"},
        {ActKind::dispatch, "dispatch"},
        {ActKind::dispatch, "release"},
        {ActKind::enter, "item"},
        {ActKind::enter, "label"},
        {ActKind::enter, "authority"},
        {ActKind::enter, "copy"},
        {ActKind::enter, "blob"},
        {ActKind::enter, "payload_root"},
        {ActKind::enter, "plain_bytes"},
        {ActKind::copy, "copy"},
        {ActKind::open, "session_key"}, // none: it is shown at the Reading desk
        {ActKind::container, "container"},
        {ActKind::enrol, "person"},
        {ActKind::clear, "authority"},
        {ActKind::brief, "person"},
        {ActKind::remark, "label"},
        {ActKind::remark, "dispatch"},
        {ActKind::contents_receipt, "item"},
        {ActKind::contents_receipt, "statement"},
        {ActKind::contents_receipt, "payload_root"},
        {ActKind::contents_receipt, "receipt"},
        {ActKind::contents_receipt, "number"},
        {ActKind::adopt_terms, "adopted"},
        {ActKind::reconcile, "recon"},
        {ActKind::reconcile, "own"},
        {ActKind::reconcile, "theirs"},
        {ActKind::reconcile, "text"},
        {ActKind::countersign, "own"},
        {ActKind::countersign, "theirs"},
        {ActKind::countersign, "text"},
        {ActKind::countersign, "countersigned"},
    };
    return std::ranges::find(kThese, std::pair(kind, name)) != std::end(kThese);
}

// What the form of a kind asks for.
std::vector<ActMember> asked_members(ActKind kind) {
    if (kind == ActKind::pair)
        return {{"invitation", "text", true, kMostChoices}};
    std::vector<ActMember> out;
    for (const ActMember& member : logbook::act_members(kind))
        if (!follows(kind, member.name))
            out.push_back(member);
    if (kind == ActKind::print) // named where an officer ordered it; else made with the act
        for (ActMember& member : out)
            member.required = member.required && member.name != "print";
    if (kind == ActKind::brief || kind == ActKind::adopt_terms)
        for (ActMember& member : out)
            if (member.name == "briefing" || member.name == "text")
                member.type = "text";
    return out;
}

std::vector<Choice> people_choices(const Visit& visit, const logbook::State& state) {
    std::vector<Choice> out;
    for (const auto& [id, person] : state.persons()) {
        if (out.size() == kMostChoices)
            break;
        const Cell cell = person_cell(visit, id.text());
        out.push_back({id.text(), cell.sub.empty() ? cell.text : cell.text + " · " + cell.sub});
    }
    std::ranges::sort(out, {}, &Choice::label);
    return out;
}

std::vector<Choice> level_choices(const Visit& visit, const agreement::Terms& terms,
                                  const std::string& party) {
    std::vector<Choice> out;
    if (const label::Scheme* scheme = terms.scheme(party))
        for (const label::Level& level : scheme->levels)
            out.push_back({level.code, level_words(visit, terms, party, level.code)});
    return out;
}

std::vector<Choice> method_choices(const Visit& visit, const agreement::Terms& terms,
                                   const std::string& party) {
    std::set<std::string> methods;
    if (const label::Scheme* scheme = terms.scheme(party))
        for (const label::Level& level : scheme->levels)
            if (const auto* rule = terms.destruction(party, level.code))
                for (const auto& [form, allowed] : rule->methods)
                    methods.insert(allowed.begin(), allowed.end());
    std::vector<Choice> out;
    for (const std::string& method : methods)
        out.push_back({method, visit.word(method)});
    return out;
}

std::vector<Choice> container_choices(const logbook::State& state) {
    std::vector<Choice> out;
    for (const auto& [id, container] : state.containers())
        out.push_back({id.text(), id.text()});
    return out;
}

std::vector<Choice> words(const Visit& visit, std::string_view listed) {
    std::vector<Choice> out;
    while (!listed.empty()) {
        const std::string one(listed.substr(0, listed.find('|')));
        listed.remove_prefix(std::min(listed.size(), one.size() + 1));
        if (one != "electronic")
            out.push_back({one, visit.word(one)});
    }
    return out;
}

// The values that a member can have, where they can be listed.
std::vector<Choice> choices_of(const Visit& visit, const logbook::State& state,
                               const agreement::Terms& terms, ActKind kind,
                               const ActMember& member) {
    const std::string& party = visit.house.registry.party();
    if (member.type.find('|') != std::string_view::npos)
        return words(visit, member.type);
    if (member.type == "person")
        return people_choices(visit, state);
    if (member.type == "container")
        return container_choices(state);
    if (member.type == "role") {
        std::vector<Choice> out;
        for (const logbook::Role role : logbook::all_roles())
            out.push_back({std::string(to_string(role)), visit.word(to_string(role))});
        return out;
    }
    if (member.type == "party") {
        std::vector<Choice> out;
        for (const auto& one : terms.parties())
            if (one.code != party)
                out.push_back({one.code, one.name.at(visit.p.language()) + " (" + one.code + ")"});
        return out;
    }
    if (member.name == "level") {
        const auto* other = terms.other(party);
        return level_choices(visit, terms,
                             kind == ActKind::record_assurance && other != nullptr ? other->code
                                                                                   : party);
    }
    if (member.name == "method")
        return method_choices(visit, terms, party);
    if (member.name == "purpose") {
        std::vector<Choice> out;
        for (const auto& purpose : terms.purposes())
            out.push_back({purpose.code, purpose.name.at(visit.p.language())});
        return out;
    }
    return {};
}

std::string hint_of(const Visit& visit, ActKind kind, const ActMember& member) {
    if (member.type == "item")
        return visit.say("Register number or id");
    if (member.type == "items")
        return visit.say("Register numbers or ids, with commas between");
    if (kind == ActKind::print && member.name == "print")
        return visit.say("Only where a control officer ordered it: that copy");
    if (member.type == "copy")
        return visit.say("Id, or number and copy as JPN-2026-0001/2");
    if (member.type == "copies")
        return visit.say("Ids, or numbers and copies, with commas between");
    if (member.type == "persons")
        return visit.say("Names or ids, with commas between");
    if (member.type == "controls")
        return "alarm, guarded, locked, safe, two-person";
    if (member.name == "rights_ground")
        return visit.say("Whose leave, or what law, where private rights stand on it");
    if (member.type == "hash" && (member.name == "text" || member.name == "modification_report"))
        return visit.say("SHA-256 of the document, in base64");
    if (member.type == "time")
        return visit.say("UTC");
    if (member.type == "key")
        return visit.say("From the person's .pub file: base64 of 32 bytes");
    if (kind == ActKind::brief && member.name == "briefing")
        return visit.say("The text that you were told; you sign its digest");
    if (kind == ActKind::pair)
        return visit.say("The file that the other party's officer carried here");
    if (kind == ActKind::adopt_terms && member.name == "text")
        return visit.say("The whole file of the terms");
    if (member.name == "reason" || member.name == "note" || member.name == "title")
        return visit.say("Kept apart; can be shredded");
    return {};
}

// What a form cannot know of the register beforehand: the number of the peer's notice and so on.
Result<std::string> id_of(const Visit& visit, const logbook::State& state, std::string_view type,
                          const std::string& value) {
    if (type == "item") {
        TRY_ASSIGN(const ItemId id, item_named(visit.house, value));
        return id.text();
    }
    if (type == "copy") {
        const auto slash = value.rfind('/');
        if (slash == std::string::npos)
            return value;
        TRY_ASSIGN(const ItemId item, item_named(visit.house, value.substr(0, slash)));
        for (const auto& copy : state.copies_of(item))
            if (std::to_string(copy.number) == value.substr(slash + 1))
                return copy.id.text();
        return fail(Code::not_found, "desk.no_copy", printable(value));
    }
    if (PersonId::parse(value))
        return value;
    for (const Account& account : visit.house.accounts.all())
        if (account.name == value)
            return account.person.text();
    return fail(Code::not_found, "desk.no_person", printable(value));
}

// "locked, alarm" as words in order, each once.
std::string in_order(std::string_view value) {
    std::string tight(value);
    std::erase_if(tight, [](char c) { return c == ' ' || c == '\n' || c == '\t'; });
    return logbook::words_text(logbook::words_in(tight));
}

// "a, b" as ids in order, each once.
Result<std::string> ids_of(const Visit& visit, const logbook::State& state, std::string_view type,
                           std::string_view value) {
    std::set<std::string> ids;
    while (!value.empty()) {
        std::string one(value.substr(0, value.find(',')));
        value.remove_prefix(std::min(value.size(), one.size() + 1));
        std::erase_if(one, [](char c) { return c == ' ' || c == '\n' || c == '\t'; });
        if (one.empty())
            continue;
        TRY_ASSIGN(std::string id, id_of(visit, state, type, one));
        ids.insert(std::move(id));
    }
    std::string out;
    for (const std::string& id : ids)
        out += (out.empty() ? "" : ",") + id;
    return out;
}

Result<Json> value_of(const Visit& visit, const logbook::State& state, const ActMember& member,
                      const std::string& value) {
    if (member.type == "count" || member.type == "integer") {
        std::int64_t number = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), number);
        if (error != std::errc() || end != value.data() + value.size())
            return fail(Code::invalid, "desk.field",
                        std::string(member.name) + " is a whole number");
        return Json(number);
    }
    if (member.type == "time") { // as the browser's field has it, or in full
        if (value.size() == 16)
            return Json(value + ":00Z");
        return Json(value.size() == 19 ? value + "Z" : value);
    }
    if (member.type == "controls")
        return Json(in_order(value));
    constexpr std::pair<std::string_view, std::string_view> kLists[] = {
        {"items", "item"}, {"copies", "copy"}, {"persons", "person"}};
    for (const auto& [list, one] : kLists)
        if (member.type == list) {
            TRY_ASSIGN(std::string ids, ids_of(visit, state, one, value));
            return Json(std::move(ids));
        }
    if (member.type == "item" || member.type == "copy" || member.type == "person") {
        TRY_ASSIGN(std::string id, id_of(visit, state, member.type, value));
        return Json(std::move(id));
    }
    return Json(value);
}

constexpr ActMember kDeputised{"for", "person", false, 64};

} // namespace

std::vector<std::pair<const char*, std::vector<ActKind>>> act_groups() {
    using K = ActKind;
    std::vector<std::pair<const char*, std::vector<K>>> out = {
        {phrase("Register"),
         {K::enter, K::correct, K::cancel, K::change_class, K::remark, K::review_purpose}},
        {phrase("Release and dispatch"),
         {K::ask_release, K::approve_release, K::refuse_release, K::consent, K::dispatch,
          K::hand_over, K::take_delivery, K::withdraw, K::trace, K::recall, K::narrow, K::close}},
        {phrase("Receipts and notices"),
         {K::contents_receipt, K::acknowledge, K::answer_recall, K::reconcile, K::countersign}},
        {phrase("Custody"),
         {K::container, K::store, K::issue, K::take_back, K::copy, K::witness_destruction,
          K::destroy, K::certify_destruction}},
        {phrase("Reading"), {K::open, K::print}},
        {phrase("Musters"), {K::begin_muster, K::count, K::close_muster}},
        {phrase("Incidents"), {K::report_incident, K::investigate, K::report, K::close_incident}},
        {phrase("People"),
         {K::enrol, K::appoint, K::clear, K::grant, K::brief, K::debrief, K::transfer, K::absence,
          K::facility, K::passkey, K::revoke}},
        {phrase("Agreement and peer"),
         {K::pair, K::accredit, K::assure, K::record_assurance, K::law, K::ask_laws, K::adopt_terms,
          K::put_in_force, K::terminate, K::shred}},
    };
    // A kind that this list does not know yet is reachable all the same.
    std::set<K> listed;
    for (const auto& [caption, kinds] : out)
        listed.insert(kinds.begin(), kinds.end());
    std::vector<K> others;
    for (const K kind : logbook::all_act_kinds())
        if (at_desk(kind) && !listed.contains(kind))
            others.push_back(kind);
    if (!others.empty())
        out.emplace_back(phrase("Others"), std::move(others));
    return out;
}

bool at_desk(ActKind kind) {
    constexpr ActKind kElsewhere[] = {
        ActKind::found,       ActKind::arrive,      ActKind::custody_receipt, ActKind::give_notice,
        ActKind::take_notice, ActKind::export_copy, ActKind::permit_opening,  ActKind::recover};
    return std::ranges::find(kElsewhere, kind) == std::end(kElsewhere);
}

namespace {

//= O-18
// What the label of a thing without a sealed file says beside its level: no members of the act.
void add_label_fields(const Visit& visit, const std::map<std::string, std::string>& values,
                      std::vector<Field>& out) {
    const auto add = [&](const char* name, const char* label, std::string hint) {
        const auto value = values.find(name);
        out.push_back({.name = name,
                       .label = visit.say(label),
                       .value = value == values.end() ? std::string() : value->second,
                       .hint = std::move(hint)});
    };
    std::string kinds;
    for (const char* kind : label::kRightsKinds)
        kinds += (kinds.empty() ? "" : ", ") + std::string(kind);
    add(kLabelRights, phrase("Private rights"), kinds);
    add(kLabelRightsNote, phrase("Rights note"),
        visit.say("How private rights in it are respected"));
}

} // namespace

std::vector<Field> act_fields(const Visit& visit, const logbook::State& state,
                              const agreement::Terms& terms, ActKind kind,
                              const std::map<std::string, std::string>& values) {
    std::vector<Field> out;
    auto members = asked_members(kind);
    if (kind != ActKind::pair)
        members.push_back(kDeputised);
    for (const ActMember& member : members) {
        const auto value = values.find(std::string(member.name));
        Field field{.name = std::string(member.name),
                    .label = visit.word(member.name),
                    .value = value == values.end() ? std::string() : value->second,
                    .hint = hint_of(visit, kind, member),
                    .required = member.required,
                    .choices = choices_of(visit, state, terms, kind, member)};
        if (member.name == "for") {
            field.label = visit.say("As deputy of");
            field.hint = visit.say("Only when you act for a control officer who is away");
        }
        if (!field.choices.empty()) {
            field.type = "select";
            field.choices.insert(field.choices.begin(), {"", "–"});
        } else if (member.type == "time") {
            field.type = "date";
            field.value = field.value.substr(0, 16);
        } else if (member.type == "count" || member.type == "integer") {
            field.type = "number";
        } else if (member.type == "text" || member.type == "base64" || member.type == "copies") {
            field.type = "area";
        }
        out.push_back(std::move(field));
    }
    if (kind == ActKind::enter)
        add_label_fields(visit, values, out);
    return out;
}

Result<Json> content_of(const Visit& visit, const logbook::State& state, ActKind kind) {
    Json out = Json::object();
    auto members = asked_members(kind);
    members.push_back(kDeputised);
    for (const ActMember& member : members) {
        const std::string& value = visit.entered(std::string(member.name));
        if (value.empty())
            continue;
        TRY_ASSIGN(out[std::string(member.name)], value_of(visit, state, member, value));
    }
    return out;
}

} // namespace valise::desk
