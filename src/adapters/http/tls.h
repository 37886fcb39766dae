// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.h"

#include <functional>

namespace valise::adapters {

// Whether this key belongs to the other side: SHA-256 over the certificate's SubjectPublicKeyInfo.
// Names and dates in certificates are ignored, so this is the whole check (design 7). Called on
// several threads, for every handshake: a key that was taken off the list is refused at once.
using PeerKeyCheck = std::function<bool(const Hash32& spki)>;

// One end of a TLS 1.3 link with mutual authentication. Groups: SecP384r1MLKEM1024, then
// X25519MLKEM768, and nothing else; no tickets, no resumption.
struct TlsEnd {
    SecretBytes private_key_der; // PKCS#8; is never written to a file
    Bytes certificate_der;
    PeerKeyCheck accept;
};

// The end that browsers reach: the operator's own certificate, and no key of the other side, who
// signs in. TLS 1.3 with the hybrid groups first; classical ones follow for browsers that have
// none.
struct TlsSite {
    SecretBytes private_key_pem;
    Bytes certificates_pem; // the leaf first, then what leads to its issuer
};

} // namespace valise::adapters
