// SPDX-License-Identifier: Apache-2.0
// What the peer's registry sends, as a frame and as each of the messages that a frame may hold.
// What is admitted is written back as the same bytes: nothing rides along that nobody reads. Input
// that is no frame is tried as the header of one, so that mutations reach the fields.
#include "exchange/messages.h"

#include <cstdlib>

namespace {

using namespace valise;
using namespace valise::exchange;

void hold(bool condition) {
    if (!condition)
        std::abort();
}

template<class Message> void read_as(const Frame& frame) {
    const auto message = Message::parse(frame);
    if (!message) {
        hold(!message.error().reason().empty());
        return;
    }
    const Frame written = message->frame(frame.from, frame.to);
    hold(written.fields == frame.fields && written.body == frame.body);
}

void read_answer(const Frame& frame) {
    const auto answer = expect(frame, "progress");
    hold(answer.has_value() == (frame.type == "progress"));
    if (answer)
        return;
    // A refusal of the peer is passed on as our own error, and then to a peer again.
    const auto refused = parse_frame(encode(refusal(frame, answer.error())));
    hold(refused.has_value() && !expect(*refused, "progress"));
}

void read_frame(ByteView bytes) {
    const auto frame = parse_frame(bytes);
    if (!frame)
        return;
    hold(encode(*frame) == to_bytes(bytes));
    read_as<Hello>(*frame);
    read_as<Offer>(*frame);
    read_as<Segment>(*frame);
    read_as<Progress>(*frame);
    read_as<Complete>(*frame);
    read_as<Receipt>(*frame);
    read_as<Notice>(*frame);
    read_as<Opening>(*frame);
    read_as<Opened>(*frame);
    read_as<WitnessRequest>(*frame);
    read_as<WitnessAnswer>(*frame);
    read_as<Mirror>(*frame);
    read_as<Mirrored>(*frame);
    read_as<Reconcile>(*frame);
    read_as<Leaves>(*frame);
    read_as<Keys>(*frame);
    read_answer(*frame);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    read_frame(bytes);
    if (size > 0 && bytes[0] == '{') {
        Bytes framed = to_bytes("VLSX");
        append_u16(framed, kProtocolVersion);
        append_u32(framed, static_cast<std::uint32_t>(size));
        append(framed, bytes);
        read_frame(framed);
    }
    return 0;
}
