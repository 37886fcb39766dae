// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/seal.h"

namespace valise::envelope {

// What the files of one request have in common, made and checked once for all of them: the labels
// and that they say the same, and that a file of this request is one that our reader takes. What
// differs from file to file (key, wraps, numbers, digests) is checked for each.
class Recipe {
public:
    // `request` must outlive it. Errors: invalid envelope.request, .label_missing, .policy.
    static Result<Recipe> make(const SealRequest& request);

    const SealRequest& request() const { return *request_; }
    const std::vector<Recipient>& recipients() const { return recipients_; } // each with its kid

    // `draft` has everything but the labels and what the payload decides. Its first file goes
    // through the reader's own rules, text and all; of the others nothing differs that those could
    // find. Errors: invalid envelope.request, .label, .statement.
    Result<void> admit(const Manifest& draft, const StatementInputs* inputs);

    // Empty at rest without labels. Id and text: all that is written of them.
    const std::vector<Assertion>& labels() const { return written_labels_; }
    const Hash32& label_hash(std::size_t n) const { return label_hashes_[n]; }

private:
    explicit Recipe(const SealRequest& request) : request_(&request) {}
    Result<void> read_again(const Manifest& draft) const;

    const SealRequest* request_;
    std::vector<Recipient> recipients_;
    std::vector<Assertion> labels_;
    std::vector<Assertion> written_labels_;
    std::vector<Hash32> label_hashes_;
    bool read_ = false;
    bool agreed_ = false;
    std::optional<ClassificationSummary> summary_; // that the labels agree with
};

} // namespace valise::envelope
