// SPDX-License-Identifier: Apache-2.0
#include "envelope/seal.h"

#include "adapters/clock/system_clock.h"
#include "base/ids.h"
#include "commands.h"
#include "crypto/random.h"
#include "key_file.h"
#include "label/attributes.h"
#include "label/json5636.h"
#include "label/label_xml.h"
#include "output.h"
#include "streams.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

// Sealing without a registry: from one key file to others. The ids of the keys stand in the place
// of the parties in the signed statement, so that a file which somebody forwards still names those
// for whom it was sealed.
namespace valise::cli {

namespace {

struct Options {
    std::vector<std::string> files;
    std::vector<std::string> to;
    std::string from;
    std::string level = "unmarked";
    std::string output;
    std::string folder;
    std::string mime_type;
    std::int64_t threads = 0;
};

struct Keys {
    std::vector<envelope::Recipient> recipients;
    std::string recipient_names; // kids, comma separated
    crypto::HybridSigner signer;
    std::string sender_name;
};

Result<Keys> read_keys(const Options& options) {
    TRY_ASSIGN(const auto sender, SecretKeyFile::read(options.from, KeyKind::sender));
    TRY_ASSIGN(auto signer, sender.sender());
    TRY_ASSIGN(auto name, sender.pub.id());
    Keys out{{}, "", std::move(signer), std::move(name)};
    for (const std::string& path : options.to) {
        TRY_ASSIGN(const auto pub, PublicKeyFile::read(path, KeyKind::recipient));
        TRY_ASSIGN(auto key, pub.recipient());
        out.recipient_names += (out.recipient_names.empty() ? "" : ",") + key.kid();
        out.recipients.push_back({std::move(key), "https://valise.invalid", "", ""});
    }
    return out;
}

bool is_level(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

Result<envelope::SealRequest> make_request(const Options& options, const Keys& keys,
                                           envelope::ClassificationSummary& summary) {
    if (!is_level(options.level))
        return fail(Code::invalid, "cli.level", "--level is a word of a-z, 0-9 and hyphens");
    label::Level level;
    level.code = options.level;
    level.rank = 1;
    level.romanised = options.level;
    for (const char letter : options.level)
        level.native += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 0x20) : letter;
    for (const char* language : {"en", "ja", "uk"})
        level.names[language] = level.native;
    const label::Scheme scheme{"VALISE-FILES", "", {level}};
    label::Label label;
    label.policy_id = scheme.policy_id;
    label.classification = level.native;
    label.created = adapters::SystemClock().now();
    label.review = label.created.plus_days(3650);
    envelope::SealRequest request;
    request.manifest_wanted = false;
    TRY_ASSIGN(request.label_xml, label::write_4774(label));
    TRY_ASSIGN(request.label_5636, label::write_5636(label));
    TRY_ASSIGN(request.attributes, label::attributes(label, scheme, "valise.invalid"));
    request.mime_type = options.mime_type;
    request.recipients = keys.recipients;
    summary = {scheme.policy_id, level.code, level.native, request.attributes};
    request.threads = static_cast<unsigned>(std::clamp<std::int64_t>(options.threads, 0, 256));
    return request;
}

envelope::StatementInputs make_inputs(const Keys& keys,
                                      const envelope::ClassificationSummary& summary) {
    envelope::StatementInputs inputs;
    inputs.exchange = DispatchId::of(crypto::random_bytes(10)).text();
    inputs.sender = keys.sender_name;
    inputs.recipient = keys.recipient_names;
    inputs.time = adapters::SystemClock().now();
    inputs.transfer_secret = crypto::random_array<32>();
    inputs.item = "file";
    inputs.classification = summary;
    return inputs;
}

// A regular file that several workers read at once, with the line on the terminal.
class ShownFile : public RandomSource {
public:
    ShownFile(const RandomSource& file, Progress& progress) : file_(&file), progress_(&progress) {}
    std::uint64_t size() const override { return file_->size(); }
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override {
        TRY(file_->read_at(offset, out));
        const std::scoped_lock lock(mutex_);
        progress_->add(out.size());
        return {};
    }

private:
    const RandomSource* file_;
    Progress* progress_;
    mutable std::mutex mutex_;
};

// Who breaks it off, or the power cut, takes from those that are sealed already and wait for their
// signature no more than this.
constexpr std::chrono::seconds kLongestWait{1};
constexpr std::uint64_t kSoonSealed = std::uint64_t{16} << 20;

// Files that are sealed now and signed together a little later.
class Sealing {
public:
    Sealing(const Keys& keys, envelope::ClassificationSummary summary, envelope::BatchSealer sealer)
        : keys_(&keys), summary_(std::move(summary)), sealer_(std::move(sealer)) {}

    static Result<Sealing> begin(const Options& options, const Keys& keys) {
        envelope::ClassificationSummary summary;
        TRY_ASSIGN(auto request, make_request(options, keys, summary));
        TRY_ASSIGN(auto sealer,
                   envelope::BatchSealer::create(
                       std::move(request), [&keys](const std::vector<Bytes>& statements) {
                           return envelope::sign_batch(statements, keys.sender_name,
                                                       keys.recipient_names, keys.signer);
                       }));
        return Sealing(keys, std::move(summary), std::move(sealer));
    }

    // A file that fails is not of the list; those before it are whole.
    Result<void> seal(const std::string& file, const std::string& output) {
        // Two files that would get one name are found here, not when all is done.
        if (!output.empty() && !names_.insert(output).second)
            return fail(Code::conflict, "adapters.file_exists", output + " is there already");
        const auto size = size_of(file);
        const bool slow = !size || *size > kSoonSealed; // nobody knows how long a pipe takes
        if (slow)
            TRY(finish());
        auto done = add(file, output, size.value_or(0));
        // Those that wait hold descriptors, of which there may be no more.
        if (!done && !waiting_.empty() && done.error().reason() == "adapters.file") {
            TRY(finish());
            done = add(file, output, size.value_or(0));
        }
        if (!done)
            return done;
        const auto now = std::chrono::steady_clock::now();
        if (waiting_.size() == 1)
            since_ = now;
        return slow || sealer_.full() || now - since_ >= kLongestWait ? finish() : done;
    }

