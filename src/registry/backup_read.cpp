// SPDX-License-Identifier: Apache-2.0
#include "base/codec/json.h"
#include "envelope/bag_key.h"
#include "registry/backup_file.h"
#include "registry/internal/backup_form.h"
#include "vault/vault.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::registry {
namespace {

std::unexpected<Error> broken(std::string text) {
    return fail(Code::integrity, "registry.backup_broken", std::move(text));
}

std::unexpected<Error> not_a_backup(const char* text) {
    return fail(Code::invalid, "registry.backup", text);
}

// As many as there are, up to `out`.
Result<std::size_t> read_up_to(ByteSource& source, std::span<Byte> out) {
    std::size_t done = 0;
    while (done < out.size()) {
        TRY_ASSIGN(const std::size_t got, source.read(out.subspan(done)));
        if (got == 0)
            break;
        done += got;
    }
    return done;
}

struct Opened {
    crypto::Aes256Gcm cipher;
    Hash32 aad{};
};

// The head of the file: for whom it is, and the key of what follows.
Result<Opened> open_file(ByteSource& source, const crypto::WrapPrivateKey& key) {
    Bytes head(backup::kMagic.size() + 4);
    TRY_ASSIGN(const std::size_t got, read_up_to(source, head));
    if (got < head.size() ||
        text_view(ByteView(head).first(backup::kMagic.size())) != backup::kMagic)
        return not_a_backup("not a backup, or one of a newer program");
    const std::size_t size = read_u32(std::span(head).last<4>());
    if (size > backup::kMaxFileHead)
        return not_a_backup("its head is too long");
    Bytes json_bytes(size);
    TRY_ASSIGN(const std::size_t more, read_up_to(source, json_bytes));
    if (more < size)
        return broken("cut off in its head");
    append(head, json_bytes);
    TRY_ASSIGN(const Json json, parse_canonical_json(json_bytes));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "backup"));
    TRY(reader.integer("v", 1, 1));
    TRY(reader.integer("chunk", kBackupChunk, kBackupChunk));
    TRY_ASSIGN(const std::string to, reader.text("to", 64));
    TRY_ASSIGN(const std::string scheme, reader.text("scheme", 64));
    TRY_ASSIGN(const Bytes wrapped, reader.base64("wrapped", backup::kMaxFileHead));
    TRY(reader.done());
    const auto& ours = key.public_key();
    if (to != ours.kid() || scheme != crypto::to_string(ours.scheme()))
        return fail(Code::refused, "registry.backup_key",
                    "it was made for the key " + to + ", this is " + ours.kid());
    TRY_ASSIGN(const SecretBytes share, key.unwrap(wrapped));
    const Hash32 digest = crypto::sha256(head);
    TRY_ASSIGN(auto cipher, crypto::Aes256Gcm::create(backup::chunk_key(share, digest)));
    return Opened{std::move(cipher), digest};
}

// The chunks as one stream of plain bytes.
class Plain {
public:
    Plain(ByteSource& source, Opened opened)
        : source_(source), opened_(std::move(opened)), ahead_(kSealed + 1) {}

    // Fills all of `out`.
    Result<void> take(std::span<Byte> out) {
        while (!out.empty()) {
            if (at_ == plain_.size())
                TRY(next_chunk());
            const std::size_t count = std::min(out.size(), plain_.size() - at_);
            std::copy_n(plain_.begin() + static_cast<std::ptrdiff_t>(at_), count, out.begin());
            at_ += count;
            out = out.subspan(count);
        }
        return {};
    }
    Result<Bytes> take(std::size_t count) {
        Bytes out(count);
        TRY(take(std::span(out)));
        return out;
    }
    bool at_end() const { return last_ && at_ == plain_.size(); }

private:
    static constexpr std::size_t kSealed = kBackupChunk + crypto::kGcmTagSize;

    // One byte is read ahead: a chunk is the last one when nothing stands behind it.
    Result<void> next_chunk() {
        if (last_)
            return broken("cut off");
        TRY_ASSIGN(const std::size_t got, read_up_to(source_, std::span(ahead_).subspan(held_)));
        const std::size_t have = held_ + got;
        last_ = have <= kSealed;
        const std::size_t sealed = std::min(have, kSealed);
        if (sealed < crypto::kGcmTagSize)
            return broken(fmt::format("cut off at chunk {}", number_));
        plain_.resize(sealed - crypto::kGcmTagSize);
        const auto opened = opened_.cipher.open(backup::chunk_nonce(number_, last_), opened_.aad,
                                                ByteView(ahead_).first(sealed), std::span(plain_));
        if (!opened)
            return broken(fmt::format("chunk {}: changed, out of its place, or cut off", number_));
        held_ = have - sealed;
        if (held_ > 0)
            ahead_[0] = ahead_[kSealed];
        ++number_;
        at_ = 0;
        if (plain_.empty() && !last_)
            return broken("an empty chunk");
        return {};
    }

