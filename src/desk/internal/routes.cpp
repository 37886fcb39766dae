// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/routes.h"

#include "crypto/hash.h"
#include "crypto/random.h"
#include "desk/internal/printed_forms.h"
#include "desk/internal/problem.h"
#include "desk/internal/recon_views.h"
#include "desk/internal/reports.h"
#include "desk/internal/views.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace valise::desk {

namespace {

HttpResponse bytes_response(Bytes bytes, const char* type) {
    HttpResponse response;
    response.content_type = type;
    response.body = std::move(bytes);
    response.headers["cache-control"] = "no-store";
    return response;
}

Result<std::uint64_t> number(const std::string& text) {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size())
        return fail(Code::invalid, "desk.number", "the path wants a number");
    return out;
}

// One page of the register: what is asked for, from where on, and how many at most.
Result<registry::ItemQuery> item_query(const std::map<std::string, std::string>& query) {
    constexpr std::uint64_t kMost = 1000;
    registry::ItemQuery out;
    const std::map<std::string_view, std::string*> words = {
        {"number", &out.number},       {"level", &out.level}, {"purpose", &out.purpose},
        {"origin", &out.origin},       {"form", &out.form},   {"entry", &out.entry},
        {"direction", &out.direction}, {"after", &out.after}, {"entered_by", &out.entered_by}};
    for (const auto& [name, value] : query) {
        if (const auto word = words.find(name); word != words.end()) {
            *word->second = value;
            continue;
        }
        if (name == "order" && (value == "number" || value == "newest")) {
            out.newest = value == "newest";
            continue;
        }
        if (name != "limit")
            return fail(Code::invalid, "desk.query", "items know no parameter of this name");
        TRY_ASSIGN(const std::uint64_t limit, number(value));
        out.limit = static_cast<std::size_t>(std::clamp<std::uint64_t>(limit, 1, kMost));
    }
    return out;
}

constexpr std::int64_t kLargestVolume = std::int64_t{1} << 44;

} // namespace

