// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/open.h"

namespace valise::envelope {

// What a client of the key service says of the share that it asks for: the key access object of the
// file that it has, as it stands there.
struct AskedShare {
    std::string policy; // base64 text
    Bytes wrapped_key;
    std::string ephemeral_key;
    std::string binding; // base64 of the HMAC, or of its hexadecimal text
};

// The share of this file that lies under the key `kid`, when it is the one that is asked for. It is
// bound to the policy; and where no other share belongs to the key, to this very document and its
// frame, so that no key access of another file can be slipped under its manifest. Errors: integrity
// envelope.asked_share, whatever is wrong: a teller of reasons would be an oracle.
Result<SecretBytes> answer_share(const Manifest& manifest, std::string_view kid,
                                 const AskedShare& asked, const ShareProvider& unwrap);

// Whether both are one policy binding, each in either of its spellings. Both are public.
bool same_binding(std::string_view one, std::string_view other);

// The key of this document out of both shares of a controlled one. Errors: integrity
// envelope.asked_share, when it is not the key of this very document.
Result<SecretBytes> whole_key(const Manifest& manifest, const SecretBytes& ours,
                              const SecretBytes& theirs);

// The whole key of this very document and its frame, and of no other whose key access was slipped
// under its manifest. Errors: integrity envelope.asked_share.
Result<void> expect_key_of(const Manifest& manifest, const SecretBytes& key);

} // namespace valise::envelope
