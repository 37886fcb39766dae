// SPDX-License-Identifier: Apache-2.0
#include "render/serving.h"

#include "adapters/files/files.h"
#include "adapters/sockets/sockets.h"
#include "render/drawing.h"
#include "render/office.h"
#include "render/system_calls.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <fontconfig/fontconfig.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <set>

namespace valise::render {

using rendering::Verdict;

namespace {

// An exit status that only our own code gives: a library that ends the process says 1.
constexpr int kExitBase = 64;
constexpr int kWaitForFirst = 10'000; // milliseconds

// The version byte, and the descriptor that came with it; -1: neither.
int first_byte(int connection) {
    pollfd ready{connection, POLLIN, 0};
    if (::poll(&ready, 1, kWaitForFirst) != 1)
        return -1;
    Byte version = 0;
    iovec piece{&version, 1};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(connection, &message, MSG_CMSG_CLOEXEC) != 1 ||
        version != rendering::kRenderVersion || (message.msg_flags & MSG_CTRUNC) != 0)
        return -1;
    const cmsghdr* head = CMSG_FIRSTHDR(&message);
    if (head == nullptr || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(sizeof(int)))
        return -1;
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(head), sizeof(int));
    return fd;
}

// The first process of a namespace is not ended by SIGXCPU, but by the SIGKILL a second later: that
// its time was used up tells it from any other end.
Verdict verdict_of_end(int status, bool out_of_time, const rusage& used, unsigned cpu_seconds) {
    const bool spent =
        used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1 >= static_cast<long>(cpu_seconds);
    if (out_of_time || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && spent))
        return Verdict::too_long;
    if (WIFEXITED(status)) {
        const auto said = rendering::verdict_of(
            static_cast<Byte>(std::clamp(WEXITSTATUS(status) - kExitBase, -1, 255)));
        return said && WEXITSTATUS(status) >= kExitBase ? *said : Verdict::died;
    }
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return signal == SIGSYS    ? Verdict::forbidden
           : signal == SIGXCPU ? Verdict::too_long
                               : Verdict::died;
}

// Waits for the process that draws, and ends it when its time is over. `unbuilt` holds a byte where
// its sandbox did not stand: only then nothing was read, and it can be tried again. Whoever is
// inside cannot say so, nor that there was no room: a document would be drawn again without end.
Verdict keep(pid_t drawing, int unbuilt, const Limits& limits) {
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, drawing, 0));
    pollfd ended{handle, POLLIN, 0};
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(limits.wall_seconds);
    bool out_of_time = handle < 0;
    while (!out_of_time) {
        const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(
            end - std::chrono::steady_clock::now());
        const int found = ::poll(&ended, 1, static_cast<int>(std::max<long>(rest.count(), 0)));
        if (found > 0)
            break;
        out_of_time = found == 0;
    }
    if (out_of_time)
        ::kill(drawing, SIGKILL);
    int status = 0;
    rusage used{};
    while (::wait4(drawing, &status, 0, &used) < 0 && errno == EINTR) {
    }
    Byte said = 0;
    if (::read(unbuilt, &said, 1) == 1)
        return Verdict::sandbox;
    const Verdict end_of_it = verdict_of_end(status, out_of_time, used, limits.cpu_seconds);
    return end_of_it == Verdict::sandbox || end_of_it == Verdict::busy ? Verdict::died : end_of_it;
}

[[noreturn]] void end_with(Verdict verdict) {
    ::_exit(kExitBase + static_cast<int>(verdict));
}

constexpr int kUnbuilt = kPages + 1;

[[noreturn]] void end_unbuilt(int says) {
    const Byte said = 1;
    static_cast<void>(::write(says, &said, 1) == 1);
    end_with(Verdict::sandbox);
}

constexpr int kAbove = 10; // out of the way of those that are put in their places

constexpr int kTurn = kPages + 1;

bool keep_two(int first, int second, int turn) {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);                  // NOLINT
    const int from = ::fcntl(first, F_DUPFD_CLOEXEC, kAbove);                  // NOLINT
    const int to = ::fcntl(second, F_DUPFD_CLOEXEC, kAbove);                   // NOLINT
    const int last = turn < 0 ? null : ::fcntl(turn, F_DUPFD_CLOEXEC, kAbove); // NOLINT
    if (null < 0 || from < 0 || to < 0 || last < 0)
        return false;
    for (const int standard : {0, 1, 2})
        if (::dup2(null, standard) < 0)
            return false;
    return ::dup2(from, kConnection) >= 0 && ::dup2(to, kPages) >= 0 &&
           ::dup3(last, kTurn, O_CLOEXEC) >= 0 && ::close_range(kTurn + 1, ~0U, 0) == 0 &&
           ::fcntl(kConnection, F_SETFD, FD_CLOEXEC) == 0 && // NOLINT
           ::fcntl(kPages, F_SETFD, FD_CLOEXEC) == 0;        // NOLINT
}

