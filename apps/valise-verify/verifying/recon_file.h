// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/recon.h"
#include "verifying/fault.h"

namespace valise::verifying {

// The files of docs/formats/recon.md as they are written; nothing is believed yet.
struct ReconFile {
    struct Log {
        std::string checkpoint;
        std::vector<Bytes> leaves;
        Bytes act; // signed; empty: nobody of this party signed
    };
    Bytes statement;
    Log first;
    Log second;
    bool digest_holds = false;
};
Checked<ReconFile> read_recon_file(ByteView bytes);

struct AbsenceFile {
    Bytes statement;
    std::string way;
    std::string list;
    Hash32 link{};
    std::vector<agreement::LinkPlace> neighbours;
};
Checked<AbsenceFile> read_absence_file(ByteView bytes);

} // namespace valise::verifying
