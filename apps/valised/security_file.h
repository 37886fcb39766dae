// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desk/security_log.h"

#include <memory>

namespace valise::daemon {

// Appends events to a file of mode 0600, one line of JSON each (docs/formats/security-log.md); at
// 16 MiB it becomes PATH.1, whatever was there. What cannot be written is told on standard error:
// the registry goes on, for its own log is another. `clock` must outlive it. Errors: internal
// adapters.file.
Result<desk::SecurityLog> open_security_log(const std::string& path, const Clock& clock);

} // namespace valise::daemon
