// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "label/label.h"
#include "registry/registry.h"
#include "two_registries/fakes.h"
#include "vault/vault.h"

namespace valise::testing {

struct Someone {
    std::string name;
    crypto::SigningKey key = crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519);
    PersonId id() const;
};

// One government: a real registry and a real vault over ports in memory.
class Side {
public:
    // Drafts run in test mode alone.
    Side(const std::string& party, const Bytes& terms_bytes, bool test_mode = true);

    // Starts the registry from what is durable, as after a crash.
    void start();
    void crash() { registry.reset(); }
    // The key process anew, from its two files. The registry must be down.
    void restart_keys();
    void pair_with(Side& other);

    registry::ActAnswer act(const Someone& who, logbook::ActKind kind, Json content);
    Result<registry::ActAnswer> try_act(const Someone& who, logbook::ActKind kind, Json content);
    void enrol(const Someone& who);
    void appoint(const Someone& who, const std::string& role);
    void clear(const Someone& who, const std::string& level, Time until);
    void grant(const Someone& who, const ItemId& item, const std::string& purpose, Time until);
    // Records the facility without which nothing is received.
    void receives();
    void brief(const Someone& who);
    void accredit(const std::string& level);

    // What every entry names: a new item, its level, purpose and label, a title, our authority.
    Json entry(const label::Label& label, const std::string& level,
               const std::string& purpose) const;
    // A label of ours, releasable to both parties; its limits may be changed before it is used.
    label::Label label_of(const std::string& level, const std::string& purpose) const;
    // Seals a document to this registry; the members of an entry that say where it lies.
    Json seal(const Bytes& document, const label::Label& label);
    // Seals and enters a document of this party; returns the item.
    ItemId enter(const Someone& who, const Bytes& document, const std::string& level,
                 const std::string& purpose);
    // Enters what has no sealed file: `described` holds the members of the form.
    ItemId enter_described(const Someone& who, const std::string& level, const std::string& purpose,
                           const std::string& form, const Json& described);
    registry::ActAnswer approve(const Someone& who, const ItemId& item,
                                const std::string& recipient);
    registry::ActAnswer dispatch(const Someone& who, const ItemId& item,
                                 const std::string& recipient);
    // The plaintext, as the reader's own side gets it.
    Result<Bytes> read(const Someone& who, const ItemId& item, const std::string& purpose);
    Json last_opening; // what the registry answered to the newest one
    Result<bool> work();
    // What only this party's key process could sign, for peers that lie.
    Bytes receipt_signature(ByteView receipt) const;

    std::string party;
    Bytes terms_bytes;
    agreement::Terms terms;
    SetClock clock;
    MemoryJournal journal;
    MemoryBlobs blobs;
    MemoryPublisher publisher;
    MemoryStateStore vault_state;
    Bytes keystore_file;
    vault::Renderer* renderer = nullptr; // of the key process after the next restart_keys()
    std::vector<registry::NeutralWitness> witnesses; // asked after the next start()
    std::unique_ptr<vault::Vault> keys;
    vault::KeyService* in_front = nullptr; // of it, after the next start()
    std::unique_ptr<registry::Registry> registry;
    std::unique_ptr<DirectCarrier> carrier;
    LiveCarrier live; // what asks the originator at once; without an inner one the link is down
    Side* peer = nullptr;

    Someone control_officer{"Control Officer"};
    Someone clearance_officer{"Clearance Officer"};
    Someone deputy{"Deputy"}; // of the control officer, once receives() was called

private:
    std::string other_party() const;
};

Bytes read_terms(const std::string& name);

// Who enters and releases in Tokyo.
struct TokyoStaff {
    Someone originator{"Tanaka"}, releaser{"Suzuki"}, second{"Sato"};
    // Enrols, clears and appoints them, and has the link accredited.
    void take_office(Side& tokyo, Time cleared_until);
};

} // namespace valise::testing
