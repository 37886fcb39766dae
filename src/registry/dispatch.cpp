// SPDX-License-Identifier: Apache-2.0
#include "agreement/control.h"
#include "agreement/passage.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "exchange/bag.h"
#include "logbook/leaf.h"
#include "registry/internal/impl.h"
#include "registry/internal/together.h"
#include "vault/vault.h"

// The sender's side of a dispatch: permitted, sealed for the receiver, carried, recorded as sent.
namespace valise::registry {

using exchange::Frame;
using logbook::ActKind;
using logbook::Stage;

Result<ActAnswer> Registry::Impl::do_dispatch(Draft draft, ActAnswer answer) {
    TRY_ASSIGN(const auto signed_act, logbook::SignedAct::parse(draft.signed_act));
    const logbook::Act& act = signed_act.act();
    TRY_ASSIGN(const auto item_id, act.id_field<ItemId>("item"));
    TRY_ASSIGN(const std::string recipient, act.field("recipient"));
    const logbook::Item* item = ledger.state().item(item_id);
    if (item == nullptr)
        return fail(Code::not_found, "registry.no_item", item_id.text());
    const auto release = logbook::release_id(logbook::release_digest(
        item_id, item->payload_root, item->label_sha256, recipient, terms().digest()));
    const auto dispatch =
        act.optional_field("dispatch").value_or(DispatchId::of(crypto::random_bytes(10)).text());
    draft.skeleton.ids["dispatch"] = dispatch;
    draft.skeleton.ids["release"] = release.text();
    draft.skeleton.facts["recipient"] = recipient;
    draft.skeleton.facts["level"] = item->level;
    if (agreement::keeps_control(terms(), *item, ledger.state().release(release),
                                 act.optional_field("seals").has_value()))
        draft.skeleton.facts["control"] = envelope::kOriginatorSid;
    draft.document = logbook::document_commitment(item->payload_root);
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    JournalChange extra;
    extra.put.push_back({"dispatch/" + dispatch, "dispatch", to_bytes(dispatch)});
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts), std::move(extra)));
    answer.seq = seqs.front();
    answer.result = {{"dispatch", dispatch}, {"release", release.text()}};
    return answer;
}

// Asks the vault to seal the item anew for the receiver. Runs outside of the sequencer: a large
// document takes as long as it takes, and nothing is sent before its record stands.
Result<void> Registry::Impl::seal(const DispatchId& dispatch) {
    std::shared_ptr<const RandomSource> source;
    {
        const std::scoped_lock lock(mutex);
        const logbook::Dispatch* found = ledger.state().dispatch(dispatch);
        if (found == nullptr)
            return fail(Code::not_found, "registry.no_dispatch", dispatch.text());
        TRY(sign(LogName::private_log));
        const logbook::Item& item = *ledger.state().item(found->item);
        TRY_ASSIGN(source, found->package() ? announcement(item) : ports.blobs.open(item.blob));
    }
    const BlobId blob = new_blob_id();
    TRY_ASSIGN(auto writer, ports.blobs.create(blob));
    TRY_ASSIGN(const auto sealed,
               ports.keys.reseal(dispatch, *source, *writer, writer->descriptor()));
    TRY(writer->commit());
    const std::scoped_lock lock(mutex);
    return ledger.note(dispatch_note(dispatch, "sealed"),
                       view(canonical_json({{"blob", blob.text()},
                                            {"statement", to_base64(sealed.statement)},
                                            {"payload_root", to_base64(sealed.payload_root)}})));
}

Result<Frame> Registry::Impl::call(exchange::Carrier& carrier, const Frame& request,
                                   std::string_view answer_type) {
    TRY_ASSIGN(const Bytes bytes, carrier.call(exchange::encode(request)));
    if (!carrier.by_courier()) {
        const std::scoped_lock lock(mutex);
        heard = ports.clock.now();
    }
    TRY_ASSIGN(auto parsed, exchange::parse_frame(bytes));
    if (parsed.from != request.to || parsed.to != request.from)
        return fail(Code::invalid, "exchange.frame", "the answer is addressed to somebody else");
    return exchange::expect(std::move(parsed), answer_type);
}

