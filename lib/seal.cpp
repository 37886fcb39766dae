// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"
#include "crypto/random.h"
#include "label/attributes.h"
#include "label/json5636.h"
#include "label/label_xml.h"
#include "lib/internal/files.h"
#include "lib/internal/handles.h"

#include <charconv>
#include <chrono>

using namespace valise;
using library::bad_argument;
using library::CallbackSink;
using library::CallbackSource;
using library::FileSink;
using library::FileSource;
using library::give;
using library::guarded;

namespace {

std::string word(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
}

Result<std::int64_t> number(std::string_view text) {
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size())
        return fail(Code::invalid, "library.argument", "not a number");
    return out;
}

Result<void> set(valise_sealing& sealing, std::string_view name, const std::string& value) {
    if (name == "tdf_version") {
        for (const auto version : {envelope::TdfVersion::v4_3_0, envelope::TdfVersion::v4_4_0})
            if (value == envelope::to_string(version)) {
                sealing.request.version = version;
                return {};
            }
        return bad_argument("tdf_version is 4.3.0 or 4.4.0");
    }
    if (name == "serial") {
        TRY_ASSIGN(sealing.inputs.serial, number(value));
        return {};
    }
    if (name == "time") {
        TRY_ASSIGN(sealing.inputs.time, Time::parse(value));
        sealing.time_given = true;
        return {};
    }
    const std::pair<std::string_view, std::string*> texts[] = {
        {"mime_type", &sealing.request.mime_type},     {"metadata", &sealing.request.metadata},
        {"policy_uuid", &sealing.request.policy_uuid}, {"namespace", &sealing.ns},
        {"exchange", &sealing.inputs.exchange},        {"item", &sealing.inputs.item},
        {"inspection", &sealing.inputs.inspection},
    };
    for (const auto& [known, place] : texts)
        if (known == name) {
            *place = value;
            return {};
        }
    return bad_argument("no such name");
}

Time now() {
    return {std::chrono::duration_cast<std::chrono::seconds>(
                std::chrono::system_clock::now().time_since_epoch())
                .count()};
}

// Label in both forms, attributes and summary from the one label that was given.
Result<void> complete_label(const valise_sealing& sealing, envelope::SealRequest& request,
                            envelope::StatementInputs& inputs) {
    TRY_ASSIGN(const auto read, label::read_4774(view(request.label_xml)));
    TRY_ASSIGN(request.label_xml, label::write_4774(read.label));
    TRY_ASSIGN(request.label_5636, label::write_5636(read.label));
    label::Level level;
    level.code = sealing.level;
    level.native = read.label.classification;
    level.romanised = sealing.level;
    level.rank = 1;
    for (const char* language : {"en", "ja", "uk"})
        level.names[language] = level.native;
    const label::Scheme scheme{read.label.policy_id, read.label.policy_uri, {level}};
    TRY_ASSIGN(request.attributes, label::attributes(read.label, scheme, sealing.ns));
    inputs.classification = {scheme.policy_id, level.code, level.native, request.attributes};
    return {};
}

Result<envelope::SealRequest> complete(const valise_sealing& sealing) {
    envelope::SealRequest request = sealing.request;
    request.manifest_wanted = false;
    envelope::StatementInputs inputs = sealing.inputs;
    if (!request.label_xml.empty())
        TRY(complete_label(sealing, request, inputs));
    if (sealing.signer == nullptr)
        return request;
    if (inputs.exchange.empty())
        inputs.exchange = DispatchId::of(crypto::random_bytes(10)).text();
    if (!sealing.time_given)
        inputs.time = now();
    if (inputs.item.empty())
        inputs.item = "file";
    inputs.transfer_secret = crypto::random_array<32>();
    request.sign = [signer = sealing.signer, from = inputs.sender, to = inputs.recipient](
                       ByteView statement) -> Result<envelope::SenderSignature> {
        TRY_ASSIGN(auto all, envelope::sign_batch({to_bytes(statement)}, from, to, *signer));
        return std::move(all.front());
    };
    request.statement = std::move(inputs);
    return request;
}

