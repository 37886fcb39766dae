// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/house.h"

#include "base/text.h"
#include "desk/internal/problem.h"

namespace valise::desk {

namespace {

constexpr std::pair<const char*, const char*> kDesks[] = {
    {"/", phrase("Overview")},           {"/reading", phrase("Reading")},
    {"/register", phrase("Register")},   {"/in", phrase("In tray")},
    {"/out", phrase("Out tray")},        {"/release", phrase("Release")},
    {"/duties", phrase("Duties")},       {"/acts", phrase("Acts")},
    {"/forms", phrase("Forms")},         {"/incidents", phrase("Incidents")},
    {"/musters", phrase("Musters")},     {"/inspector", phrase("Inspector")},
    {"/agreement", phrase("Agreement")}, {"/log", phrase("Log")},
    {"/peers", phrase("Peers")},         {"/people", phrase("People")},
    {"/health", phrase("Health")},
};

// How far a level protects, in the own scheme; below all: none.
int rank_of(const agreement::Terms& terms, const std::string& party, const std::string& code) {
    const label::Scheme* scheme = terms.scheme(party);
    const label::Level* level = scheme == nullptr ? nullptr : scheme->by_code(code);
    return level == nullptr ? -1 : level->rank;
}

} // namespace

HttpResponse page_response(const Visit& visit, const Page& page, unsigned status) {
    const auto terms = visit.house.registry.terms();
    const std::string& party = visit.house.registry.party();
    const agreement::Names banner = terms.banner();
    std::string warning = banner.empty() ? std::string() : banner.at(visit.p.language());
    if (visit.house.registry.behind())
        warning = visit.say("Restored from a backup: this registry is closed until it is recovered "
                            "(valise log recover).") +
                  (warning.empty() ? "" : " ") + warning;
    Frame frame{.phrases = visit.p,
                .party = party,
                .banner = warning,
                .path = visit.path,
                .level_text = page.level.empty() ? visit.say("Nothing classified on this page")
                                                 : level_words(visit, terms, party, page.level),
                .level_class = page.level.empty() ? std::string() : level_class(party, page.level),
                .person = visit.who ? visit.who->name : std::string(),
                .token = visit.who ? visit.who->token : std::string(),
                .desks = {},
                .bare = !visit.who};
    if (visit.who)
        for (const auto& [path, name] : kDesks)
            frame.desks.push_back({visit.say(name), path});
    HttpResponse out;
    out.status = status;
    out.content_type = "text/html; charset=utf-8";
    out.body = to_bytes(render(page, frame));
    return out;
}

HttpResponse redirect(const std::string& path) {
    HttpResponse out;
    out.status = 303;
    out.content_type = "text/plain; charset=utf-8";
    out.headers["location"] = path;
    return out;
}

HttpResponse error_page(const Visit& visit, const Error& error) {
    Page page{.title = visit.say("That was not done")};
    std::string what =
        visit.say(error.code() == Code::not_found  ? "There is no such thing here."
                  : error.code() == Code::invalid  ? "The input is not right."
                  : error.code() == Code::refused  ? "This is not allowed here."
                  : error.code() == Code::conflict ? "This does not fit what is already there."
                                                   : "It could not be done just now.");
    page.blocks.push_back(Note{"bad",
                               what,
                               {error.reason() + (error.context().empty() ? "" : ": ") +
                                printable(error.context(), 500)}});
    page.blocks.push_back(Links{"", {{visit.say("Back to the overview"), "/"}}});
    return page_response(visit, page, http_status(error.code()));
}

// The prefix __Host- binds the cookie to this host and to TLS, whatever a neighbour plants.
const char* cookie_name(const House& house) {
    return house.setting.tls ? "__Host-valise" : "valise";
}

std::string cookie_line(const House& house, const char* name, const std::string& value,
                        std::int64_t seconds) {
    std::string out = std::string(name) + "=" + value + "; Path=/; HttpOnly; SameSite=Strict";
    if (house.setting.tls)
        out += "; Secure";
    if (seconds >= 0)
        out += "; Max-Age=" + std::to_string(seconds);
    return out;
}

Cell person_cell(const Visit& visit, const std::string& person) {
    if (person.empty() || person == logbook::kRegistryActor)
        return {person.empty() ? std::string() : visit.word(person)};
    const auto id = PersonId::parse(person);
    const auto account = id ? visit.house.accounts.of(*id) : std::nullopt;
    if (!account)
        return {.text = person, .style = "id"};
    return {.text = account->name, .sub = person, .style = "key"};
}

Cell item_cell(const logbook::Item& item) {
    return {.text = item.number,
            .href = "/register/" + item.id.text(),
            .sub = item.id.text(),
            .style = "key"};
}

std::string level_class(const std::string& party, const std::string& code) {
    std::string out = "level-";
    for (const char c : party)
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    out += '-';
    for (const char c : code)
        out += c == '.' ? '_' : c;
    return out;
}

Cell level_cell(const Visit& visit, const agreement::Terms& terms, const std::string& party,
                const std::string& code) {
    const label::Scheme* scheme = terms.scheme(party);
    const label::Level* level = scheme == nullptr ? nullptr : scheme->by_code(code);
    if (level == nullptr)
        return {.text = code};
    const auto name = level->names.find(visit.p.language());
    const bool other = name != level->names.end() && name->second != level->native;
    return {.text = level->native,
            .sub = other ? name->second : std::string(),
            .style = "level " + level_class(party, code)};
}

std::string level_words(const Visit& visit, const agreement::Terms& terms, const std::string& party,
                        const std::string& code) {
    const Cell cell = level_cell(visit, terms, party, code);
    return cell.sub.empty() ? cell.text : cell.text + " · " + cell.sub;
}

Cell state_cell(const Visit& visit, const std::string& state) {
    constexpr std::string_view kGood[] = {
        "approved", "closed", "acknowledged", "done", "contents_receipted", "contents_receipt_sent",
        "present",  "ok"};
    constexpr std::string_view kBad[] = {"refused", "failed",    "discrepancy", "frozen",
                                         "missing", "cancelled", "overdue"};
    const auto in = [&](std::span<const std::string_view> words) {
        return std::ranges::find(words, state) != words.end();
    };
    return {.text = visit.word(state), .style = in(kGood) ? "good" : in(kBad) ? "bad" : ""};
}

std::string text_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null())
        return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

