// SPDX-License-Identifier: Apache-2.0
// The body of a form and the header of cookies, as anybody sends them before a sign-in.
#include "desk/internal/form_body.h"

#include "base/text.h"

#include <cstdlib>

namespace {

using namespace valise;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

void read_form(ByteView bytes) {
    const auto form = desk::parse_form_body(bytes);
    if (!form) {
        hold(form.error().reason() == "desk.form_body" ||
             form.error().reason() == "desk.form_limit");
        return;
    }
    hold(form->size() <= desk::kMaxFormFields);
    std::string written;
    for (const auto& [name, value] : *form) {
        hold(is_utf8(name) && is_utf8(value) && value.find('\r') == std::string::npos);
        written += written.empty() ? "" : "&";
        for (const char c : name)
            written += "%" + to_hex(view(std::string_view(&c, 1)));
        written += "=";
        for (const char c : value)
            written += "%" + to_hex(view(std::string_view(&c, 1)));
    }
    if (written.size() <= desk::kMaxFormBody)
        hold(desk::parse_form_body(view(written)).value() == *form);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_form({data, size});
    const auto cookie = desk::cookie_in(text_view({data, size}), "valise");
    hold(cookie.has_value() || cookie.error().reason() == "desk.cookie");
    if (cookie && *cookie)
        hold((*cookie)->find(';') == std::string::npos);
    return 0;
}
