// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/webauthn.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace valise;

// As an act names it: written back as the same bytes, and whatever it is said to have signed is
// refused without harm.
void as_signer(ByteView collected, ByteView said) {
    const auto signer = crypto::PasskeySigner::parse(said);
    if (!signer)
        return;
    const auto again = crypto::PasskeySigner::make(signer->key(), signer->origin());
    if (!again || again->bytes() != to_bytes(said))
        std::abort();
    if (signer->verify(Bytes(32, 5), collected, said,
                       said.first(std::min<std::size_t>(64, said.size()))))
        std::abort();
}

} // namespace

// u8: which; u16 length of the collected data; the rest is what the authenticator says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size < 3)
        return 0;
    const ByteView all(bytes, size);
    const std::size_t length = std::min<std::size_t>((std::size_t{all[1]} << 8) | all[2], size - 3);
    const ByteView collected = all.subspan(3, length);
    const ByteView said = all.subspan(3 + length);
    const desk::PasskeyAsked asked{Bytes(56, 5), "https://desk.example:8443", "desk.example"};
    if (all[0] % 3 == 2) {
        as_signer(collected, said);
        return 0;
    }
    if (all[0] % 2 == 0) {
        (void)desk::read_new_passkey(collected, said, asked);
        return 0;
    }
    desk::Passkey known;
    known.key = to_bytes(said.first(std::min<std::size_t>(77, said.size())));
    (void)desk::read_passkey_signature(known, collected, said, said, asked);
    return 0;
}
