// SPDX-License-Identifier: Apache-2.0
// A form as the registry gives it, and what a person types or scans of one.
#include "forms/form.h"

#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::forms;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    if (const auto form = Form::parse(bytes)) {
        hold(text_view(form->bytes()) == text_view(bytes));
        hold(parse_code_text(code_text(form->digest())).value() == form->digest());
    }
    if (const auto digest = parse_code_text(text_view(bytes)))
        hold(parse_code_text(code_text(*digest)).value() == *digest);
    return 0;
}
