// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "adapters/clock/system_clock.h"
#include "agreement/key_list.h"
#include "base/text.h"
#include "commands.h"
#include "crypto/random.h"
#include "envelope/seal.h"
#include "label/attributes.h"
#include "label/json5636.h"
#include "label/label_xml.h"
#include "label/marking.h"
#include "streams.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

namespace valise::cli {

namespace {

struct Options {
    std::string file;
    std::string level;
    std::string purpose;
    std::string title;
    std::string authority;
    std::string mime_type;
    std::string review = "+365d";
    bool reserve_copying = false;
    std::vector<std::string> release;
    std::string form = "electronic";
    std::string serial;
    std::string disclosed_by;
    std::string disclosed_to;
    std::string disclosed_at;
    std::int64_t pages = 0;
    std::int64_t sheets = 0;
    std::string reason;
};

// What describes an item that has no sealed file.
void describe(const Options& options, Json& content) {
    for (const auto& [name, text] :
         {std::pair("serial", &options.serial), std::pair("disclosed_by", &options.disclosed_by),
          std::pair("disclosed_to", &options.disclosed_to),
          std::pair("disclosed_at", &options.disclosed_at)})
        if (!text->empty())
            content[name] = *text;
    if (options.pages > 0)
        content["pages"] = options.pages;
    if (options.sheets > 0)
        content["sheets"] = options.sheets;
}

constexpr const char* kNamespace = "valise.invalid";

struct Labelled {
    label::Label label;
    label::Level level;
    std::string marking;
    envelope::SealRequest request;
};

Result<Labelled> make_label(const Options& options, const agreement::Terms& terms,
                            const std::string& party) {
    const label::Scheme* scheme = terms.scheme(party);
    if (scheme == nullptr)
        return fail(Code::invalid, "cli.answer", "the agreement does not know " + party);
    const label::Level* level = scheme->by_any_name(options.level);
    if (level == nullptr) {
        std::vector<std::string> codes;
        codes.reserve(scheme->levels.size());
        for (const auto& known : scheme->levels)
            codes.push_back(known.code);
        return fail(Code::invalid, "cli.level",
                    party + " has no level '" + printable(options.level) + "'" +
                        suggestion(options.level, codes));
    }
    Labelled out;
    out.level = *level;
    out.label.policy_id = scheme->policy_id;
    out.label.policy_uri = scheme->policy_uri;
    out.label.classification = level->native;
    std::vector<std::string> release = options.release;
    if (release.empty())
        for (const auto& known : terms.parties())
            release.push_back(known.code);
    out.label.categories = {{label::CategoryType::permissive, label::kReleasableTo, release, ""},
                            {label::CategoryType::informative, "Purpose", {options.purpose}, ""}};
    if (options.reserve_copying)
        out.label.categories.push_back(
            {label::CategoryType::informative, label::kReproduction, {label::kReserved}, ""});
    out.label.created = adapters::SystemClock().now();
    TRY_ASSIGN(out.label.review, parse_until(options.review));
    TRY_ASSIGN(out.request.label_xml, label::write_4774(out.label));
    TRY_ASSIGN(out.request.label_5636, label::write_5636(out.label));
    TRY_ASSIGN(out.request.attributes, label::attributes(out.label, *scheme, kNamespace));
    TRY_ASSIGN(out.marking, label::marking(out.label, *scheme, globals().language));
    out.request.mime_type = options.mime_type;
    return out;
}

// Seals on this side, to the registry's own key: no byte of the document reaches the registry or a
// disk in clear.
Result<envelope::SealResult> seal_for_registry(Client& client, const std::string& file,
                                               envelope::SealRequest& request, int spool) {
    TRY_ASSIGN(const Json keys, client.get("/api/v1/keys"));
    TRY_ASSIGN(const std::string text, text_in(keys, "key_list"));
    TRY_ASSIGN(const Bytes bytes, from_base64(text));
    TRY_ASSIGN(const auto list, agreement::KeyList::parse(bytes));
    TRY_ASSIGN(auto key, crypto::WrapPublicKey::parse_der(list.unwrapping));
    request.recipients.push_back({std::move(key), "https://registry.invalid", "", ""});
    TRY_ASSIGN(const auto source, Input::open(file, "sealing"));
    adapters::FileSink sink(spool);
    return envelope::seal(*source, sink, request);
}

struct Sealed {
    std::string blob;
    envelope::SealResult result;
};

Result<Sealed> seal_and_upload(Client& client, const std::string& file,
                               envelope::SealRequest& request) {
    TRY_ASSIGN(auto spool, nameless_file());
    Sealed out;
    TRY_ASSIGN(out.result, seal_for_registry(client, file, request, spool.get()));
    TRY_ASSIGN(const auto whole, adapters::FileSource::over(std::move(spool)));
    TRY_ASSIGN(out.blob, client.upload(*whole));
    return out;
}

//= O-01
Result<Exit> enter(const Options& options) {
    const bool electronic = options.form == "electronic";
    if (electronic == options.file.empty())
        return fail(Code::invalid, "cli.form",
                    electronic ? "an electronic item is a document: name its file"
                               : "an item of this form has no file to seal");
    TRY_ASSIGN(auto acting, Acting::begin());
    Client& client = acting.client;
    TRY_ASSIGN(const auto terms, client.terms());
    TRY_ASSIGN(auto labelled, make_label(options, terms, client.party()));
    std::string authority = options.authority;
    if (authority.empty()) {
        TRY_ASSIGN(authority, text_in(client.status(), "authority"));
    }
    const ItemId item = ItemId::of(crypto::random_bytes(10));
    Json content = {{"item", item.text()},
                    {"level", labelled.level.code},
                    {"purpose", options.purpose},
                    {"title", options.title},
                    {"label", to_base64(view(labelled.request.label_xml))},
                    {"form", options.form},
                    {"authority", authority}};
    describe(options, content);
    std::string payload = options.form;
    Json facts = Json::object();
    if (electronic && globals().dry_run) { // only that there is a sealed file is asked about
        content["blob"] = BlobId::of(crypto::random_bytes(10)).text();
        content["payload_root"] = to_base64(Hash32{});
    } else if (electronic) {
        TRY_ASSIGN(const auto sealed, seal_and_upload(client, options.file, labelled.request));
        const auto& result = sealed.result;
        facts = {{"payload_root", to_base64(result.payload_root)},
                 {"plain_bytes", static_cast<std::int64_t>(result.plain_bytes)}};
        content["blob"] = sealed.blob;
        content.update(facts);
        payload =
            fmt::format("{} bytes, root {}", result.plain_bytes, to_base64(result.payload_root));
    }
    TRY_ASSIGN(Json value, acting.act(logbook::ActKind::enter, std::move(content)));
    const Json result = value.value("result", Json::object());
    value["item"] = item.text();
    value["number"] = result.value("number", "");
    value["marking"] = labelled.marking;
    value["label"] = labelled.request.label_xml;
    value["form"] = options.form;
    value.update(facts);
    return conclude(std::move(value),
                    fmt::format("entered   {} as {}\nmarking   {}\nlabel     {}\npayload   {}",
                                item.text(), shown(result, "number"), labelled.marking,
                                labelled.request.label_xml, payload));
}

Result<Exit> note(logbook::ActKind kind, const std::string& name, const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json item, acting.client.item(name));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    Json content = {{"item", id}, {"reason", options.reason}};
    if (kind == logbook::ActKind::correct) {
        describe(options, content);
        if (!options.title.empty())
            content["title"] = options.title;
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
    return label::received_marking({provider->marking, provider->government}, *level,
                                   original->native, globals().language,
                                   terms.test_mode_only() ? label::Draft::yes : label::Draft::no);
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
    for (const Json& note : item.value("notes", Json::array()))
        lines += fmt::format("{:<9} {} by {}, event {}: {}{}\n", shown(note, "what"),
                             shown(note, "at"), shown(note, "by"), shown(note, "event"),
                             shown(note, "members"), counts(note));
    for (const Json& copy : item.value("copies", Json::array()))
        lines += "copy      " + copy_line(copy) + "\n";
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

void describing_options(Command& command, Options& options) {
    command.option("--pages N", options.pages, "pages of a paper")
        .option("--sheets N", options.sheets, "sheets of a paper")
        .option("--serial TEXT", options.serial, "serial number of equipment; can be shredded")
        .option("--disclosed-by TEXT", options.disclosed_by, "who said or showed it")
        .option("--disclosed-to TEXT", options.disclosed_to, "who heard or saw it")
        .option("--disclosed-at TIME", options.disclosed_at, "when, as 2026-11-24T09:00:00Z");
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
    entering.option("file", options.file, "document; -: standard input; none for other forms")
        .option("--form FORM", options.form, "electronic, paper, equipment, oral or visual")
        .one_of("--form", {"electronic", "paper", "equipment", "oral", "visual"})
        .option("--level LEVEL", options.level, "level by code or name, as gokuhi", Need::required)
        .option("--purpose CODE", options.purpose, "code of the purpose", Need::required)
        .option("--title TEXT", options.title, "title; kept apart, can be shredded", Need::required)
        .option("--release-to PARTY", options.release,
                "party that it may go to; may be repeated; else both of the agreement")
        .option("--authority ID", options.authority, "competent authority; else the registry's")
        .option("--mime-type TYPE", options.mime_type, "what the document is")
        .flag("--reserve-copying", options.reserve_copying,
              "in the label: nobody but the originator makes copies")
        .option("--review TIME", options.review, "review date in the label (+365d)");
    describing_options(entering, options);
    entering.runs([] { return enter(options); });
    Command correcting = item.sub("correct", "say what was wrong in an entry; the entry stays");
    correcting.option("item", name, "id or register number", Need::required)
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded", Need::required)
        .option("--title TEXT", options.title, "the right title; kept apart, can be shredded");
    describing_options(correcting, options);
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
    add_item_review(item);
}

} // namespace valise::cli