// The handlers, as a friend of Api.
struct Routes {
    static Result<HttpResponse> health(const Api&, const Call&) {
        return json_response({{"v", 1}, {"alive", true}});
    }
    static Result<HttpResponse> ready(const Api& api, const Call&) {
        Json body = api.registry_.health();
        body["v"] = 1;
        return json_response(body, body.at("ready").get<bool>() ? 200 : 503);
    }
    static Result<HttpResponse> doctor(const Api& api, const Call&) {
        Json body = api.registry_.health();
        body["v"] = 1;
        body["link"] = api.link_();
        return json_response(body);
    }
    static Result<HttpResponse> schema(const Api&, const Call&) {
        return json_response(Api::openapi());
    }
    static Result<HttpResponse> status(const Api& api, const Call&) {
        Json body = status_json(api.registry_, api.link_());
        body["client_url"] = api.client_url_;
        return json_response(body);
    }
    static Result<HttpResponse> agreement(const Api& api, const Call&) {
        return bytes_response(api.registry_.terms_text(), "application/toml");
    }
    static Result<HttpResponse> keys(const Api& api, const Call&) {
        return json_response({{"v", 1}, {"key_list", to_base64(api.registry_.key_list().bytes())}});
    }
    static Result<HttpResponse> act(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto done, api.registry_.perform(call.request.body));
        return json_response(answer_json(done));
    }
    static Result<HttpResponse> considered(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto act, logbook::Act::parse(call.request.body));
        TRY_ASSIGN(const auto considered, api.registry_.consider(act));
        return json_response(considered_json(considered));
    }
    static Result<HttpResponse> containers(const Api& api, const Call&) {
        const auto state = api.registry_.state();
        Json list = Json::array();
        for (const auto& [id, container] : state.containers())
            list.push_back(container_json(state, container, api.registry_.terms()));
        return json_response({{"v", 1}, {"containers", list}});
    }
    static Result<HttpResponse> laws(const Api& api, const Call&) {
        return json_response(laws_json(api.registry_.state()));
    }
    // Api::open_upload() takes these before their body is read; here nothing is left of one.
    static Result<HttpResponse> upload(const Api&, const Call&) {
        return fail(Code::invalid, "desk.upload", "a sealed file is uploaded as a stream");
    }
    static Result<HttpResponse> sealed(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto permit, number(call.parts[0]));
        TRY_ASSIGN(auto file, api.registry_.opened_blob(permit));
        HttpResponse response = bytes_response({}, "application/octet-stream");
        response.file_bytes = file->size();
        response.file = std::move(file);
        return response;
    }
    static Result<HttpResponse> pack(const Api& api, const Call& call) {
        TRY_ASSIGN(const Json body, parse_json(call.request.body));
        TRY_ASSIGN(auto reader, ObjectReader::over(body, "bag to pack"));
        TRY_ASSIGN(const std::int64_t most, reader.integer("volume_bytes", 1, kLargestVolume));
        TRY_ASSIGN(const bool documents, reader.boolean("documents"));
        TRY(reader.done());
        TRY_ASSIGN(const auto packed,
                   api.registry_.pack_bag(static_cast<std::uint64_t>(most), documents));
        return json_response(packed_json(packed));
    }
    static Result<HttpResponse> volume(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto blob, BlobId::parse(call.parts[0]));
        TRY_ASSIGN(auto file, api.registry_.bag_volume(blob));
        HttpResponse response = bytes_response({}, "application/octet-stream");
        response.file_bytes = file->size();
        response.file = std::move(file);
        return response;
    }
    // The key in the body is public: what it opens, only who keeps its other half can read.
    static Result<HttpResponse> backup(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto to, crypto::WrapPublicKey::parse_der(call.request.body));
        HttpResponse response = bytes_response({}, "application/octet-stream");
        TRY_ASSIGN(response.stream, api.registry_.backup(to));
        return response;
    }
    static Result<HttpResponse> recovery(const Api& api, const Call&) {
        return json_response(recovery_json(api.registry_));
    }
    static Result<HttpResponse> recover(const Api& api, const Call&) {
        TRY_ASSIGN(Json body, api.registry_.recover());
        body["v"] = 1;
        return json_response(body);
    }
    static Result<HttpResponse> discard(const Api& api, const Call&) {
        TRY(api.registry_.discard_bag());
        return json_response({{"v", 1}});
    }
    static Result<HttpResponse> unpack(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto blob, BlobId::parse(call.parts[0]));
        TRY_ASSIGN(const auto unpacked, api.registry_.unpack_volume(blob));
        return json_response(unpacked_json(unpacked));
    }
    static Result<HttpResponse> outcome(const Api& api, const Call& call, bool shown) {
        TRY_ASSIGN(const auto permit, number(call.parts[0]));
        TRY(api.registry_.opened(permit, shown));
        return json_response({{"v", 1}, {"outcome", shown ? "done" : "failed"}});
    }
    static Result<HttpResponse> shown(const Api& api, const Call& call) {
        return outcome(api, call, true);
    }
    static Result<HttpResponse> failed(const Api& api, const Call& call) {
        return outcome(api, call, false);
    }
    static Result<HttpResponse> items(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto query, item_query(call.query));
        TRY_ASSIGN(const auto page, api.registry_.items(query));
        Json list = Json::array();
        for (const ItemId& id : page.items)
            list.push_back(item_json(page.state, *page.state.item(id), api.registry_.terms()));
        return json_response(
            {{"v", 1}, {"items", list}, {"next", page.next.empty() ? Json() : Json(page.next)}});
    }
    static Result<HttpResponse> item(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto id, ItemId::parse(call.parts[0]));
        const auto state = api.registry_.state();
        const logbook::Item* found = state.item(id);
        if (found == nullptr)
            return fail(Code::not_found, "desk.no_item", id.text());
        Json body = item_json(state, *found, api.registry_.terms());
        body["v"] = 1;
        return json_response(body);
    }
    static Result<HttpResponse> copy(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto id, CopyId::parse(call.parts[0]));
        const auto state = api.registry_.state();
        const logbook::CopyHolding* found = state.copy(id);
        if (found == nullptr)
            return fail(Code::not_found, "desk.no_copy", id.text());
        Json body = copy_json(state, *found);
        body["v"] = 1;
        return json_response(body);
    }
    static Result<HttpResponse> musters(const Api& api, const Call&) {
        const auto state = api.registry_.state();
        Json list = Json::array();
        for (const auto& [id, muster] : state.musters())
            list.push_back(muster_json(muster));
        return json_response({{"v", 1}, {"musters", list}});
    }
    static Result<HttpResponse> muster(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto id, MusterId::parse(call.parts[0]));
        const auto state = api.registry_.state();
        const logbook::Muster* found = state.muster(id);
        if (found == nullptr)
            return fail(Code::not_found, "desk.no_muster", id.text());
        Json body = muster_with_copies_json(state, *found);
        body["v"] = 1;
        return json_response(body);
    }
    static Result<HttpResponse> dispatches(const Api& api, const Call&) {
        TRY_ASSIGN(const auto all, api.registry_.dispatches());
        Json list = Json::array();
        for (const auto& entry : all)
            list.push_back(dispatch_json(entry));
        return json_response({{"v", 1}, {"dispatches", list}});
    }
    static Result<HttpResponse> dispatch(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto id, DispatchId::parse(call.parts[0]));
        TRY_ASSIGN(const auto all, api.registry_.dispatches());
        for (const auto& entry : all) {
            if (entry.dispatch.id != id)
                continue;
            Json body = dispatch_json(entry);
            body["v"] = 1;
            return json_response(body);
        }
        return fail(Code::not_found, "desk.no_dispatch", id.text());
    }
    static Result<HttpResponse> duties(const Api& api, const Call&) {
        Json list = Json::array();
        for (const auto& duty : api.registry_.duties())
            list.push_back(duty_json(duty));
        return json_response({{"v", 1}, {"duties", list}});
    }
    static Result<HttpResponse> notices(const Api& api, const Call&) {
        TRY_ASSIGN(const auto all, api.registry_.notices());
        Json list = Json::array();
        for (const auto& entry : all)
            list.push_back(notice_json(entry));
        return json_response({{"v", 1}, {"notices", list}});
    }
    static Result<HttpResponse> notice(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto id, NoticeId::parse(call.parts[0]));
        TRY_ASSIGN(const std::string enclosed, api.registry_.enclosed(id));
        TRY_ASSIGN(const auto all, api.registry_.notices());
        Json body = Json::object();
        for (const auto& entry : all)
            if (entry.notice.id == id)
                body = notice_json(entry);
        body["enclosed"] = enclosed;
        const auto state = api.registry_.state();
        if (const auto* entry = state.notice(id))
            body["answer_now"] = answer_now(state, *entry);
        body["v"] = 1;
        return json_response(body);
    }
    static Result<HttpResponse> controls(const Api& api, const Call&) {
        return json_response(controls_json(api.registry_));
    }
    static Result<HttpResponse> incidents(const Api& api, const Call&) {
        const auto state = api.registry_.state();
        Json list = Json::array();
        for (const auto& [id, incident] : state.incidents())
            list.push_back(incident_json(incident));
        return json_response({{"v", 1}, {"incidents", list}});
    }
    static Result<HttpResponse> people(const Api& api, const Call&) {
        const auto state = api.registry_.state();
        Json list = Json::array();
        for (const auto& [id, person] : state.persons())
            list.push_back(person_json(person));
        return json_response({{"v", 1}, {"people", list}});
    }
    static Result<HttpResponse> facilities(const Api& api, const Call&) {
        return json_response(
            {{"v", 1},
             {"facilities", facilities_json(api.registry_.state(), api.registry_.now())}});
    }
    static Result<HttpResponse> report(const Api& api, const Call& call) {
        const auto as_of = call.query.find("as_of");
        return report_response(api.registry_, call.parts[0],
                               as_of == call.query.end() ? std::string() : as_of->second);
    }
    static Result<HttpResponse> form(const Api& api, const Call& call) {
        TRY_ASSIGN(const Json body, form_json(api.registry_, call.parts[0], call.parts[1]));
        return json_response(body);
    }
    static Result<HttpResponse> invitation(const Api& api, const Call& call) {
        const auto endpoint = call.query.find("endpoint");
        if (endpoint == call.query.end() || endpoint->second.empty())
            return fail(Code::invalid, "desk.query", "endpoint=host:port is missing");
        TRY_ASSIGN(const std::string text, api.registry_.invitation(endpoint->second));
        return bytes_response(to_bytes(text), "application/json");
    }
    static Result<HttpResponse> consider(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto acceptance,
                   api.registry_.consider_invitation(to_text(call.request.body)));
        return json_response({{"v", 1},
                              {"peer", acceptance.peer},
                              {"endpoint", acceptance.endpoint},
                              {"fingerprint", acceptance.fingerprint},
                              {"pair_content", acceptance.pair_content}});
    }
    static Result<HttpResponse> clients(const Api& api, const Call&) {
        TRY_ASSIGN(const auto all, api.registry_.clients());
        Json list = Json::array();
        for (const registry::Client& client : all)
            list.push_back({{"client", client.id},
                            {"person", client.person.text()},
                            {"class", std::string(registry::to_string(client.rule))},
                            {"subject", client.subject},
                            {"added", client.added.text()}});
        return json_response({{"v", 1}, {"clients", list}});
    }
    // The secret is shown once, here; what is kept cannot be turned back into it.
    static Result<HttpResponse> add_client(const Api& api, const Call& call) {
        TRY_ASSIGN(const Json body, parse_json(call.request.body, {.bytes = 4096, .depth = 3}));
        TRY_ASSIGN(auto reader, ObjectReader::over(body, "client"));
        registry::Client client;
        TRY_ASSIGN(client.id, reader.text("client", 64));
        TRY_ASSIGN(const std::string person, reader.text("person", 64));
        TRY_ASSIGN(client.person, PersonId::parse(person));
        TRY_ASSIGN(const std::string rule, reader.text("class", 16));
        TRY_ASSIGN(client.rule, registry::parse_client_class(rule));
        TRY_ASSIGN(const auto subject, reader.optional_text("subject", 256));
        client.subject = subject.value_or("");
        TRY(reader.done());
        const std::string secret = to_base64url(crypto::random_bytes(32));
        client.secret = crypto::sha256(view(secret));
        const std::string id = client.id;
        TRY(api.registry_.add_client(std::move(client)));
        return json_response({{"v", 1}, {"client", id}, {"secret", secret}});
    }
    static Result<HttpResponse> remove_client(const Api& api, const Call& call) {
        TRY(api.registry_.remove_client(call.parts[0]));
        return json_response({{"v", 1}, {"client", call.parts[0]}});
    }
    static Result<HttpResponse> checkpoints(const Api& api, const Call&) {
        const auto list = api.registry_.key_list();
        Json out = {{"v", 1},
                    {"private",
                     {{"checkpoint", api.registry_.checkpoint(registry::LogName::private_log)},
                      {"origin", list.private_log.origin},
                      {"vkeys", list.private_log.vkeys}}},
                    {"shared",
                     {{"checkpoint", api.registry_.checkpoint(registry::LogName::shared_log)},
                      {"origin", list.shared_log.origin},
                      {"vkeys", list.shared_log.vkeys}}},
                    {"witness", {{"name", list.witness.origin}, {"vkeys", list.witness.vkeys}}}};
        if (list.mirror)
            out["mirror"] = {{"name", list.mirror->origin}, {"vkeys", list.mirror->vkeys}};
        return json_response(out);
    }
    static Result<const Pages*> desks(const Api& api) {
        if (api.pages_ == nullptr)
            return fail(Code::conflict, "desk.no_desks",
                        "this registry has no desks: its registry.toml has no [people]");
        return api.pages_;
    }
    static Result<HttpResponse> accounts(const Api& api, const Call&) {
        TRY_ASSIGN(const Pages* const pages, desks(api));
        Json list = Json::array();
        for (const Account& account : pages->accounts())
            list.push_back({{"person", account.person.text()},
                            {"name", account.name},
                            {"way", std::string(to_string(account.way))},
                            {"initial", account.initial}});
        return json_response({{"v", 1}, {"accounts", list}});
    }
    static Result<HttpResponse> make_account(const Api& api, const Call& call) {
        TRY_ASSIGN(const Pages* const pages, desks(api));
        TRY_ASSIGN(const Json body, parse_json(call.request.body, {.bytes = 4096}));
        TRY_ASSIGN(auto reader, ObjectReader::over(body, "account"));
        TRY_ASSIGN(const std::string person_text, reader.text("person", 64));
        TRY_ASSIGN(const PersonId person, PersonId::parse(person_text));
        GivenAccount given;
        TRY_ASSIGN(given.name, reader.text("name", 64));
        TRY_ASSIGN(const auto way, reader.optional_text("way", 32));
        if (way == to_string(Way::openid)) {
            given.way = Way::openid;
            TRY_ASSIGN(given.issuer, reader.text("issuer", 512));
            TRY_ASSIGN(given.subject, reader.text("subject", 255));
        } else if (way == to_string(Way::certificate)) {
            given.way = Way::certificate;
            TRY_ASSIGN(given.pin, reader.hash("pin"));
        } else if (way && way != to_string(Way::password)) {
            return fail(Code::invalid, "desk.account_way", "password, openid or certificate");
        }
        TRY(reader.done());
        TRY_ASSIGN(const Json made, pages->make_account(person, std::move(given)));
        return json_response(made);
    }
    static Result<HttpResponse> end_account(const Api& api, const Call& call) {
        TRY_ASSIGN(const Pages* const pages, desks(api));
        TRY_ASSIGN(const PersonId person, PersonId::parse(call.parts[0]));
        TRY(pages->end_account(person));
        return json_response({{"v", 1}, {"person", person.text()}});
    }
    static Result<HttpResponse> prepared(const Api& api, const Call& call) {
        TRY_ASSIGN(const Pages* const pages, desks(api));
        TRY_ASSIGN(const auto act, pages->prepared(call.parts[0]));
        return json_response({{"v", 1}, {"act", to_base64(act.bytes())}});
    }
    static Result<HttpResponse> handed_in(const Api& api, const Call& call) {
        TRY_ASSIGN(const Pages* const pages, desks(api));
        TRY_ASSIGN(const Json answer, pages->hand_in(call.parts[0], call.request.body));
        return json_response(answer);
    }
    static Result<HttpResponse> recons(const Api& api, const Call&) {
        TRY_ASSIGN(const Json body, recons_json(api.registry_));
        return json_response(body);
    }
    static Result<HttpResponse> recon(const Api& api, const Call& call) {
        TRY_ASSIGN(const Json body, recon_json(api.registry_, call.parts[0]));
        return json_response(body);
    }
    static Result<HttpResponse> recon_proposal(const Api& api, const Call&) {
        TRY_ASSIGN(const Json body, proposal_json(api.registry_));
        return json_response(body);
    }
    static Result<HttpResponse> recon_file(const Api& api, const Call& call) {
        TRY_ASSIGN(const Hash32 digest, recon_digest(call.parts[0]));
        TRY_ASSIGN(Bytes bytes, api.registry_.export_reconciliation(digest));
        return bytes_response(std::move(bytes), "application/json");
    }
    static Result<HttpResponse> recon_absence(const Api& api, const Call& call) {
        TRY_ASSIGN(const Hash32 digest, recon_digest(call.parts[0]));
        const auto asked = [&](const char* name) {
            const auto found = call.query.find(name);
            return found == call.query.end() ? std::string() : found->second;
        };
        TRY_ASSIGN(const Hash32 link, recon_digest(asked("link")));
        TRY_ASSIGN(Bytes bytes,
                   api.registry_.prove_absent(digest, asked("way"), asked("list"), link));
        return bytes_response(std::move(bytes), "application/json");
    }
    static Result<HttpResponse> receipt_file(const Api& api, const Call& call) {
        TRY_ASSIGN(const auto dispatch, DispatchId::parse(call.parts[0]));
        const bool custody = call.parts[1] == "custody";
        if (!custody && call.parts[1] != "contents")
            return fail(Code::invalid, "desk.query", "the receipts are custody and contents");
        TRY_ASSIGN(Bytes bytes, api.registry_.export_receipt(
                                    dispatch, custody ? logbook::ActKind::custody_receipt
                                                      : logbook::ActKind::contents_receipt));
        return bytes_response(std::move(bytes), "application/json");
    }
    static Result<HttpResponse> evidence(const Api& api, const Call& call) {
        const auto given = [&](const char* name) {
            const auto found = call.query.find(name);
            return found == call.query.end() ? std::string() : found->second;
        };
        TRY_ASSIGN(const auto withheld,
                   registry::Withholding::parse(given("ground"), given("events"), given("kinds"),
                                                given("items"), given("persons")));
        TRY_ASSIGN(Bytes bytes, api.registry_.export_evidence(withheld));
        return bytes_response(std::move(bytes), "application/json");
    }
};

