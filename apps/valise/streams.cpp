// SPDX-License-Identifier: Apache-2.0
#include "streams.h"

#include "command.h"
#include "crypto/random.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace valise::cli {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool names_standard(const std::string& path) {
    return path.empty() || path == "-";
}

std::unexpected<Error> system_error(const std::string& what) {
    const int number = errno;
    return fail(number == ENOENT ? Code::not_found : Code::internal,
                number == ENOENT ? "adapters.no_file" : "adapters.file",
                adapters::system_text(what, number));
}

} // namespace

Progress::Progress(std::string what, std::uint64_t total)
    : what_(std::move(what)), total_(total), terminal_(!what_.empty() && isatty(2) == 1),
      start_(steady_clock::now()), last_(start_) {}

Progress::~Progress() {
    if (shown_)
        fmt::print(stderr, "\r\033[K");
}

void Progress::add(std::uint64_t bytes) {
    done_ += bytes;
    if (!terminal_)
        return;
    const auto now = steady_clock::now();
    if (now - start_ < milliseconds(300) || now - last_ < milliseconds(100))
        return;
    last_ = now;
    shown_ = true;
    if (total_ > 0)
        fmt::print(stderr, "\r\033[K{} {} of {} MiB, {}%", what_, done_ >> 20, total_ >> 20,
                   done_ * 100 / total_);
    else
        fmt::print(stderr, "\r\033[K{} {} MiB", what_, done_ >> 20);
    std::fflush(stderr);
}

Result<std::unique_ptr<Input>> Input::open(const std::string& path, std::string what) {
    adapters::Descriptor file;
    int fd = STDIN_FILENO;
    if (!names_standard(path)) {
        file = adapters::Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (!file.valid())
            return system_error(path);
        fd = file.get();
    }
    struct stat about{};
    if (fstat(fd, &about) != 0)
        return system_error(path);
    if (S_ISDIR(about.st_mode))
        return fail(Code::invalid, "cli.folder", path + " is a folder");
    const auto size = S_ISREG(about.st_mode) ? static_cast<std::uint64_t>(about.st_size) : 0;
    if (S_ISREG(about.st_mode))
        posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return std::unique_ptr<Input>(new Input(std::move(file), fd, std::move(what), size));
}

Result<std::size_t> Input::read(std::span<Byte> out) {
    TRY_ASSIGN(const std::size_t got, adapters::PipeSource(fd_).read(out));
    progress_.add(got);
    return got;
}

Result<adapters::Descriptor> nameless_file() {
    const char* named = std::getenv("TMPDIR"); // NOLINT(concurrency-mt-unsafe): nobody sets it
    const std::string folder = named != nullptr && *named != '\0' ? named : "/var/tmp";
    adapters::Descriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file.valid())
        return file;
    // Not every file system knows O_TMPFILE.
    std::string path = folder + "/valise-XXXXXX";
    file = adapters::Descriptor(mkostemp(path.data(), O_CLOEXEC));
    if (!file.valid())
        return system_error(folder);
    unlink(path.c_str());
    return file;
}

Result<std::unique_ptr<RandomSource>> open_whole(const std::string& path) {
    adapters::Descriptor file;
    if (names_standard(path))
        file = adapters::Descriptor(dup(STDIN_FILENO));
    else
        file = adapters::Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat about{};
    if (!file.valid() || fstat(file.get(), &about) != 0)
        return system_error(path);
    if (S_ISDIR(about.st_mode))
        return fail(Code::invalid, "cli.folder", path + " is a folder");
    if (!S_ISREG(about.st_mode)) {
        TRY_ASSIGN(auto spool, nameless_file());
        adapters::PipeSource source(file.get());
        Bytes buffer(1 << 20);
        while (true) {
            TRY_ASSIGN(const std::size_t got, source.read(buffer));
            if (got == 0)
                break;
            TRY(adapters::write_fully(spool.get(), ByteView(buffer).first(got)));
        }
        file = std::move(spool);
    }
    TRY_ASSIGN(auto whole, adapters::FileSource::over(std::move(file)));
    return std::unique_ptr<RandomSource>(std::move(whole));
}

Output::Output(std::string path, std::string temporary, adapters::Descriptor file, std::string what,
               std::uint64_t total)
    : path_(std::move(path)), temporary_(std::move(temporary)), file_(std::move(file)),
      fd_(file_.valid() ? file_.get() : STDOUT_FILENO), progress_(std::move(what), total) {}

Output::~Output() {
    if (!temporary_.empty())
        unlink(temporary_.c_str());
}

Result<std::unique_ptr<Output>> Output::create_text(const std::string& path) {
    if (!names_standard(path))
        return create(path);
    return std::unique_ptr<Output>(new Output("", "", {}, "", 0));
}

Result<std::unique_ptr<Output>> Output::create(const std::string& path, std::string what,
                                               std::uint64_t total) {
    const auto make = [&](std::string name, std::string temporary, adapters::Descriptor file) {
        return std::unique_ptr<Output>(new Output(std::move(name), std::move(temporary),
                                                  std::move(file), std::move(what), total));
    };
    if (names_standard(path)) {
        if (isatty(STDOUT_FILENO) == 1 && !globals().force)
            return fail(Code::invalid, "cli.terminal", "bytes are not written to a terminal");
        return make("", "", {});
    }
    struct stat about{};
    if (stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode)) {
        adapters::Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (!file.valid())
            return system_error(path);
        return make(path, "", std::move(file));
    }
    if (stat(path.c_str(), &about) == 0 && !globals().force)
        return fail(Code::conflict, "adapters.file_exists", path + " is there already");
    std::string temporary = path + "." + to_hex(crypto::random_bytes(6)) + ".part";
    adapters::Descriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.valid())
        return system_error(path);
    return make(path, std::move(temporary), std::move(file));
}

Result<void> Output::write(ByteView bytes) {
    TRY(adapters::write_fully(fd_, bytes));
    progress_.add(bytes.size());
    return {};
}

Result<void> Output::finish() {
    if (temporary_.empty())
        return {};
    const bool over = globals().force;
    // Without --force a file that came to be meanwhile is not lost either.
    const int done =
        over ? rename(temporary_.c_str(), path_.c_str())
             : renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE);
    if (done != 0) {
        if (errno == EEXIST)
            return fail(Code::conflict, "adapters.file_exists", path_ + " is there already");
        return system_error(path_);
    }
    temporary_.clear();
    return {};
}

Result<void> write_text_file(const std::string& path, std::string_view text, unsigned mode) {
    const auto parent = std::filesystem::path(path).parent_path();
    if (!parent.empty())
        TRY(adapters::make_folders(parent.string()));
    return adapters::write_file_durably(path, view(text), mode,
                                        globals().force ? adapters::Overwrite::yes
                                                        : adapters::Overwrite::no);
}

} // namespace valise::cli
