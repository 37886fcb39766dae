// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/manifest_text.h"

#include "envelope/internal/form.h"

#include <algorithm>
#include <charconv>

namespace valise::envelope {
namespace {

constexpr std::string_view kBindingOpen = R"({"binding":{"method":"jws","signature":)";
constexpr std::string_view kValueOpen = R"("value":)";
constexpr std::string_view kFrameOpen = R"({\"frame\":\")";
constexpr std::string_view kLeavesOpen = R"(\",\"leaves\":\")";
constexpr std::string_view kLeavesClose = R"(\"})";
constexpr std::size_t kFrameDigits = 64; // base64 of 48 bytes
constexpr std::size_t kMacDigits = 43;   // base64url of 32 bytes
constexpr std::size_t kRowRoom = 256;    // a row has at most some hundred characters

std::unexpected<Error> bad(const char* reason, std::string what) {
    return fail(Code::invalid, reason, std::move(what));
}

struct Row {
    SegmentTag hash{};
    std::uint64_t plain = 0;
    std::uint64_t cipher = 0;
};

// One row of "segments", in the one form that the writer gives it.
class RowReader {
public:
    explicit RowReader(std::string_view text) : text_(text) {}

    Result<Row> row() {
        Row out;
        TRY(word(R"({"encryptedSegmentSize":)"));
        TRY_ASSIGN(out.cipher, number());
        TRY(word(R"(,"hash":")"));
        const auto hash = from_base64(text_.substr(0, 24));
        if (!hash)
            return bad("envelope.manifest", "segment rows");
        TRY_ASSIGN(out.hash, fixed<16>(*hash, "envelope.manifest"));
        text_.remove_prefix(24);
        TRY(word(R"(","segmentSize":)"));
        TRY_ASSIGN(out.plain, number());
        TRY(word("}"));
        return out;
    }
    bool more() { return taken(","); }
    std::size_t left() const { return text_.size(); }

private:
    bool taken(std::string_view expected) {
        if (!text_.starts_with(expected))
            return false;
        text_.remove_prefix(expected.size());
        return true;
    }
    Result<void> word(std::string_view expected) {
        if (!taken(expected))
            return bad("envelope.manifest", "segment rows");
        return {};
    }
    Result<std::uint64_t> number() {
        std::uint64_t value = 0;
        const char* end = text_.data() + std::min<std::size_t>(text_.size(), 12);
        // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): it is given the end as well
        const auto [stop, error] = std::from_chars(text_.data(), end, value);
        if (error != std::errc())
            return bad("envelope.manifest", "segment rows");
        text_.remove_prefix(static_cast<std::size_t>(stop - text_.data()));
        return value;
    }

    std::string_view text_;
};

// The end of a long binding: its MAC. What stands before follows from assertion and segments.
class LongBinding {
public:
    Result<void> add(std::string_view text) {
        tail_ += text.substr(text.size() - std::min(text.size(), kMacDigits + 1));
        if (tail_.size() > kMacDigits + 1)
            tail_.erase(0, tail_.size() - kMacDigits - 1);
        return {};
    }
    Result<Hash32> finish() const {
        const auto mac = from_base64url(std::string_view(tail_).substr(1));
        if (!tail_.starts_with('.') || !mac || mac->size() != sizeof(Hash32))
            return fail(Code::integrity, "envelope.assertion_binding",
                        "not the form of a long binding");
        return fixed<sizeof(Hash32)>(*mac, "envelope.assertion_binding");
    }

private:
    std::string tail_;
};

// The leaf hashes of a payload tree's long text, from the first of them to its end.
class LongLeaves {
public:
    Result<void> add(std::string_view text) {
        text_ += text;
        if (closed_)
            return text_.size() > kLeavesClose.size() ? bad_form() : Result<void>();
        const std::size_t close = std::min(text_.find('\\'), text_.size());
        closed_ = close < text_.size();
        const std::size_t whole = closed_ ? close : close / 4 * 4;
        TRY(decode(std::string_view(text_).substr(0, whole)));
        text_.erase(0, whole);
        return {};
    }
    Result<Leaves> finish() {
        if (text_ != kLeavesClose || !carry_.empty())
            return bad_form();
        return Leaves(std::make_shared<const std::vector<Hash32>>(std::move(leaves_)));
    }

private:
    static std::unexpected<Error> bad_form() {
        return bad("envelope.payload_tree", "not the form of a long list of leaf hashes");
    }
    Result<void> decode(std::string_view text) {
        const auto bytes = from_base64(text);
        if (!bytes)
            return bad_form();
        append(carry_, *bytes);
        std::size_t at = 0;
        for (; carry_.size() - at >= sizeof(Hash32); at += sizeof(Hash32)) {
            if (leaves_.size() == kMaxSegments)
                return fail(Code::limit, "envelope.manifest_limit", "too many leaf hashes");
            std::copy_n(carry_.begin() + static_cast<std::ptrdiff_t>(at), sizeof(Hash32),
                        leaves_.emplace_back().begin());
        }
        carry_.erase(carry_.begin(), carry_.begin() + static_cast<std::ptrdiff_t>(at));
        return {};
    }

    std::string text_;
    Bytes carry_; // fewer than 32
    std::vector<Hash32> leaves_;
    bool closed_ = false;
};

class Cutter {
public:
    Cutter(TextWindow text, std::size_t long_text, Manifest& out)
        : in_(std::move(text)), long_text_(long_text), out_(&out) {}

    Result<ManifestFrame> cut() {
        for (;;) {
            TRY(in_.want());
            const std::string_view seen = in_.seen();
            if (seen.empty())
                break;
            const std::size_t found = seen.find_first_of("\"[");
            TRY(keep(found == std::string_view::npos ? seen.size() : found + 1));
            if (found == std::string_view::npos)
                continue;
            if (frame_.text.back() == '"')
                TRY(string());
            else if (frame_.text.ends_with(kSegmentsOpen))
                TRY(rows());
        }
        if (out_->segment_hashes.empty())
            return bad("envelope.manifest", "not one list of segments");
        return std::move(frame_);
    }

private:
    // The next characters belong to the frame.
    Result<void> keep(std::size_t count) {
        if (frame_.text.size() + count > kFrameLimit)
            return fail(Code::limit, "envelope.manifest_limit",
                        "what does not grow with the document is too long");
        frame_.text += in_.seen().substr(0, count);
        in_.drop(count);
        return {};
    }

    // Sizes: all 2 MiB but the last, none empty but the only one, so that one document has one set
    // of segments.
    Result<void> rows() {
        if (!out_->segment_hashes.empty())
            return bad("envelope.manifest", "not one list of segments");
        std::uint64_t last = kSegmentPlain;
        for (bool more = true; more;) {
            if (out_->segment_hashes.size() == kMaxSegments)
                return fail(Code::limit, "envelope.manifest_limit", "too many segments");
            TRY(in_.want(kRowRoom));
            const std::string_view seen = in_.seen();
            RowReader reader(seen);
            TRY_ASSIGN(const Row row, reader.row());
            if (last != kSegmentPlain || row.plain > kSegmentPlain ||
                row.cipher != row.plain + kSegmentOverhead)
                return bad("envelope.sizes", "segment sizes");
            out_->segment_hashes.push_back(row.hash);
            out_->plain_bytes += row.plain;
            last = row.plain;
            more = reader.more();
            in_.drop(seen.size() - reader.left());
        }
        TRY(in_.want());
        if (!in_.seen().starts_with(']'))
            return bad("envelope.manifest", "segment rows");
        if (last == 0 && out_->segment_count() > 1)
            return bad("envelope.sizes", "an empty segment after others");
        return {};
    }

    // Of the string that is being read; none at its closing quote. An escape comes by itself.
    Result<std::string_view> run() {
        TRY(in_.want(2));
        const std::string_view seen = in_.seen();
        if (seen.starts_with('\\'))
            return seen.substr(0, 2);
        return seen.substr(0, seen.find_first_of("\"\\"));
    }

    // To its closing quote and with it. What is escaped stays escaped.
    Result<void> string() {
        const std::size_t begin = frame_.text.size();
        const bool binding = before(begin).ends_with(kBindingOpen);
        if (binding)
            frame_.macs.emplace_back();
        bool any_length = false;
        for (;;) {
            TRY_ASSIGN(const std::string_view next, run());
            if (next.empty())
                break;
            TRY(keep(next.size()));
            if (any_length || frame_.text.size() - begin <= long_text_)
                continue;
            if (binding) {
                TRY_ASSIGN(frame_.macs.back(), taken_out(LongBinding(), begin));
                break;
            }
            if (const std::size_t leaves = leaves_in(begin); leaves != 0) {
                TRY_ASSIGN(out_->leaves, taken_out(LongLeaves(), leaves));
                frame_.text += kLeavesClose;
                break;
            }
            any_length = true;
        }
        return keep(std::min<std::size_t>(in_.seen().size(), 1));
    }

    std::string_view before(std::size_t quoted) const {
        return std::string_view(frame_.text).substr(0, quoted - 1);
    }

    // Where the leaf hashes begin, when the string is a payload tree's.
    std::size_t leaves_in(std::size_t begin) const {
        std::string_view text = std::string_view(frame_.text).substr(begin);
        constexpr std::size_t kOpen = kFrameOpen.size() + kFrameDigits;
        if (out_->leaves || !before(begin).ends_with(kValueOpen) || !text.starts_with(kFrameOpen) ||
            text.size() < kOpen || !text.substr(kOpen).starts_with(kLeavesOpen))
            return 0;
        return begin + kOpen + kLeavesOpen.size();
    }

    // What the string has from there on goes through `into` and not into the frame.
    template<class Into> auto taken_out(Into into, std::size_t from) -> decltype(into.finish()) {
        TRY(into.add(std::string_view(frame_.text).substr(from)));
        frame_.text.resize(from);
        for (;;) {
            TRY_ASSIGN(const std::string_view next, run());
            if (next.empty())
                return into.finish();
            TRY(into.add(next));
            in_.drop(next.size());
        }
    }

    TextWindow in_;
    std::size_t long_text_;
    Manifest* out_;
    ManifestFrame frame_;
};

} // namespace

Result<void> TextWindow::want(std::size_t count) {
    if (buffer_.size() - at_ >= count || unread_ == 0)
        return {};
    buffer_.erase(0, at_);
    at_ = 0;
    const std::size_t held = buffer_.size();
    const std::size_t more = std::min<std::uint64_t>(kWindow - held, unread_);
    buffer_.resize(held + more);
    TRY(source_->read_at(offset_, std::span(reinterpret_cast<Byte*>(buffer_.data()) + held, more)));
    offset_ += more;
    unread_ -= more;
    return {};
}

Result<ManifestFrame> cut_frame(TextWindow text, std::size_t long_text, Manifest& out) {
    return Cutter(std::move(text), long_text, out).cut();
}

} // namespace valise::envelope
