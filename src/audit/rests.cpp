// SPDX-License-Identifier: Apache-2.0
#include "audit/rests.h"

#include "crypto/hash.h"
#include "envelope/batch.h"
#include "envelope/statement.h"
#include "logbook/notice.h"
#include "logbook/receipt.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace valise::audit {
namespace {

using logbook::ActKind;
using logbook::Direction;

Bytes receipt_signed_bytes(ByteView receipt) {
    Bytes out = to_bytes("valise/receipt/v1");
    out.push_back(0);
    append(out, receipt);
    return out;
}

DispatchId dispatch_of(const Record& record) {
    return DispatchId::parse(record.skeleton.id("dispatch")).value_or(DispatchId());
}

// What an opening that is held must hold.
Checked<const Bytes*> needed(const Record& record, const char* name) {
    const Bytes* bytes = record.opening.find(name);
    TRY(holds(bytes != nullptr, record.field_place(name), "verify.missing",
              "the event rests on it, and it is not there"));
    return bytes;
}

Checked<void> receipt_says(const Record& record, const logbook::ReceiptFields& fields,
                           const logbook::Dispatch& dispatch, const logbook::Item* item,
                           const Sendings& sendings) {
    const std::string place = record.field_place("receipt");
    const auto says = [&](bool condition, const char* text) {
        return holds(condition, place, "verify.receipt", text);
    };
    const bool custody = record.skeleton.kind() == ActKind::custody_receipt;
    // Of a package the finding is that of its seals, which the receiver's book holds.
    const bool broken = dispatch.direction == Direction::in
                            ? dispatch.delivered == logbook::SealFinding::broken
                            : custody && dispatch.package() &&
                                  fields.finding == logbook::ReceiptFinding::discrepancy;
    const std::string finding =
        custody ? std::string(broken ? "discrepancy" : "whole") : record.skeleton.fact("finding");
    TRY(says(fields.type ==
                 (custody ? logbook::ReceiptType::custody : logbook::ReceiptType::contents),
             "a receipt of the other kind"));
    TRY(says(fields.dispatch == dispatch.id, "for another dispatch"));
    TRY(says(fields.statement == dispatch.document, "for another statement"));
    TRY(says(logbook::to_string(fields.finding) == finding, "with another finding"));
    if (dispatch.direction == Direction::in)
        return says(item != nullptr && fields.number == item->number &&
                        fields.payload_root == item->payload_root,
                    "for another item");
    const auto sending = sendings.find(dispatch.id);
    return says(sending == sendings.end() || !dispatch.returns.empty() ||
                    sending->second.payload_root == fields.payload_root,
                "for another payload than was sent");
}

Checked<void> same_approvals(const Record& record, const envelope::Statement& statement,
                             const logbook::Release& release, const Approvals& approvals) {
    std::set<Hash32> stated;
    for (const envelope::ReleaseAct& act : statement.inputs.release)
        stated.insert(act.digest);
    std::set<Hash32> recorded;
    for (const PersonId& person : release.approvals)
        if (const auto found = approvals.find({release.id, person}); found != approvals.end())
            recorded.insert(found->second.signed_act);
    return holds(stated == recorded, record.field_place("statement"), "verify.statement",
                 "it rests on other approvals than were recorded");
}

std::string seals_in(const logbook::TextMap& facts) {
    const auto found = facts.find("seals");
    return found == facts.end() ? std::string() : found->second;
}

// What the receiver's book says of a package is what was announced.
bool same_package(const envelope::Package& package, const logbook::Skeleton& skeleton) {
    const auto count = [](std::int64_t number) {
        return number == 0 ? std::string() : std::to_string(number);
    };
    return skeleton.fact("form") == package.form &&
           skeleton.fact("pages") == count(package.pages) &&
           skeleton.fact("sheets") == count(package.sheets) &&
           skeleton.fact("returns") == package.returns;
}

// What the sender announces is the copy that its own book put into the package.
bool same_copy(const envelope::Package& package, const logbook::State& state,
               const DispatchId& id) {
    const logbook::Dispatch* dispatch = state.dispatch(id);
    const auto* copy = dispatch == nullptr ? nullptr : state.copy(dispatch->copy);
    return copy != nullptr && package.form == to_string(copy->form) &&
           package.copy == copy->number && package.pages == copy->pages &&
           package.returns == (dispatch->returns.empty() ? "" : dispatch->returns.text());
}

Checked<void> statement_says(const Record& record, const Surroundings& around,
                             const envelope::Statement& statement, const Approvals& approvals) {
    const std::string place = record.field_place("statement");
    const auto says = [&](bool condition, const char* text) {
        return holds(condition, place, "verify.statement", text);
    };
    const auto& inputs = statement.inputs;
    const auto& permit = around.before.open_permits().at(*record.skeleton.permit());
    const bool out = record.skeleton.kind() == ActKind::dispatch;
    const agreement::Party* other = around.terms.other(around.party);
    const std::string peer = permit.facts.at(out ? "recipient" : "peer");
    TRY(says(other != nullptr && peer == other->code, "to or from nobody of these terms"));
    TRY(says(inputs.sender == (out ? around.party : peer) &&
                 inputs.recipient == (out ? peer : around.party),
             "between other parties"));
    TRY(says(inputs.exchange == record.skeleton.id("dispatch"), "of another dispatch"));
    if (!out) //= O-20
        TRY(says(inputs.control == permit.facts.contains("control"),
                 "under other control than the book says"));
    TRY(says(inputs.classification.level_code == permit.facts.at("level"), "of another level"));
    TRY(says(inputs.package.value_or(envelope::Package()).seals == seals_in(permit.facts) &&
                 (!inputs.package ||
                  (out ? same_copy(*inputs.package, around.before, dispatch_of(record))
                       : same_package(*inputs.package, record.skeleton))),
             "of another package"));
    if (!out)
        return says(to_base64(statement.container.payload_root) ==
                        record.skeleton.fact("payload_root"),
                    "of another payload");
    const auto* dispatch = around.before.dispatch(dispatch_of(record));
    const auto* item = dispatch == nullptr ? nullptr : around.before.item(dispatch->item);
    const auto* release = dispatch == nullptr ? nullptr : around.before.release(dispatch->release);
    TRY(says(item != nullptr && release != nullptr && inputs.item == item->number,
             "of another item"));
    TRY(says(inputs.serial == static_cast<std::int64_t>(permit.seq), "of another permit"));
    return same_approvals(record, statement, *release, approvals);
}

} // namespace

