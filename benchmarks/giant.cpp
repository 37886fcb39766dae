// SPDX-License-Identifier: Apache-2.0
// usage: valise-giant GIB
// Seals a document of that many GiB that is made on the fly and keeps nothing of it but what stands
// around the payload; then inspects the file, verifies it and reads places of it, while the
// segments are made anew whenever somebody asks for them. So a tebibyte needs no disk.
#include "crypto/aead.h"
#include "envelope/inspect.h"
#include "envelope/internal/testing.h"
#include "envelope/reader.h"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>

namespace {

using namespace valise;
using namespace valise::envelope;

// Every byte of the document follows from its place.
void make_plain(std::uint64_t segment, std::span<Byte> out) {
    std::fill(out.begin(), out.end(), static_cast<Byte>(segment * 7 + 3));
    for (std::size_t i = 0; i < 8 && i < out.size(); ++i)
        out[i] = static_cast<Byte>(segment >> (8 * i));
}

class MadeSource : public ByteSource {
public:
    explicit MadeSource(std::uint64_t size) : size_(size) {}
    Result<std::size_t> read(std::span<Byte> out) override {
        const std::uint64_t segment = at_ / kSegmentPlain;
        const std::uint64_t begin = segment * kSegmentPlain;
        const std::uint64_t end = std::min<std::uint64_t>(size_, begin + kSegmentPlain);
        const std::size_t count = std::min<std::uint64_t>(out.size(), end - at_);
        // How much is asked for at once depends on the number of threads.
        if (at_ == begin) {
            make_plain(segment, out.first(count));
        } else {
            Bytes whole(end - begin);
            make_plain(segment, whole);
            std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(at_ - begin), count,
                        out.begin());
        }
        at_ += count;
        return count;
    }

private:
    std::uint64_t size_;
    std::uint64_t at_ = 0;
};

// Keeps what stands around the payload: the local header before it, and in a file without a name
// everything after it, so that the memory which is measured is the library's.
class FrameSink : public ByteSink {
public:
    explicit FrameSink(std::uint64_t payload) : payload_(payload), tail_(std::tmpfile()) {}
    FrameSink(const FrameSink&) = delete;
    FrameSink& operator=(const FrameSink&) = delete;
    ~FrameSink() override {
        if (tail_ != nullptr)
            std::fclose(tail_);
    }
    Result<void> write(ByteView bytes) override {
        if (head_.empty()) {
            head_ = to_bytes(bytes);
        } else if (seen_ < payload_) {
            seen_ += bytes.size();
        } else {
            if (tail_ == nullptr ||
                std::fwrite(bytes.data(), 1, bytes.size(), tail_) != bytes.size())
                return fail(Code::unavailable, "bench.tail",
                            "cannot keep what follows the payload");
            tail_bytes_ += bytes.size();
        }
        return {};
    }
    const Bytes& head() const { return head_; }
    std::uint64_t tail_bytes() const { return tail_bytes_; }
    Result<void> read_tail(std::uint64_t offset, std::span<Byte> out) const {
        if (std::fseek(tail_, static_cast<long>(offset), SEEK_SET) != 0 ||
            std::fread(out.data(), 1, out.size(), tail_) != out.size())
            return fail(Code::unavailable, "bench.tail", "cannot read what follows the payload");
        return {};
    }

private:
    std::uint64_t payload_;
    std::uint64_t seen_ = 0;
    Bytes head_;
    std::FILE* tail_;
    std::uint64_t tail_bytes_ = 0;
};

// The sealed file, its payload made anew under the document key.
class MadeFile : public RandomSource {
public:
    MadeFile(const FrameSink& frame, std::uint64_t plain, const SecretBytes& key)
        : frame_(&frame), plain_(plain), segments_(segments_of(plain)),
          cipher_(*crypto::Aes256Gcm::create(key)) {}
    std::uint64_t size() const override {
        return frame_->head().size() + payload() + frame_->tail_bytes();
    }
    Result<void> read_at(std::uint64_t offset, std::span<Byte> out) const override {
        const std::uint64_t head = frame_->head().size();
        while (!out.empty()) {
            Bytes made;
            ByteView part;
            if (offset < head) {
                part = ByteView(frame_->head()).subspan(offset);
            } else if (offset < head + payload()) {
                const std::uint64_t n = (offset - head) / kSegmentCipher;
                TRY_ASSIGN(made, segment(n));
                part = ByteView(made).subspan((offset - head) % kSegmentCipher);
            } else if (offset < size()) {
                const std::uint64_t at = offset - head - payload();
                made.resize(std::min<std::uint64_t>(out.size(), frame_->tail_bytes() - at));
                TRY(frame_->read_tail(at, made));
                part = made;
            } else {
                return fail(Code::unavailable, "bench.short", "past the end");
            }
            const std::size_t count = std::min(part.size(), out.size());
            std::copy_n(part.begin(), count, out.begin());
            out = out.subspan(count);
            offset += count;
        }
        return {};
    }

private:
    std::uint64_t payload() const { return plain_ + segments_ * kSegmentOverhead; }
    Result<Bytes> segment(std::uint64_t n) const {
        const std::uint64_t size =
            std::min<std::uint64_t>(kSegmentPlain, plain_ - n * kSegmentPlain);
        Bytes text(size);
        make_plain(n, text);
        crypto::GcmNonce nonce{};
        for (std::size_t i = 0; i < 8; ++i)
            nonce[4 + i] = static_cast<Byte>((n + 1) >> (8 * (7 - i)));
        Bytes out = to_bytes(nonce);
        TRY_ASSIGN(const Bytes sealed, cipher_.seal(nonce, {}, text));
        append(out, sealed);
        return out;
    }

