// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "logbook/receipt.h"
#include "verifying/checkpoint.h"
#include "verifying/keys.h"

#include <optional>

namespace valise::verifying {

inline constexpr std::size_t kMaxReceiptFile = 4 << 20; // a proof has at most a megabyte

// docs/formats/receipt.md, checked: what the receiver's registry signed, that it is a receipt for
// what the sender's registry signed, and where it stands in a log.
struct ReceiptReport {
    std::optional<logbook::ReceiptFields> receipt; // once the receiver's signature holds
    std::string sender;                            // once the sender's holds; else empty
    std::string claimed_evidence;                  // as the registry that exported it said
    std::optional<CheckedCheckpoint> log;          // that holds its leaf
    std::uint64_t index = 0;
    bool compared = false;
    std::optional<Fault> found;

    bool verified() const { return !found; }
};

// `invitations`: the receiver's, and the sender's where it is known. `believed`: none, then the log
// is not looked at.
ReceiptReport check_receipt_file(ByteView bytes, const std::vector<Bytes>& invitations,
                                 const Expected& expected, const std::optional<Believed>& believed);
Json receipt_json(const ReceiptReport& report);
std::string receipt_text(const ReceiptReport& report);

} // namespace valise::verifying
