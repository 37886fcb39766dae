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
    TRY_ASSIGN(const auto event,
               entered ? ledger.newest(ActKind::enter, Stage::permitted, item.id.text())
                       : ledger.newest(ActKind::arrive, Stage::done, item.dispatch.text()));
    const Bytes* bytes = event ? event->opening.find(entered ? "act" : "label") : nullptr;
    if (bytes == nullptr)
        return fail(Code::not_found, "registry.no_paper", "the opening with the label was shredded");
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

// A crash may have come between a delivery and its receipt.
Result<void> Registry::Impl::finish_deliveries() {
    std::vector<DispatchId> owed;
    for (const auto& [id, dispatch] : ledger.state().dispatches())
        if (dispatch.package() && dispatch.state == logbook::DispatchState::arrived)
            owed.push_back(id);
    for (const DispatchId& id : owed)
        TRY(give_custody_receipt(id));
    return {};
}

} // namespace valise::registry
