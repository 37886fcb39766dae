// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/http_test_support.h"
#include "adapters/sockets/sockets.h"
#include "conformance/temporary_folder.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <thread>

namespace valise::adapters {
namespace {

using namespace testing_support;
using std::chrono::milliseconds;
using tests::TemporaryFolder;

// Counts what comes, and refuses as it is told.
struct Upload : HttpUpload {
    Result<void> write(ByteView bytes) override {
        largest = std::max(largest, bytes.size());
        if (refuse_at && count + bytes.size() >= *refuse_at)
            return fail(Code::conflict, "test.refused", "not now");
        count += bytes.size();
        return {};
    }
    HttpResponse finish() override { return text_response(std::to_string(count)); }
    std::uint64_t count = 0;
    std::size_t largest = 0;
    std::optional<std::uint64_t> refuse_at;
};

// Five megabytes of unknown length; fails before its end when it is to be broken.
class Made : public ByteSource {
public:
    explicit Made(bool broken) : broken_(broken) {}
    Result<std::size_t> read(std::span<Byte> out) override {
        if (left_ < (1 << 20) && broken_)
            return fail(Code::internal, "test.broken", "half way");
        const std::size_t count = std::min({out.size(), left_, std::size_t{70'001}});
        std::fill_n(out.begin(), count, Byte{7});
        left_ -= count;
        return count;
    }

private:
    bool broken_;
    std::size_t left_ = 5 << 20;
};

class Http : public testing::Test {
protected:
    static HttpResponse respond(const HttpRequest& request) {
        if (request.target == "/throw")
            throw std::runtime_error("x");
        if (request.target == "/inject") {
            auto response = text_response("x");
            response.headers["x-a"] = "1\r\nx-b: 2";
            return response;
        }
        if (request.target == "/file") {
            auto response = text_response("head:");
            response.file = std::make_shared<Zeros>(10 << 20);
            response.file_offset = 5;
            response.file_bytes = (10 << 20) - 5;
            return response;
        }
        if (request.target.starts_with("/stream")) {
            auto response = text_response("not sent");
            response.stream = std::make_shared<Made>(request.target == "/stream/broken");
            return response;
        }
        if (request.target == "/empty")
            return text_response("", 204);
        std::string seen = request.method + " " + request.target + " " + request.connection + " " +
                           std::to_string(request.body.size());
        if (const auto header = request.headers.find("x-test"); header != request.headers.end())
            seen += " " + header->second;
        return text_response(seen);
    }

    HttpService service() {
        HttpService out;
        out.handler = respond;
        out.upload = [](const HttpRequest& request) -> std::unique_ptr<HttpUpload> {
            if (!request.target.starts_with("/upload"))
                return nullptr;
            auto upload = std::make_unique<Upload>();
            if (request.target == "/upload/no")
                upload->refuse_at = 0;
            if (request.target == "/upload/half")
                upload->refuse_at = 1 << 20;
            return upload;
        };
        out.limits.body_bytes = 1 << 20;
        out.limits.header = milliseconds(2000);
        return out;
    }

    void SetUp() override {
        ASSERT_TRUE(server_.listen_unix(path(), 0600, service()));
        const auto port = server_.listen_loopback(0, service());
        ASSERT_TRUE(port);
        port_ = *port;
        ASSERT_TRUE(server_.start());
    }
    std::string path() const { return folder_ / "api.sock"; }
    HttpClient client() const { return HttpClient::over_unix(path(), quick()); }

    // Sends bytes as they are and returns all that comes back until the end.
    std::string raw(std::string_view request) const {
        const auto socket = connect_tcp_socket("127.0.0.1", port_, after(milliseconds(2000)));
        EXPECT_TRUE(socket);
        EXPECT_TRUE(write_fully(socket->get(), view(request)));
        ::shutdown(socket->get(), SHUT_WR);
        std::string out;
        std::array<char, 4096> some{};
        while (wait_for(socket->get(), POLLIN, after(milliseconds(4000)))) {
            const auto count = ::recv(socket->get(), some.data(), some.size(), 0);
            if (count <= 0)
                break;
            out.append(some.data(), static_cast<std::size_t>(count));
        }
        return out;
    }
    std::string status(std::string_view request) const {
        const std::string answer = raw(request);
        return answer.size() < 12 ? "none" : answer.substr(9, 3);
    }

    TemporaryFolder folder_;
    HttpServer server_{2};
    std::uint16_t port_ = 0;
};

TEST_F(Http, AnswersOnOneConnectionOverSocketAndLoopback) {
    auto local = client();
    EXPECT_EQ(local.protection(), "");
    for (int i = 0; i < 3; ++i) {
        const auto answer = local.send({.target = "/a?b=c", .headers = {{"X-Test", "v"}}});
        ASSERT_TRUE(answer) << answer.error().text();
        EXPECT_EQ(answer->status, 200u);
        EXPECT_EQ(to_text(answer->body), "GET /a?b=c local socket 0 v");
        EXPECT_EQ(answer->headers.at("content-type"), "text/plain");
    }
    auto loopback = HttpClient::over_loopback(port_, quick());
    const Bytes body(1 << 20, 7);
    const auto answer = loopback.send({.method = "POST", .target = "/x", .body = body});
    ASSERT_TRUE(answer);
    EXPECT_EQ(to_text(answer->body), "POST /x loopback 1048576");
    EXPECT_EQ(loopback.protection(), "loopback");
    EXPECT_EQ(loopback.send({.method = "HEAD", .target = "/x"})->body.size(), 0u);
    EXPECT_EQ(loopback.send({.target = "/empty"})->status, 204u);
    EXPECT_EQ(loopback.send({.target = "/still"})->status, 200u);
}

TEST_F(Http, ABodyOverTheLimitIs413) {
    auto local = client();
    const Bytes body((1 << 20) + 1, 7);
    auto answer = local.send({.method = "POST", .target = "/x", .body = body});
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 413u);
    EXPECT_EQ(status("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n100001\r\n" +
                     std::string(0x100001, 'x') + "\r\n0\r\n\r\n"),
              "413");
    answer = local.send({.target = "/x"});
    EXPECT_EQ(answer->status, 200u);
}

TEST_F(Http, AnUploadOf64MebibytesNeedsLittleMemory) {
    rusage before{};
    ::getrusage(RUSAGE_SELF, &before);
    auto local = client();
    Zeros zeros(64 << 20);
    const auto answer = local.send(
        {.method = "PUT", .target = "/upload", .upload = &zeros, .upload_bytes = 64 << 20});
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(to_text(answer->body), std::to_string(64 << 20));
    rusage later{};
    ::getrusage(RUSAGE_SELF, &later);
    EXPECT_LT(later.ru_maxrss - before.ru_maxrss, 16 * 1024); // KiB
}

TEST_F(Http, AnUploadIsRefusedBeforeOrOnTheWay) {
    for (const char* target : {"/upload/no", "/upload/half"}) {
        auto local = client();
        Zeros zeros(std::uint64_t{1} << 40); // would never end
        const auto answer = local.send({.method = "PUT",
                                        .target = target,
                                        .upload = &zeros,
                                        .upload_bytes = std::uint64_t{1} << 40});
        ASSERT_TRUE(answer) << answer.error().text();
        EXPECT_EQ(answer->status, 409u);
        EXPECT_NE(to_text(answer->body).find("test.refused"), std::string::npos);
        EXPECT_EQ(local.send({.target = "/x"})->status, 200u);
    }
    Zeros tooShort(10);
    const auto answer = client().send(
        {.method = "PUT", .target = "/upload", .upload = &tooShort, .upload_bytes = 11});
    EXPECT_EQ(answer.error().reason(), "adapters.http_request");
}

TEST_F(Http, ExpectContinueAndChunkedUploads) {
    const std::string answer = raw("PUT /upload HTTP/1.1\r\nexpect: 100-continue\r\n"
                                   "transfer-encoding: chunked\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\n")) << answer;
    const std::string chunked = raw("PUT /upload HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"
                                    "5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nContent-Length: 9\r\n\r\n"
                                    "GET /next HTTP/1.1\r\n\r\n");
    EXPECT_EQ(chunked.find("\r\n\r\n8"), std::string::npos) << "a length in a trailer is refused";
    EXPECT_NE(raw("PUT /upload HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"
                  "5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\n\r\nGET /next HTTP/1.1\r\n\r\n")
                  .find("GET /next"),
              std::string::npos)
        << "the next request of the same connection";
}

TEST_F(Http, ABodyMayArriveByteByByte) {
    const std::string request = "PUT /upload HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";
    for (const char* body : {"0\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "0\r\na: b\r\n\r\n"}) {
        const auto socket = connect_tcp_socket("127.0.0.1", port_, after(milliseconds(2000)));
        ASSERT_TRUE(write_fully(socket->get(), view(request)));
        for (const char* at = body; *at != '\0'; ++at) {
            ASSERT_TRUE(write_fully(socket->get(), view(std::string_view(at, 1))));
            std::this_thread::sleep_for(milliseconds(5));
        }
        ASSERT_TRUE(wait_for(socket->get(), POLLIN, after(milliseconds(4000))));
        std::array<char, 12> answer{};
        ASSERT_EQ(::recv(socket->get(), answer.data(), answer.size(), MSG_WAITALL), 12);
        EXPECT_EQ(std::string_view(answer.data() + 9, 3), "200") << body;
    }
}

TEST_F(Http, StreamsFilesBehindTheBody) {
    CountingSink sink;
    auto local = client();
    const auto answer = local.send({.target = "/file", .download = &sink});
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(sink.count, std::uint64_t{10} << 20);
    EXPECT_LE(sink.largest, std::size_t{64} << 10);
    EXPECT_TRUE(answer->body.empty());
    const auto bounded = local.send({.target = "/file"});
    EXPECT_EQ(bounded.error().reason(), "adapters.http_body");
    EXPECT_EQ(local.send({.target = "/x"})->status, 200u);
}

TEST_F(Http, StreamsWhatIsMadeOnTheWay) {
    CountingSink sink;
    auto local = client();
    const auto answer = local.send({.target = "/stream", .download = &sink});
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(sink.count, std::uint64_t{5} << 20);
    EXPECT_FALSE(answer->headers.contains("content-length"));
    EXPECT_EQ(local.send({.target = "/x"})->status, 200u) << "the connection goes on";
    EXPECT_EQ(local.send({.target = "/stream/broken", .download = &sink}).error().reason(),
              "adapters.http_broken")
        << "without its last chunk an answer is cut short";
}

TEST_F(Http, RefusesWhatIsNoRequest) {
    EXPECT_EQ(status("rubbish\r\n\r\n"), "400");
    EXPECT_EQ(status("GET / HTTP/2.0\r\n\r\n"), "400");
    EXPECT_EQ(status("POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx"), "400");
    EXPECT_EQ(status("POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n"),
              "400");
    EXPECT_EQ(status("POST / HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n"), "400");
    EXPECT_EQ(status("POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzzzzz\r\n"), "400");
    EXPECT_EQ(status("GET / HTTP/1.1\r\nexpect: miracles\r\n\r\n"), "417");
    EXPECT_EQ(status("GET /" + std::string(2048, 'a') + " HTTP/1.1\r\n\r\n"), "414");
    EXPECT_EQ(status("GET / HTTP/1.1\r\nx: " + std::string(17000, 'a') + "\r\n\r\n"), "431");
    std::string many = "GET / HTTP/1.1\r\n";
    while (many.size() < 20000)
        many += "x-header: some value\r\n";
    EXPECT_EQ(status(many + "\r\n"), "431") << "many small ones make a large one";
    EXPECT_EQ(status("GET / HTTP/1.1\r\n\r\n"), "200");
    EXPECT_EQ(status("GET / HT"), "none");
}

TEST_F(Http, AHandlerThatThrowsOrInjectsHurtsNobodyElse) {
    auto local = client();
    EXPECT_EQ(local.send({.target = "/throw"})->status, 500u);
    const auto injected = local.send({.target = "/inject"});
    ASSERT_TRUE(injected);
    EXPECT_EQ(injected->status, 500u);
    EXPECT_FALSE(injected->headers.contains("x-b"));
    EXPECT_FALSE(local.send({.target = "/x\r\ny: z"}));
    EXPECT_FALSE(local.send({.target = "/x y"}));
    EXPECT_FALSE(local.send({.headers = {{"a", "b\nc"}}}));
    EXPECT_EQ(local.send({.target = "/x"})->status, 200u);
}

TEST_F(Http, TheSocketIsTheOwnersAndADeadOnesIsReplaced) {
    struct stat about{};
    ASSERT_EQ(::stat(path().c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
    HttpServer second;
    EXPECT_EQ(second.listen_unix(path(), 0600, service()).error().reason(),
              "adapters.address_in_use");
    EXPECT_EQ(second.listen_loopback(port_, service()).error().reason(), "adapters.address_in_use");
    EXPECT_FALSE(second.listen_unix(folder_ / "open.sock", 0666, service()));
    EXPECT_FALSE(second.listen_unix(std::string(200, 'x'), 0600, service()));
    {
        const auto dead = listen_unix_socket(folder_ / "dead.sock", 0600);
    }
    EXPECT_TRUE(std::filesystem::exists(folder_ / "dead.sock"));
    EXPECT_TRUE(second.listen_unix(folder_ / "dead.sock", 0660, service()));
    std::filesystem::create_directory(folder_ / "folder");
    EXPECT_FALSE(second.listen_unix(folder_ / "folder", 0600, service()));
}

TEST_F(Http, StoppingCutsThoseWhoWaitAndFreesTheNames) {
    auto local = client();
    ASSERT_TRUE(local.send({}));
    const auto begun = std::chrono::steady_clock::now();
    server_.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(4));
    EXPECT_FALSE(std::filesystem::exists(path()));
    EXPECT_EQ(local.send({}).error().reason(), "adapters.http_connect");
}

TEST_F(Http, AClientSurvivesARestartOfTheServer) {
    auto local = client();
    ASSERT_TRUE(local.send({}));
    server_.stop();
    HttpServer second;
    ASSERT_TRUE(second.listen_unix(path(), 0600, service()));
    ASSERT_TRUE(second.start());
    EXPECT_TRUE(local.send({}));
}

TEST_F(Http, SlowHeadersAndSurplusConnectionsAreCut) {
    HttpService strict = service();
    strict.limits.header = milliseconds(200);
    strict.limits.connections = 2;
    HttpServer server;
    const auto port = server.listen_loopback(0, std::move(strict));
    ASSERT_TRUE(port);
    ASSERT_TRUE(server.start());
    const auto slow = connect_tcp_socket("127.0.0.1", *port, after(milliseconds(1000)));
    const auto idle = connect_tcp_socket("127.0.0.1", *port, after(milliseconds(1000)));
    ASSERT_TRUE(write_fully(slow->get(), view("GET / HT")));
    auto third = HttpClient::over_loopback(*port, quick());
    std::this_thread::sleep_for(milliseconds(100));
    EXPECT_EQ(third.send({}).error().reason(), "adapters.http_broken");
    // The slow one is cut at its deadline, and there is room again.
    std::this_thread::sleep_for(milliseconds(1500));
    EXPECT_TRUE(third.send({}));
}

TEST_F(Http, NoMoreHandlersAtATimeThanWorkers) {
    std::atomic<int> running{0};
    std::atomic<int> most{0};
    HttpService busy;
    busy.handler = [&](const HttpRequest&) {
        most = std::max(most.load(), ++running);
        std::this_thread::sleep_for(milliseconds(30));
        --running;
        return text_response("x");
    };
    HttpServer server(2);
    ASSERT_TRUE(server.listen_unix(folder_ / "busy.sock", 0600, std::move(busy)));
    ASSERT_TRUE(server.start());
    {
        std::vector<std::jthread> callers;
        for (int i = 0; i < 6; ++i)
            callers.emplace_back([&] {
                auto one = HttpClient::over_unix(folder_ / "busy.sock", quick());
                EXPECT_TRUE(one.send({}));
            });
    }
    EXPECT_LE(most.load(), 2);
}

// Passwords travel on this listener: without TLS it is loopback or nothing. Who calls is known by
// the address.
TEST_F(Http, PlainForPeopleIsLoopbackAlone) {
    HttpService service;
    std::string seen;
    service.handler = [&](const HttpRequest& request) {
        seen = request.address;
        return text_response("x");
    };
    HttpServer server(1);
    for (const char* address : {"0.0.0.0", "::", "192.0.2.1", "localhost", ""})
        EXPECT_EQ(server.listen_plain(address, 0, service).error().reason(), "adapters.plain_http")
            << address;
    const auto port = server.listen_plain("127.0.0.1", 0, service);
    ASSERT_TRUE(port.has_value());
    ASSERT_TRUE(server.listen_unix(folder_ / "local.sock", 0600, service));
    ASSERT_TRUE(server.start());
    ASSERT_TRUE(HttpClient::over_loopback(*port, quick()).send({}));
    EXPECT_EQ(seen, "127.0.0.1");
    ASSERT_TRUE(HttpClient::over_unix(folder_ / "local.sock", quick()).send({}));
    EXPECT_EQ(seen, "");
    TlsSite nothing;
    EXPECT_EQ(server.listen_site("127.0.0.1", 0, nothing, service).error().reason(),
              "adapters.tls");
}

} // namespace
} // namespace valise::adapters
