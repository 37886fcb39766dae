// SPDX-License-Identifier: Apache-2.0
#include "base/codec/xml.h"
#include "base/text.h"
#include "label/internal/text.h"
#include "label/label_xml.h"

#include <algorithm>
#include <array>
#include <span>

namespace valise::label {
namespace {

using internal::collapse;

constexpr std::size_t kMaxFindings = 64;

struct RootName {
    const char* name;
    LabelRoot root;
};
constexpr std::array kRoots = {
    RootName{"originatorConfidentialityLabel", LabelRoot::originator},
    RootName{"alternativeConfidentialityLabel", LabelRoot::alternative},
    RootName{"metadataConfidentialityLabel", LabelRoot::metadata},
    RootName{"ConfidentialityLabel", LabelRoot::plain},
};

class Reader {
public:
    Result<ReadLabel> read(const XmlElement& root);

private:
    void found(const char* reason, std::string context = {}) {
        if (out_.findings.size() < kMaxFindings && !out_.found(reason))
            out_.findings.push_back({reason, std::move(context)});
    }

    // The value of an attribute, also when its name is written in another case.
    std::string attribute(const XmlElement& element, std::string_view name);
    // Reports every attribute that is not among the names.
    void other_attributes(const XmlElement& element, std::span<const std::string_view> known);
    // The children of our namespace by name, in schema order or with a finding. `many` may repeat.
    Result<void> check_children(const XmlElement& element, std::span<const std::string_view> order,
                                std::string_view many = {});
    Result<std::string> leaf(const XmlElement& element);
    Result<Time> time(std::string_view text);

    Result<void> information(const XmlElement& element);
    Result<void> policy(const XmlElement& element);
    Result<void> category(const XmlElement& element);
    Result<void> originator(const XmlElement& element);
    Result<void> dates(const XmlElement& root);

