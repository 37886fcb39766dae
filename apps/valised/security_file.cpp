// SPDX-License-Identifier: Apache-2.0
#include "security_file.h"

#include "adapters/files/descriptor.h"
#include "base/codec/json.h"
#include "base/text.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <mutex>

namespace valise::daemon {
namespace {

constexpr off_t kLongest = off_t{16} << 20;
constexpr std::size_t kMaxName = 80;

class SecurityFile {
public:
    SecurityFile(std::string path, const Clock& clock) : path_(std::move(path)), clock_(clock) {}

    Result<void> open() {
        file_ = adapters::Descriptor(
            ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (file_.get() < 0)
            return fail(Code::internal, "adapters.file", path_ + " cannot be opened");
        return {};
    }

    void note(const desk::SecurityEvent& event) {
        Json line = {{"at", clock_.now().text()}, {"what", event.what}};
        const auto add = [&](const char* name, const std::string& value) {
            if (!value.empty())
                line[name] = printable(value, kMaxName);
        };
        add("who", event.who);
        add("address", event.address);
        add("reason", event.reason);
        const std::string text = canonical_json(line) + "\n";
        const std::scoped_lock lock(mutex_);
        if (!append(text))
            fmt::print(stderr, "security log: {} cannot be written\n", path_);
    }

private:
    // One call, so that two lines never mix and a full disk leaves none behind that looks whole.
    bool append(const std::string& text) {
        struct stat about{};
        if (::fstat(file_.get(), &about) == 0 && about.st_size >= kLongest) {
            if (std::rename(path_.c_str(), (path_ + ".1").c_str()) != 0 || !open())
                return false;
        }
        ssize_t done = 0;
        do
            done = ::write(file_.get(), text.data(), text.size());
        while (done < 0 && errno == EINTR);
        return done == static_cast<ssize_t>(text.size());
    }

    std::string path_;
    const Clock& clock_;
    adapters::Descriptor file_;
    std::mutex mutex_;
};

} // namespace

Result<desk::SecurityLog> open_security_log(const std::string& path, const Clock& clock) {
    auto file = std::make_shared<SecurityFile>(path, clock);
    TRY(file->open());
    return desk::SecurityLog([file](const desk::SecurityEvent& event) { file->note(event); });
}

} // namespace valise::daemon
