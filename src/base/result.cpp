// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

namespace valise {

std::string_view to_string(Code code) {
    switch (code) {
    case Code::invalid:
        return "invalid";
    case Code::refused:
        return "refused";
    case Code::not_found:
        return "not_found";
    case Code::conflict:
        return "conflict";
    case Code::integrity:
        return "integrity";
    case Code::limit:
        return "limit";
    case Code::unavailable:
        return "unavailable";
    case Code::internal:
        return "internal";
    }
    return "internal";
}

std::string Error::text() const {
    return context_.empty() ? reason_ : reason_ + ": " + context_;
}

} // namespace valise
