// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace valise {

// What a caller can do about an error. Closed on purpose: a new way to fail gets a new reason id,
// not a new code.
enum class Code {
    invalid,     // the input is malformed; nothing was changed
    refused,     // the agreement, or a rule of a key service, forbids it
    not_found,   // no such thing is known here
    conflict,    // the state does not allow it now (already done, wrong order)
    integrity,   // a hash, signature or proof does not hold
    limit,       // a stated bound was passed
    unavailable, // a peer, daemon or disk cannot be reached; trying again later may help
    internal,    // our own fault, or the machine's
};

std::string_view to_string(Code code);

// An error as a value. `reason` is a stable id of the form "room.what" (docs/errors.md lists them);
// `context` is for the operator and holds no content, key or unescaped byte of a peer.
class Error {
public:
    Error(Code code, std::string reason, std::string context = {})
        : code_(code), reason_(std::move(reason)), context_(std::move(context)) {}

    Code code() const { return code_; }
    const std::string& reason() const { return reason_; }
    const std::string& context() const { return context_; }

    // "reason: context", for a log line or an error text.
    std::string text() const;

private:
    Code code_;
    std::string reason_;
    std::string context_;
};

template<class T> class [[nodiscard]] Result : public std::expected<T, Error> {
public:
    using std::expected<T, Error>::expected;
};

inline std::unexpected<Error> fail(Error error) {
    return std::unexpected<Error>(std::move(error));
}

inline std::unexpected<Error> fail(Code code, std::string reason, std::string context = {}) {
    return std::unexpected<Error>(Error(code, std::move(reason), std::move(context)));
}

} // namespace valise

#define VALISE_CONCAT_(a, b) a##b
#define VALISE_CONCAT(a, b) VALISE_CONCAT_(a, b)

// TRY(expr); returns the error of `expr` to the caller.
#define TRY(...)                                                                                   \
    do {                                                                                           \
        auto valise_result = (__VA_ARGS__);                                                        \
        if (!valise_result)                                                                        \
            return ::valise::fail(std::move(valise_result).error());                               \
    } while (false)

// TRY_ASSIGN(auto x, expr); the same, and binds the value.
#define TRY_ASSIGN(declaration, ...)                                                               \
    VALISE_TRY_ASSIGN(VALISE_CONCAT(valise_result_, __LINE__), declaration, __VA_ARGS__)
#define VALISE_TRY_ASSIGN(result, declaration, ...)                                                \
    auto result = (__VA_ARGS__);                                                                   \
    if (!result)                                                                                   \
        return ::valise::fail(std::move(result).error());                                          \
    declaration = std::move(*result)
