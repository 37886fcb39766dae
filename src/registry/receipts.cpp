// SPDX-License-Identifier: Apache-2.0
#include "logbook/leaf.h"
#include "logbook/receipt.h"
#include "registry/internal/impl.h"
#include "registry/internal/together.h"
#include "vault/vault.h"

// Receipts, given and taken. //= O-36
namespace valise::registry {

using exchange::Frame;
using logbook::ActKind;
using logbook::Receipt;
using logbook::ReceiptFinding;
using logbook::ReceiptType;
using logbook::Stage;

namespace {

Json receipt_json(const Receipt& receipt, ByteView signature) {
    return {{"receipt", to_base64(receipt.bytes())}, {"signature", to_base64(signature)}};
}

} // namespace

Result<Receipt> Registry::Impl::make_receipt(const logbook::Dispatch& dispatch, ReceiptType type,
                                             ReceiptFinding finding) const {
    const logbook::Item* item = ledger.state().item(dispatch.item);
    if (item == nullptr)
        return fail(Code::not_found, "registry.no_item", dispatch.item.text());
    return Receipt::make({.type = type,
                          .dispatch = dispatch.id,
                          .statement = dispatch.document,
                          .payload_root = item->payload_root,
                          .number = item->number,
                          .finding = finding,
                          .at = ledger.now(),
                          .party = setup.party});
}

Result<Hash32> Registry::Impl::link_tag_of(const DispatchId& dispatch) {
    Bytes statement;
    if (const auto sealed = note_json(dispatch_note(dispatch, "sealed"))) {
        TRY_ASSIGN(auto reader, ObjectReader::over(*sealed, "sealed dispatch"));
        TRY_ASSIGN(statement, reader.base64("statement", 2 * envelope::kStatementLimit));
    } else {
        TRY_ASSIGN(const auto arrived_event,
                   ledger.newest(ActKind::arrive, Stage::done, dispatch.text()));
        const Bytes* kept = arrived_event ? arrived_event->opening.find("statement") : nullptr;
        if (kept == nullptr) { // announced, and not delivered yet
            TRY_ASSIGN(const auto transfer, find_incoming(dispatch));
            return logbook::link_tag(
                SecretBytes::copy(transfer->verified.statement().inputs.transfer_secret));
        }
        statement = *kept;
    }
    TRY_ASSIGN(const auto parsed, envelope::Statement::parse(statement));
    return logbook::link_tag(SecretBytes::copy(parsed.inputs.transfer_secret));
}

// The arrival stands in a signed log before the receipt for it exists.
Result<void> Registry::Impl::give_custody_receipt(const DispatchId& id) {
    const logbook::Dispatch dispatch = *ledger.state().dispatch(id);
    TRY_ASSIGN(const auto arrival, ledger.newest(ActKind::arrive, Stage::done, id.text()));
    const bool broken = dispatch.delivered == logbook::SealFinding::broken;
    TRY_ASSIGN(const Receipt receipt,
               make_receipt(dispatch, ReceiptType::custody,
                            broken ? ReceiptFinding::discrepancy : ReceiptFinding::whole));
    TRY(sign(LogName::private_log));
    TRY_ASSIGN(const Bytes signature,
               ports.keys.sign_receipt(receipt.bytes(), arrival->stored.seq));
    Draft draft;
    draft.skeleton.stage = Stage::done;
    draft.skeleton.ids = {{"dispatch", id.text()}, {"item", dispatch.item.text()}};
    draft.skeleton.facts = {{"doc", to_base64(dispatch.document)}};
    draft.document = dispatch.document;
    draft.shared = true;
    TRY_ASSIGN(draft.link_tag, link_tag_of(id));
    TRY(draft.opening.add("receipt", ByteView(receipt.bytes())));
    TRY(draft.opening.add("signature", ByteView(signature)));
    JournalChange extra;
    extra.notes[dispatch_note(id, "custody")] =
        to_bytes(canonical_json(receipt_json(receipt, signature)));
    // By wire the sender waits for it and asks again; of a package it is told.
    if (dispatch.package())
        extra.put.push_back({"custody/" + id.text(), "receipt",
                             to_bytes(canonical_json(receipt_json(receipt, signature)))});
    return together(ledger, [&]() -> Result<void> {
        TRY(attest(ActKind::custody_receipt,
                   {{"dispatch", id.text()}, {"item", dispatch.item.text()}}, std::move(draft),
                   std::move(extra)));
        return remark(id);
    });
}

Result<ActAnswer> Registry::Impl::do_contents_receipt(const logbook::SignedAct& act, Draft draft,
                                                      ActAnswer answer) {
    TRY_ASSIGN(const auto id, act.act().id_field<DispatchId>("dispatch"));
    TRY_ASSIGN(const std::string finding_text, act.act().field("finding"));
    TRY_ASSIGN(const auto finding, logbook::parse_receipt_finding(finding_text));
    const logbook::Dispatch* found = ledger.state().dispatch(id);
    if (found == nullptr)
        return fail(Code::not_found, "registry.no_dispatch", id.text());
    const logbook::Dispatch dispatch = *found;
    draft.document = dispatch.document;
    Draft done = draft;
    std::vector<Draft> first;
    first.push_back(std::move(draft));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(first)));
    answer.seq = seqs.front();
    TRY_ASSIGN(const Receipt receipt, make_receipt(dispatch, ReceiptType::contents, finding));
    TRY(sign(LogName::private_log));
    TRY_ASSIGN(const Bytes signature, ports.keys.sign_receipt(receipt.bytes(), answer.seq));
    done.skeleton.stage = Stage::done;
    done.skeleton.permit = answer.seq;
    done.skeleton.clauses.clear();
    done.signed_act.clear();
    done.opening = {};
    TRY(done.opening.add("receipt", ByteView(receipt.bytes())));
    TRY(done.opening.add("signature", ByteView(signature)));
    done.shared = true;
    TRY_ASSIGN(done.link_tag, link_tag_of(id));
    JournalChange extra;
    extra.put.push_back({"receipt/" + id.text(), "receipt",
                         to_bytes(canonical_json(receipt_json(receipt, signature)))});
    std::vector<Draft> second;
    second.push_back(std::move(done));
    TRY_ASSIGN(const auto outcome, ledger.record(std::move(second), std::move(extra)));
    answer.outcome = outcome.front();
    answer.result = receipt_json(receipt, signature);
    return answer;
}

