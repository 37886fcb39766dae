// SPDX-License-Identifier: Apache-2.0
#include "render/testing.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <cerrno>
#include <csignal>

// A document that has taken the drawing program over can do what these do, and no more.
namespace valise::render {
namespace {

using rendering::Verdict;
using testing::drawn;

// What a call that was made in the sandbox came to: `shown` it worked, `damaged` it was refused.
Verdict said(bool worked) {
    return worked ? Verdict::shown : Verdict::damaged;
}

Verdict of(const std::function<bool()>& attempt, const Limits& limits = {}) {
    return drawn({}, testing::a_job(), limits, [&](int, int) { return said(attempt()); }).verdict;
}

struct Attempt {
    const char* name;
    bool (*makes)();
    Verdict expected;
};

bool opens(const char* path, int flags) {
    return ::open(path, flags, 0600) >= 0; // NOLINT
}

// NOLINTBEGIN
const Attempt kAttempts[] = {
    {"nothing", [] { return true; }, Verdict::shown},
    {"a socket to the network", [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; },
     Verdict::forbidden},
    {"a local socket", [] { return ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }, Verdict::forbidden},
    {"connecting what it has",
     [] {
         sockaddr_in to{};
         to.sin_family = AF_INET;
         return ::connect(3, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0;
     },
     Verdict::forbidden},
    {"sending descriptors on",
     [] {
         msghdr message{};
         return ::sendmsg(3, &message, 0) >= 0;
     },
     Verdict::forbidden},
    {"another program",
     [] {
         char* const none[] = {nullptr};
         return ::execve("/bin/true", none, none) == 0;
     },
     Verdict::forbidden},
    {"another process", [] { return ::syscall(SYS_fork) >= 0; }, Verdict::forbidden},
    {"another process by clone", [] { return ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) >= 0; },
     Verdict::forbidden},
    {"a new user namespace", [] { return ::unshare(CLONE_NEWUSER) == 0; }, Verdict::forbidden},
    {"tracing", [] { return ::ptrace(PTRACE_TRACEME, 0, 0, 0) == 0; }, Verdict::forbidden},
    {"a signal to another", [] { return ::kill(1, SIGKILL) == 0; }, Verdict::forbidden},
    {"io_uring", [] { return ::syscall(SYS_io_uring_setup, 1, nullptr) >= 0; }, Verdict::forbidden},
    {"a file in memory", [] { return ::syscall(SYS_memfd_create, "x", 0) >= 0; },
     Verdict::forbidden},
    {"mounting", [] { return ::mount("none", "/tmp", "tmpfs", 0, nullptr) == 0; },
     Verdict::forbidden},
    {"the passwords", [] { return opens("/etc/passwd", O_RDONLY); }, Verdict::damaged},
    {"the root folder", [] { return opens("/root", O_RDONLY | O_DIRECTORY); }, Verdict::damaged},
    {"the processes", [] { return opens("/proc/self/environ", O_RDONLY); }, Verdict::damaged},
    {"a library", [] { return opens("/bin/sh", O_RDONLY); }, Verdict::damaged},
    {"a path out of the fonts",
     [] { return opens("/usr/share/fonts/../../../etc/passwd", O_RDONLY); }, Verdict::damaged},
    {"a new file", [] { return opens("/tmp/x", O_WRONLY | O_CREAT); }, Verdict::damaged},
    {"a new font", [] { return opens("/usr/share/fonts/x", O_WRONLY | O_CREAT); },
     Verdict::damaged},
    {"a folder", [] { return ::mkdir("/tmp/x", 0700) == 0; }, Verdict::damaged},
    {"the fonts", [] { return opens("/usr/share/fonts", O_RDONLY | O_DIRECTORY); }, Verdict::shown},
    {"a program in memory",
     [] {
         return ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
     },
     Verdict::damaged},
    {"memory made a program",
     [] {
         void* at =
             ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
         return ::mprotect(at, 4096, PROT_READ | PROT_EXEC) == 0;
     },
     Verdict::damaged},
    {"higher limits",
     [] {
         const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
         return ::setrlimit(RLIMIT_CPU, &all) == 0;
     },
     Verdict::damaged},
    {"a descriptor of who started it", [] { return ::fcntl(5, F_GETFD) >= 0; }, Verdict::damaged},
    {"a thread",
     [] {
         std::thread([] {}).join();
         return true;
     },
     Verdict::shown},
};
// NOLINTEND

TEST(Sandbox, StopsWhatNoDrawingDoes) {
    for (const Attempt& one : kAttempts)
        EXPECT_EQ(of(one.makes), one.expected)
            << one.name << ": " << static_cast<int>(of(one.makes));
}

TEST(Sandbox, KnowsNothingOfWhoStartedIt) {
    ::setenv("VALISE_TEST_SECRET", "x", 1);
    EXPECT_EQ(of([] { return ::geteuid() == 65534; }),
              try_sandbox({})->namespaces ? Verdict::shown : Verdict::damaged);
    if (try_sandbox({})->namespaces) {
        EXPECT_EQ(of([] { return ::getpid() == 1; }), Verdict::shown);
    }
    ::unsetenv("VALISE_TEST_SECRET");
}

TEST(Sandbox, EndsWhatTakesTooLong) {
    Limits brief;
    brief.cpu_seconds = 1;
    EXPECT_EQ(of(
                  []() -> bool {
                      for (volatile int turn = 0;;)
                          turn = turn + 1;
                  },
                  brief),
              Verdict::too_long);
    Limits short_wall;
    short_wall.wall_seconds = 1;
    EXPECT_EQ(of(
                  []() -> bool {
                      for (;;)
                          ::usleep(100'000);
                  },
                  short_wall),
              Verdict::too_long);
}

TEST(Sandbox, EndsWhatTakesTooMuch) {
    Limits small;
    small.memory = 512UL << 20;
    EXPECT_EQ(of(
                  []() -> bool {
                      std::vector<Bytes> all;
                      for (;;)
                          all.emplace_back(16 << 20, Byte{1});
                  },
                  small),
              Verdict::died);
    EXPECT_EQ(of([]() -> bool { std::abort(); }), Verdict::died);
    EXPECT_EQ(of([]() -> bool { ::_exit(1); }), Verdict::died);
    // An exit status is no way to say something that was not agreed.
    EXPECT_EQ(of([]() -> bool { ::_exit(255); }), Verdict::died);
}

// Its keeper says how it ended: not it, and what can be tried again it cannot say at all.
TEST(Sandbox, DoesNotSayHowItEnded) {
    const auto says = [](Verdict verdict) {
        return drawn({}, testing::a_job(), {}, [&](int, int) { return verdict; }).verdict;
    };
    EXPECT_EQ(says(Verdict::sandbox), Verdict::died);
    EXPECT_EQ(says(Verdict::busy), Verdict::died);
    EXPECT_EQ(says(Verdict::encrypted), Verdict::encrypted);
    const auto writes = [](int to) {
        return of([&] {
            const Byte shown = 0;
            return ::write(to, &shown, 1) == 1;
        });
    };
    EXPECT_EQ(writes(3), Verdict::forbidden);
    EXPECT_EQ(writes(5), Verdict::damaged);
    // Good pages, a good end, and then what only an intruder does.
    const auto forged = drawn({}, testing::a_job(), {}, [&](int connection, int pages) {
        const Byte shown = 0;
        static_cast<void>(
            adapters::write_fully(pages, rendering::summary_frame({"text", 0, 0})).has_value());
        iovec piece{const_cast<Byte*>(&shown), 1};
        static_cast<void>(::writev(connection, &piece, 1));
        static_cast<void>(::socket(AF_INET, SOCK_STREAM, 0));
        return Verdict::shown;
    });
    EXPECT_EQ(forged.verdict, Verdict::forbidden);
}

// Where a machine gives no namespaces, the rest still holds.
TEST(Sandbox, HoldsWithoutNamespaces) {
    const auto attempt = [](const std::function<bool()>& makes) {
        const pid_t child = ::fork();
        if (child == 0) {
            const auto layers = enter_sandbox({}, false);
            ::_exit(layers ? (makes() ? 1 : 0) : 9);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return status;
    };
    const int file = attempt([] { return opens("/etc/passwd", O_RDONLY); });
    EXPECT_TRUE(WIFEXITED(file) && WEXITSTATUS(file) == 0) << file;
    const int socket = attempt([] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; });
    EXPECT_TRUE(WIFSIGNALED(socket) && WTERMSIG(socket) == SIGSYS) << socket;
}

TEST(Sandbox, SaysWhichLayersThereAre) {
    const auto layers = try_sandbox({});
    ASSERT_TRUE(layers) << layers.error().text();
    std::printf("held by %s\n", layers->text().c_str());
    EXPECT_TRUE(layers->namespaces || layers->landlock);
    EXPECT_EQ((Layers{false, false}.text()), "system calls, limits");
    EXPECT_EQ((Layers{true, true}.text()), "namespaces, landlock, system calls, limits");
}

} // namespace
} // namespace valise::render
