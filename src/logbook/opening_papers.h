// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"

#include <optional>
#include <string>

namespace valise::logbook {

struct OpeningAskFields {
    DispatchId dispatch;
    Hash32 statement{};        // statement_commitment() of that dispatch
    CopyId copy;               // the receiver's
    Hash32 reader{};           // reader_pseudonym()
    std::string level;         // the originator's code, as the receiver's book has it
    Bytes session_key;         // of the receiver's key process, for this one opening
    std::uint64_t opening = 0; // number of the permit in the receiver's book
    bool client = false;       // a program outside of the registry opens it for the reader
    Time at;
    std::string party; // the receiver
    bool operator==(const OpeningAskFields&) const = default;
};

// What a receiver's key process asks before a controlled item is opened, signed by its receipt key:
// so neither registry's daemon can put a key of its own in the place of the one that is meant.
// Canonical JSON {at, by?, copy, dispatch, level, opening, party, reader, session_key, statement,
// v}; `by` is "client" or not there.
class OpeningAsk {
public:
    // Errors: logbook.opening_ask.
    static Result<OpeningAsk> make(OpeningAskFields fields);
    static Result<OpeningAsk> parse(ByteView canonical);

    static constexpr std::size_t kMaxBytes = 16 << 10;

    const OpeningAskFields& fields() const { return fields_; }
    const Bytes& bytes() const { return bytes_; }
    Bytes signed_bytes() const; // "valise/opening-ask/v1\0" ‖ bytes
    Hash32 digest() const;      // SHA-256 of signed_bytes()
    bool operator==(const OpeningAsk& other) const { return bytes_ == other.bytes_; }

private:
    OpeningAsk() = default;

    OpeningAskFields fields_;
    Bytes bytes_;
};

struct OpeningAnswerFields {
    Hash32 asked{};            // OpeningAsk::digest(): an answer is to one question
    std::uint64_t event = 0;   // of the originator's book that permits it
    Bytes share;               // wrapped to the session key of the question
    std::optional<Time> until; // a lease
    Time at;
    std::string party; // the originator
    bool operator==(const OpeningAnswerFields&) const = default;
};

// The originator's permit with its share, signed by its receipt key. Canonical JSON {asked, at,
// event, party, share, until?, v}.
class OpeningAnswer {
public:
    // Errors: logbook.opening_answer.
    static Result<OpeningAnswer> make(OpeningAnswerFields fields);
    static Result<OpeningAnswer> parse(ByteView canonical);

    static constexpr std::size_t kMaxBytes = 16 << 10;

    const OpeningAnswerFields& fields() const { return fields_; }
    const Bytes& bytes() const { return bytes_; }
    Bytes signed_bytes() const; // "valise/opening-answer/v1\0" ‖ bytes
    bool operator==(const OpeningAnswer& other) const { return bytes_ == other.bytes_; }

private:
    OpeningAnswer() = default;

    OpeningAnswerFields fields_;
    Bytes bytes_;
};

// Reasons that the outcome of a client's opening may give: what the originator said, or that it
// could not be asked.
bool originators_refusal(std::string_view reason);

} // namespace valise::logbook
