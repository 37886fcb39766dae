// SPDX-License-Identifier: Apache-2.0
#include "envelope/statement.h"

#include "base/text.h"
#include "crypto/hash.h"

#include <algorithm>

namespace valise::envelope {
namespace {

constexpr std::int64_t kMaxInteger = (std::int64_t{1} << 53) - 1;
constexpr std::int64_t kMaxCount = 999999;
constexpr std::size_t kMaxReleases = 16;
constexpr std::size_t kMaxReleaseBytes = std::size_t{64} * 1024;
constexpr std::size_t kMaxDigests = 16;
constexpr std::size_t kMaxAttributeTexts = 256;
constexpr std::size_t kMaxWord = 256; // bytes of a name or an id

std::unexpected<Error> bad(std::string what) {
    return fail(Code::invalid, "envelope.statement", std::move(what));
}

// One reason for every malformed statement; what is wrong stands in the context.
template<class T> Result<T> as_statement(Result<T> result) {
    if (!result)
        return bad(result.error().text());
    return result;
}

Hash32 prefixed(std::string_view prefix, ByteView bytes) {
    crypto::Sha256 hash;
    return hash.update(view(prefix)).update(bytes).finish();
}

Hash32 release_digest(ByteView signed_act) {
    using namespace std::string_view_literals;
    return prefixed("valise/signed-act/v1\0"sv, signed_act);
}

// A word that the register shows: neither empty nor able to disturb a terminal.
Result<std::string> word(ObjectReader& in, const char* name) {
    TRY_ASSIGN(std::string text, in.text(name, kMaxWord));
    if (text.empty() || printable(text, kMaxWord + 1) != text)
        return bad(std::string(name) + ": empty or not printable");
    return text;
}

Result<Hash48> hash48(ObjectReader& in, const char* name) {
    TRY_ASSIGN(const Bytes bytes, in.base64(name, 48));
    return fixed<48>(bytes, "envelope.statement");
}

Result<std::vector<Hash48>> hash48_list(ObjectReader& in, const char* name, std::size_t max) {
    TRY_ASSIGN(const std::vector<std::string> texts, in.texts(name, max));
    std::vector<Hash48> out;
    for (const std::string& text : texts) {
        TRY_ASSIGN(const Bytes bytes, from_base64(text));
        TRY_ASSIGN(out.emplace_back(), fixed<48>(bytes, "envelope.statement"));
    }
    return out;
}

Result<ClassificationSummary> read_classification(const Json& value) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "classification"));
    ClassificationSummary out;
    TRY_ASSIGN(out.policy_id, word(in, "policy_id"));
    TRY_ASSIGN(out.level_code, word(in, "level"));
    TRY_ASSIGN(out.level_native, word(in, "native"));
    TRY_ASSIGN(out.attributes, in.texts("attributes", kMaxAttributeTexts));
    TRY(in.done());
    return out;
}

// The digests stand beside the bytes so that the logbook can be searched for an act without
// decoding them; a pair that does not fit is refused.
Result<std::vector<ReleaseAct>> read_release(const Json& value) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "release"));
    TRY_ASSIGN(const std::vector<std::string> digests, in.texts("digests", kMaxReleases));
    TRY_ASSIGN(const std::vector<std::string> acts, in.texts("acts", kMaxReleases));
    TRY(in.done());
    if (digests.size() != acts.size())
        return bad("release: not one digest per act");
    std::vector<ReleaseAct> out;
    for (std::size_t i = 0; i < acts.size(); ++i) {
        TRY_ASSIGN(Bytes act, from_base64(acts[i]));
        if (act.size() > kMaxReleaseBytes)
            return bad("release: an act is too long");
        out.push_back(ReleaseAct::of(std::move(act)));
        if (to_base64(out.back().digest) != digests[i])
            return bad("release: the digest is not that of the act");
    }
    return out;
}

Result<void> read_payload(const Json& value, ContainerDigests& out) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "payload"));
    TRY_ASSIGN(out.payload_root, in.hash("root"));
    TRY_ASSIGN(out.plain_bytes, in.integer("plain_bytes", 0, kMaxInteger));
    TRY_ASSIGN(out.cipher_bytes, in.integer("cipher_bytes", 0, kMaxInteger));
    TRY_ASSIGN(out.segments, in.integer("segments", 1, kMaxInteger));
    return in.done();
}

