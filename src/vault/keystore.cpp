// SPDX-License-Identifier: Apache-2.0
#include "vault/keystore.h"

#include "crypto/passphrase.h"
#include "crypto/random.h"
#include "crypto/x509.h"
#include "tlog/note.h"

namespace valise::vault {
namespace {

using crypto::SignatureAlgorithm;
using crypto::SigningKey;

constexpr std::string_view kPurpose = "valise/keystore/v2";
constexpr std::string_view kPurpose1 = "valise/keystore/v1"; // without a mirror key
constexpr std::size_t kFields1 = 21;
constexpr std::size_t kFields = kFields1 + 3;
constexpr int kCertificateYears = 20; // peers pin the key; nobody reads the dates

std::string opaque_name(std::string_view kind) {
    return "valise.invalid/" + std::string(kind) + "/" + to_base32(crypto::random_bytes(16)) + "/1";
}

LogSigner new_log_signer(std::string_view kind) {
    return {opaque_name(kind), SigningKey::generate(SignatureAlgorithm::ed25519),
            SigningKey::generate(SignatureAlgorithm::ml_dsa_44)};
}

// Fields in a fixed order, each u32 length and bytes; in wiped memory throughout.
class Packer {
public:
    explicit Packer(SecretAccess access) : access_(access) {}
    void add(ByteView field) {
        Bytes length;
        append_u32(length, static_cast<std::uint32_t>(field.size()));
        grow(length);
        grow(field);
    }
    void add(const SecretBytes& field) { add(field.read(access_)); }
    SecretBytes take() { return std::move(out_); }

private:
    void grow(ByteView more) {
        SecretBytes next(out_.size() + more.size());
        const auto target = next.write(access_);
        const auto old = out_.read(access_);
        std::copy(old.begin(), old.end(), target.begin());
        std::copy(more.begin(), more.end(),
                  target.begin() + static_cast<std::ptrdiff_t>(old.size()));
        out_ = std::move(next);
    }
    SecretAccess access_;
    SecretBytes out_;
};

Result<std::vector<ByteView>> unpack(ByteView packed, std::size_t count) {
    std::vector<ByteView> fields;
    while (!packed.empty()) {
        if (packed.size() < 4)
            return fail(Code::integrity, "vault.keystore", "cut short");
        const std::uint32_t size = read_u32(packed.first<4>());
        if (size > packed.size() - 4)
            return fail(Code::integrity, "vault.keystore", "cut short");
        fields.push_back(packed.subspan(4, size));
        packed = packed.subspan(4 + size);
    }
    if (fields.size() != count)
        return fail(Code::integrity, "vault.keystore", "wrong number of fields");
    return fields;
}

Result<LogSigner> log_signer(ByteView name, ByteView ed25519, ByteView ml_dsa_44) {
    TRY_ASSIGN(auto one,
               SigningKey::from_seed(SignatureAlgorithm::ed25519, SecretBytes::copy(ed25519)));
    TRY_ASSIGN(auto two,
               SigningKey::from_seed(SignatureAlgorithm::ml_dsa_44, SecretBytes::copy(ml_dsa_44)));
    return LogSigner{to_text(name), std::move(one), std::move(two)};
}

Result<agreement::LogKeys> public_keys(const LogSigner& signer, tlog::KeyType ed25519) {
    TRY_ASSIGN(const auto one,
               tlog::Verifier::make(signer.name, ed25519, signer.ed25519.public_bytes()));
    TRY_ASSIGN(const auto two, tlog::Verifier::make(signer.name, tlog::KeyType::cosigner_ml_dsa_44,
                                                    signer.ml_dsa_44.public_bytes()));
    return agreement::LogKeys{signer.name, {one.vkey(), two.vkey()}};
}

} // namespace

Bytes hybrid_bytes(const crypto::HybridPublic& keys) {
    Bytes out = keys.ed25519;
    append(out, keys.ml_dsa_87);
    return out;
}

Result<crypto::HybridVerifier> hybrid_verifier(ByteView bytes) {
    if (bytes.size() <= 32)
        return fail(Code::invalid, "vault.hybrid_key", "too short");
    return crypto::HybridVerifier::parse({to_bytes(bytes.first(32)), to_bytes(bytes.subspan(32))});
}

Result<Keystore> Keystore::generate(const KeystoreRequest& request) {
    TRY_ASSIGN(auto tls, crypto::make_tls_identity(request.now, kCertificateYears));
    return Keystore{.party = request.party,
                    .founders = request.founders,
                    .created = request.now,
                    .private_log = new_log_signer("x"),
                    .shared_log = new_log_signer("x"),
                    .witness = new_log_signer("w"),
                    .mirror = new_log_signer("m"),
                    .root = crypto::HybridSigner::generate(),
                    .sender = crypto::HybridSigner::generate(),
                    .receipt = crypto::HybridSigner::generate(),
                    .unwrapping =
                        crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024),
                    .tls_private_key = std::move(tls.private_key_der),
                    .tls_certificate = std::move(tls.certificate_der),
                    .storage_key = crypto::random_secret(32),
                    .state_key = crypto::random_secret(32)};
}

