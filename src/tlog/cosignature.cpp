// SPDX-License-Identifier: Apache-2.0
#include "tlog/cosignature.h"

#include "tlog/tree.h"

#include <algorithm>
#include <limits>

namespace valise::tlog {
namespace {

constexpr std::size_t kTimeSize = 8;

std::unexpected<Error> bad_cosignature(const std::string& why) {
    return fail(Code::invalid, "tlog.cosignature", why);
}

std::unexpected<Error> not_by(const Verifier& cosigner) {
    return fail(Code::integrity, "tlog.cosignature", cosigner.name());
}

// What one line says, before anyone believes it.
struct Claim {
    Time time;
    ByteView signature;
};

std::optional<Claim> read_claim(const Verifier& cosigner, const NoteSignature& line) {
    const ByteView blob(line.blob);
    if (!cosigner.made(line) || blob.size() <= kTimeSize)
        return std::nullopt;
    const std::uint64_t seconds = read_u64(blob.first<kTimeSize>());
    if (seconds > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
    return Claim{{static_cast<std::int64_t>(seconds)}, blob.subspan(kTimeSize)};
}

Result<NoteSignature> sign_line(const std::string& name, KeyType type,
                                const crypto::SigningKey& key, Time time, ByteView message) {
    TRY_ASSIGN(const auto verifier, Verifier::make(name, type, key.public_bytes()));
    TRY_ASSIGN(const Bytes signature, key.sign(message));
    NoteSignature line{name, verifier.key_id(), {}};
    append_u64(line.blob, static_cast<std::uint64_t>(time.seconds));
    append(line.blob, signature);
    return line;
}

} // namespace

Bytes cosigned_message_ed25519(std::string_view checkpoint_text, Time time) {
    Bytes message = to_bytes(std::string_view("cosignature/v1\ntime "));
    append(message, std::to_string(time.seconds));
    append(message, "\n");
    append(message, checkpoint_text);
    return message;
}

Result<Bytes> cosigned_message_ml_dsa_44(std::string_view name, Time time, std::string_view origin,
                                         std::uint64_t start, std::uint64_t end,
                                         const Hash32& root) {
    if (name.empty() || name.size() > 255 || origin.empty() || origin.size() > 255)
        return bad_cosignature("names have 1 to 255 bytes");
    if (time.seconds < 0 || start > end || (start != 0 && time.seconds != 0))
        return bad_cosignature("a bad time or range");
    Bytes message = to_bytes(std::string_view("subtree/v1\n\0", 12));
    message.push_back(static_cast<Byte>(name.size()));
    append(message, name);
    append_u64(message, static_cast<std::uint64_t>(time.seconds));
    message.push_back(static_cast<Byte>(origin.size()));
    append(message, origin);
    append_u64(message, start);
    append_u64(message, end);
    append(message, root);
    return message;
}

Result<NoteSignature> cosign(const Checkpoint& checkpoint, const std::string& name,
                             const crypto::SigningKey& key, Time time) {
    // 0 would be read as "no claim about the largest tree seen".
    if (time.seconds <= 0)
        return bad_cosignature("a cosignature needs a time after 1970");
    if (key.algorithm() == crypto::SignatureAlgorithm::ed25519)
        return sign_line(name, KeyType::cosigner_ed25519, key, time,
                         cosigned_message_ed25519(checkpoint.text(), time));
    if (key.algorithm() != crypto::SignatureAlgorithm::ml_dsa_44)
        return bad_cosignature("no cosignature type for this algorithm");
    TRY_ASSIGN(const Bytes message, cosigned_message_ml_dsa_44(name, time, checkpoint.origin, 0,
                                                               checkpoint.size, checkpoint.root));
    return sign_line(name, KeyType::cosigner_ml_dsa_44, key, time, message);
}

Result<NoteSignature> cosign_subtree(const std::string& origin, std::uint64_t start,
                                     std::uint64_t end, const Hash32& root, const std::string& name,
                                     const crypto::SigningKey& key) {
    if (key.algorithm() != crypto::SignatureAlgorithm::ml_dsa_44 || !is_subtree(start, end))
        return bad_cosignature("not ML-DSA-44, or not a subtree");
    TRY_ASSIGN(const Bytes message,
               cosigned_message_ml_dsa_44(name, Time{}, origin, start, end, root));
    return sign_line(name, KeyType::cosigner_ml_dsa_44, key, Time{}, message);
}

Result<Cosignature> verify_cosignature(const Checkpoint& checkpoint, const Verifier& cosigner,
                                       const NoteSignature& signature) {
    const auto claim = read_claim(cosigner, signature);
    if (!claim)
        return not_by(cosigner);
    Bytes message;
    if (cosigner.type() == KeyType::cosigner_ed25519) {
        message = cosigned_message_ed25519(checkpoint.text(), claim->time);
    } else if (cosigner.type() == KeyType::cosigner_ml_dsa_44) {
        auto made = cosigned_message_ml_dsa_44(cosigner.name(), claim->time, checkpoint.origin, 0,
                                               checkpoint.size, checkpoint.root);
        if (!made)
            return not_by(cosigner);
        message = std::move(*made);
    } else {
        return not_by(cosigner);
    }
    if (!cosigner.verify_raw(message, claim->signature))
        return not_by(cosigner);
    return Cosignature{cosigner.name(), cosigner.type(), claim->time};
}

Result<void> verify_subtree_cosignature(const std::string& origin, std::uint64_t start,
                                        std::uint64_t end, const Hash32& root,
                                        const Verifier& cosigner, const NoteSignature& signature) {
    const auto claim = read_claim(cosigner, signature);
    if (!claim || claim->time.seconds != 0 || cosigner.type() != KeyType::cosigner_ml_dsa_44 ||
        !is_subtree(start, end))
        return not_by(cosigner);
    const auto message =
        cosigned_message_ml_dsa_44(cosigner.name(), claim->time, origin, start, end, root);
    if (!message || !cosigner.verify_raw(*message, claim->signature))
        return not_by(cosigner);
    return {};
}

Result<std::vector<Cosignature>> cosigners(const Checkpoint& checkpoint,
                                           std::span<const NoteSignature> signatures,
                                           std::span<const Verifier> known) {
    std::vector<Cosignature> found;
    for (const auto& key : known) {
        if (key.type() == KeyType::ed25519)
            continue;
        std::optional<Cosignature> newest;
        for (const auto& signature : signatures) {
            if (!key.made(signature))
                continue;
            TRY_ASSIGN(auto cosignature, verify_cosignature(checkpoint, key, signature));
            // Time 0 is a valid line that says nothing about the largest tree seen.
            if (cosignature.time.seconds != 0 && (!newest || newest->time < cosignature.time))
                newest = std::move(cosignature);
        }
        if (newest)
            found.push_back(std::move(*newest));
    }
    return found;
}

std::optional<Time> countersigned(std::span<const Cosignature> cosignatures,
                                  std::string_view name) {
    std::optional<Time> classic;
    std::optional<Time> quantum_safe;
    for (const auto& cosignature : cosignatures) {
        if (cosignature.name != name)
            continue;
        auto& slot = cosignature.type == KeyType::cosigner_ed25519 ? classic : quantum_safe;
        slot = slot ? std::max(*slot, cosignature.time) : cosignature.time;
    }
    if (!classic || !quantum_safe)
        return std::nullopt;
    return std::min(*classic, *quantum_safe);
}

} // namespace valise::tlog