Result<ContainerDigests> read_container(const Json& value) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "container"));
    ContainerDigests out;
    TRY_ASSIGN(const Json* payload, in.member("payload"));
    TRY(read_payload(*payload, out));
    TRY_ASSIGN(out.segment_hashes, hash48(in, "segment_hashes"));
    TRY_ASSIGN(out.segment_sizes, hash48(in, "segment_sizes"));
    TRY_ASSIGN(out.root_signature, hash48(in, "root_signature"));
    TRY_ASSIGN(out.policy, hash48(in, "policy"));
    TRY_ASSIGN(out.payload_section, hash48(in, "payload_section"));
    TRY_ASSIGN(out.method_section, hash48(in, "method_section"));
    TRY_ASSIGN(out.schema_version, word(in, "schema_version"));
    TRY_ASSIGN(out.key_access, hash48_list(in, "key_access", kMaxDigests));
    TRY_ASSIGN(out.assertions, hash48_list(in, "assertions", kMaxDigests));
    TRY(in.done());
    return out;
}

Result<void> check_form(const Package& package) {
    if (package.form != "paper" && package.form != "equipment")
        return bad("package.form: expected paper or equipment");
    if (package.form != "paper" && (package.pages != 0 || package.sheets != 0))
        return bad("package.pages: stand on paper only");
    return {};
}

Result<void> check_package(const Statement& statement) {
    if (statement.inputs.package && statement.container.plain_bytes != 0)
        return bad("package: announced by a file that has a payload");
    if (statement.inputs.package && statement.inputs.control)
        return bad("control: of a file without a document");
    return {};
}

Result<Package> read_package(const Json& value) {
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "package"));
    Package out;
    TRY_ASSIGN(out.form, word(in, "form"));
    TRY_ASSIGN(out.seals, word(in, "seals"));
    TRY_ASSIGN(out.copy, in.integer("copy", 1, kMaxCount));
    if (in.optional_member("pages") != nullptr) {
        TRY_ASSIGN(out.pages, in.integer("pages", 1, kMaxCount));
    }
    if (in.optional_member("sheets") != nullptr) {
        TRY_ASSIGN(out.sheets, in.integer("sheets", 1, kMaxCount));
    }
    if (in.optional_member("returns") != nullptr) {
        TRY_ASSIGN(out.returns, word(in, "returns"));
    }
    TRY(in.done());
    TRY(check_form(out));
    return out;
}

Result<StatementInputs> read_inputs(ObjectReader& in) {
    StatementInputs out;
    TRY_ASSIGN(out.exchange, word(in, "exchange"));
    TRY_ASSIGN(out.serial, in.integer("serial", 0, kMaxInteger));
    TRY_ASSIGN(out.sender, word(in, "sender"));
    TRY_ASSIGN(out.recipient, word(in, "recipient"));
    TRY_ASSIGN(const std::string time, word(in, "time"));
    TRY_ASSIGN(out.time, Time::parse(time));
    if (out.time.text() != time) // a bare date would be a second text for one time
        return bad("time: not in the form 2026-11-24T09:30:00Z");
    TRY_ASSIGN(out.transfer_secret, in.hash("transfer_secret"));
    TRY_ASSIGN(out.item, word(in, "item"));
    TRY_ASSIGN(out.inspection, word(in, "inspection"));
    TRY_ASSIGN(const Json* classification, in.member("classification"));
    TRY_ASSIGN(out.classification, read_classification(*classification));
    TRY_ASSIGN(const Json* release, in.member("release"));
    TRY_ASSIGN(out.release, read_release(*release));
    if (in.optional_member("control") != nullptr) {
        TRY_ASSIGN(const std::string control, word(in, "control"));
        if (control != kOriginatorSid)
            return bad("control: expected originator");
        out.control = true;
    }
    if (const Json* package = in.optional_member("package")) {
        TRY_ASSIGN(out.package, read_package(*package));
    }
    return out;
}

Result<Statement> read_statement(ByteView bytes) {
    TRY_ASSIGN(const Json value,
               parse_canonical_json(bytes, {.bytes = kStatementLimit, .depth = 6, .values = 4096}));
    TRY_ASSIGN(ObjectReader in, ObjectReader::over(value, "statement"));
    TRY(in.integer("v", 1, 1));
    TRY_ASSIGN(const std::string profile, in.text("profile", 64));
    if (profile != kProfile)
        return bad("another profile");
    Statement out;
    TRY_ASSIGN(out.inputs, read_inputs(in));
    TRY_ASSIGN(const Json* container, in.member("container"));
    TRY_ASSIGN(out.container, read_container(*container));
    TRY(in.done());
    TRY(check_package(out));
    return out;
}

