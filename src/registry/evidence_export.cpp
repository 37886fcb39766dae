// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "registry/internal/impl.h"

// Everything that an outsider needs to check what this registry did, in one file
// (docs/formats/evidence.md). It holds openings: who gets it reads titles and names.
namespace valise::registry {

namespace {

constexpr std::size_t kPage = 256;

template<class Hashes> Json base64_list(const Hashes& hashes) {
    Json out = Json::array();
    for (const auto& hash : hashes)
        out.push_back(to_base64(hash));
    return out;
}

} // namespace

Result<Json> Registry::Impl::export_events() {
    Json events = Json::array();
    const std::uint64_t size = published[0].tree.size;
    for (std::uint64_t from = 0; from < size; from += kPage) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kPage, size - from));
        TRY_ASSIGN(const auto leaves, ledger.journal().leaves(LogName::private_log, from, count));
        for (const StoredLeaf& leaf : leaves) {
            TRY_ASSIGN(const Recorded event, ledger.event(leaf.index));
            const bool shredded = event.stored.sealed_opening.empty();
            events.push_back({{"leaf", to_base64(leaf.leaf)},
                              {"skeleton", to_base64(event.stored.skeleton)},
                              {"salt", to_base64(event.stored.skeleton_salt)},
                              {"fields", base64_list(event.stored.field_leaves)},
                              {"record_salt", shredded ? "" : to_base64(event.record_salt)},
                              {"opening", shredded ? "" : to_base64(event.opening.bytes())}});
        }
    }
    return events;
}

Result<Bytes> Registry::export_evidence() {
    const std::scoped_lock lock(impl_->mutex);
    TRY(impl_->writable());
    Impl& self = *impl_;
    TRY(self.sign(LogName::private_log));
    TRY(self.sign(LogName::shared_log));
    const auto best = [&](LogName log) -> Result<std::string> {
        const Published& entry = self.published[static_cast<std::size_t>(log)];
        TRY_ASSIGN(auto note,
                   tlog::SignedCheckpoint::parse(view(
                       entry.cosigned_size == entry.tree.size ? entry.cosigned_note : entry.note)));
        if (log == LogName::shared_log)
            TRY(self.add_mirror_lines(note));
        return note.print();
    };
    TRY_ASSIGN(const std::string private_note, best(LogName::private_log));
    TRY_ASSIGN(const std::string shared_note, best(LogName::shared_log));
    const auto optional_note = [&](const char* name) -> std::string {
        const auto found = self.note(name);
        return found ? to_base64(*found) : std::string();
    };
    TRY_ASSIGN(Json events, self.export_events());
    TRY_ASSIGN(const auto shared,
               self.ledger.journal().leaves(LogName::shared_log, 0,
                                            self.ledger.tree(LogName::shared_log).size()));
    Json leaves = Json::array();
    for (const StoredLeaf& leaf : shared)
        leaves.push_back(to_base64(leaf.leaf));
    Json signatures = {{self.setup.party, optional_note("confirmation_signature")}};
    if (self.peer)
        signatures[self.peer->list.party] = optional_note("peer/confirmation_signature");
    Json out = {{"v", 1},
                {"type", "valise-evidence"},
                {"terms", optional_note("terms")},
                {"test_mode", self.terms().test_mode()},
                {"party", self.setup.party},
                {"key_list", to_base64(self.own.bytes())},
                {"key_list_signature", to_base64(self.own_signature)},
                {"peer_key_list", optional_note("peer/key_list")},
                {"peer_key_list_signature", optional_note("peer/key_list_signature")},
                {"confirmation", optional_note("confirmation")},
                {"confirmation_signatures", signatures},
                {"private", {{"checkpoint", private_note}, {"events", events}}},
                {"shared", {{"checkpoint", shared_note}, {"leaves", leaves}}}};
    out["sha256"] = to_base64(crypto::sha256(view(canonical_json(out))));
    return to_bytes(canonical_json(out));
}

} // namespace valise::registry
