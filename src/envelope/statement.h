// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/clock.h"
#include "base/codec/json.h"

#include <optional>

namespace valise::envelope {

inline constexpr std::string_view kProfile = "valise/1";
inline constexpr std::size_t kStatementLimit = 1 << 20; // bytes

// Of a file whose sender keeps control of each opening: the key is split between the receiver's
// share and the originator's, and neither opens it alone. No other file names the second.
inline constexpr std::string_view kReceiverSid = "receiver";
inline constexpr std::string_view kOriginatorSid = "originator";

// The level as the sender states it, in words that the label and the data attributes must repeat.
struct ClassificationSummary {
    std::string policy_id;
    std::string level_code;   // "gokuhi"
    std::string level_native; // the classification in the 4774 label
    std::vector<std::string> attributes;

    bool operator==(const ClassificationSummary&) const = default;
};

// The signed act of a releasing person. Opaque here: the registry reads it, this room only keeps
// the digest and the bytes together.
struct ReleaseAct {
    Hash32 digest{}; // SHA-256("valise/signed-act/v1\0" || signed_act)
    Bytes signed_act;

    static ReleaseAct of(Bytes signed_act);
    bool operator==(const ReleaseAct&) const = default;
};

// What goes by hand while this file announces it: the file's payload is empty then. Opaque words
// here; the registry reads them.
struct Package {
    std::string form;        // "paper", "equipment"
    std::int64_t pages = 0;  // of paper; 0: not stated
    std::int64_t sheets = 0; // of paper; 0: not stated
    std::int64_t copy = 1;   // copy i of the sender's item
    std::string seals;       // their numbers, separated by commas
    std::string returns;     // the dispatch that had brought the copy; empty: none

    bool operator==(const Package&) const = default;
};

// What the sender says of a dispatch; the caller's part of the statement.
struct StatementInputs {
    std::string exchange;    // dispatch id as text
    std::int64_t serial = 0; // of this sender for this recipient; >= 0
    std::string sender;      // party code
    std::string recipient;   // party code
    Time time;
    Hash32 transfer_secret{}; // random; names the transfer in the log's link tags
    std::string item;         // register number of the sender
    ClassificationSummary classification;
    std::vector<ReleaseAct> release;
    std::string inspection = "none";
    std::optional<Package> package; // absent: the payload is the document
    bool control = false;           // the sender holds a share of the key: kReceiverSid

    bool operator==(const StatementInputs&) const = default;
};

// What the container's bytes add. SHA-384, so that a break of the collision resistance of one hash
// length does not carry over to the tree (facts/tdf.md 7.3).
struct ContainerDigests {
    Hash32 payload_root{}; // RFC 9162 tree over the encrypted segments
    std::int64_t plain_bytes = 0;
    std::int64_t cipher_bytes = 0; // length of the whole payload entry
    std::int64_t segments = 0;
    Hash48 segment_hashes{};        // of H1 || H2 || ... decoded
    Hash48 segment_sizes{};         // of u32 plain || u32 cipher per segment
    Hash48 root_signature{};        // of the decoded rootSignature.sig
    Hash48 policy{};                // of the policy string as it stands in the manifest
    std::vector<Hash48> key_access; // of each key access object in canonical JSON
    std::vector<Hash48> assertions; // of every assertion but the sender's, in canonical JSON
    Hash48 payload_section{};       // of payload{} in canonical JSON
    Hash48 method_section{};        // of method{} in canonical JSON
    std::string schema_version;

    bool operator==(const ContainerDigests&) const = default;
};

// What the sending registry signs, canonical JSON (docs/formats/sealed-file.md).
struct Statement {
    StatementInputs inputs;
    ContainerDigests container;

    // Errors: envelope.statement.
    Result<void> check() const; // parse() would take its bytes()
    static Result<Statement> make(StatementInputs inputs, ContainerDigests container);
    static Result<Statement> parse(ByteView bytes);
    Bytes bytes() const;

    bool operator==(const Statement&) const = default;
};

// SHA-256("valise/statement/v1\0" || statement): the document commitment in the log's leaf.
Hash32 statement_commitment(ByteView statement);

} // namespace valise::envelope