// The words of the reader, on values.
Result<void> is_word(std::string_view name, std::string_view text) {
    if (text.size() > kMaxWord || text.empty() || printable(text, kMaxWord + 1) != text)
        return bad(std::string(name) + ": empty, too long or not printable");
    return {};
}

Result<void> in_range(const char* name, std::int64_t value, std::int64_t min, std::int64_t max) {
    if (value < min || value > max)
        return bad(std::string(name) + ": out of range");
    return {};
}

Result<void> check_words(const StatementInputs& inputs) {
    const std::pair<const char*, const std::string*> words[] = {
        {"exchange", &inputs.exchange},
        {"sender", &inputs.sender},
        {"recipient", &inputs.recipient},
        {"item", &inputs.item},
        {"inspection", &inputs.inspection},
        {"policy_id", &inputs.classification.policy_id},
        {"level", &inputs.classification.level_code},
        {"native", &inputs.classification.level_native},
    };
    for (const auto& [name, text] : words)
        TRY(is_word(name, *text));
    return {};
}

Result<void> check_release(const std::vector<ReleaseAct>& release) {
    if (release.size() > kMaxReleases)
        return bad("release: too many acts");
    for (const ReleaseAct& act : release)
        if (act.signed_act.size() > kMaxReleaseBytes ||
            act.digest != release_digest(act.signed_act))
            return bad("release: an act is too long, or the digest is not its own");
    return {};
}

Result<void> check_numbers(const Package& package) {
    TRY(in_range("copy", package.copy, 1, kMaxCount));
    TRY(in_range("pages", package.pages, 0, kMaxCount)); // 0: not stated
    TRY(in_range("sheets", package.sheets, 0, kMaxCount));
    TRY(is_word("form", package.form));
    TRY(is_word("seals", package.seals));
    return package.returns.empty() ? Result<void>() : is_word("returns", package.returns);
}

} // namespace

// Statement::parse(bytes()) without the text: whatever one of them takes the other takes too, which
// a test looks for in statements that break each rule.
Result<void> Statement::check() const {
    TRY(check_words(inputs));
    TRY(in_range("serial", inputs.serial, 0, kMaxInteger));
    const auto time = Time::parse(inputs.time.text());
    if (!time || *time != inputs.time)
        return bad("time: has no text");
    const auto& attributes = inputs.classification.attributes;
    if (attributes.size() > kMaxAttributeTexts || !std::ranges::all_of(attributes, is_utf8))
        return bad("attributes: too many, or not UTF-8");
    TRY(check_release(inputs.release));
    if (inputs.package) {
        TRY(check_numbers(*inputs.package));
        TRY(check_form(*inputs.package));
    }
    TRY(in_range("plain_bytes", container.plain_bytes, 0, kMaxInteger));
    TRY(in_range("cipher_bytes", container.cipher_bytes, 0, kMaxInteger));
    TRY(in_range("segments", container.segments, 1, kMaxInteger));
    TRY(is_word("schema_version", container.schema_version));
    if (container.key_access.size() > kMaxDigests || container.assertions.size() > kMaxDigests)
        return bad("container: too many digests");
    TRY(check_package(*this));
    // Only the texts whose number and length nobody bounds above can make it too long.
    std::size_t texts = 16384;
    for (const std::string& attribute : attributes)
        texts += attribute.size() * 6 + 3;
    for (const ReleaseAct& act : inputs.release)
        texts += act.signed_act.size() * 4 / 3 + 64;
    if (texts > kStatementLimit && bytes().size() > kStatementLimit)
        return bad("too long");
    return {};
}

ReleaseAct ReleaseAct::of(Bytes act) {
    ReleaseAct out;
    out.digest = release_digest(act);
    out.signed_act = std::move(act);
    return out;
}

Result<Statement> Statement::make(StatementInputs inputs, ContainerDigests container) {
    Statement out{std::move(inputs), std::move(container)};
    TRY(out.check());
    return out;
}

Result<Statement> Statement::parse(ByteView bytes) {
    return as_statement(read_statement(bytes));
}

Hash32 statement_commitment(ByteView statement) {
    using namespace std::string_view_literals;
    return prefixed("valise/statement/v1\0"sv, statement);
}

} // namespace valise::envelope
