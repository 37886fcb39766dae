// SPDX-License-Identifier: Apache-2.0
#include "agreement/terms_toml.h"

#include "agreement/internal/terms_reader.h"
#include "base/text.h"
#include "crypto/hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace valise::agreement {
namespace {

constexpr std::size_t kMaxParties = 8;
constexpr std::size_t kMaxCandidates = 8;
constexpr std::size_t kMaxRows = 512;

// At most `max` of the rows; more are a problem, and the rest is not looked at.
std::span<const TomlValue> bounded(const TomlValue::Array& rows, std::size_t max, const char* what,
                                   Problems& problems) {
    if (rows.size() <= max)
        return rows;
    problems.push_back(
        {rows[max].line, "base.toml_range", fmt::format("more than {} of '{}'", max, what)});
    return std::span(rows).first(max);
}

} // namespace

Names TermsReader::names(const TomlValue& table, const std::string& where) {
    TomlReader reader(table, where, problems_);
    Names out;
    for (const char* language : kLanguages)
        out[language] = reader.text(language);
    reader.done();
    return out;
}

Provenance TermsReader::provenance(TomlReader& reader, const std::string& where) {
    Provenance out{reader.text("source"), reader.boolean("verified"), {}, reader.line()};
    if (reader.has("grade"))
        out.grade = reader.one_of("grade", {"V", "S", "F", "U", "own proposal"});
    if (out.verified && !out.grade.empty() && out.grade != "V")
        reader.problem(reader.line_of("grade"), "agreement.unverified",
                       fmt::format("{} is verified, so its grade is V", where));
    if (terms_.status_ == Status::confirmed && reader.has("verified") && !out.verified)
        reader.problem(reader.line_of("verified"), "agreement.unverified",
                       fmt::format("{} is not verified, so the terms cannot be confirmed", where));
    return out;
}

Period TermsReader::period(TomlReader& reader) {
    Period out{reader.date("valid_from"), reader.optional_date("valid_to")};
    if (out.to && *out.to < out.from)
        reader.problem(reader.line_of("valid_to"), "agreement.period",
                       "valid_to lies before valid_from");
    return out;
}

void TermsReader::head(TomlReader& root) {
    root.integer("format", 1, 1);
    terms_.id_ = root.text("id", 64);
    terms_.version_ = static_cast<int>(root.integer("version", 1, 1'000'000));
    terms_.status_ = root.one_of("status", {"draft", "confirmed"}) == "confirmed"
                         ? Status::confirmed
                         : Status::draft;
    TomlReader title(root.table("title"), "title", problems_);
    for (const char* language : kLanguages)
        terms_.title_[language] = title.text(language);
    terms_.title_provenance_ = provenance(title, "title");
    title.done();
    TomlReader validity(root.table("validity"), "validity", problems_);
    terms_.signed_on_ = validity.optional_date("signed");
    terms_.validity_ = period(validity);
    terms_.validity_provenance_ = provenance(validity, "validity");
    validity.done();
}

void TermsReader::authority(Party& party, const TomlValue& table) {
    TomlReader reader(table, "authority", problems_);
    Authority out;
    out.id = reader.text("id", 64);
    out.name = names(reader.table("name"), "authority.name");
    out.valid = period(reader);
    out.provenance = provenance(reader, "authority " + out.id);
    reader.done();
    party.authorities.push_back(std::move(out));
}

void TermsReader::level(Party& party, const TomlValue& table) {
    TomlReader reader(table, "level", problems_);
    label::Level out;
    out.code = reader.text("code", 64);
    out.native = reader.text("native");
    out.romanised = reader.text("romanised");
    out.rank = static_cast<int>(reader.integer("rank", 1, 1000));
    out.color = reader.text("color", 7);
    out.names = names(reader.table("name"), "level.name");
    party.levels[out.code] = provenance(reader, "level " + out.code);
    reader.done();
    party.scheme.levels.push_back(std::move(out));
}

void TermsReader::scheme(Party& party, const TomlValue& table) {
    TomlReader reader(table, "scheme", problems_);
    party.scheme.policy_id = reader.text("policy_id", 128);
    party.scheme.policy_uri = reader.text("policy_uri", 128);
    provenance(reader, "scheme");
    for (const TomlValue& row : bounded(reader.tables("level", 1), 32, "level", problems_))
        level(party, row);
    reader.done();
}

