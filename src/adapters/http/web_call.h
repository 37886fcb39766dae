// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/http.h"

namespace valise::adapters {

inline constexpr std::size_t kMaxWebAnswer = std::size_t{256} << 10; // bytes

// Calls servers of the wider world: `https://` under a chain of these authorities (PEM; empty: the
// system's), never without; `http://127.0.0.1:PORT` for tests. Each call has a connection of its
// own, ten seconds to connect and ten without progress: whoever waits is a person at the sign-in.
// Errors of a call: invalid adapters.web_url; those of HttpClient. Errors: invalid adapters.tls.
Result<WebCaller> web_caller(Bytes authorities_pem);

} // namespace valise::adapters
