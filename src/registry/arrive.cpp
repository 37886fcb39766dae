// SPDX-License-Identifier: Apache-2.0
#include "agreement/equivalence.h"
#include "crypto/equal.h"
#include "crypto/hash.h"
#include "label/label_xml.h"
#include "logbook/leaf.h"
#include "logbook/protection.h"
#include "registry/internal/impl.h"

#include <algorithm>

// The receiver's side: an offer checked without any key, segments checked as they land, the arrival
// recorded, the custody receipt, the re-marking.
namespace valise::registry {

using exchange::Frame;
using logbook::ActKind;
using logbook::Stage;

namespace {

// The container with a hole where the payload will be: enough to check everything that is not
// payload.
class HollowFile : public RandomSource {
public:
    HollowFile(const exchange::Offer& offer) : offer_(offer) {}
    std::uint64_t size() const override { return offer_.container_bytes; }
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override {
        const std::uint64_t hole_end = offer_.payload_offset + offer_.payload_bytes;
        const bool before = offset + out.size() <= offer_.payload_offset;
        if (!before && offset < hole_end)
            return fail(Code::invalid, "registry.offer",
                        "the file's frame reaches into its payload");
        const std::uint64_t at = before ? offset : offset - offer_.payload_bytes;
        if (at > offer_.frame_bytes.size() || out.size() > offer_.frame_bytes.size() - at)
            return fail(Code::invalid, "base.short_read", "past the end");
        std::copy_n(offer_.frame_bytes.begin() + static_cast<std::ptrdiff_t>(at), out.size(),
                    out.begin());
        return {};
    }

private:
    const exchange::Offer& offer_;
};

// Received things get ids that follow from the sender's statement: an offer made twice, or by wire
// and by courier, is one item.
// A file that is whole already, as the arrival that it is: nothing in it changes any more.
class FinishedBlob : public PartialBlob {
public:
    explicit FinishedBlob(std::shared_ptr<const RandomSource> file) : file_(std::move(file)) {}
    std::uint64_t size() const override { return file_->size(); }
    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        Bytes there(bytes.size());
        TRY(file_->read_at(offset, there));
        if (!std::ranges::equal(there, bytes))
            return fail(Code::integrity, "registry.blob", "the finished file holds other bytes");
        return {};
    }
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override {
        return file_->read_at(offset, out);
    }
    Result<void> finish() override { return {}; }

private:
    std::shared_ptr<const RandomSource> file_;
};

template<class IdType> IdType derived(std::string_view what, const Hash32& commitment) {
    Bytes bytes = to_bytes(what);
    append(bytes, commitment);
    return IdType::of(crypto::sha256(bytes));
}

} // namespace

Bytes Registry::answer_peer(ByteView request, const Hash32& tls_key) {
    return impl_->answer_to_peer(request, tls_key);
}

Bytes Registry::Impl::answer_to_peer(ByteView request, const Hash32& tls_key) {
    Frame asked;
    const auto answered = [&]() -> Result<Frame> {
        TRY_ASSIGN(asked, exchange::parse_frame(request));
        const std::scoped_lock lock(mutex);
        if (!peer || !crypto::constant_time_equal(peer->list.tls, tls_key) ||
            asked.from != peer->list.party || asked.to != setup.party)
            return fail(Code::refused, "registry.not_paired", "no agreement with this peer");
        return answer(asked);
    }();
    if (answered)
        return exchange::encode(*answered);
    return exchange::encode(exchange::refusal(asked, answered.error()));
}

Result<Frame> Registry::Impl::answer(const Frame& request) {
    // Leaves of the peer's own it gets at any time: both may be restored at once. What else it asks
    // is not "integrity": it tries again later, and learns no more than that.
    if (behind && request.type != "leaves")
        return fail(Code::unavailable, "registry.behind", "this registry is being recovered");
    if (request.type == "hello")
        return take_hello(request);
    if (request.type == "offer")
        return take_offer(request);
    if (request.type == "segment")
        return take_segment(request);
    if (request.type == "complete")
        return take_complete(request);
    if (request.type == "receipt")
        return take_receipt(request);
    if (request.type == "notice")
        return take_notice(request);
    if (request.type == "opening")
        return take_opening(request);
    if (request.type == "witness")
        return take_witness(request);
    if (request.type == "mirror")
        return take_mirror(request);
    if (request.type == "leaves")
        return take_leaves(request);
    if (request.type == "keys")
        return take_keys(request);
    if (request.type == "reconcile")
        return take_reconcile(request);
    return fail(Code::invalid, "exchange.type", "no such message");
}

