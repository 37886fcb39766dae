// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/sqlite/journal.h"
#include "measure.h"
#include "registry/registry.h"
#include "vault/vault.h"

#include <filesystem>

namespace valise::bench {

inline constexpr const char* kBegin = "2020-03-01T08:00:00Z"; // of the register
inline constexpr const char* kEnd = "2026-11-24T09:30:00Z";   // and from where it is measured
inline constexpr const char* kPurpose = "umbrella-defence";

// The key process without its reading of the log: what it would have read before, it takes as read.
// Everything else is the real vault's.
class ReadBefore : public vault::KeyService {
public:
    ReadBefore(vault::Vault& vault, std::uint64_t known) : vault_(vault), known_(known) {}

    Result<vault::Identity> identity() override { return vault_.identity(); }
    Result<vault::DaemonSecrets> daemon_secrets() override { return vault_.daemon_secrets(); }
    Result<std::uint64_t> begin(ByteView, bool) override { return known_; }
    Result<std::uint64_t> known_events() override { return known_; }
    Result<std::uint64_t> record(std::uint64_t,
                                 const std::vector<vault::RecordedEvent>& events) override {
        return known_ += events.size();
    }
    Result<std::string> sign_checkpoint(const vault::CheckpointRequest&) override { return no(); }
    Result<Bytes> sign_cose(vault::LogId) override { return no(); }
    Result<std::uint64_t> signed_size(vault::LogId) override { return 0; }
    Result<vault::RecoveryReply> recover(const vault::RecoveryRequest&) override { return no(); }
    Result<std::uint64_t> follow_peer(ByteView, ByteView) override { return no(); }
    Result<vault::WitnessReply> cosign(const std::string&) override { return no(); }
    Result<vault::MirrorReply> mirror(const vault::MirrorRequest&) override { return no(); }
    Result<Bytes> confirm_peer(ByteView, ByteView, ByteView, ByteView) override { return no(); }
    Result<Bytes> sign_receipt(ByteView, std::uint64_t) override { return no(); }
    Result<Bytes> sign_notice(std::uint64_t) override { return no(); }
    Result<vault::ResealReply> reseal(const DispatchId&, const RandomSource&, ByteSink&,
                                      int) override {
        return no();
    }
    Result<std::uint64_t> show(std::uint64_t, const RandomSource&, int) override { return no(); }
    Result<Bytes> release_share(std::uint64_t, ByteView) override { return no(); }
    Result<vault::SignedText> ask_opening(std::uint64_t, ByteView) override { return no(); }
    Result<vault::SignedText> grant_opening(std::uint64_t, ByteView) override { return no(); }
    Result<vault::ControlledShares> release_controlled(std::uint64_t, ByteView) override {
        return no();
    }
    Result<Bytes> sign_bag(const Hash32&) override { return no(); }
    Result<SecretBytes> bag_key(ByteView, const Hash32&) override { return no(); }
    Result<vault::SharedKey> export_share(std::uint64_t, ByteView,
                                          const vault::ShareRequest&) override {
        return no();
    }

private:
    static std::unexpected<Error> no() { return fail(Code::internal, "bench", "not measured"); }

    vault::Vault& vault_;
    std::uint64_t known_;
};

// No blob and no published file is touched by what is measured.
class NoBlobs : public registry::BlobStore {
public:
    Result<std::unique_ptr<registry::BlobWriter>> create(const BlobId&) override { return no(); }
    Result<std::shared_ptr<const RandomSource>> open(const BlobId&) const override { return no(); }
    Result<std::unique_ptr<registry::PartialBlob>> partial(const BlobId&, std::uint64_t) override {
        return no();
    }
    Result<void> remove(const BlobId&) override { return no(); }
    Result<std::uint64_t> free_bytes() const override { return std::uint64_t{1} << 40; }

private:
    static std::unexpected<Error> no() { return fail(Code::not_found, "registry.no_blob", ""); }
};
class NoPublisher : public registry::Publisher {
public:
    Result<void> put(const std::string&, ByteView) override { return {}; }
    Result<void> drop_folder(const std::string&) override { return {}; }
};
class SetClock : public Clock {
public:
    Time now() const override { return at; }
    Time at;
};
class NoStateStore : public vault::StateStore {
public:
    Result<std::optional<Bytes>> load() override { return bytes_; }
    Result<void> save(ByteView bytes) override {
        bytes_ = to_bytes(bytes);
        return {};
    }

private:
    std::optional<Bytes> bytes_;
};

// A registry of Examplia in a folder: its keystore, the persons' keys, and the database.
struct Office {
    // A folder without a keystore is a new registry.
    Office(const std::filesystem::path& folder, const std::string& terms_file);

    registry::Setup setup() const { return {terms, terms_bytes, "XEX", "xex-office"}; }
    registry::Ports ports(vault::KeyService& keys) {
        return {*journal, blobs, keys, clock, publisher};
    }
    Bytes act(const crypto::SigningKey& who, logbook::ActKind kind, Json content) const;

    SetClock clock;
    Bytes terms_bytes;
    agreement::Terms terms;
    crypto::SigningKey officer, clearer, author, reader;
    std::unique_ptr<adapters::SqliteJournal> journal;
    NoStateStore vault_state;
    std::unique_ptr<vault::Vault> vault;
    NoBlobs blobs;
    NoPublisher publisher;
};

// Made when there is none.
vault::Keystore keystore_in(const std::filesystem::path& folder, const Office& office);
// The persons who enter and read, in a registry that has none yet.
void take_office(Office& office, registry::Registry& registry);
PersonId id_of(const crypto::SigningKey& key);
// The label of an item of this level, as XML.
std::string label_of(const agreement::Terms& terms, const std::string& level, Time created);

// Sorted: the middle one, the worst of a hundred, the worst.
inline Json times_of(std::vector<double> milliseconds) {
    std::ranges::sort(milliseconds);
    const auto at = [&](std::size_t percent) {
        return milliseconds[std::min(milliseconds.size() - 1, milliseconds.size() * percent / 100)];
    };
    return {{"p50_ms", at(50)},
            {"p99_ms", at(99)},
            {"max_ms", milliseconds.back()},
            {"times", milliseconds.size()}};
}

// Each page of the desks, of an officer, as it is made in the process.
Json measure_pages(registry::Registry& registry, const Clock& clock, const PersonId& person,
                   const logbook::Item& item);
// The same over a register that lies in the folder.
Json measure_desks(const std::filesystem::path& folder, const std::string& terms_file);
// Writes a register of `items` into the folder; goes on where a run before was broken off.
Json make_register(const std::filesystem::path& folder, const std::string& terms_file,
                   std::uint64_t items);
// Opens it, enters, searches, musters and prints every book, now and of past dates.
Json measure_register(const std::filesystem::path& folder, const std::string& terms_file);

} // namespace valise::bench
