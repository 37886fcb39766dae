// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "envelope/manifest.h"

// The texts of a manifest that grow with the document: bindings, which repeat all segment tags, and
// the payload tree's leaf hashes. A tebibyte has 83 MiB of them. They are neither made nor kept
// whole: what they follow from is kept, and they are written from it piece by piece.
namespace valise::envelope {

// base64 of what comes in pieces.
class Base64Out {
public:
    enum class Alphabet { standard, url }; // url: without padding
    // `out` must outlive it.
    Base64Out(const Manifest::Writer& out, Alphabet alphabet) : out_(&out), alphabet_(alphabet) {}
    void add(ByteView bytes);
    void finish();

private:
    void put(ByteView bytes);

    const Manifest::Writer* out_;
    Alphabet alphabet_;
    Bytes carry_; // fewer than three
    std::string text_;
};

// Whether a part of its text is kept in the short form.
bool is_long(const Manifest& manifest, const Assertion& assertion);
// What append_assertion() and append_unbound() append, of the long text.
void write_long(const Manifest& manifest, const Assertion& assertion, const Manifest::Writer& out);
void write_long_unbound(const Manifest& manifest, const Assertion& assertion,
                        const Manifest::Writer& out);
// Of everything but the binding: assertion_hash() of the long text.
Hash32 long_hash(const Manifest& manifest, const Assertion& assertion);

// The part of a binding that the MAC is made of: header and claims.
void write_claims(const Hash32& assertion_hash, ByteView joined, const Manifest::Writer& out);

// H1 || H2 || ..., as they lie there.
ByteView joined_view(const std::vector<SegmentTag>& hashes);

} // namespace valise::envelope
