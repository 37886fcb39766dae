// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "commands.h"
#include "entering.h"
#include "label/marking.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

struct Options {
    Entry entry;
    std::string level; // of a change of class, or a marking
    std::string reason;
};

Result<Exit> enter(const Entry& entry) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const auto terms, acting.client.terms());
    TRY_ASSIGN(Json value, enter_item(acting, terms, entry));
    const std::string payload = value.contains("plain_bytes")
                                    ? fmt::format("{} bytes, root {}", shown(value, "plain_bytes"),
                                                  shown(value, "payload_root"))
                                    : entry.form;
    const std::string lines = fmt::format(
        "entered   {} as {}\nmarking   {}\nlabel     {}\npayload   {}", shown(value, "item"),
        shown(value, "number"), shown(value, "marking"), shown(value, "label"), payload);
    return conclude(std::move(value), lines);
}

Result<Exit> note(logbook::ActKind kind, const std::string& name, const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json item, acting.client.item(name));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    Json content = {{"item", id}, {"reason", options.reason}};
    if (kind == logbook::ActKind::correct) {
        describe(options.entry, content);
        if (!options.entry.title.empty())
            content["title"] = options.entry.title;
        if (content.size() < 3)
            return fail(Code::invalid, "cli.correction", "say what is corrected, as --pages 14");
    }
    TRY_ASSIGN(Json value, acting.act(kind, std::move(content)));
    value["item"] = id;
    return conclude(std::move(value),
                    fmt::format("{} the entry of {}; the entry itself stays",
                                kind == logbook::ActKind::correct ? "corrected" : "cancelled", id));
}

std::string level_words(const Json& item, const char* code, const char* level) {
    const auto shown_level = item.find(level);
    const std::string native = shown_level != item.end() && shown_level->is_object()
                                   ? shown_level->value("native", "")
                                   : std::string();
    return native.empty() ? shown(item, code) : native + " (" + shown(item, code) + ")";
}

std::string item_line(const Json& item) {
    std::string line =
        fmt::format("{}  {}  {}  {}", shown(item, "number"), shown(item, "item"),
                    shown(item, "origin"), level_words(item, "level", "level_shown"));
    if (!item.value("own_level", "").empty())
        line += " = " + level_words(item, "own_level", "own_level_shown");
    line += "  " + shown(item, "purpose");
    if (const std::string form = item.value("form", ""); form != "electronic")
        line += "  " + form;
    const Json entry = item.value("entry", Json::object());
    if (const std::string state = entry.value("state", ""); state != "entered")
        line += "  " + state;
    return line;
}

struct Listing {
    std::map<std::string, std::string> asked; // parameters of /api/v1/items
    std::int64_t limit = 1000;
};

// Page by page, as much as was asked for; what is left, the last line says.
Result<Exit> list(Listing listing) {
    constexpr std::int64_t kPage = 100;
    TRY_ASSIGN(auto client, Client::connect());
    Json items = Json::array();
    Json next;
    std::string lines;
    for (std::int64_t left = std::max<std::int64_t>(1, listing.limit); left > 0;) {
        std::string target = "/api/v1/items?limit=" + std::to_string(std::min(left, kPage));
        for (const auto& [name, value] : listing.asked)
            if (!value.empty())
                target += "&" + name + "=" + percent_encoded(value);
        TRY_ASSIGN(const Json page, client.get(target));
        for (const Json& item : page.value("items", Json::array())) {
            lines += item_line(item) + "\n";
            items.push_back(item);
            --left;
        }
        next = page.value("next", Json());
        if (!next.is_string())
            break;
        listing.asked["after"] = next.get<std::string>();
    }
    if (next.is_string())
        lines += fmt::format("there are more: --after {}\n", listing.asked["after"]);
    answer({{"v", 1}, {"items", std::move(items)}, {"next", next}},
           lines.empty() ? "nothing in the register is like that" : lines);
    return Exit::done;
}

//= O-10
// The receiver's marking stands beside the untouched original.
Result<std::string> received_marking(Client& client, const Json& item) {
    TRY_ASSIGN(const auto terms, client.terms());
    TRY_ASSIGN(const std::string origin, text_in(item, "origin"));
    const auto* provider = terms.party(origin);
    const auto* own = terms.party(client.party());
    if (provider == nullptr || own == nullptr || provider == own)
        return std::string();
    const auto* level = own->scheme.by_code(item.value("own_level", ""));
    const auto* original = provider->scheme.by_code(item.value("level", ""));
    if (level == nullptr || original == nullptr)
        return std::string();
    TRY_ASSIGN(
        std::string marking,
        label::received_marking({provider->marking, provider->government}, *level, original->native,
                                globals().language,
                                terms.test_mode_only() ? label::Draft::yes : label::Draft::no));
    std::set<std::string> kinds;
    for (const Json& kind : item.value("rights", Json::array()))
        kinds.insert(kind.get<std::string>());
    TRY_ASSIGN(const std::string rights, label::rights_words(kinds, globals().language));
    return rights.empty() ? marking : marking + " - " + rights;
}

