// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "key_file.h"

namespace valise::cli {

inline constexpr std::size_t kMaxKeyFile = 64 << 10;

// A key file before its passphrase is asked for.
struct KeyText {
    PublicKeyFile pub;
    SecretBytes secret; // sealed unless `plain`; empty in a .pub file
    bool plain = false;

    // `path` is for the message. Errors: cli.key_file, cli.key_kind, base.member.
    static Result<KeyText> parse(ByteView text, KeyKind kind, const std::string& path);
};

// What the secret of this file is sealed for.
std::string key_purpose(const PublicKeyFile& pub);

} // namespace valise::cli
