// SPDX-License-Identifier: Apache-2.0
#include "verifying/receipt_file.h"

#include "base/text.h"
#include "crypto/merkle.h"
#include "envelope/batch.h"
#include "envelope/statement.h"
#include "logbook/leaf.h"
#include "tlog/proof.h"
#include "tlog/proof_file.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

constexpr const char* kReason = "verify.receipt";

struct ReceiptFile {
    Bytes receipt, signature, statement, statement_signature;
    std::string evidence, proof;
};

Result<ReceiptFile> read(ByteView bytes) {
    TRY_ASSIGN(const Json json,
               parse_canonical_json(bytes, {.bytes = kMaxReceiptFile, .depth = 2, .values = 16}));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "receipt file"));
    TRY(reader.integer("v", 1, 1));
    TRY_ASSIGN(const std::string type, reader.text("type", 32));
    if (type != "valise-receipt")
        return fail(Code::invalid, "verify.form", "not a receipt file");
    ReceiptFile out;
    TRY_ASSIGN(out.receipt, reader.base64("receipt", logbook::Receipt::kMaxBytes));
    TRY_ASSIGN(out.signature, reader.base64("signature", 16 << 10));
    TRY_ASSIGN(out.statement, reader.base64("statement", 1 << 20));
    TRY_ASSIGN(out.statement_signature, reader.base64("statement_signature", 64 << 10));
    TRY_ASSIGN(out.evidence, reader.text("evidence", 2));
    TRY_ASSIGN(out.proof, reader.text("proof", 1 << 20));
    TRY(reader.done());
    return out;
}

const PartyKeys* keys_of(const std::vector<PartyKeys>& parties, std::string_view code) {
    for (const PartyKeys& party : parties)
        if (party.list.party == code)
            return &party;
    return nullptr;
}

Bytes receipt_signed_bytes(ByteView receipt) {
    Bytes out = to_bytes("valise/receipt/v1");
    out.push_back(0);
    append(out, receipt);
    return out;
}

//= O-36
Checked<logbook::ReceiptFields> check_signature(const ReceiptFile& file,
                                                const std::vector<PartyKeys>& parties) {
    TRY_ASSIGN(const auto receipt, at("the receipt", logbook::Receipt::parse(file.receipt)));
    const PartyKeys* receiver = keys_of(parties, receipt.fields().party);
    TRY(holds(receiver != nullptr, "the receipt, party", "verify.identity",
              "no invitation of the receiver was given"));
    TRY(at("the receipt, signature",
           receiver->receipt.verify(receipt_signed_bytes(file.receipt), file.signature)));
    return receipt.fields();
}

// The receipt is for exactly this statement, and the sender's registry signed it for this receiver.
Checked<void> check_statement(const ReceiptFile& file, const logbook::ReceiptFields& fields,
                              const std::vector<PartyKeys>& parties, ReceiptReport& out) {
    const std::string place = "the statement";
    TRY(holds(logbook::statement_commitment(file.statement) == fields.statement, place, kReason,
              "not the one that the receipt is for"));
    TRY_ASSIGN(const auto statement, at(place, envelope::Statement::parse(file.statement)));
    TRY(holds(statement.inputs.exchange == fields.dispatch.text() &&
                  statement.inputs.recipient == fields.party,
              place, kReason, "of another dispatch, or for another receiver"));
    const PartyKeys* sender = keys_of(parties, statement.inputs.sender);
    if (sender == nullptr)
        return {};
    TRY_ASSIGN(const Json json,
               at("the statement, signature", parse_canonical_json(file.statement_signature)));
    TRY_ASSIGN(const auto signature,
               at("the statement, signature", envelope::SenderSignature::from_json(json)));
    TRY(at("the statement, signature",
           envelope::verify_batch(file.statement, signature, sender->list.party, fields.party,
                                  sender->sender)));
    out.sender = sender->list.party;
    return {};
}

