// SPDX-License-Identifier: Apache-2.0
#include "exchange/messages.h"

#include <algorithm>

namespace valise::exchange {
namespace {

constexpr std::size_t kMaxNote = 4096;
constexpr std::size_t kMaxOpening = 16 << 10; // of an ask or its answer, as their readers bound it
constexpr std::size_t kSalt = 16;
constexpr std::size_t kMaxProof = 63; // hashes
constexpr std::size_t kMaxCheckpoint = 64 << 10;
constexpr std::size_t kMaxAct = (1 << 20) + 128;         // a signed act
constexpr std::int64_t kMaxSize = std::int64_t{1} << 44; // 16 TiB

Result<std::uint64_t> size_of(ObjectReader& reader, const char* name) {
    TRY_ASSIGN(const std::int64_t value, reader.integer(name, 0, kMaxSize));
    return static_cast<std::uint64_t>(value);
}

Result<DispatchId> dispatch_of(ObjectReader& reader) {
    TRY_ASSIGN(const std::string text, reader.text("dispatch", 64));
    return DispatchId::parse(text);
}

// What nobody reads must not ride along: two frames would mean one message, and a body of megabytes
// would be stored with it.
Result<void> without_body(const Frame& frame) {
    if (!frame.body.empty())
        return fail(Code::invalid, "exchange.frame", "a body that this message does not have");
    return {};
}

Json number(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

} // namespace

Frame Hello::frame(const std::string& from, const std::string& to) const {
    return {"hello",
            from,
            to,
            {{"software", software},
             {"terms", to_base64(terms)},
             {"confirmation_signature", to_base64(confirmation_signature)}},
            {}};
}

Result<Hello> Hello::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "hello"));
    Hello out;
    TRY_ASSIGN(out.software, reader.text("software", 64));
    TRY_ASSIGN(out.terms, reader.hash("terms"));
    TRY_ASSIGN(out.confirmation_signature, reader.base64("confirmation_signature", 8192));
    TRY(reader.done());
    TRY(without_body(frame));
    return out;
}

Frame Offer::frame(const std::string& from, const std::string& to) const {
    return {"offer",
            from,
            to,
            {{"dispatch", dispatch.text()},
             {"container_bytes", number(container_bytes)},
             {"payload_offset", number(payload_offset)},
             {"payload_bytes", number(payload_bytes)}},
            frame_bytes};
}

Result<Offer> Offer::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "offer"));
    Offer out;
    TRY_ASSIGN(out.dispatch, dispatch_of(reader));
    TRY_ASSIGN(out.container_bytes, size_of(reader, "container_bytes"));
    TRY_ASSIGN(out.payload_offset, size_of(reader, "payload_offset"));
    TRY_ASSIGN(out.payload_bytes, size_of(reader, "payload_bytes"));
    TRY(reader.done());
    out.frame_bytes = frame.body;
    if (out.payload_offset > out.frame_bytes.size() ||
        out.container_bytes != out.payload_bytes + out.frame_bytes.size())
        return fail(Code::invalid, "exchange.offer", "sizes do not add up");
    return out;
}

Frame Segment::frame(const std::string& from, const std::string& to) const {
    return {"segment",
            from,
            to,
            {{"dispatch", dispatch.text()}, {"number", exchange::number(number)}},
            bytes};
}

Result<Segment> Segment::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "segment"));
    Segment out;
    TRY_ASSIGN(out.dispatch, dispatch_of(reader));
    TRY_ASSIGN(out.number, size_of(reader, "number"));
    TRY(reader.done());
    out.bytes = frame.body;
    return out;
}

Frame Progress::frame(const std::string& from, const std::string& to) const {
    return {"progress",
            from,
            to,
            {{"dispatch", dispatch.text()},
             {"next_segment", number(next_segment)},
             {"durable_bytes", number(durable_bytes)},
             {"complete", complete},
             {"receipt", to_base64(receipt)},
             {"receipt_signature", to_base64(receipt_signature)}},
            {}};
}