void TermsReader::party(const TomlValue& table) {
    TomlReader reader(table, "party", problems_);
    Party out;
    out.code = reader.text("code", kMaxPartyCode);
    out.name = names(reader.table("name"), "party.name");
    out.marking = names(reader.table("marking"), "party.marking");
    out.government = names(reader.table("government"), "party.government");
    out.provenance = provenance(reader, "party " + out.code);
    for (const TomlValue& row : bounded(reader.tables("authority", 1), 64, "authority", problems_))
        authority(out, row);
    scheme(out, reader.table("scheme"));
    reader.done();
    terms_.parties_.push_back(std::move(out));
}

void TermsReader::candidate(const TomlValue& table) {
    TomlReader reader(table, "candidate", problems_);
    Candidate out;
    out.id = reader.text("id", 64);
    out.in_use = reader.boolean("in_use");
    out.name = names(reader.table("name"), "candidate.name");
    out.provenance = provenance(reader, "candidate " + out.id);
    reader.done();
    terms_.candidates_.push_back(std::move(out));
}

void TermsReader::equivalence(const TomlValue& table) {
    TomlReader reader(table, "equivalence", problems_);
    Equivalence out;
    TomlReader from(reader.table("from"), "equivalence.from", problems_);
    out.from_party = from.text("party", kMaxPartyCode);
    out.from_level = from.text("level", 64);
    from.done();
    TomlReader to(reader.table("to"), "equivalence.to", problems_);
    out.to_party = to.text("party", kMaxPartyCode);
    out.to_levels = to.texts("levels", 32);
    to.done();
    out.needs_person = reader.boolean("needs_person");
    out.valid = period(reader);
    out.provenance = provenance(reader, "equivalence");
    auto& candidates = terms_.candidates_;
    if (candidates.empty()) {
        terms_.equivalences_.push_back(std::move(out));
    } else {
        const std::string id = reader.text("candidate", 64);
        const auto owner = std::ranges::find(candidates, id, &Candidate::id);
        if (owner == candidates.end()) {
            reader.problem(reader.line(), "agreement.candidate", "no candidate '" + id + "'");
        } else {
            owner->equivalences.push_back(out);
            if (owner->in_use)
                terms_.equivalences_.push_back(std::move(out));
        }
    }
    reader.done();
}

void TermsReader::purpose(const TomlValue& table) {
    TomlReader reader(table, "purpose", problems_);
    Purpose out;
    out.code = reader.text("code", 64);
    out.name = names(reader.table("name"), "purpose.name");
    out.provenance = provenance(reader, "purpose " + out.code);
    reader.done();
    terms_.purposes_.push_back(std::move(out));
}

template<class Value, class Read>
void TermsReader::by_level(TomlReader& group, const char* rows,
                           std::map<std::string, Value> Party::* values, const char* reason,
                           Read read) {
    for (const TomlValue& row : bounded(group.tables(rows, 1), kMaxRows, rows, problems_)) {
        TomlReader entry(row, rows, problems_);
        const std::string code = entry.text("party", kMaxPartyCode);
        const std::string level = entry.text("level", 64);
        Value value = read(entry);
        entry.done();
        const auto owner = std::ranges::find(terms_.parties_, code, &Party::code);
        if (owner == terms_.parties_.end() || owner->scheme.by_code(level) == nullptr ||
            !((*owner).*values).emplace(level, std::move(value)).second)
            entry.problem(entry.line(), reason,
                          fmt::format("{}: {} / {} is unknown or stated twice", rows, code, level));
    }
}

void TermsReader::release(const TomlValue& table) {
    TomlReader reader(table, "release", problems_);
    terms_.release_provenance_ = provenance(reader, "release");
    by_level(reader, "persons", &Party::release_persons, "agreement.release_persons",
             // Fewer than two persons would let one release alone; no terms can say so.
             [](TomlReader& row) { return static_cast<int>(row.integer("persons", 2, 9)); });
    reader.done();
}

