// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "registry/internal/impl.h"
#include "tlog/witness.h"

#include <algorithm>

// Cosignatures of witnesses that belong to neither party (E4).
namespace valise::registry {

namespace {

std::string note_name(LogName log, const NeutralWitness& witness) {
    return std::string(log == LogName::private_log ? "neutral/private/" : "neutral/shared/") +
           witness.name();
}

} // namespace

Result<void> Registry::Impl::load_neutral(LogName log, const tlog::LogKeys& keys) {
    Published& entry = published[static_cast<std::size_t>(log)];
    for (const NeutralWitness& witness : ports.witnesses) {
        TRY_ASSIGN(const auto stored, ledger.journal().note(note_name(log, witness)));
        if (!stored)
            continue;
        TRY_ASSIGN(const auto parsed, tlog::SignedCheckpoint::parse(*stored));
        if (parsed.claimed_origin() != keys.origin())
            continue; // of an epoch that is closed
        TRY_ASSIGN(const auto tree, parsed.verify(keys));
        const auto found = tlog::cosigners(tree, parsed.signatures(), witness.keys);
        if (!found || found->size() != witness.keys.size())
            continue; // its keys are others by now: it is asked anew
        NeutralLines& held = entry.neutral[witness.name()];
        held.size = tree.size;
        for (const auto& line : parsed.signatures())
            if (std::ranges::any_of(witness.keys, [&](const auto& key) { return key.made(line); }))
                held.lines.push_back(line);
        entry.neutral_size = std::max(entry.neutral_size, tree.size);
    }
    return {};
}

// A witness sees only what it is asked to cosign, and the request goes out without the lock.
Result<void> Registry::Impl::ask(const NeutralWitness& witness, LogName log) {
    tlog::Checkpoint tree;
    std::string own_note;
    std::string body;
    {
        const std::scoped_lock lock(mutex);
        const Published& entry = published[static_cast<std::size_t>(log)];
        const auto known = entry.neutral.find(witness.name());
        const NeutralLines held = known == entry.neutral.end() ? NeutralLines{} : known->second;
        if (entry.tree.size == 0 || (held.size == entry.tree.size && !held.lines.empty()))
            return {};
        TRY_ASSIGN(const auto proof,
                   tlog::consistency_proof(ledger.tree(log), held.size, entry.tree.size));
        TRY_ASSIGN(auto parsed, tlog::SignedCheckpoint::parse(view(entry.note)));
        TRY_ASSIGN(const auto request,
                   tlog::WitnessRequest::make(held.size, proof, std::move(parsed)));
        body = request.print();
        tree = entry.tree;
        own_note = entry.note;
    }
    TRY_ASSIGN(const auto answer, witness.service->add_checkpoint(body));
    TRY_ASSIGN(const auto verdict, tlog::judge_answer(answer, tree, witness.keys));
    const std::scoped_lock lock(mutex);
    Published& entry = published[static_cast<std::size_t>(log)];
    if (verdict.outcome == tlog::WitnessOutcome::behind) {
        // It knows us from before, or has forgotten us: go on from where it stands.
        if (verdict.size > tree.size)
            return fail(Code::integrity, "registry.witness",
                        witness.name() + " cosigned a larger tree");
        entry.neutral[witness.name()] = {verdict.size, {}};
        return fail(Code::unavailable, "registry.witness", "asked again from the witness's size");
    }
    if (verdict.outcome != tlog::WitnessOutcome::cosigned)
        return fail(Code::refused, "registry.witness",
                    witness.name() + " answered " + std::to_string(answer.status));
    TRY_ASSIGN(auto cosigned, tlog::SignedCheckpoint::parse(view(own_note)));
    for (const auto& line : verdict.lines)
        TRY(cosigned.add(line));
    entry.neutral[witness.name()] = {tree.size, verdict.lines};
    entry.neutral_size = std::max(entry.neutral_size, tree.size);
    return ledger.note(note_name(log, witness), view(cosigned.print()));
}

//= c2sp.org/tlog-witness: <monitoring prefix>/<hex SHA-256 of the origin>/checkpoint
Result<vault::WitnessReply> Registry::witness(const std::string& body) {
    const std::scoped_lock lock(impl_->witnessing);
    TRY_ASSIGN(auto reply, impl_->ports.keys.cosign(body));
    if (reply.status != 200)
        return reply;
    TRY_ASSIGN(const auto request, tlog::WitnessRequest::parse(view(body)));
    TRY_ASSIGN(const auto lines, tlog::parse_signature_lines(reply.body));
    tlog::SignedCheckpoint cosigned = request.checkpoint();
    for (const auto& line : lines)
        TRY(cosigned.add(line));
    const Hash32 origin = crypto::sha256(view(cosigned.claimed_origin()));
    TRY(impl_->ports.publisher.put("witnessed/" + to_hex(origin) + "/checkpoint",
                                   view(cosigned.print())));
    return reply;
}

Result<void> Registry::ask_witnesses() {
    if (behind())
        return {};
    std::optional<Error> first;
    for (const NeutralWitness& witness : impl_->ports.witnesses)
        for (const LogName log : {LogName::private_log, LogName::shared_log}) {
            auto asked = impl_->ask(witness, log);
            if (!asked && asked.error().code() == Code::unavailable &&
                asked.error().reason() == "registry.witness")
                asked = impl_->ask(witness, log); // from the size that it named
            if (!asked && !first)
                first = asked.error();
        }
    return first ? Result<void>(fail(*first)) : Result<void>();
}

} // namespace valise::registry
