// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/codec/json.h"

namespace valise::exchange {

inline constexpr std::uint16_t kProtocolVersion = 1;
inline constexpr std::size_t kMaxHeader = std::size_t{64} * 1024;
// A segment of a sealed file is at most 2 MiB + 28; the frame of an offer carries the manifest.
inline constexpr std::size_t kMaxBody = std::size_t{12} * 1024 * 1024;

// One request or answer between registries, the same bytes on the wire and in a courier bag:
//   "VLSX" | version u16 | header length u32 | header (canonical JSON) | body
// The header names type, sender and addressee; what the body is follows from the type.
// docs/formats/exchange.md has an example.
struct Frame {
    std::string type;
    std::string from; // party
    std::string to;   // party
    Json fields = Json::object();
    Bytes body;
};

Bytes encode(const Frame& frame);
// Errors: exchange.frame, exchange.version (a newer or older peer; the context names both), limit
// exchange.frame_size.
Result<Frame> parse_frame(ByteView bytes);

// Answers carry either the type that the request asks for, or this. Whatever is wrong with a sealed
// file or a proof is one answer, exchange.not_accepted: detail would be an oracle.
Frame refusal(const Frame& request, const Error& error);
// The error that a refusal carries, or the answer itself when its type is `expected`.
Result<Frame> expect(Frame answer, std::string_view expected);

} // namespace valise::exchange