Result<std::shared_ptr<Incoming>> Registry::Impl::begin(const exchange::Offer& offer) {
    const HollowFile file(offer);
    TRY_ASSIGN(const auto container, envelope::Container::open(file));
    if (container.payload_offset() != offer.payload_offset ||
        container.payload_bytes() != offer.payload_bytes)
        return fail(Code::integrity, "registry.offer", "the payload is not where the offer says");
    TRY_ASSIGN(auto verified, envelope::verify_statement(container.manifest(), peer->sender,
                                                         peer->list.party, setup.party));
    if (verified.statement().inputs.exchange != offer.dispatch.text())
        return fail(Code::integrity, "registry.offer", "signed for another dispatch");
    auto out = std::make_shared<Incoming>(Incoming{offer, std::move(verified), nullptr, 0});
    const Hash32 commitment = logbook::statement_commitment(out->verified.statement_bytes());
    const auto blob = derived<BlobId>("blob", commitment);
    auto partial = ports.blobs.partial(blob, offer.container_bytes);
    // A crash came between the finished file and the record of it.
    if (!partial && partial.error().reason() == "registry.blob_exists") {
        TRY_ASSIGN(auto whole, ports.blobs.open(blob));
        if (whole->size() != offer.container_bytes)
            return fail(partial.error());
        partial = std::make_unique<FinishedBlob>(std::move(whole));
    }
    TRY_ASSIGN(out->blob, std::move(partial));
    return out;
}

namespace {

// Head and tail are ours to write once the offer is accepted; the payload follows. Written again
// after a restart: a crash may have come between the record of the offer and this.
Result<void> write_around_payload(const Incoming& transfer) {
    const ByteView frame_bytes = transfer.offer.frame_bytes;
    const auto head = static_cast<std::size_t>(transfer.offer.payload_offset);
    TRY(transfer.blob->write_at(0, frame_bytes.first(head)));
    return transfer.blob->write_at(head + transfer.offer.payload_bytes, frame_bytes.subspan(head));
}

} // namespace

// After a restart: what lies on the disk is believed as far as its hashes are the signed ones.
Result<void> Registry::Impl::resume(Incoming& transfer) const {
    const envelope::Manifest manifest = [&] {
        const HollowFile file(transfer.offer);
        return envelope::Container::open(file)->manifest();
    }();
    Bytes segment;
    while (transfer.next_segment < manifest.segment_count()) {
        segment.resize(manifest.segment_cipher(transfer.next_segment));
        TRY(transfer.blob->read_at(transfer.offer.payload_offset +
                                       manifest.segment_offset(transfer.next_segment),
                                   segment));
        if (!envelope::check_segment(transfer.verified, transfer.next_segment, segment))
            return {};
        ++transfer.next_segment;
    }
    return {};
}

Result<std::shared_ptr<Incoming>> Registry::Impl::find_incoming(const DispatchId& dispatch) {
    if (const auto found = incoming.find(dispatch); found != incoming.end())
        return found->second;
    TRY_ASSIGN(const Bytes stored, note(dispatch_note(dispatch, "offer")));
    TRY_ASSIGN(const Frame frame, exchange::parse_frame(stored));
    TRY_ASSIGN(const auto offer, exchange::Offer::parse(frame));
    TRY_ASSIGN(auto transfer, begin(offer));
    TRY(write_around_payload(*transfer));
    TRY(resume(*transfer));
    incoming[dispatch] = transfer;
    return transfer;
}