namespace {

// What the peer needs before the payload: the file's bytes around it.
Result<Bytes> around_payload(const RandomSource& source, const envelope::Container& container) {
    const std::uint64_t head = container.payload_offset();
    const std::uint64_t tail = container.container_bytes() - head - container.payload_bytes();
    if (head + tail > exchange::kMaxBody)
        return fail(Code::limit, "registry.manifest_size", "the manifest is too large to offer");
    Bytes out(static_cast<std::size_t>(head + tail));
    TRY(source.read_at(0, std::span(out).first(static_cast<std::size_t>(head))));
    TRY(source.read_at(head + container.payload_bytes(),
                       std::span(out).subspan(static_cast<std::size_t>(head))));
    return out;
}

} // namespace

//= O-38
// Permitted once, it may have waited, half gone or in a bag that did not come back: while the link
// is suspended it stays here, listed among the duties, and goes on when the link is taken up again.
Result<void> Registry::Impl::may_pass(const DispatchId& dispatch) {
    const std::scoped_lock lock(mutex);
    const logbook::Dispatch* found = ledger.state().dispatch(dispatch);
    if (found == nullptr)
        return fail(Code::not_found, "registry.no_dispatch", dispatch.text());
    return may_pass(*found);
}

Result<void> Registry::Impl::may_pass(const logbook::Dispatch& dispatch) const {
    const std::string why = agreement::held_back(terms(), ledger.state(), dispatch, ledger.now());
    if (!why.empty())
        return fail(Code::unavailable, kHeld, why);
    return {};
}

Result<void> Registry::Impl::send(exchange::Carrier& carrier, const DispatchId& dispatch,
                                  const std::atomic<bool>& stop) {
    std::shared_ptr<const RandomSource> source;
    bool package = false;
    {
        const std::scoped_lock lock(mutex);
        package = ledger.state().dispatch(dispatch)->package();
        TRY_ASSIGN(const Json sealed, note_json(dispatch_note(dispatch, "sealed")));
        TRY_ASSIGN(auto reader, ObjectReader::over(sealed, "sealed dispatch"));
        TRY_ASSIGN(const std::string name, reader.text("blob"));
        TRY_ASSIGN(const auto blob, BlobId::parse(name));
        TRY_ASSIGN(source, ports.blobs.open(blob));
    }
    TRY_ASSIGN(const auto container, envelope::Container::open(*source));
    const std::string& to = peer->list.party;
    const auto ask = [&](const Frame& request, bool of_document) -> Result<exchange::Progress> {
        if (of_document && carrier.leaves())
            TRY(may_pass(dispatch));
        TRY_ASSIGN(const Frame reply, call(carrier, request, "progress"));
        TRY_ASSIGN(auto parsed, exchange::Progress::parse(reply));
        if (carrier.by_courier())
            return parsed;
        const std::scoped_lock lock(mutex);
        const std::uint64_t whole = container.payload_bytes();
        note_progress(dispatch, parsed.complete ? whole : parsed.durable_bytes, whole);
        return parsed;
    };
    TRY_ASSIGN(Bytes frame_bytes, around_payload(*source, container));
    const exchange::Offer offer{dispatch, container.container_bytes(), container.payload_offset(),
                                container.payload_bytes(), std::move(frame_bytes)};
    const auto offered = ask(offer.frame(setup.party, to), true);
    // Nothing more goes; but what was whole there before is not lost sight of.
    if (!offered && offered.error().reason() == kHeld && !package) {
        const auto whole = ask(exchange::Complete{dispatch}.frame(setup.party, to), false);
        if (whole && whole->complete)
            return sent(dispatch, *whole);
    }
    TRY_ASSIGN(exchange::Progress at, offered);
    const std::uint64_t count = container.manifest().segment_count();
    while (!at.complete && at.next_segment < count) {
        if (stop)
            return fail(Code::unavailable, "registry.stopping", "the transfer goes on later");
        exchange::Segment segment{dispatch, at.next_segment, {}};
        segment.bytes.resize(container.manifest().segment_cipher(at.next_segment));
        TRY(container.read_segment(at.next_segment, segment.bytes));
        TRY_ASSIGN(at, ask(segment.frame(setup.party, to), true));
    }
    const bool asked_last = !at.complete;
    if (asked_last) {
        TRY_ASSIGN(at, ask(exchange::Complete{dispatch}.frame(setup.party, to), false));
    }
    if (package && (at.complete || (asked_last && at.next_segment == count)))
        return announced(dispatch);
    if (!at.complete)
        return fail(Code::unavailable, "registry.incomplete", "the peer still misses segments");
    return sent(dispatch, at);
}