Result<Progress> Progress::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "progress"));
    Progress out;
    TRY_ASSIGN(out.dispatch, dispatch_of(reader));
    TRY_ASSIGN(out.next_segment, size_of(reader, "next_segment"));
    TRY_ASSIGN(out.durable_bytes, size_of(reader, "durable_bytes"));
    TRY_ASSIGN(out.complete, reader.boolean("complete"));
    TRY_ASSIGN(out.receipt, reader.base64("receipt", 8192));
    TRY_ASSIGN(out.receipt_signature, reader.base64("receipt_signature", 8192));
    TRY(reader.done());
    TRY(without_body(frame));
    return out;
}

Frame Complete::frame(const std::string& from, const std::string& to) const {
    return {"complete", from, to, {{"dispatch", dispatch.text()}}, {}};
}

Result<Complete> Complete::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "complete"));
    Complete out;
    TRY_ASSIGN(out.dispatch, dispatch_of(reader));
    TRY(reader.done());
    TRY(without_body(frame));
    return out;
}

Frame Receipt::frame(const std::string& from, const std::string& to) const {
    return {"receipt",
            from,
            to,
            {{"receipt", to_base64(receipt)}, {"signature", to_base64(signature)}},
            {}};
}

Result<Receipt> Receipt::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "receipt"));
    Receipt out;
    TRY_ASSIGN(out.receipt, reader.base64("receipt", 8192));
    TRY_ASSIGN(out.signature, reader.base64("signature", 8192));
    TRY(reader.done());
    TRY(without_body(frame));
    return out;
}

Frame Notice::frame(const std::string& from, const std::string& to) const {
    return {"notice",
            from,
            to,
            {{"notice", to_base64(notice)},
             {"signature", to_base64(signature)},
             {"note", note},
             {"salt", to_base64(salt)}},
            {}};
}

Result<Notice> Notice::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "notice"));
    Notice out;
    TRY_ASSIGN(out.notice, reader.base64("notice", 4096));
    TRY_ASSIGN(out.signature, reader.base64("signature", 8192));
    TRY_ASSIGN(out.note, reader.text("note", kMaxNote));
    TRY_ASSIGN(out.salt, reader.base64("salt", kSalt));
    TRY(reader.done());
    TRY(without_body(frame));
    if (out.salt.empty() ? !out.note.empty() : out.salt.size() != kSalt)
        return fail(Code::invalid, "exchange.notice", "a note travels with its salt");
    return out;
}

Frame Opening::frame(const std::string& from, const std::string& to) const {
    return {
        "opening", from, to, {{"ask", to_base64(ask)}, {"signature", to_base64(signature)}}, {}};
}

Result<Opening> Opening::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "opening"));
    Opening out;
    TRY_ASSIGN(out.ask, reader.base64("ask", kMaxOpening));
    TRY_ASSIGN(out.signature, reader.base64("signature", 8192));
    TRY(reader.done());
    TRY(without_body(frame));
    return out;
}

Frame Opened::frame(const std::string& from, const std::string& to) const {
    return {"opened",
            from,
            to,
            {{"answer", to_base64(answer)}, {"signature", to_base64(signature)}},
            {}};
}

Result<Opened> Opened::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "opened"));
    Opened out;
    TRY_ASSIGN(out.answer, reader.base64("answer", kMaxOpening));
    TRY_ASSIGN(out.signature, reader.base64("signature", 8192));
    TRY(reader.done());
    TRY(without_body(frame));
    return out;
}

Frame WitnessRequest::frame(const std::string& from, const std::string& to) const {
    return {"witness", from, to, Json::object(), to_bytes(body)};
}

Result<WitnessRequest> WitnessRequest::parse(const Frame& frame) {
    TRY_ASSIGN(const auto reader, ObjectReader::over(frame.fields, "witness"));
    TRY(reader.done());
    return WitnessRequest{to_text(frame.body)};
}

Frame WitnessAnswer::frame(const std::string& from, const std::string& to) const {
    return {"witnessed", from, to, {{"status", static_cast<std::int64_t>(status)}}, to_bytes(body)};
}

Result<WitnessAnswer> WitnessAnswer::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "witnessed"));
    WitnessAnswer out;
    TRY_ASSIGN(const std::int64_t status, reader.integer("status", 100, 599));
    TRY(reader.done());
    out.status = static_cast<unsigned>(status);
    out.body = to_text(frame.body);
    return out;
}

