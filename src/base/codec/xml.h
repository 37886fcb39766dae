// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"

#include <string>
#include <string_view>
#include <vector>

namespace valise {

struct XmlLimits {
    std::size_t bytes = 1 << 20;
    std::size_t depth = 32;
    std::size_t nodes = 50'000; // elements and attributes in all
};

struct XmlAttribute {
    std::string ns; // namespace name, empty for an attribute without prefix
    std::string name;
    std::string value;
};

// An element as a value. Comments and processing instructions are skipped; text around them is
// joined, so that "SEC<!-- -->RET" is read as one word by everybody.
struct XmlElement {
    std::string ns; // namespace name, never the prefix
    std::string name;
    std::vector<XmlAttribute> attributes; // without xmlns declarations
    std::vector<XmlElement> children;
    std::string text; // all character data directly inside, in order

    bool is(std::string_view in_ns, std::string_view local_name) const {
        return ns == in_ns && name == local_name;
    }
    // The first such child; null: none. Lives as long as this element is unchanged.
    const XmlElement* child(std::string_view in_ns, std::string_view local_name) const;
    // The attribute without namespace; null: none.
    const std::string* attribute(std::string_view local_name) const;
    // `text` without XML white space at both ends.
    std::string_view trimmed() const;
};

// Strict: UTF-8 only, well-formed with namespaces, within the limits. A document type declaration
// is refused before anything in it is read: no entities, no network, no other file. Errors:
// base.xml, base.xml_dtd, base.xml_limit.
Result<XmlElement> parse_xml(ByteView document, const XmlLimits& limits = {});

// For element content and for attribute values in double quotes. White space other than the space
// becomes a character reference, so that readers do not normalise it away. The text must be UTF-8
// without other control characters, which XML 1.0 cannot hold; those are left out.
std::string escape_xml(std::string_view text);

} // namespace valise
