// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/embedded.h"
#include "desk/internal/page.h"

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include <ctime>

namespace valise::desk {

namespace {

namespace ms = kainjow::mustache;
using Object = ms::data; // an object once a member is set

ms::data object() {
    return ms::data(ms::data::type::object);
}

ms::data list() {
    return ms::data(ms::data::type::list);
}

void put(ms::data& at, const char* name, const std::string& text) {
    if (!text.empty())
        at.set(name, text);
}

// "17:51 JST": the clock on the wall beside the reader, who thinks in it.
std::string local_text(Time at) {
    const auto seconds = static_cast<std::time_t>(at.seconds);
    std::tm parts{};
    char text[64] = {};
    if (localtime_r(&seconds, &parts) == nullptr)
        return {};
    std::strftime(text, sizeof(text), "%Y-%m-%d %H:%M %Z", &parts);
    return text;
}

ms::data cell(const Cell& from) {
    ms::data out = object();
    put(out, "text", from.text);
    put(out, "href", from.href);
    put(out, "sub", from.sub);
    put(out, "style", from.style);
    put(out, "live", from.live);
    if (from.time) {
        const std::string utc = from.time->text(); // 2026-11-30T08:51:00Z
        ms::data time = object();
        time.set("iso", utc);
        time.set("utc", utc.substr(0, 10) + " " + utc.substr(11, 5) + " Z");
        time.set("local", local_text(*from.time));
        out.set("time", time);
    }
    return out;
}

ms::data block_of(const Table& table, const Frame& frame) {
    ms::data out = object();
    put(out, "caption", table.caption);
    ms::data headings = list();
    for (const std::string& heading : table.headings) {
        ms::data one = object();
        one.set("text", heading);
        headings.push_back(one);
    }
    out.set("headings", headings);
    ms::data rows = list();
    for (const auto& row : table.rows) {
        ms::data cells = list();
        for (std::size_t i = 0; i < row.size(); ++i) {
            ms::data one = cell(row[i]);
            one.set("heading", i < table.headings.size() ? table.headings[i] : std::string());
            cells.push_back(one);
        }
        ms::data line = object();
        line.set("cells", cells);
        rows.push_back(line);
    }
    if (table.rows.empty()) {
        out.set("empty", table.empty);
    } else {
        ms::data filled = object();
        filled.set("rows", rows);
        filled.set("headings", headings);
        put(filled, "caption", table.caption);
        filled.set("label", table.caption.empty() ? std::string("-") : table.caption);
        out.set("filled", filled);
    }
    const auto link = [&](const char* name, const std::string& href, const char* words) {
        if (href.empty())
            return;
        ms::data one = object();
        one.set("href", href);
        one.set("text", frame.phrases.say(words));
        out.set(name, one);
    };
    link("first", table.first, phrase("First page"));
    link("next", table.next, phrase("Next page"));
    if (table.live) {
        ms::data one = object();
        one.set("href", frame.path);
        one.set("text", frame.phrases.say(phrase("Something changed: load this page again")));
        out.set("news", one);
    }
    return out;
}

ms::data block_of(const Facts& facts, const Frame&) {
    ms::data out = object();
    put(out, "caption", facts.caption);
    ms::data lines = list();
    for (const auto& [label, value] : facts.lines) {
        ms::data line = cell(value);
        line.set("label", label);
        lines.push_back(line);
    }
    out.set("lines", lines);
    return out;
}

// What stands between two ` is typed somewhere, or was.
ms::data parts_of(std::string_view text) {
    ms::data out = list();
    for (bool code = false; !text.empty(); code = !code) {
        const std::string_view part = text.substr(0, text.find('`'));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        ms::data one = object();
        one.set("plain", code ? std::string() : std::string(part));
        if (code)
            one.set("code", std::string(part));
        out.push_back(one);
    }
    return out;
}

ms::data block_of(const Note& note, const Frame&) {
    ms::data out = object();
    out.set("style", note.style);
    put(out, "title", note.title);
    ms::data lines = list();
    for (const std::string& text : note.lines) {
        ms::data line = object();
        line.set("parts", parts_of(text));
        lines.push_back(line);
    }
    out.set("lines", lines);
    return out;
}

ms::data block_of(const Links& links, const Frame&) {
    ms::data out = object();
    put(out, "caption", links.caption);
    ms::data all = list();
    for (const Cell& link : links.links)
        all.push_back(cell(link));
    out.set("links", all);
    return out;
}

ms::data block_of(const Prose& prose, const Frame&) {
    ms::data out = object();
    put(out, "caption", prose.caption);
    ms::data lines = list();
    for (const auto& [indent, text] : prose.lines) {
        ms::data line = object();
        line.set("text", text);
        line.set("indent", std::to_string(std::min(indent, 3)));
        lines.push_back(line);
    }
    out.set("lines", lines);
    return out;
}

ms::data block_of(const Verbatim& verbatim, const Frame& frame) {
    ms::data out = object();
    out.set("id", verbatim.id);
    out.set("label", verbatim.label);
    out.set("text", verbatim.text);
    out.set("rows", std::to_string(verbatim.rows));
    out.set("copy", frame.phrases.say("Copy"));
    out.set("copied", frame.phrases.say("Copied"));
    return out;
}

ms::data block_of(const Drawing& drawing, const Frame&) {
    ms::data out = object();
    put(out, "caption", drawing.caption);
    out.set("svg", drawing.svg);
    return out;
}

ms::data block_of(const Picture& picture, const Frame&) {
    ms::data out = object();
    out.set("words", picture.words);
    out.set("source", picture.source);
    return out;
}

ms::data field_of(const Field& from, const std::string& prefix, const Frame& frame) {
    ms::data body = object();
    body.set("name", from.name);
    body.set("id", prefix + from.name);
    body.set("label", from.label);
    body.set("value", from.value);
    put(body, "hint", from.hint);
    put(body, "autocomplete", from.autocomplete);
    if (from.required)
        body.set("required", ms::data(true));
    ms::data out = object();
    if (from.type == "select") {
        ms::data choices = list();
        for (const Choice& choice : from.choices) {
            ms::data one = object();
            one.set("value", choice.value);
            one.set("label", choice.label);
            if (choice.value == from.value)
                one.set("chosen", ms::data(true));
            choices.push_back(one);
        }
        body.set("choices", choices);
    }
    if (!from.required && from.type != "hidden")
        body.set("optional", frame.phrases.say("optional"));
    if (from.type == "select" || from.type == "area" || from.type == "hidden") {
        out.set(from.type, body);
    } else {
        body.set("type", from.type == "date" ? "datetime-local" : from.type);
        if (from.type == "number")
            body.set("more", "min=\"1\" max=\"999999\"");
        out.set("input", body);
    }
    return out;
}

ms::data block_of(const Form& form, const Frame& frame) {
    ms::data out = object();
    put(out, "caption", form.caption);
    out.set("action", form.action);
    out.set("method", form.get ? "get" : "post");
    out.set("style", form.style.empty() ? "stack" : form.style);
    out.set("submit", form.submit);
    if (!form.get)
        put(out, "token", frame.token);
    std::string prefix = "f-";
    for (const char c : form.action)
        prefix += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
    prefix += '-';
    ms::data fields = list();
    for (const Field& field : form.fields)
        fields.push_back(field_of(field, prefix, frame));
    out.set("fields", fields);
    return out;
}

const char* name_of(const Block& block) {
    constexpr const char* kNames[] = {"table",    "facts",   "note",    "links", "prose",
                                      "verbatim", "drawing", "picture", "form"};
    return kNames[block.index()];
}

ms::data languages_of(const Frame& frame) {
    constexpr std::pair<const char*, const char*> kNames[] = {
        {"en", "English"}, {"ja", "日本語"}, {"uk", "Українська"}};
    ms::data out = list();
    for (const auto& [code, name] : kNames) {
        ms::data one = object();
        one.set("code", code);
        one.set("name", name);
        one.set("href", frame.path + "?lang=" + code);
        if (frame.phrases.language() == code)
            one.set("present", ms::data(true));
        out.push_back(one);
    }
    return out;
}

} // namespace

Cell time_cell(Time at) {
    Cell out;
    if (at.seconds != 0)
        out.time = at;
    return out;
}

Cell time_cell(const std::string& text) {
    const auto time = Time::parse(text);
    return time ? time_cell(*time) : Cell{text};
}

std::string url_part(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        out += plain ? std::string(1, c)
                     : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return out;
}

std::string render(const Page& page, const Frame& frame) {
    ms::data root = object();
    const Phrases& p = frame.phrases;
    root.set("lang", p.language());
    root.set("title", page.title);
    put(root, "lead", page.lead);
    root.set("party", frame.party);
    put(root, "banner", frame.banner);
    root.set("skip", p.say("To the page"));
    root.set("registry", p.say("Registry of %1", frame.party));
    root.set("level_text", frame.level_text);
    root.set("level_class", frame.level_class);
    root.set("level_label", p.say("Classification of this page"));
    root.set("languages_label", p.say("Language"));
    root.set("desks_label", p.say("Desks"));
    root.set("times", p.say("Times are in UTC (Z), with the registry's local time beside."));
    root.set("languages", languages_of(frame));
    if (!frame.person.empty()) {
        ms::data person = object();
        person.set("name", frame.person);
        person.set("token", frame.token);
        person.set("sign_out", p.say("Sign out"));
        root.set("person", person);
    }
    if (!frame.bare) {
        ms::data desks = list();
        for (const Cell& desk : frame.desks) {
            ms::data one = object();
            one.set("href", desk.href);
            one.set("text", desk.text);
            put(one, "count", desk.sub);
            if (desk.href == page.desk)
                one.set("present", ms::data(true));
            desks.push_back(one);
        }
        ms::data nav = object();
        nav.set("desks", desks);
        root.set("nav", nav);
    }
    ms::data blocks = list();
    for (const Block& block : page.blocks) {
        ms::data one = object();
        one.set(name_of(block),
                std::visit([&](const auto& value) { return block_of(value, frame); }, block));
        blocks.push_back(one);
    }
    root.set("blocks", blocks);
    // Parsed once for each thread: rendering changes the parsed template.
    thread_local ms::mustache page_template{std::string(embedded("page.mustache"))};
    return page_template.render(root);
}

} // namespace valise::desk
