// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/fault.h"

namespace valise::verifying {

using audit::at;
using audit::Checked;
using audit::Fault;
using audit::fault;
using audit::holds;

} // namespace valise::verifying
