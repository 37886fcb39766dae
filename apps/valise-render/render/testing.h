// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/files/files.h"
#include "render/serving.h"
#include "rendering/pages.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <thread>

// One document drawn as the program draws it, in its own processes.
namespace valise::render::testing {

inline rendering::Job a_job() {
    rendering::Job job;
    job.banner = "極秘 · Secret";
    job.color = "#c8102e";
    job.marks = {"Олена Бондаренко", "UKR-2026-00001 · 1/2", "2026-11-30T15:41Z · UKR · #118"};
    return job;
}

struct Outcome {
    rendering::Verdict verdict = rendering::Verdict::died;
    Result<rendering::Shown> shown = fail(Code::internal, "none");
};

inline void send_version(int socket, int pages) {
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
    ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

// `whole`: the mark at the end is sent too.
inline Outcome drawn(ByteView document, const rendering::Job& job = a_job(),
                     const Limits& limits = {}, const Draws& draws = draw_from, bool whole = true) {
    int link[2] = {};
    int pipe[2] = {};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link) != 0 ||
        ::pipe2(pipe, O_CLOEXEC) != 0)
        return {};
    const pid_t keeper = ::fork();
    if (keeper == 0) {
        ::close(link[0]);
        ::close(pipe[0]);
        ::close(pipe[1]);
        serve_one(link[1], limits, false, draws);
        ::_exit(0);
    }
    ::close(link[1]);
    send_version(link[0], pipe[1]);
    ::close(pipe[1]);
    Outcome out;
    std::thread sending([&] {
        const auto send = [&](ByteView bytes) -> Result<void> {
            while (!bytes.empty()) {
                const ssize_t count = ::send(link[0], bytes.data(), bytes.size(), MSG_NOSIGNAL);
                if (count <= 0)
                    return fail(Code::internal, "gone");
                bytes = bytes.subspan(static_cast<std::size_t>(count));
            }
            return {};
        };
        const auto text = rendering::write_job(job);
        Bytes head;
        append_u32(head, static_cast<std::uint32_t>(text->size()));
        append(head, ByteView(*text));
        rendering::DocumentWriter writer(send);
        if (!send(head) || !writer.write(document) || !whole || !writer.finish())
            ::shutdown(link[0], SHUT_WR);
    });
    adapters::PipeSource from(pipe[0]);
    out.shown = rendering::read_shown(from, job.output);
    Byte said = 0;
    if (::recv(link[0], &said, 1, MSG_WAITALL) == 1)
        out.verdict = *rendering::verdict_of(said);
    sending.join();
    ::close(link[0]);
    ::close(pipe[0]);
    ::waitpid(keeper, nullptr, 0);
    return out;
}

} // namespace valise::render::testing
