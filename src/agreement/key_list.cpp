// SPDX-License-Identifier: Apache-2.0
#include "agreement/key_list.h"

#include "base/codec/json.h"
#include "crypto/hash.h"

namespace valise::agreement {
namespace {

Json to_json(const LogKeys& keys) {
    return {{"origin", keys.origin}, {"vkeys", keys.vkeys}};
}

Result<LogKeys> log_keys(ObjectReader& reader, const char* name) {
    TRY_ASSIGN(const Json* value, reader.member(name));
    TRY_ASSIGN(auto inner, ObjectReader::over(*value, name));
    LogKeys out;
    TRY_ASSIGN(out.origin, inner.text("origin", 255));
    TRY_ASSIGN(out.vkeys, inner.texts("vkeys", 4));
    TRY(inner.done());
    if (out.vkeys.size() != 2)
        return fail(Code::invalid, "agreement.key_list",
                    std::string(name) + ": expected two vkeys");
    return out;
}

Bytes with_domain(std::string_view domain, ByteView bytes) {
    Bytes out = to_bytes(domain);
    out.push_back(0);
    append(out, bytes);
    return out;
}

// Proquints (Wilkerson 2009): 16 bits as consonant-vowel-consonant-vowel-consonant.
std::string proquint(std::uint16_t bits) {
    constexpr std::string_view consonants = "bdfghjklmnprstvz";
    constexpr std::string_view vowels = "aiou";
    return {consonants[bits >> 12 & 15], vowels[bits >> 10 & 3], consonants[bits >> 6 & 15],
            vowels[bits >> 4 & 3], consonants[bits & 15]};
}

// The 16 bytes as one decimal number of 39 digits, by long division.
std::string decimal(Bytes number) {
    std::string digits;
    for (int i = 0; i < 39; ++i) {
        unsigned remainder = 0;
        for (Byte& b : number) {
            const unsigned value = remainder * 256 + b;
            b = static_cast<Byte>(value / 10);
            remainder = value % 10;
        }
        digits.insert(digits.begin(), static_cast<char>('0' + remainder));
    }
    return digits;
}

Json to_json(const Confirmation::Party& party) {
    return {{"party", party.party}, {"root", to_base64(party.root)}};
}

Result<Confirmation::Party> party_of(ObjectReader& reader, const char* name) {
    TRY_ASSIGN(const Json* value, reader.member(name));
    TRY_ASSIGN(auto inner, ObjectReader::over(*value, name));
    Confirmation::Party out;
    TRY_ASSIGN(out.party, inner.text("party", 16));
    TRY_ASSIGN(out.root, inner.base64("root", 8192));
    TRY(inner.done());
    return out;
}

} // namespace

Bytes KeyList::bytes() const {
    Json out = {{"v", mirror ? 2 : 1},
                {"party", party},
                {"serial", static_cast<std::int64_t>(serial)},
                {"issued", issued.text()},
                {"tls", to_base64(tls)},
                {"private_log", to_json(private_log)},
                {"shared_log", to_json(shared_log)},
                {"witness", to_json(witness)},
                {"sender", to_base64(sender)},
                {"receipt", to_base64(receipt)},
                {"unwrapping", to_base64(unwrapping)},
                {"root", to_base64(root)}};
    if (mirror)
        out["mirror"] = to_json(*mirror);
    return to_bytes(canonical_json(out));
}

Result<KeyList> KeyList::parse(ByteView bytes) {
    TRY_ASSIGN(const Json json, parse_canonical_json(bytes));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "key list"));
    KeyList out;
    TRY_ASSIGN(const std::int64_t version, reader.integer("v", 1, 2));
    TRY_ASSIGN(out.party, reader.text("party", 16));
    TRY_ASSIGN(const std::int64_t serial, reader.integer("serial", 1, 1'000'000));
    out.serial = static_cast<std::uint64_t>(serial);
    TRY_ASSIGN(const std::string issued, reader.text("issued", 20));
    TRY_ASSIGN(out.issued, Time::parse(issued));
    if (out.issued.text() != issued) // a bare date would be a second text for one list
        return fail(Code::invalid, "agreement.key_list", "issued: not a time in UTC");
    TRY_ASSIGN(out.tls, reader.hash("tls"));
    TRY_ASSIGN(out.private_log, log_keys(reader, "private_log"));
    TRY_ASSIGN(out.shared_log, log_keys(reader, "shared_log"));
    TRY_ASSIGN(out.witness, log_keys(reader, "witness"));
    if (version == 2) {
        TRY_ASSIGN(out.mirror, log_keys(reader, "mirror"));
    }
    TRY_ASSIGN(out.sender, reader.base64("sender", 8192));
    TRY_ASSIGN(out.receipt, reader.base64("receipt", 8192));
    TRY_ASSIGN(out.unwrapping, reader.base64("unwrapping", 8192));
    TRY_ASSIGN(out.root, reader.base64("root", 8192));
    TRY(reader.done());
    return out;
}

Bytes KeyList::signed_bytes(ByteView key_list) {
    return with_domain("valise/key-list/v1", key_list);
}

Confirmation Confirmation::of(std::string agreement, const Hash32& terms, Party one, Party other) {
    if (other.party < one.party)
        std::swap(one, other);
    return {std::move(agreement), terms, std::move(one), std::move(other)};
}

Bytes Confirmation::bytes() const {
    return to_bytes(canonical_json({{"v", 1},
                                    {"agreement", agreement},
                                    {"terms", to_base64(terms)},
                                    {"first", to_json(first)},
                                    {"second", to_json(second)}}));
}

Result<Confirmation> Confirmation::parse(ByteView bytes) {
    TRY_ASSIGN(const Json json, parse_canonical_json(bytes));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "confirmation"));
    Confirmation out;
    TRY(reader.integer("v", 1, 1));
    TRY_ASSIGN(out.agreement, reader.text("agreement", 128));
    TRY_ASSIGN(out.terms, reader.hash("terms"));
    TRY_ASSIGN(out.first, party_of(reader, "first"));
    TRY_ASSIGN(out.second, party_of(reader, "second"));
    TRY(reader.done());
    if (!(out.first.party < out.second.party))
        return fail(Code::invalid, "agreement.confirmation", "parties are not in order");
    return out;
}

Bytes Confirmation::signed_bytes(ByteView confirmation) {
    return with_domain("valise/confirmation/v1", confirmation);
}

std::string Confirmation::fingerprint() const {
    const Hash32 hash = crypto::sha256(with_domain("valise/pairing/v1", bytes()));
    std::string out;
    for (std::size_t i = 0; i < 16; i += 2) {
        if (i > 0)
            out.push_back('-');
        out += proquint(static_cast<std::uint16_t>(hash[i] * 256 + hash[i + 1]));
    }
    const std::string digits = decimal(Bytes(hash.begin(), hash.begin() + 16));
    for (std::size_t i = 0; i < digits.size(); i += 5)
        out += " " + digits.substr(i, 5);
    return out;
}

} // namespace valise::agreement
