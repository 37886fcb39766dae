// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"
#include "crypto/random.h"
#include "envelope/bag_key.h"
#include "registry/backup_file.h"
#include "registry/internal/backup_form.h"
#include "vault/keystore.h"
#include "vault/vault.h"

#include <gtest/gtest.h>

namespace valise::registry {
namespace {

// Keeps what it is told, so that a test can say what came out.
class Kept : public BackupTarget {
public:
    Result<void> head(const BackupHead& head) override {
        party = head.party;
        return {};
    }
    Result<void> begin(const std::string& name, std::uint64_t size) override {
        members.emplace_back(name, Bytes());
        members.back().second.reserve(size);
        return {};
    }
    Result<void> bytes(ByteView bytes) override {
        append(members.back().second, bytes);
        return {};
    }
    Result<void> end() override { return {}; }

    std::string party;
    std::vector<std::pair<std::string, Bytes>> members;
};

// A registry that makes backups, and the key that they are made for.
class Backups : public ::testing::Test {
protected:
    Backups() {
        BackupHead& out = head;
        const auto list = keys.key_list();
        out.party = "JPN";
        out.made = Time{1795480245};
        out.terms = to_bytes("terms");
        out.key_list = list->bytes();
        out.key_list_signature =
            keys.root.sign(agreement::KeyList::signed_bytes(out.key_list)).value();
        out.private_log = {12, {}};
    }

    static vault::Keystore keystore() {
        const auto key = [] {
            return crypto::SigningKey::generate(crypto::SignatureAlgorithm::ed25519).public_bytes();
        };
        return vault::Keystore::generate({"JPN", {{"A", key()}, {"B", key()}}, Time{1795480245}})
            .value();
    }

    static BackupMember member(const std::string& name, const Bytes& bytes) {
        return {name,
                [source = std::make_shared<MemorySource>(
                     bytes)]() -> Result<std::shared_ptr<const RandomSource>> { return source; }};
    }

    Result<Bytes> write(std::vector<BackupMember> members, std::size_t piece = 70'001) const {
        TRY_ASSIGN(const auto source,
                   BackupSource::make(
                       head, std::move(members), key.public_key(), [this](const Hash32& digest) {
                           return keys.receipt.sign(envelope::bag_signed_bytes(digest));
                       }));
        Bytes out;
        Bytes buffer(piece);
        for (;;) {
            TRY_ASSIGN(const std::size_t got, source->read(buffer));
            if (got == 0)
                return out;
            append(out, ByteView(buffer).first(got));
        }
    }
    std::string reason(const Bytes& file) const {
        MemorySource source(file);
        Kept kept;
        const auto read = read_backup(source, key, kept);
        return read ? std::string() : read.error().reason();
    }
    // Where the first chunk begins.
    static std::size_t head_bytes(const Bytes& file) {
        const std::size_t magic = backup::kMagic.size();
        return magic + 4 + read_u32(ByteView(file).subspan(magic).first<4>());
    }
    static bool known_reason(const std::string& reason) {
        return reason == "registry.backup" || reason == "registry.backup_broken" ||
               reason == "registry.backup_key" || reason == "crypto.unwrap" ||
               reason.starts_with("base.");
    }

