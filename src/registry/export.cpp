// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.h"
#include "envelope/container.h"
#include "envelope/share.h"
#include "logbook/leaf.h"
#include "registry/internal/impl.h"

#include <algorithm>

// A copy leaves for a client: taken by a person's own signature, and opened there by one attested
// export each time. The key process answers the client; what passes here nobody here can read.
namespace valise::registry {

using logbook::ActKind;
using logbook::Stage;

namespace {

Hash32 place_of(ByteView wrapped_key) {
    return crypto::sha256(wrapped_key);
}

} // namespace

// The sealed file is fetched as that of a reading is, and the person's side says that it has it.
Result<ActAnswer> Registry::Impl::do_export(const logbook::SignedAct& act, Draft draft,
                                            ActAnswer answer) {
    TRY_ASSIGN(const auto id, act.act().id_field<ItemId>("item"));
    const logbook::Item& item = *ledger.state().item(id);
    draft.document = logbook::document_commitment(item.payload_root);
    if (const auto number = logbook::export_number(act.act(), ledger.state()))
        draft.skeleton.facts["copy_number"] = std::to_string(*number);
    answer.result = {{"item", id.text()},
                     {"copy_number", std::stoul(draft.skeleton.facts["copy_number"])}};
    TRY_ASSIGN(const auto source, ports.blobs.open(item.blob));
    answer.result["bytes"] = static_cast<std::int64_t>(source->size());
    std::vector<Draft> drafts;
    drafts.push_back(std::move(draft));
    TRY_ASSIGN(const auto seqs, ledger.record(std::move(drafts)));
    answer.seq = seqs.front();
    return answer;
}

// Only of items of which a copy left: nobody can make the registry read all of its files.
Result<ItemId> Registry::Impl::item_of_share(ByteView wrapped_key) {
    const auto wanted = place_of(wrapped_key);
    for (const auto& [id, item] : ledger.state().items()) {
        if (shares_of.contains(wanted))
            break;
        if (item.taken.empty() || item.blob.empty() || shares_read.contains(id))
            continue;
        const auto source = ports.blobs.open(item.blob);
        if (!source)
            continue; // destroyed, or not there now: the others must not suffer from it
        const auto container = envelope::Container::open(**source);
        if (!container)
            continue;
        for (const envelope::KeyAccess& access : container->manifest().key_access)
            shares_of.emplace(place_of(access.wrapped_key), id);
        shares_read.insert(id);
    }
    const auto found = shares_of.find(wanted);
    if (found == shares_of.end())
        return fail(Code::not_found, "registry.no_share", "no copy that left has this share");
    return found->second;
}

bool Registry::asks_originator(const vault::ShareRequest& asked) const {
    const std::scoped_lock lock(impl_->mutex);
    const auto id = impl_->item_of_share(asked.wrapped_key);
    const logbook::Item* item = id ? impl_->ledger.state().item(*id) : nullptr;
    return item != nullptr && impl_->ledger.state().controlled(*item);
}

Result<ClientAnswer> Registry::export_share(const ClientAsk& ask) {
    std::unique_lock lock(impl_->mutex);
    TRY(impl_->writable());
    return impl_->export_share(ask, lock);
}

namespace {

// A client that waits for an originator keeps a thread of the daemon, which the peer's own requests
// need as well.
constexpr std::size_t kClientsAsking = 2;
// Longer than any question takes. Whatever became of its thread, its copy is free again.
constexpr std::int64_t kLongestQuestion = 600;

class Counted {
public:
    explicit Counted(std::size_t& count) : count_(count) { ++count_; }
    ~Counted() { --count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    std::size_t& count_;
};

// What a changed policy would ask for is no question to the agreement, nor is the originator's
// share: nobody here opens that one. The binding is held against the share by the key process, but
// no originator is to count an opening for what can be seen to be wrong.
Result<void> expect_own_share(const envelope::Manifest& manifest, const std::string& kid,
                              const vault::ShareRequest& asked) {
    const auto access = std::ranges::find(manifest.key_access, asked.wrapped_key,
                                          &envelope::KeyAccess::wrapped_key);
    if (manifest.policy != asked.policy || access == manifest.key_access.end() ||
        access->kid != kid || access->ephemeral_key != asked.ephemeral_key ||
        !envelope::same_binding(access->policy_binding, asked.binding))
        return fail(Code::integrity, "envelope.asked_share", "not the share of this file");
    return {};
}

} // namespace

Result<Registry::Impl::Attested> Registry::Impl::attest_export(const ClientAsk& ask,
                                                               const logbook::Item& item) {
    const auto taken = item.taken.find({ask.person, ask.client});
    Json content = {
        {"item", item.id.text()},
        {"copy", (taken == item.taken.end() ? item.copies.front() : taken->second.copy).text()},
        {"purpose", taken == item.taken.end() ? item.purpose : taken->second.purpose},
        {"client", ask.client},
        {"person", ask.person.text()},
        {"session_key", to_base64(ask.session_key)}};
    Draft draft;
    draft.document = logbook::document_commitment(item.payload_root);
    for (const char* name : {"item", "copy", "person"})
        draft.skeleton.ids[name] = content[name].get<std::string>();
    for (const char* name : {"purpose", "client"})
        draft.skeleton.facts[name] = content[name].get<std::string>();
    if (taken != item.taken.end())
        draft.skeleton.facts["copy_number"] = std::to_string(taken->second.number);
    return attest(ActKind::export_copy, std::move(content), std::move(draft));
}

Result<void> Registry::Impl::expect_client(const ClientAsk& ask) const {
    TRY_ASSIGN(const auto all, read_clients());
    const bool known = std::ranges::any_of(
        all, [&](const Client& one) { return one.id == ask.client && one.person == ask.person; });
    if (!known)
        return fail(Code::refused, "registry.client_gone", "not a client of this person");
    return {};
}

Result<ClientAnswer> Registry::Impl::export_share(const ClientAsk& ask,
                                                  std::unique_lock<std::mutex>& lock) {
    TRY_ASSIGN(const ItemId id, item_of_share(ask.asked.wrapped_key));
    const logbook::Item item = *ledger.state().item(id);
    TRY_ASSIGN(const Bytes manifest_bytes, manifest_of(item.blob));
    TRY_ASSIGN(const auto manifest, envelope::Manifest::parse(manifest_bytes));
    TRY_ASSIGN(const auto own_key, crypto::WrapPublicKey::parse_der(own.unwrapping));
    TRY(expect_own_share(manifest, own_key.kid(), ask.asked));
    TRY(expect_client(ask));
    const bool controlled = ledger.state().controlled(item);
    if (controlled && clients_asking >= kClientsAsking)
        return fail(Code::unavailable, "registry.asking", "others wait for their originator");
    TRY_ASSIGN(auto attested, attest_export(ask, item));
    ClientAnswer answer{std::move(attested.decision), attested.seq, {}};
    if (!answer.decision.permitted())
        return answer;
    auto share = [&]() -> Result<vault::SharedKey> {
        //= O-20
        if (controlled) {
            const Counted until_answered(clients_asking);
            TRY(ask_for_permit(answer.seq, id, manifest_bytes, lock));
            TRY(expect_client(ask)); // it may have been removed while the question travelled
        }
        TRY(sign(LogName::private_log));
        return ports.keys.export_share(answer.seq, manifest_bytes, ask.asked);
    }();
    // It may have ended while the question travelled: nobody gets anything after its outcome.
    if (!ledger.state().open_permits().contains(answer.seq))
        return fail(Code::conflict, "registry.no_permit", "ended before it was answered");
    TRY(opening_ended(answer.seq, share ? nullptr : &share.error()));
    if (!share)
        return fail(share.error());
    answer.share = std::move(*share);
    return answer;
}

// A rewrap has its outcome before anybody else gets the registry's lock, unless its originator is
// being asked: any other without is of a process that died, and no client waits for it any more.
Result<void> Registry::Impl::finish_exports() {
    std::vector<std::uint64_t> broken;
    for (const auto& [seq, permit] : ledger.state().open_permits())
        if (permit.kind == ActKind::export_copy && permit.ids.contains("person") &&
            (!asking.contains(seq) || ledger.now() > permit.minute.plus_seconds(kLongestQuestion)))
            broken.push_back(seq);
    for (const std::uint64_t seq : broken)
        TRY(outcome_of(seq, Stage::failed));
    return {};
}

} // namespace valise::registry
