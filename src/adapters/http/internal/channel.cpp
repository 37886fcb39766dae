// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/internal/channel.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace valise::adapters {
namespace {

class PlainChannel : public Channel {
public:
    PlainChannel(Descriptor connection, std::string name) : connection_(std::move(connection)) {
        protection = std::move(name);
    }

    Result<std::size_t> read(std::span<Byte> out, Deadline deadline) override {
        for (;;) {
            const ssize_t count = ::recv(descriptor(), out.data(), out.size(), 0);
            if (count >= 0)
                return static_cast<std::size_t>(count);
            if (errno == EAGAIN)
                TRY(wait_for(descriptor(), POLLIN, deadline));
            else if (errno != EINTR)
                return fail(Code::unavailable, "adapters.http_broken", system_text("read", errno));
        }
    }

    Result<void> write(ByteView bytes, std::chrono::milliseconds stall) override {
        while (!bytes.empty()) {
            const ssize_t count = ::send(descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count >= 0)
                bytes = bytes.subspan(static_cast<std::size_t>(count));
            else if (errno == EAGAIN)
                TRY(wait_for(descriptor(), POLLOUT, after(stall)));
            else if (errno != EINTR)
                return fail(Code::unavailable, "adapters.http_broken", system_text("write", errno));
        }
        return {};
    }

    void end() override { ::shutdown(descriptor(), SHUT_WR); }
    bool readable() const override {
        pollfd state{descriptor(), POLLIN, 0};
        return ::poll(&state, 1, 0) != 0;
    }
    int descriptor() const override { return connection_.get(); }

private:
    Descriptor connection_;
};

} // namespace

std::unique_ptr<Channel> plain_channel(Descriptor connection, std::string protection) {
    return std::make_unique<PlainChannel>(std::move(connection), std::move(protection));
}

void drain(int fd, std::chrono::milliseconds time) {
    const Deadline deadline = after(time);
    Bytes ignored(1 << 16);
    while (wait_for(fd, POLLIN, deadline)) {
        const ssize_t count = ::recv(fd, ignored.data(), ignored.size(), 0);
        if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
            return;
    }
}

void end_gently(Channel& channel) {
    channel.end();
    drain(channel.descriptor(), std::chrono::milliseconds(1000));
}

} // namespace valise::adapters
