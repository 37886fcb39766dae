// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/jwt.h"

#include <cmath>

namespace valise::desk {
namespace {

constexpr double kLastSecond = 253402300799; // of the year 9999

Result<Json> part(std::string_view text, std::size_t max_bytes) {
    auto bytes = from_base64url(text);
    if (!bytes)
        return token_refused();
    auto value = parse_json(*bytes, {.bytes = max_bytes, .depth = 8, .values = 1000});
    if (!value || !value->is_object())
        return token_refused();
    return std::move(*value);
}

} // namespace

std::unexpected<Error> token_refused() {
    return fail(Code::refused, "desk.token", "the caller did not prove who it is");
}

Result<Jwt> Jwt::parse(std::string_view text, std::size_t max_bytes) {
    const auto first = text.find('.');
    const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (text.size() > max_bytes || second == std::string_view::npos ||
        text.find('.', second + 1) != std::string_view::npos)
        return token_refused();
    Jwt out;
    TRY_ASSIGN(out.header, part(text.substr(0, first), max_bytes));
    TRY_ASSIGN(out.claims, part(text.substr(first + 1, second - first - 1), max_bytes));
    auto signature = from_base64url(text.substr(second + 1));
    // What must be understood and is not: `crit` names extensions that change the meaning.
    if (!signature || out.header.contains("crit"))
        return token_refused();
    out.signature = std::move(*signature);
    out.signed_part = std::string(text.substr(0, second));
    if (const auto alg = out.header.find("alg"); alg != out.header.end() && alg->is_string())
        out.algorithm = alg->get<std::string>();
    return out;
}

std::string Jwt::text(const char* claim) const {
    const auto found = claims.find(claim);
    return found != claims.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> Jwt::time(const char* claim) const {
    const auto found = claims.find(claim);
    if (found == claims.end() || !found->is_number())
        return std::nullopt;
    const double seconds = found->get<double>(); // some write a fraction
    if (!(seconds >= 0) || seconds > kLastSecond)
        return std::nullopt;
    return static_cast<std::int64_t>(std::floor(seconds));
}

Result<void> Jwt::verify(const crypto::JwsKey& key) const {
    if (!key.verify(algorithm, view(signed_part), signature))
        return token_refused();
    return {};
}

} // namespace valise::desk
