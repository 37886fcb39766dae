// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desk/internal/phrases.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

// A page as a value: what stands on it, and nothing of how it looks. The template escapes every
// text; only a Drawing is put in as it is, and it is made of numbers and of words of our own.
namespace valise::desk {

struct Cell {
    std::string text = {};
    std::string href = {};
    std::string sub = {};   // a second, smaller line
    std::string style = {}; // "id", "good", "bad", "warn", "level level-gokuhi", "number"
    std::optional<Time> time = {};
    std::string live = {}; // the dispatch whose progress the text is, kept up to date by script
};

// A time in UTC, with the local one beside it; nothing of Time{}.
Cell time_cell(Time at);
// "2026-11-30T08:51:00Z", as the views have it; null or empty: nothing.
Cell time_cell(const std::string& text);

struct Table {
    std::string caption;
    std::vector<std::string> headings;
    std::vector<std::vector<Cell>> rows;
    std::string empty = {}; // what is said where there are no rows
    std::string next = {};  // where the next page is
    std::string first = {}; // where the first page is, when this is another
    bool live = false;      // says, by script, when something is under way that it does not show
};

struct Facts {
    std::string caption;
    std::vector<std::pair<std::string, Cell>> lines;
};

struct Note {
    std::string style; // "plain", "good", "bad", "warn"
    std::string title;
    std::vector<std::string> lines;
};

struct Links {
    std::string caption;
    std::vector<Cell> links;
};

// Sentences, indented as they were.
struct Prose {
    std::string caption;
    std::vector<std::pair<int, std::string>> lines;
};

struct Verbatim { // to be copied
    std::string id;
    std::string label;
    std::string text;
    int rows = 5;
};

struct Drawing {
    std::string caption;
    std::string svg;
};

struct Picture {       // an image of ours, from these pages
    std::string words; // in place of it, for who does not see it
    std::string source;
};

struct Choice {
    std::string value;
    std::string label;
};
struct Field {
    std::string name;
    std::string label;
    std::string type = "text"; // text, password, number, date, select, area, hidden
    std::string value = {};
    std::string hint = {};
    bool required = false;
    std::vector<Choice> choices = {};
    std::string autocomplete = {};
};
struct Form {
    std::string caption;
    std::string action;
    std::string submit;
    std::vector<Field> fields;
    bool get = false;       // a question: no token, the fields stand in the address
    std::string style = {}; // "row": a filter in one line
};

using Block = std::variant<Table, Facts, Note, Links, Prose, Verbatim, Drawing, Picture, Form>;

struct Page {
    std::string title;
    std::string lead = {};
    std::string desk = {}; // which line of the desks' list is this one
    std::vector<Block> blocks = {};
    std::string level = {}; // code of the own scheme, the highest of what is shown; empty: none
};

// What surrounds every page.
struct Frame {
    const Phrases& phrases;
    std::string party;
    std::string banner;
    std::string path;       // of this page, for the switch of languages
    std::string level_text; // words of the page's level
    std::string level_class;
    std::string person; // name; empty: nobody is signed in
    std::string token;
    std::vector<Cell> desks;
    bool bare = false; // without the list of desks
};

std::string render(const Page& page, const Frame& frame);

// For a link: what is no letter, digit, '-', '.', '_' or '~' as %XX.
std::string url_part(std::string_view text);

} // namespace valise::desk
