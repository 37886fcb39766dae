// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http.h"

#include <chrono>

namespace valise::adapters {

inline constexpr std::size_t kMaxWebAnswer = std::size_t{256} << 10; // bytes

// Calls servers of the wider world: `https://` under a chain of these authorities (PEM; empty: the
// system's), never without; `http://127.0.0.1:PORT` for tests. Each call has a connection of its
// own and `total` from the name's look-up to the last byte, however the other end spaces its bytes:
// whoever waits is a person at the sign-in, and a worker with them.
// Errors of a call: invalid adapters.web_url; those of HttpClient. Errors: invalid adapters.tls.
Result<WebCaller> web_caller(Bytes authorities_pem,
                             std::chrono::milliseconds total = std::chrono::seconds(10));

} // namespace valise::adapters
