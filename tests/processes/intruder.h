// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/blobs/blob_folder.h"
#include "adapters/clock/system_clock.h"
#include "adapters/keysocket/client.h"
#include "adapters/sqlite/journal.h"
#include "agreement/key_list.h"
#include "crypto/sign.h"
#include "registry/ledger.h"

#include <gtest/gtest.h>

namespace valise::testing {

using logbook::ActKind;
using logbook::Stage;
using registry::LogName;
using vault::RecordedEvent;

template<class T> T must(Result<T> result) {
    if (!result)
        throw std::runtime_error(result.error().text());
    return std::move(*result);
}
inline void must(const Result<void>& result) {
    if (!result)
        throw std::runtime_error(result.error().text());
}

// A party's daemon, taken over: it has the database, the sealed files, the socket of valise-keys
// with all that the keys tell a daemon, and persons' keys of its own making; nobody else's.
class Intruder {
public:
    static Intruder& of(const std::string& city);

    // The newest event of that kind and stage whose ids and facts hold all of `wanted`.
    std::uint64_t find(ActKind kind, Stage stage, const logbook::TextMap& wanted = {}) const;
    // As an honest daemon proves it, in the newest checkpoint that the keys signed.
    RecordedEvent prove(std::uint64_t seq);
    RecordedEvent prove(ActKind kind, Stage stage, const logbook::TextMap& wanted = {}) {
        return prove(find(kind, stage, wanted));
    }
    // An event of the intruder's own making at the end of the log, which the keys sign as a tree
    // that grew: no fold, clause or state table stands in the way.
    RecordedEvent record(logbook::SkeletonFields fields, const Bytes& signed_act,
                         const Hash32& document = {});
    // The ids, facts and document of an old one, with another stage or act.
    RecordedEvent record_like(std::uint64_t seq, Stage stage, const Bytes& signed_act);
    Bytes signed_act_of(std::uint64_t seq) const;
    // The content of an act of this registry, signed by the intruder's own key.
    Bytes sign_as_intruder(ActKind kind, Json content) const;
    // The newest checkpoint by which events are proved, with the signatures of self-made keys.
    std::string forged_checkpoint() const;

    std::shared_ptr<const RandomSource> file_of(const std::string& item) const;
    const logbook::Item& item(const std::string& id) const;
    const registry::Ledger& ledger() const { return ledger_; }
    const Bytes& intruder_key() const { return intruder_.public_bytes(); }
    Time now() const { return ledger_.now(); }
    const tlog::MemoryTree& tree() const { return tree_; }
    agreement::KeyList key_list();

    adapters::KeySocketClient keys;
    std::unique_ptr<adapters::BlobFolder> blobs;

    static std::string state; // folder of the finished exchange

private:
    explicit Intruder(const std::string& folder);
    void sign();

    adapters::SystemClock clock_;
    std::unique_ptr<adapters::SqliteJournal> journal_;
    registry::Ledger ledger_;
    std::vector<RecordedEvent> events_; // without path and checkpoint
    tlog::MemoryTree tree_;
    std::string checkpoint_;
    std::uint64_t size_ = 0;
    crypto::SigningKey intruder_ =
        crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
};

// The reason of the refusal; "" when there was none.
template<class T> std::string reason(const Result<T>& result) {
    return result ? std::string() : result.error().reason();
}

} // namespace valise::testing
