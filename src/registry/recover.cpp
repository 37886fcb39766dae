// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"
#include "registry/internal/impl.h"
#include "tlog/proof.h"
#include "vault/vault.h"

#include <algorithm>

// A book that was restored from a backup: what is missing is found out, and nothing is done over it
// until an officer signed how much that is. Then the shared log comes back from where the peer
// mirrors it, and the private one goes on in a new epoch. //= design 6
namespace valise::registry {

using exchange::Frame;
using logbook::ActKind;
using logbook::Stage;
using vault::epoch_of;

namespace {

constexpr const char* kHint = "the book was restored from a backup and can only be looked at: "
                              "'valise log recover' says what is missing, and goes on";
// Of the leaves that came back, those that are named one by one.
constexpr std::size_t kMostNamed = 4096;

std::unexpected<Error> bad(const char* text) {
    return fail(Code::integrity, "registry.recover_leaves", text);
}

std::unexpected<Error> not_behind() {
    return fail(Code::conflict, "registry.not_behind", "nothing is missing here");
}

} // namespace

Result<void> Registry::Impl::writable() const {
    if (!behind)
        return {};
    return fail(Code::integrity, "registry.behind", kHint);
}

std::optional<std::uint64_t> Registry::Impl::open_recovery() const {
    std::optional<std::uint64_t> newest;
    for (const auto& [seq, permit] : ledger.state().open_permits())
        if (permit.kind == ActKind::recover)
            newest = std::max(newest.value_or(0), seq);
    return newest;
}

Json Registry::Impl::recovery_facts() const {
    return {{"epoch", std::to_string(epoch_of(own.private_log.origin) + 1)},
            {"held", std::to_string(ledger.state().next_seq())},
            {"root", to_base64(ledger.tree(LogName::private_log).root())},
            {"signed", std::to_string(behind ? behind->signed_size : 0)}};
}

// What the key process would refuse is not recorded as permitted. How much the book holds, a clause
// asks.
Result<void> Registry::Impl::check_recovery(const logbook::Act& act) const {
    const Json now = recovery_facts();
    for (const char* name : {"epoch", "root", "signed"}) {
        TRY_ASSIGN(const std::string named, act.field(name));
        if (named != now.at(name))
            return fail(Code::conflict, "registry.recovery_changed",
                        std::string(name) + " is " + now.at(name).get<std::string>() + " now");
    }
    return {};
}

std::optional<std::uint64_t> Registry::Impl::recovery_to_do() const {
    const auto permit = open_recovery();
    if (!permit || *permit + 1 != ledger.state().next_seq())
        return std::nullopt;
    const auto& facts = ledger.state().open_permits().at(*permit).facts;
    const Json now = recovery_facts();
    if (facts.at("epoch") != now.at("epoch") || facts.at("signed") != now.at("signed"))
        return std::nullopt;
    return permit;
}

// A recovery that was broken off before the key process opened its epoch stays one: its permit may
// have made the book as large as the log that it lacks.
void Registry::Impl::find_behind(std::uint64_t signed_size) {
    const auto permit = open_recovery();
    const std::uint64_t held = ledger.state().next_seq();
    const bool opened = permit && std::to_string(epoch_of(own.private_log.origin)) ==
                                      ledger.state().open_permits().at(*permit).facts.at("epoch");
    // A book of an earlier epoch may be the larger one.
    bool older = false;
    if (const auto note = ledger.journal().note("checkpoint/private"); note && *note)
        if (const auto newest = tlog::SignedCheckpoint::parse(**note))
            older = newest->claimed_origin() != own.private_log.origin;
    if (signed_size <= held && (opened || (!permit && !older)))
        return;
    const auto shared = ports.keys.signed_size(vault::LogId::shared_log);
    behind = Behind{permit.value_or(held), signed_size, ledger.tree(LogName::shared_log).size(),
                    shared.value_or(0), false};
    ledger.close(true);
}

std::optional<Behind> Registry::behind() const {
    const std::scoped_lock lock(impl_->mutex);
    return impl_->behind;
}

Result<Json> Registry::recovery_content() const {
    const std::scoped_lock lock(impl_->mutex);
    if (!impl_->behind)
        return not_behind();
    Json content = impl_->recovery_facts();
    content["mirror"] = "yes";
    return content;
}

std::optional<std::string> Registry::recovery_signed() const {
    const std::scoped_lock lock(impl_->mutex);
    const auto permit = impl_->behind ? impl_->recovery_to_do() : std::nullopt;
    if (!permit)
        return std::nullopt;
    return impl_->ledger.state().open_permits().at(*permit).facts.at("mirror");
}

// --- what the peer says of our log --------------------------------------------------------------

Result<exchange::Mirror> Registry::Impl::ask_leaves(exchange::Carrier& carrier) {
    exchange::Leaves message;
    std::string to;
    {
        const std::scoped_lock lock(mutex);
        message.start = ledger.tree(LogName::shared_log).size();
        to = peer->list.party;
    }
    TRY_ASSIGN(const Frame reply, call(carrier, message.frame(setup.party, to), "mirror"));
    return exchange::Mirror::parse(reply);
}

// A peer that says that we are behind says nothing that it could not invent. It holds nobody down:
// what counts is a larger tree that our own key process signed.
Result<void> Registry::Impl::check_claim(exchange::Carrier& carrier, std::uint64_t claimed) {
    const auto bare_word = [&] {
        return fail(Code::unavailable, "registry.bare_word",
                    "the peer says that it knows " + std::to_string(claimed) +
                        " leaves of a log of ours, and shows no signature of ours on them");
    };
    const auto message = ask_leaves(carrier);
    if (!message)
        return bare_word();
    const std::scoped_lock lock(mutex);
    TRY_ASSIGN(const auto keys, vault::log_keys(own.shared_log));
    const auto note = tlog::SignedCheckpoint::parse(view(message->checkpoint));
    const auto tree =
        note ? note->verify(keys) : Result<tlog::Checkpoint>(std::unexpected(note.error()));
    const std::uint64_t held = ledger.tree(LogName::shared_log).size();
    if (!tree || tree->size <= held)
        return bare_word();
    TRY_ASSIGN(const auto signed_size, ports.keys.signed_size(vault::LogId::private_log));
    behind = Behind{ledger.state().next_seq(), signed_size, held, tree->size, true};
    ledger.close(true);
    return writable();
}

// What the peer mirrors of our own log, from where it asks.
Result<Frame> Registry::Impl::take_leaves(const Frame& request) {
    TRY_ASSIGN(const auto asked, exchange::Leaves::parse(request));
    exchange::Mirror message;
    message.start = asked.start;
    const auto& held = ledger.tree(LogName::mirrored_log);
    for (const char* name : {"mirror/signed", "mirror/shared"}) {
        TRY_ASSIGN(const auto stored, ledger.journal().note(name));
        if (!stored || stored->empty() || !message.checkpoint.empty())
            continue;
        TRY_ASSIGN(const auto note, tlog::SignedCheckpoint::parse(*stored));
        const std::uint64_t size = note.claimed_size();
        if (size > held.size())
            continue;
        message.checkpoint = to_text(*stored);
        if (asked.start >= size)
            break;
        const auto count = static_cast<std::size_t>(
            std::min<std::uint64_t>(message.kMaxLeaves, size - asked.start));
        TRY_ASSIGN(const auto leaves,
                   ledger.journal().leaves(LogName::mirrored_log, asked.start, count));
        for (const StoredLeaf& leaf : leaves)
            append(message.leaves, leaf.leaf);
        if (asked.start + leaves.size() < size) {
            TRY_ASSIGN(message.proof,
                       tlog::consistency_proof(held, asked.start + leaves.size(), size));
        }
    }
    return message.frame(setup.party, peer->list.party);
}

// --- the shared log comes back ------------------------------------------------------------------

// Leaf by leaf, each at its place, and nothing is kept that does not lead to the root that our own
// key process signed.
Result<void> Registry::Impl::keep_own(const exchange::Mirror& message, const tlog::Checkpoint& tree,
                                      std::uint64_t permit) {
    std::vector<StoredLeaf> leaves;
    for (ByteView rest = message.leaves; !rest.empty(); rest = rest.subspan(message.kLeaf)) {
        StoredLeaf& stored = leaves.emplace_back();
        stored.log = LogName::shared_log;
        stored.index = message.start + leaves.size() - 1;
        stored.event = permit;
        std::ranges::copy(rest.first(message.kLeaf), stored.leaf.begin());
        TRY_ASSIGN(const auto leaf, logbook::Leaf::parse(stored.leaf));
        if (leaf.is_private() || leaf.fields().act_number != stored.index)
            return bad("a leaf that is not one of ours at its place");
    }
    const std::uint64_t end = message.start + leaves.size();
    const Hash32 root = ledger.shared_root_with(leaves);
    if (message.start != ledger.tree(LogName::shared_log).size() || leaves.empty() ||
        end > tree.size || (end == tree.size && root != tree.root))
        return bad("not the leaves of the tree that we signed");
    if (end < tree.size)
        TRY(tlog::verify_consistency(end, tree.size, root, tree.root, message.proof));
    return ledger.refill(std::move(leaves));
}

// `note`: the checkpoint of ours that the shared log leads to in the end.
Result<void> Registry::Impl::refill(exchange::Carrier& carrier, std::uint64_t permit,
                                    std::string& note) {
    for (;;) {
        TRY_ASSIGN(const auto message, ask_leaves(carrier));
        if (message.checkpoint.empty())
            return {}; // nothing of ours is mirrored there
        bool more = false;
        TRY(take_refill(message, permit, note, more));
        if (!more)
            return {};
    }
}

Result<void> Registry::Impl::take_refill(const exchange::Mirror& message, std::uint64_t permit,
                                         std::string& note, bool& more) {
    const std::scoped_lock lock(mutex);
    TRY_ASSIGN(const auto parsed, tlog::SignedCheckpoint::parse(view(message.checkpoint)));
    // The mirror may not have got as far as the newest epoch, and neither may the backup.
    const std::uint64_t epoch = epoch_of(parsed.claimed_origin());
    if (epoch > epoch_of(own.shared_log.origin))
        return bad("a checkpoint of no epoch of ours");
    TRY_ASSIGN(const auto keys, vault::log_keys_in(own.shared_log, epoch));
    TRY_ASSIGN(const auto tree, parsed.verify(keys));
    const auto& held = ledger.tree(LogName::shared_log);
    if (tree.size < held.size())
        return {}; // we hold more than it does
    if (tree.size > held.size())
        TRY(keep_own(message, tree, permit));
    more = held.size() < tree.size;
    if (more)
        return {};
    if (held.root() != tree.root)
        return bad("what is here is not what was signed");
    note = message.checkpoint;
    return {};
}

Result<Json> Registry::recover() {
    Impl& self = *impl_;
    const std::scoped_lock alone(self.working);
    std::uint64_t permit = 0;
    std::string note;
    bool paired = false;
    bool mirror = false;
    {
        const std::scoped_lock lock(self.mutex);
        if (!self.behind)
            return not_behind();
        const auto open = self.recovery_to_do();
        if (!open)
            return fail(Code::not_found, "registry.no_recovery",
                        "an officer signs first how much the book holds");
        permit = *open;
        mirror = self.ledger.state().open_permits().at(permit).facts.at("mirror") == "yes";
        TRY_ASSIGN(const auto stored, self.ledger.journal().note("checkpoint/shared"));
        if (stored)
            note = to_text(*stored);
        paired = self.peer && !self.peer->mirror.empty();
    }
    if (mirror && paired && self.ports.live != nullptr)
        TRY(self.refill(*self.ports.live, permit, note));
    const std::scoped_lock lock(self.mutex);
    TRY_ASSIGN(Json lost, self.lost_since(permit));
    TRY(self.open_epoch(permit, note));
    lost["epoch"] = epoch_of(self.own.private_log.origin);
    return lost;
}

// --- the new epoch ------------------------------------------------------------------------------

// What the leaves say of the events that they speak of, which is all that is left of them: kind,
// stage, minute, and the transfer that it was about.
Result<Json> Registry::Impl::lost_since(std::uint64_t permit) const {
    const auto& open = ledger.state().open_permits();
    const auto& facts = open.at(permit).facts;
    Json leaves = Json::array();
    const std::uint64_t end = ledger.tree(LogName::shared_log).size();
    std::uint64_t from = end;
    while (from > 0) {
        TRY_ASSIGN(const auto one, ledger.journal().leaves(LogName::shared_log, from - 1, 1));
        // Of this permit, or of one that was signed over the same loss and came to nothing.
        const auto under = one.empty() ? open.end() : open.find(one.front().event);
        if (under == open.end() || under->second.kind != ActKind::recover)
            break;
        --from;
    }
    TRY_ASSIGN(const auto back, ledger.journal().leaves(LogName::shared_log, from, kMostNamed));
    for (const StoredLeaf& stored : back) {
        TRY_ASSIGN(const auto leaf, logbook::Leaf::parse(stored.leaf));
        const auto& fields = leaf.fields();
        leaves.push_back({{"leaf", stored.index},
                          {"kind", std::string(logbook::to_string(fields.kind))},
                          {"stage", std::string(logbook::to_string(fields.stage))},
                          {"minute", fields.minute.text()},
                          {"link", fields.link_tag == Hash32{} ? "" : to_hex(fields.link_tag)}});
    }
    const auto number = [&](const char* name) {
        return std::strtoull(facts.at(name).c_str(), nullptr, 10);
    };
    const std::uint64_t held = number("held");
    const std::uint64_t signed_size = number("signed");
    // With its own memory restored the key process does not know how much there was: at least what
    // the other party mirrored.
    const bool known = signed_size > held;
    return Json{{"held", held},
                {"signed", signed_size},
                {"lost_events", std::max(known ? signed_size - held : 0, end - from)},
                {"at_least", !known},
                {"mirror", facts.at("mirror")},
                {"shared_from", from},
                {"shared_to", end},
                {"lost", leaves},
                {"unnamed", end - from > leaves.size() ? end - from - leaves.size() : 0}};
}

// The key process reads the restored book, from the tree on that it signed of it.
Result<void> Registry::Impl::open_epoch(std::uint64_t permit, const std::string& shared_note) {
    // Opened before, and the answer was lost.
    if (const auto opened = ports.keys.recover({permit, {}, shared_note}))
        return finish_recovery(permit, *opened);
    TRY_ASSIGN(const Bytes note, this->note("checkpoint/private"));
    TRY_ASSIGN(const auto parsed, tlog::SignedCheckpoint::parse(note));
    TRY(ports.keys.recover({0, to_text(note), shared_note}));
    TRY(show_events_from(parsed.claimed_size()));
    TRY_ASSIGN(const auto opened, ports.keys.recover({permit, {}, shared_note}));
    return finish_recovery(permit, opened);
}

Result<void> Registry::Impl::finish_recovery(std::uint64_t permit,
                                             const vault::RecoveryReply& opened) {
    TRY_ASSIGN(auto list, agreement::KeyList::parse(opened.key_list));
    TRY_ASSIGN(const Json lost, lost_since(permit));
    TRY_ASSIGN(Draft done, outcome_draft(permit, Stage::done));
    done.skeleton.facts["root"] = to_base64(opened.root);
    for (const char* name : {"shared_from", "shared_to"})
        done.skeleton.facts[name] = lost.at(name).dump();
    done.document = opened.root; // what the peer's witness knows of the epoch that is closed
    done.shared = true;
    TRY(done.opening.add("lost", std::string_view(canonical_json(lost))));
    JournalChange extra;
    // Signed trees of the epoch that is closed are nobody's newest any more.
    const bool shared_too = list.shared_log.origin != own.shared_log.origin;
    for (const char* name : {"checkpoint/private", "cosigned/private"})
        extra.notes[name] = {};
    if (shared_too)
        for (const char* name : {"checkpoint/shared", "cosigned/shared", "mirrored/shared"})
            extra.notes[name] = {};
    for (const char* name : {"mirror/packed", "witness/packed/private", "witness/packed/shared"})
        extra.notes[name] = {};
    std::vector<Draft> drafts;
    drafts.push_back(std::move(done));
    for (const auto& [seq, other] : ledger.state().open_permits())
        if (other.kind == ActKind::recover && seq != permit) {
            TRY_ASSIGN(drafts.emplace_back(), outcome_draft(seq, Stage::failed));
        }
    // Tiles of leaves that are lost would stand in the way of the new ones. What follows the record
    // cannot fail: it is half done with a closed book otherwise.
    TRY(ports.publisher.drop_folder("private"));
    TRY(ports.publisher.drop_folder("shared"));
    TRY(ledger.record(std::move(drafts), std::move(extra)));
    behind.reset();
    ledger.close(false);
    own = std::move(list);
    own_signature = opened.key_list_signature;
    published = {};
    // Signed are all of its leaves; how many the peer holds, it says when it is asked.
    published[1].mirror_next = lost.at("shared_to").get<std::uint64_t>();
    find_under_way();
    return {};
}

// The key process opened the epoch, and the daemon ended before that stood in the book.
Result<void> Registry::Impl::resume_recovery() {
    const auto permit = open_recovery();
    if (!permit || behind)
        return {};
    TRY_ASSIGN(const auto opened, ports.keys.recover({*permit, {}, {}}));
    return finish_recovery(*permit, opened);
}

// --- the peer follows ---------------------------------------------------------------------------

Result<void> Registry::Impl::tell_keys(exchange::Carrier& carrier) {
    constexpr const char* kTold = "keys/told";
    exchange::Keys message;
    std::string to;
    std::string serial;
    {
        const std::scoped_lock lock(mutex);
        serial = std::to_string(own.serial);
        TRY_ASSIGN(const auto told, ledger.journal().note(kTold));
        if (own.serial == 1 || (told && to_text(*told) == serial))
            return {};
        message = {own.bytes(), own_signature};
        to = peer->list.party;
    }
    TRY(call(carrier, message.frame(setup.party, to), "taken"));
    const std::scoped_lock lock(mutex);
    return ledger.note(kTold, view(serial));
}

Result<Frame> Registry::Impl::take_keys(const Frame& request) {
    TRY_ASSIGN(const auto message, exchange::Keys::parse(request));
    TRY_ASSIGN(auto next, peer_keys(message.key_list, message.signature));
    TRY_ASSIGN(const auto known, ports.keys.follow_peer(message.key_list, message.signature));
    if (known != next.list.serial)
        return fail(Code::conflict, "registry.keys_old", "a newer key list is known");
    if (next.list.serial == peer->list.serial && next.list != peer->list)
        return fail(Code::integrity, "registry.keys_twice",
                    "the peer signed two key lists of one number: its key process was restored");
    if (next.list.serial > peer->list.serial) {
        JournalChange change;
        change.notes["peer/key_list"] = message.key_list;
        change.notes["peer/key_list_signature"] = message.signature;
        // Its leaves are the same; whose name they are signed under is not.
        if (next.list.shared_log.origin != peer->list.shared_log.origin) {
            // And it may have fewer of them than we hold. What its keys signed under the other name
            // stays, beside its leaves: should it go back on it, it can be shown.
            const std::string closed = std::to_string(epoch_of(peer->list.shared_log.origin));
            for (const char* name : {"shared", "signed"}) {
                const std::string from = std::string("mirror/") + name;
                TRY_ASSIGN(const auto stored, ledger.journal().note(from));
                if (stored && !stored->empty())
                    change.notes["mirror/closed/" + closed + "/" + name] = *stored;
                change.notes[from] = {};
            }
            TRY(ledger.mirror_anew(closed, std::move(change)));
            mirrors.reset();
        } else {
            TRY(ledger.journal_commit(change));
        }
        peer = std::move(next);
    }
    return Frame{"taken", setup.party, peer->list.party, Json::object(), {}};
}

} // namespace valise::registry
