// SPDX-License-Identifier: Apache-2.0
#include "base/codec/crc32.h"
#include "base/codec/zip.h"
#include "render/office.h"
#include "render/system_calls.h"
#include "render/testing.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <array>
#include <csignal>

// Office documents, and what whoever takes their program over can do.
namespace valise::render {
namespace {

using rendering::Verdict;
using testing::drawn;

// The smallest text that LibreOffice opens: its name first, then what is in it.
Bytes a_text(const std::string& body) {
    const std::pair<std::string, std::string> files[] = {
        {"mimetype", "application/vnd.oasis.opendocument.text"},
        {"content.xml",
         "<?xml version=\"1.0\"?><office:document-content "
         "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" "
         "xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.2\">"
         "<office:body><office:text>" +
             body + "</office:text></office:body></office:document-content>"},
        {"META-INF/manifest.xml",
         "<?xml version=\"1.0\"?><manifest:manifest "
         "xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">"
         "<manifest:file-entry manifest:full-path=\"/\" "
         "manifest:media-type=\"application/vnd.oasis.opendocument.text\"/>"
         "<manifest:file-entry manifest:full-path=\"content.xml\" "
         "manifest:media-type=\"text/xml\"/></manifest:manifest>"}};
    StoredZipWriter zip(0);
    Bytes out;
    for (const auto& [name, content] : files) {
        append(out, ByteView(zip.add(name, content.size(), crc32(view(content)))));
        append(out, content);
    }
    append(out, ByteView(zip.finish()));
    return out;
}

const std::string kOneLine = "<text:p>情報の記録 · Запис</text:p>";

TEST(Office, IsConvertedAndDrawnWhereLibreOfficeIsInstalled) {
    if (!office_installed()) {
        EXPECT_EQ(drawn(a_text(kOneLine)).verdict, Verdict::office);
        GTEST_SKIP() << "LibreOffice is not installed";
    }
    if (const auto layers = try_sandbox({}); !layers || !layers->namespaces)
        GTEST_SKIP() << "no namespaces here";
    const auto out = drawn(a_text(kOneLine));
    ASSERT_EQ(out.verdict, Verdict::shown);
    ASSERT_TRUE(out.shown) << out.shown.error().text();
    EXPECT_EQ(out.shown->summary, (rendering::Summary{"office", 1, 1}));
    auto job = testing::a_job();
    job.output = rendering::Job::Output::print;
    const auto print = drawn(a_text(kOneLine), job);
    EXPECT_EQ(print.verdict, Verdict::shown);
    EXPECT_TRUE(print.shown);
}

TEST(Office, WhatIsNoneIsDamaged) {
    if (!office_installed())
        GTEST_SKIP() << "LibreOffice is not installed";
    EXPECT_EQ(drawn(to_bytes("PK\x03\x04 [Content_Types].xml and nothing")).verdict,
              Verdict::damaged);
}

// What a process came to that stands where LibreOffice does, with all of its walls: 1 it could, 0
// it could not, 9 the walls do not stand here.
int inside(bool (*makes)()) {
    const pid_t outer = ::fork();
    if (outer == 0) {
        if (!leave_for_office())
            ::_exit(9);
        const pid_t inner = ::fork();
        if (inner == 0) {
            if (!enter_office_sandbox({}))
                ::_exit(9);
            ::_exit(makes() ? 1 : 0);
        }
        int status = 0;
        ::waitpid(inner, &status, 0);
        ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 8);
    }
    int status = 0;
    ::waitpid(outer, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool writes(const char* path) {
    const int file = ::open(path, O_WRONLY | O_CLOEXEC); // NOLINT
    return file >= 0;
}

TEST(Office, WhoeverTakesItOverFindsNothingToTurn) {
    if (const auto layers = try_sandbox({}); !layers || !layers->namespaces)
        GTEST_SKIP() << "no namespaces here";
    const std::pair<const char*, bool (*)()> kNothing[] = {
        {"what a crash starts", [] { return writes("/proc/sys/kernel/core_pattern"); }},
        {"any knob", [] { return writes("/proc/sys/kernel/hostname"); }},
        {"the kernel's memory", [] { return writes("/proc/sysrq-trigger"); }},
        {"opening /proc again",
         [] { return ::mount(nullptr, "/proc", nullptr, MS_REMOUNT, nullptr) == 0; }},
        {"programs", [] { return writes("/usr/bin/env"); }},
        {"what was installed by hand",
         [] { return ::open("/usr/local/x", O_WRONLY | O_CREAT, 0600) >= 0; }}, // NOLINT
        {"the passwords", [] { return ::open("/etc/passwd", O_RDONLY) >= 0; }}, // NOLINT
        {"a home of this machine", [] { return ::access("/home", F_OK) == 0; }},
        {"the system's own processes",
         [] { return ::access("/proc/2/status", F_OK) == 0 && ::access("/sys", F_OK) == 0; }},
    };
    ASSERT_EQ(inside([] { return true; }), 1);
    EXPECT_EQ(inside([] { return writes("/dev/null"); }), 1);
    EXPECT_EQ(inside([] { return ::open("/tmp/x", O_WRONLY | O_CREAT, 0600) >= 0; }), 1); // NOLINT
    for (const auto& [name, makes] : kNothing)
        EXPECT_NE(inside(makes), 1) << name;
}

// Root outside is nobody inside, on the kernel's side of the map too: what it makes is nobody's.
TEST(Office, IsRootOnNoSide) {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(!leave_for_office() ? 9 : ::geteuid() == 0 ? 1 : 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WEXITSTATUS(status) == 9)
        GTEST_SKIP() << "no namespaces here";
    EXPECT_EQ(WEXITSTATUS(status), 0);
    struct stat found{};
    if (::stat(("/proc/" + std::to_string(::getpid())).c_str(), &found) != 0)
        GTEST_SKIP() << "no /proc here";
    int ends[2] = {};
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const pid_t waits = ::fork();
    if (waits == 0) {
        const Byte said = leave_for_office() ? 1 : 0;
        static_cast<void>(::write(ends[1], &said, 1) == 1);
        ::pause();
        ::_exit(0);
    }
    Byte said = 0;
    ASSERT_EQ(::read(ends[0], &said, 1), 1);
    EXPECT_EQ(::stat(("/proc/" + std::to_string(waits)).c_str(), &found), 0);
    EXPECT_NE(found.st_uid, 0U);
    ::kill(waits, SIGKILL);
    ::waitpid(waits, nullptr, 0);
    ::close(ends[0]);
    ::close(ends[1]);
}

// What is no office document has no way to the sandbox of those once a library reads it.
TEST(Office, OnlyAnOfficeDocumentHasTheWayThere) {
    int link[2] = {};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const int null = ::open("/dev/null", O_RDWR); // NOLINT
        ::dup2(null, kToOffice);
        ::dup2(null, kFromOffice);
        static_cast<void>(draw_from(link[1], null));
        ::_exit(::fcntl(kToOffice, F_GETFD) < 0 && ::fcntl(kFromOffice, F_GETFD) < 0 ? 0 : 1);
    }
    ::close(link[1]);
    const auto text = rendering::write_job(testing::a_job());
    Bytes head;
    append_u32(head, static_cast<std::uint32_t>(text->size()));
    append(head, ByteView(*text));
    const auto send = [&](ByteView bytes) -> Result<void> {
        return adapters::write_fully(link[0], bytes);
    };
    ASSERT_TRUE(send(head));
    rendering::DocumentWriter writer(send);
    ASSERT_TRUE(writer.write(to_bytes("a line of text")));
    ASSERT_TRUE(writer.finish());
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    ::close(link[0]);
}

// Whoever answers `answer` and goes, to a document that no pipe holds at once.
std::string asked_of(const Bytes& answer) {
    int asked[2] = {};
    int answered[2] = {};
    if (::pipe2(asked, O_CLOEXEC) != 0 || ::pipe2(answered, O_CLOEXEC) != 0)
        return "no pipe";
    const pid_t child = ::fork();
    if (child == 0) {
        std::array<Byte, 4> head{};
        static_cast<void>(::read(asked[0], head.data(), head.size()) == 4);
        static_cast<void>(::write(answered[1], answer.data(), answer.size()) >= 0);
        ::_exit(0);
    }
    ::close(asked[0]);
    ::close(answered[1]);
    const auto pdf = ask_office(asked[1], answered[0], Bytes(1 << 20, 'x'));
    ::close(asked[1]);
    ::close(answered[0]);
    ::waitpid(child, nullptr, 0);
    return pdf ? "" : pdf.error().reason();
}

TEST(Office, WhatDoesNotStandSaysSoAndNobodyWaits) {
    EXPECT_EQ(asked_of({0}), "render.office");
    EXPECT_EQ(asked_of({}), "render.office");
    EXPECT_NE(asked_of({1}), "") << "it stood, and went before it read all";
}

// How a process ended that made this call behind the list of those that the program may make.
int ended(bool (*makes)()) {
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_CORE, &none);
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (!restrict_office_calls())
            ::_exit(9);
        ::_exit(makes() ? 1 : 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

TEST(Office, ItsProgramsReachNothingOutside) {
    struct Attempt {
        const char* name;
        bool (*makes)();
        int expected; // 1 it worked, 0 it was refused, below: the signal
    };
    // NOLINTBEGIN
    const Attempt kAttempts[] = {
        {"a process of its own",
         [] {
             const pid_t one = ::fork();
             if (one == 0)
                 ::_exit(0);
             return one > 0 && ::waitpid(one, nullptr, 0) == one;
         },
         1},
        {"a socket between its own processes",
         [] {
             int ends[2] = {};
             return ::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0;
         },
         1},
        {"a pair of the kernel's own",
         [] {
             int ends[2] = {};
             return ::socketpair(AF_TIPC, SOCK_STREAM, 0, ends) == 0;
         },
         0},
        {"a file in memory", [] { return ::memfd_create("x", 0) >= 0; }, 0},
        {"a file in memory as a program",
         [] {
             char* const none[] = {nullptr};
             return ::syscall(SYS_execveat, 0, "", none, none, AT_EMPTY_PATH) == 0;
         },
         0},
        {"another's descriptor", [] { return ::syscall(SYS_pidfd_open, 1, 0) >= 0; }, 0},
        {"another personality", [] { return ::personality(0xffffffff) >= 0; }, 0},
        {"mounting by the other door", [] { return ::syscall(SYS_fsconfig, -1, 0, 0, 0, 0) == 0; },
         -SIGSYS},
        {"changing mounts", [] { return ::syscall(SYS_mount_setattr, -1, "", 0, 0, 0) == 0; },
         -SIGSYS},
        {"io_uring", [] { return ::syscall(SYS_io_uring_enter, -1, 0, 0, 0, 0, 0) == 0; }, -SIGSYS},
        {"what every file says", [] { return ::syscall(SYS_fanotify_init, 0, 0) >= 0; }, -SIGSYS},
        {"the network", [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }, 0},
        {"the newer network", [] { return ::socket(AF_INET6, SOCK_DGRAM, 0) >= 0; }, 0},
        {"the kernel's own", [] { return ::socket(AF_NETLINK, SOCK_RAW, 0) >= 0; }, 0},
        {"another process", [] { return ::ptrace(PTRACE_TRACEME, 0, 0, 0) == 0; }, -SIGSYS},
        {"other namespaces", [] { return ::unshare(CLONE_NEWUSER) == 0; }, -SIGSYS},
        {"mounting", [] { return ::mount("none", "/tmp", "tmpfs", 0, "") == 0; }, -SIGSYS},
        {"namespaces by the other door",
         [] { return ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) > 0; }, 0},
    };
    // NOLINTEND
    for (const Attempt& one : kAttempts)
        EXPECT_EQ(ended(one.makes), one.expected) << one.name;
}

// A process that waits for a document and is asked for none puts nothing up, and goes.
TEST(Office, NobodyIsAskedForNothing) {
    int asked[2] = {};
    int answered[2] = {};
    ASSERT_EQ(::pipe2(asked, O_CLOEXEC), 0);
    ASSERT_EQ(::pipe2(answered, O_CLOEXEC), 0);
    ::close(asked[1]);
    serve_office(asked[0], answered[1], {});
    ::close(answered[1]);
    Byte said = 0;
    EXPECT_EQ(::read(answered[0], &said, 1), 0);
    ::close(asked[0]);
    ::close(answered[0]);
}

} // namespace
} // namespace valise::render
