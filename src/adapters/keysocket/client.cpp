// SPDX-License-Identifier: Apache-2.0
#include "adapters/keysocket/client.h"

#include "adapters/keysocket/internal/frame.h"
#include "adapters/keysocket/internal/frame_io.h"
#include "adapters/keysocket/internal/protocol.h"

#include <fcntl.h>
#include <poll.h>

#include <mutex>

namespace valise::adapters {

using namespace keysocket;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kConnect{5'000};
constexpr milliseconds kStall{30'000};
constexpr milliseconds kAnswer{60'000};
constexpr milliseconds kShown{180'000}; // longer than a renderer may draw
// As long as a document of any size may take; a service that dies is seen at once.
constexpr milliseconds kResealed{24 * 3600 * 1000};

bool open_for(int fd, int refused_mode) {
    const int flags = fd < 0 ? -1 : ::fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) != refused_mode;
}

} // namespace

class KeySocketClient::Impl {
public:
    Impl(std::string path, uid_t user) : path_(std::move(path)), user_(user) {}

    // The answer of kind T to a request, which is not repeated: whether a lost one was done is for
    // the caller to find out.
    template<class T>
    Result<T> call(const Request& request, std::span<const int> descriptors = {},
                   milliseconds patience = kAnswer);

private:
    Result<Descriptor> idle_or_new();
    void keep(Descriptor connection) {
        const std::lock_guard lock(mutex_);
        idle_.push_back(std::move(connection));
    }

    std::string path_;
    uid_t user_;
    std::mutex mutex_;
    std::vector<Descriptor> idle_;
};

Result<Descriptor> KeySocketClient::Impl::idle_or_new() {
    {
        const std::lock_guard lock(mutex_);
        while (!idle_.empty()) {
            Descriptor connection = std::move(idle_.back());
            idle_.pop_back();
            // Something to read before anything was asked: the service has ended meanwhile.
            pollfd state{connection.get(), POLLIN, 0};
            if (::poll(&state, 1, 0) == 0)
                return connection;
        }
    }
    auto connection = connect_unix_socket(path_, kConnect);
    if (!connection)
        return fail(Code::unavailable, "adapters.keys_down", connection.error().context());
    TRY(run_by(connection->get(), user_));
    return connection;
}

template<class T>
Result<T> KeySocketClient::Impl::call(const Request& request, std::span<const int> descriptors,
                                      milliseconds patience) {
    TRY_ASSIGN(const SecretBytes frame, write_request(request));
    TRY_ASSIGN(Descriptor connection, idle_or_new());
    TRY(send_frame(connection.get(), frame, descriptors, kStall));
    TRY_ASSIGN(const auto received, receive_frame(connection.get(), after(patience), kStall));
    if (!received)
        return fail(Code::unavailable, "adapters.keys_down", "closed without an answer");
    if (!received->descriptors.empty())
        return bad_frame("descriptors in an answer");
    TRY_ASSIGN(Reply reply,
               read_reply(received->payload.read(SecretAccess::because("answer of the vault"))));
    if (Error* error = std::get_if<Error>(&reply)) {
        keep(std::move(connection));
        return fail(std::move(*error));
    }
    T* value = std::get_if<T>(&reply);
    if (value == nullptr)
        return bad_frame("an answer to something else");
    keep(std::move(connection));
    return std::move(*value);
}

KeySocketClient::KeySocketClient(std::string path, std::optional<uid_t> user)
    : impl_(std::make_unique<Impl>(std::move(path), user.value_or(::geteuid()))) {}
KeySocketClient::~KeySocketClient() = default;

Result<vault::Identity> KeySocketClient::identity() {
    return impl_->call<vault::Identity>(IdentityCall{});
}

Result<vault::DaemonSecrets> KeySocketClient::daemon_secrets() {
    return impl_->call<vault::DaemonSecrets>(SecretsCall{});
}

Result<std::uint64_t> KeySocketClient::begin(ByteView terms, bool test_mode) {
    TRY_ASSIGN(const NumberReply reply,
               impl_->call<NumberReply>(BeginCall{to_bytes(terms), test_mode}));
    return reply.number;
}

Result<std::uint64_t> KeySocketClient::known_events() {
    TRY_ASSIGN(const NumberReply reply, impl_->call<NumberReply>(KnownCall{}));
    return reply.number;
}

Result<std::uint64_t> KeySocketClient::record(std::uint64_t from,
                                              const std::vector<vault::RecordedEvent>& events) {
    TRY_ASSIGN(const NumberReply reply, impl_->call<NumberReply>(RecordCall{from, events}));
    return reply.number;
}

Result<std::string> KeySocketClient::sign_checkpoint(const vault::CheckpointRequest& request) {
    TRY_ASSIGN(TextReply reply, impl_->call<TextReply>(request));
    return std::move(reply.text);
}

Result<Bytes> KeySocketClient::sign_cose(vault::LogId log) {
    TRY_ASSIGN(BytesReply reply, impl_->call<BytesReply>(CoseCall{log}));
    return std::move(reply.bytes);
}

Result<std::uint64_t> KeySocketClient::signed_size(vault::LogId log) {
    TRY_ASSIGN(const NumberReply reply, impl_->call<NumberReply>(SignedSizeCall{log}));
    return reply.number;
}

Result<vault::WitnessReply> KeySocketClient::cosign(const std::string& body) {
    return impl_->call<vault::WitnessReply>(CosignCall{body});
}

Result<vault::MirrorReply> KeySocketClient::mirror(const vault::MirrorRequest& request) {
    return impl_->call<vault::MirrorReply>(request);
}

Result<Bytes> KeySocketClient::confirm_peer(ByteView confirmation, ByteView peer_key_list,
                                            ByteView peer_key_list_signature, ByteView pair_act) {
    TRY_ASSIGN(BytesReply reply, impl_->call<BytesReply>(ConfirmCall{
                                     to_bytes(confirmation), to_bytes(peer_key_list),
                                     to_bytes(peer_key_list_signature), to_bytes(pair_act)}));
    return std::move(reply.bytes);
}

Result<Bytes> KeySocketClient::sign_receipt(ByteView receipt, std::uint64_t seq) {
    TRY_ASSIGN(BytesReply reply, impl_->call<BytesReply>(ReceiptCall{to_bytes(receipt), seq}));
    return std::move(reply.bytes);
}

Result<Bytes> KeySocketClient::sign_notice(std::uint64_t seq) {
    TRY_ASSIGN(BytesReply reply, impl_->call<BytesReply>(NoticeCall{seq}));
    return std::move(reply.bytes);
}

Result<vault::RecoveryReply> KeySocketClient::recover(const vault::RecoveryRequest& request) {
    return impl_->call<vault::RecoveryReply>(request);
}

Result<std::uint64_t> KeySocketClient::follow_peer(ByteView key_list, ByteView signature) {
    TRY_ASSIGN(const NumberReply reply,
               impl_->call<NumberReply>(FollowCall{to_bytes(key_list), to_bytes(signature)}));
    return reply.number;
}

Result<Bytes> KeySocketClient::sign_bag(const Hash32& digest) {
    TRY_ASSIGN(BytesReply reply, impl_->call<BytesReply>(BagSignCall{digest}));
    return std::move(reply.bytes);
}

Result<SecretBytes> KeySocketClient::bag_key(ByteView wrapped, const Hash32& header_digest) {
    TRY_ASSIGN(BytesReply reply,
               impl_->call<BytesReply>(BagKeyCall{to_bytes(wrapped), header_digest}));
    return SecretBytes::take(std::move(reply.bytes));
}

Result<vault::ResealReply> KeySocketClient::reseal(const DispatchId& dispatch,
                                                   const RandomSource& in, ByteSink&,
                                                   int out_descriptor) {
    if (!open_for(in.descriptor(), O_WRONLY) || !open_for(out_descriptor, O_RDONLY))
        return fail(Code::invalid, "adapters.keys_descriptor",
                    "only open files can be handed to the key process");
    const std::array<int, 2> descriptors{in.descriptor(), out_descriptor};
    return impl_->call<vault::ResealReply>(ResealCall{dispatch.text()}, descriptors, kResealed);
}

Result<std::uint64_t> KeySocketClient::show(std::uint64_t permit, const RandomSource& in,
                                            int pages) {
    if (!open_for(in.descriptor(), O_WRONLY) || !open_for(pages, O_RDONLY))
        return fail(Code::invalid, "adapters.keys_descriptor",
                    "only open files can be handed to the key process");
    const std::array<int, 2> descriptors{in.descriptor(), pages};
    TRY_ASSIGN(const NumberReply reply,
               impl_->call<NumberReply>(ShowCall{permit}, descriptors, kShown));
    return reply.number;
}

Result<Bytes> KeySocketClient::release_share(std::uint64_t permit, ByteView manifest) {
    TRY_ASSIGN(BytesReply reply, impl_->call<BytesReply>(ShareCall{permit, to_bytes(manifest)}));
    return std::move(reply.bytes);
}

Result<vault::SignedText> KeySocketClient::ask_opening(std::uint64_t permit, ByteView manifest) {
    return impl_->call<vault::SignedText>(AskOpeningCall{permit, to_bytes(manifest)});
}

Result<vault::SignedText> KeySocketClient::grant_opening(std::uint64_t permit, ByteView manifest) {
    return impl_->call<vault::SignedText>(GrantOpeningCall{permit, to_bytes(manifest)});
}

Result<vault::ControlledShares> KeySocketClient::release_controlled(std::uint64_t permit,
                                                                    ByteView manifest) {
    return impl_->call<vault::ControlledShares>(ControlledCall{permit, to_bytes(manifest)});
}

Result<vault::SharedKey> KeySocketClient::export_share(std::uint64_t permit, ByteView manifest,
                                                       const vault::ShareRequest& asked) {
    return impl_->call<vault::SharedKey>(ExportCall{permit, to_bytes(manifest), asked});
}

} // namespace valise::adapters
