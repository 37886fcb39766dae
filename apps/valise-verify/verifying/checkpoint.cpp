// SPDX-License-Identifier: Apache-2.0
#include "verifying/checkpoint.h"

#include "base/text.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

std::string_view word(tlog::KeyType type) {
    switch (type) {
    case tlog::KeyType::ed25519:
        return "Ed25519";
    case tlog::KeyType::cosigner_ed25519:
        return "Ed25519 cosignature";
    case tlog::KeyType::cosigner_ml_dsa_44:
        return "ML-DSA-44";
    }
    return "?";
}

Checked<void> check_signature(const std::string& checkpoint, const tlog::Note& note,
                              const tlog::Checkpoint& tree, const tlog::Verifier& key) {
    const std::string place = fmt::format("{}, {} signature", checkpoint, word(key.type()));
    bool signed_once = false;
    for (const auto& line : note.signatures()) {
        if (!key.made(line))
            continue;
        if (key.type() == tlog::KeyType::ed25519) {
            TRY(at(place, key.verify_text(note.text(), line)));
        } else {
            TRY(at(place, tlog::verify_cosignature(tree, key, line)));
        }
        signed_once = true;
    }
    return holds(signed_once, place, "tlog.signature", "the key that was given did not sign");
}

} // namespace

Result<Believed> Believed::of(const std::vector<std::string>& vkeys,
                              const std::optional<Bytes>& trust_file) {
    if (vkeys.empty() != trust_file.has_value())
        return fail(Code::invalid, "verify.usage", "give --trust FILE or --vkey VKEY, not both");
    Believed out;
    for (const std::string& vkey : vkeys) {
        TRY_ASSIGN(auto key, tlog::Verifier::parse(vkey));
        out.keys.push_back(std::move(key));
    }
    if (trust_file) {
        TRY_ASSIGN(auto trust, tlog::TrustFile::parse(*trust_file));
        out.keys.assign(trust.logs().begin(), trust.logs().end());
        for (auto& key : trust.witness_keys())
            out.keys.push_back(std::move(key));
        out.trust = std::move(trust);
    }
    return out;
}

Checked<CheckedCheckpoint> check_checkpoint(const std::string& place, ByteView bytes,
                                            const Believed& believed, tlog::Checkpoint& claimed) {
    TRY_ASSIGN(const auto note, at(place, tlog::Note::parse(bytes)));
    TRY_ASSIGN(claimed, at(place, tlog::Checkpoint::parse(note.text())));
    CheckedCheckpoint out{.tree = claimed, .signed_with = {}, .cosignatures = {}, .quorum = {}};
    std::vector<tlog::Verifier> others;
    for (const tlog::Verifier& key : believed.keys) {
        if (key.name() != claimed.origin) {
            others.push_back(key);
            continue;
        }
        TRY(check_signature(place, note, claimed, key));
        out.signed_with.push_back(key.type());
    }
    TRY(holds(!out.signed_with.empty(), place, "tlog.origin",
              "none of the keys given is one of this log"));
    const std::string cosigned = place + ", cosignature";
    TRY_ASSIGN(out.cosignatures, at(cosigned, tlog::cosigners(claimed, note.signatures(), others)));
    if (believed.trust) {
        TRY_ASSIGN(const bool enough,
                   at(cosigned, believed.trust->satisfied(claimed, note.signatures())));
        TRY(holds(enough, cosigned, "verify.quorum",
                  "not by as many witnesses as the trust file wants"));
        out.quorum = believed.trust->quorum();
    }
    return out;
}

Json checkpoint_json(const CheckedCheckpoint& checked) {
    Json signatures = Json::array();
    for (const auto type : checked.signed_with)
        signatures.push_back(std::string(word(type)));
    Json cosignatures = Json::array();
    for (const auto& one : checked.cosignatures)
        cosignatures.push_back(
            {{"name", one.name}, {"type", static_cast<int>(one.type)}, {"time", one.time.text()}});
    return {{"origin", printable(checked.tree.origin)},
            {"size", static_cast<std::int64_t>(checked.tree.size)},
            {"root", to_base64(checked.tree.root)},
            {"signatures", std::move(signatures)},
            {"cosignatures", std::move(cosignatures)},
            {"quorum", printable(checked.quorum)}};
}

std::string checkpoint_lines(const CheckedCheckpoint& checked) {
    std::string out;
    for (const auto type : checked.signed_with)
        out += fmt::format("  signed with {}\n", word(type));
    for (const auto& one : checked.cosignatures)
        out += fmt::format("  cosigned by {} at {} (type 0x{:02x})\n", printable(one.name),
                           one.time.text(), static_cast<unsigned>(one.type));
    if (!checked.quorum.empty())
        out += fmt::format("  quorum {}\n", printable(checked.quorum));
    return out;
}

Json fault_json(const Fault& fault) {
    return {{"place", printable(fault.place)},
            {"reason", fault.reason},
            {"text", printable(fault.text)}};
}

std::string fault_line(const Fault& fault) {
    return fmt::format("REFUSED at {}: {} ({})\n", printable(fault.place), printable(fault.text),
                       fault.reason);
}

} // namespace valise::verifying
