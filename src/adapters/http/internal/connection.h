// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/http/internal/channel.h"
#include "adapters/http/server.h"

#include <atomic>
#include <semaphore>

namespace valise::adapters {

using Workers = std::counting_semaphore<1024>;

// Answers requests on a connection until either side ends it, an error does, or `stopping`.
void serve_connection(Channel& channel, const HttpService& service, Workers& workers,
                      const std::atomic<bool>& stopping);

} // namespace valise::adapters
