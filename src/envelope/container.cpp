// SPDX-License-Identifier: Apache-2.0
#include "envelope/container.h"

#include "base/codec/crc32.h"
#include "base/codec/zip.h"
#include "envelope/internal/form.h"
#include "envelope/internal/manifest_text.h"

#include <algorithm>

namespace valise::envelope {
namespace {

std::unexpected<Error> bad_zip(std::string what) {
    return fail(Code::invalid, "envelope.zip", std::move(what));
}

Result<std::uint32_t> checksum(const RandomSource& source, const ZipEntry& entry) {
    TextWindow text(source, entry.offset, entry.size);
    std::uint32_t crc = 0;
    while (text.left() > 0) {
        TRY(text.want());
        crc = crc32(view(text.seen()), crc);
        text.drop(text.seen().size());
    }
    return crc;
}

} // namespace

Result<Container> Container::open(const RandomSource& source) {
    const auto entries = read_stored_zip(source, {.later = kAfterPayload});
    if (!entries)
        return fail(zip_error(entries.error()));
    const ZipEntry& payload = entries->at(0);
    const ZipEntry& manifest = entries->at(1);
    if (payload.name != kPayloadEntry || manifest.name != kManifestEntry)
        return bad_zip("not the payload and then the manifest");
    if (manifest.size > kManifestLimit)
        return fail(Code::limit, "envelope.manifest_limit", "the manifest is too long");
    Container out;
    out.source_ = &source;
    out.payload_offset_ = payload.offset;
    out.payload_crc_ = payload.crc;
    TRY_ASSIGN(const std::uint32_t crc, checksum(source, manifest));
    if (crc != manifest.crc)
        return fail(Code::integrity, "envelope.checksum", "checksum of the manifest");
    TRY_ASSIGN(out.manifest_, Manifest::read(source, manifest.offset, manifest.size));
    if (out.manifest_.payload_bytes() != payload.size)
        return fail(Code::integrity, "envelope.sizes",
                    "the segments are not as long as the payload");
    return out;
}

Result<void> Container::read_segment(std::uint64_t n, std::span<Byte> out) const {
    if (n >= manifest_.segment_count() || out.size() != manifest_.segment_cipher(n))
        return fail(Code::internal, "envelope.sizes", "no such segment, or not its length");
    return source_->read_at(payload_offset_ + manifest_.segment_offset(n), out);
}

Result<void> Container::read_part(std::uint64_t n, std::size_t offset, std::span<Byte> out) const {
    if (n >= manifest_.segment_count() || offset > manifest_.segment_cipher(n) ||
        out.size() > manifest_.segment_cipher(n) - offset)
        return fail(Code::internal, "envelope.sizes", "no such segment, or past its end");
    return source_->read_at(payload_offset_ + manifest_.segment_offset(n) + offset, out);
}

Result<ContainerFrame> container_frame(const Manifest& manifest, std::size_t manifest_bytes) {
    if (manifest_bytes > kManifestLimit)
        return fail(Code::limit, "envelope.manifest_limit", "the manifest is too long");
    StoredZipWriter zip(kAfterPayload);
    ContainerFrame out;
    out.head = zip.begin_streamed(kPayloadEntry);
    out.payload_offset = out.head.size();
    out.container_bytes = out.head.size() + manifest.payload_bytes();
    out.container_bytes += zip.end_streamed(manifest.payload_bytes(), 0).size();
    out.container_bytes += zip.add(kManifestEntry, manifest_bytes, 0).size() + manifest_bytes;
    out.container_bytes += zip.finish().size();
    return out;
}

Result<ContainerTail> container_tail_around(std::uint64_t manifest_bytes,
                                            std::uint32_t manifest_crc, std::uint64_t payload_bytes,
                                            std::uint32_t payload_crc) {
    if (manifest_bytes > kManifestLimit)
        return fail(Code::limit, "envelope.manifest_limit", "the manifest is too long");
    StoredZipWriter zip(kAfterPayload);
    static_cast<void>(zip.begin_streamed(kPayloadEntry));
    ContainerTail out;
    out.before = zip.end_streamed(payload_bytes, payload_crc);
    append(out.before, zip.add(kManifestEntry, manifest_bytes, manifest_crc));
    out.after = zip.finish();
    return out;
}

Result<Bytes> container_tail(ByteView manifest_bytes, std::uint64_t payload_bytes,
                             std::uint32_t payload_crc) {
    TRY_ASSIGN(ContainerTail tail,
               container_tail_around(manifest_bytes.size(), crc32(manifest_bytes), payload_bytes,
                                     payload_crc));
    Bytes out = std::move(tail.before);
    append(out, manifest_bytes);
    append(out, tail.after);
    return out;
}

Result<std::uint64_t> readdress(const RandomSource& in, std::string_view kid,
                                const std::string& url, ByteSink& out) {
    TRY_ASSIGN(const auto container, Container::open(in));
    Manifest manifest = container.manifest();
    const auto ours = std::ranges::find(manifest.key_access, kid, &KeyAccess::kid);
    if (ours == manifest.key_access.end())
        return fail(Code::not_found, "envelope.share", "the file has no share under this key");
    // Whoever holds the other share of a controlled file is asked by the service, not by the
    // client: some clients know of one share only, and none is to ask twice for one opening.
    KeyAccess only = std::move(*ours);
    only.url = url;
    only.sid.clear();
    manifest.key_access.clear();
    manifest.key_access.push_back(std::move(only));
    const Bytes text = manifest.bytes();
    TRY_ASSIGN(const Bytes tail,
               container_tail(text, container.payload_bytes(), container.payload_crc()));
    const std::uint64_t until = container.payload_offset() + container.payload_bytes();
    Bytes buffer(1 << 20);
    for (std::uint64_t at = 0; at < until;) {
        const auto piece = std::span(buffer).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), until - at)));
        TRY(in.read_at(at, piece));
        TRY(out.write(piece));
        at += piece.size();
    }
    TRY(out.write(tail));
    return until + tail.size();
}

} // namespace valise::envelope
