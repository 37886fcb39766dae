// SPDX-License-Identifier: Apache-2.0
#include "sim/seeded_random.h"

// The one way to name another source for a whole process; its successor is a provider of our own.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/rand.h>

#include <mutex>
#include <random>
#include <stdexcept>

namespace valise::testing {
namespace {

std::mutex mutex;
std::mt19937_64 engine;

int seeded_bytes(unsigned char* out, int count) {
    const std::scoped_lock lock(mutex);
    std::uint64_t word = 0;
    for (int i = 0; i < count; ++i) {
        if (i % 8 == 0)
            word = engine();
        out[i] = static_cast<unsigned char>(word >> (i % 8 * 8));
    }
    return 1;
}

int always_ready() {
    return 1;
}

} // namespace

// Both the library's own calls and the provider's end at this table (RAND_bytes_ex(3ossl)).
void seed_all_randomness(std::uint64_t seed) {
    static const RAND_METHOD kSeeded = {nullptr, seeded_bytes, nullptr,
                                        nullptr, seeded_bytes, always_ready};
    {
        const std::scoped_lock lock(mutex);
        engine.seed(seed);
    }
    if (RAND_set_rand_method(&kSeeded) != 1)
        throw std::runtime_error("this OpenSSL takes no other source of randomness");
}

} // namespace valise::testing
