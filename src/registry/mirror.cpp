// SPDX-License-Identifier: Apache-2.0
#include "registry/internal/impl.h"
#include "tlog/proof.h"
#include "vault/vault.h"

#include <algorithm>

// The peer holds the leaves of our shared log, and we those of its: what one of the two logs says
// can be read, and held against the other one, where it was not written (E3).
//= c2sp.org/tlog-mirror
namespace valise::registry {

using exchange::Frame;

namespace {

constexpr const char* kOurs = "mirrored/shared"; // our tree as the peer mirrored it
constexpr const char* kTheirs = "mirror/shared"; // the peer's tree as we mirrored it
constexpr const char* kPacked = "mirror/packed"; // what a bag carries, until it is answered
// A log that is new to the peer goes over in pieces, and lets other work in between.
constexpr int kMessages = 16;

std::unexpected<Error> bad(const std::string& text) {
    return fail(Code::integrity, "registry.mirror", text);
}

Result<std::vector<StoredLeaf>> leaves_in(const exchange::Mirror& message) {
    std::vector<StoredLeaf> out;
    for (ByteView rest = message.leaves; !rest.empty(); rest = rest.subspan(message.kLeaf)) {
        StoredLeaf& stored = out.emplace_back();
        stored.log = LogName::mirrored_log;
        stored.index = message.start + out.size() - 1;
        std::ranges::copy(rest.first(message.kLeaf), stored.leaf.begin());
        TRY_ASSIGN(const auto leaf, logbook::Leaf::parse(stored.leaf));
        if (leaf.is_private() || leaf.fields().act_number != stored.index)
            return bad("a leaf that is not one of a shared log at its place");
    }
    return out;
}

} // namespace

Result<void> Registry::Impl::load_mirrored(const tlog::LogKeys& keys) {
    TRY_ASSIGN(const auto theirs, ledger.journal().note(kTheirs));
    if (theirs && !theirs->empty() && peer) {
        TRY_ASSIGN(const auto held, tlog::SignedCheckpoint::parse(*theirs));
        TRY_ASSIGN(const auto peer_log, vault::log_keys(peer->list.shared_log));
        TRY_ASSIGN(mirrors, held.verify(peer_log));
    }
    TRY_ASSIGN(const auto stored, ledger.journal().note(kOurs));
    if (!stored || stored->empty())
        return {};
    TRY_ASSIGN(const auto parsed, tlog::SignedCheckpoint::parse(*stored));
    TRY_ASSIGN(const auto tree, parsed.verify(keys));
    Published& entry = published[1];
    entry.mirrored_note = to_text(*stored);
    entry.mirrored_size = entry.mirror_next = tree.size;
    return {};
}

Result<void> Registry::Impl::add_mirror_lines(tlog::SignedCheckpoint& note) const {
    const Published& entry = published[1];
    if (!peer || entry.mirrored_size == 0 || entry.mirrored_size != note.claimed_size())
        return {};
    TRY_ASSIGN(const auto mirrored, tlog::SignedCheckpoint::parse(view(entry.mirrored_note)));
    for (const tlog::NoteSignature& line : mirrored.signatures())
        if (std::ranges::any_of(peer->mirror, [&](const auto& key) { return key.made(line); }))
            TRY(note.add(line));
    return {};
}

Result<void> Registry::Impl::ask_mirror(exchange::Carrier& carrier, const std::atomic<bool>& stop) {
    for (int sent = 0; sent < kMessages && !stop; ++sent) {
        TRY_ASSIGN(const bool more, send_leaves(carrier));
        if (!more)
            return {};
    }
    return {};
}

// By courier the tree has grown before the answer is back: what was packed is asked again as it
// was, until an answer to it came, or the wire brought a newer one.
Result<exchange::Mirror> Registry::Impl::due_leaves(bool by_courier) {
    const Published& entry = published[1];
    if (by_courier) {
        TRY_ASSIGN(const auto packed, ledger.journal().note(kPacked));
        if (packed && !packed->empty()) {
            TRY_ASSIGN(const Frame frame, exchange::parse_frame(*packed));
            TRY_ASSIGN(auto message, exchange::Mirror::parse(frame));
            TRY_ASSIGN(const auto note, tlog::SignedCheckpoint::parse(view(message.checkpoint)));
            if (message.start >= entry.mirror_next && note.claimed_size() > entry.mirrored_size)
                return message;
        }
    }
    exchange::Mirror message;
    message.start = std::min(entry.mirror_next, entry.tree.size);
    message.checkpoint = entry.note;
    const auto count = static_cast<std::size_t>(
        std::min<std::uint64_t>(message.kMaxLeaves, entry.tree.size - message.start));
    TRY_ASSIGN(const auto leaves,
               ledger.journal().leaves(LogName::shared_log, message.start, count));
    for (const StoredLeaf& leaf : leaves)
        append(message.leaves, leaf.leaf);
    const std::uint64_t end = message.start + count;
    if (end > 0 && end < entry.tree.size) {
        TRY_ASSIGN(message.proof,
                   tlog::consistency_proof(ledger.tree(LogName::shared_log), end, entry.tree.size));
    }
    if (by_courier)
        TRY(ledger.note(kPacked, exchange::encode(message.frame(setup.party, peer->list.party))));
    return message;
}

Result<bool> Registry::Impl::send_leaves(exchange::Carrier& carrier) {
    exchange::Mirror message;
    {
        const std::scoped_lock lock(mutex);
        TRY(sign(LogName::shared_log));
        const Published& entry = published[1];
        if (peer->mirror.empty() || entry.tree.size == 0 || entry.mirrored_size == entry.tree.size)
            return false;
        TRY_ASSIGN(message, due_leaves(carrier.by_courier()));
    }
    TRY_ASSIGN(const Frame reply,
               call(carrier, message.frame(setup.party, peer->list.party), "mirrored"));
    TRY_ASSIGN(const auto answered, exchange::Mirrored::parse(reply));
    TRY_ASSIGN(const auto note, tlog::SignedCheckpoint::parse(view(message.checkpoint)));
    const std::scoped_lock lock(mutex);
    TRY(take_mirrored({note.claimed_origin(), note.claimed_size(), note.claimed_root()},
                      message.checkpoint, answered));
    Published& entry = published[1];
    if (answered.lines.empty() && answered.next == message.start)
        return fail(Code::unavailable, "registry.mirror", "the peer took none of the leaves");
    entry.mirror_next = answered.next;
    return entry.mirrored_size < entry.tree.size;
}

Result<void> Registry::Impl::take_mirrored(const tlog::Checkpoint& tree,
                                           const std::string& own_note,
                                           const exchange::Mirrored& answered) {
    // A book that was restored from an old copy is told here that it is one. //= design 6
    if (answered.next > ledger.tree(LogName::shared_log).size())
        return fail(Code::integrity, "registry.claimed", std::to_string(answered.next));
    if (answered.lines.empty())
        return {};
    TRY_ASSIGN(const auto lines, tlog::parse_signature_lines(answered.lines));
    TRY_ASSIGN(const auto found, tlog::cosigners(tree, lines, peer->mirror));
    if (found.size() != peer->mirror.size())
        return fail(Code::integrity, "tlog.cosignature", "not by every key of the mirror");
    TRY_ASSIGN(auto note, tlog::SignedCheckpoint::parse(view(own_note)));
    // One line of each key: a hundred would leave no room for anybody else's.
    for (const tlog::Verifier& key : peer->mirror)
        if (const auto line = std::ranges::find_if(
                lines, [&](const tlog::NoteSignature& one) { return key.made(one); });
            line != lines.end())
            TRY(note.add(*line));
    Published& entry = published[1];
    if (tree.size <= entry.mirrored_size)
        return {};
    TRY(ledger.note(kOurs, view(note.print())));
    entry.mirrored_note = note.print();
    entry.mirrored_size = tree.size;
    return {};
}

// Nothing is kept that does not lead to a root which the peer signed, and nothing is cosigned that
// is not durable here.
Result<Frame> Registry::Impl::take_mirror(const Frame& request) {
    TRY_ASSIGN(const auto message, exchange::Mirror::parse(request));
    TRY_ASSIGN(const auto keys, vault::log_keys(peer->list.shared_log));
    TRY_ASSIGN(const auto note, tlog::SignedCheckpoint::parse(view(message.checkpoint)));
    TRY_ASSIGN(const auto tree, note.verify(keys));
    const auto answer_with = [&](std::string lines) {
        return exchange::Mirrored{ledger.tree(LogName::mirrored_log).size(), std::move(lines)}
            .frame(setup.party, peer->list.party);
    };
    const auto& held = ledger.tree(LogName::mirrored_log);
    // Asked again, as bags are: what is held already is cosigned as it was.
    const bool all_held = held.size() == tree.size && held.root() == tree.root;
    if (message.start != held.size() && !all_held)
        return answer_with({});
    if (message.start == held.size())
        TRY(keep_leaves(message, tree));
    if (held.size() < tree.size)
        return answer_with({});
    TRY_ASSIGN(std::string lines, cosign_mirrored(message.checkpoint));
    TRY_ASSIGN(auto cosigned, tlog::SignedCheckpoint::parse(view(message.checkpoint)));
    TRY_ASSIGN(const auto signed_lines, tlog::parse_signature_lines(lines));
    for (const tlog::NoteSignature& line : signed_lines)
        TRY(cosigned.add(line));
    TRY(ledger.note(kTheirs, view(cosigned.print())));
    mirrors = tree;
    return answer_with(std::move(lines));
}

Result<void> Registry::Impl::keep_leaves(const exchange::Mirror& message,
                                         const tlog::Checkpoint& tree) {
    TRY_ASSIGN(auto leaves, leaves_in(message));
    const std::uint64_t end = message.start + leaves.size();
    const Hash32 root = ledger.mirrored_root_with(leaves);
    if (end > tree.size || (end == tree.size && root != tree.root))
        return bad("leaves that are not those of the tree");
    if (end < tree.size && end > 0)
        TRY(tlog::verify_consistency(end, tree.size, root, tree.root, message.proof));
    JournalChange extra;
    // Kept with the leaves: should the peer lose its log, it comes back with its own signature.
    if (end == tree.size)
        extra.notes["mirror/signed"] = to_bytes(message.checkpoint);
    if (!leaves.empty())
        TRY(ledger.mirror(std::move(leaves), std::move(extra)));
    return {};
}

// After a start the key process was shown nothing, and it cosigns only what it was shown.
Result<std::string> Registry::Impl::cosign_mirrored(const std::string& checkpoint) {
    const std::uint64_t size = ledger.tree(LogName::mirrored_log).size();
    vault::MirrorRequest request;
    TRY_ASSIGN(auto reply, ports.keys.mirror(request));
    while (reply.leaves < size) {
        request = {reply.leaves, {}, {}};
        TRY_ASSIGN(const auto leaves, ledger.journal().leaves(LogName::mirrored_log, reply.leaves,
                                                              vault::kMirrorShown));
        for (const StoredLeaf& leaf : leaves)
            append(request.leaves, leaf.leaf);
        const std::uint64_t before = reply.leaves;
        TRY_ASSIGN(reply, ports.keys.mirror(request));
        if (reply.leaves <= before)
            return bad("the key process takes no leaves");
    }
    TRY_ASSIGN(reply, ports.keys.mirror({size, {}, checkpoint}));
    if (reply.lines.empty())
        return bad("the key process was shown other leaves");
    return reply.lines;
}

} // namespace valise::registry
