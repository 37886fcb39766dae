// SPDX-License-Identifier: Apache-2.0
// A trust file comes from whoever hands out keys. What is admitted names keys that are ones, and
// asks for no more witnesses than there are.
#include "tlog/trust_file.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace valise::tlog;
    const auto file = TrustFile::parse(valise::ByteView(data, size));
    if (!file)
        return 0;
    for (const Verifier& key : file->logs())
        if (Verifier::parse(key.vkey())->key_id() != key.key_id())
            std::abort();
    (void)file->log_keys();
    const Checkpoint tree{"log.example", 1, {}};
    const auto satisfied = file->satisfied(tree, {});
    // Nobody cosigned: only who asks for nobody is content.
    if (!satisfied || *satisfied != (file->quorum() == "none"))
        std::abort();
    return 0;
}
