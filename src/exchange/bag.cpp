// SPDX-License-Identifier: Apache-2.0
#include "exchange/bag.h"

#include "base/codec/json.h"
#include "base/text.h"
#include "crypto/random.h"
#include "envelope/bag_key.h"

#include <algorithm>

namespace valise::exchange {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "VALISEBAG1\n"sv;
constexpr std::size_t kMaxHeader = 1024;
constexpr std::size_t kMaxWrapped = 8 << 10;
constexpr std::size_t kMaxSignature = 16 << 10;
constexpr std::size_t kSealedChunk = kBagChunk + crypto::kGcmTagSize;
// What stands in the stream where a frame's length would: what follows is padding.
constexpr std::uint32_t kEnd = 0;
constexpr std::uint32_t kEndOfBag = 0xffffffff;

std::unexpected<Error> bad(const char* what) {
    return fail(Code::invalid, "exchange.bag", what);
}

bool is_number_of_bag(std::string_view text) {
    return text.size() == 16 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

Result<Bytes> encode(const BagHeader& header) {
    if (!is_party_code(header.from) || !is_party_code(header.to) || !is_number_of_bag(header.bag) ||
        header.volume == 0)
        return bad("header: malformed");
    return to_bytes(canonical_json({{"bag", header.bag},
                                    {"from", header.from},
                                    {"to", header.to},
                                    {"v", 1},
                                    {"volume", header.volume}}));
}

Result<BagHeader> decode(ByteView bytes) {
    TRY_ASSIGN(const Json json, parse_canonical_json(bytes, {.bytes = kMaxHeader, .depth = 1}));
    TRY_ASSIGN(auto reader, ObjectReader::over(json, "header of a bag"));
    TRY(reader.integer("v", 1, 1));
    BagHeader out;
    TRY_ASSIGN(out.bag, reader.text("bag", 16));
    TRY_ASSIGN(out.from, reader.text("from", kMaxPartyCode));
    TRY_ASSIGN(out.to, reader.text("to", kMaxPartyCode));
    TRY_ASSIGN(const std::int64_t volume, reader.integer("volume", 1, 1 << 20));
    out.volume = static_cast<std::uint32_t>(volume);
    TRY(reader.done());
    TRY(encode(out));
    return out;
}

crypto::GcmNonce nonce_of(std::uint64_t chunk) {
    crypto::GcmNonce out{};
    for (std::size_t i = 0; i < 8; ++i)
        out[11 - i] = static_cast<Byte>(chunk >> (8 * i));
    return out;
}

// A length of 4 bytes and what it counts.
Result<Bytes> read_counted(const RandomSource& source, std::uint64_t& at, std::size_t max) {
    if (at + 4 > source.size())
        return bad("cut short");
    std::array<Byte, 4> length{};
    TRY(source.read_at(at, length));
    const std::uint32_t size = read_u32(length);
    if (size == 0 || size > max || at + 4 + size > source.size())
        return bad("a part is too long or cut short");
    Bytes out(size);
    TRY(source.read_at(at + 4, out));
    at += 4 + std::uint64_t{size};
    return out;
}

Result<std::uint64_t> after_magic(const RandomSource& source) {
    Bytes magic(kMagic.size());
    if (source.size() < magic.size())
        return bad("no volume of a bag");
    TRY(source.read_at(0, magic));
    if (text_view(magic) != kMagic)
        return bad("no volume of a bag");
    return magic.size();
}

Result<Hash32> digest_of(const RandomSource& source, std::uint64_t size) {
    crypto::Sha256 hash;
    Bytes block(kBagChunk);
    for (std::uint64_t at = 0; at < size; at += block.size()) {
        const auto part = std::span(block).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), size - at)));
        TRY(source.read_at(at, part));
        hash.update(part);
    }
    return hash.finish();
}

} // namespace

Result<VolumeWriter> VolumeWriter::begin(ByteSink& out, const BagHeader& header,
                                         const crypto::WrapPublicKey& recipient) {
    TRY_ASSIGN(const Bytes head, encode(header));
    const SecretBytes share = crypto::random_secret(32);
    TRY_ASSIGN(const Bytes wrapped, recipient.wrap(share));
    TRY_ASSIGN(auto cipher,
               crypto::Aes256Gcm::create(envelope::bag_key(share, crypto::sha256(head))));
    VolumeWriter volume(out, std::move(cipher));
    volume.plain_.reserve(kBagChunk);
    Bytes prefix = to_bytes(kMagic);
    for (const Bytes* part : {&head, &wrapped}) {
        append_u32(prefix, static_cast<std::uint32_t>(part->size()));
        append(prefix, *part);
    }
    TRY(volume.put(prefix));
    return volume;
}

Result<void> VolumeWriter::put(ByteView bytes) {
    hash_.update(bytes);
    bytes_ += bytes.size();
    return out_->write(bytes);
}

Result<void> VolumeWriter::append_plain(ByteView bytes) {
    while (!bytes.empty()) {
        const std::size_t part = std::min(bytes.size(), kBagChunk - plain_.size());
        append(plain_, bytes.first(part));
        bytes = bytes.subspan(part);
        if (plain_.size() == kBagChunk)
            TRY(flush());
    }
    return {};
}

