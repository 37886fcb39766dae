// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "render/sandbox.h"

// Office documents are turned into a PDF by LibreOffice, where it is installed, in a sandbox of its
// own: it needs programs, processes and a home that it can write to, which the one that draws
// forbids. What comes out is no more trusted than what went in: it is drawn as any other PDF, in
// the sandbox of those (docs/decisions/0025-prints.md).
namespace valise::render {

bool office_installed();

// In a process of its own, forked before a byte of a document is read. Waits on `from` for a
// document, and answers on `to` with a PDF; each is a size (u32) and that many bytes, and a size of
// 0 says that there is none. Before its answer stands one byte: whether its sandbox does. `turn`: a
// file that is locked meanwhile, so that one document is converted at a time; -1: there is none.
// Returns at once where nobody asks.
void serve_office(int from, int to, const Limits& limits, int turn = -1);

// What holds it: in the process that will fork the one inside, which is root on no side of the
// walls; and in the one inside. Errors: unavailable render.sandbox.
bool leave_for_office();
Result<void> enter_office_sandbox(const Limits& limits);

// The side that asks. Errors: invalid render.office (its sandbox does not stand), render.damaged
// (no PDF came back), limit render.too_large.
Result<Bytes> ask_office(int to, int from, ByteView document);

} // namespace valise::render