Checked<void> check_receipt(const Record& record, const Surroundings& around,
                            const Parties& parties, const Sendings& sendings) {
    if (record.withheld)
        return {};
    TRY_ASSIGN(const Bytes* bytes, needed(record, "receipt"));
    TRY_ASSIGN(const Bytes* signature, needed(record, "signature"));
    const std::string place = record.field_place("receipt");
    TRY_ASSIGN(const auto receipt, at(place, logbook::Receipt::parse(*bytes)));
    const logbook::Dispatch* dispatch = around.before.dispatch(dispatch_of(record));
    TRY(holds(dispatch != nullptr && parties.peer.has_value(), place, "verify.receipt",
              "of a dispatch that is not there"));
    const PartyKeys& giver = dispatch->direction == Direction::in ? parties.own : *parties.peer;
    TRY(holds(receipt.fields().party == giver.list.party, place, "verify.receipt",
              "not given by the receiver"));
    TRY(at(record.field_place("signature"),
           giver.receipt.verify(receipt_signed_bytes(*bytes), *signature)));
    return receipt_says(record, receipt.fields(), *dispatch, around.before.item(dispatch->item),
                        sendings);
}

Checked<void> check_notice(const Record& record, const Surroundings& around,
                           const Parties& parties) {
    if (record.withheld)
        return {};
    TRY_ASSIGN(const Bytes* bytes, needed(record, "notice"));
    TRY_ASSIGN(const Bytes* signature, needed(record, "signature"));
    const std::string place = record.field_place("notice");
    TRY_ASSIGN(const auto notice, at(place, logbook::Notice::parse(*bytes)));
    const auto& skeleton = record.skeleton;
    const logbook::Dispatch* dispatch = around.before.dispatch(dispatch_of(record));
    const bool found = dispatch != nullptr || skeleton.id("dispatch").empty();
    TRY(holds(found && parties.peer.has_value(), place, "verify.notice",
              "of a dispatch that is not there"));
    const bool given = skeleton.kind() == ActKind::give_notice;
    const PartyKeys& giver = given ? parties.own : *parties.peer;
    const Time when =
        given ? around.before.open_permits().at(*skeleton.permit()).minute : notice.fields().at;
    TRY_ASSIGN(const auto said,
               at(place, logbook::notice_saying(skeleton.ids(), skeleton.facts(), dispatch, when,
                                                giver.list.party)));
    TRY(holds(notice == said, place, "verify.notice", "it says something else than the event"));
    TRY(at(record.field_place("signature"),
           giver.receipt.verify(notice.signed_bytes(), *signature)));
    return given ? Checked<void>() : check_enclosed(record);
}

