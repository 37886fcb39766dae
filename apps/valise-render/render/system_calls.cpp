// SPDX-License-Identifier: Apache-2.0
#include "render/system_calls.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>

namespace valise::render {

namespace {

// What the libraries call while they draw, and glibc under them.
constexpr const char* kAllowed[] = {"read",
                                    "readv",
                                    "pread64",
                                    "lseek",
                                    "close",
                                    "fstat",
                                    "newfstatat",
                                    "stat",
                                    "lstat",
                                    "statx",
                                    "statfs",
                                    "fstatfs",
                                    "access",
                                    "faccessat",
                                    "faccessat2",
                                    "getdents64",
                                    "readlink",
                                    "readlinkat",
                                    "getcwd",
                                    "munmap",
                                    "mremap",
                                    "brk",
                                    "madvise",
                                    "futex",
                                    "getpid",
                                    "gettid",
                                    "getuid",
                                    "geteuid",
                                    "getgid",
                                    "getegid",
                                    "clock_gettime",
                                    "clock_getres",
                                    "gettimeofday",
                                    "time",
                                    "nanosleep",
                                    "clock_nanosleep",
                                    "sched_yield",
                                    "sched_getaffinity",
                                    "sysinfo",
                                    "uname",
                                    "getrlimit",
                                    "rt_sigaction",
                                    "rt_sigprocmask",
                                    "rt_sigreturn",
                                    "sigaltstack",
                                    "exit",
                                    "exit_group",
                                    "getrandom",
                                    "poll",
                                    "ppoll",
                                    "restart_syscall",
                                    "set_robust_list",
                                    "rseq",
                                    "membarrier",
                                    "set_tid_address",
                                    "fadvise64",
                                    "getrusage"};

// Nothing that draws a page has a use for these: whoever calls them is somebody else's program.
constexpr const char* kFatal[] = {"socket",
                                  "socketpair",
                                  "connect",
                                  "bind",
                                  "listen",
                                  "accept",
                                  "accept4",
                                  "sendto",
                                  "sendmsg",
                                  "sendmmsg",
                                  "execve",
                                  "execveat",
                                  "fork",
                                  "vfork",
                                  "ptrace",
                                  "process_vm_readv",
                                  "process_vm_writev",
                                  "mount",
                                  "umount2",
                                  "pivot_root",
                                  "unshare",
                                  "setns",
                                  "bpf",
                                  "keyctl",
                                  "add_key",
                                  "io_uring_setup",
                                  "perf_event_open",
                                  "userfaultfd",
                                  "init_module",
                                  "finit_module",
                                  "kexec_load",
                                  "reboot",
                                  "open_by_handle_at",
                                  "pidfd_open",
                                  "pidfd_getfd",
                                  "memfd_create",
                                  "chroot",
                                  "kill",
                                  "tkill"};

struct Free {
    void operator()(void* context) const { seccomp_release(context); }
};

class Filter {
public:
    explicit Filter(std::uint32_t otherwise) : context_(seccomp_init(otherwise)) {}