void TermsReader::reproduction(const TomlValue& table) {
    TomlReader reader(table, "reproduction", problems_);
    terms_.copies_provenance_ = provenance(reader, "reproduction");
    by_level(reader, "copies", &Party::copies, "agreement.copies",
             [](TomlReader& row) { return static_cast<int>(row.integer("copies", 0, 999)); });
    reader.done();
}

void TermsReader::destruction(const TomlValue& table) {
    TomlReader reader(table, "destruction", problems_);
    terms_.destruction_provenance_ = provenance(reader, "destruction");
    by_level(reader, "rules", &Party::destruction, "agreement.destruction", [](TomlReader& row) {
        DestructionRule rule;
        rule.persons = static_cast<int>(row.integer("persons", 1, 9));
        for (const auto form :
             {logbook::Form::electronic, logbook::Form::paper, logbook::Form::equipment})
            rule.methods[form] = row.texts(std::string(to_string(form)).c_str(), 16);
        return rule;
    });
    reader.done();
}

//= O-17
void TermsReader::protection(const TomlValue& table) {
    TomlReader reader(table, "protection", problems_);
    terms_.protection_provenance_ = provenance(reader, "protection");
    by_level(reader, "controls", &Party::controls, "agreement.controls", [](TomlReader& row) {
        const auto controls = row.texts("controls", 16);
        return std::set<std::string>(controls.begin(), controls.end());
    });
    reader.done();
}

void TermsReader::circulation_review(TomlReader& root) {
    TomlReader circulation(root.table("circulation"), "circulation", problems_);
    terms_.circulation_.issue_days = static_cast<int>(circulation.integer("issue_days", 1, 366));
    terms_.circulation_.provenance = provenance(circulation, "circulation");
    circulation.done();

    TomlReader review(root.table("review"), "review", problems_);
    terms_.review_.months = static_cast<int>(review.integer("months", 1, 120));
    terms_.review_.provenance = provenance(review, "review");
    review.done();
}

void TermsReader::muster(const TomlValue& table) {
    TomlReader reader(table, "muster", problems_);
    MusterTerms& m = terms_.muster_;
    by_level(reader, "months", &Party::muster, "agreement.muster",
             [](TomlReader& row) { return static_cast<int>(row.integer("months", 1, 120)); });
    m.spot_percent = static_cast<int>(reader.integer("spot_percent", 0, 99));
    m.spot_days = static_cast<int>(reader.integer("spot_days", 1, 366));
    m.provenance = provenance(reader, "muster");
    reader.done();
}

void TermsReader::link_receipt_inspection(TomlReader& root) {
    TomlReader link(root.table("link"), "link", problems_);
    terms_.link_.accreditation_days = static_cast<int>(link.integer("accreditation_days", 1, 3660));
    terms_.link_.provenance = provenance(link, "link");
    link.done();

    TomlReader receipt(root.table("receipt"), "receipt", problems_);
    ReceiptTerms& r = terms_.receipt_;
    r.due_days = static_cast<int>(receipt.integer("due_days", 1, 366));
    r.reminder_days = static_cast<int>(receipt.integer("reminder_days", 1, 366));
    r.tracer_days = static_cast<int>(receipt.integer("tracer_days", 1, 366));
    r.provenance = provenance(receipt, "receipt");
    const bool stated =
        receipt.has("due_days") && receipt.has("reminder_days") && receipt.has("tracer_days");
    if (stated && (r.reminder_days > r.due_days || r.due_days > r.tracer_days))
        receipt.problem(receipt.line(), "agreement.receipt",
                        "receipt: the reminder comes first, then the due day, then the tracer");
    receipt.done();

    TomlReader inspection(root.table("inspection"), "inspection", problems_);
    const std::string when =
        inspection.one_of("when", {"none", "arrival", "first_opening", "sender_report"});
    for (const Inspection known :
         {Inspection::arrival, Inspection::first_opening, Inspection::sender_report})
        if (when == to_string(known))
            terms_.inspection_ = known;
    terms_.inspection_provenance_ = provenance(inspection, "inspection");
    if (when == "none" && terms_.status_ == Status::confirmed)
        inspection.problem(inspection.line_of("when"), "agreement.inspection",
                           "only a draft may do without inspection");
    inspection.done();
}

