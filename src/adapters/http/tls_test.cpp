// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/http_test_support.h"
#include "adapters/http/wire_carrier.h"
#include "adapters/sockets/sockets.h"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace valise::adapters {
namespace {

using namespace testing_support;
using std::chrono::milliseconds;

class Tls : public testing::Test {
protected:
    void SetUp() override {
        HttpService service;
        service.handler = [this](const HttpRequest& request) {
            const std::lock_guard lock(mutex_);
            seen_ = request;
            ++calls_;
            if (request.method == "PUT")
                return text_response(std::to_string(request.body.size()));
            return text_response(to_text(request.body), status_);
        };
        service.limits.header = milliseconds(3000);
        // Anybody on the list, which a test may change at any time.
        auto accept = [this](const Hash32& key) { return accepted_ && key == kyiv_.spki_sha256; };
        const auto port =
            server_.listen_tls("127.0.0.1", 0, end_of(tokyo_, accept), std::move(service));
        ASSERT_TRUE(port) << port.error().text();
        port_ = *port;
        ASSERT_TRUE(server_.start());
    }
    Result<HttpClient> client(const crypto::TlsIdentity& own, const Hash32& pin) const {
        return HttpClient::over_tls("localhost", port_, end_of(own, only(pin)), quick());
    }

    // A handshake with settings that our own client never has; what OpenSSL says of it.
    bool shakes_hands(int version, const char* groups, bool with_certificate);

    crypto::TlsIdentity tokyo_ = identity();
    crypto::TlsIdentity kyiv_ = identity();
    crypto::TlsIdentity mallory_ = identity();
    std::atomic<bool> accepted_{true};
    std::atomic<int> calls_{0};
    std::atomic<unsigned> status_{200};
    std::mutex mutex_;
    HttpRequest seen_;
    std::uint16_t port_ = 0;
    HttpServer server_;
};

bool Tls::shakes_hands(int version, const char* groups, bool with_certificate) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    EXPECT_EQ(SSL_CTX_set1_groups_list(context, groups), 1);
    if (with_certificate) {
        const auto key = kyiv_.private_key_der.read(SecretAccess::because("test"));
        EXPECT_EQ(SSL_CTX_use_certificate_ASN1(context,
                                               static_cast<int>(kyiv_.certificate_der.size()),
                                               kyiv_.certificate_der.data()),
                  1);
        EXPECT_EQ(SSL_CTX_use_PrivateKey_ASN1(EVP_PKEY_EC, context, key.data(),
                                              static_cast<long>(key.size())),
                  1);
    }
    const auto socket = connect_tcp_socket("127.0.0.1", port_, after(milliseconds(2000)));
    EXPECT_EQ(::fcntl(socket->get(), F_SETFL, 0), 0); // blocking
    SSL* session = SSL_new(context);
    SSL_set_fd(session, socket->get());
    bool good = SSL_connect(session) == 1;
    // In TLS 1.3 the server's opinion of the certificate comes after the handshake.
    const std::string_view request = "GET / HTTP/1.1\r\n\r\n";
    char first = 0;
    good = good && SSL_write(session, request.data(), static_cast<int>(request.size())) > 0 &&
           SSL_read(session, &first, 1) == 1;
    SSL_free(session);
    SSL_CTX_free(context);
    return good;
}

TEST_F(Tls, BothSidesSeeTheOtherOnesKeyAndTheGroup) {
    auto good = client(kyiv_, tokyo_.spki_sha256);
    ASSERT_TRUE(good);
    for (int i = 0; i < 3; ++i) {
        const auto answer = good->send({.method = "POST", .body = view("hello")});
        ASSERT_TRUE(answer) << answer.error().text();
        EXPECT_EQ(to_text(answer->body), "hello");
    }
    EXPECT_EQ(good->protection(), "TLSv1.3 SecP384r1MLKEM1024");
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(seen_.connection, "TLSv1.3 SecP384r1MLKEM1024");
    EXPECT_EQ(seen_.peer_key, kyiv_.spki_sha256);
}

TEST_F(Tls, AWrongPinIsRefusedOnEitherSide) {
    auto deceived = client(kyiv_, mallory_.spki_sha256);
    const auto no_server = deceived->send({});
    ASSERT_FALSE(no_server);
    EXPECT_EQ(no_server.error().reason(), "adapters.peer_key");
    EXPECT_EQ(no_server.error().code(), Code::integrity);
    auto stranger = client(mallory_, tokyo_.spki_sha256);
    const auto no_client = stranger->send({.method = "POST", .body = view("let me in")});
    ASSERT_FALSE(no_client);
    EXPECT_EQ(no_client.error().reason(), "adapters.peer_key") << no_client.error().text();
    EXPECT_EQ(calls_, 0);
}

