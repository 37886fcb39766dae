// SPDX-License-Identifier: Apache-2.0
// The 5636 form of a label, and the data attributes beside it. What is read is written and read
// back as the same, and agrees with a label only if it says the same.
#include "base/bytes.h"
#include "label/attributes.h"
#include "label/internal/test_scheme.h"
#include "label/json5636.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::label;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

std::vector<std::string> lines(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

void read_json(std::string_view text) {
    const auto read = read_5636(text);
    if (!read) {
        hold(!read.error().reason().empty());
        return;
    }
    Label label;
    label.policy_id = read->policy;
    label.classification = read->classification;
    label.categories = read->categories;
    label.created = read->created;
    const auto written = write_5636(label);
    if (read->created == Time{})
        return; // written labels always have a date
    hold(written.has_value());
    const auto again = read_5636(*written);
    hold(again.has_value() && *again == *read);

    const Label other = testing::gokuhi();
    const Scheme scheme = testing::japan();
    const auto fqns = attributes(other, scheme, "demo.example").value();
    if (agree(other, scheme, "demo.example", fqns, text))
        hold(same_value(read->classification, other.classification) &&
             read->created == other.created);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = valise::text_view({data, size});
    read_json(text);
    // The same bytes as attributes, one a line, beside a good label.
    static const Label label = testing::gokuhi();
    static const std::string json = write_5636(label).value();
    static const Scheme scheme = testing::japan();
    static const auto right = attributes(label, scheme, "demo.example").value();
    auto given = lines(text);
    if (agree(label, scheme, "demo.example", given, json))
        hold(given.size() == right.size());
    return 0;
}
