// SPDX-License-Identifier: Apache-2.0
// Feeds a corpus to one fuzz target: every file whole, then cut short at up to 64 places, then with
// single bits turned at up to 64 places. A target without a corpus fails: a reader that nobody has
// shown a good input tests only its first line.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kPlaces = 64;

/// A copy of exactly this size, so that AddressSanitizer sees the first byte read past the end.
void feed(const std::vector<std::uint8_t>& input, std::size_t size) {
    auto exact = std::make_unique<std::uint8_t[]>(size);
    std::copy_n(input.begin(), size, exact.get());
    LLVMFuzzerTestOneInput(exact.get(), size);
}

std::size_t replay(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::vector<std::uint8_t> input{std::istreambuf_iterator<char>(stream), {}};
    feed(input, input.size());
    std::size_t runs = 1;
    const std::size_t step = std::max<std::size_t>(1, input.size() / kPlaces);
    for (std::size_t at = 0; at < input.size(); at += step, runs += 2) {
        feed(input, at);
        const auto bit = static_cast<std::uint8_t>(1U << (at % 8));
        input[at] ^= bit;
        feed(input, input.size());
        input[at] ^= bit;
    }
    return runs;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s CORPUS_FOLDER\n", argv[0]);
        return 2;
    }
    std::error_code error;
    std::size_t files = 0;
    std::size_t runs = 0;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1], error)) {
        if (entry.is_regular_file()) {
            runs += replay(entry.path());
            ++files;
        }
    }
    std::printf("%zu files, %zu runs\n", files, runs);
    if (files == 0) {
        std::fprintf(stderr, "No corpus in %s\n", argv[1]);
        return 1;
    }
    return 0;
}
