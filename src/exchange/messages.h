// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.h"
#include "exchange/frame.h"

namespace valise::exchange {

// The messages of version 1. Each names its request type and the type of the answer; make() and
// parse() are strict, and every request but one may be repeated without harm.

// "hello" -> "hello": who speaks, under which terms, and the root signature on the confirmation.
struct Hello {
    std::string software;
    Hash32 terms{};
    Bytes confirmation_signature; // empty before the pairing is complete on that side

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Hello> parse(const Frame& frame);
};

// "offer" -> "progress": the sealed file without its payload. `frame_bytes` is everything before
// the payload followed by everything after it, so that manifest, label and signature are checked
// before a segment moves.
struct Offer {
    DispatchId dispatch;
    std::uint64_t container_bytes = 0;
    std::uint64_t payload_offset = 0;
    std::uint64_t payload_bytes = 0;
    Bytes frame_bytes;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Offer> parse(const Frame& frame);
};

// "segment" -> "progress".
struct Segment {
    DispatchId dispatch;
    std::uint64_t number = 0;
    Bytes bytes;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Segment> parse(const Frame& frame);
};

// "progress" (a question without more) -> "progress". Segments below `next_segment` are durable.
struct Progress {
    DispatchId dispatch;
    std::uint64_t next_segment = 0;
    std::uint64_t durable_bytes = 0; // of the payload
    bool complete = false;           // arrived and recorded; the receipt follows
    Bytes receipt;                   // custody receipt once complete, else empty
    Bytes receipt_signature;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Progress> parse(const Frame& frame);
};

// "complete" -> "progress": all segments were sent.
struct Complete {
    DispatchId dispatch;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Complete> parse(const Frame& frame);
};

// "receipt" -> "taken": a contents receipt or a custody receipt sent again.
struct Receipt {
    Bytes receipt;
    Bytes signature;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Receipt> parse(const Frame& frame);
};

// "notice" -> "taken": a notice, and the text that it encloses with its salt (16 bytes), or
// neither.
struct Notice {
    Bytes notice;
    Bytes signature;
    std::string note;
    Bytes salt;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Notice> parse(const Frame& frame);
};

// "opening" -> "opened": what a receiver's key process asks before a controlled item is opened, and
// the originator's answer, each with the signature of a receipt key. By wire alone: a courier
// cannot say what holds now. Not repeated: an ask that was answered is refused when it is heard
// again.
struct Opening {
    Bytes ask;
    Bytes signature;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Opening> parse(const Frame& frame);
};
struct Opened {
    Bytes answer;
    Bytes signature;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Opened> parse(const Frame& frame);
};

// "witness" -> "witnessed": a tlog-witness add-checkpoint body, and the answer to it.
struct WitnessRequest {
    std::string body;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<WitnessRequest> parse(const Frame& frame);
};
struct WitnessAnswer {
    unsigned status = 0;
    std::string body;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<WitnessAnswer> parse(const Frame& frame);
};

// "mirror" -> "mirrored": leaves of the sender's shared log from number `start` on, and the signed
// checkpoint that they lead to. `proof` shows that the tree up to the last of them is one that the
// checkpoint's grew from; empty when it is that very tree. Body: u32 length ‖ checkpoint ‖ leaves.
struct Mirror {
    static constexpr std::size_t kLeaf = 256;
    static constexpr std::size_t kMaxLeaves = 8192;

    std::uint64_t start = 0;
    std::vector<Hash32> proof;
    std::string checkpoint;
    Bytes leaves; // kLeaf bytes each

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Mirror> parse(const Frame& frame);
};
// `next`: how many leaves are durable here. Body: the mirror's cosignature lines over the
// checkpoint, empty while leaves of it are missing.
struct Mirrored {
    std::uint64_t next = 0;
    std::string lines;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Mirrored> parse(const Frame& frame);
};

// "reconcile" -> "taken": the signed act by which an officer of the sender proposed a statement, or
// countersigned one of ours. What it is worth, the leaf in the sender's shared log says.
struct Reconcile {
    Bytes act;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Reconcile> parse(const Frame& frame);
};

// "leaves" -> "mirror": the addressee's mirror of the sender's own log from number `start` on, with
// the newest checkpoint by the sender's log key that all of its leaves are held of; no checkpoint:
// nothing is mirrored. What a registry lost comes back with its own signature or not at all.
struct Leaves {
    std::uint64_t start = 0;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Leaves> parse(const Frame& frame);
};

// "keys" -> "taken": the sender's next key list, signed by its root key. Body: u32 length ‖ key
// list ‖ signature.
struct Keys {
    Bytes key_list;
    Bytes signature;

    Frame frame(const std::string& from, const std::string& to) const;
    static Result<Keys> parse(const Frame& frame);
};

} // namespace valise::exchange
