// SPDX-License-Identifier: Apache-2.0
#include "acting.h"
#include "adapters/files/files.h"
#include "commands.h"
#include "crypto/hash.h"
#include "crypto/random.h"

#include <fmt/core.h>

namespace valise::cli {

namespace {

using logbook::ActKind;

struct Options {
    std::string item;
    std::string copy;
    std::string form = "paper";
    std::string container;
    std::string person;
    std::string purpose;
    std::string due;
    std::string method;
    std::string reference;
    std::string place;
    std::string reason;
    std::string finding;
    std::string note;
    std::string rights_ground;
    std::string modification_report;
    std::int64_t pages = 0;
};

constexpr std::size_t kReportMax = 64 << 20;
constexpr const char* kCopyHelp = "id (cpy-…), or item and copy number as JPN-2026-0001/2";
constexpr const char* kPagesHelp = "pages that were counted";
constexpr const char* kMethodHelp = "as burning, shredding, pulping, erasure or modification";

// The members that every act about one copy has.
Result<Json> about(Client& client, const Options& options) {
    TRY_ASSIGN(const Json copy, client.copy(options.copy));
    Json content = {{"item", copy.at("item")}, {"copy", copy.at("copy")}};
    if (options.pages > 0)
        content["pages"] = options.pages;
    return content;
}

void add_texts(Json& content,
               std::initializer_list<std::pair<const char*, const std::string*>> members) {
    for (const auto& [name, value] : members)
        if (!value->empty())
            content[name] = *value;
}

Result<Exit> perform(Acting& acting, ActKind kind, Json content, std::string_view what) {
    const std::string copy = content.at("copy").get<std::string>();
    const std::string item = content.at("item").get<std::string>();
    TRY_ASSIGN(Json value, acting.act(kind, std::move(content)));
    value["item"] = item;
    value["copy"] = copy;
    return conclude(std::move(value), fmt::format("{} {}", what, copy));
}

//= O-32
// The new copy bears what the item bears, and its own number.
Result<Exit> make(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(const Json item, acting.client.item(options.item));
    TRY_ASSIGN(const std::string id, text_in(item, "item"));
    const std::string copy = CopyId::of(crypto::random_bytes(10)).text();
    Json content = {
        {"item", id}, {"copy", copy}, {"form", options.form}, {"reason", options.reason}};
    if (options.pages > 0)
        content["pages"] = options.pages;
    add_texts(content, {{"rights_ground", &options.rights_ground}});
    TRY_ASSIGN(Json value, acting.act(ActKind::copy, std::move(content)));
    const Json result = value.value("result", Json::object());
    const std::string marking =
        item.value("marking", Json::object()).value(globals().language, std::string());
    value["copy"] = copy;
    value["marking"] = marking;
    return conclude(std::move(value),
                    fmt::format("copy      {} is {}/{}\nmarking   {}", copy, shown(item, "number"),
                                shown(result, "copy_number"), marking));
}

Result<Exit> store(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(Json content, about(acting.client, options));
    add_texts(content, {{"container", &options.container}});
    return perform(acting, ActKind::store, std::move(content), "stored");
}

Result<Exit> issue(const Options& options) {
    TRY_ASSIGN(const std::string reader, person_named(options.person));
    TRY_ASSIGN(const Time due, parse_until(options.due));
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(Json content, about(acting.client, options));
    content.update({{"person", reader}, {"purpose", options.purpose}, {"due", due.text()}});
    return perform(acting, ActKind::issue, std::move(content), "issued to " + reader + ":");
}

Result<Exit> take_back(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(Json content, about(acting.client, options));
    add_texts(content, {{"note", &options.note}});
    return perform(acting, ActKind::take_back, std::move(content), "taken back");
}

Result<Exit> witness(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(Json content, about(acting.client, options));
    content["method"] = options.method;
    return perform(acting, ActKind::witness_destruction, std::move(content),
                   "signed to take part in destroying");
}

//= I10
Result<Exit> destroy(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(Json content, about(acting.client, options));
    content.update(
        {{"method", options.method}, {"reference", options.reference}, {"place", options.place}});
    add_texts(content, {{"reason", &options.reason}});
    const std::string copy = content.at("copy").get<std::string>();
    TRY_ASSIGN(Json value, acting.act(ActKind::destroy, std::move(content)));
    const Json result = value.value("result", Json::object());
    const bool gone = value.contains("done") && value.at("done").is_number();
    value["copy"] = copy;
    return conclude(
        std::move(value),
        fmt::format("certificate {}: {} {}", shown(result, "certificate"), copy,
                    gone ? "is destroyed"
                         : "may be destroyed now; who is there then runs valise copy certify"));
}

Result<Exit> certify(const Options& options) {
    TRY_ASSIGN(auto acting, Acting::begin());
    TRY_ASSIGN(Json content, about(acting.client, options));
    content["finding"] = options.finding;
    add_texts(content, {{"note", &options.note}});
    //= O-31
    // The report stays with who wrote it; the book holds what nobody can change it against.
    if (!options.modification_report.empty()) {
        TRY_ASSIGN(const Bytes report,
                   adapters::read_file(options.modification_report, kReportMax));
        content["modification_report"] = to_base64(crypto::sha256(report));
    }
    return perform(acting, ActKind::certify_destruction, std::move(content),
                   "certified as " + options.finding + ":");
}

void add_keeping(Command& copy, Options& options) {
    Command making = copy.sub("make", "order one more copy of an item; it gets the next number");
    making.option("item", options.item, "id or register number", Need::required)
        .option("--form FORM", options.form, "paper or electronic (paper)")
        .one_of("--form", {"paper", "electronic"})
        .option("--pages N", options.pages,
                "pages that were counted; without them, paper is to be printed by its reader")
        .option("--reason TEXT", options.reason, "the order and what it is for; kept apart",
                Need::required)
        .option("--rights-ground TEXT", options.rights_ground,
                "whose leave or what law, where private rights stand on it; kept apart");
    making.runs([&options] { return make(options); });
    Command storing = copy.sub("store", "put a copy into a container, or back into the registry");
    storing.option("copy", options.copy, kCopyHelp, Need::required)
        .option("--in CONTAINER", options.container, "id (cnt-…); else the registry");
    storing.runs([&options] { return store(options); });
    Command issuing = copy.sub("issue", "hand a copy to a cleared reader, until a day");
    issuing.option("copy", options.copy, kCopyHelp, Need::required)
        .option("--to PERSON", options.person, "id (per-…) or key file", Need::required)
        .option("--purpose CODE", options.purpose, "code of the purpose", Need::required)
        .option("--due TIME", options.due, "2027-01-31, a full time, or +14d", Need::required);
    issuing.runs([&options] { return issue(options); });
    Command taking = copy.sub("take-back", "take a copy back from its reader, counted");
    taking.option("copy", options.copy, kCopyHelp, Need::required)
        .option("--pages N", options.pages, kPagesHelp)
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    taking.runs([&options] { return take_back(options); });
}

void add_destroying(Command& copy, Options& options) {
    Command witnessing =
        copy.sub("witness", "sign to take part in destroying a copy, within a day from now");
    witnessing.option("copy", options.copy, kCopyHelp, Need::required)
        .option("--method METHOD", options.method, kMethodHelp, Need::required)
        .option("--pages N", options.pages, kPagesHelp);
    witnessing.runs([&options] { return witness(options); });
    Command destroying = copy.sub("destroy", "destroy a copy; a sealed file is deleted at once");
    destroying.option("copy", options.copy, kCopyHelp, Need::required)
        .option("--method METHOD", options.method, kMethodHelp, Need::required)
        .option("--reference TEXT", options.reference, "authority for it; kept apart",
                Need::required)
        .option("--place TEXT", options.place, "where; kept apart", Need::required)
        .option("--pages N", options.pages, kPagesHelp)
        .option("--reason TEXT", options.reason, "why; kept apart, can be shredded");
    destroying.runs([&options] { return destroy(options); });
    Command certifying =
        copy.sub("certify", "say of paper or equipment what came of its destruction");
    certifying.option("copy", options.copy, kCopyHelp, Need::required)
        .option("--finding FINDING", options.finding, "destroyed or kept", Need::required)
        .one_of("--finding", {"destroyed", "kept"})
        .option("--modification-report FILE", options.modification_report,
                "of equipment that was modified: the report, named by its digest")
        .option("--note TEXT", options.note, "kept apart, can be shredded");
    certifying.runs([&options] { return certify(options); });
}

//= I6
Result<Exit> show(const Options& options) {
    TRY_ASSIGN(auto client, Client::connect());
    TRY_ASSIGN(const Json copy, client.copy(options.copy));
    answer(copy, copy_line(copy));
    return Exit::done;
}

} // namespace

std::string copy_line(const Json& copy) {
    std::string line = fmt::format("{} {} {} {}", shown(copy, "number"), shown(copy, "copy"),
                                   shown(copy, "form"), shown(copy, "state"));
    if (!copy.value("place", "").empty())
        line += " at " + shown(copy, "place");
    if (copy.contains("due") && copy.at("due").is_string())
        line += " until " + shown(copy, "due");
    const auto destruction = copy.find("destruction");
    if (destruction != copy.end() && destruction->is_object())
        line += fmt::format(
            ", certificate {}: {} by {} and {} witnesses, {}", shown(*destruction, "certificate"),
            shown(*destruction, "method"), shown(*destruction, "destroyer"),
            destruction->value("witnesses", Json::array()).size(), shown(*destruction, "minute"));
    return line;
}

void add_copy(Command& root) {
    static Options options;
    Command copy = root.sub("copy", "copies: made, stored, issued, taken back, destroyed");
    Command showing = copy.sub("show", "where a copy is, and what became of it");
    showing.option("copy", options.copy, kCopyHelp, Need::required);
    showing.runs([] { return show(options); });
    add_keeping(copy, options);
    add_destroying(copy, options);
}

} // namespace valise::cli
