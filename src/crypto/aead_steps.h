// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "crypto/aead.h"

namespace valise::crypto {

// AES-256-GCM under one key over a text that comes block by block, so that each block is read,
// encrypted and hashed while it lies in the nearest cache. The rules of Aes256Gcm hold; what
// open_end() has not passed is not authentic, and the caller sees to it that nobody gets it.
class GcmSteps {
public:
    static Result<GcmSteps> create(const SecretBytes& key);
    GcmSteps(GcmSteps&&) noexcept;
    GcmSteps& operator=(GcmSteps&&) noexcept;
    ~GcmSteps();

    Result<void> seal_begin(GcmNonceView nonce);
    Result<void> open_begin(GcmNonceView nonce);
    Result<void> step(std::span<Byte> block); // in place
    Result<void> seal_end(std::span<Byte, kGcmTagSize> tag);
    Result<void> open_end(std::span<const Byte, kGcmTagSize> tag);

private:
    struct State;
    explicit GcmSteps(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace valise::crypto