void shows(Page& page, const agreement::Terms& terms, const std::string& party,
           const logbook::Item& item) {
    // What nobody marked yet has no level of ours: the lowest that the agreement lets it become is
    // not ours to choose, so the highest of the scheme stands until a person has chosen.
    std::string code = logbook::protected_level(item);
    const label::Scheme* scheme = terms.scheme(party);
    if (code.empty() && scheme != nullptr)
        for (const label::Level& level : scheme->levels)
            if (code.empty() || level.rank > rank_of(terms, party, code))
                code = level.code;
    if (page.level.empty() || rank_of(terms, party, code) > rank_of(terms, party, page.level))
        page.level = code;
}

std::string command_line(const Visit& visit, const std::string& words) {
    constexpr std::string_view kName = "{name}"; // of lower-case letters, digits, '.', '-' and '_'
    std::string out = visit.house.setting.command;
    for (auto at = out.find(kName); at != std::string::npos; at = out.find(kName, at))
        out.replace(at, kName.size(), visit.who->name);
    return out + " " + words;
}

Result<ItemId> item_named(const House& house, const std::string& name) {
    if (const auto id = ItemId::parse(name); id && house.registry.state().item(*id) != nullptr)
        return *id;
    registry::ItemQuery query;
    query.number = name;
    query.limit = 1;
    const auto found =
        name.empty() ? Result<registry::Registry::ItemPage>(fail(Code::not_found, "desk.no_item"))
                     : house.registry.items(query);
    if (!found || found->items.empty())
        return fail(Code::not_found, "desk.no_item", printable(name));
    return found->items.front();
}

} // namespace valise::desk
