// SPDX-License-Identifier: Apache-2.0
#include "adapters/blobs/blob_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <memory>

namespace valise::adapters {
namespace {

constexpr const char* kUnfinished = ".tmp-";
using Folder = std::shared_ptr<Descriptor>;

std::unexpected<Error> blob_error(std::string_view what) {
    return fail(Code::internal, "registry.blob", system_text(what, errno));
}

std::unexpected<Error> blob_exists(const BlobId& id) {
    return fail(Code::conflict, "registry.blob_exists", id.text());
}

std::unexpected<Error> no_blob(const BlobId& id) {
    return fail(Code::not_found, "registry.no_blob", id.text());
}

std::string part_name(const BlobId& id) {
    return id.text() + ".part";
}

std::string temporary_name(const BlobId& id) {
    static std::atomic<unsigned> counter{0};
    return fmt::format("{}{}{}", id.text(), kUnfinished, counter.fetch_add(1));
}

bool exists(int folder, const std::string& name) {
    struct stat about{};
    return ::fstatat(folder, name.c_str(), &about, AT_SYMLINK_NOFOLLOW) == 0;
}

// Gives the file its name, or fails with EEXIST: rename() would replace silently.
Result<void> name_once(int folder, const std::string& from, const BlobId& id) {
    if (::linkat(folder, from.c_str(), folder, id.text().c_str(), 0) != 0) {
        if (errno == EEXIST)
            return blob_exists(id);
        return blob_error("link");
    }
    ::unlinkat(folder, from.c_str(), 0);
    if (::fsync(folder) != 0)
        return blob_error("sync folder");
    return {};
}

class FileWriter : public registry::BlobWriter {
public:
    FileWriter(Folder folder, BlobId id, std::string name, Descriptor file)
        : folder_(std::move(folder)), id_(std::move(id)), name_(std::move(name)),
          file_(std::move(file)) {}
    ~FileWriter() override {
        if (!committed_)
            ::unlinkat(folder_->get(), name_.c_str(), 0);
    }

    Result<void> write(ByteView bytes) override {
        if (!write_fully(file_.get(), bytes))
            return blob_error("write");
        return {};
    }

    Result<void> commit() override {
        if (committed_)
            return blob_exists(id_);
        if (::fsync(file_.get()) != 0)
            return blob_error("sync");
        TRY(name_once(folder_->get(), name_, id_));
        committed_ = true;
        return {};
    }

    int descriptor() const override { return file_.get(); }

private:
    Folder folder_;
    BlobId id_;
    std::string name_;
    Descriptor file_;
    bool committed_ = false;
};

class FilePartial : public registry::PartialBlob {
public:
    FilePartial(Folder folder, BlobId id, Descriptor file, std::uint64_t size)
        : folder_(std::move(folder)), id_(std::move(id)), file_(std::move(file)), size_(size) {}

    std::uint64_t size() const override { return size_; }

    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        TRY(within(offset, bytes.size()));
        if (!write_fully_at(file_.get(), offset, bytes) || ::fdatasync(file_.get()) != 0)
            return blob_error("write");
        return {};
    }

    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override {
        TRY(within(offset, out.size()));
        return read_fully_at(file_.get(), offset, out);
    }

    Result<void> finish() override {
        if (::fsync(file_.get()) != 0)
            return blob_error("sync");
        return name_once(folder_->get(), part_name(id_), id_);
    }

private:
    Result<void> within(std::uint64_t offset, std::size_t count) const {
        if (offset > size_ || count > size_ - offset)
            return fail(Code::invalid, "base.short_read", "past the end of the partial blob");
        return {};
    }

