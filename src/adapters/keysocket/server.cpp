// SPDX-License-Identifier: Apache-2.0
#include "adapters/keysocket/server.h"

#include "adapters/files/files.h"
#include "adapters/keysocket/internal/frame.h"
#include "adapters/keysocket/internal/frame_io.h"
#include "adapters/keysocket/internal/protocol.h"
#include "adapters/sockets/acceptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace valise::adapters {

using namespace keysocket;

namespace {

constexpr std::chrono::milliseconds kStall{30'000};
constexpr std::chrono::hours kIdle{24 * 365};

template<class T> Reply reply_of(Result<T> result) {
    if (!result)
        return std::move(result).error();
    if constexpr (std::is_same_v<T, std::string>)
        return TextReply{std::move(*result)};
    else if constexpr (std::is_same_v<T, std::uint64_t>)
        return NumberReply{*result};
    else if constexpr (std::is_same_v<T, Bytes>)
        return BytesReply{std::move(*result)};
    else
        return std::move(*result);
}

// One call, with the files that came along.
class Caller {
public:
    Caller(vault::KeyService& service, std::vector<Descriptor>& files)
        : service_(service), files_(files) {}

    Reply operator()(const IdentityCall&) { return reply_of(service_.identity()); }
    Reply operator()(const SecretsCall&) { return reply_of(service_.daemon_secrets()); }
    Reply operator()(const BeginCall& call) {
        return reply_of(service_.begin(call.terms, call.test_mode));
    }
    Reply operator()(const KnownCall&) { return reply_of(service_.known_events()); }
    Reply operator()(const RecordCall& call) {
        return reply_of(service_.record(call.from, call.events));
    }
    Reply operator()(const vault::CheckpointRequest& call) {
        return reply_of(service_.sign_checkpoint(call));
    }
    Reply operator()(const SignedSizeCall& call) {
        return reply_of(service_.signed_size(call.log));
    }
    Reply operator()(const CoseCall& call) { return reply_of(service_.sign_cose(call.log)); }
    Reply operator()(const CosignCall& call) { return reply_of(service_.cosign(call.body)); }
    Reply operator()(const vault::MirrorRequest& call) { return reply_of(service_.mirror(call)); }
    Reply operator()(const vault::RecoveryRequest& call) {
        return reply_of(service_.recover(call));
    }
    Reply operator()(const FollowCall& call) {
        return reply_of(service_.follow_peer(call.key_list, call.signature));
    }
    Reply operator()(const ConfirmCall& call) {
        return reply_of(service_.confirm_peer(call.confirmation, call.peer_key_list,
                                              call.peer_key_list_signature, call.pair_act));
    }
    Reply operator()(const ReceiptCall& call) {
        return reply_of(service_.sign_receipt(call.receipt, call.seq));
    }
    Reply operator()(const NoticeCall& call) { return reply_of(service_.sign_notice(call.seq)); }
    Reply operator()(const BagSignCall& call) { return reply_of(service_.sign_bag(call.digest)); }
    Reply operator()(const BagKeyCall& call) { return key_reply(call); }
    Reply operator()(const ResealCall& call) { return reply_of(reseal(call)); }
    Reply operator()(const ShareCall& call) {
        return reply_of(service_.release_share(call.permit, call.manifest));
    }
    Reply operator()(const ExportCall& call) {
        return reply_of(service_.export_share(call.permit, call.manifest, call.asked));
    }
    Reply operator()(const ShowCall& call) { return reply_of(show(call)); }

    Reply operator()(const AskOpeningCall& call) {
        return reply_of(service_.ask_opening(call.permit, call.manifest));
    }
    Reply operator()(const GrantOpeningCall& call) {
        return reply_of(service_.grant_opening(call.permit, call.manifest));
    }
    Reply operator()(const ControlledCall& call) {
        return reply_of(service_.release_controlled(call.permit, call.manifest));
    }

private:
    Reply key_reply(const BagKeyCall& call) {
        const auto key = service_.bag_key(call.wrapped, call.header);
        if (!key)
            return key.error();
        return BytesReply{
            to_bytes(key->read(SecretAccess::because("the daemon opens the bag with it")))};
    }
    Result<vault::ResealReply> reseal(const ResealCall& call) {
        TRY_ASSIGN(const auto dispatch, DispatchId::parse(call.dispatch));
        auto in = FileSource::over(std::move(files_[0]));
        const int flags = ::fcntl(files_[1].get(), F_GETFL);
        if (!in || flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
            return fail(Code::invalid, "adapters.keys_descriptor",
                        "expected a file to read and one to write");
        FileSink out(files_[1].get());
        return service_.reseal(dispatch, **in, out, files_[1].get());
    }

    Result<std::uint64_t> show(const ShowCall& call) {
        auto in = FileSource::over(std::move(files_[0]));
        // A file in its place would keep the pages, and a socket carry them on.
        const int flags = ::fcntl(files_[1].get(), F_GETFL);
        struct stat about{};
        if (!in || flags < 0 || (flags & O_ACCMODE) != O_WRONLY ||
            ::fstat(files_[1].get(), &about) != 0 || !S_ISFIFO(about.st_mode))
            return fail(Code::invalid, "adapters.keys_descriptor",
                        "expected a file to read and a pipe to write");
        return service_.show(call.permit, **in, files_[1].get());
    }

    vault::KeyService& service_;
    std::vector<Descriptor>& files_;
};

// Whether the connection goes on.
bool answer_one(int socket, vault::KeyService& service) {
    auto received = receive_frame(socket, after(kIdle), kStall);
    if (!received || !*received)
        return false;
    ReceivedFrame& frame = **received;
    const auto request =
        read_request(frame.payload.read(SecretAccess::because("request to the vault")));
    if (!request)
        return false;
    const bool files =
        std::holds_alternative<ResealCall>(*request) || std::holds_alternative<ShowCall>(*request);
    if (frame.descriptors.size() != (files ? kMaxDescriptors : 0))
        return false;
    frame.payload = SecretBytes(); // a reseal may take long
    const Reply reply = std::visit(Caller(service, frame.descriptors), *request);
    auto bytes = write_reply(reply);
    if (!bytes)
        bytes = write_reply(bytes.error());
    return bytes && send_frame(socket, *bytes, {}, kStall);
}

} // namespace

class KeySocketServer::Impl {
public:
    Impl(std::string path, uid_t user) : path_(std::move(path)), user_(user) {}
    ~Impl() {
        acceptor_.stop();
        ::unlink(path_.c_str());
    }

    Result<void> start(Descriptor listening, vault::KeyService& service, std::size_t connections) {
        acceptor_.add(std::move(listening), connections, [this, &service](Descriptor connection) {
            if (!run_by(connection.get(), user_))
                return;
            while (!acceptor_.stopping() && answer_one(connection.get(), service)) {
            }
        });
        return acceptor_.start();
    }

private:
    std::string path_;
    uid_t user_;
    Acceptor acceptor_;
};

KeySocketServer::KeySocketServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
KeySocketServer::~KeySocketServer() = default;

Result<std::unique_ptr<KeySocketServer>> KeySocketServer::start(const std::string& path,
                                                                vault::KeyService& service,
                                                                std::optional<uid_t> user,
                                                                std::size_t connections) {
    const uid_t own = ::geteuid();
    const uid_t served = user.value_or(own);
    TRY_ASSIGN(Descriptor listening, listen_unix_socket(path, served == own ? 0600 : 0666));
    auto impl = std::make_unique<Impl>(path, served);
    TRY(impl->start(std::move(listening), service, connections));
    return std::unique_ptr<KeySocketServer>(new KeySocketServer(std::move(impl)));
}

} // namespace valise::adapters
