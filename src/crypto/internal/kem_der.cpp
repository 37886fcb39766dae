// SPDX-License-Identifier: Apache-2.0
#include "crypto/internal/kem_der.h"

#include "crypto/aead.h"
#include "crypto/internal/composite.h"

#include <algorithm>
#include <optional>

namespace valise::crypto {

namespace {

constexpr Byte kInteger = 0x02;
constexpr Byte kBitString = 0x03;
constexpr Byte kOctetString = 0x04;
constexpr Byte kOid = 0x06;
constexpr Byte kSequence = 0x30;
constexpr std::size_t kSealedShareSize = kGcmNonceSize + kShareSize + kGcmTagSize;

std::unexpected<Error> bad_key(const char* why) {
    return fail(Code::invalid, "crypto.wrap_key", why);
}

Bytes header(Byte tag, std::size_t size) {
    Bytes out{tag};
    if (size >= 0x100) {
        out.push_back(0x82);
        out.push_back(static_cast<Byte>(size >> 8));
    } else if (size >= 0x80) {
        out.push_back(0x81);
    }
    out.push_back(static_cast<Byte>(size));
    return out;
}

// A header in front of what is there already.
void enclose(Byte tag, Bytes& content, std::size_t size_after = 0) {
    const Bytes head = header(tag, content.size() + size_after);
    content.insert(content.begin(), head.begin(), head.end());
}

Bytes algorithm(WrapScheme scheme) {
    return algorithm_der({composite_facts(scheme).oid});
}

Bytes composite_spki_frame(WrapScheme scheme) {
    return spki_frame(algorithm(scheme), composite_facts(scheme).public_size());
}

// Bytes that lie around the secrets of a PKCS#8 key:
// before_seed || seed || before_scalar || scalar || after_scalar [|| point].
struct PrivateFrame {
    Bytes before_seed;
    Bytes before_scalar;
    Bytes after_scalar;
};

PrivateFrame private_frame(WrapScheme scheme, bool with_point) {
    const CompositeFacts& facts = composite_facts(scheme);
    PrivateFrame out;
    out.after_scalar = to_bytes(facts.curve_oid);
    enclose(kOid, out.after_scalar);
    enclose(0xa0, out.after_scalar);
    const std::size_t point_size = with_point ? facts.point : 0;
    if (with_point) {
        Bytes bit_string = header(kBitString, facts.point + 1);
        bit_string.push_back(0);
        enclose(0xa1, bit_string, facts.point);
        append(out.after_scalar, bit_string);
    }
    out.before_scalar = {kInteger, 1, 1};
    append(out.before_scalar, header(kOctetString, facts.scalar));
    enclose(kSequence, out.before_scalar, facts.scalar + out.after_scalar.size() + point_size);
    const std::size_t inner = kMlkemSeedSize + out.before_scalar.size() + facts.scalar +
                              out.after_scalar.size() + point_size;
    out.before_seed = pkcs8_frame(algorithm(scheme), inner);
    return out;
}

// Takes the parts off the front one by one.
class Reader {
public:
    explicit Reader(ByteView bytes) : rest_(bytes) {}
    bool skip(ByteView expected) {
        if (rest_.size() < expected.size() ||
            !std::ranges::equal(rest_.first(expected.size()), expected))
            return false;
        rest_ = rest_.subspan(expected.size());
        return true;
    }
    bool take(std::size_t size, ByteView& out) {
        if (rest_.size() < size)
            return false;
        out = rest_.first(size);
        rest_ = rest_.subspan(size);
        return true;
    }
    bool at_end() const { return rest_.empty(); }

private:
    ByteView rest_;
};

constexpr WrapScheme kSchemes[] = {WrapScheme::p384_mlkem1024, WrapScheme::p256_mlkem768};

std::optional<Pkcs8> read_pkcs8_as(WrapScheme scheme, bool with_point, ByteView der) {
    const CompositeFacts& facts = composite_facts(scheme);
    const PrivateFrame frame = private_frame(scheme, with_point);
    Reader reader(der);
    Pkcs8 out{scheme, {}, {}, {}};
    if (reader.skip(frame.before_seed) && reader.take(kMlkemSeedSize, out.seed) &&
        reader.skip(frame.before_scalar) && reader.take(facts.scalar, out.scalar) &&
        reader.skip(frame.after_scalar) && reader.take(with_point ? facts.point : 0, out.point) &&
        reader.at_end())
        return out;
    return std::nullopt;
}

bool is_space(char c) {
    return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

} // namespace

Bytes algorithm_der(std::initializer_list<ByteView> oids) {
    Bytes out;
    for (const ByteView oid : oids) {
        append(out, header(kOid, oid.size()));
        append(out, oid);
    }
    enclose(kSequence, out); // no other parameters, not even NULL
    return out;
}

Bytes spki_frame(ByteView algorithm, std::size_t raw_size) {
    Bytes out = to_bytes(algorithm);
    append(out, header(kBitString, raw_size + 1));
    out.push_back(0); // no unused bits
    enclose(kSequence, out, raw_size);
    return out;
}

Bytes pkcs8_frame(ByteView algorithm, std::size_t inner_size) {
    Bytes out{kInteger, 1, 0};
    append(out, algorithm);
    append(out, header(kOctetString, inner_size));
    enclose(kSequence, out, inner_size);
    return out;
}

Result<ByteView> after_frame(ByteView frame, std::size_t size, ByteView der) {
    Reader reader(der);
    ByteView out;
    if (!reader.skip(frame) || !reader.take(size, out) || !reader.at_end())
        return bad_key("not a key of this kind");
    return out;
}

Bytes spki_der(WrapScheme scheme, ByteView raw) {
    Bytes out = composite_spki_frame(scheme);
    append(out, raw);
    return out;
}

Result<Spki> read_spki(ByteView der) {
    for (const WrapScheme scheme : kSchemes) {
        Reader reader(der);
        Spki out{scheme, {}};
        if (reader.skip(composite_spki_frame(scheme)) &&
            reader.take(composite_facts(scheme).public_size(), out.raw) && reader.at_end())
            return out;
    }
    return bad_key("not the public key of a wrap scheme that is known here");
}

SecretBytes ec_private_der(WrapScheme scheme, ByteView scalar) {
    const PrivateFrame frame = private_frame(scheme, false);
    return join_secret({frame.before_scalar, scalar, frame.after_scalar});
}

SecretBytes pkcs8_der(WrapScheme scheme, ByteView seed, ByteView scalar) {
    const PrivateFrame frame = private_frame(scheme, false);
    return join_secret({frame.before_seed, seed, frame.before_scalar, scalar, frame.after_scalar});
}

Result<Pkcs8> read_pkcs8(ByteView der) {
    for (const WrapScheme scheme : kSchemes)
        for (const bool with_point : {false, true})
            if (const auto read = read_pkcs8_as(scheme, with_point, der))
                return *read;
    return bad_key("not the private key of a wrap scheme that is known here");
}

Bytes envelope_der(ByteView ciphertext, ByteView sealed_share) {
    Bytes out = header(0x80, ciphertext.size());
    append(out, ciphertext);
    append(out, header(0x81, sealed_share.size()));
    append(out, sealed_share);
    enclose(kSequence, out);
    return out;
}

Result<Envelope> read_envelope(std::size_t size, ByteView der) {
    const Bytes second = header(0x81, kSealedShareSize);
    Bytes first = header(0x80, size);
    enclose(kSequence, first, size + second.size() + kSealedShareSize);
    Reader reader(der);
    Envelope out;
    if (!reader.skip(first) || !reader.take(size, out.ciphertext) || !reader.skip(second) ||
        !reader.take(kSealedShareSize, out.sealed_share) || !reader.at_end())
        return fail(Code::integrity, "crypto.unwrap", "the wrapped share does not open");
    return out;
}

std::string pem_of(std::string_view label, ByteView der) {
    const std::string body = to_base64(der);
    std::string out = "-----BEGIN " + std::string(label) + "-----\n";
    for (std::size_t at = 0; at < body.size(); at += 64)
        out.append(body, at, 64).push_back('\n');
    return out + "-----END " + std::string(label) + "-----\n";
}

Result<SecretBytes> read_pem(std::string_view label, std::string_view pem) {
    const std::string begin = "-----BEGIN " + std::string(label) + "-----";
    const std::string end = "-----END " + std::string(label) + "-----";
    std::string_view body = trimmed(pem);
    if (!body.starts_with(begin) || !body.ends_with(end) || body.size() < begin.size() + end.size())
        return bad_key("not a PEM text with the expected label");
    body = body.substr(begin.size(), body.size() - begin.size() - end.size());
    Bytes compact;
    compact.reserve(body.size());
    std::ranges::copy_if(body, std::back_inserter(compact), [](char c) { return !is_space(c); });
    auto der = from_base64(text_view(compact));
    wipe(compact);
    if (!der)
        return bad_key("the PEM text is not in base64");
    return SecretBytes::take(std::move(*der));
}

} // namespace valise::crypto