    ByteSource& source_;
    Opened opened_;
    Bytes ahead_;
    std::size_t held_ = 0; // bytes of the next chunk that are in `ahead_` already
    Bytes plain_;
    std::size_t at_ = 0;
    std::uint64_t number_ = 0;
    bool last_ = false;
};

struct Name {
    std::string text;
    std::uint64_t size = 0;
};

Result<Name> read_name(Plain& plain) {
    TRY_ASSIGN(const Bytes length, plain.take(1));
    if (length[0] == 0 || length[0] > backup::kMaxName)
        return not_a_backup("the name of a member");
    TRY_ASSIGN(const Bytes name, plain.take(length[0]));
    TRY_ASSIGN(const Bytes size, plain.take(8));
    Name out{to_text(name), read_u64(std::span(size).first<8>())};
    if (out.size > backup::kMaxMember)
        return not_a_backup("the size of a member");
    return out;
}

Result<Hash32> read_member(Plain& plain, const Name& name, BackupTarget& target) {
    TRY(target.begin(name.text, name.size));
    crypto::Sha256 hash;
    Bytes piece;
    for (std::uint64_t rest = name.size; rest > 0;) {
        piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(rest, kBackupChunk)));
        TRY(plain.take(std::span(piece)));
        hash.update(piece);
        TRY(target.bytes(piece));
        rest -= piece.size();
    }
    const Hash32 digest = hash.finish();
    TRY_ASSIGN(const Bytes said, plain.take(32));
    if (to_bytes(digest) != said)
        return broken(name.text + ": another digest than was written");
    TRY(target.end());
    return digest;
}

Result<void> read_end(Plain& plain, const BackupHead& head, ByteView head_bytes,
                      std::uint64_t members, const Hash32& root) {
    TRY_ASSIGN(const Bytes end, plain.take(8 + 32 + 4));
    const ByteView bytes = end;
    if (members == 0)
        return not_a_backup("without a database");
    if (read_u64(bytes.first<8>()) != members || to_bytes(bytes.subspan(8, 32)) != to_bytes(root))
        return broken("not the members that were written");
    const std::size_t size = read_u32(bytes.last<4>());
    if (size > backup::kMaxSignature)
        return not_a_backup("the signature is too long");
    TRY_ASSIGN(const Bytes signature, plain.take(size));
    if (!plain.at_end())
        return broken("bytes behind its end");
    TRY_ASSIGN(const auto list, vault::verify_key_list(head.key_list, head.key_list_signature));
    if (list.party != head.party)
        return broken("the key list of another party");
    TRY_ASSIGN(const auto receipt, vault::hybrid_verifier(list.receipt));
    return receipt.verify(envelope::bag_signed_bytes(backup_digest(head_bytes, members, root)),
                          signature);
}

} // namespace

Result<BackupSummary> read_backup(ByteSource& source, const crypto::WrapPrivateKey& key,
                                  BackupTarget& target) {
    TRY_ASSIGN(auto opened, open_file(source, key));
    Plain plain(source, std::move(opened));
    TRY_ASSIGN(const Bytes size, plain.take(4));
    const std::size_t head_size = read_u32(std::span(size).first<4>());
    if (head_size > backup::kMaxHead)
        return not_a_backup("its manifest is too long");
    TRY_ASSIGN(const Bytes head_bytes, plain.take(head_size));
    BackupSummary out;
    TRY_ASSIGN(out.head, BackupHead::parse(head_bytes));
    TRY(target.head(out.head));
    crypto::CompactRange tree;
    std::string before;
    for (;;) {
        TRY_ASSIGN(const Bytes kind, plain.take(1));
        if (kind[0] == backup::kEnd)
            break;
        if (kind[0] != backup::kMember)
            return not_a_backup("an unknown kind of record");
        TRY_ASSIGN(const Name name, read_name(plain));
        TRY(backup::check_name(name.text, before));
        TRY_ASSIGN(const Hash32 digest, read_member(plain, name, target));
        tree.append(crypto::leaf_hash(backup::member_entry(name.text, name.size, digest)));
        before = name.text;
        ++out.members;
        out.bytes += name.size;
    }
    TRY(read_end(plain, out.head, head_bytes, out.members, tree.root()));
    return out;
}

} // namespace valise::registry
