// SPDX-License-Identifier: Apache-2.0
// Keys, certificates, wrapped shares and secrets under a passphrase, as they come from a peer's key
// list, a person's file or a stolen and returned disk. A key that is taken has one form.
#include "crypto/hybrid_sign.h"
#include "crypto/internal/kem_der.h"
#include "crypto/passphrase.h"
#include "crypto/x509.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::crypto;

const SecretAccess kRead = SecretAccess::because("fuzzing");

void hold(bool condition) {
    if (!condition)
        std::abort();
}

// The key to which the shares of the corpus are wrapped.
const WrapPrivateKey& fixed_key() {
    static const WrapPrivateKey key =
        WrapPrivateKey::import_der(
            pkcs8_der(WrapScheme::p384_mlkem1024, Bytes(64, 0x11), Bytes(48, 0x22)))
            .value();
    return key;
}

// Its shares come with an ephemeral key in PEM, which is a reader of its own.
const WrapPrivateKey& fixed_ec_key() {
    static const WrapPrivateKey key = WrapPrivateKey::generate(WrapScheme::ec_p256);
    return key;
}

void read_wrap_keys(ByteView bytes) {
    if (const auto key = WrapPublicKey::parse_der(bytes)) {
        hold(key->der() == to_bytes(bytes) && key->kid().size() == 18);
        hold(WrapPublicKey::parse_pem(key->pem()).value() == *key);
    }
    if (const auto key = WrapPublicKey::parse_pem(text_view(bytes)))
        hold(WrapPublicKey::parse_der(key->der()).value() == *key);
    if (const auto key = WrapPrivateKey::import_der(SecretBytes::copy(bytes))) {
        const auto again = WrapPrivateKey::import_der(key->export_der(kRead));
        hold(again.has_value() && again->public_key() == key->public_key());
    }
    (void)WrapPrivateKey::import_pem(SecretBytes::copy(bytes));
    // Keys of clients in the field, under the same rules but of more kinds.
    if (const auto key = WrapPublicKey::parse_der(bytes, WrapKeys::any))
        hold(key->der() == to_bytes(bytes));
    if (const auto key = WrapPrivateKey::import_der(SecretBytes::copy(bytes), WrapKeys::any)) {
        const auto again = WrapPrivateKey::import_der(key->export_der(kRead), WrapKeys::any);
        hold(again.has_value() && again->public_key() == key->public_key());
    }
    // Whatever is wrong with a share, the answer is the same.
    const auto share = fixed_key().unwrap(bytes);
    hold(share ? share->size() == kShareSize : share.error().reason() == "crypto.unwrap");
    const auto other = fixed_ec_key().unwrap(Bytes(60, 1), text_view(bytes));
    hold(!other && other.error().reason() == "crypto.unwrap");
}

void read_verify_keys(ByteView bytes) {
    for (const auto algorithm : {SignatureAlgorithm::ed25519, SignatureAlgorithm::ml_dsa_44,
                                 SignatureAlgorithm::ml_dsa_87})
        if (const auto key = VerifyKey::parse(algorithm, bytes)) {
            hold(key->public_bytes() == to_bytes(bytes));
            hold(!key->verify(view("nobody signed this"), Bytes(signature_size(algorithm), 7)));
        }
    if (const auto hash = spki_sha256(bytes))
        hold(*hash != Hash32{});
}

// The cost stands in the file: within its bounds it may be dear, so it is made cheap here.
void read_sealed_secret(ByteView bytes) {
    constexpr std::size_t kMemoryAt = 5;
    constexpr std::size_t kIterationsAt = 9;
    Bytes sealed = to_bytes(bytes);
    if (sealed.size() > kIterationsAt + 4) {
        sealed[kMemoryAt] = sealed[kMemoryAt + 1] = sealed[kMemoryAt + 2] = 0;
        sealed[kIterationsAt] = sealed[kIterationsAt + 1] = sealed[kIterationsAt + 2] = 0;
        sealed[kIterationsAt + 3] &= 1;
    }
    const auto passphrase = SecretBytes::copy(view("fuzzing"));
    const auto plain = open_with_passphrase(sealed, passphrase, "valise/fuzz");
    if (plain)
        hold(!open_with_passphrase(sealed, passphrase, "valise/other"));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    read_wrap_keys(bytes);
    read_verify_keys(bytes);
    if (size > 4 && text_view(bytes.first(4)) == "VLSP")
        read_sealed_secret(bytes);
    return 0;
}
