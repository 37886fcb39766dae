// SPDX-License-Identifier: Apache-2.0
#include "adapters/clock/system_clock.h"
#include "adapters/sqlite/journal.h"
#include "agreement/key_list.h"
#include "base/text.h"
#include "client.h"
#include "commands.h"
#include "crypto/hash.h"
#include "key_file.h"
#include "registry/backup_check.h"
#include "streams.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

// Backups at the command line. The registry makes them; checking and restoring needs no registry,
// only the key that a backup was made for.
namespace valise::cli {

namespace {

namespace fs = std::filesystem;
using registry::BackupHead;

constexpr std::chrono::hours kPatience(4); // the copy of a large database takes its time

struct Options {
    std::string file;
    std::string to;
    std::string key;
    std::string folder;
    std::string root;
};

std::unexpected<Error> system_error(const std::string& what) {
    return fail(Code::internal, "adapters.file", adapters::system_text(what, errno));
}

Result<void> sync_file(const std::string& path) {
    const adapters::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid() || ::fsync(file.get()) != 0)
        return system_error(path);
    const auto parent = fs::absolute(path).parent_path();
    return adapters::sync_folder(parent.string());
}

Result<Exit> create(const Options& options) {
    TRY_ASSIGN(const auto pub, PublicKeyFile::read(options.to, KeyKind::recipient));
    TRY_ASSIGN(const auto to, pub.recipient());
    if (options.file.empty() || options.file == "-")
        return fail(Code::invalid, "cli.backup_file", "a backup is written to a file");
    TRY_ASSIGN(auto client, Client::connect(kPatience));
    TRY_ASSIGN(const auto output, Output::create(options.file, "backup"));
    TRY(client.fetch("/api/v1/backup", to.der(), *output));
    TRY(output->finish());
    TRY(sync_file(options.file)); // who reads "done" may throw the last one away
    std::error_code none;
    const auto bytes = fs::file_size(options.file, none);
    answer({{"file", options.file}, {"bytes", bytes}, {"to", to.kid()}},
           fmt::format("backup {}: {} bytes, for the key {}\nnot in it: the registry's keys, and "
                       "what its key process signed last; keep the keystore elsewhere",
                       printable(options.file), bytes, to.kid()));
    return Exit::done;
}

// A folder that is gone when it is not kept.
class Work {
public:
    static Result<Work> in(const std::string& path) {
        std::string name = path + "-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr)
            return system_error(path);
        return Work(std::move(name));
    }
    explicit Work(std::string path) : path_(std::move(path)) {}
    Work(Work&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    Work& operator=(Work&&) = delete;
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work() {
        std::error_code none;
        if (!path_.empty())
            fs::remove_all(path_, none);
    }
    const std::string& path() const { return path_; }
    void keep() { path_.clear(); }

private:
    std::string path_;
};

// Lays a registry's folder out; `whole` false: the database alone, which is all that is checked.
class Layout : public registry::BackupTarget {
public:
    Layout(std::string folder, bool whole) : folder_(std::move(folder)), whole_(whole) {}

