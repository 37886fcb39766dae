// SPDX-License-Identifier: Apache-2.0
#include "desk/internal/verdict.h"

#include "agreement/explain.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/random.h"
#include "desk/internal/act_fields.h"
#include "desk/internal/next_step.h"
#include "desk/internal/recon_views.h"
#include "label/attributes.h"
#include "label/label_xml.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace valise::desk {

using logbook::ActKind;

namespace {

Result<const logbook::Item*> item_in(const logbook::State& state, const Json& content) {
    TRY_ASSIGN(const auto id, ItemId::parse(text_of(content, "item")));
    const logbook::Item* item = state.item(id);
    if (item == nullptr)
        return fail(Code::not_found, "desk.no_item", id.text());
    return item;
}

//= O-18
// In the label, so that the receiver's marking says it too.
Result<void> label_rights(const Visit& visit, label::Label& label) {
    std::string said = visit.entered(kLabelRights);
    std::ranges::replace(said, ',', ' ');
    std::set<std::string> kinds;
    std::istringstream words(said);
    for (std::string word; words >> word;) {
        const auto kind = std::ranges::find_if(
            label::kRightsKinds, [&](const char* known) { return label::same_value(word, known); });
        if (kind == std::end(label::kRightsKinds))
            return fail(Code::invalid, "desk.rights", "'" + printable(word) + "' is no kind");
        std::ranges::transform(word, word.begin(),
                               [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        kinds.insert(std::move(word));
    }
    if (!kinds.empty())
        label.categories.push_back({label::CategoryType::informative, label::kRights,
                                    std::vector(kinds.begin(), kinds.end()), ""});
    if (const std::string& note = visit.entered(kLabelRightsNote); !note.empty())
        label.categories.push_back(
            {label::CategoryType::informative, label::kRightsNote, {note}, ""});
    return {};
}

// What has no sealed file is labelled here: the label says what its person chose, and nothing of
// the thing itself is in it.
Result<std::string> label_for(const Visit& visit, const agreement::Terms& terms,
                              const Json& content) {
    const label::Scheme* scheme = terms.scheme(visit.house.registry.party());
    const label::Level* level =
        scheme == nullptr ? nullptr : scheme->by_code(text_of(content, "level"));
    if (level == nullptr)
        return fail(Code::invalid, "desk.level", "the own scheme has no such level");
    label::Label label;
    label.policy_id = scheme->policy_id;
    label.policy_uri = scheme->policy_uri;
    label.classification = level->native;
    std::vector<std::string> release;
    for (const auto& party : terms.parties())
        release.push_back(party.code);
    label.categories = {
        {label::CategoryType::permissive, label::kReleasableTo, release, ""},
        {label::CategoryType::informative, "Purpose", {text_of(content, "purpose")}, ""}};
    TRY(label_rights(visit, label));
    label.created = visit.house.registry.now();
    label.review = label.created.plus_days(365);
    TRY_ASSIGN(const std::string xml, label::write_4774(label));
    return to_base64(view(xml));
}

Result<void> complete_release(const logbook::State& state, const agreement::Terms& terms,
                              ActKind kind, Json& content) {
    TRY_ASSIGN(const logbook::Item* const item, item_in(state, content));
    content["release_digest"] =
        to_base64(logbook::release_digest(item->id, item->payload_root, item->label_sha256,
                                          text_of(content, "recipient"), terms.digest()));
    content["terms"] = to_base64(terms.digest());
    if (kind != ActKind::refuse_release)
        content["level"] = item->level;
    return {};
}

} // namespace

Result<void> complete(const Visit& visit, const logbook::State& state,
                      const agreement::Terms& terms, ActKind kind, Json& content) {
    switch (kind) {
    case ActKind::ask_release:
    case ActKind::approve_release:
    case ActKind::refuse_release:
        return complete_release(state, terms, kind, content);
    case ActKind::enter: {
        content["item"] = ItemId::of(crypto::random_bytes(10)).text();
        content["authority"] = state.authority();
        TRY_ASSIGN(content["label"], label_for(visit, terms, content));
        return {};
    }
    case ActKind::copy:
        content["copy"] = CopyId::of(crypto::random_bytes(10)).text();
        return {};
    case ActKind::print:
        if (!content.contains("print"))
            content["print"] = CopyId::of(crypto::random_bytes(10)).text();
        return {};
    case ActKind::container:
        content["container"] = ContainerId::of(crypto::random_bytes(10)).text();
        return {};
    case ActKind::enrol: {
        TRY_ASSIGN(const Bytes key, from_base64(text_of(content, "key")));
        content["person"] = PersonId::of(crypto::sha256(key)).text();
        return {};
    }
    case ActKind::clear:
        content["authority"] = state.authority();
        return {};
    case ActKind::brief: {
        content["person"] = visit.who->person.text();
        content["briefing"] = to_base64(crypto::sha256(view(text_of(content, "briefing"))));
        return {};
    }
    case ActKind::adopt_terms: {
        const std::string text = text_of(content, "text");
        content["adopted"] = to_base64(crypto::sha256(view(text)));
        content["text"] = to_base64(view(text));
        return {};
    }
    case ActKind::reconcile: {
        TRY_ASSIGN(const auto statement, visit.house.registry.propose_reconciliation());
        content = signing_content(statement, visit.house.registry.party());
        return {};
    }
    case ActKind::countersign: {
        const std::string named = text_of(content, "recon");
        TRY_ASSIGN(const auto views, visit.house.registry.reconciliations());
        for (const auto& one : views)
            if (to_base64(one.digest) == named || to_hex(one.digest) == named) {
                content = signing_content(one.statement, visit.house.registry.party());
                return {};
            }
        return fail(Code::not_found, "registry.no_recon", "no statement of this digest");
    }
    case ActKind::remark: {
        TRY_ASSIGN(const logbook::Item* const item, item_in(state, content));
        if (!item->dispatch.empty())
            content["dispatch"] = item->dispatch.text();
        return {};
    }
    case ActKind::contents_receipt: {
        TRY_ASSIGN(const auto id, DispatchId::parse(text_of(content, "dispatch")));
        const logbook::Dispatch* dispatch = state.dispatch(id);
        if (dispatch == nullptr)
            return fail(Code::not_found, "desk.no_dispatch", id.text());
        content["item"] = dispatch->item.text();
        return {};
    }
    case ActKind::pair: {
        TRY_ASSIGN(const auto acceptance,
                   visit.house.registry.consider_invitation(text_of(content, "invitation")));
        content = acceptance.pair_content;
        return {};
    }
    default:
        return {};
    }
}

Result<logbook::Act> act_of(const Visit& visit, const logbook::State& state,
                            const agreement::Terms& terms, ActKind kind, Json content) {
    const logbook::Person* person = state.person(visit.who->person);
    if (person == nullptr || !person->active)
        return fail(Code::refused, "desk.sign_in", "nobody who is active is signed in");
    return logbook::Act::make(kind, visit.house.registry.party(), terms.digest(),
                              visit.house.registry.now(), person->key, std::move(content),
                              crypto::random_array<16>());
}

std::string act_path(ActKind kind, const std::map<std::string, std::string>& members) {
    std::string out = "/acts/" + std::string(to_string(kind));
    char mark = '?';
    for (const auto& [name, value] : members) {
        out += mark + name + "=" + url_part(value);
        mark = '&';
    }
    return out;
}

std::string clause_words(const Visit& visit, std::string_view clause) {
    const auto text = agreement::clause_text(clause, visit.p.language());
    return text ? *text : std::string(clause);
}

namespace {

// Whether the book's own table of states knows such a step for the release now: a clause says what
// is allowed, a table what is possible.
bool possible(const logbook::State& state, const agreement::Terms& terms, ActKind kind,
              const Json& content) {
    using logbook::ReleaseEvent;
    const std::pair<ActKind, ReleaseEvent> steps[] = {
        {ActKind::ask_release, ReleaseEvent::ask},
        {ActKind::approve_release, ReleaseEvent::approve},
        {ActKind::refuse_release, ReleaseEvent::refuse},
        {ActKind::dispatch, ReleaseEvent::reserve}};
    const auto item = ItemId::parse(text_of(content, "item"));
    for (const auto& [act, event] : steps) {
        if (act != kind || !item)
            continue;
        const logbook::Item* found = state.item(*item);
        if (found == nullptr)
            return false;
        const logbook::Release* release = state.release(logbook::release_id(
            logbook::release_digest(*item, found->payload_root, found->label_sha256,
                                    text_of(content, "recipient"), terms.digest())));
        return logbook::next(release == nullptr ? logbook::ReleaseState::none : release->state,
                             event)
            .has_value();
    }
    return true;
}

} // namespace

Cell offered(const Visit& visit, const logbook::State& state, const agreement::Terms& terms,
             ActKind kind, const std::map<std::string, std::string>& members) {
    Cell out{visit.word(to_string(kind)), act_path(kind, members)};
    Json content = Json::object();
    for (const auto& [name, value] : members)
        content[name] = value;
    // Members that the form asks for and no clause looks at: anything stands for them here.
    if (kind == ActKind::refuse_release || kind == ActKind::change_class)
        content["reason"] = "-";
    if (!complete(visit, state, terms, kind, content))
        return out;
    const auto act = act_of(visit, state, terms, kind, std::move(content));
    if (!act)
        return out;
    const auto decision = agreement::decide(terms, state, *act, visit.house.registry.now());
    if (decision.permitted() && !possible(state, terms, kind, act->content())) {
        out.sub = visit.say("Not a step from where the release stands.");
        return out;
    }
    if (decision.permitted()) {
        out.style = "good";
        out.sub = visit.say("The agreement permits it to you.");
        return out;
    }
    out.style = "bad";
    for (const auto& refusal : decision.refusals()) {
        if (!out.sub.empty())
            out.sub += " · ";
        out.sub += clause_words(visit, refusal.clause) + " (" + std::string(refusal.row) + ")";
        if (const std::string given = remedy_words(visit, refusal.clause); !given.empty())
            out.sub += " → " + given;
    }
    return out;
}

Table clauses_table(const Visit& visit, const Json& decision) {
    Table out{visit.say("Clauses consulted"),
              {visit.say("Clause"), visit.say("Row"), visit.say("Finding"), visit.say("Reason")},
              {},
              visit.say("No clause was consulted.")};
    std::vector<Json> clauses = decision.value("clauses", Json::array());
    std::ranges::stable_sort(clauses, {}, [](const Json& clause) {
        const std::string finding = text_of(clause, "finding");
        return finding == "refuse" ? 0 : finding == "duty" ? 1 : finding == "pass" ? 2 : 3;
    });
    for (const Json& clause : clauses) {
        const std::string finding = text_of(clause, "finding");
        if (finding == "not-applicable")
            continue;
        out.rows.push_back({{.text = clause_words(visit, text_of(clause, "clause")),
                             .sub = text_of(clause, "clause"),
                             .style = "clause"},
                            {text_of(clause, "row")},
                            {.text = visit.word(finding),
                             .style = finding == "refuse" ? "bad"
                                      : finding == "duty" ? "warn"
                                                          : "good"},
                            {.text = text_of(clause, "reason"), .style = "id"}});
    }
    return out;
}

} // namespace valise::desk
