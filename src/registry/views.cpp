// SPDX-License-Identifier: Apache-2.0
#include "registry/internal/impl.h"

#include <algorithm>

// What may be asked without being recorded: skeletons only, never a title, name or reason.
namespace valise::registry {

using logbook::ActKind;
using logbook::Stage;

const agreement::Terms& Registry::terms() const {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->terms();
}

Bytes Registry::terms_text() const {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->editions.text();
}

const std::string& Registry::party() const {
    return impl_->setup.party;
}

agreement::KeyList Registry::key_list() const {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->own;
}

logbook::State Registry::state() const {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->ledger.state();
}

Result<Registry::ItemPage> Registry::items(const ItemQuery& query) const {
    const std::scoped_lock lock(impl_->mutex);
    TRY_ASSIGN(auto found, impl_->ledger.catalogue().find(query));
    return ItemPage{impl_->ledger.state(), std::move(found.items), std::move(found.next)};
}

Result<std::vector<logbook::Skeleton>> Registry::skeletons(std::uint64_t from,
                                                           std::size_t max) const {
    std::unique_lock lock(impl_->mutex);
    TRY_ASSIGN(const auto events, impl_->ledger.journal().events(from, max));
    lock.unlock();
    std::vector<logbook::Skeleton> out;
    for (const StoredEvent& event : events) {
        TRY_ASSIGN(auto skeleton, logbook::Skeleton::parse(event.skeleton));
        out.push_back(std::move(skeleton));
    }
    return out;
}

Result<std::vector<logbook::Skeleton>> Registry::skeletons(std::uint64_t from, std::uint64_t end,
                                                           std::size_t max,
                                                           const Wanted& wanted) const {
    const std::scoped_lock lock(impl_->mutex);
    const auto& rows = impl_->ledger.rows();
    std::vector<logbook::Skeleton> out;
    for (std::uint64_t seq = from; seq < std::min<std::uint64_t>(end, rows.size()); ++seq) {
        if (!wanted(rows[seq].kind, rows[seq].stage))
            continue;
        if (out.size() == max)
            break;
        TRY_ASSIGN(const auto events, impl_->ledger.journal().events(seq, 1));
        if (events.empty())
            break;
        TRY_ASSIGN(auto skeleton, logbook::Skeleton::parse(events.front().skeleton));
        out.push_back(std::move(skeleton));
    }
    return out;
}

Result<std::vector<logbook::Skeleton>> Registry::history(const ItemId& item,
                                                         std::size_t max) const {
    const std::scoped_lock lock(impl_->mutex);
    std::vector<logbook::Skeleton> out;
    for (const std::uint64_t seq : impl_->ledger.events_of(item, max)) {
        TRY_ASSIGN(const auto events, impl_->ledger.journal().events(seq, 1));
        if (events.empty())
            break;
        TRY_ASSIGN(auto skeleton, logbook::Skeleton::parse(events.front().skeleton));
        out.push_back(std::move(skeleton));
    }
    return out;
}

Registry::Standing Registry::standing() const {
    const std::scoped_lock lock(impl_->mutex);
    const Ledger& ledger = impl_->ledger;
    return {ledger.state(), ledger.chronicle(), ledger.catalogue().order()};
}

// The sequencer is held for one page at a time: acts go on meanwhile.
Result<Registry::Standing> Registry::standing(Time as_of) const {
    constexpr std::size_t kPage = 256;
    std::unique_lock lock(impl_->mutex);
    const Ledger& ledger = impl_->ledger;
    if (as_of >= ledger.state().last_minute())
        return Standing{ledger.state(), ledger.chronicle(), ledger.catalogue().order()};
    Standing out{{}, {}, ledger.catalogue().order()};
    if (const auto* landmark = ledger.landmarks().before(as_of)) {
        out.state = landmark->state;
        out.chronicle = landmark->chronicle;
    }
    lock.unlock();
    for (;;) {
        TRY_ASSIGN(const auto page, skeletons(out.state.next_seq(), kPage));
        for (const logbook::Skeleton& skeleton : page) {
            if (skeleton.minute() > as_of)
                return out;
            TRY(out.state.apply(skeleton));
            out.chronicle.take(skeleton);
        }
        if (page.empty())
            return out;
    }
}

Time Registry::now() const {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->ledger.now();
}

std::string Registry::peer_endpoint() const {
    const std::scoped_lock lock(impl_->mutex);
    const auto endpoint = impl_->ledger.journal().note("peer/endpoint");
    return endpoint && *endpoint ? to_text(**endpoint) : std::string();
}

std::optional<Hash32> Registry::peer_tls_key() const {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->peer ? std::optional(impl_->peer->list.tls) : std::nullopt;
}

bool Registry::seals_to(ByteView wrapping_key) const {
    const std::scoped_lock lock(impl_->mutex);
    return std::ranges::equal(wrapping_key, impl_->own.unwrapping) ||
           (impl_->peer && std::ranges::equal(wrapping_key, impl_->peer->list.unwrapping));
}

Result<std::vector<DispatchView>> Registry::dispatches() const {
    const std::scoped_lock lock(impl_->mutex);
    std::vector<DispatchView> out;
    const auto& rows = impl_->ledger.rows();
    for (const auto& [id, dispatch] : impl_->ledger.state().dispatches()) {
        DispatchView entry;
        entry.dispatch = dispatch;
        if (const auto known = impl_->progress.find(id); known != impl_->progress.end())
            std::tie(entry.durable_bytes, entry.payload_bytes) = known->second;
        if (const auto refusal = impl_->note(dispatch_note(id, "refusal")))
            entry.refusal = to_text(*refusal);
        entry.announced = impl_->note(dispatch_note(id, "announced")).has_value();
        for (const std::uint64_t seq : impl_->ledger.events_about(id.text())) {
            if (rows[seq].stage != Stage::done)
                continue;
            if (rows[seq].kind == ActKind::custody_receipt)
                entry.custody_evidence = impl_->evidence_level(seq);
            if (rows[seq].kind == ActKind::contents_receipt)
                entry.contents_evidence = impl_->evidence_level(seq);
        }
        out.push_back(std::move(entry));
    }
    return out;
}

void Registry::Impl::note_progress(const DispatchId& dispatch, std::uint64_t durable,
                                   std::uint64_t payload) {
    progress[dispatch] = {durable, payload};
    if (durable < payload)
        under_way.insert(dispatch);
    else
        under_way.erase(dispatch);
}

std::vector<Transfer> Registry::transfers() const {
    using logbook::DispatchState;
    const std::scoped_lock lock(impl_->mutex);
    std::vector<Transfer> out;
    for (const DispatchId& id : impl_->under_way) {
        const auto* dispatch = impl_->ledger.state().dispatch(id);
        if (dispatch == nullptr ||
            (dispatch->state != DispatchState::permitted &&
             dispatch->state != DispatchState::sealed && dispatch->state != DispatchState::offered))
            continue; // it ended otherwise: refused, failed, withdrawn
        const auto& [durable, payload] = impl_->progress.at(id);
        out.push_back({id, dispatch->direction, durable, payload});
    }
    return out;
}

Result<std::vector<NoticeView>> Registry::notices() const {
    const std::scoped_lock lock(impl_->mutex);
    const auto& rows = impl_->ledger.rows();
    std::vector<NoticeView> out;
    for (const auto& [id, notice] : impl_->ledger.state().notices()) {
        NoticeView entry{notice, {}, {}};
        for (const std::uint64_t seq : impl_->ledger.events_about(id.text()))
            if (rows[seq].stage == Stage::done &&
                (rows[seq].kind == ActKind::give_notice || rows[seq].kind == ActKind::take_notice))
                entry.evidence = impl_->evidence_level(seq);
        if (const auto refusal = impl_->note("refusal/notice/" + id.text()))
            entry.refusal = to_text(*refusal);
        out.push_back(std::move(entry));
    }
    std::ranges::sort(out, {}, [](const NoticeView& view) { return view.notice.seq; });
    return out;
}

Result<std::string> Registry::enclosed(const NoticeId& id) const {
    const std::scoped_lock lock(impl_->mutex);
    const auto* notice = impl_->ledger.state().notice(id);
    if (notice == nullptr)
        return fail(Code::not_found, "registry.no_notice", id.text());
    TRY_ASSIGN(const auto event, impl_->ledger.event(notice->seq));
    return event.opening.text("note");
}

std::vector<agreement::StandingDuty> Registry::duties(std::size_t most) const {
    std::unique_lock lock(impl_->mutex);
    const logbook::State state = impl_->ledger.state();
    const Time now = impl_->ledger.now();
    const agreement::Terms& terms = impl_->terms();
    lock.unlock(); // all copies are looked at: acts go on meanwhile
    return agreement::duties_at(terms, state, now, most);
}

Json Registry::health() const {
    const std::scoped_lock lock(impl_->mutex);
    Json checks = Json::array();
    bool ready = true;
    const auto check = [&](const char* name, bool ok, std::string text) {
        checks.push_back({{"name", name}, {"ok", ok}, {"text", std::move(text)}});
        ready = ready && ok;
    };
    const auto identity = impl_->ports.keys.identity();
    check("keys", identity.has_value(),
          identity ? "the key service answers and is unlocked" : identity.error().text());
    const auto signed_size = impl_->ports.keys.signed_size(vault::LogId::private_log);
    const std::uint64_t size = impl_->ledger.tree(LogName::private_log).size();
    check("log", signed_size && *signed_size <= size && !impl_->behind,
          (impl_->behind ? "registry.behind: restored from a backup, and closed until 'valise log "
                           "recover'; "
                         : "") +
              std::string("the database holds ") + std::to_string(size) + " events, " +
              (signed_size ? std::to_string(*signed_size) : std::string("?")) + " signed");
    const auto free_bytes = impl_->ports.blobs.free_bytes();
    constexpr std::uint64_t kEnough = std::uint64_t{1} << 30;
    check("disk", free_bytes && *free_bytes >= kEnough,
          free_bytes ? std::to_string(*free_bytes >> 20) + " MiB free" : free_bytes.error().text());
    const Time clock = impl_->ports.clock.now();
    check("clock", clock.plus_seconds(120) >= impl_->ledger.state().last_minute(),
          "the clock says " + clock.text());
    // Stands until the next start, so that somebody asks where the database came from.
    check("shredded", impl_->returned_openings == 0,
          impl_->returned_openings == 0
              ? "no opening that was shredded came back"
              : std::to_string(impl_->returned_openings) +
                    " openings that were shredded lay in the database again, and were erased");
    check("peer", impl_->peer.has_value() && impl_->greeted,
          !impl_->peer     ? "no peer is paired"
          : impl_->greeted ? "the peer answers"
                           : "the peer does not answer");
    return {{"ready", ready}, {"checks", checks}};
}

} // namespace valise::registry
