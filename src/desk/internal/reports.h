// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/routes.h"

namespace valise::desk {

// One of the registry's books as of a past moment, one JSON object a line: what the book is, its
// rows, and a last line with their count, without which the answer is cut short. Made while it is
// sent: the events are read page by page, and the sequencer waits for one page at most.
// `as_of` empty: now. Errors: not_found forms.book; invalid desk.as_of.
Result<HttpResponse> report_response(const registry::Registry& registry, std::string_view book,
                                     const std::string& as_of);

} // namespace valise::desk
