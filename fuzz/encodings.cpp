// SPDX-License-Identifier: Apache-2.0
// Hexadecimal, base64, base32, UTF-8, times and ids: what is admitted is written back as the same
// text.
#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/text.h"

#include <cstdlib>

namespace {

void same(bool equal) {
    if (!equal)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const valise::ByteView bytes(data, size);
    const auto text = valise::text_view(bytes);
    if (const auto hex = valise::from_hex(text))
        same(valise::from_hex(valise::to_hex(*hex)).value() == *hex);
    if (const auto base64 = valise::from_base64(text))
        same(valise::to_base64(*base64) == text);
    if (const auto base32 = valise::from_base32(text))
        same(valise::from_base32(valise::to_base32(*base32)).value() == *base32);
    same(valise::from_hex(valise::to_hex(bytes)).value() == valise::to_bytes(bytes));
    same(valise::from_base64(valise::to_base64(bytes)).value() == valise::to_bytes(bytes));
    same(valise::from_base32(valise::to_base32(bytes)).value() == valise::to_bytes(bytes));
    same(valise::is_utf8(valise::printable(text)));
    if (const auto time = valise::Time::parse(text))
        same(time->text() == text || time->date_text() == text);
    if (const auto id = valise::ItemId::parse(text))
        same(id->text() == text && valise::from_base32(text.substr(4)).value().size() == 10);
    return 0;
}