Result<exchange::Progress> Registry::Impl::progress_of(const DispatchId& dispatch) {
    exchange::Progress out;
    out.dispatch = dispatch;
    // What a crash left undone after the arrival is done when the peer asks again, whatever for: it
    // begins with its offer, and knows nothing of how far we came.
    const logbook::Dispatch* found = ledger.state().dispatch(dispatch);
    if (found != nullptr && found->state == logbook::DispatchState::arrived)
        TRY(give_custody_receipt(dispatch));
    else if (found != nullptr && found->state == logbook::DispatchState::custody_receipt_sent)
        TRY(remark(dispatch));
    found = ledger.state().dispatch(dispatch);
    if (found != nullptr && found->state != logbook::DispatchState::offered) {
        out.complete = true;
        TRY_ASSIGN(const Json receipt, note_json(dispatch_note(dispatch, "custody")));
        TRY_ASSIGN(auto reader, ObjectReader::over(receipt, "custody receipt"));
        TRY_ASSIGN(out.receipt, reader.base64("receipt"));
        TRY_ASSIGN(out.receipt_signature, reader.base64("signature"));
        return out;
    }
    TRY_ASSIGN(const auto transfer, find_incoming(dispatch));
    out.next_segment = transfer->next_segment;
    out.durable_bytes = std::min<std::uint64_t>(transfer->next_segment * envelope::kSegmentCipher,
                                                transfer->offer.payload_bytes);
    note_progress(dispatch, out.durable_bytes, transfer->offer.payload_bytes);
    return out;
}

Result<Frame> Registry::Impl::take_offer(const Frame& request) {
    TRY_ASSIGN(const auto offer, exchange::Offer::parse(request));
    const auto answer_progress = [&]() -> Result<Frame> {
        TRY_ASSIGN(const auto at, progress_of(offer.dispatch));
        return at.frame(setup.party, peer->list.party);
    };
    if (const auto* known = ledger.state().dispatch(offer.dispatch);
        known != nullptr && known->state != logbook::DispatchState::arrival_failed)
        return answer_progress();
    TRY_ASSIGN(auto transfer, begin(offer));
    const auto& statement = transfer->verified.statement();
    const Hash32 commitment = logbook::statement_commitment(transfer->verified.statement_bytes());
    // Room for its payload was made already; what comes to nothing takes none. A file that was
    // whole before is not this offer's: a book that was put back may not know yet whose it is.
    const auto give_room_back = [&]() -> Result<void> {
        const bool whole = dynamic_cast<const FinishedBlob*>(transfer->blob.get()) != nullptr;
        transfer.reset();
        return whole ? Result<void>() : ports.blobs.remove(derived<BlobId>("blob", commitment));
    };
    const auto read = arrival_content(*transfer, commitment);
    if (!read) {
        TRY(give_room_back());
        return fail(read.error());
    }
    const Json& content = *read;
    Draft draft;
    draft.skeleton.stage = Stage::permitted;
    draft.skeleton.ids = {{"dispatch", offer.dispatch.text()},
                          {"item", content.at("item").get<std::string>()},
                          {"copy", content.at("copy").get<std::string>()}};
    draft.skeleton.facts = {{"peer", peer->list.party},
                            {"level", statement.inputs.classification.level_code}};
    for (const char* name : {"form", "seals", "returns", "control"})
        if (content.contains(name))
            draft.skeleton.facts[name] = content.at(name).get<std::string>();
    for (const char* name : {"pages", "sheets"})
        if (content.contains(name))
            draft.skeleton.facts[name] = std::to_string(content.at(name).get<std::int64_t>());
    draft.document = commitment;
    JournalChange extra;
    extra.notes[dispatch_note(offer.dispatch, "offer")] = exchange::encode(request);
    TRY_ASSIGN(const auto attested,
               attest(ActKind::arrive, content, std::move(draft), std::move(extra)));
    if (!attested.decision.permitted()) {
        TRY(give_room_back());
        return fail(Code::refused, attested.decision.reason(), "the receiving registry refuses it");
    }
    TRY(write_around_payload(*transfer));
    incoming[offer.dispatch] = std::move(transfer);
    return answer_progress();
}