    vault::Keystore keys = keystore();
    crypto::WrapPrivateKey key =
        crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    BackupHead head;
    std::string blob = kBackupBlobs + BlobId::of(Bytes(10, 7)).text();
};

TEST_F(Backups, ComeBackWhole) {
    const Bytes database = crypto::random_bytes(300'000);
    const auto file = write({member("registry.sqlite", database),
                             member("registry.toml", to_bytes("party")), member(blob, Bytes(5))});
    ASSERT_TRUE(file) << file.error().text();
    MemorySource source(*file);
    Kept kept;
    const auto read = read_backup(source, key, kept);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->members, 3U);
    EXPECT_EQ(read->bytes, database.size() + 5 + 5);
    EXPECT_EQ(read->head.private_log, head.private_log);
    EXPECT_EQ(kept.party, "JPN");
    ASSERT_EQ(kept.members.size(), 3U);
    EXPECT_EQ(kept.members[0].second, database);
    EXPECT_EQ(to_text(kept.members[1].second), "party");
    EXPECT_EQ(kept.members[2].first, blob);
}

// Wherever the end of a member falls among the chunks.
TEST_F(Backups, AnySizeAroundAChunk) {
    const auto before = write({member("registry.sqlite", {})});
    ASSERT_TRUE(before);
    for (int off = -3; off <= 3; ++off) {
        for (const std::size_t around : {kBackupChunk, 2 * kBackupChunk - 9'000}) {
            const Bytes database(around + static_cast<std::size_t>(off + 3), Byte{9});
            const auto file = write({member("registry.sqlite", database)}, 1 << 20);
            ASSERT_TRUE(file);
            EXPECT_EQ(reason(*file), "") << off;
        }
    }
    // The last byte of the end fills its chunk exactly.
    const std::size_t rest = kBackupChunk - (before->size() % kBackupChunk);
    for (std::size_t more = rest - 12; more < rest + 12; ++more) {
        const auto file = write({member("registry.sqlite", Bytes(more))}, 1 << 20);
        ASSERT_TRUE(file);
        ASSERT_EQ(reason(*file), "") << more;
    }
}

TEST_F(Backups, NoPrefixIsOne) {
    const auto file = write({member("registry.sqlite", Bytes(2 * kBackupChunk)), member(blob, {})});
    ASSERT_TRUE(file);
    for (std::size_t size = 0; size < file->size();
         size += size < 40 || size + 40 > file->size() ? 1 : 9'973) {
        const std::string why =
            reason(Bytes(file->begin(), file->begin() + static_cast<std::ptrdiff_t>(size)));
        ASSERT_TRUE(known_reason(why)) << size << ": " << why;
    }
    // Cut exactly between two chunks, where every byte that is left is authentic.
    const std::size_t sealed = kBackupChunk + crypto::kGcmTagSize;
    for (std::size_t size = head_bytes(*file); size < file->size(); size += sealed)
        EXPECT_TRUE(known_reason(
            reason(Bytes(file->begin(), file->begin() + static_cast<std::ptrdiff_t>(size)))));
    Bytes longer = *file;
    longer.push_back(0);
    EXPECT_EQ(reason(longer), "registry.backup_broken");
}

TEST_F(Backups, NoBitIsFree) {
    const auto file = write({member("registry.sqlite", Bytes(5'000))});
    ASSERT_TRUE(file);
    for (std::size_t at = 0; at < file->size(); at += at < 60 ? 1 : 41) {
        Bytes changed = *file;
        changed[at] = static_cast<Byte>(changed[at] ^ (1U << (at % 8)));
        const std::string why = reason(changed);
        ASSERT_TRUE(known_reason(why)) << at << ": " << why;
    }
}

TEST_F(Backups, ChunksHaveTheirPlaces) {
    const auto file = write({member("registry.sqlite", Bytes(3 * kBackupChunk))});
    ASSERT_TRUE(file);
    const std::size_t sealed = kBackupChunk + crypto::kGcmTagSize;
    const std::size_t first = head_bytes(*file);
    Bytes swapped = *file;
    const auto from = swapped.begin() + static_cast<std::ptrdiff_t>(first);
    std::swap_ranges(from, from + static_cast<std::ptrdiff_t>(sealed),
                     from + static_cast<std::ptrdiff_t>(sealed));
    EXPECT_TRUE(known_reason(reason(swapped)));
}

// A file that was destroyed after the list of them was made.
TEST_F(Backups, WhatIsGoneMeanwhileIsLeftOut) {
    const BackupMember gone{blob, []() -> Result<std::shared_ptr<const RandomSource>> {
                                return fail(Code::not_found, "blobs.unknown", "destroyed");
                            }};
    const BackupMember broken{blob, []() -> Result<std::shared_ptr<const RandomSource>> {
                                  return fail(Code::internal, "blobs.read", "bad disk");
                              }};
    const auto without = write({member("registry.sqlite", Bytes(100)), gone});
    ASSERT_TRUE(without) << without.error().text();
    EXPECT_EQ(reason(*without), "");
    EXPECT_EQ(write({member("registry.sqlite", Bytes(100)), broken}).error().reason(),
              "blobs.read");
}

TEST_F(Backups, MembersHaveOneOrder) {
    const auto bad = [&](std::vector<BackupMember> members) {
        const auto file = write(std::move(members));
        return file ? std::string() : file.error().reason();
    };
    EXPECT_EQ(bad({member(blob, {})}), "registry.backup");
    EXPECT_EQ(bad({member("registry.sqlite", {}), member("registry.sqlite", {})}),
              "registry.backup");
    EXPECT_EQ(bad({member("registry.sqlite", {}), member(blob, {}), member("registry.toml", {})}),
              "registry.backup");
    EXPECT_EQ(bad({member("registry.sqlite", {}), member(blob, {}), member(blob, {})}),
              "registry.backup");
    for (const char* name :
         {"keystore", "vault-state", "accounts", "../registry.sqlite", "blobs/../x", "blobs/"})
        EXPECT_EQ(bad({member("registry.sqlite", {}), member(name, {})}), "registry.backup")
            << name;
}

// Whoever knows the public key can seal to it. What is not signed by the registry is no backup.
TEST_F(Backups, AreSignedByTheirRegistry) {
    const auto other = keystore();
    const auto file = BackupSource::make(head, {}, key.public_key(), [&](const Hash32& digest) {
        return other.receipt.sign(envelope::bag_signed_bytes(digest));
    });
    ASSERT_TRUE(file);
    auto forged = BackupSource::make(
        head, {member("registry.sqlite", Bytes(9))}, key.public_key(), [&](const Hash32& digest) {
            return other.receipt.sign(envelope::bag_signed_bytes(digest));
        });
    Bytes bytes(1 << 20);
    bytes.resize(forged.value()->read(bytes).value());
    Bytes rest(1 << 20);
    rest.resize(forged.value()->read(rest).value());
    append(bytes, rest);
    EXPECT_EQ(reason(bytes), "crypto.signature");
    head.key_list_signature[0] ^= 1U;
    const auto unlisted = write({member("registry.sqlite", Bytes(9))});
    EXPECT_EQ(reason(*unlisted), "crypto.signature");
}

TEST_F(Backups, OpenWithTheirKeyAlone) {
    const auto file = write({member("registry.sqlite", Bytes(9))});
    ASSERT_TRUE(file);
    MemorySource source(*file);
    Kept kept;
    const auto other = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    EXPECT_EQ(read_backup(source, other, kept).error().reason(), "registry.backup_key");
    EXPECT_TRUE(kept.members.empty());
}

} // namespace
} // namespace valise::registry
