// SPDX-License-Identifier: Apache-2.0
#include "exchange/frame.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::exchange {
namespace {

constexpr std::string_view kMagic = "VLSX";
constexpr std::size_t kPrefix = 4 + 2 + 4;

Code code_from(std::string_view text) {
    for (Code code : {Code::invalid, Code::refused, Code::not_found, Code::conflict,
                      Code::integrity, Code::limit, Code::unavailable})
        if (to_string(code) == text)
            return code;
    return Code::internal;
}

} // namespace

Bytes encode(const Frame& frame) {
    const Json header = {
        {"fields", frame.fields}, {"from", frame.from}, {"to", frame.to}, {"type", frame.type}};
    const std::string text = canonical_json(header);
    Bytes out;
    out.reserve(kPrefix + text.size() + frame.body.size());
    append(out, kMagic);
    append_u16(out, kProtocolVersion);
    append_u32(out, static_cast<std::uint32_t>(text.size()));
    append(out, text);
    append(out, frame.body);
    return out;
}

Result<Frame> parse_frame(ByteView bytes) {
    if (bytes.size() > kPrefix + kMaxHeader + kMaxBody)
        return fail(Code::limit, "exchange.frame_size", fmt::format("{} bytes", bytes.size()));
    if (bytes.size() < kPrefix || text_view(bytes.first(4)) != kMagic)
        return fail(Code::invalid, "exchange.frame", "not an exchange message");
    const std::uint16_t version = read_u16(bytes.subspan<4, 2>());
    if (version != kProtocolVersion)
        return fail(
            Code::invalid, "exchange.version",
            fmt::format("the peer speaks version {}, we speak {}", version, kProtocolVersion));
    const std::uint32_t length = read_u32(bytes.subspan<6, 4>());
    if (length > kMaxHeader || length > bytes.size() - kPrefix)
        return fail(Code::invalid, "exchange.frame", "header longer than the message");
    TRY_ASSIGN(const Json header, parse_canonical_json(bytes.subspan(kPrefix, length)));
    TRY_ASSIGN(auto reader, ObjectReader::over(header, "message"));
    Frame frame;
    TRY_ASSIGN(frame.type, reader.text("type", 32));
    TRY_ASSIGN(frame.from, reader.text("from", 16));
    TRY_ASSIGN(frame.to, reader.text("to", 16));
    TRY_ASSIGN(const Json* fields, reader.member("fields"));
    if (!fields->is_object())
        return fail(Code::invalid, "exchange.frame", "fields: expected an object");
    frame.fields = *fields;
    TRY(reader.done());
    frame.body = to_bytes(bytes.subspan(kPrefix + length));
    return frame;
}

namespace {

// Whatever is wrong with a sealed file, a key or a proof, the peer hears one answer: the reason
// would tell a forger which of its changes went through, and how far.
bool looks_alike(const Error& error) {
    const std::string& reason = error.reason();
    return error.code() == Code::integrity || reason.starts_with("envelope.") ||
           reason.starts_with("crypto.") || reason.starts_with("label.");
}

} // namespace

Frame refusal(const Frame& request, const Error& error) {
    const Error told = looks_alike(error) ? Error(Code::integrity, "exchange.not_accepted") : error;
    return {.type = "refusal",
            .from = request.to,
            .to = request.from,
            .fields = {{"code", to_string(told.code())},
                       {"reason", told.reason()},
                       {"context", told.context()}},
            .body = {}};
}

namespace {

// Reasons enter the book: what the peer calls one and is none would keep it from being written.
bool is_reason_id(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
    });
}

} // namespace

Result<Frame> expect(Frame answer, std::string_view expected) {
    if (answer.type == expected)
        return answer;
    if (answer.type != "refusal")
        return fail(Code::invalid, "exchange.frame",
                    "expected " + std::string(expected) + ", got " + printable(answer.type, 32));
    TRY_ASSIGN(auto reader, ObjectReader::over(answer.fields, "refusal"));
    TRY_ASSIGN(const std::string code, reader.text("code", 32));
    TRY_ASSIGN(const std::string reason, reader.text("reason", 64));
    TRY_ASSIGN(const std::string context, reader.text("context", 4096));
    TRY(reader.done());
    return fail(code_from(code), "peer." + (is_reason_id(reason) ? reason : "refused"),
                printable(context, 400));
}

} // namespace valise::exchange
