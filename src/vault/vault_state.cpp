// SPDX-License-Identifier: Apache-2.0
#include "vault/vault_state.h"

#include "base/codec/json.h"

namespace valise::vault {
namespace {

constexpr std::string_view kPurpose = "valise/vault-state/v2";
constexpr std::size_t kMaxKeyList = std::size_t{64} * 1024;

Result<VaultState> parse(ByteView bytes) {
    TRY_ASSIGN(const Json json, parse_canonical_json(bytes));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "vault state"));
    VaultState out;
    TRY_ASSIGN(const std::int64_t version, reader.integer("v", 2, 3));
    TRY_ASSIGN(const Json* trees, reader.member("trees"));
    if (!trees->is_object())
        return fail(Code::integrity, "vault.state", "trees: expected an object");
    for (const auto& [origin, value] : trees->items()) {
        TRY_ASSIGN(auto tree, ObjectReader::over(value, "tree"));
        tlog::WitnessState state;
        TRY_ASSIGN(const std::int64_t size, tree.integer("size", 0, std::int64_t{1} << 52));
        state.size = static_cast<std::uint64_t>(size);
        TRY_ASSIGN(state.root, tree.hash("root"));
        TRY(tree.done());
        out.trees[origin] = state;
    }
    TRY_ASSIGN(const Bytes terms, reader.base64("terms", 32));
    if (!terms.empty()) {
        TRY_ASSIGN(out.terms, fixed<32>(terms, "vault.state"));
    }
    TRY_ASSIGN(out.test_mode, reader.boolean("test_mode"));
    TRY_ASSIGN(out.peer, reader.text("peer", 16));
    TRY_ASSIGN(out.peer_key_list, reader.base64("peer_key_list", kMaxKeyList));
    TRY_ASSIGN(out.peer_key_list_signature, reader.base64("peer_key_list_signature", 8192));
    if (version > 2) {
        constexpr std::int64_t kMost = 1'000'000;
        TRY_ASSIGN(const std::int64_t one, reader.integer("private_epoch", 2, kMost));
        TRY_ASSIGN(const std::int64_t other, reader.integer("shared_epoch", 1, kMost));
        TRY_ASSIGN(const std::string since, reader.text("epoch_since", 32));
        TRY_ASSIGN(out.epoch_since, Time::parse(since));
        if (out.epoch_since->text() != since)
            return fail(Code::integrity, "vault.state", "epoch_since: not the one form of a time");
        out.private_epoch = static_cast<std::uint64_t>(one);
        out.shared_epoch = static_cast<std::uint64_t>(other);
    }
    TRY(reader.done());
    return out;
}

} // namespace

Result<VaultState> VaultState::load(StateStore& store, const crypto::RecordCipher& cipher) {
    TRY_ASSIGN(const auto sealed, store.load());
    if (!sealed)
        return VaultState{};
    const auto plain = cipher.open(view(kPurpose), *sealed);
    if (!plain)
        return fail(Code::integrity, "vault.state", "the vault's state file was changed");
    return parse(*plain);
}

Result<void> VaultState::save(StateStore& store, const crypto::RecordCipher& cipher) const {
    Json json_trees = Json::object();
    for (const auto& [origin, state] : trees)
        json_trees[origin] = {{"size", static_cast<std::int64_t>(state.size)},
                              {"root", to_base64(state.root)}};
    Json json = {{"v", 2},
                 {"trees", json_trees},
                 {"terms", terms ? to_base64(*terms) : std::string()},
                 {"test_mode", test_mode},
                 {"peer", peer},
                 {"peer_key_list", to_base64(peer_key_list)},
                 {"peer_key_list_signature", to_base64(peer_key_list_signature)}};
    // A registry that lost nothing keeps the version that older programs read.
    if (private_epoch > 1) {
        json["v"] = 3;
        json["private_epoch"] = static_cast<std::int64_t>(private_epoch);
        json["shared_epoch"] = static_cast<std::int64_t>(shared_epoch);
        json["epoch_since"] = epoch_since->text();
    }
    return store.save(cipher.seal(view(kPurpose), view(canonical_json(json))));
}

} // namespace valise::vault
