// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "base/text.h"
#include "commands.h"
#include "crypto/hash.h"
#include "crypto/kem.h"
#include "envelope/open.h"
#include "streams.h"

#include <fmt/core.h>

// Reading: the person signs, the registry decides and records, its key process wraps the share to
// a key that lives only in this process, and the document is decrypted here.
namespace valise::cli {

namespace {

struct Options {
    std::string item;
    std::string copy;
    std::string purpose;
    std::string output;
};

// The sealed copy that the reader has, else one that lies here; else the first, which the registry
// refuses with the reason.
Result<std::string> copy_to_open(const Json& item, const crypto::SigningKey& reader) {
    const auto copies = item.find("copies");
    if (copies == item.end() || !copies->is_array() || copies->empty())
        return fail(Code::conflict, "cli.no_copy", "no copy of this item is held here");
    const std::string person = PersonId::of(crypto::sha256(reader.public_bytes())).text();
    const Json* here = nullptr;
    for (const Json& copy : *copies) {
        if (copy.value("form", "") != "electronic")
            continue;
        if (copy.value("place", "") == person)
            return text_in(copy, "copy");
        if (copy.value("state", "") == "held" && here == nullptr)
            here = &copy;
    }
    return text_in(here == nullptr ? copies->front() : *here, "copy");
}

struct Permit {
    std::uint64_t number = 0;
    Bytes share;       // wrapped to the session key
    Bytes originators; // the same, of an item that its originator controls; else empty
    Hash32 payload_root{};
};

Result<Permit> read_permit(const Json& answer_value) {
    Permit out;
    TRY_ASSIGN(out.number, event_in(answer_value));
    const Json result = answer_value.value("result", Json::object());
    TRY_ASSIGN(const std::string share, text_in(result, "share"));
    TRY_ASSIGN(out.share, from_base64(share));
    if (result.contains("originators_share")) {
        TRY_ASSIGN(const std::string originators, text_in(result, "originators_share"));
        TRY_ASSIGN(out.originators, from_base64(originators));
    }
    TRY_ASSIGN(out.payload_root, hash_in(result, "payload_root"));
    return out;
}

Result<envelope::Opened> decrypt(Client& client, const Permit& permit,
                                 const crypto::WrapPrivateKey& session, Output& output) {
    TRY_ASSIGN(auto spool, nameless_file());
    adapters::FileSink sink(spool.get());
    TRY(client.download(fmt::format("/api/v1/opens/{}/sealed", permit.number), sink));
    TRY_ASSIGN(const auto sealed, adapters::FileSource::over(std::move(spool)));
    envelope::Expectation expectation;
    expectation.payload_root = permit.payload_root;
    TRY_ASSIGN(auto opened, envelope::open(
                                *sealed, output,
                                [&](const envelope::KeyAccess& access) {
                                    return session.unwrap(access.sid == envelope::kOriginatorSid
                                                              ? permit.originators
                                                              : permit.share);
                                },
                                expectation));
    TRY(output.finish());
    return opened;
}

Result<Exit> open_item(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    Client& client = acting.client;
    TRY_ASSIGN(const Json item, client.item(options.item));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    std::string copy = options.copy;
    if (copy.empty()) {
        TRY_ASSIGN(copy, copy_to_open(item, acting.key));
    }
    // Before the act: who cannot take the document should not stand in the book as its reader.
    TRY_ASSIGN(const auto output, Output::create(options.output, "opening"));
    if (output->is_standard_output())
        standard_output_is_taken();
    const auto session = crypto::WrapPrivateKey::generate(crypto::WrapScheme::p384_mlkem1024);
    TRY_ASSIGN(Json value, acting.act(logbook::ActKind::open,
                                      {{"item", id},
                                       {"copy", copy},
                                       {"purpose", options.purpose},
                                       {"session_key", to_base64(session.public_key().der())}}));
    if (!performed(value))
        return conclude(std::move(value), "");
    TRY_ASSIGN(const auto permit, read_permit(value));
    const auto opened = decrypt(client, permit, session, *output);
    const std::string path = fmt::format("/api/v1/opens/{}/", permit.number);
    const auto reported = client.post(path + (opened ? "shown" : "failed"));
    if (!opened)
        return fail(opened.error());
    const std::string lease = value["result"].value("lease", "");
    const bool controlled = value["result"].contains("control");
    for (const char* secret : {"share", "originators_share"})
        value["result"].erase(secret);
    value["opened"] = output->is_standard_output() ? "-" : options.output;
    value["plain_bytes"] = opened->payload.plain_bytes();
    value["mime_type"] = opened->mime_type;
    std::string line = fmt::format("opened {} into {}: {} bytes", id,
                                   output->is_standard_output() ? "-" : options.output,
                                   opened->payload.plain_bytes());
    if (!lease.empty())
        line += "\nits originator could not be asked; opened under a lease until " + lease;
    else if (controlled)
        line += "\nits originator permitted this opening";
    if (!reported) // it was shown, but the book does not know yet
        return answer_partly(std::move(value), line, reported.error());
    return conclude(std::move(value), line);
}

} // namespace

void add_item_open(Command& item) {
    static Options options;
    Command command = item.sub("open", "read an item: decided, recorded, then decrypted here");
    command.option("item", options.item, "id or register number", Need::required)
        .option("--purpose CODE", options.purpose, "code of the purpose", Need::required)
        .option("-o,--output FILE", options.output, "document; none or -: standard output")
        .option("--copy ID", options.copy, "id of the copy; else the first that is held");
    command.runs([] { return open_item(options); });
}

} // namespace valise::cli