Checked<void> check_enclosed(const Record& record) {
    const std::string digest = record.skeleton.fact("enclosed");
    if (record.withheld || digest.empty())
        return holds(record.withheld || record.opening.find("note") == nullptr,
                     record.field_place("note"), "verify.notice", "nothing was to be enclosed");
    TRY_ASSIGN(const Bytes* note, needed(record, "note"));
    TRY_ASSIGN(const Bytes* salt, needed(record, "salt"));
    const std::string place = record.field_place("note");
    TRY_ASSIGN(const auto salt_bytes,
               at(record.field_place("salt"), fixed<16>(*salt, "verify.notice")));
    return holds(to_base64(logbook::enclosed_digest(salt_bytes, to_text(*note))) == digest, place,
                 "verify.notice", "another text than the notice encloses");
}

Checked<void> check_statement(const Record& record, const Surroundings& around,
                              const Parties& parties, const Approvals& approvals,
                              Sendings& sendings) {
    if (record.withheld)
        return {};
    TRY_ASSIGN(const Bytes* bytes, needed(record, "statement"));
    TRY_ASSIGN(const Bytes* signature, needed(record, "statement-signature"));
    const std::string place = record.field_place("statement");
    const std::string signature_place = record.field_place("statement-signature");
    TRY(holds(to_base64(logbook::statement_commitment(*bytes)) == record.skeleton.fact("doc"),
              place, "verify.statement", "not the document that the skeleton names"));
    TRY_ASSIGN(const auto statement, at(place, envelope::Statement::parse(*bytes)));
    TRY(holds(parties.peer.has_value(), place, "verify.statement", "without a peer"));
    TRY_ASSIGN(const Json json, at(signature_place, parse_canonical_json(*signature)));
    TRY_ASSIGN(const auto read, at(signature_place, envelope::SenderSignature::from_json(json)));
    const bool out = record.skeleton.kind() == ActKind::dispatch;
    const PartyKeys& sender = out ? parties.own : *parties.peer;
    const PartyKeys& receiver = out ? *parties.peer : parties.own;
    TRY(at(signature_place, envelope::verify_batch(*bytes, read, sender.list.party,
                                                   receiver.list.party, sender.sender)));
    TRY(statement_says(record, around, statement, approvals));
    sendings[dispatch_of(record)] = {
        logbook::link_tag(SecretBytes::copy(statement.inputs.transfer_secret)),
        statement.container.payload_root};
    return {};
}

Checked<void> check_release(const Record& record, const Surroundings& around,
                            const Approvals& approvals) {
    const auto id = ReleaseId::parse(record.skeleton.id("release")).value_or(ReleaseId());
    const auto item_id = ItemId::parse(record.skeleton.id("item")).value_or(ItemId());
    const logbook::Release* release = around.before.release(id);
    const logbook::Item* item = around.before.item(item_id);
    const std::string place = record.place("release");
    TRY(holds(release != nullptr && item != nullptr, place, "verify.release",
              "nobody asked for one"));
    const Hash32 digest =
        logbook::release_digest(item_id, item->payload_root, item->label_sha256,
                                record.skeleton.fact("recipient"), around.terms.digest());
    // What goes back to its originator has that one's level; it is protected here at ours.
    const int persons = around.terms.release_persons(around.party, logbook::protected_level(*item));
    TRY(holds(persons > 0 && release->approvals.size() >= static_cast<std::size_t>(persons), place,
              "verify.release", "fewer persons approved than the terms want"));
    for (const PersonId& person : release->approvals) {
        const auto found = approvals.find({id, person});
        TRY(holds(found != approvals.end() &&
                      found->second.release_digest.value_or(digest) == digest,
                  place, "verify.release", "an approval of something else"));
    }
    return {};
}

Checked<void> check_pairing(const Record& record, const Parties& parties, ByteView confirmation) {
    TRY(holds(parties.peer && parties.confirmation, "confirmation", "verify.identity",
              "the book says that a peer was paired, and the file holds none"));
    TRY(holds(record.skeleton.fact("root") == to_base64(crypto::sha256(parties.peer->list.root)),
              record.place("skeleton, facts.root"), "verify.identity",
              "another root key than that of the peer's key list"));
    if (record.withheld)
        return {};
    const std::string place = record.field_place("act");
    TRY_ASSIGN(const Bytes confirmed, at(place, record.act()->bytes_field("confirmation")));
    TRY(holds(confirmed == to_bytes(confirmation) &&
                  parties.confirmation->terms == record.act()->terms() &&
                  record.act()->optional_field("fingerprint") ==
                      parties.confirmation->fingerprint(),
              place, "verify.identity", "the officer confirmed something else"));
    return {};
}

} // namespace valise::audit
