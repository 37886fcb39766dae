// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "envelope/check.h"
#include "envelope/import.h"
#include "envelope/inspect.h"
#include "envelope/reader.h"
#include "lib/internal/files.h"
#include "lib/internal/handles.h"

#include <algorithm>

using namespace valise;
using library::bad_argument;
using library::CallbackSink;
using library::FileSink;
using library::FileSource;
using library::give;
using library::guarded;

struct valise_reader {
    std::unique_ptr<FileSource> file; // the reader borrows it
    std::optional<envelope::SealedReader> reader;
};

envelope::Expectation valise_opening::expectation() const {
    envelope::Expectation out;
    if (sender)
        out.sender = &*sender;
    out.sender_party = from;
    out.recipient_party = to;
    out.payload_root = root;
    return out;
}

// Files of other makers name the key as their key service does; then the type must do.
envelope::ShareProvider valise_opening::shares(bool any_kid) const {
    return [this, any_kid](const envelope::KeyAccess& access) -> Result<SecretBytes> {
        for (const auto* key : keys) {
            const bool ours = access.kid == key->public_key().kid();
            if (!ours && (!any_kid || access.type != crypto::wrap_type(key->public_key().scheme())))
                continue;
            auto share = envelope::unwrap_share(*key, access, access.kid);
            if (share || ours)
                return share;
        }
        return fail(Code::not_found, "envelope.share", "no key for this file");
    };
}

namespace {

Json summary_of(const std::optional<envelope::Verified>& verified,
                const envelope::VerifiedPayload& payload) {
    Json out = {{"plain_bytes", payload.plain_bytes()},
                {"segments", payload.leaves().size()},
                {"payload_root", to_hex(payload.root())}};
    if (!verified)
        return out;
    const auto& said = verified->statement().inputs;
    out["statement"] = {{"exchange", said.exchange},
                        {"serial", said.serial},
                        {"sender", said.sender},
                        {"recipient", said.recipient},
                        {"time", said.time.text()},
                        {"item", said.item},
                        {"inspection", said.inspection},
                        {"level", said.classification.level_code},
                        {"level_native", said.classification.level_native},
                        {"attributes", said.classification.attributes}};
    out["label"] = verified->label_xml();
    out["commitment"] = to_hex(envelope::statement_commitment(verified->statement_bytes()));
    return out;
}

Result<Json> open_into(const valise_opening* opening, const char* from, ByteSink& to) {
    if (opening == nullptr)
        return bad_argument("opening is NULL");
    TRY_ASSIGN(const auto source, FileSource::open(from));
    TRY_ASSIGN(const auto opened,
               envelope::open(*source, to, opening->shares(), opening->expectation()));
    Json out = summary_of(opened.verified, opened.payload);
    out["mime_type"] = opened.mime_type;
    if (!opened.metadata.empty())
        out["metadata"] = printable(opened.metadata, envelope::kMaxMetadata);
    return out;
}

Result<Json> import_into(const valise_opening* opening, const char* from, ByteSink& to) {
    if (opening == nullptr)
        return bad_argument("opening is NULL");
    TRY_ASSIGN(const auto source, FileSource::open(from));
    TRY_ASSIGN(const auto imported, envelope::import_tdf(*source, opening->shares(true), to));
    Json out = {{"plain_bytes", imported.plain_bytes},
                {"mime_type", printable(imported.mime_type)},
                {"schema_version", printable(imported.schema_version)},
                {"hex_mode", imported.hex_mode},
                {"assertions_checked", imported.assertions_checked},
                {"findings", imported.findings}};
    if (!imported.metadata.empty())
        out["metadata"] = printable(imported.metadata, envelope::kMaxMetadata);
    Json attributes = Json::array();
    for (const std::string& one : imported.attributes)
        attributes.push_back(printable(one, 512));
    out["attributes"] = std::move(attributes);
    if (imported.label_4774)
        out["classification"] = imported.label_4774->label.classification;
    else if (imported.label_5636)
        out["classification"] = imported.label_5636->classification;
    return out;
}

} // namespace

valise_code valise_opening_new(valise_opening** out, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (out == nullptr)
            return bad_argument("out is NULL");
        *out = new valise_opening;
        return {};
    });
}

