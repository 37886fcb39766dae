// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io.h"

#include <functional>
#include <optional>
#include <vector>

namespace valise::rendering {

// What the renderer is asked to make of a document, and what it writes over every page. All of it
// is said by the key process, from its own reading of the log (docs/formats/render-socket.md).
struct Job {
    enum class Output : std::uint8_t { pages, print }; // images, or a PDF with a stamp
    Output output = Output::pages;
    std::string banner;             // words of the level
    std::string color;              // of the level, "#rrggbb"; empty: black on white
    std::vector<std::string> marks; // 1 to kMaxMarks lines: reader, copy, time
    std::string code;               // of the QR code on a print; empty: none

    bool operator==(const Job&) const = default;
};

inline constexpr std::size_t kMaxMarks = 6;
inline constexpr std::size_t kMaxMarkBytes = 200;
inline constexpr std::size_t kMaxJobBytes = 8 << 10;
// A document that is larger is read on a machine of the reader's own.
inline constexpr std::size_t kMaxDocument = 64 << 20;
inline constexpr std::size_t kMaxPiece = 1 << 20;
inline constexpr std::size_t kMaxPages = 100;
inline constexpr std::size_t kMaxPage = 8 << 20;     // bytes of one image
inline constexpr std::size_t kMaxAnswer = 128 << 20; // bytes of all of them, or of a print
inline constexpr std::uint32_t kLongestSide = 1700;  // pixels
inline constexpr Byte kRenderVersion = 1;

// Errors: invalid render.job (a text too long, empty, or with a control character in it).
Result<Bytes> write_job(const Job& job);
// Exactly what write_job() writes. Errors: invalid render.job.
Result<Job> read_job(ByteView text);

// How the renderer ended, as one byte of its answer. Everything but `shown` is an error whose
// reason a reader can act on.
enum class Verdict : Byte {
    shown = 0,
    kind = 1,       // neither PDF, PNG, JPEG nor text
    office = 2,     // nothing that shows office documents is installed
    encrypted = 3,  // under a password of its own
    damaged = 4,    // it says that it is a PDF or an image, and is none that can be drawn
    too_large = 5,  // bytes, or pixels
    too_long = 6,   // time
    forbidden = 7,  // it made the program do what the sandbox stops
    died = 8,       // of anything else, memory for one
    incomplete = 9, // the key process did not send all of it
    busy = 10,
    sandbox = 11, // could not be built: nothing was read
    job = 12,
};
// Nothing for `shown`. Errors: render.*, one for each verdict.
Result<void> result_of(Verdict verdict);
// Errors: invalid render.answer.
Result<Verdict> verdict_of(Byte byte);

// A document on its way to the renderer: pieces with their sizes in front, and a mark at the end,
// without which it is not whole. A document that fails on the way is never shown in part.
class DocumentWriter : public ByteSink {
public:
    using Send = std::function<Result<void>(ByteView)>;
    explicit DocumentWriter(Send send) : send_(std::move(send)) {}
    // Errors: limit render.too_large, those of sending.
    Result<void> write(ByteView bytes) override;
    Result<void> finish();

private:
    Send send_;
    std::size_t written_ = 0;
};
// All of it. Errors: limit render.too_large, invalid render.incomplete, those of the source.
Result<Bytes> read_document(ByteSource& from);

// Exactly that many bytes. Errors: `reason` where it ends before; those of the source.
Result<void> fill(ByteSource& from, std::span<Byte> out, const char* reason);

} // namespace valise::rendering