Result<void> VolumeWriter::flush() {
    sealed_.resize(kSealedChunk);
    TRY(cipher_.seal(nonce_of(chunk_), {}, plain_, sealed_));
    ++chunk_;
    plain_.clear();
    return put(sealed_);
}

Result<void> VolumeWriter::add(ByteView frame) {
    if (frame.empty() || frame.size() > kBagFrame)
        return fail(Code::limit, "exchange.bag_frame", "the frame is too large for a bag");
    Bytes length;
    append_u32(length, static_cast<std::uint32_t>(frame.size()));
    TRY(append_plain(length));
    return append_plain(frame);
}

Result<void> VolumeWriter::finish(bool last, const SignBag& sign) {
    Bytes end;
    append_u32(end, last ? kEndOfBag : kEnd);
    TRY(append_plain(end));
    if (!plain_.empty()) {
        plain_.resize(kBagChunk);
        TRY(flush());
    }
    TRY_ASSIGN(const Bytes signature, sign(hash_.finish()));
    Bytes tail;
    append_u32(tail, static_cast<std::uint32_t>(signature.size()));
    append(tail, signature);
    // Its own length stands last: a reader finds the signature from behind.
    append_u32(tail, static_cast<std::uint32_t>(signature.size()));
    bytes_ += tail.size();
    return out_->write(tail);
}

Result<BagHeader> VolumeReader::peek(const RandomSource& source) {
    TRY_ASSIGN(std::uint64_t at, after_magic(source));
    TRY_ASSIGN(const Bytes head, read_counted(source, at, kMaxHeader));
    return decode(head);
}

namespace {

// What can be told of a volume without a key to it.
struct Outside {
    Bytes head;
    BagHeader header;
    Bytes wrapped;
    std::uint64_t begin = 0; // of the chunks
    std::uint64_t end = 0;
};

Result<Outside> read_outside(const RandomSource& source, const VerifyBag& verify) {
    Outside out;
    TRY_ASSIGN(std::uint64_t at, after_magic(source));
    TRY_ASSIGN(out.head, read_counted(source, at, kMaxHeader));
    TRY_ASSIGN(out.header, decode(out.head));
    TRY_ASSIGN(out.wrapped, read_counted(source, at, kMaxWrapped));
    if (source.size() < at + 8)
        return bad("cut short");
    std::array<Byte, 4> length{};
    TRY(source.read_at(source.size() - 4, length));
    const std::uint64_t tail = std::uint64_t{read_u32(length)} + 8;
    if (tail > kMaxSignature || tail > source.size() - at)
        return bad("cut short");
    const std::uint64_t end = source.size() - tail;
    std::uint64_t at_tail = end;
    TRY_ASSIGN(const Bytes signature, read_counted(source, at_tail, kMaxSignature));
    if (at_tail + 4 != source.size() || (end - at) % kSealedChunk != 0 || end == at)
        return bad("cut short");
    TRY_ASSIGN(const Hash32 digest, digest_of(source, end));
    TRY(verify(digest, signature));
    out.begin = at;
    out.end = end;
    return out;
}

} // namespace

Result<BagHeader> VolumeReader::check(const RandomSource& source, const VerifyBag& verify) {
    TRY_ASSIGN(Outside outside, read_outside(source, verify));
    return std::move(outside.header);
}

Result<VolumeReader> VolumeReader::open(const RandomSource& source, const VerifyBag& verify,
                                        const BagKey& key) {
    TRY_ASSIGN(Outside outside, read_outside(source, verify));
    TRY_ASSIGN(const SecretBytes secret, key(outside.wrapped, crypto::sha256(outside.head)));
    TRY_ASSIGN(auto cipher, crypto::Aes256Gcm::create(secret));
    VolumeReader out(source, std::move(outside.header), std::move(cipher));
    out.at_ = outside.begin;
    out.end_ = outside.end;
    return out;
}

Result<void> VolumeReader::refill() {
    if (at_ == end_)
        return bad("a frame is cut short");
    Bytes sealed(kSealedChunk);
    TRY(source_->read_at(at_, sealed));
    plain_.resize(kBagChunk);
    TRY(cipher_.open(nonce_of(chunk_), {}, sealed, plain_));
    ++chunk_;
    at_ += kSealedChunk;
    read_ = 0;
    return {};
}

Result<Bytes> VolumeReader::take(std::size_t size) {
    Bytes out;
    out.reserve(size);
    while (out.size() < size) {
        if (read_ == plain_.size())
            TRY(refill());
        const std::size_t part = std::min(size - out.size(), plain_.size() - read_);
        append(out, ByteView(plain_).subspan(read_, part));
        read_ += part;
    }
    return out;
}

Result<std::optional<Bytes>> VolumeReader::next() {
    TRY_ASSIGN(const Bytes length, take(4));
    const std::uint32_t size = read_u32(std::span(length).first<4>());
    if (size == kEnd || size == kEndOfBag) {
        last_ = size == kEndOfBag;
        const bool zero = std::all_of(plain_.begin() + static_cast<std::ptrdiff_t>(read_),
                                      plain_.end(), [](Byte b) { return b == 0; });
        if (at_ != end_ || !zero)
            return bad("more behind its end");
        return std::optional<Bytes>();
    }
    if (size > kBagFrame)
        return bad("a frame is too long");
    TRY_ASSIGN(Bytes frame, take(size));
    return std::optional(std::move(frame));
}

} // namespace valise::exchange