Result<Json> Registry::Impl::arrival_content(const Incoming& transfer,
                                             const Hash32& commitment) const {
    const auto& statement = transfer.verified.statement();
    TRY_ASSIGN(const auto read, label::read_4774(view(transfer.verified.label_xml())));
    const auto* purpose = read.label.category("Purpose");
    if (purpose == nullptr || purpose->values.size() != 1)
        return fail(Code::invalid, "registry.purpose", "the label names no purpose of provision");
    Json out = {{"dispatch", transfer.offer.dispatch.text()},
                {"peer", peer->list.party},
                {"item", derived<ItemId>("item", commitment).text()},
                {"copy", derived<CopyId>("copy", commitment).text()},
                {"level", statement.inputs.classification.level_code},
                {"purpose", purpose->values.front()},
                {"payload_root", to_base64(statement.container.payload_root)},
                {"statement", to_base64(commitment)},
                {"blob", derived<BlobId>("blob", commitment).text()},
                {"origin", peer->list.party},
                {"approvals", approving_persons(statement.inputs, editions.once_in_force())},
                {"label_sha256", to_base64(crypto::sha256(view(transfer.verified.label_xml())))}};
    if (statement.inputs.control)
        out["control"] = envelope::kOriginatorSid;
    if (statement.inputs.package)
        TRY(add_package(*statement.inputs.package, out));
    return out;
}

// What is announced goes by hand. What comes back is an item and a copy that this book knows.
Result<void> Registry::Impl::add_package(const envelope::Package& package, Json& content) const {
    content["form"] = package.form;
    content["seals"] = package.seals;
    if (package.pages != 0)
        content["pages"] = package.pages;
    if (package.sheets != 0)
        content["sheets"] = package.sheets;
    if (package.returns.empty())
        return {};
    TRY_ASSIGN(const auto id, DispatchId::parse(package.returns));
    const logbook::Dispatch* sent = ledger.state().dispatch(id);
    content["returns"] = package.returns;
    content["origin"] = setup.party;
    if (sent == nullptr || sent->direction != logbook::Direction::out || !sent->package())
        return {}; // "return-known" refuses
    content["item"] = sent->item.text();
    content["copy"] = sent->copy.text();
    return {};
}

Result<Frame> Registry::Impl::take_segment(const Frame& request) {
    TRY_ASSIGN(const auto segment, exchange::Segment::parse(request));
    if (const auto* known = ledger.state().dispatch(segment.dispatch);
        known != nullptr && known->state == logbook::DispatchState::offered) {
        TRY(may_pass(*known));
        TRY_ASSIGN(const auto transfer, find_incoming(segment.dispatch));
        // A repeated segment is known already; one from the future is asked for again.
        if (segment.number == transfer->next_segment) {
            TRY(envelope::check_segment(transfer->verified, segment.number, segment.bytes));
            TRY(transfer->blob->write_at(transfer->offer.payload_offset +
                                             segment.number * envelope::kSegmentCipher,
                                         segment.bytes));
            ++transfer->next_segment;
        }
    }
    TRY_ASSIGN(const auto at, progress_of(segment.dispatch));
    return at.frame(setup.party, peer->list.party);
}

Result<Frame> Registry::Impl::take_complete(const Frame& request) {
    TRY_ASSIGN(const auto complete, exchange::Complete::parse(request));
    const auto* known = ledger.state().dispatch(complete.dispatch);
    if (known != nullptr && known->state == logbook::DispatchState::offered) {
        if (!known->package()) // of one the person decides who takes it
            TRY(may_pass(*known));
        TRY_ASSIGN(const auto transfer, find_incoming(complete.dispatch));
        if (transfer->next_segment == transfer->verified.payload().leaves().size())
            TRY(known->package() ? keep(*transfer) : arrived(*transfer));
    }
    TRY_ASSIGN(const auto at, progress_of(complete.dispatch));
    return at.frame(setup.party, peer->list.party);
}

