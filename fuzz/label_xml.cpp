// SPDX-License-Identifier: Apache-2.0
// A label from outside: the reader holds its bounds on any bytes, and what it takes without a
// missing date is written and read back as the same label.
#include "label/label_xml.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace valise;
    const auto read = label::read_4774({data, size});
    if (!read)
        return 0;
    if (!label::check(read->label))
        std::abort();
    if (read->label.created == Time{} || !read->label.review)
        return 0;
    const auto written = label::write_4774(read->label);
    if (!written)
        std::abort();
    const auto again = label::read_4774(view(*written));
    if (!again || !again->findings.empty())
        std::abort();
    // Without an id its type says nothing and is not written.
    label::Label expected = read->label;
    if (expected.originator_id.empty())
        expected.originator_id_type = again->label.originator_id_type;
    if (again->label != expected)
        std::abort();
    return 0;
}
