// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"

namespace valise::logbook {

enum class ReceiptType : std::uint8_t { custody, contents };
std::string_view to_string(ReceiptType type); // "custody-receipt", "contents-receipt"

// "whole": arrived, every segment checked, recorded; nobody has looked inside. The other two are
// findings of a person who opened it.
enum class ReceiptFinding : std::uint8_t { whole, in_order, discrepancy };
std::string_view to_string(ReceiptFinding finding); // "whole", "in-order", "discrepancy"
Result<ReceiptFinding> parse_receipt_finding(std::string_view text); // logbook.receipt

struct ReceiptFields {
    ReceiptType type = ReceiptType::custody;
    DispatchId dispatch;
    Hash32 statement{};    // statement_commitment() of the sender's statement
    Hash32 payload_root{}; // of the sealed payload as it arrived
    std::string number;    // under which the receiver entered it
    ReceiptFinding finding = ReceiptFinding::whole;
    Time at;
    std::string party; // the receiver
    bool operator==(const ReceiptFields&) const = default;
};

// The statement that the registry's receipt key signs (elsewhere: this room has no keys). Canonical
// JSON {at, dispatch, finding, number, party, payload_root, statement, type, v}. It holds no level
// word and no note, because a receipt travels openly. //= O-35
class Receipt {
public:
    // Errors: logbook.receipt.
    static Result<Receipt> make(ReceiptFields fields);
    static Result<Receipt> parse(ByteView canonical);

    static constexpr std::size_t kMaxBytes = 4096;

    const ReceiptFields& fields() const { return fields_; }
    const Bytes& bytes() const { return bytes_; }
    bool operator==(const Receipt& other) const { return bytes_ == other.bytes_; }

private:
    Receipt() = default;

    ReceiptFields fields_;
    Bytes bytes_;
};

} // namespace valise::logbook