    const FrameSink* frame_;
    std::uint64_t plain_;
    std::uint64_t segments_;
    mutable crypto::Aes256Gcm cipher_; // one thread reads
};

double seconds_since(std::chrono::steady_clock::time_point from) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
}

double peak_mib() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_maxrss) / 1024;
}

// Reads places all over the document and compares them with what stands there.
Result<int> read_places(const RandomSource& file, const testing::Parties& parties,
                        std::uint64_t plain) {
    TRY_ASSIGN(auto reader, SealedReader::create(file, parties.shares(), parties.from_sender()));
    const std::uint64_t segments = segments_of(plain);
    int read = 0;
    for (std::uint64_t i = 0; i < 200; ++i, ++read) {
        const std::uint64_t n = i == 0 ? segments - 1 : i * 2654435761U % segments;
        std::array<Byte, 8> found{};
        std::array<Byte, 8> expected{};
        make_plain(n, expected);
        TRY(reader.read_at(n * kSegmentPlain, found));
        if (found != expected)
            return fail(Code::integrity, "bench.place", "another text at segment");
    }
    return read;
}

Result<void> run(std::uint64_t gib) {
    const auto& parties = testing::Parties::get();
    const std::uint64_t plain = gib << 30;
    FrameSink frame(plain + segments_of(plain) * kSegmentOverhead);
    MadeSource source(plain);
    SealRequest request = parties.dispatch();
    request.threads = 0;
    request.manifest_wanted = false;
    auto from = std::chrono::steady_clock::now();
    std::uint64_t manifest_bytes = 0;
    std::unique_ptr<MadeFile> file;
    double sealed_in = 0;
    {
        TRY(seal(source, frame, request));
        sealed_in = seconds_since(from);
    }
    const double peak_of_seal = peak_mib();
    {
        // The key, by the way that a receiver has it.
        const SecretBytes none(32);
        const MadeFile hollow(frame, plain, none);
        TRY_ASSIGN(const Container container, Container::open(hollow));
        container.manifest().write([&](std::string_view text) { manifest_bytes += text.size(); });
        TRY_ASSIGN(const SecretBytes key, parties.shares()(container.manifest().key_access[0]));
        file = std::make_unique<MadeFile>(frame, plain, key);
    }
    from = std::chrono::steady_clock::now();
    TRY_ASSIGN(const Json shown, inspect(*file));
    const double inspected_in = seconds_since(from);
    if (shown.at("plain_bytes") != plain || shown.at("form") != "dispatch")
        return fail(Code::integrity, "bench.inspect", "another file");
    from = std::chrono::steady_clock::now();
    TRY_ASSIGN(const int places, read_places(*file, parties, plain));
    const double read_in = seconds_since(from);
    std::printf(
        "%llu GiB: sealed at %.0f MiB/s in %.0f s, peak %.0f MiB; manifest %.1f MiB; "
        "inspected in %.2f s; verified, opened and %d places read in %.2f s; peak %.0f MiB\n",
        static_cast<unsigned long long>(gib),
        static_cast<double>(gib) * 1024 / std::max(sealed_in, 0.001), sealed_in, peak_of_seal,
        static_cast<double>(manifest_bytes) / (1 << 20), inspected_in, places, read_in, peak_mib());
    return {};
}

} // namespace

int main(int count, char** words) {
    std::uint64_t gib = 0;
    const std::string_view text = count == 2 ? words[1] : "";
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), gib);
    if (error != std::errc() || end != text.data() + text.size() || gib == 0 || gib > 1024) {
        std::fputs("usage: valise-giant GIB   (1 to 1024)\n", stderr);
        return 2;
    }
    const auto result = run(gib);
    if (!result)
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
    return result ? 0 : 1;
}
