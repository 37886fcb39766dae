// SPDX-License-Identifier: Apache-2.0
#include "tlog/note.h"

#include "base/text.h"
#include "tlog/internal/lines.h"

#include <algorithm>

namespace valise::tlog {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 "; // U+2014 and a space
constexpr std::size_t kKeyIdSize = 4;

std::unexpected<Error> bad_note(const char* why) {
    return fail(Code::invalid, "tlog.note", why);
}

bool is_note_text(std::string_view text) {
    const bool clean = std::all_of(text.begin(), text.end(), [](char c) {
        return c == '\n' || static_cast<unsigned char>(c) >= 0x20;
    });
    return clean && is_utf8(text);
}

// Unicode's White_Space beyond ASCII, as UTF-8. A substring search finds whole characters only,
// since UTF-8 synchronises itself.
bool has_unicode_space(std::string_view text) {
    static constexpr std::string_view kSpaces[] = {
        "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
        "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
        "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
        "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};
    return std::any_of(std::begin(kSpaces), std::end(kSpaces), [text](std::string_view space) {
        return text.find(space) != std::string_view::npos;
    });
}

} // namespace

bool is_key_name(std::string_view name) {
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
        return c != '+' && static_cast<unsigned char>(c) > 0x20;
    });
    return !name.empty() && plain && is_utf8(name) && !has_unicode_space(name);
}

std::string NoteSignature::line() const {
    Bytes bytes;
    append_u32(bytes, key_id);
    append(bytes, blob);
    return std::string(kDash) + name + " " + to_base64(bytes) + "\n";
}

Result<NoteSignature> NoteSignature::parse(std::string_view line) {
    if (!line.starts_with(kDash) || !line.ends_with('\n'))
        return bad_note("a signature line starts with a dash and ends with a line feed");
    line.remove_prefix(kDash.size());
    line.remove_suffix(1);
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space)))
        return bad_note("a signature line has a bad key name");
    const auto bytes = from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() <= kKeyIdSize)
        return bad_note("a signature line holds no signature");
    const ByteView all(*bytes);
    return NoteSignature{std::string(line.substr(0, space)), read_u32(all.first<kKeyIdSize>()),
                         to_bytes(all.subspan(kKeyIdSize))};
}

Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view text) {
    if (text.size() > kMaxNoteSize)
        return bad_note("too long");
    std::vector<NoteSignature> signatures;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos)
            return bad_note("the last line has no line feed");
        if (signatures.size() == kMaxNoteSignatures)
            return bad_note("too many signatures");
        TRY_ASSIGN(signatures.emplace_back(), NoteSignature::parse(text.substr(0, end + 1)));
        text.remove_prefix(end + 1);
    }
    if (signatures.empty())
        return bad_note("no signature");
    return signatures;
}

Result<Note> Note::parse(ByteView bytes) {
    if (bytes.size() > kMaxNoteSize)
        return bad_note("too long");
    const auto all = text_view(bytes);
    if (!is_note_text(all))
        return bad_note("not UTF-8, or a control character");
    // The last blank line: the text itself may hold others.
    const auto split = all.rfind("\n\n");
    if (split == std::string_view::npos)
        return bad_note("no blank line before the signatures");
    TRY_ASSIGN(auto signatures, parse_signature_lines(all.substr(split + 2)));
    return Note(std::string(all.substr(0, split + 1)), std::move(signatures));
}

Result<Note> Note::make(std::string text, std::vector<NoteSignature> signatures) {
    if (!text.ends_with('\n') || text.size() > kMaxNoteSize || !is_note_text(text))
        return bad_note("the text is not UTF-8, holds a control character or does not end a line");
    Note note(std::move(text), {});
    for (auto& signature : signatures)
        TRY(note.add(std::move(signature)));
    return note;
}

Result<void> Note::add(NoteSignature signature) {
    if (!is_key_name(signature.name) || signature.blob.empty())
        return bad_note("a signature line has a bad key name or no signature");
    if (signatures_.size() == kMaxNoteSignatures)
        return bad_note("too many signatures");
    signatures_.push_back(std::move(signature));
    return {};
}

std::string Note::print() const {
    std::string out = text_ + "\n";
    for (const auto& signature : signatures_)
        out += signature.line();
    return out;
}

Result<NoteSigner> NoteSigner::make(std::string name, const crypto::SigningKey& key) {
    if (key.algorithm() != crypto::SignatureAlgorithm::ed25519)
        return fail(Code::invalid, "tlog.vkey", "notes are signed with Ed25519");
    TRY_ASSIGN(auto verifier,
               Verifier::make(std::move(name), KeyType::ed25519, key.public_bytes()));
    return NoteSigner(std::move(verifier), key);
}

Result<NoteSignature> NoteSigner::sign(std::string_view text) const {
    TRY(Note::make(std::string(text), {}));
    TRY_ASSIGN(Bytes signature, key_->sign(view(text)));
    return NoteSignature{verifier_.name(), verifier_.key_id(), std::move(signature)};
}

} // namespace valise::tlog
