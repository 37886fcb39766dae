// SPDX-License-Identifier: Apache-2.0
#include "registry/backup_check.h"

#include "agreement/terms.h"
#include "crypto/random.h"
#include "registry/internal/impl.h"
#include "registry/ledger.h"
#include "vault/vault.h"

#include <algorithm>

namespace valise::registry {
namespace {

std::unexpected<Error> bad(std::string text) {
    return fail(Code::integrity, "registry.backup_log", std::move(text));
}

Result<void> same_tree(const char* name, const tlog::MemoryTree& tree, const LogTree& said) {
    TRY_ASSIGN(const Hash32 root, tree.root_at(tree.size()));
    if (tree.size() != said.size || (said.size > 0 && root != said.root))
        return bad(std::string(name) + ": not of the size or root that the backup names");
    return {};
}

// The tree of a stored checkpoint, which its keys signed and the rows lead to; size 0: none stored.
Result<std::uint64_t> signed_tree(const Journal& journal, const char* name,
                                  const agreement::LogKeys& log, const tlog::MemoryTree& tree) {
    TRY_ASSIGN(const auto stored, journal.note(name));
    if (!stored || stored->empty())
        return std::uint64_t{0};
    TRY_ASSIGN(const auto keys, vault::log_keys(log));
    TRY_ASSIGN(const auto note, tlog::SignedCheckpoint::parse(*stored));
    TRY_ASSIGN(const auto checkpoint, note.verify(keys));
    if (checkpoint.size > tree.size())
        return bad(std::string(name) + ": a larger tree was signed than there are rows");
    TRY_ASSIGN(const Hash32 root, tree.root_at(checkpoint.size));
    if (root != checkpoint.root)
        return bad(std::string(name) + ": the rows do not lead to the root that was signed");
    return checkpoint.size;
}

// What is destroyed or went out of the house has no file, and of what is neither there must be one.
std::vector<std::string> missing_files(const logbook::State& state,
                                       const std::vector<std::string>& blobs) {
    std::vector<std::string> out;
    for (const auto& [id, item] : state.items()) {
        const auto copies = state.copies_of(id);
        const bool held = std::ranges::any_of(copies, [](const auto& copy) {
            return copy.state == logbook::CopyState::held ||
                   copy.state == logbook::CopyState::issued;
        });
        const std::string blob = item.blob.text();
        if (held && !item.blob.empty() && !std::ranges::binary_search(blobs, blob))
            out.push_back(blob);
    }
    return out;
}

} // namespace

Result<BackupCheck> check_backup(Journal& journal, const BackupHead& head,
                                 const std::vector<std::string>& blobs, const Clock& clock) {
    TRY_ASSIGN(const auto list, vault::verify_key_list(head.key_list, head.key_list_signature));
    TRY_ASSIGN(const auto terms, agreement::Terms::parse(head.terms));
    TRY_ASSIGN(const auto began_with, journal.note("terms"));
    if (!began_with || *began_with != head.terms)
        return bad("it began with other terms than it names");
    // Openings stay closed: their key is in the keystore alone, and nothing here asks for one.
    TRY_ASSIGN(auto cipher, crypto::RecordCipher::create(crypto::random_secret(32)));
    TRY_ASSIGN(const auto ledger, Ledger::open(journal, clock, std::move(cipher), terms.digest()));
    if (ledger.state().party() != head.party)
        return bad("the book of another party");
    const auto tree = [&](LogName log) -> const tlog::MemoryTree& { return ledger.tree(log); };
    TRY(same_tree("private log", tree(LogName::private_log), head.private_log));
    TRY(same_tree("shared log", tree(LogName::shared_log), head.shared_log));
    TRY(same_tree("mirrored log", tree(LogName::mirrored_log), head.mirrored_log));
    BackupCheck out{ledger.state().next_seq(), ledger.state().last_minute(), 0, 0, {}};
    TRY_ASSIGN(out.signed_size, signed_tree(journal, "checkpoint/private", list.private_log,
                                            tree(LogName::private_log)));
    TRY_ASSIGN(out.cosigned_size, signed_tree(journal, "cosigned/private", list.private_log,
                                              tree(LogName::private_log)));
    TRY(signed_tree(journal, "checkpoint/shared", list.shared_log, tree(LogName::shared_log)));
    TRY(signed_tree(journal, "mirrored/shared", list.shared_log, tree(LogName::shared_log)));
    if (out.signed_size == 0)
        return bad("nothing of it was ever signed");
    TRY_ASSIGN(const auto peer, journal.note("peer/key_list"));
    if (peer) {
        TRY_ASSIGN(const auto peer_list, agreement::KeyList::parse(*peer));
        TRY(signed_tree(journal, "mirror/shared", peer_list.shared_log,
                        tree(LogName::mirrored_log)));
    }
    out.missing = missing_files(ledger.state(), blobs);
    return out;
}

} // namespace valise::registry
