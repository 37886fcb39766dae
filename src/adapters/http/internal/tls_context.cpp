// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/internal/tls_context.h"

#include "adapters/http/internal/socket_bio.h"
#include "crypto/hash.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace valise::adapters {
namespace {

// Hybrid post-quantum groups only: a classical one would let a recorded link be read later.
constexpr const char* kGroups = "SecP384r1MLKEM1024:X25519MLKEM768";
constexpr const char* kCiphers = "TLS_AES_256_GCM_SHA384";
// Clients in the field choose: hybrid first, and classical for those that have nothing else.
constexpr const char* kOpenGroups = "X25519MLKEM768:SecP384r1MLKEM1024:X25519:P-256:P-384";
constexpr const char* kOpenCiphers =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";

constexpr const char* kSystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

template<auto Free> struct Deleter {
    template<class T> void operator()(T* pointer) const { Free(pointer); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, Deleter<SSL_CTX_free>>;
using SessionPtr = std::unique_ptr<SSL, Deleter<SSL_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Deleter<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free_all>>;

// A daemon asks nobody for a passphrase.
int no_password(char*, int, int, void*) {
    return -1;
}

std::optional<Hash32> spki_of(const X509* certificate) {
    unsigned char* der = nullptr;
    const int size =
        certificate == nullptr ? -1 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0)
        return std::nullopt;
    const Hash32 hash = crypto::sha256(ByteView(der, static_cast<std::size_t>(size)));
    OPENSSL_free(der);
    return hash;
}

std::unexpected<Error> peer_key_refused(std::string_view who) {
    return fail(Code::integrity, "adapters.peer_key", std::string(who));
}

// What OpenSSL queued, as one of our errors; empties the queue. In TLS 1.3 a client learns only by
// its first read that the server refused its certificate.
std::unexpected<Error> tls_error(std::string_view what) {
    const unsigned long first = ERR_peek_error();
    const int reason = ERR_GET_REASON(first);
    ERR_clear_error();
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
        return peer_key_refused("the other end shows a key that is not on the key list");
    if (reason == SSL_R_SSLV3_ALERT_BAD_CERTIFICATE ||
        reason == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)
        return peer_key_refused("the other end refused our key");
    if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE)
        return peer_key_refused("the other end shows no key");
    const char* text = first == 0 ? nullptr : ERR_reason_error_string(first);
    return fail(Code::unavailable, "adapters.http_broken",
                std::string(what) + ": " + (text == nullptr ? "connection lost" : text));
}

class TlsChannel : public Channel {
public:
    TlsChannel(SessionPtr session, Descriptor connection, bool mutual)
        : connection_(std::move(connection)), session_(std::move(session)), mutual_(mutual) {}

    Result<void> handshake(Deadline deadline) {
        for (;;) {
            ERR_clear_error();
            const int code = SSL_do_handshake(session_.get());
            if (code == 1)
                break;
            TRY(retry(code, "handshake", deadline));
        }
        const char* group = SSL_get0_group_name(session_.get());
        protection = std::string(SSL_get_version(session_.get())) + " " +
                     (group == nullptr ? "unknown" : group);
        peer_key = spki_of(SSL_get0_peer_certificate(session_.get()));
        if (mutual_ && !peer_key)
            return peer_key_refused("the other end shows no key");
        return {};
    }

    Result<std::size_t> read(std::span<Byte> out, Deadline deadline) override {
        for (;;) {
            ERR_clear_error();
            std::size_t count = 0;
            const int code = SSL_read_ex(session_.get(), out.data(), out.size(), &count);
            if (code == 1)
                return count;
            if (SSL_get_error(session_.get(), code) == SSL_ERROR_ZERO_RETURN)
                return std::size_t{0};
            TRY(retry(code, "read", deadline));
        }
    }

    Result<void> write(ByteView bytes, std::chrono::milliseconds stall) override {
        while (!bytes.empty()) {
            ERR_clear_error();
            std::size_t count = 0;
            const int code = SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &count);
            if (code == 1)
                bytes = bytes.subspan(count);
            else
                TRY(retry(code, "write", after(stall)));
        }
        return {};
    }

    void end() override {
        ERR_clear_error();
        SSL_shutdown(session_.get());
        ERR_clear_error();
        ::shutdown(descriptor(), SHUT_WR);
    }
    // No tickets are ever sent, so bytes that wait are an answer, an alert or the end.
    bool readable() const override {
        pollfd state{descriptor(), POLLIN, 0};
        return SSL_has_pending(session_.get()) == 1 || ::poll(&state, 1, 0) != 0;
    }
    int descriptor() const override { return connection_.get(); }

private:
    Result<void> retry(int code, std::string_view what, Deadline deadline) {
        switch (SSL_get_error(session_.get(), code)) {
        case SSL_ERROR_WANT_READ:
            return wait_for(descriptor(), POLLIN, deadline);
        case SSL_ERROR_WANT_WRITE:
            return wait_for(descriptor(), POLLOUT, deadline);
        default:
            return tls_error(what);
        }
    }

