// SPDX-License-Identifier: Apache-2.0
#include "audit/keys.h"

namespace valise::audit {
namespace {

Result<std::vector<tlog::Verifier>> verifiers(const agreement::LogKeys& keys) {
    std::vector<tlog::Verifier> out;
    for (const std::string& vkey : keys.vkeys) {
        TRY_ASSIGN(auto verifier, tlog::Verifier::parse(vkey));
        out.push_back(std::move(verifier));
    }
    return out;
}

Result<tlog::LogKeys> log_keys(const agreement::LogKeys& keys) {
    TRY_ASSIGN(auto found, verifiers(keys));
    if (found.size() != 2)
        return fail(Code::invalid, "tlog.vkey", "expected two vkeys");
    TRY_ASSIGN(auto out, tlog::LogKeys::make(std::move(found[0]), std::move(found[1])));
    if (out.origin() != keys.origin)
        return fail(Code::invalid, "tlog.vkey", "vkeys of another origin");
    return out;
}

} // namespace

Result<crypto::HybridVerifier> hybrid_key(ByteView bytes) {
    if (bytes.size() <= 32)
        return fail(Code::invalid, "crypto.public_key", "too short");
    return crypto::HybridVerifier::parse({to_bytes(bytes.first(32)), to_bytes(bytes.subspan(32))});
}

Checked<PartyKeys> check_key_list(ByteView bytes, ByteView signature, const std::string& place) {
    TRY_ASSIGN(auto list, at(place, agreement::KeyList::parse(bytes)));
    TRY_ASSIGN(const auto root, at(place + ", root key", hybrid_key(list.root)));
    TRY(at(place + ", signature", root.verify(agreement::KeyList::signed_bytes(bytes), signature)));
    TRY_ASSIGN(auto sender, at(place + ", sender key", hybrid_key(list.sender)));
    TRY_ASSIGN(auto receipt, at(place + ", receipt key", hybrid_key(list.receipt)));
    TRY_ASSIGN(auto private_log, at(place + ", private log", log_keys(list.private_log)));
    TRY_ASSIGN(auto shared_log, at(place + ", shared log", log_keys(list.shared_log)));
    TRY_ASSIGN(auto witness, at(place + ", witness", verifiers(list.witness)));
    std::vector<tlog::Verifier> mirror;
    if (list.mirror) {
        TRY_ASSIGN(mirror, at(place + ", mirror", verifiers(*list.mirror)));
    }
    return PartyKeys{std::move(list),        std::move(sender),     std::move(receipt),
                     std::move(private_log), std::move(shared_log), std::move(witness),
                     std::move(mirror)};
}

} // namespace valise::audit
