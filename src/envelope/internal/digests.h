// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/manifest.h"
#include "envelope/statement.h"

namespace valise::envelope {

// What the statement says of a manifest, from the manifest. The sender assertion is left out.
ContainerDigests digests_of(const Manifest& manifest, const Hash32& payload_root);

// XML label, JSON label, data attributes and summary say the same; without a summary (at rest) the
// others do. Errors: `code` envelope.label.
Result<void> labels_agree(const Manifest& manifest, const ClassificationSummary* summary,
                          Code code);

} // namespace valise::envelope