// The process that waits for an office document, and this end of the two pipes to it; -1: there is
// none.
struct Office {
    pid_t process = -1;
    adapters::Descriptor to;
    adapters::Descriptor from;
};

Office begin_office(const Limits& limits, int turn) {
    int asked[2] = {-1, -1};
    int answered[2] = {-1, -1};
    if (::pipe2(asked, O_CLOEXEC) != 0)
        return {};
    adapters::Descriptor document(asked[0]);
    Office out{-1, adapters::Descriptor(asked[1]), {}};
    if (::pipe2(answered, O_CLOEXEC) != 0)
        return {};
    out.from = adapters::Descriptor(answered[0]);
    adapters::Descriptor pdf(answered[1]);
    out.process = ::fork();
    if (out.process == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        // Neither the connection nor where pages go: nothing but the two ends of its own.
        if (keep_two(document.get(), pdf.get(), turn))
            serve_office(kConnection, kPages, limits, turn < 0 ? -1 : kTurn);
        ::_exit(0);
    }
    return out.process > 0 ? std::move(out) : Office{};
}

// Nothing of who forked it but these three, and the ends of the office; the third goes once the
// sandbox stands. What the libraries say goes nowhere: they quote from the document.
bool keep_three(int connection, int pages, int unbuilt, const Office& office) {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);      // NOLINT
    const int from = ::fcntl(connection, F_DUPFD_CLOEXEC, kAbove); // NOLINT
    const int to = ::fcntl(pages, F_DUPFD_CLOEXEC, kAbove);        // NOLINT
    const int last = ::fcntl(unbuilt, F_DUPFD_CLOEXEC, kAbove);    // NOLINT
    if (null < 0 || from < 0 || to < 0 || last < 0)
        return false;
    for (const int standard : {0, 1, 2})
        if (::dup2(null, standard) < 0)
            return false;
    if (office.process > 0) {
        const int asks = ::fcntl(office.to.get(), F_DUPFD_CLOEXEC, kAbove);   // NOLINT
        const int gets = ::fcntl(office.from.get(), F_DUPFD_CLOEXEC, kAbove); // NOLINT
        if (asks < 0 || gets < 0 || ::dup2(asks, kToOffice) < 0 || ::dup2(gets, kFromOffice) < 0)
            return false;
    } else {
        ::close(kToOffice);
        ::close(kFromOffice);
    }
    return ::dup2(from, kConnection) >= 0 && ::dup2(to, kPages) >= 0 &&
           ::dup2(last, kUnbuilt) >= 0 && ::close_range(kFromOffice + 1, ~0U, 0) == 0;
}

} // namespace

Verdict draw_from(int connection, int pages) {
    adapters::PipeSource from(connection);
    std::array<Byte, 4> head{};
    if (!rendering::fill(from, head, "render.job"))
        return Verdict::job;
    const std::size_t size = read_u32(head);
    if (size > rendering::kMaxJobBytes)
        return Verdict::job;
    Bytes text(size);
    if (!rendering::fill(from, text, "render.job"))
        return Verdict::job;
    const auto job = rendering::read_job(text);
    if (!job)
        return Verdict::job;
    const auto document = rendering::read_document(from);
    if (!document)
        return document.error().reason() == "render.too_large" ? Verdict::too_large
                                                               : Verdict::incomplete;
    // No library sees a byte while there is a way into the other sandbox, which holds less: what
    // takes one over could feed it what it likes.
    const auto close_office = [] {
        ::close(kToOffice);
        ::close(kFromOffice);
    };
    Convert convert;
    if (kind_of(*document) != Kind::office)
        close_office();
    else if (::fcntl(kToOffice, F_GETFD) >= 0) // NOLINT(cppcoreguidelines-pro-type-vararg)
        convert = [&](ByteView office) {
            auto pdf = ask_office(kToOffice, kFromOffice, office);
            close_office();
            return pdf;
        };
    return draw_document(
        *document, *job,
        [&](ByteView frame) { return adapters::write_fully(pages, frame).has_value(); }, convert);
}

void serve_one(int connection, const Limits& limits, bool namespaces_or_nothing, const Draws& draws,
               const OfficeRoad& road) {
    const int pages = first_byte(connection);
    if (pages < 0)
        return;
    // Before the namespaces, which are to be its own; and only where there are some.
    Office office = road.open && office_installed() ? begin_office(limits, road.turn) : Office{};
    const bool namespaces = leave_namespaces();
    int ends[2] = {-1, -1};
    const bool piped = ::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0;
    adapters::Descriptor unbuilt(ends[0]);
    adapters::Descriptor says(ends[1]);
    const pid_t drawing = piped && (namespaces || !namespaces_or_nothing) ? ::fork() : -1;
    if (drawing == 0) {
        if (!keep_three(connection, pages, says.get(), office))
            end_unbuilt(says.get());
        if (!enter_sandbox(limits, namespaces))
            end_unbuilt(kUnbuilt);
        ::close(kUnbuilt); // and no call that is left writes there
        try {
            end_with(draws(kConnection, kPages));
        } catch (...) { // memory, mostly
            end_with(Verdict::died);
        }
    }
    ::close(pages);
    says.close();
    office.to.close();
    office.from.close();
    const Verdict verdict = drawing < 0 ? Verdict::sandbox : keep(drawing, unbuilt.get(), limits);
    if (office.process > 0) { // and with it all that it started
        ::kill(office.process, SIGKILL);
        ::waitpid(office.process, nullptr, 0);
    }
    const Byte said = static_cast<Byte>(verdict);
    ::send(connection, &said, 1, MSG_NOSIGNAL);
}

