// SPDX-License-Identifier: Apache-2.0
// A volume of a courier bag, as whoever forges one writes it: header and parts in clear, and behind
// a signature that holds the stream of frames. Input is tried as a volume, and as the plaintext of
// one.
#include "exchange/bag.h"

#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::exchange;

SecretBytes known_key() {
    return SecretBytes::copy(Bytes(crypto::kGcmKeySize, 7));
}

void read(const Bytes& bytes) {
    const MemorySource source(bytes);
    auto volume = VolumeReader::open(
        source, [](const Hash32&, ByteView) { return Result<void>(); },
        [](ByteView, const Hash32&) -> Result<SecretBytes> { return known_key(); });
    if (!volume)
        return;
    std::uint64_t total = 0;
    for (;;) {
        const auto frame = volume->next();
        if (!frame || !*frame)
            return;
        total += (*frame)->size() + 4;
        if (total > bytes.size())
            std::abort(); // more came out than went in
    }
}

// The same bytes as the stream of frames of a well-formed volume.
Bytes volume_of(ByteView plain) {
    Bytes out = to_bytes("VALISEBAG1\n");
    const Bytes head =
        to_bytes(R"({"bag":"0123456789abcdef","from":"JPN","to":"UKR","v":1,"volume":1})");
    for (const Bytes& part : {head, Bytes(8, 1)}) {
        append_u32(out, static_cast<std::uint32_t>(part.size()));
        append(out, part);
    }
    auto cipher = *crypto::Aes256Gcm::create(known_key());
    Bytes chunk = to_bytes(plain.first(std::min(plain.size(), kBagChunk)));
    chunk.resize(kBagChunk);
    append(out, *cipher.seal(crypto::GcmNonce{}, {}, chunk));
    append_u32(out, 1);
    out.push_back(0);
    append_u32(out, 1);
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    read(to_bytes(bytes));
    read(volume_of(bytes));
    return 0;
}
