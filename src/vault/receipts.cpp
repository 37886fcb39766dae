// SPDX-License-Identifier: Apache-2.0
#include "envelope/bag_key.h"
#include "logbook/notice.h"
#include "logbook/receipt.h"
#include "vault/vault.h"

// Receipts and notices: signed only over what the log says happened. //= O-36
// And the media by which they may travel.
namespace valise::vault {

using logbook::ActKind;
using logbook::ReceiptType;

namespace {

// Between the daemon's look at the clock and ours.
constexpr std::int64_t kClockSeconds = 60;

std::unexpected<Error> refused(const char* text) {
    return fail(Code::refused, "vault.receipt", text);
}

} // namespace

Result<void> Vault::check_ground(const logbook::Receipt& receipt, std::uint64_t seq,
                                 const Book& book) const {
    const auto& fields = receipt.fields();
    if (fields.type == ReceiptType::custody) {
        TRY_ASSIGN(const std::uint64_t arrival, book.arrival(fields.dispatch));
        const auto* dispatch = book.state().dispatch(fields.dispatch);
        const bool broken =
            dispatch != nullptr && dispatch->delivered == logbook::SealFinding::broken;
        if (arrival != seq || fields.finding != (broken ? logbook::ReceiptFinding::discrepancy
                                                        : logbook::ReceiptFinding::whole))
            return refused("not the arrival that stands behind this receipt");
        return {};
    }
    const auto permit = book.state().open_permits().find(seq);
    if (permit == book.state().open_permits().end() ||
        permit->second.kind != ActKind::contents_receipt ||
        permit->second.ids.at("dispatch") != fields.dispatch.text() ||
        permit->second.facts.at("finding") != logbook::to_string(fields.finding))
        return refused("no open permit of this finding stands behind this receipt");
    return {};
}

Result<Bytes> Vault::sign_receipt(ByteView bytes, std::uint64_t seq) {
    TRY_ASSIGN(const auto receipt, logbook::Receipt::parse(bytes));
    const auto& fields = receipt.fields();
    {
        const std::scoped_lock lock(mutex_);
        TRY_ASSIGN(const Book* known, book());
        TRY(in_signed_tree(seq));
        TRY(check_ground(receipt, seq, *known));
        const logbook::Dispatch* dispatch = known->state().dispatch(fields.dispatch);
        const auto* item = dispatch == nullptr ? nullptr : known->state().item(dispatch->item);
        if (item == nullptr || dispatch->direction != logbook::Direction::in ||
            fields.party != own_.party || fields.statement != dispatch->document ||
            fields.number != item->number || fields.payload_root != item->payload_root)
            return refused("it says something else than the log");
        if (fields.at < dispatch->moved || fields.at > now().plus_seconds(kClockSeconds))
            return refused("dated before the arrival or after now");
    }
    return keystore_.receipt.sign(receipt_signed_bytes(bytes));
}

Result<Bytes> Vault::sign_notice(std::uint64_t seq) {
    Bytes message;
    {
        const std::scoped_lock lock(mutex_);
        TRY_ASSIGN(const Book* known, book());
        TRY(in_signed_tree(seq));
        const auto permit = known->state().open_permits().find(seq);
        if (permit == known->state().open_permits().end() ||
            permit->second.kind != ActKind::give_notice)
            return fail(Code::refused, "vault.notice", "no open permit to give a notice");
        TRY_ASSIGN(const auto notice, logbook::notice_of(known->state(), permit->second));
        message = notice.signed_bytes();
    }
    return keystore_.receipt.sign(message);
}

Result<Bytes> Vault::sign_bag(const Hash32& digest) {
    return keystore_.receipt.sign(envelope::bag_signed_bytes(digest));
}

Result<SecretBytes> Vault::bag_key(ByteView wrapped, const Hash32& header_digest) {
    TRY_ASSIGN(const SecretBytes share, keystore_.unwrapping.unwrap(wrapped));
    return envelope::bag_key(share, header_digest);
}

} // namespace valise::vault