TEST_F(Tls, EveryFlippedBitOfThePinIsAnotherKey) {
    for (std::size_t bit = 0; bit < 256; bit += 37) {
        Hash32 pin = tokyo_.spki_sha256;
        pin[bit / 8] ^= static_cast<Byte>(1u << (bit % 8));
        EXPECT_FALSE(client(kyiv_, pin)->send({}));
    }
}

TEST_F(Tls, AKeyTakenOffTheListIsRefusedAtTheNextConnection) {
    auto good = client(kyiv_, tokyo_.spki_sha256);
    ASSERT_TRUE(good->send({}));
    accepted_ = false;
    good->disconnect();
    EXPECT_EQ(good->send({}).error().reason(), "adapters.peer_key");
    accepted_ = true;
    EXPECT_TRUE(good->send({}));
}

TEST_F(Tls, OnlyTls13WithHybridGroupsAndACertificate) {
    EXPECT_TRUE(shakes_hands(TLS1_3_VERSION, "SecP384r1MLKEM1024", true));
    EXPECT_TRUE(shakes_hands(TLS1_3_VERSION, "X25519MLKEM768", true));
    EXPECT_FALSE(shakes_hands(TLS1_3_VERSION, "X25519:secp384r1", true));
    EXPECT_FALSE(shakes_hands(TLS1_2_VERSION, "secp384r1", true));
    EXPECT_FALSE(shakes_hands(TLS1_3_VERSION, "X25519MLKEM768", false));
    const int before = calls_;
    EXPECT_FALSE(HttpClient::over_loopback(port_, quick()).send({}));
    EXPECT_EQ(calls_, before);
}

TEST_F(Tls, KeysThatAreNoneAreRefusedAtOnce) {
    const auto accept = only(tokyo_.spki_sha256);
    TlsEnd crossed = end_of(kyiv_, accept);
    crossed.certificate_der = mallory_.certificate_der;
    TlsEnd cut = end_of(kyiv_, accept);
    cut.certificate_der.pop_back();
    TlsEnd longer = end_of(kyiv_, accept);
    longer.certificate_der.push_back(0);
    TlsEnd empty = end_of(kyiv_, accept);
    empty.private_key_der = SecretBytes();
    for (TlsEnd* bad : {&crossed, &cut, &longer, &empty}) {
        const auto made = HttpClient::over_tls("localhost", port_, std::move(*bad));
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().reason(), "adapters.tls");
    }
    EXPECT_FALSE(HttpClient::over_tls("localhost", port_, end_of(kyiv_, nullptr)));
}

TEST_F(Tls, UploadsOverTlsToo) {
    auto good = client(kyiv_, tokyo_.spki_sha256);
    Zeros zeros(5 << 20);
    const auto answer = good->send({.method = "PUT", .upload = &zeros, .upload_bytes = 5 << 20});
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->status, 200u) << to_text(answer->body);
    EXPECT_EQ(to_text(answer->body), std::to_string(5 << 20));
}

TEST_F(Tls, TheCarrierBringsTheAnswerAndSaysWhatProtectsIt) {
    auto carrier =
        WireCarrier::to("localhost", port_, end_of(kyiv_, only(tokyo_.spki_sha256)), quick());
    ASSERT_TRUE(carrier);
    EXPECT_EQ((*carrier)->protection(), "");
    EXPECT_EQ(to_text(*(*carrier)->call(view("frame"))), "frame");
    EXPECT_EQ((*carrier)->protection(), "TLSv1.3 SecP384r1MLKEM1024");
    {
        const std::lock_guard lock(mutex_);
        EXPECT_EQ(seen_.method + seen_.target, "POST/peer/v1/messages");
    }
    const std::pair<unsigned, Code> rows[] = {{401, Code::refused},     {403, Code::refused},
                                              {413, Code::limit},       {429, Code::unavailable},
                                              {503, Code::unavailable}, {404, Code::invalid}};
    for (const auto& [status, code] : rows) {
        status_ = status;
        EXPECT_EQ((*carrier)->call(view("x")).error().code(), code) << status;
    }
}

// A server that closes every connection at once, as one that is being restarted.
TEST(Carrier, TriesOnceMoreOnANewConnectionAndNoMore) {
    const auto tokyo = identity();
    const auto relay = listen_tcp_socket("127.0.0.1", 0);
    ASSERT_TRUE(relay);
    std::atomic<int> connections{0};
    std::jthread closing([&](const std::stop_token& stop) {
        while (!stop.stop_requested())
            if (wait_for(relay->get(), POLLIN, after(milliseconds(50))) &&
                accept_connection(relay->get())->valid())
                ++connections;
    });
    auto carrier = WireCarrier::to("localhost", *port_of(relay->get()),
                                   end_of(tokyo, only(tokyo.spki_sha256)), quick());
    ASSERT_TRUE(carrier);
    const auto lost = (*carrier)->call(view("x"));
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code(), Code::unavailable);
    EXPECT_EQ(lost.error().reason(), "adapters.http_broken");
    EXPECT_EQ(connections, 2);
}

} // namespace
} // namespace valise::adapters
