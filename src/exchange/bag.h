// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/kem.h"

#include <functional>
#include <optional>

namespace valise::exchange {

// A courier bag: frames of the exchange on media, in one or more volumes (docs/formats/bag.md).
// Each volume stands alone, so that one that is lost takes no other with it. In clear are the two
// parties, the bag's number and the volume's; not how many documents there are, how large one is,
// or any word of a level. //= O-35
struct BagHeader {
    std::string from;
    std::string to;
    std::string bag;          // 16 hexadecimal digits, drawn for each bag
    std::uint32_t volume = 1; // from 1
    bool operator==(const BagHeader&) const = default;
};

// Reason of the answer "it travels in a bag": unavailable for now.
inline constexpr const char* kInBag = "exchange.in_bag";
inline constexpr std::size_t kBagChunk = 1 << 20;
inline constexpr std::size_t kBagFrame = std::size_t{16} << 20; // largest frame, bytes

// Signs envelope::bag_signed_bytes() of the SHA-256 of what the volume has so far.
using SignBag = std::function<Result<Bytes>(const Hash32& digest)>;

// Writes one volume. Frames come out in the order in which they went in.
class VolumeWriter {
public:
    // `out` must outlive it. Errors: exchange.bag (header), those of the sink.
    static Result<VolumeWriter> begin(ByteSink& out, const BagHeader& header,
                                      const crypto::WrapPublicKey& recipient);

    // Errors: limit exchange.bag_frame; those of the sink.
    Result<void> add(ByteView frame);
    std::uint64_t bytes() const { return bytes_; } // what the volume has, once finished, at least
    // `last`: no volume follows. Padded to whole chunks, then signed.
    Result<void> finish(bool last, const SignBag& sign);

private:
    VolumeWriter(ByteSink& out, crypto::Aes256Gcm cipher)
        : out_(&out), cipher_(std::move(cipher)) {}
    Result<void> put(ByteView bytes);
    Result<void> append_plain(ByteView bytes);
    Result<void> flush();

    ByteSink* out_;
    crypto::Aes256Gcm cipher_;
    crypto::Sha256 hash_;
    Bytes plain_;
    Bytes sealed_;
    std::uint64_t chunk_ = 0;
    std::uint64_t bytes_ = 0;
};

// Unwraps the share of a volume and derives its key by envelope::bag_key().
using BagKey = std::function<Result<SecretBytes>(ByteView wrapped, const Hash32& header_digest)>;
using VerifyBag = std::function<Result<void>(const Hash32& digest, ByteView signature)>;

// Reads one volume whose signature holds: it is read once for that before a frame comes out.
class VolumeReader {
public:
    // The header of what calls itself a volume, for whoever sorts them. Nothing is verified.
    // Errors: exchange.bag.
    static Result<BagHeader> peek(const RandomSource& source);
    // The header of a volume that is whole and whose signature holds, for whoever has no key to
    // it. Errors: exchange.bag, those of `verify`.
    static Result<BagHeader> check(const RandomSource& source, const VerifyBag& verify);
    // `source` must outlive it. Errors: exchange.bag (malformed, cut short); those of `verify` and
    // `key`.
    static Result<VolumeReader> open(const RandomSource& source, const VerifyBag& verify,
                                     const BagKey& key);

    const BagHeader& header() const { return header_; }
    // The next frame, or none after the last. Errors: exchange.bag, crypto.aead.
    Result<std::optional<Bytes>> next();
    // Known once next() gave none.
    bool last() const { return last_; }

private:
    VolumeReader(const RandomSource& source, BagHeader header, crypto::Aes256Gcm cipher)
        : source_(&source), header_(std::move(header)), cipher_(std::move(cipher)) {}
    Result<Bytes> take(std::size_t size);
    Result<void> refill();

    const RandomSource* source_;
    BagHeader header_;
    crypto::Aes256Gcm cipher_;
    std::uint64_t at_ = 0;
    std::uint64_t end_ = 0; // of the chunks
    std::uint64_t chunk_ = 0;
    Bytes plain_;
    std::size_t read_ = 0;
    bool last_ = false;
};

} // namespace valise::exchange
