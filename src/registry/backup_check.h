// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "registry/backup_file.h"
#include "registry/journal_port.h"

namespace valise::registry {

struct BackupCheck {
    std::uint64_t events = 0;
    Time newest;                     // minute of the last event
    std::uint64_t signed_size = 0;   // of the private log: the rest was recorded and not signed yet
    std::uint64_t cosigned_size = 0; // by the peer, as far as the backup holds its cosignature
    std::vector<std::string>
        missing; // sealed files that the book names and the backup does not hold
};

// Whether the database of a backup is the one that its head tells of: rows, leaves and skeletons
// agree and fold, they lead to the roots named, and on the way to those that the registry's own log
// keys, and the peer's, signed. `blobs` are the ids of the sealed files that came with it. Nothing
// is asked of anybody. Errors: integrity registry.backup_log, registry.rows.
Result<BackupCheck> check_backup(Journal& journal, const BackupHead& head,
                                 const std::vector<std::string>& blobs, const Clock& clock);

} // namespace valise::registry
