// SPDX-License-Identifier: Apache-2.0
#include "envelope/bag_key.h"

#include "crypto/aead.h"
#include "crypto/kdf.h"

namespace valise::envelope {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignedDomain = "valise/bag/v1\0"sv;
constexpr std::string_view kKeyDomain = "valise/bag-key/v1\0"sv;

} // namespace

SecretBytes bag_key(const SecretBytes& share, const Hash32& header_digest) {
    Bytes info = to_bytes(kKeyDomain);
    append(info, header_digest);
    return crypto::hkdf_sha256(share.read(SecretAccess::because("the share of a bag is its input")),
                               {}, info, crypto::kGcmKeySize);
}

Bytes bag_signed_bytes(const Hash32& digest) {
    Bytes out = to_bytes(kSignedDomain);
    append(out, digest);
    return out;
}

} // namespace valise::envelope