void TermsReader::people(TomlReader& root) {
    TomlReader briefing(root.table("briefing"), "briefing", problems_);
    terms_.briefing_.before_reading = briefing.boolean("before_reading");
    terms_.briefing_.provenance = provenance(briefing, "briefing");
    briefing.done();

    TomlReader facility(root.table("facility"), "facility", problems_);
    terms_.facility_.before_receiving = facility.boolean("before_receiving");
    terms_.facility_.provenance = provenance(facility, "facility");
    facility.done();

    TomlReader assurance(root.table("assurance"), "assurance", problems_);
    terms_.assurance_.before_dispatch = assurance.boolean("before_dispatch");
    terms_.assurance_.provenance = provenance(assurance, "assurance");
    assurance.done();
}

void TermsReader::notice(const TomlValue& table) {
    TomlReader reader(table, "notice", problems_);
    NoticeTerms& n = terms_.notice_;
    n.class_change_by =
        reader.one_of("class_change_by", {"originator", "releasing-authority", "control-officer"});
    n.class_change_days = static_cast<int>(reader.integer("class_change_days", 1, 366));
    n.report_days = static_cast<int>(reader.integer("report_days", 1, 366));
    n.law_days = static_cast<int>(reader.integer("law_days", 1, 366));
    n.provenance = provenance(reader, "notice");
    reader.done();
}

void TermsReader::termination(const TomlValue& table) {
    TomlReader reader(table, "termination", problems_);
    terms_.termination_.notice_days = static_cast<int>(reader.integer("notice_days", 1, 3660));
    terms_.termination_.provenance = provenance(reader, "termination");
    reader.done();
}

// Terms that say nothing of it let nothing leave.
void TermsReader::exports(const TomlValue& table) {
    TomlReader reader(table, "export", problems_);
    terms_.export_provenance_ = provenance(reader, "export");
    by_level(reader, "levels", &Party::exports, "agreement.export",
             [](TomlReader& row) { return row.boolean("attested"); });
    reader.done();
}

//= O-32
// Terms that say nothing of it let nothing onto paper.
void TermsReader::prints(const TomlValue& table) {
    TomlReader reader(table, "print", problems_);
    terms_.print_provenance_ = provenance(reader, "print");
    by_level(reader, "levels", &Party::prints, "agreement.print",
             [](TomlReader& row) { return row.boolean("ordered"); });
    reader.done();
}

//= O-20
// A lease is written as ISO 8601 has it, in whole hours: "PT8H".
void TermsReader::control(const TomlValue& table) {
    constexpr int kMaxHours = 999;
    TomlReader reader(table, "control", problems_);
    ControlTerms& c = terms_.control_.emplace();
    by_level(reader, "levels", &Party::control, "agreement.control",
             [](TomlReader& row) { return row.boolean("required"); });
    c.answer_days = static_cast<int>(reader.integer("answer_days", 1, 366));
    if (reader.has("lease")) {
        const std::string text = reader.text("lease", 8);
        std::from_chars(text.data() + std::min<std::size_t>(2, text.size()),
                        text.data() + text.size(), c.lease_hours);
        if (c.lease_hours < 1 || c.lease_hours > kMaxHours ||
            text != fmt::format("PT{}H", c.lease_hours))
            reader.problem(reader.line_of("lease"), "agreement.control",
                           "control.lease: expected PT1H to PT999H");
    }
    c.provenance = provenance(reader, "control");
    reader.done();
}

std::optional<logbook::ActKind> TermsReader::shredded_kind(TomlReader& reader, const char* where,
                                                           const std::string& name) {
    const auto kind = logbook::parse_act_kind(name);
    if (kind && !logbook::never_shredded(*kind))
        return *kind;
    reader.problem(reader.line_of(where), "agreement.shredding",
                   kind ? fmt::format("'{}' is never shredded, whatever terms say", name)
                        : kind.error().context());
    return std::nullopt;
}

