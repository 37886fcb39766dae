// SPDX-License-Identifier: Apache-2.0
#include "base/codec/crc32.h"
#include "crypto/aead.h"
#include "crypto/merkle.h"
#include "crypto/random.h"
#include "measure.h"

#include <atomic>
#include <cstdlib>
#include <functional>
#include <thread>

namespace valise::bench {
namespace {

constexpr std::size_t kPlain = std::size_t{2} << 20;
constexpr std::size_t kSealed = kPlain + crypto::kGcmTagSize;

// Segments side by side in memory, each with room for its tag.
struct Segments {
    explicit Segments(std::size_t mib) : bytes(mib / 2 * kSealed), leaves(mib / 2) {}
    std::span<Byte> at(std::size_t n) { return std::span(bytes).subspan(n * kSealed, kSealed); }

    Bytes bytes;
    std::vector<Hash32> leaves;
};

crypto::GcmNonce nonce_of(std::size_t n) {
    crypto::GcmNonce out{};
    for (std::size_t i = 0; i < 8; ++i)
        out[4 + i] = static_cast<Byte>(n >> (8 * (7 - i)));
    return out;
}

using crypto::leaf_hash;

void must(const Result<void>& result) {
    if (!result)
        std::abort();
}

using Step = std::function<void(crypto::Aes256Gcm&, std::size_t n, std::span<Byte> out)>;

// Every segment once, on all threads, each with a cipher and a buffer of its own, as seal() has.
double all_segments(std::size_t segments, unsigned threads, ByteView key, const Step& step) {
    std::vector<crypto::Aes256Gcm> ciphers;
    ciphers.reserve(threads);
    std::vector<Bytes> buffers(threads, Bytes(kSealed));
    for (unsigned i = 0; i < threads; ++i)
        ciphers.push_back(*crypto::Aes256Gcm::create(key));
    std::atomic<std::size_t> next = 0;
    return seconds_of([&] {
        std::vector<std::jthread> pool;
        pool.reserve(threads);
        for (unsigned i = 0; i < threads; ++i)
            pool.emplace_back([&, i] {
                for (std::size_t n = next++; n < segments; n = next++)
                    step(ciphers[i], n, buffers[i]);
            });
    });
}

} // namespace

Json bulk(std::string_view what, std::size_t mib, unsigned threads) {
    Segments all(mib);
    const std::size_t count = all.leaves.size();
    // No nonce comes twice under one key, though nothing here is secret.
    const auto fresh = [] { return crypto::random_bytes(crypto::kGcmKeySize); };
    const auto run = [&](const Bytes& key, const Step& step) {
        return static_cast<double>(2 * count) / all_segments(count, threads, key, step);
    };
    const Step seal = [&](auto& gcm, std::size_t n, std::span<Byte> out) {
        must(gcm.seal(nonce_of(n), {}, all.at(n).first(kPlain), out));
    };
    const Step open = [&](auto& gcm, std::size_t n, std::span<Byte> out) {
        must(gcm.open(nonce_of(n), {}, all.at(n), out.first(kPlain)));
    };
    const Step hash = [&](auto&, std::size_t n, auto) { all.leaves[n] = leaf_hash(all.at(n)); };
    const Bytes key = fresh(); // of what lies in memory from here on
    run(key, [&](auto& gcm, std::size_t n, auto) { seal(gcm, n, all.at(n)); });
    Json out{{"threads", threads}, {"mib", 2 * count}};
    if (what == "seal") {
        out["seal"] = run(fresh(), [&](auto& gcm, std::size_t n, std::span<Byte> to) {
            seal(gcm, n, to);
            all.leaves[n] = leaf_hash(to);
        });
    } else if (what == "open") {
        out["open"] = run(key, [&](auto& gcm, std::size_t n, std::span<Byte> to) {
            hash(gcm, n, to);
            open(gcm, n, to);
        });
    } else {
        out["gcm_seal"] = run(fresh(), seal);
        out["gcm_open"] = run(key, open);
        out["tree_hash"] = run(key, hash);
        std::atomic<std::uint32_t> sum = 0;
        out["crc32"] = run(key, [&](auto&, std::size_t n, auto) { sum += crc32(all.at(n)); });
    }
    // Some microseconds; in the figures above it would not show.
    out["root"] = to_hex(crypto::tree_root(all.leaves));
    return out;
}

} // namespace valise::bench
