// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/webauthn.h"

namespace valise::desk {

namespace {

std::unexpected<Error> refused(const Error& found) {
    return fail(Code::refused, "desk.passkey", found.context());
}

} // namespace

Result<Passkey> read_new_passkey(ByteView client_data, ByteView authenticator_data,
                                 const PasskeyAsked& asked) {
    auto made = crypto::read_passkey_made(client_data, authenticator_data, asked);
    if (!made)
        return refused(made.error());
    Passkey out;
    out.id = std::move(made->id);
    out.key = std::move(made->key);
    out.count = made->count;
    out.may_leave = made->may_leave;
    out.left = made->left;
    return out;
}

Result<PasskeySigned> read_passkey_signature(const Passkey& passkey, ByteView client_data,
                                             ByteView authenticator_data, ByteView signature,
                                             const PasskeyAsked& asked) {
    const auto said = [&]() -> Result<crypto::PasskeySaid> {
        TRY_ASSIGN(const Bytes plain, crypto::plain_signature(passkey.key, signature));
        return crypto::check_passkey(passkey.key, client_data, authenticator_data, plain, asked);
    }();
    if (!said)
        return refused(said.error());
    if (said->may_leave != passkey.may_leave)
        return fail(Code::refused, "desk.passkey", "it is not kept as it was");
    return PasskeySigned{said->count, said->left};
}

} // namespace valise::desk
