// SPDX-License-Identifier: Apache-2.0
#include "adapters/keysocket/internal/frame_io.h"

#include "adapters/keysocket/internal/frame.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace valise::adapters::keysocket {
namespace {

std::unexpected<Error> down(std::string_view what) {
    return fail(Code::unavailable, "adapters.keys_down", std::string(what));
}

Result<void> ready(int socket, short events, Deadline deadline) {
    const auto waited = wait_for(socket, events, deadline);
    if (!waited)
        return down(waited.error().context());
    return {};
}

// A control buffer with the alignment that the macros ask for.
struct Control {
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMaxDescriptors)> bytes{};
};

void attach(msghdr& message, Control& control, std::span<const int> descriptors) {
    const std::size_t size = descriptors.size() * sizeof(int);
    message.msg_control = control.bytes.data();
    message.msg_controllen = CMSG_SPACE(size);
    cmsghdr* const head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(head), descriptors.data(), size);
}

// Takes every descriptor over before anything is judged, so that none is left open.
void collect(msghdr& message, std::vector<Descriptor>& out) {
    for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr;
         head = CMSG_NXTHDR(&message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
            continue;
        const std::size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(head) + i * sizeof(int), sizeof(int));
            out.emplace_back(fd);
        }
    }
}

// Some bytes, and the descriptors that came with them. 0 at the end.
Result<std::size_t> receive_some(int socket, std::span<Byte> out, std::vector<Descriptor>& taken,
                                 Deadline deadline) {
    for (;;) {
        Control control;
        iovec piece{out.data(), out.size()};
        msghdr message{};
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        message.msg_control = control.bytes.data();
        message.msg_controllen = control.bytes.size();
        const ssize_t count = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
        if (count < 0 && errno == EAGAIN) {
            TRY(ready(socket, POLLIN, deadline));
            continue;
        }
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return down(system_text("receive", errno));
        collect(message, taken);
        if ((message.msg_flags & MSG_CTRUNC) != 0 || taken.size() > kMaxDescriptors)
            return bad_frame("too many descriptors");
        return static_cast<std::size_t>(count);
    }
}

} // namespace

Result<void> send_frame(int socket, const SecretBytes& frame, std::span<const int> descriptors,
                        std::chrono::milliseconds stall) {
    ByteView rest = frame.read(SecretAccess::because("to the other end of the key socket"));
    while (!rest.empty()) {
        Control control;
        iovec piece{const_cast<Byte*>(rest.data()), rest.size()};
        msghdr message{};
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        if (!descriptors.empty())
            attach(message, control, descriptors);
        const ssize_t count = ::sendmsg(socket, &message, MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN) {
            TRY(ready(socket, POLLOUT, after(stall)));
            continue;
        }
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return down(system_text("send", errno));
        rest = rest.subspan(static_cast<std::size_t>(count));
        descriptors = {}; // went along with the first byte
    }
    return {};
}

Result<std::optional<ReceivedFrame>> receive_frame(int socket, Deadline deadline,
                                                   std::chrono::milliseconds stall) {
    ReceivedFrame frame;
    std::array<Byte, 4> size{};
    for (std::size_t have = 0; have < size.size();) {
        TRY_ASSIGN(const std::size_t count,
                   receive_some(socket, std::span(size).subspan(have), frame.descriptors,
                                have == 0 ? deadline : after(stall)));
        if (count == 0 && have == 0)
            return std::nullopt;
        if (count == 0)
            return down("closed inside a frame");
        have += count;
    }
    const std::uint32_t payload = read_u32(size);
    if (payload > kMaxFrame)
        return bad_frame("over 80 MiB");
    frame.payload = SecretBytes(payload);
    std::span<Byte> rest = frame.payload.write(SecretAccess::because("fill from the socket"));
    while (!rest.empty()) {
        const std::size_t before = frame.descriptors.size();
        TRY_ASSIGN(const std::size_t count,
                   receive_some(socket, rest, frame.descriptors, after(stall)));
        if (count == 0)
            return down("closed inside a frame");
        if (frame.descriptors.size() != before)
            return bad_frame("a descriptor in the middle");
        rest = rest.subspan(count);
    }
    return frame;
}

Result<void> run_by(int socket, uid_t user) {
    ucred other{};
    socklen_t size = sizeof(other);
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &other, &size) != 0 || other.uid != user)
        return fail(Code::refused, "adapters.keys_owner", "the other end is another user's");
    return {};
}

} // namespace valise::adapters::keysocket
