// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/http/client.h"
#include "adapters/http/server.h"
#include "crypto/x509.h"

#include <gtest/gtest.h>

namespace valise::adapters::testing_support {

inline crypto::TlsIdentity identity() {
    // Not yet valid: nobody may look at the dates.
    auto made = crypto::make_tls_identity(*Time::parse("2090-01-01"), 5);
    EXPECT_TRUE(made);
    return std::move(*made);
}

inline PeerKeyCheck only(const Hash32& key) {
    return [key](const Hash32& shown) { return shown == key; };
}

inline TlsEnd end_of(const crypto::TlsIdentity& own, PeerKeyCheck accept) {
    return {own.private_key_der.clone(SecretAccess::because("test")), own.certificate_der,
            std::move(accept)};
}

inline HttpClientLimits quick() {
    return {std::chrono::milliseconds(5000), std::chrono::milliseconds(5000), 1 << 20};
}

inline HttpResponse text_response(std::string_view text, unsigned status = 200) {
    HttpResponse response;
    response.status = status;
    response.content_type = "text/plain";
    response.body = to_bytes(text);
    return response;
}

// Zeros that were never in memory together.
class Zeros : public ByteSource, public RandomSource {
public:
    explicit Zeros(std::uint64_t size) : size_(size) {}
    Result<std::size_t> read(std::span<Byte> out) override {
        const auto count = std::min<std::uint64_t>(out.size(), size_ - position_);
        std::fill_n(out.begin(), count, Byte{0});
        position_ += count;
        return static_cast<std::size_t>(count);
    }
    std::uint64_t size() const override { return size_; }
    Result<void> read_at(std::uint64_t, std::span<Byte> out) const override {
        std::fill(out.begin(), out.end(), Byte{0});
        return {};
    }

private:
    std::uint64_t size_;
    std::uint64_t position_ = 0;
};

struct CountingSink : ByteSink {
    Result<void> write(ByteView bytes) override {
        count += bytes.size();
        largest = std::max(largest, bytes.size());
        return {};
    }
    std::uint64_t count = 0;
    std::size_t largest = 0;
};

} // namespace valise::adapters::testing_support
