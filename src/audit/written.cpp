// SPDX-License-Identifier: Apache-2.0
#include "audit/written.h"

#include "agreement/control.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "label/attributes.h"
#include "label/label_xml.h"
#include "logbook/opening_papers.h"
#include "logbook/protection.h"
#include "logbook/repeated.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::audit {
namespace {

using logbook::Act;
using logbook::ActKind;
using logbook::Stage;

constexpr const char* kReason = "verify.skeleton";

template<class IdType> IdType id_in(const logbook::Skeleton& skeleton, const char* name) {
    return IdType::parse(skeleton.id(name)).value_or(IdType());
}

std::optional<Hash32> document_of_item(const logbook::State& state, const ItemId& id) {
    const logbook::Item* item = state.item(id);
    return item == nullptr ? std::nullopt
                           : std::optional(logbook::document_commitment(item->payload_root));
}

std::string label_parties(const label::Label& label) {
    std::string out;
    for (const std::string& party : label::releasable_to(label))
        out += (out.empty() ? "" : ",") + party;
    return out;
}

Checked<void> from_label(ByteView xml, const std::string& place, logbook::TextMap& facts) {
    TRY_ASSIGN(const auto read, at(place, label::read_4774(xml)));
    facts["label_sha256"] = to_base64(crypto::sha256(xml));
    if (const std::string parties = label_parties(read.label); !parties.empty())
        facts["release"] = parties;
    if (label::copying_reserved(read.label))
        facts["copying"] = "reserved";
    if (const auto rights = label::rights(read.label); !rights.empty())
        facts["rights"] = logbook::words_text(rights);
    return {};
}

Checked<void> enter(const Record& record, const Surroundings& around, Written& out) {
    const Act& act = *record.act();
    const std::string place = record.field_place("act");
    out.ids.try_emplace("copy", record.skeleton.id("copy")); // the registry's choice
    out.facts["origin"] = around.party;
    out.facts["number"] = around.before.next_number(logbook::year_of(record.skeleton.minute()));
    TRY_ASSIGN(const Bytes xml, at(place, act.bytes_field("label")));
    TRY(from_label(xml, place + ", label", out.facts));
    if (const auto root = act.hash_field("payload_root"))
        out.document = logbook::document_commitment(*root);
    else
        out.facts["form"] = act.optional_field("form").value_or("");
    return {};
}

Checked<void> dispatch(const Record& record, const Surroundings& around, Written& out) {
    TRY_ASSIGN(const auto id,
               at(record.field_place("act"), record.act()->id_field<ItemId>("item")));
    const logbook::Item* item = around.before.item(id);
    TRY(holds(item != nullptr, record.place(), kReason, "of an item that is not there"));
    out.ids.try_emplace("dispatch", record.skeleton.id("dispatch"));
    out.ids["release"] =
        logbook::release_id(logbook::release_digest(id, item->payload_root, item->label_sha256,
                                                    out.facts["recipient"], around.terms.digest()))
            .text();
    out.facts["level"] = item->level;
    if (agreement::keeps_control(
            around.terms, *item,
            around.before.release(ReleaseId::parse(out.ids["release"]).value_or(ReleaseId())),
            out.facts.contains("seals")))
        out.facts["control"] = "originator";
    out.document = logbook::document_commitment(item->payload_root);
    return {};
}

// A line about an entry points back to it.
Checked<void> about_entry(const Record& record, const Surroundings& around, Written& out) {
    const auto* item = around.before.item(id_in<ItemId>(record.skeleton, "item"));
    TRY(holds(item != nullptr, record.place(), kReason, "of an item that is not there"));
    out.facts["entry"] = std::to_string(item->event);
    if (record.act()->kind() == ActKind::correct)
        out.facts["members"] = logbook::corrected_members(*record.act());
    return {};
}

// The dossier moves on with its item when a person marks it; one that is marked already does not.
void move_dossier(const Record& record, const Surroundings& around, Written& out) {
    const auto* item = around.before.item(id_in<ItemId>(record.skeleton, "item"));
    const auto* moved = item == nullptr ? nullptr : around.before.dispatch(item->dispatch);
    if (moved != nullptr && moved->state == logbook::DispatchState::custody_receipt_sent)
        out.ids["dispatch"] = item->dispatch.text();
}

// The next number for a copy that is taken or printed; of a rewrap that of the copy which was, of
// an ordered print its own.
void number_of_copy(const Act& act, const Surroundings& around, Written& out) {
    const auto number = act.kind() == ActKind::export_copy
                            ? logbook::export_number(act, around.before)
                        : act.kind() == ActKind::print ? logbook::print_number(act, around.before)
                                                       : std::nullopt;
    if (number)
        out.facts["copy_number"] = std::to_string(*number);
}

Checked<void> by_kind(const Record& record, const Surroundings& around, Written& out) {
    const Act& act = *record.act();
    const auto place = record.field_place(record.signed_act ? "act" : "attested");
    const auto* moved = around.before.dispatch(id_in<DispatchId>(record.skeleton, "dispatch"));
    switch (act.kind()) {
    case ActKind::enter:
        return enter(record, around, out);
    case ActKind::correct:
    case ActKind::cancel:
        return about_entry(record, around, out);
    case ActKind::dispatch:
        return dispatch(record, around, out);
    case ActKind::pair: {
        TRY_ASSIGN(const Bytes root, at(place, act.bytes_field("peer_root")));
        out.facts["root"] = to_base64(crypto::sha256(root));
        return {};
    }
    case ActKind::ask_release:
    case ActKind::refuse_release:
    case ActKind::approve_release: {
        TRY_ASSIGN(const Hash32 digest, at(place, act.hash_field("release_digest")));
        out.ids["release"] = logbook::release_id(digest).text();
        return {};
    }
    case ActKind::arrive: {
        TRY_ASSIGN(out.document, at(place, act.hash_field("statement")));
        return {};
    }
    case ActKind::remark:
        if (record.signed_act)
            move_dossier(record, around, out);
        else if (const auto named = act.optional_field("dispatch"))
            out.ids["dispatch"] = *named;
        [[fallthrough]];
    case ActKind::open:
    case ActKind::export_copy:
    case ActKind::print:
        number_of_copy(act, around, out);
        [[fallthrough]];
    case ActKind::destroy:
        out.document = document_of_item(around.before, id_in<ItemId>(record.skeleton, "item"));
        return {};
    case ActKind::hand_over:
        if (moved != nullptr)
            out.facts["leg"] = std::to_string(moved->legs.size() + 1);
        return {};
    case ActKind::copy: {
        const auto* item = around.before.item(id_in<ItemId>(record.skeleton, "item"));
        TRY(holds(item != nullptr, record.place(), kReason, "of an item that is not there"));
        out.facts["copy_number"] = std::to_string(item->copies_made + 1);
        return {};
    }
    case ActKind::custody_receipt:
    case ActKind::contents_receipt:
        if (moved != nullptr)
            out.document = moved->document;
        if (moved != nullptr && record.attested)
            out.facts["doc"] = to_base64(moved->document);
        return {};
    case ActKind::close:
        if (moved != nullptr && record.attested)
            out.document = moved->document;
        return {};
    case ActKind::permit_opening:
        if (moved != nullptr)
            out.document = moved->document;
        return {};
    case ActKind::recall:
        out.facts["enclosed"] = to_base64(
            logbook::enclosed_digest(act.nonce(), act.optional_field("ground").value_or("")));
        return {};
    case ActKind::give_notice:
        out.ids["notice"] = logbook::notice_id(around.party, record.index).text();
        [[fallthrough]];
    case ActKind::take_notice:
        if (moved != nullptr)
            out.document = moved->document;
        return {};
    case ActKind::begin_muster:
        out.ids["muster"] = MusterId::of(record.leaf.fields().signed_act).text();
        return {};
    case ActKind::report_incident:
        out.ids["incident"] = IncidentId::of(record.leaf.fields().signed_act).text();
        return {};
    case ActKind::reconcile:
    case ActKind::countersign: {
        TRY_ASSIGN(out.document, at(place, act.hash_field("recon")));
        return {};
    }
    case ActKind::report:
        out.facts["enclosed"] = to_base64(
            logbook::enclosed_digest(act.nonce(), act.optional_field("note").value_or("")));
        return {};
    case ActKind::law:
        out.facts["enclosed"] =
            to_base64(logbook::enclosed_digest(act.nonce(), logbook::law_words(act)));
        return {};
    default:
        return {};
    }
}

Checked<Written> written_of_act(const Record& record, const Surroundings& around) {
    const Act& act = *record.act();
    Written out;
    out.document = Hash32{};
    if (record.signed_act && record.skeleton.stage() == Stage::refused) {
        logbook::repeat_refused(act, out.ids);
        return out;
    }
    logbook::repeat(act, out.ids, out.facts);
    TRY(by_kind(record, around, out));
    return out;
}

// `done` and `failed`: what was permitted, and what became known since.
Checked<Written> written_of_outcome(const Record& record, const Surroundings& around) {
    const auto& skeleton = record.skeleton;
    const auto permit = around.before.open_permits().find(skeleton.permit().value_or(~0ULL));
    TRY(holds(permit != around.before.open_permits().end(), record.place("skeleton, permit"),
              kReason, "no open permit of that number"));
    // A dispatch is carried out by the registry, whoever decided it.
    const bool by_registry = skeleton.kind() == ActKind::dispatch;
    TRY(holds(skeleton.actor() == (by_registry ? logbook::kRegistryActor : permit->second.actor),
              record.place("skeleton, actor"), kReason, "not who carried it out"));
    Written out{permit->second.ids, permit->second.facts, {}};
    out.document = document_of_item(around.before, id_in<ItemId>(skeleton, "item"));
    const auto as_told = [&](std::initializer_list<const char*> names) {
        for (const char* name : names)
            out.facts[name] = skeleton.fact(name);
    };
    const std::string done = skeleton.stage() == Stage::done ? "done" : "failed";
    if (done == "done" && skeleton.kind() == ActKind::dispatch) {
        as_told({"doc"}); // held against the statement in statements.h
        const auto doc = from_base64(out.facts["doc"]);
        if (doc && doc->size() == 32) {
            out.document.emplace();
            std::ranges::copy(*doc, out.document->begin());
        }
    } else if (done == "done" && skeleton.kind() == ActKind::arrive) {
        as_told({"purpose", "payload_root", "label_sha256", "blob", "origin", "doc"});
        if (!permit->second.facts.contains("returns"))
            out.facts["number"] = around.before.next_number(logbook::year_of(skeleton.minute()));
        for (const char* name : {"release", "copying", "rights"})
            if (!skeleton.fact(name).empty())
                as_told({name});
        const auto offer = around.offers.find(*skeleton.permit());
        out.document.reset();
        if (offer != around.offers.end()) {
            for (const char* name : {"purpose", "payload_root", "label_sha256", "blob", "origin"})
                out.facts[name] = offer->second.optional_field(name).value_or("");
            out.facts["doc"] = offer->second.optional_field("statement").value_or("");
            TRY_ASSIGN(out.document,
                       at(record.place("skeleton"), offer->second.hash_field("statement")));
        }
        if (const Bytes* xml = record.opening.find("label")) {
            for (const char* name : {"release", "copying", "rights"})
                out.facts.erase(name);
            TRY(from_label(*xml, record.field_place("label"), out.facts));
        }
    } else if (done == "done" && skeleton.kind() == ActKind::recover) {
        // The root is the key process's word, the range that of the shared log's own leaves.
        as_told({"root", "shared_from", "shared_to"});
        const auto root = from_base64(out.facts["root"]);
        if (root && root->size() == 32) {
            out.document.emplace();
            std::ranges::copy(*root, out.document->begin());
        }
    } else if (done == "done" && skeleton.kind() == ActKind::print) {
        as_told({"pages"}); // the renderer counted them, and nothing here can bear it out
    } else if (done == "failed" &&
               (skeleton.kind() == ActKind::open || skeleton.kind() == ActKind::export_copy)) {
        const auto item = around.before.item(id_in<ItemId>(skeleton, "item"));
        const bool controlled = item != nullptr && around.before.controlled(*item);
        // The other party's word: nothing here can bear it out.
        if (controlled && !skeleton.fact("refusal").empty() &&
            (skeleton.kind() == ActKind::open ||
             logbook::originators_refusal(skeleton.fact("refusal"))))
            as_told({"refusal"});
    } else if (skeleton.kind() == ActKind::contents_receipt ||
               skeleton.kind() == ActKind::permit_opening ||
               skeleton.kind() == ActKind::give_notice) {
        const auto* moved = around.before.dispatch(id_in<DispatchId>(skeleton, "dispatch"));
        out.document = moved == nullptr ? std::nullopt : std::optional(moved->document);
    } else if (skeleton.kind() == ActKind::enter) {
        out.document = Hash32{};
        const auto sealed = out.facts.find("payload_root");
        const auto root = from_base64(sealed == out.facts.end() ? "" : sealed->second);
        if (root && root->size() == 32) {
            Hash32 hash{};
            std::ranges::copy(*root, hash.begin());
            out.document = logbook::document_commitment(hash);
        }
    }
    return out;
}

Checked<void> same_maps(const logbook::TextMap& found, const logbook::TextMap& expected,
                        const std::string& place) {
    const auto member = [&](const std::string& name) { return fmt::format("{}.{}", place, name); };
    for (const auto& [name, value] : expected) {
        const auto held = found.find(name);
        TRY(holds(held != found.end() && held->second == value, member(name), kReason,
                  "not what the act says"));
    }
    for (const auto& [name, value] : found)
        TRY(holds(expected.contains(name), member(name), kReason, "the act says no such thing"));
    return {};
}

// Which fields the registry puts into the opening of which event.
Checked<void> check_opening_fields(const Record& record) {
    const auto& skeleton = record.skeleton;
    const bool outcome = skeleton.permit().has_value();
    std::vector<std::string_view> known = {"act", "attested", "decided"};
    if (record.signed_act && skeleton.stage() == Stage::permitted)
        known.insert(known.end(), logbook::opened_members().begin(),
                     logbook::opened_members().end());
    if (skeleton.kind() == ActKind::custody_receipt || skeleton.kind() == ActKind::contents_receipt)
        known.insert(known.end(), {"receipt", "signature"});
    if (skeleton.kind() == ActKind::take_notice ||
        (outcome && skeleton.kind() == ActKind::give_notice))
        known.insert(known.end(), {"notice", "signature"});
    if (skeleton.kind() == ActKind::take_notice ||
        (!outcome && skeleton.kind() == ActKind::give_notice))
        known.insert(known.end(), {"note", "salt"});
    if (!outcome && skeleton.kind() == ActKind::permit_opening)
        known.insert(known.end(), {"ask", "answer", "signature"});
    if (outcome && skeleton.kind() == ActKind::recover)
        known.insert(known.end(), {"lost"});
    if (outcome && skeleton.kind() == ActKind::dispatch)
        known.insert(known.end(), {"statement", "statement-signature"});
    if (outcome && skeleton.kind() == ActKind::arrive)
        known.insert(known.end(), {"statement", "statement-signature", "label"});
    for (const auto& field : record.opening.fields()) {
        const std::string place = record.field_place(field.name);
        TRY(holds(std::ranges::find(known, field.name) != known.end(), place, kReason,
                  "no registry writes it there"));
        if (record.signed_act && field.name != "act" && field.name != "decided" &&
            field.name != "receipt" && field.name != "signature")
            TRY(holds(record.act()->optional_field(field.name) == to_text(field.value), place,
                      kReason, "not what the act says"));
    }
    return {};
}

} // namespace