Result<Json> seal_into(const valise_sealing* sealing, ByteSource& from, ByteSink& to) {
    if (sealing == nullptr)
        return bad_argument("sealing is NULL");
    TRY_ASSIGN(const auto request, complete(*sealing));
    TRY_ASSIGN(const auto sealed, envelope::seal(from, to, request));
    Json out = {{"plain_bytes", sealed.plain_bytes},
                {"sealed_bytes", sealed.container_bytes},
                {"payload_root", to_hex(sealed.payload_root)}};
    if (request.statement) {
        out["exchange"] = request.statement->exchange;
        out["commitment"] = to_hex(envelope::statement_commitment(sealed.statement));
    }
    return out;
}

} // namespace

valise_code valise_sealing_new(valise_sealing** out, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (out == nullptr)
            return bad_argument("out is NULL");
        *out = new valise_sealing;
        return {};
    });
}

void valise_sealing_free(valise_sealing* sealing) {
    delete sealing;
}

valise_code valise_sealing_recipient(valise_sealing* sealing, const valise_public* key,
                                     const char* url, const char* sid, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (sealing == nullptr || key == nullptr)
            return bad_argument("sealing or key is NULL");
        const auto* wrap = std::get_if<crypto::WrapPublicKey>(&key->key);
        if (wrap == nullptr)
            return bad_argument("a sender's key where a recipient's is needed");
        // Stock clients refuse one place twice, so each key gets a name of its own.
        const std::string place =
            url == nullptr ? "https://" + wrap->kid() + ".invalid" : std::string(url);
        sealing->request.recipients.push_back({*wrap, place, "", word(sid)});
        return {};
    });
}

valise_code valise_sealing_sender(valise_sealing* sealing, const valise_key* key, const char* from,
                                  const char* to, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (sealing == nullptr || key == nullptr || from == nullptr || to == nullptr)
            return bad_argument("sealing, key, from or to is NULL");
        sealing->signer = std::get_if<crypto::HybridSigner>(&key->key);
        if (sealing->signer == nullptr)
            return bad_argument("a recipient's key where a sender's is needed");
        sealing->inputs.sender = from;
        sealing->inputs.recipient = to;
        return {};
    });
}

valise_code valise_sealing_label(valise_sealing* sealing, const char* xml, size_t size,
                                 const char* level, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (sealing == nullptr || xml == nullptr || level == nullptr)
            return bad_argument("sealing, xml or level is NULL");
        sealing->request.label_xml.assign(xml, size);
        sealing->level = level;
        return {};
    });
}

valise_code valise_sealing_set(valise_sealing* sealing, const char* name, const char* value,
                               valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (sealing == nullptr || name == nullptr || value == nullptr)
            return bad_argument("sealing, name or value is NULL");
        return set(*sealing, name, value);
    });
}

valise_code valise_seal_file(const valise_sealing* sealing, const char* from, const char* to,
                             valise_bytes* summary, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        TRY_ASSIGN(const auto source, FileSource::open(from));
        TRY_ASSIGN(const auto sink, FileSink::create(to));
        TRY_ASSIGN(const Json out, seal_into(sealing, *source, *sink));
        TRY(sink->finish());
        return give(out, summary);
    });
}

valise_code valise_seal_stream(const valise_sealing* sealing, valise_read_fn read,
                               void* read_context, valise_write_fn write, void* write_context,
                               valise_bytes* summary, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (read == nullptr || write == nullptr)
            return bad_argument("read or write is NULL");
        CallbackSource source(read, read_context);
        CallbackSink sink(write, write_context);
        TRY_ASSIGN(const Json out, seal_into(sealing, source, sink));
        return give(out, summary);
    });
}
