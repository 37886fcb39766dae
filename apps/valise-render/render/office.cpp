// SPDX-License-Identifier: Apache-2.0
#include "render/office.h"

#include "adapters/files/files.h"
#include "render/system_calls.h"
#include "rendering/job.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>

namespace valise::render {

namespace {

constexpr const char* kProgram = "/usr/lib/libreoffice/program/soffice.bin";
constexpr Byte kBuilt = 1;
constexpr Byte kUnbuilt = 0;
constexpr int kAgain = 81;            // its first run in a new home asks for a second
constexpr const char* kHome = "/tmp"; // where it makes the socket between its own processes

// Macros are not run, links are not followed. There is no network that they could reach.
constexpr const char* kSettings =
    R"(<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>1</value></prop></item>
</oor:items>
)";

std::unexpected<Error> no_office(const char* what) {
    return fail(Code::unavailable, "render.sandbox", adapters::system_text(what, errno));
}

// Programs and libraries, read-only; a home in memory; four devices; its own processes. No other
// folder of the machine, no socket, no network.
Result<void> office_root() {
    constexpr const char* kRoot = "/tmp";
    const std::string root = kRoot;
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return no_office("private mounts");
    if (::mount("none", kRoot, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=256k,mode=0755") !=
        0)
        return no_office("tmpfs");
    for (const char* folder :
         {"/usr", "/etc/fonts", "/etc/libreoffice", "/var/cache/fontconfig", "/etc/ld.so.cache"})
        if (::access(folder, R_OK) == 0)
            TRY(bind_readable(root, folder, std::string_view(folder) == "/usr"));
    std::error_code error;
    for (const char* folder : {"/bin", "/lib", "/lib64"}) {
        if (std::filesystem::is_symlink(folder, error))
            std::filesystem::create_symlink(std::filesystem::read_symlink(folder, error),
                                            root + folder, error);
        else if (std::filesystem::is_directory(folder, error))
            TRY(bind_readable(root, folder, true));
    }
    for (const char* device : {"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"}) {
        std::filesystem::create_directories(root + "/dev", error);
        const adapters::Descriptor file(::open((root + device).c_str(), // NOLINT
                                               O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
        if (::mount(device, (root + device).c_str(), nullptr, MS_BIND, nullptr) != 0)
            return no_office("devices");
    }
    // What somebody installed by hand is no part of the program: of that only fonts.
    constexpr const char* kLocal = "/usr/local";
    if (::access(kLocal, F_OK) == 0) {
        if (::mount("none", (root + kLocal).c_str(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
                    "size=16k,mode=0755") != 0)
            return no_office("local programs");
        if (const char* fonts = "/usr/local/share/fonts"; ::access(fonts, R_OK | X_OK) == 0)
            TRY(bind_readable(root, fonts, false));
        TRY(close_folder((root + kLocal).c_str(), false));
    }
    for (const char* folder : {"/proc", kHome})
        std::filesystem::create_directories(root + folder, error);
    // Its own processes, and no knob of the kernel, which a user outside may be allowed to turn.
    // Some machines hide parts of theirs and give no whole one inside: then there is none.
    static_cast<void>(::mount("none", (root + "/proc").c_str(), "proc",
                              MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
                              "subset=pid,hidepid=2") == 0);
    if (::mount("none", (root + kHome).c_str(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
                "size=384m,mode=0700") != 0)
        return no_office("home");
    TRY(enter_root(kRoot));
    return {};
}

Result<void> office_limits(const Limits& limits) {
    constexpr rlim_t kMemory = 2UL << 30; // of addresses: it maps far more than it uses
    const std::pair<__rlimit_resource, rlim_t> all[] = {
        {RLIMIT_CPU, limits.cpu_seconds},
        {RLIMIT_AS, kMemory},
        {RLIMIT_FSIZE, rendering::kMaxDocument},
        {RLIMIT_CORE, 1}, // 0 does not stop what pipes it away
        {RLIMIT_MEMLOCK, 0},
        {RLIMIT_NOFILE, 512},
        {RLIMIT_NPROC, 32}};
    for (const auto& [what, value] : all) {
        const rlimit one{value, value};
        if (::setrlimit(what, &one) != 0)
            return no_office("limits");
    }
    return {};
}

// Ends with the status that the program ended with; -1 where a signal ended it.
int run_once() {
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string user = std::string("-env:UserInstallation=file://") + kHome + "/profile";
        const std::array<const char*, 12> words = {
            kProgram,   user.c_str(),  "--headless",    "--norestore",
            "--nologo", "--nodefault", "--nolockcheck", "--convert-to",
            "pdf",      "--outdir",    "/tmp/out",      "/tmp/document"};
        std::vector<char*> arguments;
        for (const char* word : words)
            arguments.push_back(const_cast<char*>(word));
        arguments.push_back(nullptr);
        const char* environment[] = {"HOME=/tmp",     "TMPDIR=/tmp/tmp",       "LC_ALL=C.UTF-8",
                                     "PATH=/usr/bin", "SAL_USE_VCLPLUGIN=svp", nullptr};
        ::execve(kProgram, arguments.data(), const_cast<char**>(environment));
        ::_exit(1);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

Result<Bytes> converted(ByteView document) {
    const std::string home = kHome;
    std::error_code error;
    for (const char* folder : {"/tmp", "/out", "/profile/user"})
        std::filesystem::create_directories(home + folder, error);
    TRY(adapters::write_file_durably(home + "/profile/user/registrymodifications.xcu",
                                     view(std::string_view(kSettings))));
    TRY(adapters::write_file_durably(home + "/document", document));
    if (run_once() == kAgain)
        run_once();
    // Whoever took it over may have put anything there: a file of a bounded size, and no link.
    const adapters::Descriptor pdf(
        ::open("/tmp/out/document.pdf", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)); // NOLINT
    struct stat found{};
    if (!pdf.valid() || ::fstat(pdf.get(), &found) != 0 || !S_ISREG(found.st_mode) ||
        found.st_size > static_cast<off_t>(rendering::kMaxDocument))
        return fail(Code::invalid, "render.damaged", "no PDF came of it");
    adapters::PipeSource source(pdf.get());
    Bytes out(static_cast<std::size_t>(found.st_size));
    TRY(rendering::fill(source, out, "render.damaged"));
    return out;
}

Result<Bytes> read_sized(int from) {
    adapters::PipeSource source(from);
    std::array<Byte, 4> head{};
    TRY(rendering::fill(source, head, "render.damaged"));
    const std::size_t size = read_u32(head);
    if (size > rendering::kMaxDocument)
        return fail(Code::limit, "render.too_large", "larger than what is drawn");
    Bytes out(size);
    TRY(rendering::fill(source, out, "render.damaged"));
    return out;
}

Result<void> write_sized(int to, ByteView bytes) {
    Bytes head;
    append_u32(head, static_cast<std::uint32_t>(bytes.size()));
    TRY(adapters::write_fully(to, head));
    return adapters::write_fully(to, bytes);
}

// Nobody outside either: a user of this machine who owns the knobs of its kernel would own them
// inside too, whatever number stands there for them.
bool become_nobody() {
    constexpr id_t kNobody = 65534;
    if (::geteuid() != 0)
        return true;
    // The kernel keeps the files of such a process to root, its map of users among them.
    return ::setgroups(0, nullptr) == 0 && ::setresgid(kNobody, kNobody, kNobody) == 0 &&
           ::setresuid(kNobody, kNobody, kNobody) == 0 && ::geteuid() != 0 &&
           ::prctl(PR_SET_DUMPABLE, 1) == 0;
}

// One at a time: what one may use is bounded for each process, and not for all of them.
void await_turn(int turn) {
    struct flock whole{};
    whole.l_type = F_WRLCK;
    while (turn >= 0 && ::fcntl(turn, F_SETLKW, &whole) != 0 && errno == EINTR) { // NOLINT
    }
}

bool say(int to, Byte built) {
    return ::write(to, &built, 1) == 1;
}

} // namespace

Result<void> enter_office_sandbox(const Limits& limits) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    TRY(office_root());
    TRY(drop_capabilities());
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return no_office("no new privileges");
    TRY(office_limits(limits));
    return restrict_office_calls();
}

bool leave_for_office() {
    const bool nobody = become_nobody();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // forgotten with the change of user
    return nobody && leave_namespaces();
}

bool office_installed() {
    return ::access(kProgram, X_OK) == 0;
}

namespace {

[[noreturn]] void convert_for(int from, int to, const Limits& limits) {
    const pid_t inside = leave_for_office() ? ::fork() : -1;
    if (inside == 0) {
        if (!enter_office_sandbox(limits)) {
            static_cast<void>(say(to, kUnbuilt));
            ::_exit(1);
        }
        const auto document = say(to, kBuilt) ? read_sized(from) : fail(Code::internal, "gone");
        const auto pdf = document ? converted(*document) : document;
        static_cast<void>(write_sized(to, pdf ? ByteView(*pdf) : ByteView()).has_value());
        ::_exit(0);
    }
    if (inside < 0)
        static_cast<void>(say(to, kUnbuilt));
    ::close(to);
    ::close(from);
    ::waitpid(inside, nullptr, 0);
    ::_exit(0);
}

} // namespace

void serve_office(int from, int to, const Limits& limits, int turn) {
    // Nothing is put up for the many documents that need none of it.
    pollfd asked{from, POLLIN, 0};
    while (::poll(&asked, 1, -1) < 0 && errno == EINTR) {
    }
    if ((asked.revents & POLLIN) == 0)
        return;
    await_turn(turn);
    // In between stands one that is nobody: whoever forked this one can end it, and with it both.
    const pid_t between = ::fork();
    if (between == 0)
        convert_for(from, to, limits);
    if (between < 0)
        static_cast<void>(say(to, kUnbuilt));
    // Whoever asked sees the end of either pipe, however it comes.
    ::close(to);
    ::close(from);
    ::waitpid(between, nullptr, 0);
}

Result<Bytes> ask_office(int to, int from, ByteView document) {
    ::signal(SIGPIPE, SIG_IGN); // its end is an answer, and not ours
    Bytes head;
    append_u32(head, static_cast<std::uint32_t>(document.size()));
    TRY(adapters::write_fully(to, head));
    adapters::PipeSource source(from);
    std::array<Byte, 1> built{};
    if (!rendering::fill(source, built, "render.office") || built[0] != kBuilt)
        return fail(Code::invalid, "render.office", "its sandbox does not stand on this machine");
    TRY(adapters::write_fully(to, document));
    TRY_ASSIGN(Bytes pdf, read_sized(from));
    if (pdf.empty())
        return fail(Code::invalid, "render.damaged", "no PDF came of it");
    return pdf;
}

} // namespace valise::render
