// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/manifest.h"

namespace valise::envelope {

// A text in a file, looked at through a window.
class TextWindow {
public:
    // `source` must outlive it.
    TextWindow(const RandomSource& source, std::uint64_t offset, std::uint64_t size)
        : source_(&source), offset_(offset), unread_(size) {}

    // Afterwards `count` characters are to be seen, or all that there are. At most kWindow.
    Result<void> want(std::size_t count = 1);
    std::string_view seen() const { return std::string_view(buffer_).substr(at_); }
    void drop(std::size_t count) { at_ += count; }
    std::uint64_t left() const { return unread_ + (buffer_.size() - at_); }

    static constexpr std::size_t kWindow = std::size_t{64} * 1024;

private:
    const RandomSource* source_;
    std::uint64_t offset_;
    std::uint64_t unread_;
    std::string buffer_;
    std::size_t at_ = 0;
};

// Longer texts of those that grow with the document are kept short: see long_text.h.
inline constexpr std::size_t kLongText = std::size_t{16} * 1024;
// Of the rest: statement, labels, shares and releases have far less.
inline constexpr std::size_t kFrameLimit = std::size_t{8} * 1024 * 1024;

// What is left of a manifest's text without what grows with the document.
struct ManifestFrame {
    std::string text;                        // JSON, an empty text where a long one stood
    std::vector<std::optional<Hash32>> macs; // by assertion; of the long bindings
};

// Takes the rows of "segments", long bindings and long lists of leaf hashes out of the text, the
// rows and the leaves into `out`. It only has to find them: whoever called compares the whole text
// with what would be written. Errors: envelope.manifest, .manifest_limit, .sizes,
// .assertion_binding, .payload_tree; those of the source.
Result<ManifestFrame> cut_frame(TextWindow text, std::size_t long_text, Manifest& out);

// The members of the frame but the rows.
Result<void> read_frame(std::string_view text, Manifest& out);

// Manifest::read() that keeps short what is longer than `long_text`.
Result<Manifest> read_manifest(const RandomSource& source, std::uint64_t offset, std::uint64_t size,
                               std::size_t long_text);

} // namespace valise::envelope
