// SPDX-License-Identifier: Apache-2.0
// The texts of the log come from the peer, from a courier or from a stranger's witness. What is
// admitted is written back as the same bytes: two readers then mean the same thing by it.
#include "tlog/checkpoint.h"
#include "tlog/fork.h"
#include "tlog/proof_file.h"
#include "tlog/tile.h"
#include "tlog/witness.h"

#include <cstdlib>

namespace {

void same(bool equal) {
    if (!equal)
        std::abort();
}

// One log whose keys are fixed, so that a corpus entry can reach the state of a witness.
const valise::tlog::LogKeys& log_keys() {
    using namespace valise;
    static const tlog::LogKeys keys = [] {
        const SecretBytes one = SecretBytes::copy(Bytes(32, 1));
        const SecretBytes three = SecretBytes::copy(Bytes(32, 3));
        const auto ed = crypto::SigningKey::from_seed(crypto::SignatureAlgorithm::ed25519, one);
        const auto ml = crypto::SigningKey::from_seed(crypto::SignatureAlgorithm::ml_dsa_44, three);
        return tlog::LogKeys::make("xr.example/a-b/1", ed->public_bytes(), ml->public_bytes())
            .value();
    }();
    return keys;
}

void read_notes(valise::ByteView bytes) {
    using namespace valise::tlog;
    const auto text = valise::text_view(bytes);
    if (const auto note = Note::parse(bytes))
        same(note->print() == text);
    if (const auto checkpoint = Checkpoint::parse(text))
        same(checkpoint->text() == text);
    if (const auto checkpoint = SignedCheckpoint::parse(bytes)) {
        same(checkpoint->print() == text);
        (void)checkpoint->verify(log_keys());
    }
    if (const auto verifier = Verifier::parse(text))
        same(verifier->vkey() == text);
    if (const auto lines = parse_signature_lines(text)) {
        std::string printed;
        for (const auto& line : *lines)
            printed += line.line();
        same(printed == text);
    }
}

void read_requests(valise::ByteView bytes) {
    using namespace valise::tlog;
    const auto text = valise::text_view(bytes);
    if (const auto request = WitnessRequest::parse(bytes)) {
        same(request->print() == text);
        const auto decided = decide_witness(*request, &log_keys(), WitnessState{});
        same(decided.has_value() || decided.error().status >= 400);
    }
    if (const auto size = parse_witness_size(text))
        same(std::to_string(*size) + "\n" == text);
    if (const auto file = ProofFile::parse(bytes)) {
        same(file->print() == text);
        (void)file->verify(valise::Hash32{}, log_keys());
    }
    if (const auto fork = ForkProof::parse(bytes)) {
        same(fork->print() == text);
        (void)contradiction(Checkpoint{"o", 3, {}}, Checkpoint{"o", 7, {}}, fork->nodes());
    }
}

void read_tiles(valise::ByteView bytes) {
    using namespace valise::tlog;
    const auto text = valise::text_view(bytes);
    if (const auto tile = TileRef::parse(text))
        same(tile->path() == text);
    if (bytes.empty())
        return;
    const auto bundle = bytes.subspan(1);
    if (const auto entries = parse_entry_bundle(bundle, bytes[0] + 1U))
        same(entry_bundle(*entries).value() == valise::to_bytes(bundle));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const valise::ByteView bytes(data, size);
    read_notes(bytes);
    read_requests(bytes);
    read_tiles(bytes);
    return 0;
}
