// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/http_witness.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace valise::adapters {
namespace {

constexpr std::size_t kMaxAnswer = 64 << 10; // a cosignature line has 3.3 kB at most
constexpr std::size_t kMaxPath = 1024;

// What may stand in a path as it is.
bool plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '.' || c == '_' || c == '-' || c == '~';
}

} // namespace

Result<std::unique_ptr<HttpWitness>> HttpWitness::at(const std::string& url,
                                                     HttpClientLimits limits) {
    constexpr std::string_view kHead = "http://127.0.0.1:";
    const auto wrong = [&] {
        return fail(Code::invalid, "adapters.witness_url",
                    "'" + printable(url) + "' is not http://127.0.0.1:PORT/PATH");
    };
    if (!url.starts_with(kHead))
        return wrong();
    const char* end = url.data() + url.size();
    std::uint16_t port = 0;
    const auto [rest, error] = std::from_chars(url.data() + kHead.size(), end, port);
    std::string path(rest, end);
    if (error != std::errc() || port == 0 || path.size() > kMaxPath ||
        (!path.empty() && path.front() != '/') || !std::ranges::all_of(path, plain))
        return wrong();
    while (path.ends_with('/'))
        path.pop_back();
    limits.body_bytes = std::min(limits.body_bytes, kMaxAnswer);
    return std::unique_ptr<HttpWitness>(
        new HttpWitness(HttpClient::over_loopback(port, limits), path + "/add-checkpoint"));
}

Result<tlog::WitnessAnswer> HttpWitness::add_checkpoint(std::string_view body) {
    HttpCall call;
    call.method = "POST";
    call.target = target_;
    call.headers = {{"content-type", "text/plain; charset=utf-8"}};
    call.body = view(body);
    auto answer = client_.send(call);
    // A kept connection that the witness had closed; asking twice does no harm.
    if (!answer && answer.error().reason() == "adapters.http_broken")
        answer = client_.send(call);
    TRY(answer);
    const auto type = answer->headers.find("content-type");
    return tlog::WitnessAnswer{static_cast<int>(answer->status),
                               type == answer->headers.end() ? std::string() : type->second,
                               to_text(answer->body)};
}

} // namespace valise::adapters
