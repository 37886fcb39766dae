// SPDX-License-Identifier: Apache-2.0
#include "adapters/renderer/pages.h"

#include "adapters/files/files.h"
#include "adapters/sockets/sockets.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace valise::adapters {

namespace {

class PatientPipe : public ByteSource {
public:
    PatientPipe(int fd, Deadline end) : fd_(fd), end_(end) {}
    Result<std::size_t> read(std::span<Byte> out) override {
        // A hang-up is no error here: it is the end, and read() says so.
        if (const auto waited = wait_for(fd_, POLLIN, end_); !waited)
            return fail(Code::unavailable, "adapters.renderer_slow", waited.error().context());
        return PipeSource(fd_).read(out);
    }

private:
    int fd_;
    Deadline end_;
};

Error thrown(const std::exception& error) {
    return {Code::unavailable, "adapters.renderer_down", error.what()};
}

// Not in swap, as far as RLIMIT_MEMLOCK lets, and in no dump. What is freed is wiped by its owner.
void keep_in_memory(const SecretBytes& secret) {
    const ByteView bytes = secret.read(SecretAccess::because("its pages are locked"));
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
    const auto inside = (begin + page - 1) / page * page; // whole pages: the rest is shared
    const auto end = (begin + bytes.size()) / page * page;
    if (inside >= end)
        return;
    auto* const at = const_cast<Byte*>(bytes.data()) + (inside - begin);
    static_cast<void>(::mlock(at, end - inside) == 0);
    static_cast<void>(::madvise(at, end - inside, MADV_DONTDUMP) == 0);
}

Result<rendering::Shown> read_all(int from, Deadline end, rendering::Job::Output output) {
    try {
        PatientPipe pages(from, end);
        auto shown = rendering::read_shown(pages, output);
        if (!shown) { // what is not wanted any more is let go, so that nobody waits to write it
            Bytes rest(64 << 10);
            for (auto more = pages.read(rest); more && *more > 0;)
                more = pages.read(rest);
        } else {
            for (const auto& page : shown->pages)
                keep_in_memory(page.png);
            keep_in_memory(shown->print);
        }
        return shown;
    } catch (const std::exception& error) {
        return fail(thrown(error));
    }
}

} // namespace

Result<rendering::Shown> taken_pages(const std::function<Result<void>(int pages)>& ask,
                                     std::chrono::milliseconds patience,
                                     rendering::Job::Output output) {
    int ends[2] = {};
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return fail(Code::unavailable, "adapters.file", system_text("pipe", errno));
    Descriptor from(ends[0]);
    Descriptor to(ends[1]);
    Result<void> asked;
    auto shown = [&]() -> Result<rendering::Shown> {
        try {
            const std::jthread asking([&] {
                try {
                    asked = ask(to.get());
                } catch (const std::exception& error) {
                    asked = fail(thrown(error));
                }
                to.close(); // whoever reads sees the end
            });
            auto out = read_all(from.get(), after(patience), output);
            from.close(); // whoever still writes ends
            return out;
        } catch (const std::exception& error) { // no thread to be had
            return fail(thrown(error));
        }
    }();
    if (!asked)
        return fail(std::move(asked).error());
    return shown;
}

} // namespace valise::adapters
