// SPDX-License-Identifier: Apache-2.0
#include "lib/internal/handles.h"

#include <algorithm>
#include <cstdlib>

#define VALISE_TEXT_(x) #x
#define VALISE_TEXT(x) VALISE_TEXT_(x)

namespace valise::library {

valise_code code_of(const Error& error) noexcept {
    switch (error.code()) {
    case Code::invalid:
        return VALISE_INVALID;
    case Code::refused:
        return VALISE_REFUSED;
    case Code::not_found:
        return VALISE_NOT_FOUND;
    case Code::conflict:
        return VALISE_CONFLICT;
    case Code::integrity:
        return VALISE_INTEGRITY;
    case Code::limit:
        return VALISE_LIMIT;
    case Code::unavailable:
        return VALISE_UNAVAILABLE;
    case Code::internal:
        break;
    }
    return VALISE_INTERNAL;
}

valise_code report(Error error, valise_error** out) noexcept {
    const valise_code code = code_of(error);
    if (out != nullptr)
        *out = new (std::nothrow) valise_error{std::move(error)}; // without memory the code alone
    return code;
}

Result<void> give(ByteView bytes, valise_bytes* out) {
    if (out == nullptr)
        return {};
    // One byte more, so that a text is also a C string.
    auto* const data = static_cast<unsigned char*>(std::malloc(bytes.size() + 1));
    if (data == nullptr)
        return fail(Code::limit, "library.memory");
    std::ranges::copy(bytes, data);
    data[bytes.size()] = 0;
    *out = {data, bytes.size()};
    return {};
}

Result<void> give(const Json& summary, valise_bytes* out) {
    return out == nullptr ? Result<void>() : give(view(canonical_json(summary)), out);
}

} // namespace valise::library

using namespace valise;

const char* valise_version(void) {
    return VALISE_TEXT(VALISE_VERSION_MAJOR) "." VALISE_TEXT(VALISE_VERSION_MINOR) "." VALISE_TEXT(
        VALISE_VERSION_PATCH);
}

void valise_bytes_free(valise_bytes* bytes) {
    if (bytes == nullptr || bytes->data == nullptr)
        return;
    wipe(std::span<Byte>(bytes->data, bytes->size));
    std::free(bytes->data);
    *bytes = {nullptr, 0};
}

valise_code valise_error_code(const valise_error* error) {
    return error == nullptr ? VALISE_OK : library::code_of(error->error);
}
const char* valise_error_reason(const valise_error* error) {
    return error == nullptr ? "" : error->error.reason().c_str();
}
const char* valise_error_context(const valise_error* error) {
    return error == nullptr ? "" : error->error.context().c_str();
}
void valise_error_free(valise_error* error) {
    delete error;
}
