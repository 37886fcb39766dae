// SPDX-License-Identifier: Apache-2.0
#include "base/codec/xml.h"

#include "base/text.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>

namespace valise {
namespace {

std::string text_of(const xmlChar* text) {
    return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

std::string text_of(const xmlChar* begin, const xmlChar* end) {
    return {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(end - begin)};
}

// Takes the parser's events as they come: a bound that is passed stops the parser there, so no tree
// larger than the limits ever stands in memory.
struct Builder {
    const XmlLimits& limits;
    xmlParserCtxtPtr parser = nullptr;
    std::vector<XmlElement> open;
    std::optional<XmlElement> root;
    std::optional<Error> error;
    std::size_t nodes = 0;

    void stop(const char* reason, std::string context) {
        if (!error)
            error =
                Error(reason == std::string_view("base.xml_limit") ? Code::limit : Code::invalid,
                      reason, std::move(context));
        xmlStopParser(parser);
    }

    void start(XmlElement element) {
        nodes += 1 + element.attributes.size();
        if (open.size() >= limits.depth)
            return stop("base.xml_limit", "deeper than " + std::to_string(limits.depth));
        if (nodes > limits.nodes)
            return stop("base.xml_limit", "more than " + std::to_string(limits.nodes) + " nodes");
        open.push_back(std::move(element));
    }

    void end() {
        if (error || open.empty())
            return;
        XmlElement done = std::move(open.back());
        open.pop_back();
        if (open.empty())
            root = std::move(done);
        else
            open.back().children.push_back(std::move(done));
    }
};

// No exception may pass through the C parser.
template<class F> void guarded(void* context, F&& action) {
    auto& builder = *static_cast<Builder*>(context);
    try {
        if (!builder.error)
            action(builder);
    } catch (...) {
        builder.stop("base.xml_limit", "out of memory");
    }
}

void on_start_document(void* context) {
    guarded(context, [](Builder& builder) {
        const auto other = [](const xmlChar* declared) {
            return declared != nullptr && xmlStrcasecmp(declared, BAD_CAST "UTF-8") != 0;
        };
        // The parser notes the declared name in one place or the other.
        if (other(builder.parser->encoding) || other(builder.parser->input->encoding))
            builder.stop("base.xml", "only UTF-8 is read");
    });
}

// Called before anything between [ and ] is read (entity expansion, CWE-776; external entities,
// CWE-611).
void on_doctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    guarded(context, [](Builder& builder) {
        builder.stop("base.xml_dtd", "a document type declaration is not admitted");
    });
}

void on_start(void* context, const xmlChar* name, const xmlChar*, const xmlChar* ns, int,
              const xmlChar**, int attribute_count, int, const xmlChar** attributes) {
    guarded(context, [&](Builder& builder) {
        XmlElement element{text_of(ns), text_of(name), {}, {}, {}};
        for (int i = 0; i < attribute_count; ++i) {
            const xmlChar** at = attributes + std::ptrdiff_t{5} * i; // name, prefix, ns, begin, end
            element.attributes.push_back({text_of(at[2]), text_of(at[0]), text_of(at[3], at[4])});
        }
        builder.start(std::move(element));
    });
}

void on_end(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
    guarded(context, [](Builder& builder) { builder.end(); });
}

void on_text(void* context, const xmlChar* text, int size) {
    guarded(context, [&](Builder& builder) {
        if (!builder.open.empty())
            builder.open.back().text += text_of(text, text + size);
    });
}

void on_error(void* context, const xmlError* what) {
    guarded(context, [&](Builder& builder) {
        if (what->level == XML_ERR_WARNING)
            return;
        // The parser's own message repeats bytes of the document; the number says enough.
        builder.stop("base.xml", "line " + std::to_string(what->line) +
                                     ": not well-formed (libxml2 " + std::to_string(what->code) +
                                     ")");
    });
}

xmlSAXHandler handler() {
    xmlSAXHandler sax{};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startDocument = on_start_document;
    sax.internalSubset = on_doctype;
    sax.startElementNs = on_start;
    sax.endElementNs = on_end;
    sax.characters = on_text;
    sax.ignorableWhitespace = on_text;
    sax.cdataBlock = on_text;
#if LIBXML_VERSION >= 21200
    sax.serror = on_error;
#else
    sax.serror = [](void* context, xmlError* what) { on_error(context, what); };
#endif
    return sax;
}

struct FreeParser {
    void operator()(xmlParserCtxtPtr parser) const {
        if (parser->myDoc != nullptr)
            xmlFreeDoc(parser->myDoc);
        xmlFreeParserCtxt(parser);
    }
};

bool is_xml_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

} // namespace

const XmlElement* XmlElement::child(std::string_view in_ns, std::string_view local_name) const {
    const auto found =
        std::ranges::find_if(children, [&](const auto& c) { return c.is(in_ns, local_name); });
    return found == children.end() ? nullptr : &*found;
}

const std::string* XmlElement::attribute(std::string_view local_name) const {
    const auto found = std::ranges::find_if(
        attributes, [&](const auto& a) { return a.ns.empty() && a.name == local_name; });
    return found == attributes.end() ? nullptr : &found->value;
}

std::string_view XmlElement::trimmed() const {
    std::string_view rest = text;
    while (!rest.empty() && is_xml_space(rest.front()))
        rest.remove_prefix(1);
    while (!rest.empty() && is_xml_space(rest.back()))
        rest.remove_suffix(1);
    return rest;
}

Result<XmlElement> parse_xml(ByteView document, const XmlLimits& limits) {
    if (document.size() > limits.bytes)
        return fail(Code::limit, "base.xml_limit",
                    "longer than " + std::to_string(limits.bytes) + " bytes");
    const std::string_view text = text_view(document);
    // A NUL would let the parser guess another encoding.
    if (text.empty() || !is_utf8(text) || text.contains('\0'))
        return fail(Code::invalid, "base.xml", "empty, or not UTF-8");

    static std::once_flag once;
    std::call_once(once, xmlInitParser);
    const std::unique_ptr<xmlParserCtxt, FreeParser> parser(
        xmlCreateMemoryParserCtxt(text.data(), static_cast<int>(text.size())));
    if (!parser)
        return fail(Code::internal, "base.xml", "no parser");
    Builder builder{limits, parser.get(), {}, {}, {}};
    *parser->sax = handler();
    parser->userData = &builder;
    // NOENT: without it "&amp;" in an attribute arrives as "&#38;". There are no entities but the
    // five of XML itself, since a document type is refused.
    xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_NOENT);
    xmlParseDocument(parser.get());

    if (builder.error)
        return fail(std::move(*builder.error));
    if (parser->wellFormed == 0 || parser->nsWellFormed == 0 || !builder.root)
        return fail(Code::invalid, "base.xml", "not well-formed");
    return std::move(*builder.root);
}

std::string escape_xml(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        // U+FFFE and U+FFFF are UTF-8 but no XML characters.
        if (text.substr(i, 3) == "\xef\xbf\xbe" || text.substr(i, 3) == "\xef\xbf\xbf") {
            i += 2;
            continue;
        }
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\t':
            out += "&#9;";
            break;
        case '\n':
            out += "&#10;";
            break;
        case '\r':
            out += "&#13;";
            break;
        default:
            if (static_cast<unsigned char>(c) >= 0x20)
                out += c;
        }
    }
    return out;
}

} // namespace valise
