// SPDX-License-Identifier: Apache-2.0
#include "verifying/log_proof.h"

#include "base/text.h"
#include "crypto/merkle.h"
#include "tlog/proof.h"
#include "tlog/proof_file.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

Checked<void> check(ByteView file, const std::optional<Bytes>& entry, const Believed& believed,
                    ProvenEntry& out) {
    TRY_ASSIGN(const auto proof, at("the file", tlog::ProofFile::parse(file)));
    out.index = proof.index();
    TRY_ASSIGN(out.checkpoint, check_checkpoint("checkpoint", view(proof.checkpoint().print()),
                                                believed, out.checkpoint.tree));
    TRY(holds(entry || proof.extra(), "the entry", "verify.no_entry",
              "the file carries none, and none was given"));
    out.leaf_hash = crypto::leaf_hash(entry ? *entry : *proof.extra());
    const tlog::Checkpoint& tree = out.checkpoint.tree;
    return at("the path of hashes",
              tlog::verify_inclusion(out.index, tree.size, out.leaf_hash, proof.path(), tree.root));
}

} // namespace

ProvenEntry check_log_proof(ByteView file, const std::optional<Bytes>& entry,
                            const Believed& believed) {
    ProvenEntry out;
    if (auto checked = check(file, entry, believed, out); !checked)
        out.found = std::move(checked).error();
    return out;
}

Json log_proof_json(const ProvenEntry& proven) {
    Json out = checkpoint_json(proven.checkpoint);
    out["v"] = 1;
    out["verified"] = proven.verified();
    out["index"] = static_cast<std::int64_t>(proven.index);
    out["leaf_hash"] = to_base64(proven.leaf_hash);
    if (proven.found)
        out["fault"] = fault_json(*proven.found);
    return out;
}

std::string log_proof_text(const ProvenEntry& proven) {
    const tlog::Checkpoint& tree = proven.checkpoint.tree;
    std::string out = fmt::format("log {}\n", printable(tree.origin));
    out += checkpoint_lines(proven.checkpoint);
    if (proven.found)
        return out + fault_line(*proven.found);
    return out + fmt::format("VERIFIED: entry {} of {} leaves, leaf hash {}\n", proven.index,
                             tree.size, to_base64(proven.leaf_hash));
}

} // namespace valise::verifying