    Descriptor connection_; // outlives the session, whose BIO borrows it
    SessionPtr session_;
    bool mutual_;
};

class Context : public TlsContext {
public:
    Context(ContextPtr context, PeerKeyCheck accept, TlsRole role)
        : context_(std::move(context)), accept_(std::move(accept)), role_(role),
          needs_key_(static_cast<bool>(accept_)) {}

    Result<void> set_up(const TlsEnd& end);
    Result<void> set_up(const ServerCertificate& certificate, bool asks);
    Result<void> set_up(std::string host, ByteView authorities_pem);
    Result<std::unique_ptr<Channel>> handshake(Descriptor connection, Deadline deadline) override;

private:
    static int verify(X509_STORE_CTX* chain, void* self);
    Result<void> set_identity(const TlsEnd& end);
    Result<void> set_link(const char* groups, const char* ciphers);

    ContextPtr context_;
    PeerKeyCheck accept_;
    TlsRole role_;
    std::string host_;       // whose certificate it must be; empty: the key says everything
    bool needs_key_ = false; // nobody without one is let in
};

// In place of OpenSSL's whole chain check: names, dates and issuers say nothing here, the key says
// everything. That the other end holds it, the handshake itself proves.
int Context::verify(X509_STORE_CTX* chain, void* self) {
    const auto* context = static_cast<const Context*>(self);
    const auto spki = spki_of(X509_STORE_CTX_get0_cert(chain));
    const bool accepted = spki && context->accept_(*spki);
    X509_STORE_CTX_set_error(chain, accepted ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
    return accepted ? 1 : 0;
}

Result<void> Context::set_identity(const TlsEnd& end) {
    const auto bad = [](const char* what) {
        ERR_clear_error();
        return fail(Code::invalid, "adapters.tls", what);
    };
    const ByteView der = end.private_key_der.read(SecretAccess::because("the key of our TLS end"));
    const unsigned char* at = der.data();
    const KeyPtr key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
    if (!key || at != der.data() + der.size())
        return bad("the private key is not PKCS#8 DER");
    at = end.certificate_der.data();
    const CertificatePtr certificate(
        d2i_X509(nullptr, &at, static_cast<long>(end.certificate_der.size())));
    if (!certificate || at != end.certificate_der.data() + end.certificate_der.size())
        return bad("the certificate is not DER");
    if (SSL_CTX_use_certificate(context_.get(), certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context_.get(), key.get()) != 1 ||
        SSL_CTX_check_private_key(context_.get()) != 1)
        return bad("key and certificate do not belong together");
    return {};
}

Result<void> Context::set_link(const char* groups, const char* ciphers) {
    SSL_CTX* const context = context_.get();
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    if (SSL_CTX_set_num_tickets(context, 0) != 1 ||
        SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_ciphersuites(context, ciphers) != 1 ||
        SSL_CTX_set1_groups_list(context, groups) != 1) {
        ERR_clear_error();
        return fail(Code::internal, "adapters.tls", "this OpenSSL lacks the groups or ciphers");
    }
    return {};
}

Result<void> Context::set_up(const TlsEnd& end) {
    TRY(set_link(kGroups, kCiphers));
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_cert_verify_callback(context_.get(), verify, this);
    return set_identity(end);
}

Result<void> Context::set_up(const ServerCertificate& certificate, bool asks) {
    TRY(set_link(kOpenGroups, kOpenCiphers));
    if (asks) {
        accept_ = [](const Hash32&) { return true; };
        SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
        SSL_CTX_set_cert_verify_callback(context_.get(), verify, this);
    }
    const auto bad = [](const char* what) {
        ERR_clear_error();
        return fail(Code::invalid, "adapters.tls", what);
    };
    const ByteView key_pem =
        certificate.private_key_pem.read(SecretAccess::because("the key of our TLS end"));
    const BioPtr key_in(BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())));
    const KeyPtr key(PEM_read_bio_PrivateKey(key_in.get(), nullptr, no_password, nullptr));
    const BioPtr chain_in(BIO_new_mem_buf(certificate.chain_pem.data(),
                                          static_cast<int>(certificate.chain_pem.size())));
    const CertificatePtr own(PEM_read_bio_X509(chain_in.get(), nullptr, no_password, nullptr));
    if (!key || !own)
        return bad("expected a private key and a certificate in PEM");
    if (SSL_CTX_use_certificate(context_.get(), own.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context_.get(), key.get()) != 1 ||
        SSL_CTX_check_private_key(context_.get()) != 1)
        return bad("key and certificate do not belong together");
    for (;;) {
        CertificatePtr above(PEM_read_bio_X509(chain_in.get(), nullptr, no_password, nullptr));
        if (!above)
            break;
        if (SSL_CTX_add1_chain_cert(context_.get(), above.get()) != 1)
            return bad("a certificate of the chain");
    }
    ERR_clear_error();
    return {};
}

