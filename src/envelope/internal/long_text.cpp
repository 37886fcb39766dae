// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/long_text.h"

#include "base/codec/json_text.h"
#include "crypto/hash.h"
#include "envelope/internal/form.h"
#include "envelope/internal/texts.h"

#include <algorithm>

namespace valise::envelope {
namespace {

constexpr std::size_t kPiece = std::size_t{48} * 1024; // a multiple of three
// What stands in an assertion behind the leaf hashes, whose place in the short form is empty.
constexpr std::string_view kAfterLeaves = R"(\"}"},"type":"other"})";

bool has_leaves(const Manifest& manifest, const Assertion& assertion) {
    return manifest.leaves != nullptr && assertion.id == kPayloadTreeId;
}

} // namespace

void Base64Out::put(ByteView bytes) {
    text_.clear();
    append_base64(text_, bytes);
    if (alphabet_ == Alphabet::url) {
        text_.erase(text_.find_last_not_of('=') + 1);
        std::replace(text_.begin(), text_.end(), '+', '-');
        std::replace(text_.begin(), text_.end(), '/', '_');
    }
    (*out_)(text_);
}

void Base64Out::add(ByteView bytes) {
    if (!carry_.empty()) {
        const std::size_t wanted = std::min(3 - carry_.size(), bytes.size());
        append(carry_, bytes.first(wanted));
        bytes = bytes.subspan(wanted);
        if (carry_.size() < 3)
            return;
        put(carry_);
        carry_.clear();
    }
    while (bytes.size() >= 3) {
        const std::size_t count = std::min(kPiece, bytes.size() / 3 * 3);
        put(bytes.first(count));
        bytes = bytes.subspan(count);
    }
    append(carry_, bytes);
}

void Base64Out::finish() {
    if (!carry_.empty())
        put(carry_);
    carry_.clear();
}

ByteView joined_view(const std::vector<SegmentTag>& hashes) {
    static_assert(sizeof(SegmentTag) == 16); // side by side
    if (hashes.empty())
        return {};
    return {hashes.front().data(), hashes.size() * sizeof(SegmentTag)};
}

void write_claims(const Hash32& assertion_hash, ByteView joined, const Manifest::Writer& out) {
    out("eyJhbGciOiJIUzI1NiJ9."); // {"alg":"HS256"}
    Base64Out claims(out, Base64Out::Alphabet::url);
    const Manifest::Writer inside = [&](std::string_view text) { claims.add(view(text)); };
    inside(R"({"assertionHash":")" + to_hex(assertion_hash) + R"(","assertionSig":")");
    Base64Out covered(inside, Base64Out::Alphabet::standard);
    covered.add(joined);
    covered.add(assertion_hash);
    covered.finish();
    inside("\"}");
    claims.finish();
}

bool is_long(const Manifest& manifest, const Assertion& assertion) {
    return assertion.mac.has_value() || has_leaves(manifest, assertion);
}

void write_long_unbound(const Manifest& manifest, const Assertion& assertion,
                        const Manifest::Writer& out) {
    std::string text;
    append_unbound(text, assertion);
    if (!has_leaves(manifest, assertion) || !text.ends_with(kAfterLeaves))
        return out(text);
    text.resize(text.size() - kAfterLeaves.size());
    out(text);
    Base64Out leaves(out, Base64Out::Alphabet::standard);
    static_assert(sizeof(Hash32) == 32); // side by side
    const std::vector<Hash32>& all = *manifest.leaves;
    leaves.add({all.empty() ? nullptr : all.front().data(), all.size() * sizeof(Hash32)});
    leaves.finish();
    out(kAfterLeaves);
}

void write_long(const Manifest& manifest, const Assertion& assertion, const Manifest::Writer& out) {
    out(R"({"binding":{"method":"jws","signature":)");
    if (assertion.mac) {
        out("\"");
        write_claims(long_hash(manifest, assertion), joined_view(manifest.segment_hashes), out);
        out("." + to_base64url(*assertion.mac) + "\"");
    } else {
        std::string text;
        append_json_string(text, assertion.binding);
        out(text);
    }
    out("},");
    // Its opening brace is the binding's.
    bool first = true;
    write_long_unbound(manifest, assertion, [&](std::string_view text) {
        out(first ? text.substr(1) : text);
        first = false;
    });
}

Hash32 long_hash(const Manifest& manifest, const Assertion& assertion) {
    crypto::Sha256 hash;
    write_long_unbound(manifest, assertion,
                       [&](std::string_view text) { hash.update(view(text)); });
    return hash.finish();
}

} // namespace valise::envelope
