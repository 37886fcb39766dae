// SPDX-License-Identifier: Apache-2.0
#include "base/secret.h"

#include <cstring>

namespace valise {

void wipe(std::span<Byte> bytes) {
    if (bytes.empty())
        return;
    explicit_bzero(bytes.data(), bytes.size());
}

SecretBytes SecretBytes::take(Bytes&& bytes) {
    SecretBytes out;
    out.bytes_ = std::exchange(bytes, {});
    return out;
}

SecretBytes SecretBytes::copy(ByteView bytes) {
    SecretBytes out;
    out.bytes_.assign(bytes.begin(), bytes.end());
    return out;
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
        wipe(bytes_);
        bytes_ = std::exchange(other.bytes_, {});
    }
    return *this;
}

} // namespace valise
