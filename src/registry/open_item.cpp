// SPDX-License-Identifier: Apache-2.0
#include "logbook/leaf.h"
#include "registry/internal/impl.h"

// A reader opens an item: permitted and recorded, then the vault wraps the share to the reader's
// own session key, then the reader's side says what came of it.
namespace valise::registry {

using logbook::ActKind;
using logbook::Stage;

Result<ActAnswer> Registry::Impl::do_open(const logbook::SignedAct& act, Draft draft,
                                          ActAnswer answer) {
    TRY_ASSIGN(const auto item_id, act.act().id_field<ItemId>("item"));
    const logbook::Item item = *ledger.state().item(item_id);
    draft.document = logbook::document_commitment(item.payload_root);
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    answer.seq = seqs.front();
    // For the Reading desk, which asks once it is ready to show it: no share leaves.
    const bool at_desk = !act.act().optional_field("session_key");
    if (at_desk)
        answer.result["place"] = "desk";
    if (awaits_originator(answer.seq))
        return answer; // Registry::perform() goes on, without the lock
    if (at_desk) {
        TRY(sign(LogName::private_log));
        return answer;
    }

    const auto share = [&]() -> Result<Bytes> {
        TRY(sign(LogName::private_log));
        TRY_ASSIGN(const auto source, ports.blobs.open(item.blob));
        TRY_ASSIGN(const auto container, envelope::Container::open(*source));
        answer.result["bytes"] = static_cast<std::int64_t>(source->size());
        return ports.keys.release_share(answer.seq, container.manifest_bytes());
    }();
    if (!share) {
        TRY(outcome_of(answer.seq, Stage::failed));
        return fail(share.error());
    }
    answer.result["share"] = to_base64(*share);
    answer.result["payload_root"] = to_base64(item.payload_root);
    return answer;
}

namespace {

// So long is a reading under way: its session key opens nothing later. [own proposal]
constexpr std::int64_t kReadingSeconds = 24 * 3600;

// A reading, or a copy that a person takes out; not a rewrap, whose outcome is the registry's own.
bool may_fetch(const logbook::OpenPermit& permit) {
    return permit.kind == ActKind::open ||
           (permit.kind == ActKind::export_copy && !permit.ids.contains("person"));
}

} // namespace

// The outcome of a permit, with the ids and facts that the permit had.
Result<Draft> Registry::Impl::outcome_draft(std::uint64_t permit, Stage stage) const {
    const auto open = ledger.state().open_permits().find(permit);
    if (open == ledger.state().open_permits().end())
        return fail(Code::conflict, "registry.no_permit", "no open permit of that number");
    Draft draft;
    draft.skeleton.kind = open->second.kind;
    draft.skeleton.stage = stage;
    // A dispatch is carried out by the registry, whoever decided it.
    draft.skeleton.actor = open->second.kind == ActKind::dispatch
                               ? std::string(logbook::kRegistryActor)
                               : open->second.actor;
    draft.skeleton.permit = permit;
    draft.skeleton.ids = open->second.ids;
    draft.skeleton.facts = open->second.facts;
    if (const auto item = draft.skeleton.ids.find("item"); item != draft.skeleton.ids.end()) {
        TRY_ASSIGN(const auto id, ItemId::parse(item->second));
        if (const auto* known = ledger.state().item(id))
            draft.document = logbook::document_commitment(known->payload_root);
    }
    if (draft.skeleton.kind == ActKind::permit_opening) { // it is about what was sent
        TRY_ASSIGN(const auto id, DispatchId::parse(draft.skeleton.ids["dispatch"]));
        draft.document = ledger.state().dispatch(id)->document;
    }
    return draft;
}

Result<std::uint64_t> Registry::Impl::outcome_of(std::uint64_t permit, Stage stage) {
    std::vector<Draft> drafts;
    TRY_ASSIGN(drafts.emplace_back(), outcome_draft(permit, stage));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    return seqs.front();
}

Result<std::shared_ptr<const RandomSource>> Registry::opened_blob(std::uint64_t permit) {
    const std::scoped_lock lock(impl_->mutex);
    const auto& permits = impl_->ledger.state().open_permits();
    const auto open = permits.find(permit);
    if (open == permits.end() || !may_fetch(open->second))
        return fail(Code::not_found, "registry.no_permit", "no open permit to read of that number");
    return impl_->blob_of(open->second);
}

Result<std::shared_ptr<const RandomSource>>
Registry::Impl::blob_of(const logbook::OpenPermit& permit) const {
    TRY_ASSIGN(const auto id, ItemId::parse(permit.ids.at("item")));
    const logbook::Item* item = ledger.state().item(id);
    if (item == nullptr)
        return fail(Code::not_found, "registry.no_item", id.text());
    return ports.blobs.open(item->blob);
}

Result<Registry::DeskReading> Registry::desk_reading(std::uint64_t permit) const {
    const auto none = [] {
        return fail(Code::not_found, "registry.no_permit",
                    "no open permit to read at the desk of that number");
    };
    const std::scoped_lock lock(impl_->mutex);
    const Ledger& ledger = impl_->ledger;
    const auto open = ledger.state().open_permits().find(permit);
    if (open == ledger.state().open_permits().end() || open->second.kind != ActKind::open)
        return none();
    TRY_ASSIGN(const auto event, ledger.event(permit));
    const Bytes* bytes = event.opening.find("act");
    if (bytes == nullptr)
        return none();
    TRY_ASSIGN(const auto act, logbook::SignedAct::parse(*bytes));
    TRY_ASSIGN(const auto id, act.act().id_field<CopyId>("copy"));
    const auto* copy = ledger.state().copy(id);
    if (act.act().optional_field("session_key") || copy == nullptr)
        return none();
    //= O-20
    // Under a lease nobody is waited for, but an originator who is being asked may say no.
    const bool awaits = impl_->asking.contains(permit) ||
                        (impl_->awaits_originator(permit) && !impl_->leased(permit, ledger.now()));
    return DeskReading{act.act(), copy->place, awaits};
}

//= O-22
// A clearance that was revoked, an item that was recalled, a copy that went elsewhere: what was
// permitted a minute ago is no reason to show the next page.
Result<void> Registry::still_readable(const DeskReading& reading) const {
    std::unique_lock lock(impl_->mutex);
    const Time now = impl_->ledger.now();
    const logbook::State state = impl_->ledger.state();
    const agreement::Terms& terms = impl_->terms();
    lock.unlock();
    const auto over = [](std::string why) {
        return fail(Code::refused, "registry.reading_over", std::move(why));
    };
    const auto decision = agreement::decide(terms, state, reading.act, now);
    if (!decision.permitted())
        return over("not permitted any more: " + decision.reason());
    TRY_ASSIGN(const auto id, reading.act.id_field<CopyId>("copy"));
    const auto* copy = state.copy(id);
    if (copy == nullptr || !logbook::held_here(copy->state) || !(copy->place == reading.place))
        return over("the copy is not where it was opened");
    return {};
}

Result<void> Registry::show(std::uint64_t permit, int pages) {
    const auto sealed = [&]() -> Result<std::shared_ptr<const RandomSource>> {
        const std::scoped_lock lock(impl_->mutex);
        const auto& permits = impl_->ledger.state().open_permits();
        const auto open = permits.find(permit);
        if (open == permits.end() ||
            (!may_fetch(open->second) && open->second.kind != ActKind::print))
            return fail(Code::not_found, "registry.no_permit",
                        "no open permit to read of that number");
        TRY(impl_->sign(LogName::private_log)); // a permit that just came has no tree yet
        return impl_->blob_of(open->second);
    }();
    if (!sealed)
        return fail(sealed.error());
    TRY(impl_->ports.keys.show(permit, **sealed, pages));
    return {};
}

Result<void> Registry::opened(std::uint64_t permit, bool shown) {
    const std::scoped_lock lock(impl_->mutex);
    TRY(impl_->writable());
    const auto& permits = impl_->ledger.state().open_permits();
    const auto open = permits.find(permit);
    if (open == permits.end() || !may_fetch(open->second))
        return fail(Code::not_found, "registry.no_permit", "no open permit to read of that number");
    TRY(impl_->outcome_of(permit, shown ? Stage::done : Stage::failed));
    return {};
}

//= O-26
// Whoever was given the share and never said what came of it has read the item, as far as anybody
// here can tell: so it is recorded, or a forgotten reading would keep its copy from being destroyed
// for ever. Without the originator's permit nobody was given anything.
Result<void> Registry::Impl::finish_readings() {
    std::vector<std::pair<std::uint64_t, Time>> silent;
    std::set<std::uint64_t> prints;
    for (const auto& [seq, permit] : ledger.state().open_permits()) {
        const bool print = permit.kind == ActKind::print;
        if ((!may_fetch(permit) && !print) ||
            permit.minute.plus_seconds(kReadingSeconds) >= ledger.now())
            continue;
        silent.emplace_back(seq, permit.minute);
        if (print)
            prints.insert(seq);
    }
    std::optional<Error> first;
    for (const auto& [seq, minute] : silent) {
        // A sheet leaves after its outcome is recorded, and never before.
        const bool nothing_given =
            prints.contains(seq) || (awaits_originator(seq) && !leased(seq, minute));
        auto ended = outcome_of(seq, nothing_given ? Stage::failed : Stage::done);
        // Of what was cancelled or lost meanwhile the book takes no reading any more.
        if (!ended && !nothing_given)
            ended = outcome_of(seq, Stage::failed);
        if (!ended && !first)
            first = std::move(ended).error();
    }
    return first ? Result<void>(fail(std::move(*first))) : Result<void>();
}

} // namespace valise::registry