    ReadLabel out_;
};

std::string Reader::attribute(const XmlElement& element, std::string_view name) {
    if (const std::string* exact = element.attribute(name))
        return collapse(*exact);
    for (const XmlAttribute& other : element.attributes) {
        if (other.ns.empty() && same_value(other.name, name)) {
            found("label.attribute_case", "written otherwise than " + std::string(name));
            return collapse(other.value);
        }
    }
    return {};
}

void Reader::other_attributes(const XmlElement& element, std::span<const std::string_view> known) {
    for (const XmlAttribute& a : element.attributes) {
        const bool ours = a.ns.empty() && std::ranges::any_of(known, [&](std::string_view name) {
                              return a.name == name || (same_value(a.name, name) &&
                                                        element.attribute(name) == nullptr);
                          });
        if (!ours && a.ns != "http://www.w3.org/XML/1998/namespace")
            found("label.unknown", "attribute '" + printable(a.name, 40) + "'");
    }
}

Result<void> Reader::check_children(const XmlElement& element,
                                    std::span<const std::string_view> order,
                                    std::string_view many) {
    std::vector<bool> seen(order.size());
    std::size_t last = 0;
    for (const XmlElement& child : element.children) {
        if (child.ns != k4774Namespace) {
            found("label.unknown", "element '" + printable(child.name, 40) + "'");
            continue;
        }
        const auto place =
            static_cast<std::size_t>(std::ranges::find(order, child.name) - order.begin());
        // Skipping it could skip a limit on access.
        if (place == order.size())
            return fail(Code::invalid, "label.element",
                        "'" + printable(child.name, 40) + "' has no place in " + element.name);
        if (seen[place] && child.name != many)
            return fail(Code::invalid, "label.twice", child.name + " stands twice");
        if (place < last)
            found("label.order", child.name + " is not in its place");
        seen[place] = true;
        last = std::max(last, place);
    }
    if (!element.trimmed().empty())
        found("label.unknown", "text directly in " + element.name);
    return {};
}

Result<std::string> Reader::leaf(const XmlElement& element) {
    if (!element.children.empty())
        return fail(Code::invalid, "label.element", element.name + " holds text only");
    return collapse(element.text);
}

Result<Time> Reader::time(std::string_view text) {
    TRY_ASSIGN(const auto loose, internal::parse_loose_time(text));
    if (loose.fraction)
        found("label.time_fraction", "the fraction of a second was cut off");
    if (loose.no_zone)
        found("label.time_zone", "no time zone, read as UTC");
    return loose.time;
}

Result<void> Reader::policy(const XmlElement& element) {
    TRY_ASSIGN(out_.label.policy_id, leaf(element));
    other_attributes(element, std::array<std::string_view, 2>{"URI", "URL"});
    const std::string url = attribute(element, "URL");
    out_.label.policy_uri = attribute(element, "URI");
    if (url.empty())
        return {};
    found("label.policy_url", "URL= is no attribute of a policy; URI= is");
    if (out_.label.policy_uri.empty())
        out_.label.policy_uri = url;
    return {};
}

Result<void> Reader::category(const XmlElement& element) {
    other_attributes(element, std::array<std::string_view, 3>{"Type", "TagName", "URI"});
    Category out;
    const std::string type = attribute(element, "Type");
    if (internal::ascii_upper(type) != type)
        found("label.attribute_case", "a category's type is written in upper case");
    TRY_ASSIGN(out.type, category_type(internal::ascii_upper(type)));
    out.tag = attribute(element, "TagName");
    out.uri = attribute(element, "URI");
    for (const XmlElement& child : element.children) {
        // Integer and bit-string values are not used (ADatP-4774 prose), and one that we skipped
        // could be the one that limits access.
        if (!child.is(k4774Namespace, "GenericValue"))
            return fail(Code::invalid, "label.value_kind", "a category holds generic values only");
        TRY_ASSIGN(std::string value, leaf(child));
        const bool known = std::ranges::any_of(
            out.values, [&](const std::string& other) { return same_value(other, value); });
        if (known)
            found("label.value_twice", "a value stands twice in one category");
        else if (out.values.size() >= kMaxCategoryValues)
            return fail(Code::limit, "label.limit", "more than 512 values in a category");
        else
            out.values.push_back(std::move(value));
    }
    if (!element.trimmed().empty())
        return fail(Code::invalid, "label.value_kind", "text beside the values of a category");
    out_.label.categories.push_back(std::move(out));
    return {};
}

Result<void> Reader::information(const XmlElement& element) {
    TRY(check_children(element,
                       std::array<std::string_view, 4>{"PolicyIdentifier", "Classification",
                                                       "PrivacyMark", "Category"},
                       "Category"));
    other_attributes(element, {});
    const XmlElement* id = element.child(k4774Namespace, "PolicyIdentifier");
    const XmlElement* classification = element.child(k4774Namespace, "Classification");
    if (id == nullptr || classification == nullptr)
        return fail(Code::invalid, "label.missing", "no PolicyIdentifier or no Classification");
    TRY(policy(*id));
    TRY_ASSIGN(out_.label.classification, leaf(*classification));
    if (!attribute(*classification, "URI").empty())
        found("label.classification_uri", "Classification has no URI");
    if (const XmlElement* mark = element.child(k4774Namespace, "PrivacyMark")) {
        TRY_ASSIGN(out_.label.privacy_mark, leaf(*mark));
    }
    for (const XmlElement& child : element.children) {
        if (!child.is(k4774Namespace, "Category"))
            continue;
        if (out_.label.categories.size() >= kMaxCategories)
            return fail(Code::limit, "label.limit", "more than 64 categories");
        TRY(category(child));
    }
    return {};
}

Result<void> Reader::originator(const XmlElement& element) {
    TRY_ASSIGN(out_.label.originator_id, leaf(element));
    std::string type = attribute(element, "IDType");
    if (type.empty())
        found("label.originator_type_missing", "OriginatorID without IDType");
    out_.label.originator_id_type = type.empty() ? "uniformResourceIdentifier" : std::move(type);
    return {};
}

Result<void> Reader::dates(const XmlElement& root) {
    const XmlElement* created = root.child(k4774Namespace, "CreationDateTime");
    if (created == nullptr) {
        found("label.created_missing", "no CreationDateTime");
    } else {
        TRY_ASSIGN(const std::string text, leaf(*created));
        TRY_ASSIGN(out_.label.created, time(text));
    }
    const std::string review = attribute(root, "ReviewDateTime");
    const bool succession = root.child(k4774Namespace, "SuccessionHandling") != nullptr;
    if (!review.empty()) {
        TRY_ASSIGN(out_.label.review, time(review));
    } else if (!succession) {
        found("label.review_missing", "neither ReviewDateTime nor SuccessionHandling");
    }
    // Only the originator's own notice changes a level (I2), never a date in a label.
    if (succession)
        found("label.succession", "a successor label is announced; a person reviews it");
    return {};
}

Result<ReadLabel> Reader::read(const XmlElement& root) {
    const auto kind = std::ranges::find_if(
        kRoots, [&](const auto& r) { return root.is(k4774Namespace, r.name); });
    if (kind == kRoots.end())
        return fail(Code::invalid, "label.root", "not a STANAG 4774 confidentiality label");
    out_.root = kind->root;
    if (out_.root == LabelRoot::plain)
        found("label.root_old", "ConfidentialityLabel is kept for old documents only");
    TRY(check_children(root,
                       std::array<std::string_view, 4>{"ConfidentialityInformation", "OriginatorID",
                                                       "CreationDateTime", "SuccessionHandling"}));
    other_attributes(root, std::array<std::string_view, 2>{"Id", "ReviewDateTime"});
    const XmlElement* inside = root.child(k4774Namespace, "ConfidentialityInformation");
    if (inside == nullptr)
        return fail(Code::invalid, "label.missing", "no ConfidentialityInformation");
    TRY(information(*inside));
    if (const XmlElement* id = root.child(k4774Namespace, "OriginatorID"))
        TRY(originator(*id));
    TRY(dates(root));
    TRY(check(out_.label));
    return std::move(out_);
}

} // namespace

bool ReadLabel::found(std::string_view reason) const {
    return std::ranges::any_of(findings, [&](const auto& f) { return f.reason == reason; });
}

Result<ReadLabel> read_4774(ByteView xml) {
    TRY_ASSIGN(const XmlElement root, parse_xml(xml));
    return Reader().read(root);
}

} // namespace valise::label