    void add(std::uint32_t action, const char* name,
             std::initializer_list<scmp_arg_cmp> when = {}) {
        const int call = seccomp_syscall_resolve_name(name);
        if (call == __NR_SCMP_ERROR)
            return; // not of this architecture
        if (seccomp_rule_add_array(context_.get(), action, call, static_cast<unsigned>(when.size()),
                                   when.begin()) != 0)
            whole_ = false;
    }
    bool load() {
        return whole_ && context_ &&
               seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
               seccomp_load(context_.get()) == 0;
    }
    explicit operator bool() const { return context_ != nullptr; }

private:
    std::unique_ptr<void, Free> context_;
    bool whole_ = true;
};

scmp_arg_cmp masked(unsigned argument, scmp_datum_t mask, scmp_datum_t value) {
    return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

void add_with_arguments(Filter& filter, bool files) {
    // Pages go out, and what the libraries say goes to /dev/null. On the connection the keeper
    // speaks, after the end: a document that took this program over would say there how it ended.
    for (const char* name : {"write", "writev"}) {
        for (const int to : {1, 2, kPages, kToOffice})
            filter.add(SCMP_ACT_ALLOW, name, {{0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(to), 0}});
        filter.add(SCMP_ACT_KILL_PROCESS, name,
                   {{0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(kConnection), 0}});
    }
    // No memory that is written becomes a program.
    filter.add(SCMP_ACT_ALLOW, "mmap", {masked(2, PROT_EXEC, 0)});
    filter.add(SCMP_ACT_ALLOW, "mprotect", {masked(2, PROT_EXEC, 0)});
    // Threads, and no processes.
    filter.add(SCMP_ACT_ALLOW, "clone",
               {masked(0, CLONE_THREAD | CLONE_VM | CLONE_NEWUSER | CLONE_NEWNS,
                       CLONE_THREAD | CLONE_VM)});
    filter.add(SCMP_ACT_KILL_PROCESS, "clone", {masked(0, CLONE_THREAD, 0)});
    // Its flags lie in memory, where no filter sees them; glibc then takes the other one.
    filter.add(SCMP_ACT_ERRNO(ENOSYS), "clone3");
    filter.add(SCMP_ACT_ERRNO(ENOTTY), "ioctl");
    for (const int what : {F_GETFD, F_SETFD, F_GETFL})
        filter.add(SCMP_ACT_ALLOW, "fcntl", {{1, SCMP_CMP_EQ, static_cast<scmp_datum_t>(what), 0}});
    filter.add(SCMP_ACT_ALLOW, "prctl", {{0, SCMP_CMP_EQ, PR_SET_NAME, 0}});
    // Asks for limits and sets none.
    filter.add(SCMP_ACT_ALLOW, "prlimit64", {{2, SCMP_CMP_EQ, 0, 0}});
    filter.add(SCMP_ACT_ALLOW, "eventfd2");
    if (files)
        filter.add(SCMP_ACT_ALLOW, "openat",
                   {masked(2, O_ACCMODE | O_CREAT | O_TRUNC | O_PATH, O_RDONLY)});
}

} // namespace

Result<void> restrict_calls(bool files) {
    Filter filter(SCMP_ACT_ERRNO(EPERM));
    if (filter) {
        for (const char* name : kAllowed)
            filter.add(SCMP_ACT_ALLOW, name);
        for (const char* name : kFatal)
            filter.add(SCMP_ACT_KILL_PROCESS, name);
        add_with_arguments(filter, files);
        if (filter.load())
            return {};
    }
    return fail(Code::unavailable, "render.sandbox", "the system calls could not be restricted");
}

Result<void> restrict_office_calls() {
    constexpr const char* kNever[] = {"ptrace",
                                      "process_vm_readv",
                                      "process_vm_writev",
                                      "mount",
                                      "umount2",
                                      "pivot_root",
                                      "move_mount",
                                      "open_tree",
                                      "fsopen",
                                      "fsmount",
                                      "fsconfig",
                                      "fspick",
                                      "mount_setattr",
                                      "swapon",
                                      "swapoff",
                                      "fanotify_init",
                                      "unshare",
                                      "setns",
                                      "bpf",
                                      "keyctl",
                                      "add_key",
                                      "request_key",
                                      "io_uring_setup",
                                      "io_uring_enter",
                                      "io_uring_register",
                                      "perf_event_open",
                                      "userfaultfd",
                                      "init_module",
                                      "finit_module",
                                      "delete_module",
                                      "kexec_load",
                                      "kexec_file_load",
                                      "reboot",
                                      "open_by_handle_at",
                                      "pidfd_getfd",
                                      "process_madvise",
                                      "chroot"};
    // A library may try these and live without.
    constexpr const char* kAbsent[] = {"memfd_create", "execveat",   "personality",
                                       "kcmp",         "pidfd_open", "pidfd_send_signal"};
    Filter filter(SCMP_ACT_ALLOW);
    if (filter) {
        for (const char* name : kNever)
            filter.add(SCMP_ACT_KILL_PROCESS, name);
        for (const char* name : kAbsent)
            filter.add(SCMP_ACT_ERRNO(ENOSYS), name);
        // A pair of another family is a socket of that family, and loads what knows it.
        for (const char* name : {"socket", "socketpair"})
            filter.add(SCMP_ACT_ERRNO(EAFNOSUPPORT), name, {{0, SCMP_CMP_NE, AF_UNIX, 0}});
        for (const unsigned long flag :
             {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS})
            filter.add(SCMP_ACT_ERRNO(EPERM), "clone", {masked(0, flag, flag)});
        filter.add(SCMP_ACT_ERRNO(ENOSYS), "clone3"); // its flags lie where no filter sees them
        if (filter.load())
            return {};
    }
    return fail(Code::unavailable, "render.sandbox", "the system calls could not be restricted");
}

} // namespace valise::render
