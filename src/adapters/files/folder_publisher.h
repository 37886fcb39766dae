// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/files/files.h"
#include "registry/publisher_port.h"

namespace valise::adapters {

// The published logs in a folder.
class FolderPublisher : public registry::Publisher {
public:
    explicit FolderPublisher(FolderTree tree) : tree_(std::move(tree)) {}
    Result<void> put(const std::string& path, ByteView bytes) override {
        return tree_.replace(path, bytes);
    }
    Result<void> drop_folder(const std::string& path) override { return tree_.remove_folder(path); }

private:
    FolderTree tree_;
};

} // namespace valise::adapters