    // Signs those that wait and gives them their names. One that cannot have its name does not keep
    // the others from theirs; the first of such errors is given back.
    Result<void> finish() {
        const auto waiting = std::exchange(waiting_, {});
        TRY_ASSIGN(auto results, sealer_.finish());
        std::optional<Error> error;
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            const auto named = results[i] ? waiting[i].sink->finish()
                                          : Result<void>(std::unexpected(results[i].error()));
            if (named)
                list_one(waiting[i], *results[i]);
            else if (!error)
                error = named.error();
        }
        if (error)
            return fail(std::move(*error));
        return {};
    }

    const Json& list() const { return list_; }
    const std::string& lines() const { return lines_; }

private:
    struct Waiting {
        std::string file;
        std::string output;
        std::shared_ptr<Output> sink;
    };

    // Of a regular file.
    static std::optional<std::uint64_t> size_of(const std::string& file) {
        std::error_code none;
        if (file.empty() || file == "-" || !std::filesystem::is_regular_file(file, none))
            return std::nullopt;
        const std::uint64_t size = std::filesystem::file_size(file, none);
        return none ? std::nullopt : std::optional(size);
    }

    Result<void> add(const std::string& file, const std::string& output, std::uint64_t size) {
        if (size > envelope::kSegmentPlain) {
            TRY_ASSIGN(const auto whole, adapters::FileSource::open(file));
            TRY_ASSIGN(const auto sink, make_sink(output));
            Progress progress("sealing", whole->size());
            const ShownFile shown(*whole, progress);
            TRY(sealer_.add_file(shown, *sink, make_inputs(*keys_, summary_)));
            waiting_.push_back({file, output, sink});
            return {};
        }
        TRY_ASSIGN(const auto source, Input::open(file, "sealing"));
        TRY_ASSIGN(const auto sink, make_sink(output));
        TRY(sealer_.add(*source, *sink, make_inputs(*keys_, summary_)));
        waiting_.push_back({file, output, sink});
        return {};
    }

    void list_one(const Waiting& one, const envelope::SealResult& result) {
        Json done = {{"file", one.file.empty() ? "-" : one.file},
                     {"sealed", one.output.empty() ? "-" : one.output},
                     {"plain_bytes", result.plain_bytes},
                     {"sealed_bytes", result.container_bytes},
                     {"payload_root", to_base64(result.payload_root)}};
        if (shown(done, "sealed") != "-")
            lines_ += fmt::format("sealed {} ({} bytes) into {}\n", shown(done, "file"),
                                  shown(done, "plain_bytes"), shown(done, "sealed"));
        list_.push_back(std::move(done));
    }

    static Result<std::shared_ptr<Output>> make_sink(const std::string& output) {
        TRY_ASSIGN(auto sink, Output::create(output));
        if (sink->is_standard_output())
            standard_output_is_taken();
        return std::shared_ptr<Output>(std::move(sink));
    }

    const Keys* keys_;
    envelope::ClassificationSummary summary_;
    std::set<std::string> names_;
    Json list_ = Json::array();
    std::string lines_;
    std::chrono::steady_clock::time_point since_; // the first of those that wait
    // Before the sealer, which writes to the sinks.
    std::vector<Waiting> waiting_;
    envelope::BatchSealer sealer_;
};

std::string target(const Options& options, const std::string& file) {
    if (!options.folder.empty())
        return options.folder + "/" + std::filesystem::path(file).filename().string() + ".sealed";
    return options.output;
}

Result<Exit> seal(Options options) {
    if (options.files.empty())
        options.files.emplace_back();
    if (options.files.size() > 1 && options.folder.empty())
        return fail(Code::invalid, "cli.usage", "several files need --output-folder");
    TRY_ASSIGN(const auto keys, read_keys(options));
    TRY_ASSIGN(auto sealing, Sealing::begin(options, keys));
    std::optional<Error> error;
    for (const std::string& file : options.files)
        if (const auto done = sealing.seal(file, target(options, file)); !done) {
            error = done.error();
            break;
        }
    // Those before a file that failed are whole.
    if (const auto rest = sealing.finish(); !rest && !error)
        error = rest.error();
    const Json& list = sealing.list();
    if (error && list.empty())
        return fail(std::move(*error));
    Json value = {{"from", keys.sender_name}, {"to", keys.recipient_names}, {"files", list}};
    if (error)
        return answer_partly(std::move(value), sealing.lines(), *error);
    answer(std::move(value), sealing.lines());
    return Exit::done;
}

} // namespace

void add_seal(Command& root) {
    static Options options;
    Command command = root.sub("seal", "seal a file to a recipient's key, signed by a sender's");
    command.option("file", options.files, "files to seal; none or -: standard input")
        .option("--to FILE", options.to, "public key of a recipient; may be repeated",
                Need::required)
        .option("--from FILE", options.from, "secret key of the sender", Need::required)
        .option("--level LEVEL", options.level, "classification in the label (unmarked)")
        .option("--mime-type TYPE", options.mime_type, "what the document is")
        .option("-o,--output FILE", options.output, "sealed file; none or -: standard output")
        .option("--output-folder FOLDER", options.folder, "write FILE.sealed into this folder")
        .option("--threads N", options.threads, "workers; 0: one for each core");
    command.runs([] { return seal(options); });
}

} // namespace valise::cli
