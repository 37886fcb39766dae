// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "render/drawing.h"

#include <algorithm>

namespace valise::render {

namespace {

bool begins(ByteView document, std::string_view with) {
    return text_view(document).starts_with(with);
}

// Office documents are archives that name themselves in their first entry, or of the older kind.
bool is_office(ByteView document) {
    if (begins(document, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
        return true;
    const std::string_view head =
        text_view(document.first(std::min<std::size_t>(document.size(), 4096)));
    return begins(document, "PK\x03\x04") &&
           (head.find("[Content_Types].xml") != std::string_view::npos ||
            head.find("application/vnd.oasis.opendocument") != std::string_view::npos);
}

bool is_text(ByteView document) {
    const auto control = [](Byte byte) {
        return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f') ||
               byte == 0x7f;
    };
    return !document.empty() && std::ranges::none_of(document, control) &&
           is_utf8(text_view(document));
}

} // namespace

Kind kind_of(ByteView document) {
    constexpr std::size_t kHead = 1024; // readers of PDF look so far for its mark
    if (begins(document, "\x89PNG\r\n\x1a\n"))
        return Kind::png;
    if (begins(document, "\xff\xd8\xff"))
        return Kind::jpeg;
    if (is_office(document))
        return Kind::office;
    const ByteView head = document.first(std::min(document.size(), kHead));
    if (text_view(head).find("%PDF-") != std::string_view::npos)
        return Kind::pdf;
    return is_text(document) ? Kind::text : Kind::other;
}

} // namespace valise::render
