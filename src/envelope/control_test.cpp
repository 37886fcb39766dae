// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/testing.h"

#include <gtest/gtest.h>

// A file of which its sender keeps a share of the key.
namespace valise::envelope {
namespace {

using namespace testing;

const crypto::WrapPrivateKey& originator() {
    static const auto key = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    return key;
}

// As it is stated, split between these share ids.
Bytes sealed(bool stated, const std::string& receivers, const std::string& originators) {
    SealRequest request = Parties::get().dispatch();
    request.statement->control = stated;
    request.recipients.front().sid = receivers;
    if (!originators.empty())
        request.recipients.push_back(
            {originator().public_key(), "https://keys.jpn.example", "", originators});
    return seal_bytes(sample_plain(100), request)->bytes;
}

Result<Bytes> opened(const Bytes& file, bool both) {
    const ShareProvider shares = [&](const KeyAccess& access) -> Result<SecretBytes> {
        if (access.kid == originator().public_key().kid()) {
            if (both)
                return originator().unwrap(access.wrapped_key);
            return fail(Code::not_found, "test.no_key");
        }
        return Parties::get().shares()(access);
    };
    return open_bytes(file, Parties::get().from_sender(), shares);
}

std::string reason(const Result<Bytes>& result) {
    return result ? "" : result.error().reason();
}

//= O-20
TEST(Control, OpensByBothSharesAndByNoneAlone) {
    const Bytes file = sealed(true, "receiver", "originator");
    EXPECT_EQ(*opened(file, true), sample_plain(100));
    EXPECT_EQ(reason(opened(file, false)), "envelope.share");
    const Manifest manifest = *Manifest::parse(Parts::of(file).manifest);
    EXPECT_TRUE(verify_statement(manifest, Parties::get().verifier, "JPN", "UKR")
                    ->statement()
                    .inputs.control);
}

//= O-20
TEST(Control, TheKeyIsSplitAsItIsStated) {
    EXPECT_EQ(reason(opened(sealed(true, "", ""), true)), "envelope.control");
    EXPECT_EQ(reason(opened(sealed(true, "receiver", "receiver"), true)), "envelope.control");
    EXPECT_EQ(reason(opened(sealed(true, "receiver", "other"), true)), "envelope.control");
    EXPECT_EQ(reason(opened(sealed(false, "receiver", "originator"), true)), "envelope.control");
    EXPECT_EQ(reason(opened(sealed(false, "", ""), true)), "");
}

//= O-20
TEST(Control, NothingIsControlledWithoutADocument) {
    StatementInputs inputs = sample_inputs();
    inputs.control = true;
    inputs.package.emplace();
    inputs.package->form = "paper";
    inputs.package->pages = 3;
    inputs.package->seals = "A-17";
    ContainerDigests container;
    container.segments = 1;
    container.schema_version = "4.3.0";
    EXPECT_FALSE(Statement::make(inputs, container));
    inputs.package.reset();
    EXPECT_TRUE(Statement::make(inputs, container));
}

} // namespace
} // namespace valise::envelope