namespace {

// The documents that are being drawn.
class Drawings {
public:
    Drawings(const Serving& serving, bool namespaces_or_nothing, const OfficeRoad& road)
        : serving_(serving), namespaces_or_nothing_(namespaces_or_nothing), road_(road) {}
    ~Drawings() {
        for (const pid_t one : running_)
            ::kill(one, SIGKILL); // and with it the one that it keeps
        while (!running_.empty())
            reap(0);
    }
    Drawings(const Drawings&) = delete;
    Drawings& operator=(const Drawings&) = delete;

    bool room() const { return running_.size() < serving_.at_once; }
    void begin(const adapters::Descriptor& connection, const sigset_t& unblocked) {
        ucred other{};
        socklen_t size = sizeof(other);
        if (::getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &other, &size) != 0 ||
            other.uid != serving_.user.value_or(::geteuid()))
            return;
        const pid_t keeper = ::fork();
        if (keeper == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::sigprocmask(SIG_SETMASK, &unblocked, nullptr);
            serve_one(connection.get(), serving_.limits, namespaces_or_nothing_, draw_from, road_);
            ::_exit(0);
        }
        if (keeper > 0)
            running_.insert(keeper);
    }
    void reap(int options = WNOHANG) {
        for (pid_t ended = 0; (ended = ::waitpid(-1, nullptr, options)) > 0;)
            running_.erase(ended);
    }

private:
    const Serving& serving_;
    const bool namespaces_or_nothing_;
    const OfficeRoad road_;
    std::set<pid_t> running_;
};

} // namespace

Result<void> serve(const Serving& serving) {
    TRY_ASSIGN(const Layers layers, try_sandbox(serving.limits));
    if (serving.namespaces_or_nothing && !layers.namespaces)
        return fail(Code::unavailable, "render.sandbox", "this machine gives no namespaces");
    const bool other = serving.user && *serving.user != ::geteuid();
    TRY_ASSIGN(const auto listening,
               adapters::listen_unix_socket(serving.socket, other ? 0666 : 0600));
    FcInit(); // once, so that no drawing has to read every font
    sigset_t waited;
    sigset_t before;
    sigemptyset(&waited);
    for (const int one : {SIGTERM, SIGINT, SIGCHLD})
        sigaddset(&waited, one);
    ::sigprocmask(SIG_BLOCK, &waited, &before);
    const adapters::Descriptor signals(::signalfd(-1, &waited, SFD_CLOEXEC | SFD_NONBLOCK));
    fmt::print("drawing on {}, held by {}\n", serving.socket, layers.text());
    if (office_installed())
        fmt::print("office documents are converted by LibreOffice, in a sandbox of its own{}\n",
                   layers.namespaces ? "" : ": not here, for want of namespaces");
    if (!layers.namespaces)
        fmt::print("this machine gives no namespaces: a document is held by the rest alone\n");
    std::fflush(stdout);
    // What this machine gave at the start it gives each document, or that one is not drawn: no
    // wall is left out without a word.
    const adapters::Descriptor turn(::memfd_create("turn", MFD_CLOEXEC));
    Drawings drawings(serving, serving.namespaces_or_nothing || layers.namespaces,
                      {layers.namespaces && turn.valid(), turn.get()});
    for (;;) {
        // Who comes while there is no room waits in the socket's queue.
        pollfd ready[2] = {{signals.get(), POLLIN, 0}, {listening.get(), POLLIN, 0}};
        if (::poll(ready, drawings.room() ? 2 : 1, -1) < 0 && errno != EINTR)
            return fail(Code::internal, "render.poll", adapters::system_text("poll", errno));
        signalfd_siginfo got{};
        while (::read(signals.get(), &got, sizeof(got)) == sizeof(got))
            if (got.ssi_signo != SIGCHLD) {
                ::unlink(serving.socket.c_str());
                return {};
            }
        drawings.reap();
        if (!drawings.room() || (ready[1].revents & POLLIN) == 0)
            continue;
        const adapters::Descriptor connection(
            ::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (connection.valid())
            drawings.begin(connection, before);
    }
}

} // namespace valise::render