// What was sealed, read back and checked as the receiver does it.
Result<void> Registry::Impl::add_sealed_statement(const Json& sealed,
                                                  logbook::Opening& opening) const {
    TRY_ASSIGN(const auto blob, BlobId::parse(sealed.at("blob").get<std::string>()));
    TRY_ASSIGN(const auto source, ports.blobs.open(blob));
    TRY_ASSIGN(const auto container, envelope::Container::open(*source));
    TRY_ASSIGN(const auto sender, vault::hybrid_verifier(own.sender));
    TRY_ASSIGN(const auto verified, envelope::verify_statement(container.manifest(), sender,
                                                               setup.party, peer->list.party));
    return add_statement(opening, verified);
}

Result<void> add_statement(logbook::Opening& opening, const envelope::Verified& verified) {
    TRY(opening.add("statement", ByteView(verified.statement_bytes())));
    return opening.add("statement-signature",
                       std::string_view(canonical_json(verified.signature().json())));
}

// That it was sent, as the outcome of its permit.
Result<Draft> Registry::Impl::sent_draft(const DispatchId& dispatch) const {
    TRY_ASSIGN(const Json sealed, note_json(dispatch_note(dispatch, "sealed")));
    TRY_ASSIGN(auto reader, ObjectReader::over(sealed, "sealed dispatch"));
    TRY_ASSIGN(const Bytes statement, reader.base64("statement", 2 * envelope::kStatementLimit));
    TRY_ASSIGN(const auto parsed, envelope::Statement::parse(statement));
    std::uint64_t permit = 0;
    for (const auto& [seq, open] : ledger.state().open_permits())
        if (open.kind == ActKind::dispatch && open.ids.at("dispatch") == dispatch.text())
            permit = seq;
    Draft done;
    done.skeleton.kind = ActKind::dispatch;
    done.skeleton.stage = Stage::done;
    done.skeleton.permit = permit;
    const auto& permitted = ledger.state().open_permits().at(permit);
    done.skeleton.ids = permitted.ids;
    done.skeleton.facts = permitted.facts;
    done.document = logbook::statement_commitment(statement);
    TRY(add_sealed_statement(sealed, done.opening));
    done.skeleton.facts["doc"] = to_base64(done.document);
    done.shared = true;
    done.link_tag = logbook::link_tag(SecretBytes::copy(parsed.inputs.transfer_secret));
    return done;
}

namespace {

// A genuine receipt of another dispatch, said again by whoever holds the link, proves nothing of
// this one: it would leave the outbox and never arrive.
Result<void> receipt_of(const DispatchId& dispatch, const exchange::Progress& at) {
    TRY_ASSIGN(const auto receipt, logbook::Receipt::parse(at.receipt));
    if (at.dispatch != dispatch || receipt.fields().dispatch != dispatch ||
        receipt.fields().type != logbook::ReceiptType::custody)
        return fail(Code::integrity, "registry.receipt", "the receipt is for another dispatch");
    return {};
}

} // namespace

// The outcome: sent, and the custody receipt that says that it arrived whole. //= O-34, O-36
Result<void> Registry::Impl::sent(const DispatchId& dispatch, const exchange::Progress& at) {
    TRY(receipt_of(dispatch, at));
    const std::scoped_lock lock(mutex);
    return together(ledger, [&]() -> Result<void> {
        const logbook::Dispatch* found = ledger.state().dispatch(dispatch);
        if (found != nullptr && found->state == logbook::DispatchState::permitted) {
            std::vector<Draft> drafts;
            TRY_ASSIGN(drafts.emplace_back(), sent_draft(dispatch));
            TRY(ledger.record(std::move(drafts)));
        }
        TRY(record_receipt(at.receipt, at.receipt_signature));
        JournalChange change;
        change.drop.push_back("dispatch/" + dispatch.text());
        return ledger.journal_commit(change);
    });
}

bool decided_against(const Error& answer) {
    return answer.code() == Code::refused && answer.reason().starts_with("peer.agreement.");
}

// The peer recorded its refusal, and would record another one each time that it is asked. The
// outcome of the permit is "failed", which sets the release free.
Result<void> Registry::Impl::refused_by_peer(const DispatchId& dispatch, const Error& refusal) {
    const std::scoped_lock lock(mutex);
    JournalChange change;
    change.notes[dispatch_note(dispatch, "refusal")] = to_bytes(refusal.reason());
    TRY(ledger.journal_commit(change));
    for (const auto& [seq, open] : ledger.state().open_permits()) {
        if (open.kind != ActKind::dispatch || open.ids.at("dispatch") != dispatch.text())
            continue;
        TRY(outcome_of(seq, Stage::failed));
        break;
    }
    JournalChange done;
    done.drop.push_back("dispatch/" + dispatch.text());
    return ledger.journal_commit(done);
}