Checked<void> check_written(const Record& record, const Surroundings& around) {
    const auto& skeleton = record.skeleton;
    const bool outcome = skeleton.permit().has_value();
    const bool has_digest = record.leaf.fields().signed_act != Hash32{};
    const bool persons = !outcome && !skeleton.by_registry();
    TRY(holds(has_digest == persons, record.place("leaf"), "verify.act_digest",
              persons ? "a person's act without its digest" : "a digest without a person's act"));
    if (outcome) {
        TRY(holds(skeleton.clauses().empty(), record.place("skeleton, clauses"), kReason,
                  "an outcome decides nothing"));
        TRY(holds(record.act() == nullptr, record.place("opening"), kReason,
                  "an outcome is no act"));
    } else if (record.withheld) {
        return {}; // nothing to hold it against
    } else {
        TRY(holds(record.act() != nullptr, record.place("opening"), "verify.no_act",
                  "no act that was decided"));
        TRY(holds(record.signed_act.has_value() == persons, record.place("skeleton, actor"),
                  kReason, "not who the act is by"));
        TRY(holds(record.act()->kind() == skeleton.kind(), record.place("skeleton, kind"), kReason,
                  "the act is of another kind"));
    }
    TRY(check_opening_fields(record));
    TRY_ASSIGN(const Written expected,
               outcome ? written_of_outcome(record, around) : written_of_act(record, around));
    TRY(same_maps(skeleton.ids(), expected.ids, record.place("skeleton, ids")));
    TRY(same_maps(skeleton.facts(), expected.facts, record.place("skeleton, facts")));
    TRY(holds(!expected.document || record.leaf.fields().document == *expected.document,
              record.place("leaf"), "verify.document", "it commits to another document"));
    return {};
}

