// SPDX-License-Identifier: Apache-2.0
// Frames on the key socket, read as a request and as a reply: what is admitted has one form.
#include "adapters/keysocket/internal/protocol.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::adapters::keysocket;

void one_form(const Result<SecretBytes>& written, ByteView payload) {
    if (!written)
        std::abort();
    const ByteView frame = written->read(SecretAccess::because("fuzzing"));
    if (frame.size() < 4 || !std::ranges::equal(frame.subspan(4), payload))
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView payload(data, size);
    if (const auto request = read_request(payload))
        one_form(write_request(*request), payload);
    if (const auto reply = read_reply(payload))
        one_form(write_reply(*reply), payload);
    return 0;
}
