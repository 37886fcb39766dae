// SPDX-License-Identifier: Apache-2.0
#include "verifying/evidence.h"

#include "audit/replay.h"
#include "crypto/merkle.h"
#include "verifying/shared.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

Checked<agreement::Terms> read_terms(const EvidenceFile& file, Report& report) {
    TRY_ASSIGN(auto terms, at("terms", agreement::Terms::parse(file.terms)));
    terms.set_test_mode(file.test_mode);
    report.terms = fmt::format("{} version {}", terms.id(), terms.version());
    const auto banner = terms.banner();
    if (const auto english = banner.find("en"); english != banner.end())
        report.banner = english->second;
    return terms;
}

std::vector<Hash32> leaf_hashes(const EvidenceFile& file) {
    std::vector<Hash32> out;
    out.reserve(file.events.size());
    for (const audit::RecordedEvent& event : file.events)
        out.push_back(crypto::leaf_hash(event.leaf));
    return out;
}

std::vector<Hash32> leaf_hashes(const std::vector<Bytes>& leaves) {
    std::vector<Hash32> out;
    out.reserve(leaves.size());
    for (const Bytes& leaf : leaves)
        out.push_back(crypto::leaf_hash(leaf));
    return out;
}

Checked<void> check_logs(const EvidenceFile& file, Report& report) {
    const Identity& identity = *report.identity;
    PeerCosigners peer;
    if (identity.peer)
        peer.witness = identity.peer->witness;
    TRY_ASSIGN(report.private_log, check_log("private log", file.private_checkpoint,
                                             leaf_hashes(file), identity.own.private_log, peer));
    if (identity.peer)
        peer.mirror = identity.peer->mirror;
    TRY_ASSIGN(report.shared_log,
               check_log("shared log", file.shared_checkpoint, leaf_hashes(file.shared_leaves),
                         identity.own.shared_log, peer));
    return {};
}

} // namespace

namespace {

// Nothing is merely missing: what is not here was shredded by an act of this log, or whoever gave
// the file says on what ground it is kept back.
Checked<void> check_withheld(const EvidenceFile& file, const std::vector<audit::Record>& records,
                             const logbook::State& state, Report& report) {
    constexpr std::string_view kRedacted = "redacted:";
    for (const audit::Record& record : records) {
        const auto found = state.shredded().find(record.index);
        // Between the erasing and its outcome a registry may be asked for its evidence, or die.
        const bool permitted = found != state.shredded().end();
        const bool shredded = permitted && (found->second.done || record.withheld);
        TRY(holds(!shredded || record.withheld, record.place("opening"), "verify.resurrected",
                  "an act of this log shredded it, and it is here again"));
        if (!record.withheld)
            continue;
        const std::string& said = file.withheld[record.index];
        // What says that others were shredded, or under which terms all was decided, must be read:
        // without it nobody could tell a lawful shredding from a made-up one.
        TRY(holds(!logbook::never_shredded(record.skeleton.kind()), record.place("opening"),
                  "verify.opening_missing", "an event of this kind is never kept back"));
        if (shredded) {
            report.withheld_openings[record.index] = {found->second.basis, found->second.permit};
            continue;
        }
        TRY(holds(said != "shredded", record.place("'withheld'"), "verify.not_shredded",
                  "no act of this log shredded it"));
        TRY(holds(said.starts_with(kRedacted), record.place("opening"), "verify.opening_missing",
                  "it is missing, and nobody says why"));
        report.withheld_openings[record.index] = {said.substr(kRedacted.size()), std::nullopt};
    }
    return {};
}

} // namespace

Checked<void> check_book(const EvidenceFile& file, const Expected& expected, Report& report) {
    report.party = file.party;
    TRY_ASSIGN(const auto terms, read_terms(file, report));
    TRY_ASSIGN(report.identity, check_identity(file, terms, expected));
    // Every record by itself before the rest: what comes of a changed one would be named instead.
    std::vector<audit::Record> records;
    for (const audit::RecordedEvent& event : file.events) {
        TRY_ASSIGN(auto record, audit::check_record(records.size(), event));
        report.withheld += record.withheld ? 1 : 0;
        records.push_back(std::move(record));
    }
    audit::Replay replay(terms, *report.identity, file.confirmation);
    for (const audit::Record& record : records) {
        TRY_ASSIGN(report.steps.emplace_back(), replay.take(record));
    }
    TRY(replay.finish());
    TRY(check_withheld(file, records, replay.state(), report));
    return check_shared(file.shared_leaves, records, replay.sendings());
}

namespace {

Checked<void> check(ByteView bytes, const Expected& expected, Report& report) {
    TRY_ASSIGN(const EvidenceFile file, read_evidence(bytes));
    TRY(check_book(file, expected, report));
    // A root that differs cannot say which leaf it was, the digest not even in which log.
    TRY(check_logs(file, report));
    return holds(file.digest_holds, "the file, 'sha256'", "verify.digest",
                 "the digest is not that of the rest");
}

} // namespace

Report check_evidence(ByteView bytes, const Expected& expected) {
    Report report;
    if (auto checked = check(bytes, expected, report); !checked)
        report.found = std::move(checked).error();
    return report;
}

} // namespace valise::verifying
