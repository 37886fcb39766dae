// SPDX-License-Identifier: Apache-2.0
#include "registry/internal/impl.h"
#include "registry/published_tree.h"
#include "tlog/witness.h"
#include "vault/vault.h"

// The logs as others see them: signed trees, tiles, the peer's cosignatures.
namespace valise::registry {

using exchange::Frame;

namespace {

std::string suffix(LogName log) {
    return log == LogName::private_log ? "private" : "shared";
}

} // namespace

// The vault signs only what it read itself, and after a start it has read nothing.
Result<void> Registry::Impl::show_events() {
    TRY_ASSIGN(const std::uint64_t checked, ports.keys.signed_size(vault::LogId::private_log));
    return show_events_from(checked);
}

Result<void> Registry::Impl::show_events_from(std::uint64_t checked) {
    const std::uint64_t size = ledger.tree(LogName::private_log).size();
    TRY_ASSIGN(std::uint64_t known, ports.keys.known_events());
    if (known == 0) {
        TRY_ASSIGN(known, ports.keys.begin(setup.terms_bytes, terms().test_mode()));
    }
    // A request of a daemon that was killed may still be on its way there: what is known can grow
    // between the question and the next events.
    constexpr int kTries = 5;
    for (int tries = 0; known < size;) {
        TRY_ASSIGN(const auto events, ledger.shown(known, checked));
        const auto grown = ports.keys.record(known, events);
        if (grown) {
            known = *grown;
        } else if (grown.error().reason() == "vault.sequence" && ++tries < kTries) {
            TRY_ASSIGN(known, ports.keys.known_events());
        } else {
            return fail(grown.error());
        }
    }
    if (known > size)
        return fail(Code::integrity, "registry.behind",
                    "the key process read " + std::to_string(known) +
                        " events, the database holds " + std::to_string(size));
    return {};
}

// The key process checks every event, which takes longer than to decide it: others go on meanwhile.
// Not for ever: what they record from now on is shown by whoever signs, who keeps them waiting, or
// else nothing would be signed as long as they come faster than it checks. What another one shows
// it at the same time ends this without harm.
Result<void> Registry::Impl::show_ahead() {
    const std::scoped_lock alone(showing); // two would have the same events checked twice
    std::uint64_t size = 0;
    {
        const std::scoped_lock lock(mutex);
        if (behind)
            return {};
        size = ledger.tree(LogName::private_log).size();
    }
    if (size < vault::kMaxShownEvents)
        return {};
    TRY_ASSIGN(std::uint64_t known, ports.keys.known_events());
    TRY_ASSIGN(const std::uint64_t checked, ports.keys.signed_size(vault::LogId::private_log));
    while (known != 0 && known + vault::kMaxShownEvents <= size) {
        std::vector<vault::RecordedEvent> events;
        {
            const std::scoped_lock lock(mutex);
            TRY_ASSIGN(events, ledger.shown(known, checked));
        }
        const auto grown = ports.keys.record(known, events);
        if (!grown)
            return grown.error().reason() == "vault.sequence" ? Result<void>()
                                                              : fail(grown.error());
        known = *grown;
    }
    return {};
}

// E1. Nothing is signed that is not durable: the rows are committed before the tree has them.
Result<void> Registry::Impl::sign(LogName log) {
    Published& entry = published[static_cast<std::size_t>(log)];
    const tlog::MemoryTree& tree = ledger.tree(log);
    TRY(ledger.all_durable());
    if (log == LogName::private_log)
        TRY(show_events());
    if (tree.size() == 0 || (entry.tree.size == tree.size() && !entry.note.empty()))
        return {};
    vault::CheckpointRequest request;
    request.log =
        log == LogName::private_log ? vault::LogId::private_log : vault::LogId::shared_log;
    request.size = tree.size();
    request.root = tree.root();
    if (log == LogName::shared_log) {
        // The vault may have signed a tree whose note we lost in a crash: ask it, not our notes.
        TRY_ASSIGN(const std::uint64_t last, ports.keys.signed_size(request.log));
        if (last > 0) {
            TRY_ASSIGN(request.consistency, tlog::consistency_proof(tree, last, tree.size()));
        }
    }
    TRY_ASSIGN(const std::string note_text, ports.keys.sign_checkpoint(request));
    TRY(ledger.note("checkpoint/" + suffix(log), view(note_text)));
    entry.note = note_text;
    entry.tree = {log == LogName::private_log ? own.private_log.origin : own.shared_log.origin,
                  tree.size(), request.root};
    return {};
}

// The lines of neutral witnesses stand on the published checkpoint and on no other paper of ours:
// only who was given their keys can say whose they are.
Result<std::string> Registry::Impl::whole_note(LogName log) const {
    const Published& entry = published[static_cast<std::size_t>(log)];
    if (entry.tree.size == 0)
        return entry.note;
    const bool cosigned = entry.cosigned_size == entry.tree.size;
    TRY_ASSIGN(auto note,
               tlog::SignedCheckpoint::parse(view(cosigned ? entry.cosigned_note : entry.note)));
    if (log == LogName::shared_log)
        TRY(add_mirror_lines(note));
    for (const auto& [name, neutral] : entry.neutral)
        if (neutral.size == entry.tree.size)
            for (const auto& line : neutral.lines)
                TRY(note.add(line));
    return note.print();
}

// Tiles are a function of the rows: what a crash left half done is written again.
Result<void> Registry::Impl::publish(LogName log, const std::string& checkpoint) {
    const Published& entry = published[static_cast<std::size_t>(log)];
    const auto entries = [&](std::uint64_t from, std::size_t count) -> Result<std::vector<Bytes>> {
        TRY_ASSIGN(const auto leaves, ledger.journal().leaves(log, from, count));
        std::vector<Bytes> out;
        for (const StoredLeaf& leaf : leaves)
            out.emplace_back(leaf.leaf.begin(), leaf.leaf.end());
        return out;
    };
    return publish_tree(ports.publisher, suffix(log) + "/", ledger.tree(log), entry.published_size,
                        entry.tree.size, entries, checkpoint);
}

// What COSE receipts are made of, beside the checkpoint of the same tree.
Result<void> Registry::Impl::publish_cose(LogName log) {
    if (published[static_cast<std::size_t>(log)].tree.size == 0)
        return {};
    TRY_ASSIGN(const Bytes trees,
               ports.keys.sign_cose(log == LogName::private_log ? vault::LogId::private_log
                                                                : vault::LogId::shared_log));
    return ports.publisher.put(suffix(log) + "/checkpoint.cose", trees);
}

Result<void> Registry::tick() {
    // Should it fail, sign() says why: what needs no key is done without the key process.
    static_cast<void>(impl_->show_ahead());
    const std::scoped_lock lock(impl_->mutex);
    if (impl_->behind)
        return {}; // nothing of it can be signed
    TRY(impl_->change_terms());
    // One file that cannot be deleted, or a permit that cannot be ended, holds up no checkpoint: it
    // is told when all is signed.
    Result<void> ended = impl_->finish_erasures();
    for (const auto& finished : {impl_->finish_exports(), impl_->finish_readings(),
                                 impl_->finish_openings(), impl_->finish_shreddings()})
        if (ended && !finished)
            ended = finished;
    for (const LogName log : {LogName::private_log, LogName::shared_log}) {
        auto& entry = impl_->published[static_cast<std::size_t>(log)];
        TRY(impl_->sign(log));
        TRY_ASSIGN(const std::string note, impl_->whole_note(log));
        if (note == entry.published_note)
            continue;
        TRY(impl_->publish(log, note));
        if (entry.published_size != entry.tree.size)
            TRY(impl_->publish_cose(log));
        entry.published_size = entry.tree.size;
        entry.published_note = note;
    }
    return ended;
}

std::string Registry::checkpoint(LogName log) const {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->whole_note(log).value_or(std::string());
}

// Each level says what holds by itself: a neutral witness does not hold the leaves either.
std::string Registry::Impl::evidence_level(std::uint64_t seq) const {
    const Published& entry = published[0];
    if (seq < entry.neutral_size)
        return "E4";
    if (const auto leaf = ledger.shared_leaf_of(seq); leaf && *leaf < published[1].mirrored_size)
        return "E3";
    if (seq < entry.cosigned_size)
        return "E2";
    return seq < entry.tree.size ? "E1" : "E0";
}

// By courier the tree has grown before the answer is back: what was packed is asked again as it
// was, until an answer to it came, or the wire brought a newer one.
Result<tlog::WitnessRequest> Registry::Impl::due_cosignature(LogName log, bool by_courier) {
    const Published& entry = published[static_cast<std::size_t>(log)];
    const std::string name = "witness/packed/" + suffix(log);
    if (by_courier) {
        TRY_ASSIGN(const auto packed, ledger.journal().note(name));
        if (packed && !packed->empty()) {
            TRY_ASSIGN(auto request, tlog::WitnessRequest::parse(*packed));
            // What was packed before a recovery is of an epoch that is closed.
            const auto& of = log == LogName::private_log ? own.private_log : own.shared_log;
            if (request.checkpoint().claimed_size() > entry.cosigned_size &&
                request.checkpoint().claimed_origin() == of.origin)
                return request;
        }
    }
    TRY_ASSIGN(const auto proof,
               tlog::consistency_proof(ledger.tree(log), entry.witness_size, entry.tree.size));
    TRY_ASSIGN(auto parsed, tlog::SignedCheckpoint::parse(view(entry.note)));
    TRY_ASSIGN(auto request,
               tlog::WitnessRequest::make(entry.witness_size, proof, std::move(parsed)));
    if (by_courier)
        TRY(ledger.note(name, view(request.print())));
    return request;
}

Result<void> Registry::Impl::ask_cosignature(exchange::Carrier& carrier, LogName log) {
    std::optional<tlog::WitnessRequest> request;
    static_cast<void>(show_ahead()); // sign() says why it failed
    {
        const std::scoped_lock lock(mutex);
        TRY(sign(log));
        const Published& entry = published[static_cast<std::size_t>(log)];
        if (entry.tree.size == 0 || entry.cosigned_size == entry.tree.size)
            return {};
        TRY_ASSIGN(request, due_cosignature(log, carrier.by_courier()));
    }
    const auto& asked = request->checkpoint();
    const tlog::Checkpoint tree{asked.claimed_origin(), asked.claimed_size(), asked.claimed_root()};
    exchange::WitnessRequest message;
    message.body = request->print();
    TRY_ASSIGN(const Frame reply,
               call(carrier, message.frame(setup.party, peer->list.party), "witnessed"));
    TRY_ASSIGN(const auto answer_value, exchange::WitnessAnswer::parse(reply));
    const tlog::WitnessAnswer as_answer{static_cast<int>(answer_value.status),
                                        std::string(tlog::kSizeMediaType), answer_value.body};
    TRY_ASSIGN(const auto verdict, tlog::judge_answer(as_answer, tree, peer->witness));
    const std::scoped_lock lock(mutex);
    Published& entry = published[static_cast<std::size_t>(log)];
    if (verdict.outcome == tlog::WitnessOutcome::behind) {
        // We forgot an answer in a crash, or a bag was overtaken: go on from what the witness
        // remembers.
        if (verdict.size > ledger.tree(log).size())
            return fail(Code::integrity, "registry.claimed", std::to_string(verdict.size));
        entry.witness_size = verdict.size;
        TRY(ledger.note("witness/packed/" + suffix(log), {}));
        return fail(Code::unavailable, "registry.witness", "asked again from the peer's size");
    }
    if (verdict.outcome != tlog::WitnessOutcome::cosigned) {
        // Asked anew next time: a refusal that a bag brought back may have been a moment's.
        TRY(ledger.note("witness/packed/" + suffix(log), {}));
        return fail(Code::refused, "registry.witness",
                    "the peer answered " + std::to_string(answer_value.status));
    }
    entry.witness_size = std::max(entry.witness_size, tree.size);
    if (tree.size <= entry.cosigned_size)
        return {};
    // Of the tree that was asked about, which a bag has left behind: what stands in it is
    // witnessed all the same (E2).
    tlog::SignedCheckpoint note_value = asked;
    for (const auto& line : verdict.lines)
        TRY(note_value.add(line));
    entry.cosigned_note = note_value.print();
    entry.cosigned_size = tree.size;
    return ledger.note("cosigned/" + suffix(log), view(entry.cosigned_note));
}

Result<Frame> Registry::Impl::take_witness(const Frame& request) {
    TRY_ASSIGN(const auto asked, exchange::WitnessRequest::parse(request));
    TRY_ASSIGN(const auto reply, ports.keys.cosign(asked.body));
    return exchange::WitnessAnswer{reply.status, reply.body}.frame(setup.party, peer->list.party);
}

} // namespace valise::registry
