// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/form_body.h"

#include "base/text.h"

#include <algorithm>

namespace valise::desk {

namespace {

constexpr std::size_t kMaxCookies = 64;

std::unexpected<Error> malformed(const char* what) {
    return fail(Code::invalid, "desk.form_body", what);
}

// Browsers send CR LF for each line break of a text (HTML, "normalize newlines"): acts hold LF.
std::string with_plain_line_ends(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\r')
            out += text[i];
        else if (i + 1 == text.size() || text[i + 1] != '\n')
            out += '\n';
    }
    return out;
}

Result<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const auto byte = i + 3 <= text.size() ? from_hex(text.substr(i + 1, 2)) : Result<Bytes>();
        if (!byte || byte->size() != 1)
            return malformed("a '%' is not followed by hex");
        out += static_cast<char>(byte->front());
        i += 2;
    }
    if (!is_utf8(out) || out.find('\0') != std::string::npos)
        return malformed("a field is not UTF-8");
    return with_plain_line_ends(out);
}

} // namespace

Result<std::map<std::string, std::string>> parse_form_body(ByteView body) {
    if (body.size() > kMaxFormBody)
        return fail(Code::limit, "desk.form_limit", "a form has at most 1 MiB");
    std::map<std::string, std::string> out;
    std::string_view rest = text_view(body);
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos)
            return malformed("a field has no value");
        TRY_ASSIGN(std::string name, decoded(pair.substr(0, equals)));
        TRY_ASSIGN(std::string value, decoded(pair.substr(equals + 1)));
        if (out.size() == kMaxFormFields)
            return fail(Code::limit, "desk.form_limit", "a form has at most 64 fields");
        if (!out.emplace(std::move(name), std::move(value)).second)
            return malformed("a field stands twice");
    }
    return out;
}

Result<std::optional<std::string>> cookie_in(std::string_view header, std::string_view name) {
    std::optional<std::string> out;
    std::size_t count = 0;
    while (!header.empty()) {
        if (++count > kMaxCookies)
            return fail(Code::invalid, "desk.cookie", "too many cookies");
        std::string_view pair = header.substr(0, header.find(';'));
        header.remove_prefix(std::min(header.size(), pair.size() + 1));
        pair.remove_prefix(std::min(pair.size(), pair.find_first_not_of(' ')));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name)
            continue;
        if (out)
            return fail(Code::invalid, "desk.cookie", "two cookies of one name");
        out = std::string(pair.substr(equals + 1));
    }
    return out;
}

} // namespace valise::desk
