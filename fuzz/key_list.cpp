// SPDX-License-Identifier: Apache-2.0
// What two registries hand each other before they trust each other: key lists, confirmations and
// invitations. One text each, and no key of a list is taken that the crypto room would not take.
#include "agreement/key_list.h"

#include "registry/internal/impl.h"
#include "registry/internal/invitation.h"
#include "vault/vault.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace valise;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

void read_key_list(ByteView bytes) {
    const auto list = agreement::KeyList::parse(bytes);
    if (!list)
        return;
    hold(list->bytes() == to_bytes(bytes));
    for (const agreement::LogKeys* log : {&list->private_log, &list->shared_log})
        if (const auto keys = vault::log_keys(*log))
            hold(keys->origin() == log->origin);
    for (const Bytes* key : {&list->root, &list->sender, &list->receipt})
        if (const auto verifier = vault::hybrid_verifier(*key))
            hold(vault::hybrid_bytes(verifier->public_keys()) == *key);
}

void read_confirmation(ByteView bytes) {
    using agreement::Confirmation;
    const auto read = Confirmation::parse(bytes);
    if (!read)
        return;
    hold(read->bytes() == to_bytes(bytes));
    // Both sides come to the same text and the same words, whoever asks.
    const auto turned = Confirmation::of(read->agreement, read->terms, read->second, read->first);
    hold(turned.bytes() == read->bytes());
    const std::string words = read->fingerprint();
    hold(words == turned.fingerprint() && words.size() == 8 * 5 + 7 + 8 + 39);
}

void read_invitation(ByteView bytes) {
    using registry::Invitation;
    const auto read = Invitation::parse(text_view(bytes));
    if (!read)
        return;
    const std::string written = read->text();
    const auto again = Invitation::parse(written);
    hold(again.has_value() && again->text() == written);
    read_key_list(read->key_list);
    // A list counts only under its own root's signature.
    const auto list = vault::verify_key_list(read->key_list, read->key_list_signature);
    hold(!registry::peer_keys(read->key_list, read->key_list_signature) || list.has_value());
    if (list)
        hold(!vault::verify_key_list(read->key_list, Bytes(read->key_list_signature.size())));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    read_key_list(bytes);
    read_confirmation(bytes);
    read_invitation(bytes);
    return 0;
}
