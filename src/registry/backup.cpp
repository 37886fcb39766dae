// SPDX-License-Identifier: Apache-2.0
#include "registry/backup_file.h"
#include "registry/internal/impl.h"

// A backup of a registry that goes on working. Documents lie sealed in it and openings too, so it
// gives no more than a stolen disk; the keystore and what the key process signed last are not in
// it: a backup that held them could make the key process forget. //= design 6
namespace valise::registry {

namespace {

LogTree tree_of(const Ledger& ledger, LogName log, std::uint64_t size) {
    return {size, ledger.tree(log).root_at(size).value_or(Hash32{})};
}

Result<std::vector<BackupMember>> small_files(const Setup& setup) {
    std::vector<BackupMember> out;
    if (!setup.kept_files)
        return out;
    TRY_ASSIGN(auto files, setup.kept_files());
    for (auto& [name, bytes] : files)
        out.push_back({name,
                       [source = std::make_shared<MemorySource>(std::move(bytes))]()
                           -> Result<std::shared_ptr<const RandomSource>> { return source; }});
    return out;
}

} // namespace

Result<std::shared_ptr<ByteSource>> Registry::backup(const crypto::WrapPublicKey& to) {
    Impl& self = *impl_;
    {
        // What the backup holds is then signed whole, so that a restored book can be told from one
        // that somebody made.
        const std::scoped_lock lock(self.mutex);
        TRY(self.writable());
        TRY(self.sign(LogName::private_log));
        TRY(self.sign(LogName::shared_log));
    }
    TRY_ASSIGN(auto snapshot, self.ledger.journal().snapshot());
    // After the database: what it names was there before it named it.
    TRY_ASSIGN(const auto blobs, self.ports.blobs.list());
    TRY_ASSIGN(auto files, small_files(self.setup));
    BackupHead head;
    {
        const std::scoped_lock lock(self.mutex);
        head.party = self.setup.party;
        head.made = self.ledger.now();
        head.terms = self.setup.terms_bytes;
        head.key_list = self.own.bytes();
        head.key_list_signature = self.own_signature;
        head.private_log = tree_of(self.ledger, LogName::private_log, snapshot.leaves[0]);
        head.shared_log = tree_of(self.ledger, LogName::shared_log, snapshot.leaves[1]);
        head.mirrored_log = tree_of(self.ledger, LogName::mirrored_log, snapshot.leaves[2]);
    }
    std::vector<BackupMember> members;
    members.push_back(
        {kBackupDatabase,
         [file = snapshot.file]() -> Result<std::shared_ptr<const RandomSource>> { return file; }});
    std::ranges::move(files, std::back_inserter(members));
    for (const BlobId& id : blobs)
        members.push_back(
            {kBackupBlobs + id.text(), [&store = self.ports.blobs, id] { return store.open(id); }});
    TRY_ASSIGN(auto source, BackupSource::make(head, std::move(members), to,
                                               [&keys = self.ports.keys](const Hash32& digest) {
                                                   return keys.sign_bag(digest);
                                               }));
    return std::shared_ptr<ByteSource>(std::move(source));
}

} // namespace valise::registry
