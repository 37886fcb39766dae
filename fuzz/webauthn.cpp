// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/webauthn.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

// u8: which; u16 length of the collected data; the rest is what the authenticator says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace valise;
    if (size < 3)
        return 0;
    const ByteView all(bytes, size);
    const std::size_t length = std::min<std::size_t>((std::size_t{all[1]} << 8) | all[2], size - 3);
    const ByteView collected = all.subspan(3, length);
    const ByteView said = all.subspan(3 + length);
    const desk::PasskeyAsked asked{Bytes(56, 5), "https://desk.example:8443", "desk.example"};
    if (all[0] % 2 == 0) {
        (void)desk::read_new_passkey(collected, said, asked);
        return 0;
    }
    desk::Passkey known;
    known.key = to_bytes(said.first(std::min<std::size_t>(77, said.size())));
    (void)desk::read_passkey_signature(known, collected, said, said, asked);
    return 0;
}
