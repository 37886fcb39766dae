// SPDX-License-Identifier: Apache-2.0
#pragma once

// ByteSource, ByteSink and RandomSource live in base, where adapters can implement them too. This
// room opens no file and no socket.
#include "base/io.h"
