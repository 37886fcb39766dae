// SPDX-License-Identifier: Apache-2.0
#include "registry/backup_file.h"

#include "base/codec/json.h"
#include "base/ids.h"
#include "crypto/kdf.h"
#include "crypto/random.h"
#include "registry/internal/backup_form.h"

#include <algorithm>

namespace valise::registry {

namespace backup {

using namespace std::string_view_literals;

SecretBytes chunk_key(const SecretBytes& share, const Hash32& head_digest) {
    Bytes info = to_bytes("valise/backup-key/v1\0"sv);
    append(info, head_digest);
    return crypto::hkdf_sha256(
        share.read(SecretAccess::because("the share of a backup is its input")), {}, info,
        crypto::kGcmKeySize);
}

crypto::GcmNonce chunk_nonce(std::uint64_t number, bool last) {
    Bytes bytes = {0, 0, 0, static_cast<Byte>(last ? 1 : 0)};
    append_u64(bytes, number);
    crypto::GcmNonce out{};
    std::ranges::copy(bytes, out.begin());
    return out;
}

Bytes member_entry(std::string_view name, std::uint64_t size, const Hash32& digest) {
    Bytes out = {static_cast<Byte>(name.size())};
    append(out, view(name));
    append_u64(out, size);
    append(out, digest);
    return out;
}

namespace {

int order_of(std::string_view name) {
    if (name == kBackupDatabase)
        return 0;
    if (std::ranges::find(kBackupFiles, name) != std::end(kBackupFiles))
        return 1;
    const std::string_view blobs = kBackupBlobs;
    const bool blob =
        name.starts_with(blobs) && BlobId::parse(name.substr(blobs.size())).has_value();
    return blob ? 2 : -1;
}

} // namespace

Result<void> check_name(std::string_view name, std::string_view before) {
    const int order = order_of(name);
    const int last = before.empty() ? -1 : order_of(before);
    const bool first = before.empty() == (order == 0);
    if (order < 0 || !first || order < last || (order == last && name <= before))
        return fail(Code::invalid, "registry.backup", "a member that does not stand here");
    return {};
}

} // namespace backup

Hash32 backup_digest(ByteView head, std::uint64_t members, const Hash32& root) {
    using namespace std::string_view_literals;
    Bytes bytes = to_bytes("valise/backup/v1\0"sv);
    append(bytes, crypto::sha256(head));
    append_u64(bytes, members);
    append(bytes, root);
    return crypto::sha256(bytes);
}

namespace {

Json tree_json(const LogTree& tree) {
    return {{"size", static_cast<std::int64_t>(tree.size)}, {"root", to_base64(tree.root)}};
}

Result<LogTree> tree_in(const Json& value) {
    TRY_ASSIGN(auto reader, ObjectReader::over(value, "log of a backup"));
    TRY_ASSIGN(const std::int64_t size, reader.integer("size", 0, std::int64_t{1} << 52));
    LogTree out{static_cast<std::uint64_t>(size), {}};
    TRY_ASSIGN(out.root, reader.hash("root"));
    TRY(reader.done());
    return out;
}

} // namespace

Bytes BackupHead::bytes() const {
    return to_bytes(canonical_json({{"v", 1},
                                    {"party", party},
                                    {"made", made.text()},
                                    {"terms", to_base64(terms)},
                                    {"key_list", to_base64(key_list)},
                                    {"key_list_signature", to_base64(key_list_signature)},
                                    {"private", tree_json(private_log)},
                                    {"shared", tree_json(shared_log)},
                                    {"mirrored", tree_json(mirrored_log)}}));
}

Result<BackupHead> BackupHead::parse(ByteView bytes) {
    constexpr std::size_t kMost = 1 << 20;
    TRY_ASSIGN(const Json json, parse_canonical_json(bytes, {.bytes = backup::kMaxHead}));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "head of a backup"));
    BackupHead out;
    TRY(reader.integer("v", 1, 1));
    TRY_ASSIGN(out.party, reader.text("party", 16));
    TRY_ASSIGN(const std::string made, reader.text("made", 32));
    TRY_ASSIGN(out.made, Time::parse(made));
    if (out.made.text() != made)
        return fail(Code::invalid, "registry.backup", "not the one form of a time");
    TRY_ASSIGN(out.terms, reader.base64("terms", kMost));
    TRY_ASSIGN(out.key_list, reader.base64("key_list", kMost));
    TRY_ASSIGN(out.key_list_signature, reader.base64("key_list_signature", backup::kMaxSignature));
    for (const auto& [name, tree] : {std::pair("private", &out.private_log),
                                     {"shared", &out.shared_log},
                                     {"mirrored", &out.mirrored_log}}) {
        TRY_ASSIGN(const Json* member, reader.member(name));
        TRY_ASSIGN(*tree, tree_in(*member));
    }
    TRY(reader.done());
    return out;
}