Checked<void> check_leaf(const ReceiptFile& file, const logbook::ReceiptFields& fields,
                         const Believed& believed, ReceiptReport& out) {
    TRY(holds(!file.proof.empty(), "the proof", "verify.no_entry",
              "no tree with this receipt in it was signed yet"));
    TRY_ASSIGN(const auto proof, at("the proof", tlog::ProofFile::parse(view(file.proof))));
    CheckedCheckpoint log;
    TRY_ASSIGN(log, check_checkpoint("the proof, checkpoint", view(proof.checkpoint().print()),
                                     believed, log.tree));
    TRY(holds(proof.extra().has_value(), "the proof, extra", "verify.no_entry",
              "it carries no leaf"));
    TRY(at("the proof, path",
           tlog::verify_inclusion(proof.index(), log.tree.size, crypto::leaf_hash(*proof.extra()),
                                  proof.path(), log.tree.root)));
    TRY_ASSIGN(const auto leaf, at("the proof, leaf", logbook::Leaf::parse(*proof.extra())));
    const auto kind = fields.type == logbook::ReceiptType::custody
                          ? logbook::ActKind::custody_receipt
                          : logbook::ActKind::contents_receipt;
    TRY(holds(!leaf.is_private() && leaf.fields().kind == kind &&
                  leaf.fields().document == fields.statement,
              "the proof, leaf", kReason, "the leaf of something else"));
    out.index = proof.index();
    out.log = std::move(log);
    return {};
}

Checked<void> check(ByteView bytes, const std::vector<Bytes>& invitations, const Expected& expected,
                    const std::optional<Believed>& believed, ReceiptReport& out) {
    TRY_ASSIGN(const ReceiptFile file, at("the file", read(bytes)));
    std::vector<PartyKeys> parties;
    for (const Bytes& invitation : invitations) {
        TRY_ASSIGN(auto keys, invited_keys(invitation, expected, out.compared));
        parties.push_back(std::move(keys));
    }
    out.claimed_evidence = file.evidence;
    TRY_ASSIGN(out.receipt, check_signature(file, parties));
    TRY(check_statement(file, *out.receipt, parties, out));
    return believed ? check_leaf(file, *out.receipt, *believed, out) : Checked<void>();
}

} // namespace

ReceiptReport check_receipt_file(ByteView bytes, const std::vector<Bytes>& invitations,
                                 const Expected& expected,
                                 const std::optional<Believed>& believed) {
    ReceiptReport out;
    if (auto checked = check(bytes, invitations, expected, believed, out); !checked)
        out.found = std::move(checked).error();
    return out;
}

Json receipt_json(const ReceiptReport& report) {
    Json out = {{"v", 1},
                {"verified", report.verified()},
                {"root_compared", report.compared},
                {"sender", report.sender},
                {"evidence_claimed", printable(report.claimed_evidence)}};
    if (report.receipt) {
        const auto& fields = *report.receipt;
        out["receipt"] = {{"type", std::string(to_string(fields.type))},
                          {"party", fields.party},
                          {"dispatch", fields.dispatch.text()},
                          {"number", printable(fields.number)},
                          {"finding", std::string(to_string(fields.finding))},
                          {"at", fields.at.text()},
                          {"payload_root", to_base64(fields.payload_root)}};
    }
    if (report.log) {
        out["log"] = checkpoint_json(*report.log);
        out["log"]["index"] = static_cast<std::int64_t>(report.index);
    }
    if (report.found)
        out["fault"] = fault_json(*report.found);
    return out;
}

std::string receipt_text(const ReceiptReport& report) {
    std::string out;
    if (report.receipt) {
        const auto& fields = *report.receipt;
        out += fmt::format("{} of {}, dispatch {}, entered as {}, finding {}, signed {}\n",
                           to_string(fields.type), fields.party, fields.dispatch.text(),
                           printable(fields.number), to_string(fields.finding), fields.at.text());
        out += report.sender.empty()
                   ? std::string("for a statement whose sender nobody vouches for here\n")
                   : fmt::format("for a statement that the registry of {} signed\n", report.sender);
    }
    if (report.log) {
        out += fmt::format("leaf {} of log {}, of a receipt of this kind for this statement\n",
                           report.index, printable(report.log->tree.origin));
        out += checkpoint_lines(*report.log);
    } else if (report.receipt) {
        out += fmt::format("evidence {}, says who exported it; no log was checked\n",
                           printable(report.claimed_evidence));
    }
    if (!report.compared && report.receipt)
        out += "no root key was given to compare: the signers are who the invitations say\n";
    return out + (report.found ? fault_line(*report.found) : std::string("VERIFIED\n"));
}

} // namespace valise::verifying
