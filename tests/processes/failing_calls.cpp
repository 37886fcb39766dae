// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program under test: the n-th call of one kind on a regular file fails, as on a
// disk that is full or breaks. What fails and when stands in a file that the test shares with it.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

namespace {

enum Call : std::uint32_t { kWrite = 1, kSync = 2, kRename = 3, kLink = 4 };

// As faults_test.py writes it.
struct Control {
    std::atomic<std::uint32_t> call; // 0: nothing fails
    std::atomic<std::uint32_t> error;
    std::atomic<std::uint32_t> torn; // of a write: half of it reaches the file first
    std::atomic<std::int32_t> left;  // calls until the one that fails, which is number 1
    std::atomic<std::uint32_t> failed;
};

Control* control() {
    static Control* const shared = [] {
        const char* const path = std::getenv("VALISE_TEST_FAILING");
        const int file = path == nullptr ? -1 : ::open(path, O_RDWR | O_CLOEXEC);
        if (file < 0)
            return static_cast<Control*>(nullptr);
        void* const at =
            ::mmap(nullptr, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        return at == MAP_FAILED ? nullptr : static_cast<Control*>(at);
    }();
    return shared;
}

bool fails(Call call) {
    Control* const c = control();
    if (c == nullptr || c->call != call || c->left.fetch_sub(1) != 1)
        return false;
    c->failed = 1;
    errno = static_cast<int>(c->error.load());
    return true;
}

bool on_disk(int file) {
    struct stat seen{};
    return ::fstat(file, &seen) == 0 && S_ISREG(seen.st_mode);
}

template<class Function> Function* real(const char* name, Function*) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name)); // NOLINT: what dlsym is for
}

template<class Write> ssize_t write_or_fail(int file, size_t size, Write write) {
    if (!on_disk(file) || !fails(kWrite))
        return write(size);
    const int error = errno;
    if (control()->torn != 0)
        (void)write(size / 2);
    errno = error;
    return -1;
}

} // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
    static auto* const next = real("write", &::write);
    return write_or_fail(file, size, [&](size_t n) { return next(file, bytes, n); });
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
    static auto* const next = real("pwrite64", &::pwrite64);
    return write_or_fail(file, size, [&](size_t n) { return next(file, bytes, n, at); });
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
    return pwrite64(file, bytes, size, at);
}
int fsync(int file) {
    static auto* const next = real("fsync", &::fsync);
    return on_disk(file) && fails(kSync) ? -1 : next(file);
}
int fdatasync(int file) {
    static auto* const next = real("fdatasync", &::fdatasync);
    return on_disk(file) && fails(kSync) ? -1 : next(file);
}
int rename(const char* from, const char* to) noexcept {
    static auto* const next = real("rename", &::rename);
    return fails(kRename) ? -1 : next(from, to);
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
    static auto* const next = real("renameat", &::renameat);
    return fails(kRename) ? -1 : next(from_folder, from, to_folder, to);
}
int link(const char* from, const char* to) noexcept {
    static auto* const next = real("link", &::link);
    return fails(kLink) ? -1 : next(from, to);
}
int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
    static auto* const next = real("linkat", &::linkat);
    return fails(kLink) ? -1 : next(from_folder, from, to_folder, to, flags);
}
}
