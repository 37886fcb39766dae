// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "logbook/act.h"
#include "logbook/event.h"
#include "logbook/leaf.h"
#include "tlog/checkpoint.h"
#include "vault/key_service_port.h"

namespace valise::vault {

// An event whose record was proved: it stands in a log whose checkpoint the log's keys signed, its
// skeleton is the committed one, and its signed act, where there is one, is that of the leaf and
// carries a valid signature by the key that it names.
struct ProvenEvent {
    logbook::Skeleton skeleton;
    logbook::Leaf leaf;
    std::optional<logbook::SignedAct> act;
};

// Errors: refused vault.not_recorded, whatever is wrong: the caller is the daemon, and detail would
// only help one that was taken over.
Result<ProvenEvent> prove_recorded(const RecordedEvent& event, const tlog::LogKeys& private_log);

// The same, and it is a permitted act of this kind. Errors: refused vault.not_recorded.
Result<ProvenEvent> prove_permitted(const RecordedEvent& event, const tlog::LogKeys& private_log,
                                    logbook::ActKind kind);

// The same, decided and signed by the holder of `signer`. Errors: refused vault.not_signed_by.
Result<ProvenEvent> prove_signed_by(const RecordedEvent& event, const tlog::LogKeys& private_log,
                                    logbook::ActKind kind, ByteView signer);

} // namespace valise::vault
