// SPDX-License-Identifier: Apache-2.0
#include "adapters/renderer/client.h"

#include "adapters/sockets/sockets.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace valise::adapters {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kConnect{5'000};
constexpr milliseconds kStall{30'000};
constexpr milliseconds kDrawn{120'000}; // the renderer's own clock ends it before

std::unexpected<Error> down(std::string_view what) {
    return fail(Code::unavailable, "adapters.renderer_down", std::string(what));
}

Result<void> ready(int socket, short events, milliseconds patience) {
    if (const auto waited = wait_for(socket, events, after(patience)); !waited)
        return down(waited.error().context());
    return {};
}

Result<void> send_all(int socket, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN) {
            TRY(ready(socket, POLLOUT, kStall));
            continue;
        }
        if (count < 0)
            return down(system_text("send", errno));
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

// The version, and with it the descriptor that the images go to.
Result<void> send_first(int socket, int pages) {
    Byte version = rendering::kRenderVersion;
    iovec piece{&version, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* const head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(head), &pages, sizeof(int));
    for (;;) {
        const ssize_t count = ::sendmsg(socket, &message, MSG_NOSIGNAL);
        if (count == 1)
            return {};
        if (count < 0 && errno == EAGAIN) {
            TRY(ready(socket, POLLOUT, kStall));
            continue;
        }
        if (count >= 0 || errno != EINTR)
            return down(system_text("send", errno));
    }
}

Result<rendering::Verdict> verdict(int socket, milliseconds patience) {
    const Deadline end = after(patience);
    for (;;) {
        Byte byte = 0;
        const ssize_t count = ::recv(socket, &byte, 1, 0);
        if (count == 1)
            return rendering::verdict_of(byte);
        if (count == 0)
            return down("it ended without a word");
        if (errno == EAGAIN) {
            if (const auto waited = wait_for(socket, POLLIN, end); !waited)
                return down(waited.error().context());
        } else if (errno != EINTR) {
            return down(system_text("receive", errno));
        }
    }
}

class Connection : public vault::Renderer::Drawing {
public:
    explicit Connection(Descriptor socket)
        : socket_(std::move(socket)),
          document_([this](ByteView bytes) { return send_all(socket_.get(), bytes); }) {}

    Result<void> write(ByteView bytes) override { return or_verdict(document_.write(bytes)); }
    Result<void> finish() override {
        TRY(or_verdict(document_.finish()));
        TRY_ASSIGN(const auto said, verdict(socket_.get(), kDrawn));
        return rendering::result_of(said);
    }

private:
    // Who gave up says why, and that is the better reason than a broken connection.
    Result<void> or_verdict(Result<void> sent) {
        if (sent || sent.error().reason() != "adapters.renderer_down")
            return sent;
        if (const auto said = verdict(socket_.get(), kConnect); said)
            TRY(rendering::result_of(*said));
        return sent;
    }

    Descriptor socket_;
    rendering::DocumentWriter document_;
};

} // namespace

RendererClient::RendererClient(std::string path, std::optional<uid_t> user)
    : path_(std::move(path)), user_(user.value_or(::geteuid())) {}

Result<std::unique_ptr<vault::Renderer::Drawing>> RendererClient::begin(const rendering::Job& job,
                                                                        int pages) {
    TRY_ASSIGN(const Bytes text, rendering::write_job(job));
    auto socket = connect_unix_socket(path_, kConnect);
    if (!socket)
        return down(socket.error().context());
    ucred other{};
    socklen_t size = sizeof(other);
    if (::getsockopt(socket->get(), SOL_SOCKET, SO_PEERCRED, &other, &size) != 0 ||
        other.uid != user_)
        return fail(Code::refused, "adapters.renderer_owner",
                    "the renderer's socket is served by another user");
    TRY(send_first(socket->get(), pages));
    Bytes head;
    append_u32(head, static_cast<std::uint32_t>(text.size()));
    append(head, ByteView(text));
    TRY(send_all(socket->get(), head));
    return std::unique_ptr<Drawing>(std::make_unique<Connection>(std::move(*socket)));
}

} // namespace valise::adapters
