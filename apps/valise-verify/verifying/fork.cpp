// SPDX-License-Identifier: Apache-2.0
#include "verifying/fork.h"

#include "base/text.h"
#include "tlog/fork.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

Checked<void> check(ByteView file, const Believed& believed, ProvenFork& out) {
    TRY_ASSIGN(const auto proof, at("the file", tlog::ForkProof::parse(file)));
    TRY_ASSIGN(out.smaller, check_checkpoint("first checkpoint", view(proof.smaller().print()),
                                             believed, out.smaller.tree));
    TRY_ASSIGN(out.larger, check_checkpoint("second checkpoint", view(proof.larger().print()),
                                            believed, out.larger.tree));
    TRY_ASSIGN(
        out.prefix_root,
        at("the nodes", tlog::contradiction(out.smaller.tree, out.larger.tree, proof.nodes())));
    return {};
}

std::string tree_line(const char* which, const tlog::Checkpoint& tree) {
    return fmt::format("{}: {} leaves, root {}\n", which, tree.size, to_base64(tree.root));
}

} // namespace

ProvenFork check_fork_proof(ByteView file, const Believed& believed) {
    const Believed keys{believed.keys, {}};
    ProvenFork out;
    if (auto checked = check(file, keys, out); !checked)
        out.found = std::move(checked).error();
    return out;
}

Json fork_json(const ProvenFork& fork) {
    Json out = {{"v", 1},
                {"verified", fork.verified()},
                {"first", checkpoint_json(fork.smaller)},
                {"second", checkpoint_json(fork.larger)},
                {"prefix_root", to_base64(fork.prefix_root)}};
    if (fork.found)
        out["fault"] = fault_json(*fork.found);
    return out;
}

std::string fork_text(const ProvenFork& fork) {
    std::string out = fmt::format("log {}\n", printable(fork.smaller.tree.origin));
    out += tree_line("first ", fork.smaller.tree) + checkpoint_lines(fork.smaller);
    out += tree_line("second", fork.larger.tree) + checkpoint_lines(fork.larger);
    if (fork.found)
        return out + fault_line(*fork.found);
    return out + fmt::format("PROVEN: this log signed two histories; the first {} leaves of the "
                             "second have the root {}\n",
                             fork.smaller.tree.size, to_base64(fork.prefix_root));
}

} // namespace valise::verifying
