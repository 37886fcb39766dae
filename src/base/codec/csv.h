// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <map>
#include <string>
#include <vector>

namespace valise {

struct CsvRow {
    std::size_t line = 0;                      // in the file, from 1
    std::map<std::string, std::string> fields; // by the name of the column; empty ones left out
};

struct CsvLimits {
    std::size_t rows = 1'000'000;
    std::size_t field_bytes = 4096;
};

// RFC 4180 with a header, UTF-8, LF or CRLF; quotes may hold line ends and "" for a quote. Every
// row has as many fields as the header; a byte order mark is skipped; nothing is trimmed. Own code:
// the packaged readers take what is malformed (a quote inside a field, a short row) for what it
// might have meant, and a register is not guessed at. `columns` are those that the reader knows:
// any other is refused with the nearest of them.
// Errors: invalid base.csv (with the line), base.csv_column, base.csv_limit.
Result<std::vector<CsvRow>> read_csv(ByteView bytes, const std::vector<std::string>& columns,
                                     const CsvLimits& limits = {});

} // namespace valise