Result<void> Context::set_up(std::string host, ByteView authorities_pem) {
    TRY(set_link(kOpenGroups, kOpenCiphers));
    host_ = std::move(host);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    const auto bad = [](const char* what) {
        ERR_clear_error();
        return fail(Code::invalid, "adapters.tls", what);
    };
    // Our OpenSSL is not the system's, and looks for its authorities elsewhere.
    if (authorities_pem.empty())
        return SSL_CTX_load_verify_locations(context_.get(), kSystemAuthorities, nullptr) == 1
                   ? Result<void>()
                   : bad("the system knows no authorities; name some");
    const BioPtr in(
        BIO_new_mem_buf(authorities_pem.data(), static_cast<int>(authorities_pem.size())));
    std::size_t count = 0;
    for (;; ++count) {
        const CertificatePtr one(PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr));
        if (!one)
            break;
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), one.get()) != 1)
            return bad("a certificate of an authority");
    }
    ERR_clear_error();
    return count > 0 ? Result<void>() : bad("expected certificates of authorities in PEM");
}

Result<std::unique_ptr<Channel>> Context::handshake(Descriptor connection, Deadline deadline) {
    SessionPtr session(SSL_new(context_.get()));
    BIO* const bio = session ? new_socket_bio(connection.get()) : nullptr;
    if (bio == nullptr)
        return fail(Code::internal, "adapters.tls", "no memory");
    SSL_set_bio(session.get(), bio, bio);
    if (!host_.empty() && (SSL_set1_host(session.get(), host_.c_str()) != 1 ||
                           SSL_set_tlsext_host_name(session.get(), host_.c_str()) != 1))
        return fail(Code::invalid, "adapters.tls", "no name of a host");
    if (role_ == TlsRole::server)
        SSL_set_accept_state(session.get());
    else
        SSL_set_connect_state(session.get());
    auto channel =
        std::make_unique<TlsChannel>(std::move(session), std::move(connection), needs_key_);
    auto shaken = channel->handshake(deadline);
    if (!shaken && !host_.empty() && shaken.error().reason() == "adapters.peer_key")
        return fail(Code::integrity, "adapters.tls_chain",
                    "no authority that is believed here stands behind the certificate");
    if (!shaken) {
        // The alert has to arrive before the connection is reset.
        if (shaken.error().code() == Code::integrity && role_ == TlsRole::server)
            end_gently(*channel);
        return fail(std::move(shaken).error());
    }
    return channel;
}

} // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::make(const TlsEnd& end, TlsRole role) {
    if (!end.accept)
        return fail(Code::invalid, "adapters.tls", "no check of the other end's key");
    ContextPtr raw(SSL_CTX_new(TLS_method()));
    if (!raw)
        return fail(Code::internal, "adapters.tls", "no memory");
    auto context = std::make_shared<Context>(std::move(raw), end.accept, role);
    TRY(context->set_up(end));
    return std::shared_ptr<TlsContext>(std::move(context));
}

Result<std::shared_ptr<TlsContext>> TlsContext::for_anybody(const ServerCertificate& certificate,
                                                            bool asks) {
    ContextPtr raw(SSL_CTX_new(TLS_method()));
    if (!raw)
        return fail(Code::internal, "adapters.tls", "no memory");
    auto context = std::make_shared<Context>(std::move(raw), PeerKeyCheck(), TlsRole::server);
    TRY(context->set_up(certificate, asks));
    return std::shared_ptr<TlsContext>(std::move(context));
}

Result<std::shared_ptr<TlsContext>> TlsContext::for_host(std::string host,
                                                         ByteView authorities_pem) {
    ContextPtr raw(SSL_CTX_new(TLS_method()));
    if (!raw)
        return fail(Code::internal, "adapters.tls", "no memory");
    auto context = std::make_shared<Context>(std::move(raw), PeerKeyCheck(), TlsRole::client);
    TRY(context->set_up(std::move(host), authorities_pem));
    return std::shared_ptr<TlsContext>(std::move(context));
}

} // namespace valise::adapters
