// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/secret.h"

namespace valise::crypto {

// Records at rest under one long-lived key: salt (16) || ciphertext || tag (16). Each record has a
// key and nonce of its own, derived from the random salt, so that no count of records wears the key
// out. Several threads may use it at once.
class RecordCipher {
public:
    static constexpr std::size_t kOverhead = 32;

    // Errors: crypto.record_key (not 32 bytes).
    static Result<RecordCipher> create(SecretBytes key);

    Bytes seal(ByteView aad, ByteView plain) const;
    // Errors: crypto.record (integrity).
    Result<Bytes> open(ByteView aad, ByteView sealed) const;

private:
    explicit RecordCipher(SecretBytes key) : key_(std::move(key)) {}
    SecretBytes key_;
};

} // namespace valise::crypto
