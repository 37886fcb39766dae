// SPDX-License-Identifier: Apache-2.0
// What a stranger can send before anybody knows who it is: requests, and answers of a server. The
// first byte says in what pieces the rest arrives.
#include "adapters/http/internal/message.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::adapters;

class MemoryChannel : public Channel {
public:
    MemoryChannel(ByteView bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}
    Result<std::size_t> read(std::span<Byte> out, Deadline) override {
        const std::size_t count = std::min({out.size(), bytes_.size(), piece_});
        std::copy_n(bytes_.begin(), count, out.begin());
        bytes_ = bytes_.subspan(count);
        return count;
    }
    Result<void> write(ByteView, std::chrono::milliseconds) override { return {}; }
    void end() override {}
    bool readable() const override { return true; }
    int descriptor() const override { return -1; }

private:
    ByteView bytes_;
    std::size_t piece_;
};

template<bool isRequest> void converse(ByteView bytes, std::size_t piece) {
    MemoryChannel channel(bytes, piece);
    MessageReader reader(channel);
    for (int i = 0; i < 100; ++i) {
        Message<isRequest> message;
        std::size_t taken = 0;
        message.take = [&](ByteView body) -> Result<void> {
            taken += body.size();
            return {};
        };
        if (!reader.header(message, Deadline()))
            return;
        std::size_t held = message.method.size() + message.target.size();
        for (const auto& [name, value] : message.headers)
            held += name.size() + value.size();
        if (held > 2 * kHeaderLimit)
            std::abort();
        if (!reader.body(message, {}))
            return;
        if (taken > bytes.size())
            std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::size_t piece = std::size_t{1} + data[0] * std::size_t{16};
    converse<true>({data + 1, size - 1}, piece);
    converse<false>({data + 1, size - 1}, piece);
    return 0;
}