Result<Bytes> Keystore::seal(const SecretBytes& passphrase, crypto::Argon2Cost cost) const {
    const auto access = SecretAccess::because("writing the sealed keystore");
    Packer packer(access);
    packer.add(view(party));
    for (const Founder* founder : {&founders.control_officer, &founders.clearance_officer}) {
        packer.add(view(founder->name));
        packer.add(founder->key);
    }
    packer.add(view(created.text()));
    for (const LogSigner* signer : {&private_log, &shared_log, &witness}) {
        packer.add(view(signer->name));
        packer.add(signer->ed25519.seed(access));
        packer.add(signer->ml_dsa_44.seed(access));
    }
    // Hybrid seeds of the three roles travel together: 64 bytes each.
    Packer seeds(access);
    for (const crypto::HybridSigner* signer : {&root, &sender, &receipt})
        seeds.add(signer->seeds(access));
    packer.add(seeds.take());
    packer.add(unwrapping.export_der(access));
    packer.add(tls_private_key);
    packer.add(tls_certificate);
    packer.add(storage_key);
    packer.add(state_key);
    if (mirror) {
        packer.add(view(mirror->name));
        packer.add(mirror->ed25519.seed(access));
        packer.add(mirror->ml_dsa_44.seed(access));
    }
    return crypto::seal_with_passphrase(packer.take(), passphrase, mirror ? kPurpose : kPurpose1,
                                        cost);
}

Result<Keystore> Keystore::open(ByteView sealed, const SecretBytes& passphrase) {
    // The purpose is part of the seal: which version it is shows when it opens.
    auto newest = crypto::open_with_passphrase(sealed, passphrase, kPurpose);
    const bool mirrors = newest || newest.error().reason() != "crypto.passphrase";
    TRY_ASSIGN(const SecretBytes plain,
               mirrors ? std::move(newest)
                       : crypto::open_with_passphrase(sealed, passphrase, kPurpose1));
    TRY_ASSIGN(const auto f, unpack(plain.read(SecretAccess::because("unlocking the keystore")),
                                    mirrors ? kFields : kFields1));
    TRY_ASSIGN(const Time created, Time::parse(text_view(f[5])));
    if (created.text() != text_view(f[5]))
        return fail(Code::integrity, "vault.keystore", "time of creation");
    TRY_ASSIGN(auto private_log, log_signer(f[6], f[7], f[8]));
    TRY_ASSIGN(auto shared_log, log_signer(f[9], f[10], f[11]));
    TRY_ASSIGN(auto witness, log_signer(f[12], f[13], f[14]));
    std::optional<LogSigner> mirror;
    if (mirrors) {
        TRY_ASSIGN(mirror, log_signer(f[21], f[22], f[23]));
    }
    constexpr std::size_t kSeed = 4 + crypto::kHybridSeedSize;
    if (f[15].size() != 3 * kSeed)
        return fail(Code::integrity, "vault.keystore", "hybrid seeds");
    for (std::size_t i = 0; i < 3; ++i)
        if (read_u32(f[15].subspan(i * kSeed).first<4>()) != crypto::kHybridSeedSize)
            return fail(Code::integrity, "vault.keystore", "hybrid seeds");
    const auto hybrid = [&](std::size_t i) {
        return crypto::HybridSigner::from_seeds(
            SecretBytes::copy(f[15].subspan(i * kSeed + 4, crypto::kHybridSeedSize)));
    };
    TRY_ASSIGN(auto root, hybrid(0));
    TRY_ASSIGN(auto sender, hybrid(1));
    TRY_ASSIGN(auto receipt, hybrid(2));
    TRY_ASSIGN(auto unwrapping, crypto::WrapPrivateKey::import_der(SecretBytes::copy(f[16])));
    return Keystore{.party = to_text(f[0]),
                    .founders = {{to_text(f[1]), to_bytes(f[2])}, {to_text(f[3]), to_bytes(f[4])}},
                    .created = created,
                    .private_log = std::move(private_log),
                    .shared_log = std::move(shared_log),
                    .witness = std::move(witness),
                    .mirror = std::move(mirror),
                    .root = std::move(root),
                    .sender = std::move(sender),
                    .receipt = std::move(receipt),
                    .unwrapping = std::move(unwrapping),
                    .tls_private_key = SecretBytes::copy(f[17]),
                    .tls_certificate = to_bytes(f[18]),
                    .storage_key = SecretBytes::copy(f[19]),
                    .state_key = SecretBytes::copy(f[20])};
}

Result<agreement::KeyList> Keystore::key_list() const {
    agreement::KeyList out;
    out.party = party;
    out.serial = 1;
    out.issued = created;
    TRY_ASSIGN(out.tls, crypto::spki_sha256(tls_certificate));
    TRY_ASSIGN(out.private_log, public_keys(private_log, tlog::KeyType::ed25519));
    TRY_ASSIGN(out.shared_log, public_keys(shared_log, tlog::KeyType::ed25519));
    TRY_ASSIGN(out.witness, public_keys(witness, tlog::KeyType::cosigner_ed25519));
    if (mirror) {
        TRY_ASSIGN(out.mirror, public_keys(*mirror, tlog::KeyType::cosigner_ed25519));
    }
    out.sender = hybrid_bytes(sender.public_keys());
    out.receipt = hybrid_bytes(receipt.public_keys());
    out.unwrapping = unwrapping.public_key().der();
    out.root = hybrid_bytes(root.public_keys());
    return out;
}

} // namespace valise::vault