Result<Exit> show(const std::string& name) {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(Json item, client.item(name));
    TRY_ASSIGN(const std::string marking, received_marking(client, item));
    if (!marking.empty())
        item["marking"] = marking;
    std::string lines = item_line(item) + "\n";
    if (!marking.empty())
        lines += "marking   " + marking + "\n";
    //= O-13: what was signed stays readable beside what counts now.
    if (item.value("label_level", "") != item.value("level", ""))
        lines += fmt::format("class     {} since the originator's change; the label says {}\n",
                             shown(item, "level"), shown(item, "label_level"));
    if (!item.value("change", "").empty())
        lines +=
            fmt::format("pending   to be marked anew after notice {}\n", shown(item, "change"));
    for (const Json& incident : item.value("incidents", Json::array()))
        lines += fmt::format("incident  {} {}: {}\n", shown(incident, "incident"),
                             shown(incident, "what"), shown(incident, "state"));
    for (const Json& notice : item.value("notices", Json::array()))
        lines += fmt::format("told      {} {} to {}: {}\n", shown(notice, "notice"),
                             shown(notice, "level"), shown(notice, "peer"), shown(notice, "state"));
    lines += fmt::format("label     of {}, sha256 {}\nentered   {} by {}\nroot      {}\n",
                         shown(item, "origin"), shown(item, "label_sha256"), shown(item, "entered"),
                         shown(item, "entered_by"), shown(item, "payload_root"));
    const auto counts = [](const Json& of) {
        std::string text;
        for (const char* member : {"pages", "sheets"})
            if (of.contains(member) && of.at(member).is_number())
                text += fmt::format(", {} {}", shown(of, member), member);
        return text;
    };
    lines += fmt::format("form      {}{}\n", shown(item, "form"), counts(item));
    if (!item.value("former", "").empty())
        lines += "taken over as " + shown(item, "former") + "\n";
    for (const Json& source : item.value("sources", Json::array()))
        lines += fmt::format("made      as {} of {}\n", shown(item, "made_as"),
                             source.get<std::string>());
    if (item.contains("note") && item.at("note").is_string())
        lines += "note      " + shown(item, "note") + "\n";
    for (const Json& note : item.value("notes", Json::array()))
        lines += fmt::format("{:<9} {} by {}, event {}: {}{}\n", shown(note, "what"),
                             shown(note, "at"), shown(note, "by"), shown(note, "event"),
                             shown(note, "members"), counts(note));
    for (const Json& copy : item.value("copies", Json::array()))
        lines += "copy      " + copy_line(copy) + "\n";
    for (const Json& exported : item.value("exported", Json::array()))
        lines += fmt::format("out       copy {} with {} for the client {}, since {}\n",
                             shown(exported, "copy_number"), shown(exported, "person"),
                             shown(exported, "client"), shown(exported, "minute"));
    for (const Json& release : item.value("releases", Json::array()))
        lines += fmt::format("release   {} to {}: {}, {} approvals\n", shown(release, "release"),
                             shown(release, "recipient"), shown(release, "state"),
                             release.value("approvals", Json::array()).size());
    answer(std::move(item), lines);
    return Exit::done;
}

// Where several own levels answer to the originator's, a person chooses one of them.
Result<Exit> mark(const std::string& name, const std::string& level) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json item, acting.client.item(name));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    Json content = {{"item", id}, {"level", level}};
    if (const std::string dispatch = item.value("dispatch", ""); !dispatch.empty())
        content["dispatch"] = dispatch;
    TRY_ASSIGN(Json value, acting.act(logbook::ActKind::remark, std::move(content)));
    value["item"] = id;
    return conclude(std::move(value), fmt::format("marked {} as {}", id, level));
}

void describing_options(Command& command, Entry& entry) {
    command.option("--pages N", entry.pages, "pages of a paper")
        .option("--sheets N", entry.sheets, "sheets of a paper")
        .option("--serial TEXT", entry.serial, "serial number of equipment; can be shredded")
        .option("--disclosed-by TEXT", entry.disclosed_by, "who said or showed it")
        .option("--disclosed-to TEXT", entry.disclosed_to, "who heard or saw it")
        .option("--disclosed-at TIME", entry.disclosed_at, "when, as 2026-11-24T09:00:00Z");
}

