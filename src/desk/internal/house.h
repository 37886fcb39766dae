// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desk/internal/once.h"
#include "desk/internal/page.h"
#include "desk/internal/readings.h"
#include "desk/internal/sessions.h"
#include "desk/internal/streams.h"
#include "desk/internal/throttle.h"
#include "desk/pages.h"

#include <atomic>

namespace valise::desk {

struct House {
    registry::Registry& registry;
    Accounts& accounts;
    const Clock& clock;
    Pages::Setting setting;
    Sessions sessions = {};
    Throttle throttle = {};
    Readings readings = {};
    Streams streams = {};
    std::atomic<bool> closing = false; // the listener stops: streams end
    // What came back, each way on its own: who fills one does not shut the other.
    Once flows_once = {};
    Once challenges_once = {};
    // Fresh at each start: of the token of the sign-in form, of flows and challenges, told apart by
    // what the text under it begins with.
    Bytes secret = {};
};

// One request, by whom, in which language.
struct Visit {
    House& house;
    const HttpRequest& request;
    std::string path;
    std::map<std::string, std::string> query;
    std::vector<std::string> parts; // what stands at "{}" in the pattern
    const Phrases& p;
    std::map<std::string, std::string> form = {};
    std::optional<Sessions::Seen> who = {};
    std::string visitor = {}; // the cookie of somebody who is not signed in

    std::string say(std::string_view english) const { return p.say(english); }
    std::string word(std::string_view code) const { return p.word(code); }
    // Empty when absent.
    const std::string& asked(const std::string& name) const;
    const std::string& entered(const std::string& name) const;
};

HttpResponse page_response(const Visit& visit, const Page& page, unsigned status = 200);
HttpResponse redirect(const std::string& path);
// An error as a page, in words and with its reason id.
HttpResponse error_page(const Visit& visit, const Error& error);
// The name of the cookie of a session.
const char* cookie_name(const House& house);
std::string cookie_line(const House& house, const char* name, const std::string& value,
                        std::int64_t seconds);

// --- cells that many desks show ------------------------------------------------------------------
Cell person_cell(const Visit& visit, const std::string& person); // an id or "registry"
Cell item_cell(const logbook::Item& item);
// A level in its own script, and in the reader's language under it.
Cell level_cell(const Visit& visit, const agreement::Terms& terms, const std::string& party,
                const std::string& code);
// The words of one level, "極秘 · Secret"; empty: no such level.
std::string level_words(const Visit& visit, const agreement::Terms& terms, const std::string& party,
                        const std::string& code);
std::string level_class(const std::string& party, const std::string& code);
Cell state_cell(const Visit& visit, const std::string& state);
std::string text_of(const Json& object, const char* name); // "" where it is null or absent
// The page shows this item: its banner says the highest level of them.
void shows(Page& page, const agreement::Terms& terms, const std::string& party,
           const logbook::Item& item);

// What the person who is signed in types to have `words` done by `valise`.
std::string command_line(const Visit& visit, const std::string& words);

// The item of this id or register number. Errors: not_found desk.no_item.
Result<ItemId> item_named(const House& house, const std::string& name);

} // namespace valise::desk