//= O-26
void TermsReader::shredding(const TomlValue& table) {
    constexpr std::size_t kMaxBases = 16;
    constexpr int kMaxMonths = 1200;
    TomlReader reader(table, "shredding", problems_);
    ShreddingTerms& s = terms_.shredding_.emplace();
    s.by = reader.one_of("by", {"control-officer", "clearance-officer"});
    s.bases = reader.texts("bases", kMaxBases);
    s.months = static_cast<int>(reader.integer("months", 0, kMaxMonths));
    for (const TomlValue& row : bounded(reader.tables("kept"), kMaxRows, "kept", problems_)) {
        TomlReader one(row, "shredding.kept", problems_);
        const auto kind = shredded_kind(one, "of", one.text("of"));
        const int months = static_cast<int>(one.integer("months", 0, kMaxMonths));
        one.done();
        if (kind && !s.kept.emplace(*kind, months).second)
            reader.problem(one.line(), "agreement.shredding", "a kind of act twice");
    }
    for (const std::string& name : reader.texts("never"))
        if (const auto kind = shredded_kind(reader, "never", name))
            s.never.insert(*kind);
    s.provenance = provenance(reader, "shredding");
    reader.done();
}

void TermsReader::suite(const TomlValue& table) {
    TomlReader reader(table, "suite", problems_);
    terms_.suite_.payload = reader.one_of("payload", {"aes-256-gcm"});
    terms_.suite_.wrap = reader.texts("wrap", 4);
    const std::vector<std::string> known = {"hpqt:secp384r1-mlkem1024", "hpqt:secp256r1-mlkem768"};
    for (const std::string& scheme : terms_.suite_.wrap)
        if (std::ranges::find(known, scheme) == known.end())
            reader.problem(reader.line_of("wrap"), "agreement.suite",
                           fmt::format("suite.wrap: '{}' is not known", scheme));
    terms_.suite_.signature = reader.one_of("signature", {"ed25519+ml-dsa-87"});
    terms_.suite_.digest = reader.one_of("digest", {"sha-256"});
    terms_.suite_.minimum_version = static_cast<int>(reader.integer("minimum_version", 1, 1));
    terms_.suite_.provenance = provenance(reader, "suite");
    reader.done();
}

Terms TermsReader::read(ByteView bytes, const TomlValue& file) {
    terms_.digest_ = crypto::sha256(bytes);
    TomlReader root(file, "terms", problems_);
    head(root);
    for (const TomlValue& row : bounded(root.tables("party", 2), kMaxParties, "party", problems_))
        party(row);
    for (const TomlValue& row :
         bounded(root.tables("candidate"), kMaxCandidates, "candidate", problems_))
        candidate(row);
    for (const TomlValue& row :
         bounded(root.tables("equivalence"), kMaxRows, "equivalence", problems_))
        equivalence(row);
    for (const TomlValue& row : bounded(root.tables("purpose", 1), kMaxRows, "purpose", problems_))
        purpose(row);
    release(root.table("release"));
    reproduction(root.table("reproduction"));
    destruction(root.table("destruction"));
    protection(root.table("protection"));
    circulation_review(root);
    muster(root.table("muster"));
    link_receipt_inspection(root);
    people(root);
    notice(root.table("notice"));
    termination(root.table("termination"));
    if (root.has("export"))
        exports(root.table("export"));
    if (root.has("print"))
        prints(root.table("print"));
    if (root.has("control"))
        control(root.table("control"));
    if (root.has("shredding"))
        shredding(root.table("shredding"));
    suite(root.table("suite"));
    root.done();
    return std::move(terms_);
}

std::vector<TomlProblem> check_terms(ByteView bytes) {
    Problems problems;
    const auto file = parse_toml(bytes);
    if (!file) {
        problems.push_back({0, file.error().reason(), file.error().context()});
        return problems;
    }
    const Terms terms = TermsReader(problems).read(bytes, *file);
    check_whole(terms, problems);
    std::ranges::stable_sort(problems, {}, &TomlProblem::line);
    return problems;
}

Result<Terms> Terms::parse(ByteView bytes) {
    TRY_ASSIGN(const TomlValue file, parse_toml(bytes));
    Problems problems;
    Terms terms = TermsReader(problems).read(bytes, file);
    check_whole(terms, problems);
    if (problems.empty())
        return terms;
    std::ranges::stable_sort(problems, {}, &TomlProblem::line);
    const TomlProblem& first = problems.front();
    return fail(Code::invalid, "agreement.terms", first.where() + " [" + first.reason + "]");
}

} // namespace valise::agreement