void valise_opening_free(valise_opening* opening) {
    delete opening;
}

valise_code valise_opening_key(valise_opening* opening, const valise_key* key,
                               valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (opening == nullptr || key == nullptr)
            return bad_argument("opening or key is NULL");
        const auto* wrap = std::get_if<crypto::WrapPrivateKey>(&key->key);
        if (wrap == nullptr)
            return bad_argument("a sender's key where a recipient's is needed");
        opening->keys.push_back(wrap);
        return {};
    });
}

valise_code valise_opening_sender(valise_opening* opening, const valise_public* key,
                                  const char* from, const char* to, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (opening == nullptr || key == nullptr || from == nullptr || to == nullptr)
            return bad_argument("opening, key, from or to is NULL");
        const auto* keys = std::get_if<crypto::HybridPublic>(&key->key);
        if (keys == nullptr)
            return bad_argument("a recipient's key where a sender's is needed");
        TRY_ASSIGN(opening->sender, crypto::HybridVerifier::parse(*keys));
        opening->from = from;
        opening->to = to;
        return {};
    });
}

valise_code valise_opening_root(valise_opening* opening, const unsigned char root[32],
                                valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (opening == nullptr || root == nullptr)
            return bad_argument("opening or root is NULL");
        std::copy_n(root, 32, opening->root.emplace().begin());
        return {};
    });
}

valise_code valise_open_file(const valise_opening* opening, const char* from, const char* to,
                             valise_bytes* summary, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        TRY_ASSIGN(const auto sink, FileSink::create(to));
        TRY_ASSIGN(const Json out, open_into(opening, from, *sink));
        TRY(sink->finish());
        return give(out, summary);
    });
}

valise_code valise_open_stream(const valise_opening* opening, const char* from,
                               valise_write_fn write, void* write_context, valise_bytes* summary,
                               valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (write == nullptr)
            return bad_argument("write is NULL");
        CallbackSink sink(write, write_context);
        TRY_ASSIGN(const Json out, open_into(opening, from, sink));
        return give(out, summary);
    });
}

valise_code valise_verify_file(const valise_opening* opening, const char* from,
                               valise_bytes* summary, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (opening == nullptr)
            return bad_argument("opening is NULL");
        TRY_ASSIGN(const auto source, FileSource::open(from));
        TRY_ASSIGN(const auto checked, envelope::verify_file(*source, opening->expectation()));
        return give(summary_of(checked.verified, checked.payload), summary);
    });
}

valise_code valise_import_file(const valise_opening* opening, const char* from, const char* to,
                               valise_bytes* summary, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        TRY_ASSIGN(const auto sink, FileSink::create(to));
        TRY_ASSIGN(const Json out, import_into(opening, from, *sink));
        TRY(sink->finish());
        return give(out, summary);
    });
}

valise_code valise_inspect_file(const char* from, valise_bytes* summary, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        TRY_ASSIGN(const auto source, FileSource::open(from));
        TRY_ASSIGN(const Json out, envelope::inspect(*source));
        return give(out, summary);
    });
}

valise_code valise_reader_new(const valise_opening* opening, const char* from, valise_reader** out,
                              valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (opening == nullptr || out == nullptr)
            return bad_argument("opening or out is NULL");
        auto made = std::make_unique<valise_reader>();
        TRY_ASSIGN(made->file, FileSource::open(from));
        TRY_ASSIGN(auto reader, envelope::SealedReader::create(*made->file, opening->shares(),
                                                               opening->expectation()));
        made->reader = std::move(reader);
        *out = made.release();
        return {};
    });
}

uint64_t valise_reader_size(const valise_reader* reader) {
    return reader == nullptr ? 0 : reader->reader->size();
}

valise_code valise_reader_read(valise_reader* reader, uint64_t offset, unsigned char* data,
                               size_t size, valise_error** error) {
    return guarded(error, [&]() -> Result<void> {
        if (reader == nullptr || (data == nullptr && size != 0))
            return bad_argument("reader or data is NULL");
        return reader->reader->read_at(offset, std::span<Byte>(data, size));
    });
}

void valise_reader_free(valise_reader* reader) {
    delete reader;
}
