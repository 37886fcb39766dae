// SPDX-License-Identifier: Apache-2.0
#include "vault/recorded.h"

#include "crypto/equal.h"
#include "crypto/merkle.h"
#include "logbook/commitment.h"
#include "tlog/proof.h"

namespace valise::vault {
namespace {

Result<ProvenEvent> check(const RecordedEvent& event, const tlog::LogKeys& private_log) {
    TRY_ASSIGN(const auto note, tlog::SignedCheckpoint::parse(view(event.checkpoint)));
    TRY_ASSIGN(const tlog::Checkpoint checkpoint, note.verify(private_log));
    TRY_ASSIGN(auto leaf, logbook::Leaf::parse(event.leaf));
    TRY(tlog::verify_inclusion(event.index, checkpoint.size, crypto::leaf_hash(event.leaf),
                               event.path, checkpoint.root));
    if (event.field_leaves.empty())
        return fail(Code::invalid, "vault.not_recorded", "no field leaves");
    TRY(logbook::verify_skeleton(leaf.fields().commitment, event.skeleton, event.skeleton_salt,
                                 std::span(event.field_leaves).subspan(1)));
    TRY_ASSIGN(auto skeleton, logbook::Skeleton::parse(event.skeleton));
    TRY(leaf.agrees_with(skeleton, leaf.fields().commitment));
    if (skeleton.seq() != event.index || leaf.fields().act_number != event.index)
        return fail(Code::invalid, "vault.not_recorded", "index");
    ProvenEvent out{std::move(skeleton), std::move(leaf), {}};
    if (!event.signed_act.empty()) {
        TRY_ASSIGN(auto act, logbook::SignedAct::parse(event.signed_act));
        TRY(act.verify());
        if (act.digest() != out.leaf.fields().signed_act || act.act().kind() != out.skeleton.kind())
            return fail(Code::invalid, "vault.not_recorded", "another act");
        out.act = std::move(act);
    }
    return out;
}

} // namespace

Result<ProvenEvent> prove_recorded(const RecordedEvent& event, const tlog::LogKeys& private_log) {
    auto proven = check(event, private_log);
    if (!proven)
        return fail(Code::refused, "vault.not_recorded", "no proof that the event is recorded");
    return proven;
}

Result<ProvenEvent> prove_permitted(const RecordedEvent& event, const tlog::LogKeys& private_log,
                                    logbook::ActKind kind) {
    TRY_ASSIGN(auto proven, prove_recorded(event, private_log));
    if (proven.skeleton.kind() != kind || proven.skeleton.stage() != logbook::Stage::permitted)
        return fail(Code::refused, "vault.not_recorded",
                    "no permitted " + std::string(logbook::to_string(kind)));
    return proven;
}

Result<ProvenEvent> prove_signed_by(const RecordedEvent& event, const tlog::LogKeys& private_log,
                                    logbook::ActKind kind, ByteView signer) {
    TRY_ASSIGN(auto proven, prove_permitted(event, private_log, kind));
    if (!proven.act || !crypto::constant_time_equal(proven.act->act().signer(), signer))
        return fail(Code::refused, "vault.not_signed_by",
                    std::string(logbook::to_string(kind)) + " was not signed by the officer");
    return proven;
}

} // namespace valise::vault
