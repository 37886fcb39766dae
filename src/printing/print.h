// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "forms/envelope_face.h"
#include "forms/sheet.h"

namespace valise::printing {

// The sheet as a PDF of A4 pages. The same sheet gives the same bytes wherever the same fonts and
// libraries are: nothing of the machine, the time or a random number stands in it. Errors:
// unavailable printing.font (no installed font has a character of it), internal printing.cairo.
Result<Bytes> print(const forms::Sheet& sheet);

// One face of an envelope, on a page of A4 across: printed on the envelope, or cut out and glued
// on. Its properties say nothing either. Errors: as print().
Result<Bytes> print(const forms::EnvelopeFace& face);

} // namespace valise::printing
