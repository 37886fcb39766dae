// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/files/files.h"
#include "registry/publisher_port.h"

#include <algorithm>

namespace valise::adapters {

// The published logs in a folder.
class FolderPublisher : public registry::Publisher {
public:
    explicit FolderPublisher(FolderTree tree) : tree_(std::move(tree)) {}
    // What lies there as it should be is left alone: a registry that starts publishes all of its
    // tiles anew, and each file written costs two fsyncs.
    Result<void> put(const std::string& path, ByteView bytes) override {
        const auto present = tree_.read(path, bytes.size());
        if (present && std::ranges::equal(*present, bytes))
            return {};
        return tree_.replace(path, bytes);
    }
    Result<void> drop_folder(const std::string& path) override { return tree_.remove_folder(path); }

private:
    FolderTree tree_;
};

} // namespace valise::adapters
