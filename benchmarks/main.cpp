// SPDX-License-Identifier: Apache-2.0
// valise-bench seal|open|parts MIB | small ROUNDS SECONDS | situations TERMS | decide TERMS SECONDS
// The arithmetic limits of this machine, and decide() with the situations that its peers decide
// too, as JSON; ./bench calls it beside what it compares.
#include "measure.h"
#include "situations.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

int main(int count, char** words) {
    using namespace valise;
    const std::string_view what = count > 1 ? words[1] : "";
    Json out;
    if ((what == "seal" || what == "open" || what == "parts") && count == 3)
        out = bench::bulk(
            what, static_cast<std::size_t>(std::max(2L, std::strtol(words[2], nullptr, 10))),
            std::max(1U, std::thread::hardware_concurrency()));
    else if (what == "small" && count == 4)
        out = bench::small(static_cast<unsigned>(std::max(1L, std::strtol(words[2], nullptr, 10))),
                           std::strtod(words[3], nullptr));
    else if (what == "situations" && count == 3)
        out = bench::Situations::make(words[2]).json();
    else if (what == "decide" && count == 4)
        out = bench::decide(words[2], std::strtod(words[3], nullptr));
    if (out.is_null()) {
        std::fputs("usage: valise-bench seal|open|parts MIB | small ROUNDS SECONDS | situations "
                   "TERMS | decide TERMS SECONDS\n",
                   stderr);
        return 2;
    }
    if (what != "situations")
        out["rss_mib"] = bench::peak_rss_mib();
    std::puts(out.dump().c_str());
    return 0;
}
