// SPDX-License-Identifier: Apache-2.0
#include "sim/checks.h"

#include "crypto/merkle.h"
#include "tlog/tree.h"
#include "vault/vault_state.h"
#include "verifying/evidence.h"

namespace valise::testing {

using logbook::DispatchState;
using logbook::IncidentState;
using logbook::NoticeState;
using logbook::NoticeType;

void require(bool held, const std::string& invariant) {
    if (!held)
        throw Broken{invariant};
}

// What one registry recorded as told, the other gave, and of the same thing.
void same_notices(const Side& from, const Side& to) {
    const auto given = from.registry->state();
    const auto taken = to.registry->state();
    for (const auto& [id, notice] : taken.notices()) {
        if (notice.ours)
            continue;
        const auto* there = given.notice(id);
        require(there != nullptr && there->ours && there->type == notice.type &&
                    there->dispatch == notice.dispatch && there->about == notice.about &&
                    there->incident == notice.incident && there->level == notice.level,
                from.party + ": every notice that was taken was given");
        require(there->state != NoticeState::acknowledged || notice.state == NoticeState::answered,
                from.party + ": what is acknowledged was answered");
    }
    for (const auto& [id, notice] : given.notices())
        require(!notice.ours || notice.state == NoticeState::given || taken.notice(id) != nullptr,
                from.party + ": what counts as taken is recorded there");
}

// Once everything has come to its end, both books say the same.
void told(const Side& from, const Side& to) {
    const auto here = from.registry->state();
    const auto there = to.registry->state();
    require(logbook::owed_notices(here).empty(), from.party + ": nothing is owed any more");
    for (const auto& [id, notice] : here.notices()) {
        require(notice.state != NoticeState::given && notice.state != NoticeState::refused,
                from.party + ": every notice is taken, " + std::string(to_string(notice.type)) +
                    (notice.state == NoticeState::refused ? " is refused" : " waits"));
        require(notice.state != NoticeState::received || notice.type == NoticeType::acknowledge ||
                    notice.type == NoticeType::recall_answer,
                from.party + ": every notice is answered, " + std::string(to_string(notice.type)));
    }
    for (const auto& [id, incident] : here.incidents()) {
        const auto* other = there.incident(id);
        require(!incident.ours || incident.state == IncidentState::closed,
                from.party + ": every incident is closed");
        require(!incident.ours ||
                    (other != nullptr && other->state == IncidentState::report_answered),
                from.party + ": the originator knows of every incident");
    }
    for (const auto& [id, dispatch] : here.dispatches()) {
        const auto* other = there.dispatch(id);
        // A package that was announced and did not leave has no item there.
        if (dispatch.direction == logbook::Direction::out && other != nullptr &&
            there.item(other->item) != nullptr)
            require(here.item(dispatch.item)->level == there.item(other->item)->level,
                    from.party + ": both books have one class of an item");
    }
}

// The log that the rows give, the state that the skeletons give, and what was signed and
// cosigned of it: one history.
void one_history(Side& side) {
    logbook::State folded;
    tlog::MemoryTree tree;
    const auto events = side.journal.events(0, 1 << 20);
    for (const auto& event : *events) {
        const auto skeleton = logbook::Skeleton::parse(event.skeleton);
        require(skeleton && folded.apply(*skeleton), side.party + ": the book folds");
    }
    const auto leaves = side.journal.leaves(registry::LogName::private_log, 0, 1 << 20);
    require(leaves->size() == events->size(), side.party + ": a leaf for each event");
    for (const auto& leaf : *leaves)
        tree.append(crypto::leaf_hash(leaf.leaf));
    require(folded == side.registry->state(), side.party + ": state is the fold");
    const auto check_log = [&](registry::LogName log, const tlog::MemoryTree& all,
                               const std::string& origin) {
        const std::string note = side.registry->checkpoint(log);
        if (!note.empty()) {
            const auto signed_tree = tlog::SignedCheckpoint::parse(view(note));
            require(signed_tree.has_value(), side.party + ": the checkpoint is a checkpoint");
            const auto root = all.root_at(signed_tree->claimed_size());
            require(root && note.find(to_base64(*root)) != std::string::npos,
                    side.party + ": what was signed is a prefix of the log");
        }
        const auto cosigned = side.peer->keys->witnessed(origin);
        const auto root = all.root_at(cosigned.size);
        require(cosigned.size == 0 || (root && *root == cosigned.root),
                side.party + ": the peer cosigned a prefix of the log");
    };
    check_log(registry::LogName::private_log, tree, side.registry->key_list().private_log.origin);
    tlog::MemoryTree shared;
    const auto shared_leaves = side.journal.leaves(registry::LogName::shared_log, 0, 1 << 20);
    for (const auto& leaf : *shared_leaves)
        shared.append(crypto::leaf_hash(leaf.leaf));
    check_log(registry::LogName::shared_log, shared, side.registry->key_list().shared_log.origin);
}

void arrivals_were_sent(const Side& side) {
    const auto state = side.registry->state();
    for (const auto& [id, dispatch] : state.dispatches())
        if (dispatch.direction == logbook::Direction::in &&
            dispatch.state != DispatchState::offered)
            require(side.peer->registry->state().dispatch(id) != nullptr,
                    side.party + ": nothing arrives that was not dispatched");
}

void settled(const Side& from, const Side& to, std::size_t permitted,
             const std::set<std::string>& lied) {
    std::size_t out = 0;
    const auto sent = from.registry->state();
    for (const auto& [id, dispatch] : sent.dispatches()) {
        if (dispatch.direction != logbook::Direction::out)
            continue;
        ++out;
        if (lied.contains(id.text()))
            continue;
        const auto state = to.registry->state();
        const auto* there = state.dispatch(id);
        require(there != nullptr && there->direction == logbook::Direction::in,
                from.party + ": every permitted dispatch arrives");
        if (dispatch.package()) // which may not leave under a class that has changed
            continue;
        require(dispatch.state != DispatchState::permitted,
                from.party + ": every arrival is receipted");
        std::size_t items = 0;
        for (const auto& [item_id, item] : state.items())
            items += item.dispatch == id ? 1 : 0;
        require(items == 1, from.party + ": a dispatch arrives exactly once");
    }
    require(out >= permitted, from.party + ": no permitted dispatch is forgotten");
}

// Whatever happened in between, an outsider decides every event again and comes to the same.
void proven(Side& side) {
    const auto evidence = side.registry->export_evidence();
    require(evidence.has_value(), side.party + ": the evidence can be exported: " +
                                      (evidence ? std::string() : evidence.error().text()));
    const auto report = verifying::check_evidence(*evidence);
    require(report.verified(),
            side.party + ": the evidence holds" +
                (report.found ? " at " + report.found->place + ": " + report.found->text
                              : std::string()));
}

} // namespace valise::testing
