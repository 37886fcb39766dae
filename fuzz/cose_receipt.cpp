// SPDX-License-Identifier: Apache-2.0
// COSE receipts and what they are made of: what is admitted is written back as the same bytes, and
// no key that nobody holds has signed it.
#include "crypto/merkle.h"
#include "tlog/cose.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace valise;
    const ByteView bytes(data, size);
    if (const auto receipt = tlog::CoseReceipt::parse(bytes)) {
        if (receipt->print() != to_bytes(bytes))
            std::abort();
        const auto key =
            tlog::Verifier::make(receipt->claimed().origin, tlog::KeyType::ed25519, Bytes(32, 9));
        if (key && receipt->verify(crypto::leaf_hash({}), *key))
            std::abort();
    }
    if (const auto trees = tlog::parse_signed_trees(bytes))
        (void)tlog::CoseReceipt::make(trees->ed25519, 0, {Hash32{}});
    return 0;
}
