// SPDX-License-Identifier: Apache-2.0
#include "render/sandbox.h"

#include "adapters/files/descriptor.h"
#include "render/system_calls.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

namespace valise::render {

namespace {

std::unexpected<Error> no_sandbox(const char* what) {
    return fail(Code::unavailable, "render.sandbox", adapters::system_text(what, errno));
}

bool write_text(const char* path, const std::string& text) {
    const adapters::Descriptor file(::open(path, O_WRONLY | O_CLOEXEC)); // NOLINT
    return file.valid() &&
           ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// Flags that came with a mount from outside stay locked: a remount must repeat them.
unsigned long kept_flags(const char* path) {
    struct statvfs found{};
    if (::statvfs(path, &found) != 0)
        return 0;
    unsigned long out = 0;
    const std::pair<unsigned long, unsigned long> pairs[] = {
        {ST_NOSUID, MS_NOSUID},   {ST_NODEV, MS_NODEV},           {ST_NOEXEC, MS_NOEXEC},
        {ST_NOATIME, MS_NOATIME}, {ST_NODIRATIME, MS_NODIRATIME}, {ST_RELATIME, MS_RELATIME}};
    for (const auto& [has, flag] : pairs)
        if ((found.f_flag & has) != 0)
            out |= flag;
    return out;
}

} // namespace

Result<void> bind_readable(const std::string& root, const std::string& from, bool programs) {
    std::error_code error;
    const std::string at = root + from;
    if (std::filesystem::is_directory(from, error)) {
        std::filesystem::create_directories(at, error);
    } else { // one file is bound over another
        std::filesystem::create_directories(std::filesystem::path(at).parent_path(), error);
        const adapters::Descriptor file(
            ::open(at.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)); // NOLINT
    }
    if (error)
        return fail(Code::unavailable, "render.sandbox", "folder: " + error.message());
    if (::mount(from.c_str(), at.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0)
        return no_sandbox("bind");
    return close_folder(at.c_str(), programs);
}

Result<void> close_folder(const char* at, bool programs) {
    mount_attr below{};
    below.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
                     (programs ? 0 : MOUNT_ATTR_NOEXEC);
    if (::mount_setattr(AT_FDCWD, at, AT_RECURSIVE, &below, sizeof(below)) == 0)
        return {};
    if (errno != ENOSYS)
        return no_sandbox("read-only mounts");
    // Linux before 5.12 closes the topmost alone.
    const unsigned long flags = kept_flags(at) | MS_NOSUID | MS_NODEV | (programs ? 0 : MS_NOEXEC);
    if (::mount(nullptr, at, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY | flags, nullptr) != 0)
        return no_sandbox("remount");
    return {};
}

Result<void> enter_root(const char* root) {
    if (::chdir(root) != 0 || ::syscall(SYS_pivot_root, ".", ".") != 0 ||
        ::umount2(".", MNT_DETACH) != 0 || ::chdir("/") != 0)
        return no_sandbox("root");
    if (::mount(nullptr, "/", nullptr, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
                nullptr) != 0)
        return no_sandbox("read-only root");
    return {};
}

Result<void> drop_capabilities() {
    __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[2] = {};
    if (::syscall(SYS_capset, &head, none) != 0)
        return no_sandbox("capabilities");
    return {};
}

namespace {

// A root of its own that holds fonts and character maps, all of it read-only, and nothing else: no
// /proc, no /dev, no home, no socket.
Result<void> new_root() {
    constexpr const char* kRoot = "/tmp";
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return no_sandbox("private mounts");
    if (::mount("none", kRoot, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64k,mode=0755") !=
        0)
        return no_sandbox("tmpfs");
    for (const std::string& folder : readable_folders())
        TRY(bind_readable(kRoot, folder, false));
    return enter_root(kRoot);
}

// A second wall around the files, which holds also where there are no namespaces.
Result<bool> close_files() {
    const long version =
        ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return false;
    landlock_ruleset_attr rules{};
    rules.handled_access_fs = LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1; // every right of version 1
    const adapters::Descriptor set(
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0)));
    if (!set.valid())
        return no_sandbox("landlock");
    for (const std::string& folder : readable_folders()) {
        const adapters::Descriptor at(::open(folder.c_str(), O_PATH | O_CLOEXEC)); // NOLINT
        if (!at.valid())
            continue;
        landlock_path_beneath_attr rule{};
        rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
        rule.parent_fd = at.get();
        if (::syscall(SYS_landlock_add_rule, set.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
            return no_sandbox("landlock");
    }
    if (::syscall(SYS_landlock_restrict_self, set.get(), 0) != 0)
        return no_sandbox("landlock");
    return true;
}

Result<void> set_limits(const Limits& limits, bool namespaces) {
    // One second between the signal that can be told apart and the end.
    const std::pair<__rlimit_resource, rlimit> all[] = {
        {RLIMIT_CPU, {limits.cpu_seconds, limits.cpu_seconds + 1}},
        {RLIMIT_AS, {limits.memory, limits.memory}},
        {RLIMIT_FSIZE, {0, 0}},
        {RLIMIT_CORE, {0, 0}},
        {RLIMIT_MEMLOCK, {0, 0}},
        {RLIMIT_NOFILE, {limits.files, limits.files}}};
    for (const auto& [what, value] : all)
        if (::setrlimit(what, &value) != 0)
            return no_sandbox("limits");
    // Without a namespace the kernel counts what else this user runs.
    const rlimit processes{limits.processes, limits.processes};
    if (namespaces && ::setrlimit(RLIMIT_NPROC, &processes) != 0)
        return no_sandbox("limits");
    return {};
}

} // namespace

std::string Layers::text() const {
    return std::string(namespaces ? "namespaces, " : "") + (landlock ? "landlock, " : "") +
           "system calls, limits";
}

std::vector<std::string> readable_folders() {
    std::vector<std::string> out;
    for (const char* folder :
         {"/usr/share/fonts", "/usr/local/share/fonts", "/etc/fonts", "/usr/share/fontconfig",
          "/var/cache/fontconfig", "/usr/share/poppler"})
        if (::access(folder, R_OK | X_OK) == 0)
            out.emplace_back(folder);
    return out;
}

bool leave_namespaces() {
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                  CLONE_NEWUTS) != 0)
        return false;
    // Nobody inside, whoever runs it outside.
    return write_text("/proc/self/setgroups", "deny") &&
           write_text("/proc/self/uid_map", "65534 " + std::to_string(user) + " 1") &&
           write_text("/proc/self/gid_map", "65534 " + std::to_string(group) + " 1");
}

Result<Layers> enter_sandbox(const Limits& limits, bool namespaces) {
    Layers layers;
    layers.namespaces = namespaces;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (namespaces)
        TRY(new_root());
    TRY(drop_capabilities());
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return no_sandbox("no new privileges");
    ::prctl(PR_SET_DUMPABLE, 0);
    TRY_ASSIGN(layers.landlock, close_files());
    TRY(set_limits(limits, namespaces));
    TRY(restrict_calls(layers.namespaces || layers.landlock));
    return layers;
}

Result<Layers> try_sandbox(const Limits& limits) {
    const pid_t outer = ::fork();
    if (outer < 0)
        return no_sandbox("fork");
    if (outer == 0) {
        const bool namespaces = leave_namespaces();
        const pid_t inner = ::fork();
        if (inner == 0) {
            const auto layers = enter_sandbox(limits, namespaces);
            ::_exit(layers ? 1 + (layers->namespaces ? 2 : 0) + (layers->landlock ? 4 : 0) : 0);
        }
        int status = 0;
        ::waitpid(inner, &status, 0);
        ::_exit(inner > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 0);
    }
    int status = 0;
    ::waitpid(outer, &status, 0);
    const int said = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    if (said == 0)
        return fail(Code::unavailable, "render.sandbox", "it could not be put up on this machine");
    return Layers{(said & 2) != 0, (said & 4) != 0};
}

} // namespace valise::render
