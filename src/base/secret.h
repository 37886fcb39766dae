// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <utility>

namespace valise {

// Reading a secret's bytes demands this token, so that a search for `SecretAccess` lists every
// place that touches key bytes.
class SecretAccess {
public:
    static SecretAccess because(std::string_view /*why*/) { return SecretAccess(); }

private:
    SecretAccess() = default;
};

// Overwrites in a way that the compiler may not remove.
void wipe(std::span<Byte> bytes);

// Key bytes: wiped when they go, moved but never copied, without stream output or comparison.
class SecretBytes {
public:
    SecretBytes() = default;
    explicit SecretBytes(std::size_t size) : bytes_(size) {}
    // Takes the bytes over; the caller's vector is left empty.
    static SecretBytes take(Bytes&& bytes);
    static SecretBytes copy(ByteView bytes);

    SecretBytes(SecretBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes() { wipe(bytes_); }

    std::size_t size() const { return bytes_.size(); }
    bool empty() const { return bytes_.empty(); }
    ByteView read(SecretAccess) const { return bytes_; }
    std::span<Byte> write(SecretAccess) { return bytes_; }
    SecretBytes clone(SecretAccess) const { return copy(bytes_); }

private:
    Bytes bytes_;
};

} // namespace valise
