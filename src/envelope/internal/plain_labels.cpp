// SPDX-License-Identifier: Apache-2.0
#include "envelope/internal/plain_labels.h"

namespace valise::envelope {
namespace {

// What the file says of its level, both ways that STANAGs give; only after its binding held.
void read_label(const Json& statement, Imported& out) {
    const auto text = [&](const char* name) {
        const auto found = statement.find(name);
        return found != statement.end() && found->is_string() ? found->get<std::string>() : "";
    };
    const Json& value = statement.at("value");
    const std::string content = value.is_string()   ? value.get<std::string>()
                                : value.is_object() ? canonical_json(value)
                                                    : std::string();
    if (text("schema") == label::k4774Namespace) {
        if (auto read = label::read_4774(view(content)))
            out.label_4774 = std::move(*read);
        else
            out.findings.emplace_back("a STANAG 4774 label that cannot be read");
    } else if (text("schema") == label::k5636Schema) {
        if (auto read = label::read_5636(content))
            out.label_5636 = std::move(*read);
        else
            out.findings.emplace_back("a STANAG 5636 label that cannot be read");
    }
}

} // namespace

void read_labels(const PlainTdf& tdf, Imported& out) {
    for (const Json& assertion : tdf.assertions)
        read_label(assertion.at("statement"), out);
    if (!out.label_4774 && !out.label_5636)
        out.findings.emplace_back("no label");
    else if (out.label_4774 && out.label_5636 &&
             label::summary_5636(out.label_4774->label) != *out.label_5636)
        out.findings.emplace_back("the XML and the JSON label differ");
}

std::vector<std::string> attributes_of(std::string_view policy) {
    std::vector<std::string> out;
    const auto read = parse_json(view(policy));
    if (!read || !read->is_object() || !read->contains("body") || !read->at("body").is_object())
        return out;
    const auto list = read->at("body").find("dataAttributes");
    if (list == read->at("body").end() || !list->is_array())
        return out;
    for (const Json& one : *list)
        if (one.is_object() && one.contains("attribute") && one["attribute"].is_string())
            out.push_back(one["attribute"].get<std::string>());
    return out;
}

} // namespace valise::envelope
