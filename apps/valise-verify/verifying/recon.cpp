// SPDX-License-Identifier: Apache-2.0
#include "verifying/recon.h"

#include "crypto/merkle.h"
#include "logbook/act.h"
#include "verifying/recon_file.h"

#include <algorithm>

namespace valise::verifying {
namespace {

using agreement::ReconLog;
using agreement::ReconReading;
using agreement::ReconStatement;
using logbook::ActKind;

// The leaves are those of the signed tree, none left out; then what they say of transfers.
Checked<ReconReading> check_leaves(const std::string& place, const ReconFile::Log& log,
                                   const ReconLog& said, const Believed& believed,
                                   CheckedCheckpoint& out) {
    TRY_ASSIGN(out,
               check_checkpoint(place + ", checkpoint", view(log.checkpoint), believed, out.tree));
    std::vector<Hash32> hashes;
    for (const Bytes& leaf : log.leaves)
        hashes.push_back(crypto::leaf_hash(leaf));
    TRY(holds(hashes.size() == out.tree.size, place, "verify.log_size",
              "the checkpoint signs another number of leaves"));
    TRY(holds(crypto::tree_root(hashes) == out.tree.root, place, "verify.log_root",
              "the leaves have another root than the one signed"));
    ReconReading reading(said.from, said.to);
    for (std::size_t i = 0; i < log.leaves.size() && !reading.whole(); ++i)
        TRY(at(place + ", leaf " + std::to_string(i), reading.take(log.leaves[i])));
    TRY(holds(reading.whole(), place, "verify.recon_interval",
              "the statement is about more leaves than the tree has"));
    return reading;
}

// Named as near as it can be: what the leaves say, and the statement does not.
Checked<void> same_statement(const ReconStatement& said, const ReconStatement& found) {
    const std::pair<bool, const char*> parts[] = {
        {said.first == found.first, "the statement, first interval"},
        {said.second == found.second, "the statement, second interval"},
        {said.there == found.there, "the statement, from the first party to the second"},
        {said.back == found.back, "the statement, from the second party to the first"}};
    for (const auto& [same, place] : parts)
        TRY(holds(same, place, "verify.recon_statement", "not what the leaves say"));
    return holds(said == found, "the statement", "verify.recon_statement",
                 "not what the leaves say");
}

// That a leaf behind the interval holds the digests of this act and of the statement.
Checked<void> check_act(const std::string& place, const ReconFile::Log& log, const ReconLog& said,
                        const ReconStatement& statement) {
    TRY_ASSIGN(const auto act, at(place, logbook::SignedAct::parse(log.act)));
    TRY(at(place, act.verify()));
    const ActKind kind = statement.by == said.party ? ActKind::reconcile : ActKind::countersign;
    TRY(holds(act.act().kind() == kind && act.act().party() == said.party &&
                  !act.act().by_passkey() &&
                  act.act().optional_field("recon") == to_base64(statement.digest()),
              place, "verify.recon_act", "not this party's act over this statement"));
    const auto commits = [&](const Bytes& bytes) {
        const auto leaf = logbook::Leaf::parse(bytes);
        return leaf && !leaf->is_private() && leaf->fields().kind == kind &&
               leaf->fields().stage == logbook::Stage::permitted &&
               leaf->fields().document == statement.digest() &&
               leaf->fields().signed_act == act.digest();
    };
    const auto behind = log.leaves.begin() + static_cast<std::ptrdiff_t>(said.to);
    return holds(std::any_of(behind, log.leaves.end(), commits), place, "verify.recon_act",
                 "no leaf of this party's log commits to it");
}

Checked<void> check(ByteView bytes, const Believed& believed, ReconReport& out) {
    TRY_ASSIGN(const ReconFile file, read_recon_file(bytes));
    TRY_ASSIGN(const auto said, at("the statement", ReconStatement::parse(file.statement)));
    out.statement = said;
    TRY_ASSIGN(const auto first,
               check_leaves("first log", file.first, said.first, believed, out.first));
    TRY_ASSIGN(const auto second,
               check_leaves("second log", file.second, said.second, believed, out.second));
    TRY(holds(out.first.tree.origin != out.second.tree.origin, "second log", "verify.recon_origin",
              "one log held against itself"));
    TRY_ASSIGN(const auto found, at("the statement", agreement::reconcile(said, first, second)));
    TRY(same_statement(said, found));
    if (!file.first.act.empty()) {
        TRY(check_act("first log, act", file.first, said.first, said));
        out.signed_by.push_back(said.first.party);
    }
    if (!file.second.act.empty()) {
        TRY(check_act("second log, act", file.second, said.second, said));
        out.signed_by.push_back(said.second.party);
    }
    return holds(file.digest_holds, "the file, 'sha256'", "verify.digest",
                 "the digest is not that of the rest");
}

Checked<void> check(ByteView bytes, const std::string& expected, AbsenceReport& out) {
    TRY_ASSIGN(const AbsenceFile file, read_absence_file(bytes));
    out.way = file.way;
    out.list = file.list;
    out.link = file.link;
    TRY_ASSIGN(const auto statement, at("the statement", ReconStatement::parse(file.statement)));
    out.statement = statement;
    TRY(holds(expected.empty() || to_hex(statement.digest()) == expected, "the statement",
              "verify.recon_statement", "another statement than the one that was named"));
    const auto& way = file.way == "there" ? statement.there : statement.back;
    return at("the neighbours",
              agreement::verify_absent(file.list == "sent" ? way.sent : way.received, file.link,
                                       file.neighbours));
}

} // namespace

ReconReport check_recon(ByteView file, const Believed& believed) {
    ReconReport out;
    if (auto checked = check(file, believed, out); !checked)
        out.found = std::move(checked).error();
    return out;
}

AbsenceReport check_absence(ByteView file, const std::string& expected) {
    AbsenceReport out;
    if (auto checked = check(file, expected, out); !checked)
        out.found = std::move(checked).error();
    return out;
}

} // namespace valise::verifying
