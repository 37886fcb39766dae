// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/clock.h"

#include <optional>

namespace valise::agreement {

// The vkeys of one log under one origin: Ed25519 (0x01) and ML-DSA-44 (0x06), both required.
struct LogKeys {
    std::string origin;
    std::vector<std::string> vkeys;

    bool operator==(const LogKeys&) const = default;
};

// A party's working keys, each for one use, signed by its root key. All public. Terms name no key;
// who trusts the root (the confirmation) trusts the newest list that it signed.
// docs/formats/key-list.md.
struct KeyList {
    std::string party;
    std::uint64_t serial = 1; // a later list replaces an earlier one
    Time issued;
    Hash32 tls{}; // SHA-256 of the SPKI of the TLS key
    LogKeys private_log;
    LogKeys shared_log;
    LogKeys witness; // origin is the witness's name; vkeys of types 0x04 and 0x06
    // As `witness`, of the mirror that holds the peer's leaves (E3); none in lists of version 1.
    std::optional<LogKeys> mirror;
    Bytes sender;     // hybrid public key: ed25519 || ml-dsa-87
    Bytes receipt;    // hybrid public key
    Bytes unwrapping; // SPKI DER of the hybrid KEM key
    Bytes root;       // hybrid public key that signs this list

    bool operator==(const KeyList&) const = default;

    Bytes bytes() const; // canonical JSON
    // Errors: base.json*, base.member, agreement.key_list.
    static Result<KeyList> parse(ByteView bytes);
    // What the root key signs.
    static Bytes signed_bytes(ByteView key_list);
};

// What pairing confirms: the terms and the root keys of both parties, in an order that does not
// depend on who asks.
struct Confirmation {
    std::string agreement; // id of the terms
    Hash32 terms{};
    struct Party {
        std::string party;
        Bytes root;
        bool operator==(const Party&) const = default;
    };
    Party first; // the party whose code sorts first
    Party second;

    static Confirmation of(std::string agreement, const Hash32& terms, Party one, Party other);
    Bytes bytes() const; // canonical JSON
    static Result<Confirmation> parse(ByteView bytes);
    // What each root key signs.
    static Bytes signed_bytes(ByteView confirmation);

    // 128 bits that two officers read to each other, as eight pronounceable words (proquints) and
    // as digits in groups of five; either form alone suffices. Finding another confirmation with
    // the same fingerprint takes 2^128 work.
    std::string fingerprint() const;
};

} // namespace valise::agreement
