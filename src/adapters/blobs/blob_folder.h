// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/files/files.h"
#include "registry/blob_port.h"

namespace valise::adapters {

// Sealed files in one folder: ID for a blob, ID.part for one that is arriving. A blob, once there,
// is never written again. Safe to call from several threads.
class BlobFolder : public registry::BlobStore {
public:
    // Makes the folder where it is missing (mode 0700) and removes what an interrupted create()
    // left behind; so only one process may hold it. Errors: internal registry.blob.
    static Result<std::unique_ptr<BlobFolder>> open(const std::string& folder);

    Result<std::unique_ptr<registry::BlobWriter>> create(const BlobId& id) override;
    Result<std::shared_ptr<const RandomSource>> open(const BlobId& id) const override;
    // The space is reserved at once, so that a full disk shows before the first byte arrives.
    Result<std::unique_ptr<registry::PartialBlob>> partial(const BlobId& id,
                                                           std::uint64_t size) override;
    // Removes a partial blob too.
    Result<void> remove(const BlobId& id) override;
    Result<std::uint64_t> free_bytes() const override;
    Result<std::vector<BlobId>> list() const override;

private:
    explicit BlobFolder(Descriptor folder)
        : folder_(std::make_shared<Descriptor>(std::move(folder))) {}
    Result<void> clear_interrupted() const;

    std::shared_ptr<Descriptor> folder_; // shared with writers, which may outlive the store
};

} // namespace valise::adapters
