// SPDX-License-Identifier: Apache-2.0
#include "process.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>

namespace valise::keys_program {

void protect_memory() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    rlimit locked{};
    // Under a small limit, locking what is mapped later would make every later mapping fail.
    const bool unlimited =
        getrlimit(RLIMIT_MEMLOCK, &locked) == 0 && locked.rlim_cur == RLIM_INFINITY;
    if (unlimited)
        mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
}

namespace {

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

} // namespace

void block_stop_signals() {
    const sigset_t set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop() {
    const sigset_t set = stop_signals();
    int got = 0;
    while (sigwait(&set, &got) != 0) {
    }
}

} // namespace valise::keys_program