Checked<void> check_founding(const Record& record, const Surroundings& around) {
    constexpr ActKind kKinds[kFoundingEvents] = {ActKind::found, ActKind::enrol, ActKind::appoint,
                                                 ActKind::enrol, ActKind::appoint};
    const auto& skeleton = record.skeleton;
    const std::string place = record.place("skeleton");
    const bool first = record.index == 0;
    TRY(holds(skeleton.kind() == kKinds[record.index] && skeleton.by_registry() &&
                  skeleton.clauses().empty() && !skeleton.permit() &&
                  skeleton.stage() == (first ? Stage::done : Stage::permitted),
              place, "verify.founding", "a registry begins with its founding and two officers"));
    TRY(holds(record.leaf.fields().signed_act == Hash32{} &&
                  record.leaf.fields().document == Hash32{} && record.act() == nullptr,
              record.place("leaf"), "verify.founding", "nobody's act founds a registry"));
    for (const auto& field : record.opening.fields())
        TRY(holds(skeleton.kind() == ActKind::enrol && field.name == "name",
                  record.field_place(field.name), "verify.founding", "not written at a founding"));
    if (first)
        return holds(skeleton.fact("party") == around.party &&
                         around.terms.authority(around.party, skeleton.fact("authority")) !=
                             nullptr,
                     place, "verify.founding", "of another party or authority than the terms name");
    const bool control = record.index < 3;
    if (skeleton.kind() == ActKind::appoint)
        return holds(skeleton.fact("role") ==
                             logbook::to_string(control ? logbook::Role::control_officer
                                                        : logbook::Role::clearance_officer) &&
                         around.before.persons().contains(id_in<PersonId>(skeleton, "person")) &&
                         !around.before.has_role(id_in<PersonId>(skeleton, "person"),
                                                 logbook::Role::control_officer),
                     place, "verify.founding", "not the office of this place");
    TRY_ASSIGN(const Bytes key, at(place, from_base64(skeleton.fact("key"))));
    return holds(skeleton.id("person") == PersonId::of(crypto::sha256(key)).text(), place,
                 "verify.founding", "the officer's id does not follow from the key");
}

} // namespace valise::audit
