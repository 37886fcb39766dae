// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apps/valise/key_text.h"
#include "envelope/open.h"
#include "envelope/seal.h"
#include "lib/valise.h"

#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <variant>

// What stands behind the handles of valise.h, and the one door through which errors go out.

struct valise_error {
    valise::Error error;
};

struct valise_key {
    std::variant<valise::crypto::WrapPrivateKey, valise::crypto::HybridSigner> key;
};

struct valise_public {
    std::variant<valise::crypto::WrapPublicKey, valise::crypto::HybridPublic> key;
};

struct valise_sealing {
    valise::envelope::SealRequest request;
    const valise::crypto::HybridSigner* signer = nullptr;
    valise::envelope::StatementInputs inputs;
    std::string ns = "valise.invalid"; // which nobody can own
    std::string level;
    bool time_given = false;
};

struct valise_opening {
    std::vector<const valise::crypto::WrapPrivateKey*> keys;
    std::optional<valise::crypto::HybridVerifier> sender;
    std::string from;
    std::string to;
    std::optional<valise::Hash32> root;

    valise::envelope::Expectation expectation() const;
    valise::envelope::ShareProvider shares(bool any_kid = false) const;
};

namespace valise::library {

valise_code code_of(const Error& error) noexcept;
valise_code report(Error error, valise_error** out) noexcept;

inline std::unexpected<Error> bad_argument(const char* what) {
    return fail(Code::invalid, "library.argument", what);
}

// Runs a body and turns its result, and whatever it throws, into a code: no exception crosses.
template<class Body> valise_code guarded(valise_error** error, Body&& body) noexcept {
    if (error != nullptr)
        *error = nullptr;
    try {
        Result<void> result = body();
        return result ? VALISE_OK : report(std::move(result).error(), error);
    } catch (const std::bad_alloc&) {
        return report(Error(Code::limit, "library.memory"), error);
    } catch (const std::exception& thrown) {
        return report(Error(Code::internal, "library.exception", thrown.what()), error);
    } catch (...) {
        return report(Error(Code::internal, "library.exception"), error);
    }
}

// Copies into memory that valise_bytes_free() takes back; a null `out` asks for nothing.
Result<void> give(ByteView bytes, valise_bytes* out);
Result<void> give(const Json& summary, valise_bytes* out);

} // namespace valise::library
