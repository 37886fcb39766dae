// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agreement/terms.h"
#include "base/codec/json.h"
#include "logbook/state.h"

#include <span>

namespace valise::forms {

enum class FormKind : std::uint8_t {
    transmittal_note,
    custody_receipt,
    contents_receipt,
    // of what one registry did by itself
    destruction_certificate,
    incident_report,
    muster_report,
};
std::string_view to_string(FormKind kind); // "transmittal-note"
// "transmittal-note", "custody-receipt"… Errors: not_found forms.kind (with the nearest one).
Result<FormKind> parse_form_kind(std::string_view text);
std::span<const FormKind> all_form_kinds();
// Made of the signed papers of a dispatch; else of one registry's book.
constexpr bool of_dispatch(FormKind kind) {
    return kind <= FormKind::contents_receipt;
}

// What one form is made of, as both registries keep it. Nobody's names and no title are in it, so
// that a form can be printed wherever it is needed and made again from an evidence file.
struct Papers {
    Bytes statement;           // the sender's, canonical JSON
    Bytes statement_signature; // by the sender key
    Bytes receipt;             // logbook::Receipt; receipts only
    Bytes receipt_signature;   // by the receiver's receipt key; receipts only
};

// A printed form as a value: canonical JSON with exactly the members of its kind
// (docs/formats/forms.md). One dispatch and one receipt, or one book, make one form, whoever prints
// it and when, so every holder of the evidence comes to the same digest.
class Form {
public:
    // The papers are not verified here: who makes a form from them has done that.
    // Errors: forms.papers (they are of different dispatches, or some are missing), those of
    // parsing.
    static Result<Form> make(FormKind kind, const agreement::Terms& terms, const Papers& papers);
    // Of what a book says. Errors: not_found forms.nothing (it is not there, or has not come to its
    // end), those of parsing.
    static Result<Form> certificate(const agreement::Terms& terms, const std::string& party,
                                    const logbook::Item& item, const logbook::CopyHolding& copy);
    static Result<Form> incident_report(const agreement::Terms& terms, const std::string& party,
                                        const logbook::Item& item,
                                        const logbook::Incident& incident);
    static Result<Form> muster_report(const agreement::Terms& terms, const std::string& party,
                                      const logbook::Muster& muster);
    // The one of these for the copy, incident or muster of this id. Errors: those of ids as well;
    // invalid forms.kind.
    static Result<Form> of_book(FormKind kind, const agreement::Terms& terms,
                                const logbook::State& state, std::string_view subject);
    // Exactly the canonical bytes, at most kMaxBytes. Errors: forms.form, base.json*, base.member.
    static Result<Form> parse(ByteView canonical);

    static constexpr std::size_t kMaxBytes = 64 << 10;

    FormKind kind() const { return kind_; }
    const Json& json() const { return json_; }
    std::string text(const char* member) const; // empty when it has none
    bool says(const char* member) const { return json_.contains(member); }
    const Bytes& bytes() const { return bytes_; }
    // SHA-256("valise/form/v1\0" ‖ bytes): what the QR code says.
    Hash32 digest() const;

    bool operator==(const Form& other) const { return bytes_ == other.bytes_; }

private:
    Form(FormKind kind, Json json);

    FormKind kind_;
    Json json_;
    Bytes bytes_;
};

// "VALISE-FORM:1:" and the digest in capital hexadecimal digits: capitals and colons keep the QR
// code small.
std::string code_text(const Hash32& digest);
// That text, or the 64 digits alone as a person types them, with spaces, hyphens and line breaks
// anywhere and in either case. Errors: forms.digest.
Result<Hash32> parse_code_text(std::string_view text);

} // namespace valise::forms
