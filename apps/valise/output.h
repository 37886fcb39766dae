// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"
#include "command.h"

namespace valise::cli {

// The answer of a command: with --json the object with "v":1 on standard output, else the lines.
// When the command's bytes go to standard output, `beside` sends the answer to standard error.
enum class Beside { no, yes };
void answer(Json value, std::string_view lines, Beside beside = Beside::no);

// "error: …", then "hint: …" where there is one; with --json also {"v":1,"error":{…}}.
Exit report(const Error& error);
Exit exit_of(const Error& error);
// Begun and not finished: what came of it so far, and in the same object the error that ended it.
Exit answer_partly(Json value, std::string_view lines, const Error& error);

// A line on standard error that is no part of the answer: banners, warnings.
void note(std::string_view line);

// Whether --json answers go to standard error because standard output carries bytes.
void standard_output_is_taken();

// Text of JSON members for lines; "-" when absent. What came from elsewhere is escaped.
std::string shown(const Json& object, const char* name);

} // namespace valise::cli