Frame Mirror::frame(const std::string& from, const std::string& to) const {
    Bytes hashes;
    for (const Hash32& hash : proof)
        append(hashes, hash);
    Bytes body;
    append_u32(body, static_cast<std::uint32_t>(checkpoint.size()));
    append(body, checkpoint);
    append(body, leaves);
    return {"mirror", from, to, {{"start", number(start)}, {"proof", to_base64(hashes)}}, body};
}

Result<Mirror> Mirror::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "mirror"));
    Mirror out;
    TRY_ASSIGN(out.start, size_of(reader, "start"));
    TRY_ASSIGN(const Bytes hashes, reader.base64("proof", kMaxProof * 32));
    TRY(reader.done());
    const auto bad = [](const char* text) { return fail(Code::invalid, "exchange.mirror", text); };
    if (hashes.size() % 32 != 0)
        return bad("a hash has 32 bytes");
    for (ByteView rest = hashes; !rest.empty(); rest = rest.subspan(32))
        std::ranges::copy(rest.first(32), out.proof.emplace_back().begin());
    const ByteView body = frame.body;
    if (body.size() < 4)
        return bad("without a checkpoint");
    const std::size_t length = read_u32(body.first<4>());
    if (length > kMaxCheckpoint || length > body.size() - 4)
        return bad("the checkpoint is cut short, or too long");
    out.checkpoint = to_text(body.subspan(4, length));
    out.leaves = to_bytes(body.subspan(4 + length));
    if (out.leaves.size() % kLeaf != 0 || out.leaves.size() > kMaxLeaves * kLeaf)
        return bad("not whole leaves, or too many");
    return out;
}

Frame Mirrored::frame(const std::string& from, const std::string& to) const {
    return {"mirrored", from, to, {{"next", number(next)}}, to_bytes(lines)};
}

Result<Mirrored> Mirrored::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "mirrored"));
    Mirrored out;
    TRY_ASSIGN(out.next, size_of(reader, "next"));
    TRY(reader.done());
    if (frame.body.size() > kMaxCheckpoint)
        return fail(Code::invalid, "exchange.mirror", "more lines than a mirror has");
    out.lines = to_text(frame.body);
    return out;
}

Frame Reconcile::frame(const std::string& from, const std::string& to) const {
    return {"reconcile", from, to, Json::object(), act};
}

Result<Reconcile> Reconcile::parse(const Frame& frame) {
    TRY_ASSIGN(const auto reader, ObjectReader::over(frame.fields, "reconcile"));
    TRY(reader.done());
    if (frame.body.empty() || frame.body.size() > kMaxAct)
        return fail(Code::invalid, "exchange.reconcile", "no act, or one that is too long");
    return Reconcile{frame.body};
}

Frame Leaves::frame(const std::string& from, const std::string& to) const {
    return {"leaves", from, to, {{"start", number(start)}}, {}};
}

Result<Leaves> Leaves::parse(const Frame& frame) {
    TRY_ASSIGN(auto reader, ObjectReader::over(frame.fields, "leaves"));
    Leaves out;
    TRY_ASSIGN(out.start, size_of(reader, "start"));
    TRY(reader.done());
    if (!frame.body.empty())
        return fail(Code::invalid, "exchange.leaves", "a body that nobody asked for");
    return out;
}

Frame Keys::frame(const std::string& from, const std::string& to) const {
    Bytes body;
    append_u32(body, static_cast<std::uint32_t>(key_list.size()));
    append(body, key_list);
    append(body, signature);
    return {"keys", from, to, Json::object(), body};
}

Result<Keys> Keys::parse(const Frame& frame) {
    constexpr std::size_t kMost = std::size_t{64} * 1024;
    TRY_ASSIGN(const auto reader, ObjectReader::over(frame.fields, "keys"));
    TRY(reader.done());
    const ByteView body = frame.body;
    if (body.size() < 4 || body.size() > kMost)
        return fail(Code::invalid, "exchange.keys", "no key list, or one that is too long");
    const std::size_t length = read_u32(body.first<4>());
    if (length == 0 || length > body.size() - 4)
        return fail(Code::invalid, "exchange.keys", "the key list is cut short");
    return Keys{to_bytes(body.subspan(4, length)), to_bytes(body.subspan(4 + length))};
}

} // namespace valise::exchange