Result<void> Registry::Impl::send_receipt(exchange::Carrier& carrier, const OutboxEntry& entry) {
    TRY_ASSIGN(const Json json, parse_canonical_json(entry.body));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "receipt to send"));
    exchange::Receipt message;
    TRY_ASSIGN(message.receipt, reader.base64("receipt"));
    TRY_ASSIGN(message.signature, reader.base64("signature"));
    TRY(call(carrier, message.frame(setup.party, peer->list.party), "taken"));
    const std::scoped_lock lock(mutex);
    JournalChange change;
    change.drop.push_back(entry.id);
    return ledger.journal_commit(change);
}

Result<Frame> Registry::Impl::take_receipt(const Frame& request) {
    TRY_ASSIGN(const auto message, exchange::Receipt::parse(request));
    TRY(record_receipt(message.receipt, message.signature));
    return Frame{"taken", setup.party, peer->list.party, Json::object(), {}};
}

// The receipt is for the payload that was sealed; of what comes back the receiver names its own.
Result<void> Registry::Impl::check_payload(const logbook::Dispatch& dispatch,
                                           const Hash32& payload_root) const {
    if (!dispatch.returns.empty())
        return {};
    TRY_ASSIGN(const Json sealed, note_json(dispatch_note(dispatch.id, "sealed")));
    if (sealed.at("payload_root") != to_base64(payload_root))
        return fail(Code::integrity, "registry.receipt", "the receipt is for another payload");
    return {};
}

// A receipt of the peer for a dispatch of ours. Recording one twice would be a second event for one
// deed, so what is known already is only acknowledged.
Result<void> Registry::Impl::record_receipt(ByteView bytes, ByteView signature) {
    TRY_ASSIGN(const Receipt receipt, Receipt::parse(bytes));
    TRY(peer->receipt.verify(vault::receipt_signed_bytes(bytes), signature));
    const auto& fields = receipt.fields();
    const logbook::Dispatch* found = ledger.state().dispatch(fields.dispatch);
    if (found == nullptr || found->direction != logbook::Direction::out ||
        fields.party != peer->list.party || fields.statement != found->document)
        return fail(Code::integrity, "registry.receipt", "the receipt is for another dispatch");
    const bool custody = fields.type == ReceiptType::custody;
    // What an auditor would not accept must never stand in the book: nothing could be signed after.
    if (custody && fields.finding != ReceiptFinding::whole && !found->package())
        return fail(Code::integrity, "registry.receipt", "custody with a finding about contents");
    TRY(check_payload(*found, fields.payload_root));
    using enum logbook::DispatchState;
    const bool open = found->state == sent || found->state == lost;
    const bool known =
        custody ? !open : !open && found->state != custody_receipted && found->state != discrepancy;
    const logbook::Dispatch dispatch = *found;
    // A crash may have come between the receipt and the closing: then only the closing is left.
    if (known)
        return dispatch.state == contents_receipted ? close(dispatch) : Result<void>();
    const auto kind = custody ? ActKind::custody_receipt : ActKind::contents_receipt;
    Json content = {{"dispatch", dispatch.id.text()}, {"item", dispatch.item.text()}};
    Draft draft;
    draft.skeleton.stage = Stage::done;
    draft.skeleton.ids = {{"dispatch", dispatch.id.text()}, {"item", dispatch.item.text()}};
    draft.skeleton.facts = {{"doc", to_base64(dispatch.document)}};
    if (!custody) {
        const std::string finding(logbook::to_string(fields.finding));
        content["finding"] = finding;
        draft.skeleton.facts["finding"] = finding;
    }
    draft.document = dispatch.document;
    draft.shared = true;
    TRY_ASSIGN(draft.link_tag, link_tag_of(dispatch.id));
    TRY(draft.opening.add("receipt", bytes));
    TRY(draft.opening.add("signature", signature));
    TRY(attest(kind, std::move(content), std::move(draft)));
    if (custody || fields.finding != ReceiptFinding::in_order)
        return {};
    return close(dispatch);
}

Result<void> Registry::Impl::close(const logbook::Dispatch& dispatch) {
    Draft draft;
    draft.skeleton.stage = Stage::permitted;
    draft.skeleton.ids = {{"dispatch", dispatch.id.text()}};
    draft.document = dispatch.document;
    TRY(attest(ActKind::close, {{"dispatch", dispatch.id.text()}}, std::move(draft)));
    return {};
}

} // namespace valise::registry
