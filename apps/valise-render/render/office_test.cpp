// SPDX-License-Identifier: Apache-2.0
#include "base/codec/crc32.h"
#include "base/codec/zip.h"
#include "render/office.h"
#include "render/system_calls.h"
#include "render/testing.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>

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
