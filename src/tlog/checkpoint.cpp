// SPDX-License-Identifier: Apache-2.0
#include "tlog/checkpoint.h"

#include "base/text.h"
#include "crypto/merkle.h"
#include "tlog/cosignature.h"
#include "tlog/internal/lines.h"

#include <algorithm>

namespace valise::tlog {
namespace {

std::unexpected<Error> bad_checkpoint(const char* why) {
    return fail(Code::invalid, "tlog.checkpoint", why);
}

bool is_origin(std::string_view origin) {
    return !origin.empty() && is_utf8(origin) &&
           std::all_of(origin.begin(), origin.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
}

} // namespace

std::string Checkpoint::text() const {
    return origin + "\n" + std::to_string(size) + "\n" + to_base64(root) + "\n";
}

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
    LineReader lines(text);
    const auto origin = lines.next();
    const auto size_line = lines.next();
    const auto root_line = lines.next();
    if (!root_line)
        return bad_checkpoint("fewer than three lines");
    if (!lines.done())
        return bad_checkpoint("extension lines");
    const auto size = parse_decimal(*size_line);
    const auto root = parse_hash(*root_line);
    if (!is_origin(*origin) || !size || !root)
        return bad_checkpoint("a bad origin, size or root");
    return Checkpoint{std::string(*origin), *size, *root};
}

Result<LogKeys> LogKeys::make(Verifier ed25519, Verifier ml_dsa_44) {
    if (ed25519.type() != KeyType::ed25519 || ml_dsa_44.type() != KeyType::cosigner_ml_dsa_44 ||
        ed25519.name() != ml_dsa_44.name())
        return fail(Code::invalid, "tlog.vkey",
                    "a log has one Ed25519 key and one ML-DSA-44 key under one name");
    return LogKeys(std::move(ed25519), std::move(ml_dsa_44));
}

Result<LogKeys> LogKeys::make(const std::string& origin, ByteView ed25519, ByteView ml_dsa_44) {
    TRY_ASSIGN(auto classic, Verifier::make(origin, KeyType::ed25519, ed25519));
    TRY_ASSIGN(auto quantum_safe, Verifier::make(origin, KeyType::cosigner_ml_dsa_44, ml_dsa_44));
    return make(std::move(classic), std::move(quantum_safe));
}

Result<SignedCheckpoint> SignedCheckpoint::parse(ByteView bytes) {
    TRY_ASSIGN(auto note, Note::parse(bytes));
    TRY_ASSIGN(auto claimed, Checkpoint::parse(note.text()));
    return SignedCheckpoint(std::move(note), std::move(claimed));
}

Result<SignedCheckpoint> SignedCheckpoint::make(const Checkpoint& checkpoint,
                                                std::vector<NoteSignature> signatures) {
    // Through the text, so that what is made can be read again.
    TRY_ASSIGN(auto claimed, Checkpoint::parse(checkpoint.text()));
    TRY_ASSIGN(auto note, Note::make(checkpoint.text(), std::move(signatures)));
    return SignedCheckpoint(std::move(note), std::move(claimed));
}

Result<Checkpoint> SignedCheckpoint::verify_signatures(const LogKeys& log) const {
    if (claimed_.origin != log.origin())
        return fail(Code::not_found, "tlog.origin", "a checkpoint of another log");
    bool classic = false;
    bool quantum_safe = false;
    for (const auto& signature : signatures()) {
        if (log.ed25519().made(signature)) {
            TRY(log.ed25519().verify_text(note_.text(), signature));
            classic = true;
        } else if (log.ml_dsa_44().made(signature)) {
            if (!verify_cosignature(claimed_, log.ml_dsa_44(), signature))
                return fail(Code::integrity, "tlog.signature", log.origin());
            quantum_safe = true;
        }
    }
    if (!classic || !quantum_safe)
        return fail(Code::integrity, "tlog.signature",
                    log.origin() + ": not signed with both keys of the log");
    return claimed_;
}

Result<Checkpoint> SignedCheckpoint::verify(const LogKeys& log) const {
    TRY_ASSIGN(auto checkpoint, verify_signatures(log));
    if (checkpoint.size == 0 && checkpoint.root != crypto::empty_root())
        return fail(Code::integrity, "tlog.root", "size 0 with the root of some entries");
    return checkpoint;
}

Result<std::vector<NoteSignature>> sign_checkpoint(const Checkpoint& checkpoint,
                                                   const crypto::SigningKey& ed25519,
                                                   const crypto::SigningKey& ml_dsa_44, Time now) {
    if (ml_dsa_44.algorithm() != crypto::SignatureAlgorithm::ml_dsa_44)
        return fail(Code::invalid, "tlog.vkey", "the second key of a log is ML-DSA-44");
    std::vector<NoteSignature> signatures;
    TRY_ASSIGN(const auto signer, NoteSigner::make(checkpoint.origin, ed25519));
    TRY_ASSIGN(signatures.emplace_back(), signer.sign(checkpoint.text()));
    TRY_ASSIGN(signatures.emplace_back(), cosign(checkpoint, checkpoint.origin, ml_dsa_44, now));
    return signatures;
}

} // namespace valise::tlog
