// SPDX-License-Identifier: Apache-2.0
#include "logbook/form.h"

#include "base/text.h"

namespace valise::logbook {
namespace {

constexpr Form kForms[] = {Form::electronic, Form::paper, Form::equipment, Form::oral,
                           Form::visual};
constexpr std::string_view kNames[] = {"electronic", "paper", "equipment", "oral", "visual"};

} // namespace

std::string_view to_string(Form form) {
    const auto index = static_cast<std::size_t>(form);
    return index < std::size(kNames) ? kNames[index] : "?";
}

Result<Form> parse_form(std::string_view text) {
    std::vector<std::string> known;
    for (const Form form : kForms) {
        if (to_string(form) == text)
            return form;
        known.emplace_back(to_string(form));
    }
    const std::string shown(text.substr(0, 60));
    return fail(Code::invalid, "logbook.form",
                "unknown form '" + printable(shown) + "'" + suggestion(shown, known));
}

std::span<const Form> all_forms() {
    return kForms;
}

bool tangible(Form form) {
    return form != Form::oral && form != Form::visual;
}

bool copyable(Form form) {
    return form == Form::electronic || form == Form::paper;
}

} // namespace valise::logbook
