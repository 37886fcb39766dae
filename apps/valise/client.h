// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/http/client.h"
#include "agreement/terms.h"
#include "base/codec/json.h"
#include "base/ids.h"
#include "logbook/act.h"
#include "output.h"

#include <chrono>
#include <optional>

namespace valise::cli {

// A running registry, over its socket for people. Errors of every call: those that the registry
// answered (its reason ids), unavailable adapters.http_connect when nobody listens.
class Client {
public:
    // Asks for the status, and shows the banner of draft terms. Errors: invalid cli.no_socket.
    // `patience`: how long an answer may take to begin.
    static Result<Client> connect(std::chrono::milliseconds patience = std::chrono::minutes(1));

    const Json& status() const { return status_; }
    const std::string& party() const { return party_; }
    const Hash32& terms_digest() const { return terms_digest_; }

    Result<Json> get(const std::string& path);
    Result<Json> post(const std::string& path, ByteView body = {});
    Result<Bytes> get_bytes(const std::string& path);
    Result<void> download(const std::string& path, ByteSink& to);
    // The same for what is made from what is sent.
    Result<void> fetch(const std::string& path, ByteView body, ByteSink& to);
    // A sealed file; the id under which an act names it.
    Result<std::string> upload(const RandomSource& sealed);

    // The agreement that the registry runs, read from its own file.
    Result<agreement::Terms> terms();

    // An item by its id or by its number in the register.
    Result<Json> item(const std::string& name);

    // A copy by its id, or as "JPN-2026-0001/2": the copy, with its item's id under "item".
    Result<Json> copy(const std::string& name);

private:
    explicit Client(adapters::HttpClient http) : http_(std::move(http)) {}
    Result<adapters::HttpAnswer> call(const adapters::HttpCall& request);

    adapters::HttpClient http_;
    Json status_;
    std::string party_;
    Hash32 terms_digest_{};
};

// Members of an answer that must be there. Errors: invalid cli.answer.
Result<std::string> text_in(const Json& object, const char* name);
Result<Hash32> hash_in(const Json& object, const char* name);

// For a query, as RFC 3986 has it.
std::string percent_encoded(std::string_view text);

} // namespace valise::cli