Result<std::unique_ptr<BackupSource>> BackupSource::make(const BackupHead& head,
                                                         std::vector<BackupMember> members,
                                                         const crypto::WrapPublicKey& to,
                                                         Sign sign) {
    const SecretBytes share = crypto::random_secret(crypto::kShareSize);
    TRY_ASSIGN(const Bytes wrapped, to.wrap(share));
    const std::string json =
        canonical_json({{"v", 1},
                        {"chunk", static_cast<std::int64_t>(kBackupChunk)},
                        {"to", to.kid()},
                        {"scheme", std::string(crypto::to_string(to.scheme()))},
                        {"wrapped", to_base64(wrapped)}});
    Bytes file_head = to_bytes(backup::kMagic);
    append_u32(file_head, static_cast<std::uint32_t>(json.size()));
    append(file_head, view(json));
    const Hash32 digest = crypto::sha256(file_head);
    TRY_ASSIGN(auto cipher, crypto::Aes256Gcm::create(backup::chunk_key(share, digest)));
    return std::unique_ptr<BackupSource>(new BackupSource(std::move(members), head.bytes(),
                                                          std::move(cipher), digest,
                                                          std::move(file_head), std::move(sign)));
}

BackupSource::BackupSource(std::vector<BackupMember> members, Bytes head, crypto::Aes256Gcm cipher,
                           const Hash32& aad, Bytes file_head, Sign sign)
    : members_(std::move(members)), head_(std::move(head)), cipher_(std::move(cipher)), aad_(aad),
      sign_(std::move(sign)), sealed_(std::move(file_head)) {
    append_u32(pending_, static_cast<std::uint32_t>(head_.size()));
    append(pending_, head_);
}

Result<std::size_t> BackupSource::read(std::span<Byte> out) {
    if (sealed_at_ == sealed_.size()) {
        if (last_sealed_)
            return std::size_t{0};
        TRY(seal_chunk());
    }
    const std::size_t count = std::min(out.size(), sealed_.size() - sealed_at_);
    std::copy_n(sealed_.begin() + static_cast<std::ptrdiff_t>(sealed_at_), count, out.begin());
    sealed_at_ += count;
    return count;
}

Result<void> BackupSource::seal_chunk() {
    Bytes plain(kBackupChunk);
    TRY_ASSIGN(const std::size_t filled, fill(plain));
    plain.resize(filled);
    last_sealed_ = exhausted();
    TRY_ASSIGN(sealed_, cipher_.seal(backup::chunk_nonce(chunks_, last_sealed_), aad_, plain));
    ++chunks_;
    sealed_at_ = 0;
    return {};
}

// Less than asked for only at the end of everything.
Result<std::size_t> BackupSource::fill(std::span<Byte> out) {
    std::size_t done = 0;
    while (done < out.size() && !exhausted()) {
        const std::span<Byte> rest = out.subspan(done);
        if (pending_at_ < pending_.size()) {
            const std::size_t count = std::min(rest.size(), pending_.size() - pending_at_);
            std::copy_n(pending_.begin() + static_cast<std::ptrdiff_t>(pending_at_), count,
                        rest.begin());
            pending_at_ += count;
            done += count;
        } else if (member_ != nullptr && member_at_ < member_->size()) {
            const auto count = static_cast<std::size_t>(
                std::min<std::uint64_t>(rest.size(), member_->size() - member_at_));
            TRY(member_->read_at(member_at_, rest.first(count)));
            hash_.update(rest.first(count));
            member_at_ += count;
            done += count;
        } else if (member_ != nullptr) {
            end_member();
        } else {
            TRY(next_member());
        }
    }
    // The end is written when there is no member left, and the last chunk must know of it.
    if (pending_at_ == pending_.size() && member_ == nullptr && !ended_)
        TRY(next_member());
    return done;
}

Result<void> BackupSource::next_member() {
    pending_.clear();
    pending_at_ = 0;
    // A file may be destroyed while the others are read: as lawfully as at any other time.
    while (next_ < members_.size()) {
        auto opened = members_[next_].open();
        if (opened) {
            member_ = std::move(*opened);
            break;
        }
        if (opened.error().code() != Code::not_found)
            return fail(opened.error());
        members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(next_));
    }
    if (next_ == members_.size()) {
        TRY_ASSIGN(const Bytes signature, sign_(backup_digest(head_, next_, tree_.root())));
        pending_.push_back(backup::kEnd);
        append_u64(pending_, next_);
        append(pending_, tree_.root());
        append_u32(pending_, static_cast<std::uint32_t>(signature.size()));
        append(pending_, signature);
        ended_ = true;
        return {};
    }
    const BackupMember& next = members_[next_];
    TRY(backup::check_name(next.name, next_ == 0 ? "" : members_[next_ - 1].name));
    member_at_ = 0;
    hash_ = {};
    pending_.push_back(backup::kMember);
    pending_.push_back(static_cast<Byte>(next.name.size()));
    append(pending_, view(next.name));
    append_u64(pending_, member_->size());
    return {};
}

void BackupSource::end_member() {
    const Hash32 digest = hash_.finish();
    tree_.append(
        crypto::leaf_hash(backup::member_entry(members_[next_].name, member_->size(), digest)));
    pending_.assign(digest.begin(), digest.end());
    pending_at_ = 0;
    member_ = nullptr;
    ++next_;
}

} // namespace valise::registry
