// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "registry/internal/impl.h"

// A statement as an outsider gets it: docs/formats/recon.md. No opening is in it, and no title.
namespace valise::registry {

using agreement::ReconStatement;

namespace {

constexpr std::size_t kPage = 4096;
constexpr std::uint64_t kMostLeaves = 100'000; // of one log, in one file

std::unexpected<Error> unknown(const Hash32& digest) {
    return fail(Code::not_found, "registry.no_recon", to_base64(digest));
}

} // namespace

Result<std::pair<ReconStatement, Registry::Impl::ReconActs>>
Registry::Impl::statement_of(const Hash32& digest) const {
    TRY_ASSIGN(const auto all, recon_acts());
    const auto found = all.find(digest);
    if (found == all.end())
        return unknown(digest);
    const auto& act = found->second.ours ? *found->second.ours : *found->second.theirs;
    TRY_ASSIGN(const Bytes text, act.act().bytes_field("text"));
    TRY_ASSIGN(auto statement, ReconStatement::parse(text));
    return std::pair(std::move(statement), found->second);
}

Result<bool> Registry::Impl::mirrored_act(std::uint64_t from,
                                          const std::optional<logbook::SignedAct>& act) const {
    const std::uint64_t size = published[1].mirrored_size;
    if (from > size || !act)
        return from <= size && size > 0;
    while (from < size) {
        TRY_ASSIGN(const auto page, ledger.journal().leaves(LogName::shared_log, from, kPage));
        for (const StoredLeaf& stored : page) {
            TRY_ASSIGN(const auto leaf, logbook::Leaf::parse(stored.leaf));
            if (stored.index < size && leaf.fields().signed_act == act->digest())
                return true;
        }
        if (page.empty())
            return false;
        from += page.size();
    }
    return false;
}

Result<Bytes> Registry::export_reconciliation(const Hash32& digest) const {
    const std::scoped_lock lock(impl_->mutex);
    const Impl& self = *impl_;
    TRY_ASSIGN(const auto found, self.statement_of(digest));
    const auto& [statement, acts] = found;
    const auto log = [&](LogName name, const std::string& checkpoint,
                         const std::optional<logbook::SignedAct>& act) -> Result<Json> {
        TRY_ASSIGN(const auto note, tlog::SignedCheckpoint::parse(view(checkpoint)));
        const std::uint64_t size = note.claimed_size();
        if (size > kMostLeaves)
            return fail(Code::limit, "registry.recon_leaves", "more leaves than one file holds");
        Json leaves = Json::array();
        while (leaves.size() < size) {
            TRY_ASSIGN(const auto page, self.ledger.journal().leaves(name, leaves.size(), kPage));
            if (page.empty())
                return fail(Code::integrity, "registry.rows", "leaves are missing");
            for (const StoredLeaf& leaf : page)
                if (leaves.size() < size)
                    leaves.push_back(to_base64(leaf.leaf));
        }
        return Json{{"checkpoint", checkpoint},
                    {"leaves", std::move(leaves)},
                    {"act", act ? to_base64(act->bytes()) : std::string()}};
    };
    // The newest tree that the peer mirrored, where it holds the act's leaf already: an outsider
    // may want the mirror's cosignature on both.
    const auto& ours = self.published[1];
    TRY_ASSIGN(std::string own_note, self.whole_note(LogName::shared_log));
    TRY_ASSIGN(const bool mirrored,
               self.mirrored_act(statement.of(self.setup.party).to, acts.ours));
    if (mirrored)
        own_note = ours.mirrored_note;
    TRY_ASSIGN(const Bytes peer_note, self.note("mirror/shared"));
    TRY_ASSIGN(Json own, log(LogName::shared_log, own_note, acts.ours));
    TRY_ASSIGN(Json peer, log(LogName::mirrored_log, to_text(peer_note), acts.theirs));
    const bool ours_first = statement.first.party == self.setup.party;
    Json out = {{"v", 1},
                {"type", "valise-recon-file"},
                {"statement", to_base64(statement.bytes())},
                {"first", ours_first ? own : peer},
                {"second", ours_first ? peer : own}};
    out["sha256"] = to_base64(crypto::sha256(view(canonical_json(out))));
    return to_bytes(canonical_json(out));
}

Result<Bytes> Registry::prove_absent(const Hash32& digest, const std::string& way,
                                     const std::string& list, const Hash32& link) const {
    const std::scoped_lock lock(impl_->mutex);
    const Impl& self = *impl_;
    if ((way != "there" && way != "back") || (list != "sent" && list != "received"))
        return fail(Code::invalid, "registry.recon_list",
                    "expected there or back, sent or received");
    TRY_ASSIGN(const auto found, self.statement_of(digest));
    const ReconStatement& statement = found.first;
    // Sent there and received back are read from the log of the first party.
    const agreement::ReconLog& log =
        (way == "there") == (list == "sent") ? statement.first : statement.second;
    TRY_ASSIGN(
        const auto reading,
        self.read_log(log.party == self.setup.party ? LogName::shared_log : LogName::mirrored_log,
                      log.from, log.to));
    const auto links = agreement::links_within(list == "sent" ? reading.sent() : reading.received(),
                                               log.from, log.to);
    TRY_ASSIGN(const auto places, agreement::prove_absent(links, link));
    Json neighbours = Json::array();
    for (const auto& place : places) {
        Json path = Json::array();
        for (const Hash32& hash : place.path)
            path.push_back(to_base64(hash));
        neighbours.push_back({{"index", static_cast<std::int64_t>(place.index)},
                              {"link", to_base64(place.link)},
                              {"path", std::move(path)}});
    }
    const Json out = {{"v", 1},
                      {"type", "valise-recon-absence"},
                      {"statement", to_base64(statement.bytes())},
                      {"way", way},
                      {"list", list},
                      {"link", to_base64(link)},
                      {"neighbours", std::move(neighbours)}};
    return to_bytes(canonical_json(out));
}

} // namespace valise::registry
