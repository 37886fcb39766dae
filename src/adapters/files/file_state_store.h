// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/files/files.h"
#include "vault/state_store_port.h"

namespace valise::adapters {

// What the vault signed last, in a file of its own that only the owner can read, at most 16 MiB.
class FileStateStore : public vault::StateStore {
public:
    explicit FileStateStore(std::string path) : path_(std::move(path)) {}

    Result<std::optional<Bytes>> load() override {
        auto bytes = read_file(path_, 16 << 20);
        if (bytes)
            return std::move(*bytes);
        if (bytes.error().code() == Code::not_found)
            return std::nullopt;
        return fail(std::move(bytes).error());
    }
    Result<void> save(ByteView bytes) override {
        return write_file_durably(path_, bytes, 0600, Overwrite::yes);
    }

private:
    std::string path_;
};

} // namespace valise::adapters
