// SPDX-License-Identifier: Apache-2.0
#include "crypto/kem.h"
#include "envelope/seal.h"
#include "label/attributes.h"
#include "label/json5636.h"
#include "label/label_xml.h"
#include "logbook/leaf.h"
#include "registry/internal/impl.h"

// What goes by hand: announced over the wire by a sealed file without a payload, handed to a
// courier, and taken by the receiving officer, whose act is the arrival. //= O-34 //= O-35 //= O-37
namespace valise::registry {

using logbook::ActKind;
using logbook::Stage;

namespace {

// The label of an item as it was signed: in the act that entered it, or beside its arrival.
Result<Bytes> label_of(const Ledger& ledger, const logbook::Item& item) {
    const bool entered = item.direction == logbook::Direction::out;
    std::optional<Recorded> event;
    if (entered) {
        TRY_ASSIGN(event, ledger.event(item.event));
    } else {
        TRY_ASSIGN(event, ledger.newest(ActKind::arrive, Stage::done, item.dispatch.text()));
    }
    const Bytes* bytes = event ? event->opening.find(entered ? "act" : "label") : nullptr;
    if (bytes == nullptr)
        return fail(Code::not_found, "registry.no_paper",
                    "the opening with the label was shredded");
    if (!entered)
        return *bytes;
    TRY_ASSIGN(const auto act, logbook::SignedAct::parse(*bytes));
    return act.act().bytes_field("label");
}

} // namespace

// A file at rest with the item's label and nothing else: the vault seals it anew for the receiver,
// as it does with every other file, and states in it what lies in the package.
Result<std::shared_ptr<const RandomSource>>
Registry::Impl::announcement(const logbook::Item& item) const {
    TRY_ASSIGN(const Bytes xml, label_of(ledger, item));
    TRY_ASSIGN(const auto read, label::read_4774(xml));
    const label::Scheme* scheme = terms().scheme(item.origin);
    if (scheme == nullptr)
        return fail(Code::invalid, "registry.label", "of a party that the terms do not name");
    envelope::SealRequest request;
    TRY_ASSIGN(request.attributes, label::attributes(read.label, *scheme, label_namespace()));
    request.label_xml = to_text(xml);
    TRY_ASSIGN(request.label_5636, label::write_5636(read.label));
    TRY_ASSIGN(auto key, crypto::WrapPublicKey::parse_der(own.unwrapping));
    request.recipients.push_back({std::move(key), "https://registry.invalid", "", ""});
    const BlobId blob = new_blob_id();
    TRY_ASSIGN(auto writer, ports.blobs.create(blob));
    MemorySource empty{Bytes()};
    TRY(envelope::seal(empty, *writer, request));
    TRY(writer->commit());
    TRY_ASSIGN(auto source, ports.blobs.open(blob));
    TRY(ports.blobs.remove(blob)); // open here, and needed by nobody else
    return source;
}

// The receiver accepted what it was told of; what else there is to do, a courier does.
Result<void> Registry::Impl::announced(const DispatchId& dispatch) {
    const std::scoped_lock lock(mutex);
    JournalChange change;
    change.notes[dispatch_note(dispatch, "announced")] = to_bytes("1");
    change.drop.push_back("dispatch/" + dispatch.text());
    return ledger.journal_commit(change);
}

// With the first leg the package has left: the outcome of its dispatch stands in one transaction
// with the act that handed it over.
Result<ActAnswer> Registry::Impl::do_hand_over(Draft draft, ActAnswer answer) {
    TRY_ASSIGN(const auto id, DispatchId::parse(draft.skeleton.ids["dispatch"]));
    const logbook::Dispatch& dispatch = *ledger.state().dispatch(id);
    if (dispatch.legs.empty() && !note(dispatch_note(id, "announced")))
        return fail(Code::conflict, "registry.not_announced",
                    "the other registry has not accepted the package yet; `valise dispatch show` "
                    "says how far it is");
    const std::size_t leg = dispatch.legs.size() + 1;
    draft.skeleton.facts["leg"] = std::to_string(leg);
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    if (dispatch.state == logbook::DispatchState::permitted) {
        TRY_ASSIGN(drafts.emplace_back(), sent_draft(id));
    }
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    answer.seq = seqs.front();
    answer.result = {{"dispatch", id.text()}, {"leg", leg}};
    return answer;
}

// The arrival and the act of who took it stand in one transaction; the custody receipt follows.
Result<ActAnswer> Registry::Impl::do_take_delivery(Draft draft, ActAnswer answer) {
    TRY_ASSIGN(const auto id, DispatchId::parse(draft.skeleton.ids["dispatch"]));
    TRY_ASSIGN(const auto transfer, find_incoming(id));
    if (transfer->next_segment != transfer->verified.payload().leaves().size())
        return fail(Code::conflict, "registry.not_announced",
                    "the announcement is not whole yet; try again when the link has been up");
    TRY(keep(*transfer)); // before the book names the file
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    TRY_ASSIGN(drafts.emplace_back(), arrival_draft(*transfer));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    answer.seq = seqs.front();
    incoming.erase(id);
    answer.result = {{"dispatch", id.text()}, {"item", ledger.state().dispatch(id)->item.text()}};
    TRY(give_custody_receipt(id));
    return answer;
}

// What was permitted and has not left: its outcome is "failed", which sets copy and release free,
// and the other registry is told.
Result<ActAnswer> Registry::Impl::do_withdraw(Draft draft, ActAnswer answer) {
    TRY_ASSIGN(const auto id, DispatchId::parse(draft.skeleton.ids["dispatch"]));
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    for (const auto& [seq, open] : ledger.state().open_permits())
        if (open.kind == ActKind::dispatch && open.ids.at("dispatch") == id.text()) {
            TRY_ASSIGN(drafts.emplace_back(), outcome_draft(seq, Stage::failed));
            break;
        }
    JournalChange extra;
    extra.drop.push_back("dispatch/" + id.text());
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts), std::move(extra)));
    answer.seq = seqs.front();
    answer.result = {{"dispatch", id.text()}};
    TRY(give_owed_notices());
    return answer;
}

Result<void> Registry::Impl::end_withdrawn(const DispatchId& dispatch) {
    for (const auto& [seq, open] : ledger.state().open_permits())
        if (open.kind == ActKind::arrive && open.ids.at("dispatch") == dispatch.text()) {
            TRY(outcome_of(seq, Stage::failed));
            break;
        }
    incoming.erase(dispatch);
    return {};
}

// A crash may have come between a delivery, its receipt and its marking, or between a withdrawal
// and its end. One dossier that cannot go on holds up no other.
Result<void> Registry::Impl::finish_deliveries() {
    using enum logbook::DispatchState;
    if (delivered_up_to == ledger.state().next_seq())
        return {};
    std::vector<DispatchId> left;
    for (const auto& [id, dispatch] : ledger.state().dispatches())
        if (dispatch.package() && dispatch.direction == logbook::Direction::in &&
            (dispatch.state == arrived || dispatch.state == custody_receipt_sent ||
             (dispatch.state == offered && dispatch.withdrawn)))
            left.push_back(id);
    std::optional<Error> first;
    for (const DispatchId& id : left) {
        const auto state = ledger.state().dispatch(id)->state;
        const auto done = state == arrived   ? give_custody_receipt(id)
                          : state == offered ? end_withdrawn(id)
                                             : remark(id);
        if (!done && !first)
            first = done.error();
    }
    if (first)
        return fail(std::move(*first));
    delivered_up_to = ledger.state().next_seq();
    return {};
}

} // namespace valise::registry
