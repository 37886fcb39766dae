// SPDX-License-Identifier: Apache-2.0
#pragma once

// A thin C++17 layer over valise.h: handles that free themselves, and one exception, thrown on this
// side of the ABI only, so that program and library need not be made by the same compiler.

#include "valise.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace valise_api {

class Failure : public std::runtime_error {
public:
    explicit Failure(valise_error* error)
        : std::runtime_error(std::string(valise_error_reason(error)) + ": " +
                             valise_error_context(error)),
          code_(valise_error_code(error)), reason_(valise_error_reason(error)) {
        valise_error_free(error);
    }
    valise_code code() const { return code_; }
    const std::string& reason() const { return reason_; }

private:
    valise_code code_;
    std::string reason_;
};

template<class Function, class... Arguments> void call(Function function, Arguments... arguments) {
    valise_error* error = nullptr;
    if (function(arguments..., &error) != VALISE_OK)
        throw Failure(error);
}

// The text that a function gives, freed.
template<class Function, class... Arguments>
std::string text_of(Function function, Arguments... arguments) {
    valise_bytes bytes{};
    call(function, arguments..., &bytes);
    std::string out(reinterpret_cast<const char*>(bytes.data), bytes.size);
    valise_bytes_free(&bytes);
    return out;
}

template<auto Free> struct Freer {
    template<class T> void operator()(T* handle) const { Free(handle); }
};

using Key = std::unique_ptr<valise_key, Freer<valise_key_free>>;
using Public = std::unique_ptr<valise_public, Freer<valise_public_free>>;
using Sealing = std::unique_ptr<valise_sealing, Freer<valise_sealing_free>>;
using Opening = std::unique_ptr<valise_opening, Freer<valise_opening_free>>;
using Reader = std::unique_ptr<valise_reader, Freer<valise_reader_free>>;

inline Key generate(const char* kind) {
    valise_key* out = nullptr;
    call(valise_key_generate, kind, &out);
    return Key(out);
}

inline Public public_of(const Key& key) {
    valise_public* out = nullptr;
    call(valise_key_public, key.get(), &out);
    return Public(out);
}

inline Sealing new_sealing() {
    valise_sealing* out = nullptr;
    call(valise_sealing_new, &out);
    return Sealing(out);
}

inline Opening new_opening() {
    valise_opening* out = nullptr;
    call(valise_opening_new, &out);
    return Opening(out);
}

inline Reader new_reader(const Opening& opening, const char* from) {
    valise_reader* out = nullptr;
    call(valise_reader_new, opening.get(), from, &out);
    return Reader(out);
}

} // namespace valise_api
