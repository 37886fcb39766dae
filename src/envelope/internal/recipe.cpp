// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/recipe.h"

#include "envelope/internal/digests.h"
#include "envelope/internal/form.h"
#include "envelope/internal/macs.h"
#include "envelope/internal/texts.h"

namespace valise::envelope {
namespace {

// For the check of what the caller says; what the container adds is ours, and checked with it when
// it is there.
ContainerDigests nothing_yet(const Manifest& draft) {
    ContainerDigests out;
    out.segments = 1;
    out.schema_version = to_string(draft.version);
    return out;
}

} // namespace

Result<Recipe> Recipe::make(const SealRequest& request) {
    if (request.recipients.empty() || request.recipients.size() > kMaxKeyAccess)
        return fail(Code::invalid, "envelope.request", "1 to 16 recipients");
    if (request.metadata.size() > kMaxMetadata)
        return fail(Code::invalid, "envelope.request", "the metadata is too long");
    if (request.label_xml.empty() != request.label_5636.empty())
        return fail(Code::invalid, "envelope.label_missing", "a label needs both of its forms");
    Recipe out(request);
    out.recipients_ = request.recipients;
    for (Recipient& one : out.recipients_)
        if (one.kid.empty())
            one.kid = one.key.kid();
    if (!request.label_xml.empty()) {
        out.labels_.push_back(make_assertion(kLabelXmlId, request.label_xml));
        out.labels_.push_back(make_assertion(kLabelJsonId, request.label_5636));
    }
    for (const Assertion& label : out.labels_) {
        Assertion& written = out.written_labels_.emplace_back();
        written.id = label.id;
        written.text = unbound_text(label);
        out.label_hashes_.push_back(assertion_hash(written));
    }
    return out;
}

Result<void> Recipe::read_again(const Manifest& draft) const {
    Manifest whole = draft;
    whole.assertions = labels_;
    whole.assertions.push_back(
        make_assertion(kPayloadTreeId, tree_value({Hash32{}}, whole.frame_digest())));
    const auto read = Manifest::parse(whole.bytes());
    if (!read)
        return fail(Code::invalid, "envelope.request", read.error().text());
    return {};
}

Result<void> Recipe::admit(const Manifest& draft, const StatementInputs* inputs) {
    if (inputs != nullptr && labels_.empty())
        return fail(Code::invalid, "envelope.label_missing", "a label needs both of its forms");
    if (inputs != nullptr && request_->attributes.empty())
        return fail(Code::invalid, "envelope.policy", "a dispatch without data attributes");
    if (!read_)
        TRY(read_again(draft));
    read_ = true;
    const ClassificationSummary* summary = inputs == nullptr ? nullptr : &inputs->classification;
    const bool same = agreed_ && (summary == nullptr || summary_ == *summary);
    if (!labels_.empty() && !same) {
        Manifest labelled = draft;
        labelled.assertions = labels_;
        TRY(labels_agree(labelled, summary, Code::invalid));
        agreed_ = true;
        if (summary != nullptr)
            summary_ = *summary;
    }
    if (inputs != nullptr)
        TRY(Statement{*inputs, nothing_yet(draft)}.check());
    return {};
}

} // namespace valise::envelope
