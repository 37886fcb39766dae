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
#include <filesystem>
#include <optional>

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

Result<envelope::SealRequest> make_request(const Options& options, const Keys& keys) {
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
    TRY_ASSIGN(request.label_xml, label::write_4774(label));
    TRY_ASSIGN(request.label_5636, label::write_5636(label));
    TRY_ASSIGN(request.attributes, label::attributes(label, scheme, "valise.invalid"));
    request.mime_type = options.mime_type;
    request.recipients = keys.recipients;
    envelope::StatementInputs inputs;
    inputs.exchange = DispatchId::of(crypto::random_bytes(10)).text();
    inputs.sender = keys.sender_name;
    inputs.recipient = keys.recipient_names;
    inputs.time = label.created;
    inputs.transfer_secret = crypto::random_array<32>();
    inputs.item = "file";
    inputs.classification = {scheme.policy_id, level.code, level.native, request.attributes};
    request.statement = std::move(inputs);
    request.sign = [&keys](ByteView statement) -> Result<envelope::SenderSignature> {
        TRY_ASSIGN(auto all, envelope::sign_batch({to_bytes(statement)}, keys.sender_name,
                                                  keys.recipient_names, keys.signer));
        return std::move(all.front());
    };
    request.threads = static_cast<unsigned>(std::clamp<std::int64_t>(options.threads, 0, 256));
    return request;
}

Result<Json> seal_one(const Options& options, const Keys& keys, const std::string& file,
                      const std::string& output) {
    TRY_ASSIGN(const auto request, make_request(options, keys));
    TRY_ASSIGN(const auto source, Input::open(file, "sealing"));
    TRY_ASSIGN(const auto sink, Output::create(output));
    if (sink->is_standard_output())
        standard_output_is_taken();
    TRY_ASSIGN(const auto sealed, envelope::seal(*source, *sink, request));
    TRY(sink->finish());
    return Json{{"file", file.empty() ? "-" : file},
                {"sealed", output.empty() ? "-" : output},
                {"plain_bytes", sealed.plain_bytes},
                {"sealed_bytes", sealed.container_bytes},
                {"payload_root", to_base64(sealed.payload_root)}};
}

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
    Json list = Json::array();
    std::string lines;
    std::optional<Error> error;
    for (const std::string& file : options.files) {
        auto done = seal_one(options, keys, file, target(options, file));
        if (!done) {
            error = done.error();
            break;
        }
        if (shown(*done, "sealed") != "-")
            lines += fmt::format("sealed {} ({} bytes) into {}\n", shown(*done, "file"),
                                 shown(*done, "plain_bytes"), shown(*done, "sealed"));
        list.push_back(std::move(*done));
    }
    if (error && list.empty())
        return fail(std::move(*error));
    Json value = {{"from", keys.sender_name}, {"to", keys.recipient_names}, {"files", list}};
    if (error)
        return answer_partly(std::move(value), lines, *error);
    answer(std::move(value), lines);
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
