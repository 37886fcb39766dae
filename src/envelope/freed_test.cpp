// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/testing.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

// Every block of this program passes here on its way back to the heap: one that still holds the
// document is found.
namespace {

constexpr valise::Byte kPlain = 0xa7;
constexpr std::size_t kTelling = 64; // so many in a row are no accident

std::atomic<bool> watching{false};
std::atomic<int> unwiped{0};

void look(const void* block) {
    const std::size_t size = malloc_usable_size(const_cast<void*>(block)); // NOLINT(*-const-cast)
    const auto* bytes = static_cast<const valise::Byte*>(block);
    std::size_t row = 0;
    for (std::size_t i = 0; i < size && row < kTelling; ++i)
        row = bytes[i] == kPlain ? row + 1 : 0;
    if (row == kTelling)
        ++unwiped;
}

void give_back(void* block) {
    if (block != nullptr && watching)
        look(block);
    std::free(block); // NOLINT(*-no-malloc)
}

} // namespace

void* operator new(std::size_t size) {
    if (void* block = std::malloc(size == 0 ? 1 : size)) // NOLINT(*-no-malloc)
        return block;
    throw std::bad_alloc();
}
void operator delete(void* block) noexcept {
    give_back(block);
}
void operator delete(void* block, std::size_t) noexcept {
    give_back(block);
}

namespace valise::envelope {
namespace {

// A document of nothing but kPlain, which keeps no copy of itself; it may fail on the way.
class Telling : public ByteSource {
public:
    Telling(std::size_t size, bool fails) : left_(size), fails_(fails) {}
    Result<std::size_t> read(std::span<Byte> out) override {
        const std::size_t count = std::min({left_, out.size(), std::size_t{100'000}});
        if (count == 0 && fails_)
            return fail(Code::internal, "adapters.file", "cannot be read further");
        std::memset(out.data(), kPlain, count);
        left_ -= count;
        return count;
    }

private:
    std::size_t left_;
    bool fails_;
};

TEST(Freed, NoBlockHoldsTheDocument) {
    const auto request = testing::Parties::get().dispatch();
    for (const std::size_t size :
         {std::size_t{100}, std::size_t{16384}, std::size_t{16385}, std::size_t{300'000},
          std::size_t{kSegmentPlain}, 2 * std::size_t{kSegmentPlain} + 5})
        for (const bool fails : {false, true}) {
            Telling source(size, fails);
            MemorySink sink;
            unwiped = 0;
            watching = true;
            const bool sealed = seal(source, sink, request).has_value();
            watching = false;
            EXPECT_EQ(sealed, !fails) << size;
            EXPECT_EQ(unwiped, 0) << size << " bytes, fails: " << fails;
        }
}

// The test above sees what it ought to.
TEST(Freed, ABlockThatHoldsItIsSeen) {
    unwiped = 0;
    watching = true;
    Bytes(1000, kPlain).resize(100'000);
    watching = false;
    EXPECT_GT(unwiped, 0);
}

} // namespace
} // namespace valise::envelope
