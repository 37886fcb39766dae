// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "logbook/shredding.h"
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

std::vector<std::string> words_of(const std::string& list) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t comma = std::min(list.find(',', at), list.size());
        out.push_back(list.substr(at, comma - at));
        at = comma + 1;
    }
    return out;
}

} // namespace

Result<Withholding> Withholding::parse(std::string ground, const std::string& events,
                                       const std::string& kinds, const std::string& items,
                                       const std::string& persons) {
    Withholding out;
    out.ground = std::move(ground);
    if (!events.empty()) {
        TRY_ASSIGN(const auto numbers, logbook::parse_event_numbers(events));
        out.events = {numbers.begin(), numbers.end()};
    }
    for (const std::string& word : words_of(kinds)) {
        TRY_ASSIGN(const auto kind, logbook::parse_act_kind(word));
        out.kinds.insert(kind);
    }
    for (const std::string& word : words_of(items)) {
        TRY_ASSIGN(const auto item, ItemId::parse(word));
        out.items.insert(item);
    }
    for (const std::string& word : words_of(persons)) {
        TRY_ASSIGN(const auto person, PersonId::parse(word));
        out.persons.insert(person);
    }
    const bool any =
        !out.events.empty() || !out.kinds.empty() || !out.items.empty() || !out.persons.empty();
    const bool code = !out.ground.empty() && out.ground.size() <= 64 &&
                      std::ranges::all_of(out.ground, [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                      });
    if (any != !out.ground.empty() || (any && !code))
        return fail(Code::invalid, "registry.withhold",
                    "a ground of a-z, 0-9 and '-', and what is withheld on it");
    return out;
}

bool Withholding::covers(const logbook::Skeleton& event) const {
    const auto item = ItemId::parse(event.id("item"));
    const auto person = PersonId::parse(event.id("person"));
    const auto actor = PersonId::parse(event.actor());
    return events.contains(event.seq()) || kinds.contains(event.kind()) ||
           (item && items.contains(*item)) || (person && persons.contains(*person)) ||
           (actor && persons.contains(*actor));
}

namespace {

// Of what names its dispatch, notice or incident alone, the item too is to be kept back.
bool of_items(const logbook::State& state, const logbook::Skeleton& event,
              const std::set<ItemId>& items) {
    if (items.empty())
        return false;
    const auto of_dispatch = [&](const DispatchId& id) {
        const logbook::Dispatch* dispatch = state.dispatch(id);
        return dispatch != nullptr && items.contains(dispatch->item);
    };
    if (const auto dispatch = DispatchId::parse(event.id("dispatch")))
        return of_dispatch(*dispatch);
    if (const auto incident = IncidentId::parse(event.id("incident"))) {
        const auto found = state.incidents().find(*incident);
        return found != state.incidents().end() && items.contains(found->second.item);
    }
    if (const auto notice = NoticeId::parse(event.id("notice"))) {
        const auto found = state.notices().find(*notice);
        return found != state.notices().end() && of_dispatch(found->second.dispatch);
    }
    return false;
}

} // namespace

Result<Json> Registry::Impl::export_events(const Withholding& withheld) {
    Json events = Json::array();
    const std::uint64_t size = published[0].tree.size;
    for (std::uint64_t from = 0; from < size; from += kPage) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kPage, size - from));
        TRY_ASSIGN(const auto leaves, ledger.journal().leaves(LogName::private_log, from, count));
        for (const StoredLeaf& leaf : leaves) {
            TRY_ASSIGN(const Recorded event, ledger.event(leaf.index));
            const bool shredded = event.stored.sealed_opening.empty();
            const bool kept_back =
                !shredded && (withheld.covers(event.skeleton) ||
                              of_items(ledger.state(), event.skeleton, withheld.items));
            if (kept_back && logbook::never_shredded(event.skeleton.kind()))
                return fail(Code::invalid, "registry.withhold",
                            "nothing after event " + std::to_string(leaf.index) +
                                " could be checked without its opening");
            const bool gone = shredded || kept_back;
            events.push_back({{"leaf", to_base64(leaf.leaf)},
                              {"skeleton", to_base64(event.stored.skeleton)},
                              {"salt", to_base64(event.stored.skeleton_salt)},
                              {"fields", base64_list(event.stored.field_leaves)},
                              {"record_salt", gone ? "" : to_base64(event.record_salt)},
                              {"opening", gone ? "" : to_base64(event.opening.bytes())},
                              {"withheld", shredded    ? "shredded"
                                           : kept_back ? "redacted:" + withheld.ground
                                                       : std::string()}});
        }
    }
    return events;
}

Result<Bytes> Registry::export_evidence(const Withholding& withheld) {
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
    TRY_ASSIGN(Json events, self.export_events(withheld));
    TRY_ASSIGN(const auto shared,
               self.ledger.journal().leaves(LogName::shared_log, 0,
                                            self.ledger.tree(LogName::shared_log).size()));
    Json leaves = Json::array();
    for (const StoredLeaf& leaf : shared)
        leaves.push_back(to_base64(leaf.leaf));
    Json signatures = {{self.setup.party, optional_note("confirmation_signature")}};
    if (self.peer)
        signatures[self.peer->list.party] = optional_note("peer/confirmation_signature");
    Json out = {{"v", 2},
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