Result<bool> Registry::work(exchange::Carrier& carrier, const std::atomic<bool>& stop) {
    // A bag that is being packed must not hold up the end of the program.
    std::unique_lock alone(impl_->working, std::defer_lock);
    while (!alone.try_lock_for(std::chrono::milliseconds(100)))
        if (stop)
            return true;
    return impl_->work(carrier, stop);
}

Result<bool> Registry::Impl::work(exchange::Carrier& carrier, const std::atomic<bool>& stop) {
    const bool by_courier = carrier.by_courier();
    std::vector<OutboxEntry> due;
    // A dispatch that the peer refuses must not hold up the others behind it; and what merely
    // travels hides nothing that is wrong.
    std::optional<Error> first;
    const auto keep = [&](const Error& error) {
        if (!first || first->reason() == exchange::kInBag)
            first = error;
    };
    {
        const std::scoped_lock lock(mutex);
        if (!peer || behind)
            return false;
        if (const auto done = finish_deliveries(); !done)
            keep(done.error());
        TRY(give_owed_notices());
        TRY_ASSIGN(due, ledger.journal().outbox());
    }
    if (greeting_due()) {
        const auto answered = greet(carrier);
        if (!answered && !by_courier) {
            greeted = false;
            return fail(answered.error());
        }
        // Should even the key process have forgotten: what the peer mirrors of ours says so, before
        // anything is signed that it would contradict.
        if (!by_courier)
            if (const auto looked = check_claim(carrier, 0);
                !looked && looked.error().reason() == "registry.behind")
                return fail(looked.error());
        // Restored from a backup meanwhile, it forgot our newest keys: they are told again.
        const std::scoped_lock lock(mutex);
        if (own.serial > 1 && !by_courier)
            TRY(ledger.note("keys/told", {}));
    }
    // Before anything is signed under a name that the peer does not know.
    if (!by_courier)
        if (const auto told = tell_keys(carrier); !told)
            keep(told.error());
    for (const OutboxEntry& entry : due) {
        if (stop)
            return true;
        if (entry.kind == "reconcile")
            continue; // below: its leaf goes first
        const auto handled = [&]() -> Result<void> {
            if (entry.kind == "receipt")
                return send_receipt(carrier, entry);
            if (entry.kind == "notice")
                return send_notice(carrier, entry);
            TRY_ASSIGN(const auto dispatch, DispatchId::parse(text_view(entry.body)));
            bool is_sealed = false;
            {
                const std::scoped_lock lock(mutex);
                is_sealed = note(dispatch_note(dispatch, "sealed")).has_value();
            }
            if (by_courier && !carrier.takes_documents())
                return {};
            if (!under_same_terms(by_courier))
                return fail(Code::conflict, "registry.other_terms",
                            "the peer has not put the same terms in force yet");
            if (!is_sealed && carrier.leaves())
                TRY(may_pass(dispatch));
            if (!is_sealed)
                TRY(seal(dispatch));
            auto sent = send(carrier, dispatch, stop);
            if (!sent && decided_against(sent.error()))
                return refused_by_peer(dispatch, sent.error());
            return sent;
        }();
        if (!handled)
            keep(handled.error());
    }
    // What the peer claims to know of our logs is asked for, and counts with our signature alone.
    const auto claimed = [&](const Result<void>& asked) -> Result<void> {
        if (asked || by_courier || asked.error().reason() != "registry.claimed")
            return asked;
        return check_claim(carrier, std::strtoull(asked.error().context().c_str(), nullptr, 10));
    };
    for (const LogName log : {LogName::private_log, LogName::shared_log})
        if (const auto asked = claimed(ask_cosignature(carrier, log)); !asked && !by_courier)
            keep(asked.error());
    if (const auto asked = claimed(ask_mirror(carrier, stop)); !asked && !by_courier)
        keep(asked.error());
    for (const OutboxEntry& entry : due)
        if (entry.kind == "reconcile" && !stop)
            if (const auto told = send_reconcile(carrier, entry); !told)
                keep(told.error());
    if (first)
        return fail(std::move(*first));
    return !due.empty();
}

} // namespace valise::registry
