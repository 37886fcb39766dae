// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"

// The low-level functions are deprecated but kept, cannot fail and allocate nothing; behind EVP
// each 64-byte node of a tree would cost several times its hashing.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/internal/openssl.h"

#include <openssl/sha.h>

#include <new>

namespace valise::crypto {

namespace {

template<class Ctx, std::size_t N> Ctx* context(std::array<std::byte, N>& storage) {
    static_assert(sizeof(Ctx) == N && alignof(Ctx) <= 8);
    return std::launder(reinterpret_cast<Ctx*>(storage.data()));
}

} // namespace

Sha256::Sha256() {
    SHA256_Init(new (state_.data()) SHA256_CTX);
}

Sha256& Sha256::update(ByteView bytes) {
    SHA256_Update(context<SHA256_CTX>(state_), bytes.data(), bytes.size());
    return *this;
}

Hash32 Sha256::finish() {
    Hash32 out;
    SHA256_Final(out.data(), context<SHA256_CTX>(state_));
    return out;
}

Sha384::Sha384() {
    SHA384_Init(new (state_.data()) SHA512_CTX);
}

Sha384& Sha384::update(ByteView bytes) {
    SHA384_Update(context<SHA512_CTX>(state_), bytes.data(), bytes.size());
    return *this;
}

Hash48 Sha384::finish() {
    Hash48 out;
    SHA384_Final(out.data(), context<SHA512_CTX>(state_));
    return out;
}

Hash32 sha256(ByteView bytes) {
    return Sha256().update(bytes).finish();
}

Hash48 sha384(ByteView bytes) {
    return Sha384().update(bytes).finish();
}

Hash32 sha3_256(ByteView bytes) {
    static const MdPtr md(EVP_MD_fetch(nullptr, "SHA3-256", nullptr));
    Hash32 out;
    require(md && EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, md.get(), nullptr),
            "SHA3-256");
    return out;
}

} // namespace valise::crypto