std::span<const Route> routes() {
    static constexpr auto kRoutes = std::to_array<Route>({
        {"GET", "/healthz", "The process answers", Routes::health, "alive"},
        {"GET", "/readyz", "200 when it can sign and deliver now, else 503", Routes::ready,
         "health"},
        {"GET", "/api/v1/openapi.json", "This description", Routes::schema, "application/json"},
        {"GET", "/api/v1/status", "Party, agreement, peer", Routes::status, "status"},
        {"GET", "/api/v1/agreement", "The agreement's file", Routes::agreement, "application/toml"},
        {"GET", "/api/v1/keys", "The key list of this party", Routes::keys, "keys"},
        {"POST", "/api/v1/acts", "A signed act: decided, recorded, done", Routes::act, "act-answer",
         "application/octet-stream"},
        {"POST", "/api/v1/acts/consider",
         "What would be decided about an act, unsigned; records nothing", Routes::considered,
         "considered", "application/json"},
        {"POST", "/api/v1/blobs", "A sealed file, before the act that enters it", Routes::upload,
         "blob", "application/octet-stream"},
        {"GET", "/api/v1/opens/{permit}/sealed", "The sealed file of a permitted reading",
         Routes::sealed, "application/octet-stream"},
        {"POST", "/api/v1/opens/{permit}/shown", "The reader saw it", Routes::shown, "reading"},
        {"POST", "/api/v1/opens/{permit}/failed", "The reader could not see it", Routes::failed,
         "reading"},
        {"GET", "/api/v1/items", "Items in the order of the register, a page at a time",
         Routes::items, "items", nullptr,
         "number? level? purpose? origin? form? entry? direction? entered_by? order? after? "
         "limit?"},
        {"GET", "/api/v1/items/{item}", "One item", Routes::item, "item"},
        {"GET", "/api/v1/copies/{copy}", "One copy, and of which item it is", Routes::copy, "copy"},
        {"GET", "/api/v1/dispatches", "Dispatches, both ways", Routes::dispatches, "dispatches"},
        {"GET", "/api/v1/dispatches/{dispatch}", "One dispatch", Routes::dispatch, "dispatch"},
        {"GET", "/api/v1/musters", "Musters and spot checks", Routes::musters, "musters"},
        {"GET", "/api/v1/musters/{muster}", "One muster, with every copy that it looks for",
         Routes::muster, "muster"},
        {"GET", "/api/v1/containers", "Storage places and what lies in them, without names",
         Routes::containers, "containers"},
        {"GET", "/api/v1/laws", "Laws under which each party protects, in their newest editions",
         Routes::laws, "laws"},
        {"GET", "/api/v1/duties", "What is due or overdue, and by which clause", Routes::duties,
         "duties"},
        {"GET", "/api/v1/notices", "Notices, both ways", Routes::notices, "notices"},
        {"GET", "/api/v1/notices/{notice}", "One notice, with the text that it encloses",
         Routes::notice, "notice"},
        {"GET", "/api/v1/controls", "What its originator keeps control of, both ways",
         Routes::controls, "controls"},
        {"GET", "/api/v1/incidents", "Incidents, reported here or told by the peer",
         Routes::incidents, "incidents"},
        {"GET", "/api/v1/people", "Persons by id and key, without names", Routes::people, "people"},
        {"GET", "/api/v1/facilities", "Facilities, and who is in office now", Routes::facilities,
         "facilities"},
        {"GET", "/api/v1/forms/{form}/{subject}",
         "A form of a dispatch, copy, incident or muster, to be printed", Routes::form,
         "form-answer"},
        {"GET", "/api/v1/reports/{book}", "A book of the registry, now or as of a past moment",
         Routes::report, "application/x-ndjson", nullptr, "as_of?"},
        {"GET", "/api/v1/peer/invitation",
         "The invitation for the peer, who reaches us at endpoint (host:port)", Routes::invitation,
         "application/json", nullptr, "endpoint"},
        {"POST", "/api/v1/peer/consider", "What accepting an invitation would confirm",
         Routes::consider, "acceptance", "application/json"},
        {"POST", "/api/v1/courier/pack", "What is due to the peer, packed into volumes of a bag",
         Routes::pack, "packed", "application/json"},
        {"GET", "/api/v1/courier/volumes/{blob}", "A volume of the bag that was packed last",
         Routes::volume, "application/octet-stream"},
        {"POST", "/api/v1/courier/discard", "The bag was fetched", Routes::discard, "discarded"},
        {"POST", "/api/v1/courier/unpack/{blob}", "A volume of the peer's bag, uploaded before",
         Routes::unpack, "unpacked"},
        {"GET", "/api/v1/recovery",
         "Whether the book lacks what was signed, and what was lost before", Routes::recovery,
         "recovery"},
        {"POST", "/api/v1/recovery",
         "Does what a signed act \"recover\" permits, or goes on with it", Routes::recover,
         "recovered"},
        {"POST", "/api/v1/backup",
         "A backup of everything but keys, sealed to the recipient key in the body", Routes::backup,
         "application/octet-stream", "application/octet-stream"},
        {"GET", "/api/v1/clients", "Clients of the OpenTDF listener, and for whom each acts",
         Routes::clients, "clients"},
        {"POST", "/api/v1/clients", "Registers a client; its secret is told once",
         Routes::add_client, "client-secret", "application/json"},
        {"POST", "/api/v1/clients/{client}/remove", "Forgets a client", Routes::remove_client,
         "client-removed"},
        {"GET", "/api/v1/log/checkpoints", "Newest checkpoints and keys of both logs",
         Routes::checkpoints, "checkpoints"},
        {"GET", "/api/v1/desk/accounts", "Who can sign in at the desks", Routes::accounts,
         "accounts"},
        {"POST", "/api/v1/desk/accounts", "An account of a person, or the same made anew",
         Routes::make_account, "account-made", "application/json"},
        {"POST", "/api/v1/desk/accounts/{person}/end", "The person signs in no more",
         Routes::end_account, "account-ended"},
        {"GET", "/api/v1/desk/acts/{code}", "The act that a page shows under this code",
         Routes::prepared, "prepared-act"},
        {"POST", "/api/v1/desk/acts/{code}", "That act, signed, as if it were pasted into its page",
         Routes::handed_in, "act-answer", "application/octet-stream"},
        {"GET", "/api/v1/recons", "Statements on both logs, ours and theirs", Routes::recons,
         "recons"},
        {"GET", "/api/v1/recon/proposal", "What both logs say now", Routes::recon_proposal,
         "recon-answer"},
        {"GET", "/api/v1/recons/{recon}", "One statement on both logs", Routes::recon,
         "recon-answer"},
        {"GET", "/api/v1/recons/{recon}/file", "The statement with the leaves of both logs",
         Routes::recon_file, "application/json"},
        {"GET", "/api/v1/recons/{recon}/absence", "That no transfer of a link is in a list",
         Routes::recon_absence, "application/json", nullptr, "link way list"},
        {"GET", "/api/v1/dispatches/{dispatch}/receipts/{receipt}", "A receipt file",
         Routes::receipt_file, "application/json"},
        {"GET", "/api/v1/evidence", "The evidence file", Routes::evidence, "application/json",
         nullptr, "ground? events? kinds? items? persons?"},
        {"GET", "/api/v1/doctor", "What works and what does not", Routes::doctor, "health"},
    });
    return kRoutes;
}

} // namespace valise::desk
