// SPDX-License-Identifier: Apache-2.0
#include "intruder.h"

#include "crypto/random.h"
#include "envelope/container.h"

#include <algorithm>

namespace valise::testing {
namespace {

registry::Ledger open_ledger(adapters::KeySocketClient& keys, registry::Journal& journal,
                             const Clock& clock) {
    auto secrets = must(keys.daemon_secrets());
    const auto first = must(logbook::Skeleton::parse(must(journal.events(0, 1)).at(0).skeleton));
    auto cipher = must(crypto::RecordCipher::create(std::move(secrets.storage_key)));
    return must(registry::Ledger::open(journal, clock, std::move(cipher), first.terms()));
}

bool holds(const logbook::Skeleton& skeleton, const std::pair<std::string, std::string>& wanted) {
    for (const logbook::TextMap* map : {&skeleton.ids(), &skeleton.facts()})
        if (const auto found = map->find(wanted.first); found != map->end())
            return found->second == wanted.second;
    return wanted.first == "actor" && skeleton.actor() == wanted.second;
}

} // namespace

Intruder::Intruder(const std::string& folder)
    : keys(folder + "/keys.sock"), blobs(must(adapters::BlobFolder::open(folder + "/state/blobs"))),
      journal(must(adapters::SqliteJournal::open(folder + "/state/registry.sqlite"))),
      ledger(open_ledger(keys, *journal, clock)), log(log_of(ledger)) {}

std::uint64_t Intruder::find(ActKind kind, Stage stage, const logbook::TextMap& wanted) const {
    for (std::size_t seq = log.size(); seq-- > 0;) {
        const auto skeleton = skeleton_of(log[seq]);
        if (skeleton.kind() == kind && skeleton.stage() == stage &&
            std::ranges::all_of(wanted, [&](const auto& one) { return holds(skeleton, one); }))
            return seq;
    }
    throw std::runtime_error("the exchange left no " + std::string(logbook::to_string(kind)));
}

logbook::Act Intruder::act_of(std::uint64_t seq) const {
    const auto opening = must(logbook::Opening::parse(log.at(seq).opening));
    return must(logbook::SignedAct::parse(*opening.find("act"))).act();
}

Bytes Intruder::sign_as_intruder(ActKind kind, Json content) const {
    auto act = must(logbook::Act::make(
        kind, ledger.state().party(), skeleton_of(log.front()).terms(), now(),
        intruder_.public_bytes(), std::move(content), crypto::random_array<16>()));
    return must(logbook::SignedAct::make(std::move(act), intruder_)).bytes();
}

const logbook::Item& Intruder::item(const std::string& id) const {
    return ledger.state().items().at(must(ItemId::parse(id)));
}

std::shared_ptr<const RandomSource> Intruder::file_of(const std::string& id) const {
    return must(blobs->open(item(id).blob));
}

Bytes Intruder::manifest_of(const std::string& id) const {
    const auto file = file_of(id);
    return to_bytes(must(envelope::Container::open(*file)).manifest_bytes());
}

agreement::KeyList Intruder::key_list() {
    return must(agreement::KeyList::parse(must(keys.identity()).key_list));
}

} // namespace valise::testing
