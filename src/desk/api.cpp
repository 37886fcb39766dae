// SPDX-License-Identifier: Apache-2.0
#include "desk/api.h"

#include "desk/internal/openapi.h"
#include "desk/internal/problem.h"
#include "desk/internal/routes.h"

namespace valise::desk {

namespace {

constexpr const char* kBlobs = "/api/v1/blobs";

std::string_view path_of(const HttpRequest& request) {
    return std::string_view(request.target).substr(0, request.target.find('?'));
}

std::string_view query_of(const HttpRequest& request) {
    const auto mark = request.target.find('?');
    return mark == std::string::npos ? std::string_view()
                                     : std::string_view(request.target).substr(mark + 1);
}

// A sealed file on its way into the blob store; dropped unless it is committed.
class BlobUpload : public HttpUpload {
public:
    BlobUpload(BlobId id, std::unique_ptr<registry::BlobWriter> writer)
        : id_(std::move(id)), writer_(std::move(writer)) {}

    Result<void> write(ByteView bytes) override {
        return bytes.empty() ? Result<void>() : writer_->write(bytes);
    }
    HttpResponse finish() override {
        if (const auto done = writer_->commit(); !done)
            return problem(done.error());
        return json_response({{"v", 1}, {"blob", id_.text()}});
    }

private:
    BlobId id_;
    std::unique_ptr<registry::BlobWriter> writer_;
};

class RefusedUpload : public HttpUpload {
public:
    explicit RefusedUpload(Error error) : error_(std::move(error)) {}
    Result<void> write(ByteView) override { return fail(error_); }
    HttpResponse finish() override { return problem(error_); }

private:
    Error error_;
};

} // namespace

Api::Api(registry::Registry& registry, std::function<std::string()> link, const Pages* pages)
    : registry_(registry), link_(std::move(link)), pages_(pages) {}

HttpResponse Api::answer(const HttpRequest& request) const {
    const std::string_view path = path_of(request);
    bool known = false;
    for (const Route& route : routes()) {
        auto parts = match(route.pattern, path);
        if (!parts)
            continue;
        known = true;
        if (request.method != route.method)
            continue;
        auto query = parse_query(query_of(request));
        if (!query)
            return problem(query.error());
        const auto response =
            route.answer(*this, Call{request, std::move(*parts), std::move(*query)});
        return response ? *response : problem(response.error());
    }
    if (!known)
        return problem({Code::not_found, "desk.no_path", std::string(path)});
    HttpResponse response = problem({Code::invalid, "desk.method", request.method});
    response.status = 405;
    return response;
}

HttpResponse Api::answer_health(const HttpRequest& request) const {
    const std::string_view path = path_of(request);
    if (path == "/healthz" || path == "/readyz")
        return answer(request);
    return problem({Code::not_found, "desk.no_path", "only /healthz and /readyz are served here"});
}

std::unique_ptr<HttpUpload> Api::open_upload(const HttpRequest& request) const {
    if (request.method != "POST" || path_of(request) != kBlobs)
        return nullptr;
    auto blob = registry_.receive_blob();
    if (!blob)
        return std::make_unique<RefusedUpload>(std::move(blob).error());
    return std::make_unique<BlobUpload>(std::move(blob->first), std::move(blob->second));
}

Json Api::openapi() {
    return openapi_document();
}

} // namespace valise::desk