// The announcement of a package waits, whole and durable, for the package.
Result<void> Registry::Impl::keep(Incoming& transfer) const {
    TRY(transfer.blob->finish());
    const Hash32 commitment = logbook::statement_commitment(transfer.verified.statement_bytes());
    TRY_ASSIGN(auto whole, ports.blobs.open(derived<BlobId>("blob", commitment)));
    transfer.blob = std::make_unique<FinishedBlob>(std::move(whole));
    return {};
}

// Whole, checked, durable: recorded before anybody is told.
Result<void> Registry::Impl::arrived(const Incoming& transfer) {
    TRY(transfer.blob->finish());
    std::vector<Draft> drafts;
    TRY_ASSIGN(drafts.emplace_back(), arrival_draft(transfer));
    TRY(ledger.record(std::move(drafts)));
    incoming.erase(transfer.offer.dispatch);
    return {};
}

Result<Draft> Registry::Impl::arrival_draft(const Incoming& transfer) const {
    const auto& statement = transfer.verified.statement();
    const Hash32 commitment = logbook::statement_commitment(transfer.verified.statement_bytes());
    TRY_ASSIGN(Json content, arrival_content(transfer, commitment));
    Draft done;
    done.skeleton.kind = ActKind::arrive;
    done.skeleton.stage = Stage::done;
    done.skeleton.minute = ledger.minute();
    for (const auto& [seq, open] : ledger.state().open_permits())
        if (open.kind == ActKind::arrive &&
            open.ids.at("dispatch") == transfer.offer.dispatch.text()) {
            done.skeleton.permit = seq;
            done.skeleton.ids = open.ids;
            done.skeleton.facts = open.facts;
        }
    for (const char* name : {"purpose", "payload_root", "label_sha256", "blob", "origin"})
        done.skeleton.facts[name] = content.at(name).get<std::string>();
    if (!content.contains("returns"))
        done.skeleton.facts["number"] =
            ledger.state().next_number(logbook::year_of(done.skeleton.minute));
    done.skeleton.facts["doc"] = to_base64(commitment);
    TRY_ASSIGN(const auto read, label::read_4774(view(transfer.verified.label_xml())));
    if (const std::string release = releasable(read.label); !release.empty())
        done.skeleton.facts["release"] = release;
    if (label::copying_reserved(read.label))
        done.skeleton.facts["copying"] = "reserved";
    if (const auto rights = label::rights(read.label); !rights.empty())
        done.skeleton.facts["rights"] = logbook::words_text(rights);
    TRY(add_statement(done.opening, transfer.verified));
    // What the facts above were read from.
    TRY(done.opening.add("label", std::string_view(transfer.verified.label_xml())));
    done.document = commitment;
    done.shared = true;
    done.link_tag = logbook::link_tag(SecretBytes::copy(statement.inputs.transfer_secret));
    return done;
}

//= O-10: what arrived carries the originator's name and our own level before it circulates.
Result<void> Registry::Impl::remark(const DispatchId& dispatch) {
    const logbook::Dispatch* found = ledger.state().dispatch(dispatch);
    if (found == nullptr || found->state != logbook::DispatchState::custody_receipt_sent)
        return {};
    const logbook::Item* item = ledger.state().item(found->item);
    if (item->direction != logbook::Direction::in)
        return {}; // our own, come back
    const auto* equivalence = agreement::find_equivalence(terms(), item->origin, item->level,
                                                          setup.party, ledger.minute());
    //= O-12: where the table leaves a choice, a person makes it.
    if (equivalence == nullptr || equivalence->needs_person || equivalence->to_levels.size() != 1)
        return {};
    const std::string own_level = equivalence->to_levels.front();
    Draft draft;
    draft.skeleton.stage = Stage::done;
    draft.skeleton.ids = {{"item", item->id.text()}, {"dispatch", dispatch.text()}};
    draft.skeleton.facts = {{"level", own_level}};
    draft.document = logbook::document_commitment(item->payload_root);
    TRY(attest(ActKind::remark,
               {{"item", item->id.text()}, {"level", own_level}, {"dispatch", dispatch.text()}},
               std::move(draft)));
    return {};
}

} // namespace valise::registry
