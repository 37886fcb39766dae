// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "label/label.h"

#include <string>
#include <vector>

namespace valise::label {

inline constexpr const char* k4774Namespace =
    "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0";

enum class LabelRoot {
    originator,  // what the originator said; never overwritten
    alternative, // the receiver's equivalent, kept beside it (ADatP-4774.1 4.2 R1, R2)
    metadata,    // read only
    plain,       // ConfidentialityLabel, for old documents; read only
};

// ADatP-4774 Edition A in schema order; CreationDateTime and ReviewDateTime always. One label, one
// text: no white space between elements, categories in the given order. Errors: those of check(),
// label.created_missing, label.review_missing, label.root.
Result<std::string> write_4774(const Label& label, LabelRoot root = LabelRoot::originator);

// What was wrong with a label that could be read all the same.
struct Finding {
    std::string reason; // "label.created_missing"
    std::string context;

    bool operator==(const Finding&) const = default;
};

struct ReadLabel {
    Label label;
    LabelRoot root = LabelRoot::originator;
    std::vector<Finding> findings; // empty: as strict as what we write

    bool found(std::string_view reason) const;
};

// Reads what others write. Findings, each reason once: label.created_missing (created is then the
// zero time), label.review_missing, label.succession (not acted upon: a person reviews it),
// label.policy_url (URL= for URI=), label.attribute_case (Tagname=, Permissive),
// label.classification_uri, label.originator_type_missing, label.value_twice, label.order,
// label.unknown, label.time_zone, label.time_fraction, label.root_old.
// Errors: base.xml, base.xml_dtd, base.xml_limit; label.root, label.missing, label.twice,
// label.element, label.category_type, label.time, label.value_kind, and those of check().
Result<ReadLabel> read_4774(ByteView xml);

} // namespace valise::label