void add_listing(Command& item) {
    static Listing listing;
    Command listed = item.sub("list", "the items in the order of the register");
    for (const auto& [option, name, help] :
         std::initializer_list<std::tuple<const char*, const char*, const char*>>{
             {"--number NUMBER", "number", "the one of this register number"},
             {"--level CODE", "level", "those of this level, the originator's or our own"},
             {"--purpose CODE", "purpose", "those of this purpose"},
             {"--origin PARTY", "origin", "those that this party originated"},
             {"--form FORM", "form", "those of this form, as paper"},
             {"--entry STATE", "entry", "those whose entry is entered, corrected or cancelled"},
             {"--direction WAY", "direction", "out: entered here; in: received"},
             {"--entered-by PERSON", "entered_by", "those that this person entered, by id"},
             {"--after NUMBER", "after", "those behind this register number"}})
        listed.option(option, listing.asked[name], help);
    listed.option("--limit N", listing.limit, "at most this many (1000)");
    listed.runs([] { return list(listing); });
}

//= O-13
Result<Exit> change_class(const std::string& name, const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json item, acting.client.item(name));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    TRY_ASSIGN(Json value,
               acting.act(logbook::ActKind::change_class,
                          {{"item", id}, {"level", options.level}, {"reason", options.reason}}));
    value["item"] = id;
    return conclude(std::move(value), fmt::format("class of {} is now {}", id, options.level));
}

} // namespace

void add_item(Command& root) {
    static Options options;
    static std::string name;
    Command item = root.sub("item", "classified items in the register");
    Command entering =
        item.sub("enter", "enter an item; a document is sealed to the registry first");
    entering.option("file", options.entry.file, "document; -: standard input; none for other forms")
        .option("--form FORM", options.entry.form, "electronic, paper, equipment, oral or visual")
        .one_of("--form", {"electronic", "paper", "equipment", "oral", "visual"})
        .option("--level LEVEL", options.entry.level, "level by code or name, as gokuhi",
                Need::required)
        .option("--purpose PURPOSE", options.entry.purpose, "purpose by code or name",
                Need::required)
        .option("--title TEXT", options.entry.title, "title; kept apart, can be shredded",
                Need::required)
        .option("--release-to PARTY", options.entry.release,
                "party that it may go to; may be repeated; else both of the agreement")
        .option("--authority ID", options.entry.authority,
                "competent authority; else the registry's")
        .option("--mime-type TYPE", options.entry.mime_type, "what the document is")
        .flag("--reserve-copying", options.entry.reserve_copying,
              "in the label: nobody but the originator makes copies")
        .option("--right KIND", options.entry.rights,
                "in the label: private rights in it; may be repeated")
        .one_of("--right", {"copyright", "patent", "trade-secret", "other"})
        .option("--rights-note TEXT", options.entry.rights_note,
                "in the label: how private rights in it are respected")
        .option("--rights-ground TEXT", options.entry.rights_ground,
                "whose leave or what law, where a source bears private rights; kept apart")
        .option("--source ITEM", options.entry.sources,
                "item that it was made out of, id or register number; may be repeated")
        .option("--made-as WORD", options.entry.made_as, "derivative, extract or translation")
        .one_of("--made-as", {"derivative", "extract", "translation"})
        .option("--language CODE", options.entry.language, "of a translation: the one it is in")
        .option("--former NUMBER", options.entry.former,
                "its number in a register that was taken over")
        .option("--review TIME", options.entry.review, "review date in the label (+365d)");
    describing_options(entering, options.entry);
    entering.runs([] { return enter(options.entry); });
    Command correcting = item.sub("correct", "say what was wrong in an entry; the entry stays");
    correcting.option("item", name, "id or register number", Need::required)
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded", Need::required)
        .option("--title TEXT", options.entry.title,
                "the right title; kept apart, can be shredded");
    describing_options(correcting, options.entry);
    correcting.runs([] { return note(logbook::ActKind::correct, name, options); });
    Command cancelling = item.sub("cancel", "cancel an entry made by mistake; the entry stays");
    cancelling.option("item", name, "id or register number", Need::required)
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded",
                Need::required);
    cancelling.runs([] { return note(logbook::ActKind::cancel, name, options); });
    add_listing(item);
    Command showing = item.sub("show", "one item");
    showing.option("item", name, "id or register number", Need::required);
    showing.runs([] { return show(name); });
    Command marking = item.sub("mark", "choose the own level of a received item");
    marking.option("item", name, "id or register number", Need::required)
        .option("--level LEVEL", options.level, "code of an own level", Need::required);
    marking.runs([] { return mark(name, options.level); });
    Command changing = item.sub("change-class", "give an item that originated here another class");
    changing.option("item", name, "id or register number", Need::required)
        .option("--level LEVEL", options.level, "code of the new level", Need::required)
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded",
                Need::required);
    changing.runs([] { return change_class(name, options); });
    add_item_open(item);
    add_item_export(item);
    add_item_import(item);
    add_item_review(item);
}

} // namespace valise::cli
