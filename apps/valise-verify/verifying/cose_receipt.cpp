// SPDX-License-Identifier: Apache-2.0
#include "verifying/cose_receipt.h"

#include "base/text.h"
#include "crypto/merkle.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

// A trust file names keys as well; its quorum is of checkpoints and asks nothing here.
const tlog::Verifier* key_of(const tlog::CoseReceipt& receipt, const Believed& believed) {
    const auto made = [&](const tlog::Verifier& key) {
        return key.name() == receipt.claimed().origin && key.type() == receipt.type() &&
               key.key_id() == receipt.key_id();
    };
    for (const tlog::Verifier& key : believed.keys)
        if (made(key))
            return &key;
    return nullptr;
}

Checked<void> check(ByteView bytes, ByteView entry, const Believed& believed, CoseReport& out) {
    TRY_ASSIGN(const auto receipt, at("the receipt", tlog::CoseReceipt::parse(bytes)));
    out.tree = receipt.claimed();
    out.index = receipt.index();
    out.algorithm = receipt.type() == tlog::KeyType::ed25519 ? "ed25519" : "ml-dsa-44";
    const tlog::Verifier* key = key_of(receipt, believed);
    TRY(holds(key != nullptr, "the receipt, kid", "verify.cose_key",
              "signed with a key that nobody vouches for here"));
    TRY_ASSIGN(out.tree, at("the receipt", receipt.verify(crypto::leaf_hash(entry), *key)));
    return {};
}

} // namespace

CoseReport check_cose(ByteView receipt, ByteView entry, const Believed& believed) {
    CoseReport out;
    if (auto checked = check(receipt, entry, believed, out); !checked)
        out.found = std::move(checked).error();
    return out;
}

Json cose_json(const CoseReport& report) {
    Json out = {
        {"v", 1},
        {"verified", report.verified()},
        {"origin", printable(report.tree.origin)},
        {"size", static_cast<std::int64_t>(report.tree.size)},
        {"index", static_cast<std::int64_t>(report.index)},
        {"algorithm", report.algorithm},
        {"quorum_asked", false}}; // one key's word, whatever a trust file asks of checkpoints
    if (report.verified())
        out["root"] = to_base64(report.tree.root);
    else
        out["fault"] = fault_json(*report.found);
    return out;
}

std::string cose_text(const CoseReport& report) {
    if (!report.verified())
        return fault_line(*report.found);
    return fmt::format("log {}\n  signed with {}: one key, where a checkpoint has two\nVERIFIED: "
                       "entry {} of {} leaves\n",
                       printable(report.tree.origin), report.algorithm, report.index,
                       report.tree.size);
}

} // namespace valise::verifying
