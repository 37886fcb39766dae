// SPDX-License-Identifier: Apache-2.0
#include "crypto/passphrase.h"

#include "crypto/aead.h"
#include "crypto/random.h"

#include <algorithm>

namespace valise::crypto {

namespace {

// "VLSP" || version 1 || u32 memory in KiB || u32 iterations || salt 16 || nonce 12, then
// ciphertext || tag.
constexpr std::string_view kMagic = "VLSP";
constexpr Byte kVersion = 1;
constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kMemoryAt = 5;
constexpr std::size_t kIterationsAt = 9;
constexpr std::size_t kSaltAt = 13;
constexpr std::size_t kNonceAt = kSaltAt + kSaltSize;
constexpr std::size_t kHeaderSize = kNonceAt + kGcmNonceSize;

std::unexpected<Error> malformed(const char* why) {
    return fail(Code::invalid, "crypto.passphrase_format", why);
}

// The header is covered too: a weaker cost written over it must not go unnoticed.
Result<Bytes> associated_data(ByteView header, std::string_view purpose) {
    if (purpose.size() > 0xffff)
        return malformed("the purpose is longer than 65535 bytes");
    Bytes out = to_bytes("valise/passphrase/v1");
    out.push_back(0);
    append(out, header);
    append_u16(out, static_cast<std::uint16_t>(purpose.size()));
    append(out, purpose);
    return out;
}

Result<Aes256Gcm> cipher_of(const SecretBytes& passphrase, ByteView header) {
    const Argon2Cost cost{read_u32(header.subspan<kMemoryAt, 4>()),
                          read_u32(header.subspan<kIterationsAt, 4>())};
    TRY_ASSIGN(const SecretBytes key,
               argon2id(passphrase.read(SecretAccess::because("stretch the passphrase")),
                        header.subspan(kSaltAt, kSaltSize), cost, kGcmKeySize));
    return Aes256Gcm::create(key);
}

} // namespace

Result<Bytes> seal_with_passphrase(const SecretBytes& plain, const SecretBytes& passphrase,
                                   std::string_view purpose, Argon2Cost cost) {
    Bytes out = to_bytes(kMagic);
    out.push_back(kVersion);
    append_u32(out, cost.memory_kib);
    append_u32(out, cost.iterations);
    append(out, random_bytes(kSaltSize + kGcmNonceSize));
    TRY_ASSIGN(const Bytes aad, associated_data(out, purpose));
    TRY_ASSIGN(Aes256Gcm cipher, cipher_of(passphrase, out));
    const auto access = SecretAccess::because("seal the secret under the passphrase");
    TRY_ASSIGN(const Bytes sealed, cipher.seal(ByteView(out).subspan<kNonceAt, kGcmNonceSize>(),
                                               aad, plain.read(access)));
    append(out, sealed);
    return out;
}

Result<SecretBytes> open_with_passphrase(ByteView sealed, const SecretBytes& passphrase,
                                         std::string_view purpose) {
    if (sealed.size() < kHeaderSize + kGcmTagSize)
        return malformed("the file is too short");
    if (text_view(sealed.first(kMagic.size())) != kMagic)
        return malformed("not a secret sealed with a passphrase");
    if (sealed[kMagic.size()] != kVersion)
        return malformed("of a version that this program does not know");
    const ByteView header = sealed.first(kHeaderSize);
    TRY_ASSIGN(const Bytes aad, associated_data(header, purpose));
    TRY_ASSIGN(Aes256Gcm cipher, cipher_of(passphrase, header));
    auto plain =
        cipher.open(header.subspan<kNonceAt, kGcmNonceSize>(), aad, sealed.subspan(kHeaderSize));
    if (!plain)
        return fail(Code::integrity, "crypto.passphrase",
                    "the passphrase is wrong, or the file was changed or is for another purpose");
    return plain;
}

} // namespace valise::crypto
