// SPDX-License-Identifier: Apache-2.0
// A backup as whoever forges one writes it: the head in clear, and behind chunks that open the
// stream of members. Input is tried as a file, and as the plaintext of one that is sealed to the
// reader's own key.
#include "base/codec/json.h"
#include "registry/backup_file.h"
#include "registry/internal/backup_form.h"

#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::registry;

const crypto::WrapPrivateKey& key() {
    static const auto made = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    return made;
}

// A member is what it said it would be, and never after another one of its name.
class Counting : public BackupTarget {
public:
    Result<void> head(const BackupHead& head) override {
        if (BackupHead::parse(head.bytes())->bytes() != head.bytes())
            std::abort();
        return {};
    }
    Result<void> begin(const std::string& name, std::uint64_t size) override {
        if (name == last_)
            std::abort();
        last_ = name;
        left_ = size;
        return {};
    }
    Result<void> bytes(ByteView bytes) override {
        if (bytes.size() > left_)
            std::abort();
        left_ -= bytes.size();
        return {};
    }
    Result<void> end() override {
        if (left_ != 0)
            std::abort();
        return {};
    }

private:
    std::string last_;
    std::uint64_t left_ = 0;
};

void read(Bytes bytes) {
    MemorySource source(std::move(bytes));
    Counting target;
    const auto done = read_backup(source, key(), target);
    if (!done && done.error().reason().empty())
        std::abort();
}

// One head for all of them: wrapping is slow.
struct Sealed {
    Bytes head;
    crypto::Aes256Gcm cipher;
    Hash32 aad{};
};

Sealed sealed_head() {
    const SecretBytes share = SecretBytes::copy(Bytes(crypto::kShareSize, 7));
    const std::string json =
        canonical_json({{"v", 1},
                        {"chunk", static_cast<std::int64_t>(kBackupChunk)},
                        {"to", key().public_key().kid()},
                        {"scheme", std::string(crypto::to_string(key().public_key().scheme()))},
                        {"wrapped", to_base64(*key().public_key().wrap(share))}});
    Bytes head = to_bytes(backup::kMagic);
    append_u32(head, static_cast<std::uint32_t>(json.size()));
    append(head, view(json));
    const Hash32 aad = crypto::sha256(head);
    return {head, *crypto::Aes256Gcm::create(backup::chunk_key(share, aad)), aad};
}

Bytes sealed(ByteView plain) {
    static Sealed form = sealed_head();
    Bytes out = form.head;
    append(out, *form.cipher.seal(backup::chunk_nonce(0, true), form.aad,
                                  plain.first(std::min(plain.size(), kBackupChunk))));
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    read(to_bytes(bytes));
    read(sealed(bytes));
    return 0;
}
