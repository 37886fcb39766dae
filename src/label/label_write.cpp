// SPDX-License-Identifier: Apache-2.0
#include "base/codec/xml.h"
#include "label/label_xml.h"

namespace valise::label {
namespace {

std::string element(std::string_view name, std::string_view text,
                    std::string_view attributes = {}) {
    std::string out = "<";
    out.append(name).append(attributes).append(">").append(escape_xml(text));
    return out.append("</").append(name).append(">");
}

std::string attribute(std::string_view name, std::string_view value) {
    if (value.empty())
        return {};
    std::string out = " ";
    return out.append(name).append("=\"").append(escape_xml(value)).append("\"");
}

std::string category_xml(const Category& category) {
    std::string out = "<Category" + attribute("Type", to_string(category.type)) +
                      attribute("TagName", category.tag) + attribute("URI", category.uri) + ">";
    for (const std::string& value : category.values)
        out += element("GenericValue", value);
    return out + "</Category>";
}

} // namespace

Result<std::string> write_4774(const Label& label, LabelRoot root) {
    if (root != LabelRoot::originator && root != LabelRoot::alternative)
        return fail(Code::invalid, "label.root",
                    "only originator and alternative labels are written");
    TRY(check(label));
    if (label.created == Time{})
        return fail(Code::invalid, "label.created_missing", "a label needs its date of creation");
    // Compulsory where no succession says what becomes of the label (ADatP-4774 prose).
    if (!label.review)
        return fail(Code::invalid, "label.review_missing", "a label needs a review date");

    const std::string name = root == LabelRoot::originator ? "originatorConfidentialityLabel"
                                                           : "alternativeConfidentialityLabel";
    std::string out = "<" + name + attribute("xmlns", k4774Namespace) +
                      attribute("ReviewDateTime", label.review->text()) + ">";
    out += "<ConfidentialityInformation>";
    out += element("PolicyIdentifier", label.policy_id, attribute("URI", label.policy_uri));
    out += element("Classification", label.classification);
    if (!label.privacy_mark.empty())
        out += element("PrivacyMark", label.privacy_mark);
    for (const Category& category : label.categories)
        out += category_xml(category);
    out += "</ConfidentialityInformation>";
    if (!label.originator_id.empty())
        out += element("OriginatorID", label.originator_id,
                       attribute("IDType", label.originator_id_type));
    out += element("CreationDateTime", label.created.text());
    return out + "</" + name + ">";
}

} // namespace valise::label
