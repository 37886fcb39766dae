// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/blobs/blob_folder.h"
#include "adapters/clock/system_clock.h"
#include "adapters/keysocket/client.h"
#include "adapters/sqlite/journal.h"
#include "agreement/key_list.h"
#include "crypto/sign.h"
#include "two_registries/retold.h"

namespace valise::testing {

using logbook::ActKind;
using logbook::Stage;
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

// The reason of the refusal; "" when there was none.
template<class T> std::string reason(const Result<T>& result) {
    return result ? std::string() : result.error().reason();
}

// A party's daemon, taken over: it has the database, the sealed files, the socket of valise-keys
// with all that the keys tell a daemon, and persons' keys of its own making; nobody else's.
class Intruder {
public:
    // `folder` of a registry whose daemon is down and whose valise-keys runs.
    explicit Intruder(const std::string& folder);

    // The newest event of that kind and stage whose ids, facts and actor hold all of `wanted`.
    std::uint64_t find(ActKind kind, Stage stage, const logbook::TextMap& wanted = {}) const;
    // The content of an act of this registry, signed by the intruder's own key.
    Bytes sign_as_intruder(ActKind kind, Json content) const;
    logbook::Act act_of(std::uint64_t seq) const;

    std::shared_ptr<const RandomSource> file_of(const std::string& item) const;
    Bytes manifest_of(const std::string& item) const;
    const logbook::Item& item(const std::string& id) const;
    const Bytes& intruder_key() const { return intruder_.public_bytes(); }
    Time now() const { return ledger.now(); }
    agreement::KeyList key_list();
    Bytes note(const std::string& name) const { return must(journal->note(name)).value(); }

    adapters::KeySocketClient keys;
    std::unique_ptr<adapters::BlobFolder> blobs;
    adapters::SystemClock clock;
    std::unique_ptr<adapters::SqliteJournal> journal;
    registry::Ledger ledger;
    std::vector<RecordedEvent> log; // the private one, true

private:
    crypto::SigningKey intruder_ =
        crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
};

} // namespace valise::testing