    Folder folder_;
    BlobId id_;
    Descriptor file_;
    std::uint64_t size_;
};

// The size is part of what must survive a crash, so the file gets its name only when it has it.
Result<void> make_partial(int folder, const BlobId& id, std::uint64_t size) {
    const std::string name = temporary_name(id);
    const auto made = [&]() -> Result<void> {
        Descriptor file(
            ::openat(folder, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        if (!file.valid())
            return blob_error("create");
        if (size > 0) {
            errno = ::posix_fallocate(file.get(), 0, static_cast<off_t>(size));
            if (errno != 0)
                return blob_error("reserve");
        }
        if (::fsync(file.get()) != 0)
            return blob_error("sync");
        // Another thread may have made it meanwhile: theirs is as good.
        if (::linkat(folder, name.c_str(), folder, part_name(id).c_str(), 0) != 0 &&
            errno != EEXIST)
            return blob_error("link");
        return {};
    }();
    ::unlinkat(folder, name.c_str(), 0);
    TRY(made);
    if (::fsync(folder) != 0)
        return blob_error("sync folder");
    return {};
}

Result<std::uint64_t> size_of(int fd) {
    struct stat about{};
    if (::fstat(fd, &about) != 0)
        return blob_error("stat");
    return static_cast<std::uint64_t>(about.st_size);
}

Result<void> named(const BlobId& id) {
    if (id.empty())
        return fail(Code::invalid, "registry.blob", "an empty id");
    return {};
}

} // namespace

Result<std::unique_ptr<BlobFolder>> BlobFolder::open(const std::string& folder) {
    if (!make_folders(folder, 0700))
        return blob_error("make folder");
    Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.valid())
        return blob_error("open folder");
    std::unique_ptr<BlobFolder> store(new BlobFolder(std::move(fd)));
    TRY(store->clear_interrupted());
    return store;
}

Result<void> BlobFolder::clear_interrupted() const {
    const int copy = ::openat(folder_->get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0)
        return blob_error("list folder");
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(copy), ::closedir);
    if (!listing) {
        ::close(copy);
        return blob_error("list folder");
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a stream that nobody else reads
    while (const dirent* entry = ::readdir(listing.get())) {
        const std::string name = entry->d_name;
        const bool unfinished = name.find(kUnfinished) != std::string::npos;
        // finish() was cut off after the blob got its name: the second name is in the way.
        const bool finished =
            name.ends_with(".part") && exists(folder_->get(), name.substr(0, name.size() - 5));
        if (unfinished || finished)
            ::unlinkat(folder_->get(), name.c_str(), 0);
    }
    return {};
}

Result<std::unique_ptr<registry::BlobWriter>> BlobFolder::create(const BlobId& id) {
    TRY(named(id));
    if (exists(folder_->get(), id.text()))
        return blob_exists(id);
    std::string name = temporary_name(id);
    Descriptor file(
        ::openat(folder_->get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.valid())
        return blob_error("create");
    return std::make_unique<FileWriter>(folder_, id, std::move(name), std::move(file));
}

Result<std::shared_ptr<const RandomSource>> BlobFolder::open(const BlobId& id) const {
    TRY(named(id));
    Descriptor file(::openat(folder_->get(), id.text().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.valid()) {
        if (errno == ENOENT)
            return no_blob(id);
        return blob_error("open");
    }
    TRY_ASSIGN(auto source, FileSource::over(std::move(file)));
    return std::shared_ptr<const RandomSource>(std::move(source));
}

Result<std::unique_ptr<registry::PartialBlob>> BlobFolder::partial(const BlobId& id,
                                                                   std::uint64_t size) {
    TRY(named(id));
    if (exists(folder_->get(), id.text()))
        return blob_exists(id);
    if (!exists(folder_->get(), part_name(id)))
        TRY(make_partial(folder_->get(), id, size));
    Descriptor file(::openat(folder_->get(), part_name(id).c_str(), O_RDWR | O_CLOEXEC));
    if (!file.valid())
        return blob_error("open partial");
    TRY_ASSIGN(const std::uint64_t present, size_of(file.get()));
    if (present != size)
        return fail(Code::conflict, "registry.blob_exists",
                    fmt::format("{} was begun with {} bytes, not {}", id.text(), present, size));
    return std::make_unique<FilePartial>(folder_, id, std::move(file), size);
}

Result<void> BlobFolder::remove(const BlobId& id) {
    TRY(named(id));
    bool removed = false;
    for (const std::string& name : {id.text(), part_name(id)}) {
        if (::unlinkat(folder_->get(), name.c_str(), 0) == 0)
            removed = true;
        else if (errno != ENOENT)
            return blob_error("remove");
    }
    // Also when it is gone already: a crash may have come between its removal and this.
    if (::fsync(folder_->get()) != 0)
        return blob_error("sync folder");
    return removed ? Result<void>() : no_blob(id);
}

Result<std::vector<BlobId>> BlobFolder::list() const {
    const int copy = ::openat(folder_->get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0)
        return blob_error("list folder");
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(copy), ::closedir);
    if (!listing) {
        ::close(copy);
        return blob_error("list folder");
    }
    std::vector<BlobId> out;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a stream that nobody else reads
    while (const dirent* entry = ::readdir(listing.get()))
        if (auto id = BlobId::parse(entry->d_name))
            out.push_back(std::move(*id));
    std::ranges::sort(out, {}, [](const BlobId& id) { return id.text(); });
    return out;
}

Result<std::uint64_t> BlobFolder::free_bytes() const {
    struct statvfs about{};
    if (::fstatvfs(folder_->get(), &about) != 0)
        return blob_error("statvfs");
    return std::uint64_t{about.f_bavail} * about.f_frsize;
}

} // namespace valise::adapters
