// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/aead.h"
#include "envelope/internal/pipeline.h"
#include "envelope/seal.h"

namespace valise::envelope {

// The writing half, one segment at a time; seal() and reseal() feed it.
class Sealer {
public:
    // Makes the key, wraps it and refuses a request that could not become a readable file, before a
    // byte is written. `request` and `out` must outlive it. Errors: see seal().
    static Result<Sealer> create(const SealRequest& request, ByteSink& out, unsigned workers);

    Result<void> begin();
    // slot.plain() becomes a sealed segment in place. Any worker, any order.
    Result<void> encrypt(unsigned worker, Slot& slot);
    Result<void> emit(const Slot& slot); // in order
    Result<SealResult> finish();

private:
    Sealer(const SealRequest& request, ByteSink& out) : request_(&request), out_(&out) {}
    Result<void> prepare();
    Result<void> check_request() const;
    Result<Bytes> sign(const Hash32& payload_root);
    void bind(Assertion assertion, ByteView joined);
    Result<void> write(ByteView bytes);

    const SealRequest* request_;
    ByteSink* out_;
    SecretBytes key_;
    std::vector<crypto::Aes256Gcm> ciphers_; // one per worker
    Manifest manifest_;
    std::vector<Hash32> leaves_;
    std::uint32_t crc_ = 0;
    std::uint64_t written_ = 0;
};

} // namespace valise::envelope
