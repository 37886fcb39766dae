// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/io.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/kem.h"
#include "crypto/merkle.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// The file of a backup (docs/formats/backup.md): a stream of members under one key, which is
// wrapped to a key that need not be where backups are made. It is written and read in pieces,
// whatever its size.
namespace valise::registry {

struct LogTree {
    std::uint64_t size = 0;
    Hash32 root{};
    bool operator==(const LogTree&) const = default;
};

// What a backup says of itself before its members, and what they are held against.
struct BackupHead {
    std::string party;
    Time made;
    Bytes terms;              // the agreement's file that the book began with
    Bytes key_list;           // of the registry that made it
    Bytes key_list_signature; // by its root key
    LogTree private_log, shared_log, mirrored_log;

    Bytes bytes() const; // canonical JSON
    // Errors: registry.backup; those of JSON.
    static Result<BackupHead> parse(ByteView bytes);
};

struct BackupMember {
    std::string name;
    std::function<Result<std::shared_ptr<const RandomSource>>()> open; // when its turn comes
};

inline constexpr const char* kBackupDatabase = "registry.sqlite";
inline constexpr const char* kBackupBlobs = "blobs/";
// Small files that a registry needs besides, by the names that they have in its folder. Accounts of
// the desks are none of them: old passwords would come back, and an account confers nothing.
inline constexpr std::string_view kBackupFiles[] = {"registry.toml"};
inline constexpr std::size_t kBackupChunk = 1 << 20;

// What the registry signs, so that nobody who knows the public key alone makes a backup that
// counts: SHA-256 over domain, head and the tree of the members.
Hash32 backup_digest(ByteView head, std::uint64_t members, const Hash32& root);

// Makes the file while it is read. One reader, in order.
class BackupSource : public ByteSource {
public:
    using Sign = std::function<Result<Bytes>(const Hash32&)>;
    // Members in the order of the format: the database, other files, blobs by their names. Errors:
    // crypto.wrap.
    static Result<std::unique_ptr<BackupSource>> make(const BackupHead& head,
                                                      std::vector<BackupMember> members,
                                                      const crypto::WrapPublicKey& to, Sign sign);
    // Errors: those of opening a member; internal registry.backup (a member changed its size).
    Result<std::size_t> read(std::span<Byte> out) override;

private:
    BackupSource(std::vector<BackupMember> members, Bytes head, crypto::Aes256Gcm cipher,
                 const Hash32& aad, Bytes file_head, Sign sign);
    Result<void> seal_chunk();
    Result<std::size_t> fill(std::span<Byte> out);
    Result<void> next_member();
    void end_member();
    bool exhausted() const { return ended_ && pending_at_ == pending_.size(); }

    std::vector<BackupMember> members_;
    Bytes head_;
    crypto::Aes256Gcm cipher_;
    Hash32 aad_;
    Sign sign_;
    Bytes sealed_; // of which `sealed_at_` bytes were read
    std::size_t sealed_at_ = 0;
    Bytes pending_; // plain, between the contents of members
    std::size_t pending_at_ = 0;
    std::size_t next_ = 0;
    std::shared_ptr<const RandomSource> member_;
    std::uint64_t member_at_ = 0;
    crypto::Sha256 hash_;
    crypto::CompactRange tree_; // over the members' entries
    std::uint64_t chunks_ = 0;
    bool ended_ = false;
    bool last_sealed_ = false;
};

// Where what a backup holds goes to, in its order. Nothing of it counts before read_backup() has
// returned.
class BackupTarget {
public:
    virtual ~BackupTarget() = default;
    virtual Result<void> head(const BackupHead& head) = 0;
    virtual Result<void> begin(const std::string& name, std::uint64_t size) = 0;
    virtual Result<void> bytes(ByteView bytes) = 0;
    virtual Result<void> end() = 0; // of a member
};

struct BackupSummary {
    BackupHead head;
    std::uint64_t members = 0;
    std::uint64_t bytes = 0; // of the members
};

// Reads a backup from its first byte to its last: every chunk, every member's digest, the tree of
// the members and the registry's signature. Errors: invalid registry.backup (another file, or of
// another version), refused registry.backup_key (made for another key), integrity
// registry.backup_broken (changed or cut off, with the place), crypto.signature, crypto.unwrap;
// those of the target.
Result<BackupSummary> read_backup(ByteSource& source, const crypto::WrapPrivateKey& key,
                                  BackupTarget& target);

} // namespace valise::registry