    Result<void> head(const BackupHead& head) override {
        TRY(adapters::make_folders(folder_ + "/state/blobs", 0700));
        return whole_ ? adapters::write_file_durably(folder_ + "/terms.toml", head.terms, 0644)
                      : Result<void>();
    }
    Result<void> begin(const std::string& name, std::uint64_t) override {
        if (name.starts_with(registry::kBackupBlobs))
            blobs.push_back(name.substr(std::string_view(registry::kBackupBlobs).size()));
        if (!whole_ && name != registry::kBackupDatabase)
            return {};
        const std::string path = folder_ + (name == "registry.toml" ? "/" : "/state/") + name;
        file_ = adapters::Descriptor(
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        return file_.valid() ? Result<void>() : system_error(path);
    }
    Result<void> bytes(ByteView bytes) override {
        return file_.valid() ? adapters::write_fully(file_.get(), bytes) : Result<void>();
    }
    Result<void> end() override {
        if (file_.valid() && ::fdatasync(file_.get()) != 0)
            return system_error(folder_);
        file_ = {};
        return {};
    }
    std::string database() const { return folder_ + "/state/" + registry::kBackupDatabase; }

    std::vector<std::string> blobs; // in their order

private:
    std::string folder_;
    bool whole_;
    adapters::Descriptor file_;
};

struct Read {
    registry::BackupSummary summary;
    registry::BackupCheck check;
    std::string root; // hexadecimal
};

// The whole file, and what its database says, against each other.
Result<Read> read_whole(const Options& options, Layout& layout) {
    TRY_ASSIGN(const auto secret, SecretKeyFile::read(options.key, KeyKind::recipient));
    TRY_ASSIGN(const auto key, secret.recipient());
    TRY_ASSIGN(const auto input, Input::open(options.file, "reading"));
    Read out;
    TRY_ASSIGN(out.summary, registry::read_backup(*input, key, layout));
    TRY_ASSIGN(const auto list, agreement::KeyList::parse(out.summary.head.key_list));
    out.root = to_hex(crypto::sha256(list.root));
    // Anybody can make keys and sign with them: whose they are, is the reader's to say.
    if (!options.root.empty() && options.root != out.root)
        return fail(Code::integrity, "cli.backup_root",
                    "signed by a registry with the root key " + out.root);
    TRY_ASSIGN(const auto journal, adapters::SqliteJournal::open(layout.database()));
    TRY_ASSIGN(out.check, registry::check_backup(*journal, out.summary.head, layout.blobs,
                                                 adapters::SystemClock()));
    return out;
}

void report(const Options& options, const Read& read, Json more, const std::string& last) {
    const auto& head = read.summary.head;
    const auto& check = read.check;
    Json body = {{"file", options.file},
                 {"party", head.party},
                 {"made", head.made.text()},
                 {"root_key", read.root},
                 {"members", read.summary.members},
                 {"bytes", read.summary.bytes},
                 {"events", check.events},
                 {"newest", check.newest.text()},
                 {"signed", check.signed_size},
                 {"cosigned", check.cosigned_size},
                 {"shared", head.shared_log.size},
                 {"mirrored", head.mirrored_log.size},
                 {"missing", check.missing}};
    body.update(more);
    std::string lines = fmt::format(
        "backup of {}, made {}\nroot key    sha256 {}\nbook        {} events up to {}, {} signed, "
        "{} cosigned by the peer\nshared log  {} leaves here, {} of the peer's\nholds       {} "
        "members, {} bytes\n",
        printable(head.party), head.made.text(), read.root, check.events, check.newest.text(),
        check.signed_size, check.cosigned_size, head.shared_log.size, head.mirrored_log.size,
        read.summary.members, read.summary.bytes);
    for (const std::string& blob : check.missing)
        lines += fmt::format("missing     the sealed file {}\n", blob);
    answer(std::move(body), lines + last);
}

Result<Exit> verify(const Options& options) {
    const char* named = std::getenv("TMPDIR"); // NOLINT(concurrency-mt-unsafe): nobody sets it
    const std::string folder = named != nullptr && *named != '\0' ? named : "/var/tmp";
    TRY_ASSIGN(const auto work, Work::in(folder + "/valise-backup"));
    Layout layout(work.path(), false);
    TRY_ASSIGN(const auto read, read_whole(options, layout));
    report(options, read, {{"verified", true}}, "verified: whole, and as its registry signed it");
    return read.check.missing.empty() ? Exit::done : Exit::partly;
}

// The folder does not exist, or nothing lies in it: a restored registry is put in nobody's place.
Result<std::string> free_folder(const std::string& named) {
    std::string folder = fs::absolute(named).lexically_normal().string();
    while (folder.size() > 1 && folder.back() == '/')
        folder.pop_back();
    std::error_code error;
    if (fs::exists(folder, error) &&
        (!fs::is_directory(folder, error) || !fs::is_empty(folder, error)))
        return fail(Code::conflict, "cli.folder_taken",
                    printable(folder) + " is not an empty folder");
    if (error)
        return fail(Code::invalid, "cli.folder_taken", printable(folder) + ": " + error.message());
    return folder;
}

Result<Exit> restore(const Options& options) {
    TRY_ASSIGN(const std::string folder, free_folder(options.folder));
    TRY(adapters::make_folders(fs::path(folder).parent_path().string()));
    TRY_ASSIGN(auto work, Work::in(folder + ".restoring"));
    Layout layout(work.path(), true);
    TRY_ASSIGN(const auto read, read_whole(options, layout));
    for (const char* inside : {"/state/blobs", "/state", ""})
        TRY(adapters::sync_folder(work.path() + inside));
    // Onto an empty folder or nothing; never onto what came to lie there meanwhile.
    if (::rename(work.path().c_str(), folder.c_str()) != 0)
        return system_error(folder);
    work.keep();
    TRY(adapters::sync_folder(fs::path(folder).parent_path().string()));
    report(
        options, read, {{"folder", folder}},
        fmt::format("restored to {}\nit holds no keys: start valise-keys serve with those of this "
                    "registry, as they are now,\nand then valised. What was recorded after the "
                    "backup is missing: `valise log recover` says what",
                    printable(folder)));
    return read.check.missing.empty() ? Exit::done : Exit::partly;
}

} // namespace

void add_backup(Command& root) {
    static Options options;
    Command backup = root.sub("backup", "copies of a registry, without its keys");
    Command creating =
        backup.sub("create", "database, sealed files and configuration, while the registry works");
    creating.option("-o,--output FILE", options.file, "file to write", Need::required)
        .option("--to FILE", options.to,
                "public key that the backup is sealed to (keygen --kind recipient); its other half "
                "belongs elsewhere",
                Need::required);
    creating.runs([] { return create(options); });
    const auto reading = [&](const char* name, const char* help) {
        Command command = backup.sub(name, help);
        command.option("file", options.file, "the backup", Need::required)
            .option("--key FILE", options.key, "secret key that it was made for", Need::required)
            .option("--root SHA256", options.root,
                    "hexadecimal digest of the root key that must have signed it");
        return command;
    };
    reading("verify", "every chunk, digest and row, and the roots that were signed; no registry")
        .runs([] { return verify(options); });
    Command restoring = reading("restore", "a registry's folder from a backup: whole, or nothing");
    restoring.option("--into FOLDER", options.folder, "folder that is empty, or not there",
                     Need::required);
    restoring.runs([] { return restore(options); });
}

} // namespace valise::cli
