// SPDX-License-Identifier: Apache-2.0
// Whole sealed files, opened with the keys of a made-up pair of parties. Whatever is done to the
// bytes, what opens is the document that was sealed, and nothing else is ever written before it is
// known to be that.
#include "crypto/internal/kem_der.h"
#include "crypto/merkle.h"
#include "envelope/open.h"

#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::envelope;

// What every file of the corpus holds, at rest or as a dispatch.
constexpr std::string_view kDocument = "Draft of the note, second reading.\n";

void hold(bool condition) {
    if (!condition)
        std::abort();
}

const crypto::WrapPrivateKey& receiver() {
    static const auto key = crypto::WrapPrivateKey::import_der(
        crypto::pkcs8_der(crypto::WrapScheme::p384_mlkem1024, Bytes(64, 0x11), Bytes(48, 0x22)));
    return *key;
}

const crypto::HybridVerifier& sender() {
    static const auto key = crypto::HybridVerifier::parse(
        crypto::HybridSigner::from_seeds(SecretBytes::copy(Bytes(64, 7)))->public_keys());
    return *key;
}

Result<SecretBytes> share(const KeyAccess& access) {
    if (access.kid != receiver().public_key().kid())
        return fail(Code::not_found, "fuzz.no_key");
    return receiver().unwrap(access.wrapped_key);
}

void open_as(const RandomSource& source, const Expectation& expectation) {
    MemorySink plain;
    const auto opened = open(source, plain, share, expectation, 1);
    hold(std::string_view(kDocument).starts_with(text_view(plain.bytes())));
    if (opened)
        hold(text_view(plain.bytes()) == kDocument);
    else
        hold(!opened.error().reason().empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const MemorySource source(Bytes(data, data + size));
    const auto container = Container::open(source);
    if (!container)
        return 0;
    Expectation dispatch;
    dispatch.sender = &sender();
    dispatch.sender_party = "JPN";
    dispatch.recipient_party = "UKR";
    open_as(source, dispatch);
    // A file at rest is only what the logbook's root says; here the root that the file itself
    // claims, so that a wrong one is met further inside.
    const auto leaves = container->manifest().claimed_leaves();
    if (!leaves)
        return 0;
    Expectation at_rest;
    at_rest.payload_root = crypto::tree_root(**leaves);
    open_as(source, at_rest);
    return 0;
}
