// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace valise::bench {

// Seconds of one call.
template<class F> double seconds_of(F&& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Seconds of processor of one call, all threads of this process together: what a thread did not
// get, because others had the core, is not counted. `openssl speed` counts so too.
template<class F> double processor_seconds_of(F&& work) {
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
    };
    const double begin = now();
    work();
    return now() - begin;
}

inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// Of this program alone, which getrusage() would mix with what started it.
inline double peak_rss_mib() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (word == "VmHWM:") {
            status >> word;
            return std::strtod(word.c_str(), nullptr) / 1024;
        }
    return 0;
}

// MiB/s on all cores of AES-256-GCM over 2 MiB segments with the tree hash of the sealed segments,
// from and to memory: "seal", "open", or "parts" for each operation alone.
Json bulk(std::string_view what, std::size_t mib, unsigned threads);

// Seconds per file on one core: sealing and opening 4 KiB through the library, and each operation
// that they cannot do without. Median of `rounds`, in turn, each of about `round_seconds`.
Json small(unsigned rounds, double round_seconds);

} // namespace valise::bench
