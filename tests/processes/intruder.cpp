// SPDX-License-Identifier: Apache-2.0
#include "intruder.h"

#include "crypto/merkle.h"
#include "crypto/random.h"
#include "logbook/commitment.h"
#include "logbook/leaf.h"

#include <algorithm>

namespace valise::testing {
namespace {

std::unique_ptr<adapters::SqliteJournal> open_journal(const std::string& folder) {
    return must(adapters::SqliteJournal::open(folder + "/state/registry.sqlite"));
}

registry::Ledger open_ledger(adapters::KeySocketClient& keys, registry::Journal& journal,
                             const Clock& clock) {
    auto secrets = must(keys.daemon_secrets());
    const auto first = must(logbook::Skeleton::parse(must(journal.events(0, 1)).at(0).skeleton));
    auto cipher = must(crypto::RecordCipher::create(std::move(secrets.storage_key)));
    return must(registry::Ledger::open(journal, clock, std::move(cipher), first.terms()));
}

bool holds(const registry::Ledger::Row& row, const std::pair<std::string, std::string>& wanted) {
    for (const logbook::TextMap* map : {&row.ids, &row.facts})
        if (const auto found = map->find(wanted.first); found != map->end())
            return found->second == wanted.second;
    return wanted.first == "actor" && row.actor == wanted.second;
}

} // namespace

std::string Intruder::state;

Intruder::Intruder(const std::string& folder)
    : keys(folder + "/keys.sock"), blobs(must(adapters::BlobFolder::open(folder + "/state/blobs"))),
      journal_(open_journal(folder)), ledger_(open_ledger(keys, *journal_, clock_)) {
    for (std::uint64_t seq = 0; seq < ledger_.rows().size(); ++seq) {
        events_.push_back(must(ledger_.proof(seq, "", ledger_.rows().size())));
        tree_.append(crypto::leaf_hash(events_.back().leaf));
    }
}

Intruder& Intruder::of(const std::string& city) {
    static std::map<std::string, std::unique_ptr<Intruder>> cities;
    auto& found = cities[city];
    if (!found)
        found.reset(new Intruder(state + "/" + city));
    return *found;
}

std::uint64_t Intruder::find(ActKind kind, Stage stage, const logbook::TextMap& wanted) const {
    const auto& rows = ledger_.rows();
    for (std::size_t seq = rows.size(); seq-- > 0;)
        if (rows[seq].kind == kind && rows[seq].stage == stage &&
            std::ranges::all_of(wanted, [&](const auto& one) { return holds(rows[seq], one); }))
            return seq;
    throw std::runtime_error("the exchange left no " + std::string(logbook::to_string(kind)));
}

void Intruder::sign() {
    if (size_ == tree_.size())
        return;
    vault::CheckpointRequest request;
    request.size = tree_.size();
    request.root = tree_.root();
    request.now = now();
    const std::uint64_t last = must(keys.signed_size(request.log));
    request.consistency = must(tlog::consistency_proof(tree_, last, tree_.size()));
    checkpoint_ = must(keys.sign_checkpoint(request));
    size_ = tree_.size();
}

RecordedEvent Intruder::prove(std::uint64_t seq) {
    sign();
    RecordedEvent out = events_.at(seq);
    out.path = must(tlog::inclusion_proof(tree_, seq, size_));
    out.checkpoint = checkpoint_;
    return out;
}

RecordedEvent Intruder::record(logbook::SkeletonFields fields, const Bytes& signed_act,
                               const Hash32& document) {
    fields.seq = tree_.size();
    fields.minute = now();
    fields.terms = must(ledger_.event(0)).skeleton.terms();
    const auto skeleton = must(logbook::Skeleton::make(std::move(fields)));
    logbook::LeafFields leaf;
    logbook::Opening opening;
    if (!signed_act.empty()) {
        must(opening.add("act", signed_act));
        leaf.signed_act = must(logbook::SignedAct::parse(signed_act)).digest();
    }
    const auto commitment =
        logbook::Commitment::of(skeleton.bytes(), opening, crypto::random_array<32>());
    leaf.kind = skeleton.kind();
    leaf.stage = skeleton.stage();
    leaf.minute = skeleton.minute();
    leaf.act_number = skeleton.seq();
    leaf.commitment = commitment.root();
    leaf.document = document;
    RecordedEvent event;
    event.leaf = to_bytes(logbook::Leaf::in_private_log(leaf).bytes());
    event.index = skeleton.seq();
    event.skeleton = skeleton.bytes();
    event.skeleton_salt = commitment.salt(0);
    event.field_leaves = commitment.field_leaves();
    event.signed_act = signed_act;
    tree_.append(crypto::leaf_hash(event.leaf));
    events_.push_back(event);
    return prove(event.index);
}

RecordedEvent Intruder::record_like(std::uint64_t seq, Stage stage, const Bytes& signed_act) {
    const auto old = must(ledger_.event(seq));
    logbook::SkeletonFields fields;
    fields.kind = old.skeleton.kind();
    fields.stage = stage;
    fields.actor = old.skeleton.actor();
    fields.ids = old.skeleton.ids();
    fields.facts = old.skeleton.facts();
    return record(std::move(fields), signed_act,
                  must(logbook::Leaf::parse(events_.at(seq).leaf)).fields().document);
}

Bytes Intruder::signed_act_of(std::uint64_t seq) const {
    return events_.at(seq).signed_act;
}

Bytes Intruder::sign_as_intruder(ActKind kind, Json content) const {
    const auto founded = must(ledger_.event(0));
    auto act = must(logbook::Act::make(kind, ledger_.state().party(), founded.skeleton.terms(),
                                       now(), intruder_.public_bytes(), std::move(content),
                                       crypto::random_array<16>()));
    return must(logbook::SignedAct::make(std::move(act), intruder_)).bytes();
}

std::string Intruder::forged_checkpoint() const {
    const auto claimed = must(tlog::SignedCheckpoint::parse(view(checkpoint_)));
    const tlog::Checkpoint tree{claimed.claimed_origin(), size_, must(tree_.root_at(size_))};
    const auto ed25519 = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
    const auto ml_dsa = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ml_dsa_44);
    auto lines = must(tlog::sign_checkpoint(tree, ed25519, ml_dsa, now()));
    return must(tlog::SignedCheckpoint::make(tree, std::move(lines))).print();
}

const logbook::Item& Intruder::item(const std::string& id) const {
    return ledger_.state().items().at(must(ItemId::parse(id)));
}

std::shared_ptr<const RandomSource> Intruder::file_of(const std::string& id) const {
    return must(blobs->open(item(id).blob));
}

agreement::KeyList Intruder::key_list() {
    return must(agreement::KeyList::parse(must(keys.identity()).key_list));
}

} // namespace valise::testing

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    if (argc != 2)
        return 2;
    valise::testing::Intruder::state = argv[1];
    return RUN_ALL_TESTS();
}
