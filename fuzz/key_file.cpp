// SPDX-License-Identifier: Apache-2.0
// Key files of persons, recipients and senders: a file that is taken is written back as one that
// reads the same, and its keys are such as the crypto room takes.
#include "../apps/valise-keys/key_folder.h"
#include "../apps/valise/key_text.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::cli;

const SecretAccess kRead = SecretAccess::because("fuzzing");

void hold(bool condition) {
    if (!condition)
        std::abort();
}

bool same(const PublicKeyFile& a, const PublicKeyFile& b) {
    return a.kind == b.kind && a.name == b.name && a.public_bytes == b.public_bytes;
}

void read_public(const PublicKeyFile& file) {
    const auto again = KeyText::parse(view(file.text()), file.kind, "again");
    hold(again.has_value() && same(again->pub, file) && again->secret.empty());
    (void)file.id();
    if (const auto key = file.recipient())
        hold(key->der() == file.public_bytes);
    (void)file.sender();
}

void read_secret(KeyText read) {
    SecretKeyFile file;
    file.pub = read.pub;
    file.secret = std::move(read.secret);
    const auto text = file.text(std::nullopt, {});
    const auto again = KeyText::parse(view(text.value()), file.pub.kind, "again");
    hold(again.has_value() && again->plain && same(again->pub, file.pub));
    hold(std::ranges::equal(again->secret.read(kRead), file.secret.read(kRead)));
    // Each fits only to its own public half.
    if (const auto key = file.person())
        hold(key->public_bytes() == file.pub.public_bytes);
    if (const auto key = file.recipient())
        hold(key->public_key().der() == file.pub.public_bytes);
    (void)file.sender();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    for (const KeyKind kind : {KeyKind::person, KeyKind::recipient, KeyKind::sender}) {
        auto read = KeyText::parse(bytes, kind, "fuzzed");
        if (!read) {
            hold(!read.error().reason().empty());
            continue;
        }
        read_public(read->pub);
        if (!read->secret.empty())
            read_secret(std::move(*read));
    }
    if (const auto founder = keys_program::parse_founder(bytes, "fuzzed"))
        hold(founder->key.size() == 32 && !founder->name.empty());
    return 0;
}
