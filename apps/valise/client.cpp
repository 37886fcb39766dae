// SPDX-License-Identifier: Apache-2.0
#include "client.h"

#include "base/text.h"
#include "logbook/number.h"

#include <fmt/core.h>

#include <cctype>

namespace valise::cli {

namespace {

constexpr JsonLimits kAnswerLimits{.bytes = 8 << 20, .depth = 24, .values = 1'000'000};

Code code_of(std::string_view kind, unsigned status) {
    for (const Code code : {Code::invalid, Code::refused, Code::not_found, Code::conflict,
                            Code::integrity, Code::limit, Code::unavailable, Code::internal})
        if (to_string(code) == kind)
            return code;
    return status >= 500 ? Code::unavailable : Code::invalid;
}

//= RFC 9457 3
Error problem_of(const adapters::HttpAnswer& answer) {
    const auto body = parse_json(answer.body, kAnswerLimits);
    const auto member = [&](const char* name) {
        if (!body || !body->is_object())
            return std::string();
        const auto found = body->find(name);
        return found != body->end() && found->is_string() ? found->get<std::string>()
                                                          : std::string();
    };
    std::string reason = member("code");
    if (reason.empty())
        reason = "cli.answer";
    std::string detail = member("detail");
    if (detail.empty())
        detail = "the registry answered with status " + std::to_string(answer.status);
    return {code_of(member("kind"), answer.status), printable(reason), printable(detail, 4096)};
}

// From the start of a file to its end, once.
class Whole : public ByteSource {
public:
    explicit Whole(const RandomSource& source) : source_(&source) {}
    Result<std::size_t> read(std::span<Byte> out) override {
        const auto count = static_cast<std::size_t>(
            std::min<std::uint64_t>(out.size(), source_->size() - position_));
        TRY(source_->read_at(position_, out.first(count)));
        position_ += count;
        return count;
    }

private:
    const RandomSource* source_;
    std::uint64_t position_ = 0;
};

// Once in the life of the program, however often it connects.
void show_banner(const Json& status) {
    static bool shown_already = false;
    if (std::exchange(shown_already, true))
        return;
    const auto banner = status.find("banner");
    if (banner == status.end() || !banner->is_object() || banner->empty())
        return;
    auto words = banner->find(globals().language);
    if (words == banner->end())
        words = banner->begin();
    if (words->is_string())
        note(printable(words->get_ref<const std::string&>(), 1000));
}

} // namespace

Result<Client> Client::connect(std::chrono::milliseconds patience) {
    if (globals().socket.empty())
        return fail(Code::unavailable, "cli.no_socket", "which registry? No socket is named");
    adapters::HttpClientLimits limits;
    limits.answer = patience;
    Client out(adapters::HttpClient::over_unix(globals().socket, limits));
    TRY_ASSIGN(out.status_, out.get("/api/v1/status"));
    TRY_ASSIGN(out.party_, text_in(out.status_, "party"));
    const auto agreement = out.status_.find("agreement");
    if (agreement == out.status_.end())
        return fail(Code::invalid, "cli.answer", "the status names no agreement");
    TRY_ASSIGN(out.terms_digest_, hash_in(*agreement, "digest"));
    show_banner(out.status_);
    return out;
}

Result<adapters::HttpAnswer> Client::call(const adapters::HttpCall& request) {
    TRY_ASSIGN(auto answer, http_.send(request));
    if (answer.status != 200)
        return fail(problem_of(answer));
    return answer;
}

Result<Json> Client::get(const std::string& path) {
    TRY_ASSIGN(const auto answer, call({.method = "GET", .target = path}));
    return parse_json(answer.body, kAnswerLimits);
}

Result<Json> Client::post(const std::string& path, ByteView body) {
    TRY_ASSIGN(const auto answer, call({.method = "POST",
                                        .target = path,
                                        .headers = {{"content-type", "application/octet-stream"}},
                                        .body = body}));
    return parse_json(answer.body, kAnswerLimits);
}

Result<Bytes> Client::get_bytes(const std::string& path) {
    MemorySink sink;
    TRY(download(path, sink));
    return sink.take();
}

Result<void> Client::download(const std::string& path, ByteSink& to) {
    TRY(call({.method = "GET", .target = path, .download = &to}));
    return {};
}

Result<void> Client::fetch(const std::string& path, ByteView body, ByteSink& to) {
    TRY(call({.method = "POST",
              .target = path,
              .headers = {{"content-type", "application/octet-stream"}},
              .body = body,
              .download = &to}));
    return {};
}

Result<std::string> Client::upload(const RandomSource& sealed) {
    Whole source(sealed);
    TRY_ASSIGN(const auto answer, call({.method = "POST",
                                        .target = "/api/v1/blobs",
                                        .headers = {{"content-type", "application/octet-stream"}},
                                        .upload = &source,
                                        .upload_bytes = sealed.size()}));
    TRY_ASSIGN(const Json body, parse_json(answer.body, kAnswerLimits));
    return text_in(body, "blob");
}

Result<agreement::Terms> Client::terms() {
    TRY_ASSIGN(const Bytes file, get_bytes("/api/v1/agreement"));
    TRY_ASSIGN(auto terms, agreement::Terms::parse(file));
    if (terms.digest() != terms_digest_)
        return fail(Code::integrity, "cli.terms_digest",
                    "the agreement's file is not the one that the registry names");
    return terms;
}

Result<Json> Client::item(const std::string& name) {
    if (ItemId::parse(name))
        return get("/api/v1/items/" + name);
    if (logbook::RegisterNumber::parse(name)) {
        TRY_ASSIGN(const Json list, get("/api/v1/items?number=" + name));
        const auto items = list.find("items");
        if (items != list.end() && items->is_array() && !items->empty() &&
            items->front().value("number", "") == name)
            return items->front();
    }
    return fail(Code::not_found, "cli.no_item",
                "no item of the id or number '" + printable(name) + "'");
}

Result<Json> Client::copy(const std::string& name) {
    const auto slash = name.find('/');
    if (slash == std::string::npos && CopyId::parse(name)) {
        TRY_ASSIGN(Json copy, get("/api/v1/copies/" + name));
        return copy;
    }
    if (slash != std::string::npos) {
        TRY_ASSIGN(const Json found, item(name.substr(0, slash)));
        for (Json copy : found.value("copies", Json::array()))
            if (std::to_string(copy.value("number", std::uint64_t{0})) == name.substr(slash + 1)) {
                copy["item"] = found.value("item", "");
                return copy;
            }
    }
    return fail(Code::not_found, "cli.no_copy",
                "no copy '" + printable(name) + "': an id (cpy-…), or item and copy number as " +
                    party_ + "-2026-0001/1");
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text)
        out += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'
                   ? std::string(1, c)
                   : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

Result<std::string> text_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string())
        return fail(Code::invalid, "cli.answer",
                    std::string("the registry's answer lacks '") + name + "'");
    return found->get<std::string>();
}

Result<Hash32> hash_in(const Json& object, const char* name) {
    TRY_ASSIGN(const std::string text, text_in(object, name));
    TRY_ASSIGN(const Bytes bytes, from_base64(text));
    return fixed<32>(bytes, "cli.answer");
}

} // namespace valise::cli
