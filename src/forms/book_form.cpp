// SPDX-License-Identifier: Apache-2.0
#include "forms/form.h"
#include "forms/internal/pattern.h"

#include <algorithm>

// Forms of what one registry did by itself: made from its state, so that whoever folds the same
// book comes to the same form.
namespace valise::forms {
namespace {

std::unexpected<Error> nothing(const char* what) {
    return fail(Code::not_found, "forms.nothing", what);
}

// An id or a code, or what stands for "any".
std::string or_all(const std::string& text) {
    return text.empty() ? "all" : text;
}

std::string joined(const std::set<PersonId>& persons) {
    std::string out;
    for (const PersonId& person : persons)
        out += (out.empty() ? "" : ",") + person.text();
    return out.empty() ? "-" : out;
}

Json frame(FormKind kind, const agreement::Terms& terms, const std::string& party) {
    return {{"v", 1},
            {"type", std::string(to_string(kind))},
            {"agreement", terms.id()},
            {"terms", to_base64(terms.digest())},
            {"party", party}};
}

} // namespace

//= O-30
Result<Form> Form::certificate(const agreement::Terms& terms, const std::string& party,
                               const logbook::Item& item, const logbook::CopyHolding& copy) {
    if (copy.state != logbook::CopyState::destroyed || !copy.destruction)
        return nothing("the copy was not destroyed");
    const logbook::Destruction& done = *copy.destruction;
    Json out = frame(FormKind::destruction_certificate, terms, party);
    out["origin"] = item.origin;
    out["reference"] = item.number;
    out["copy"] = copy.id.text();
    out["copy_number"] = copy.number;
    out["form"] = std::string(to_string(copy.form));
    out["level"] = protected_level(item);
    out["pages"] = done.pages;
    out["certificate"] = done.permit;
    out["method"] = done.method;
    out["at"] = done.minute.text();
    out["destroyed_by"] = done.destroyer.text();
    out["witnesses"] = joined(done.witnesses);
    out["certified_by"] = done.certified_by ? done.certified_by->text() : "registry";
    out["remaining"] = done.remaining;
    if (done.modification_report) //= O-31
        out["modification_report"] = to_base64(*done.modification_report);
    return parse(view(canonical_json(out)));
}

//= O-42
//= O-44
Result<Form> Form::incident_report(const agreement::Terms& terms, const std::string& party,
                                   const logbook::Item& item, const logbook::Incident& incident) {
    Json out = frame(FormKind::incident_report, terms, party);
    out["origin"] = item.origin;
    out["reference"] = item.number;
    out["incident"] = incident.id.text();
    out["copy"] = or_all(incident.copy.text());
    out["what"] = std::string(to_string(incident.what));
    out["state"] = std::string(to_string(incident.state));
    out["reported"] = incident.at.text();
    out["at"] = incident.since.text();
    out["report"] = to_base64(incident.enclosed);
    return parse(view(canonical_json(out)));
}

//= O-26
Result<Form> Form::muster_report(const agreement::Terms& terms, const std::string& party,
                                 const logbook::Muster& muster) {
    if (!muster.closed)
        return nothing("the muster is not closed");
    std::set<PersonId> counters;
    for (const auto& [copy, counted] : muster.copies)
        if (counted.finding != logbook::CountFinding::uncounted)
            counters.insert(counted.by);
    Json out = frame(FormKind::muster_report, terms, party);
    out["muster"] = muster.id.text();
    out["of_level"] = or_all(muster.level);
    out["container"] = or_all(muster.container.text());
    out["percent"] = muster.percent;
    out["begun"] = muster.begun.text();
    out["begun_by"] = muster.begun_by.text();
    out["at"] = muster.closed->text();
    out["copies"] = muster.copies.size();
    out["present"] = muster.copies.size() - muster.uncounted - muster.missing;
    out["missing"] = muster.missing;
    out["counters"] = counters.size();
    return parse(view(canonical_json(out)));
}

Result<Form> Form::of_book(FormKind kind, const agreement::Terms& terms,
                           const logbook::State& state, std::string_view subject) {
    if (kind == FormKind::muster_report) {
        TRY_ASSIGN(const auto id, MusterId::parse(subject));
        const logbook::Muster* muster = state.muster(id);
        return muster == nullptr ? nothing("no such muster")
                                 : muster_report(terms, state.party(), *muster);
    }
    if (kind == FormKind::incident_report) {
        TRY_ASSIGN(const auto id, IncidentId::parse(subject));
        const logbook::Incident* incident = state.incident(id);
        const logbook::Item* item = incident == nullptr ? nullptr : state.item(incident->item);
        return item == nullptr ? nothing("no such incident")
                               : incident_report(terms, state.party(), *item, *incident);
    }
    if (kind != FormKind::destruction_certificate)
        return fail(Code::invalid, "forms.kind", "a form of a dispatch, not of the book");
    TRY_ASSIGN(const auto id, CopyId::parse(subject));
    const logbook::CopyHolding* copy = state.copy(id);
    const logbook::Item* item = copy == nullptr ? nullptr : state.item(copy->item);
    return item == nullptr ? nothing("no such copy")
                           : certificate(terms, state.party(), *item, *copy);
}

} // namespace valise::forms
