// SPDX-License-Identifier: Apache-2.0
// What a sender says and signs of a dispatch, before the signature is checked: statements and batch
// signatures have one text, and what did not come from the key never verifies.
#include "envelope/batch.h"
#include "envelope/statement.h"

#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::envelope;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

const crypto::HybridVerifier& stranger() {
    static const auto verifier = crypto::HybridVerifier::parse(
        crypto::HybridSigner::from_seeds(SecretBytes::copy(Bytes(64, 9)))->public_keys());
    return *verifier;
}

void read_statement(ByteView bytes) {
    const auto statement = Statement::parse(bytes);
    if (!statement) {
        hold(statement.error().reason() == "envelope.statement");
        return;
    }
    hold(statement->bytes() == to_bytes(bytes));
    const auto made = Statement::make(statement->inputs, statement->container);
    hold(made.has_value() && *made == *statement);
    for (const ReleaseAct& act : statement->inputs.release)
        hold(ReleaseAct::of(act.signed_act) == act);
}

void read_signature(ByteView bytes) {
    const auto json = parse_canonical_json(bytes);
    if (!json)
        return;
    const auto signature = SenderSignature::from_json(*json);
    if (!signature) {
        hold(signature.error().reason() == "envelope.signature_form");
        return;
    }
    hold(signature->json() == *json);
    const auto verified = verify_batch(view("statement"), *signature, "JPN", "UKR", stranger());
    hold(!verified && verified.error().reason() == "envelope.signature");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    read_statement(bytes);
    read_signature(bytes);
    return 0;
}
