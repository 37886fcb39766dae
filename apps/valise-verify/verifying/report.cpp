// SPDX-License-Identifier: Apache-2.0
#include "verifying/report.h"

#include "base/text.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

Json log_json(const CheckedLog& log) {
    Json cosignatures = Json::array();
    for (const auto& one : log.cosignatures)
        cosignatures.push_back(
            {{"name", one.name}, {"type", static_cast<int>(one.type)}, {"time", one.time.text()}});
    return {{"origin", log.tree.origin},
            {"size", static_cast<std::int64_t>(log.tree.size)},
            {"root", to_base64(log.tree.root)},
            {"evidence", log.evidence},
            {"cosignatures", std::move(cosignatures)}};
}

Json step_json(const Step& step, const std::string& evidence, const Report& report) {
    Json clauses = Json::array();
    for (const auto& clause : step.clauses)
        clauses.push_back({{"c", clause.clause}, {"f", std::string(to_string(clause.finding))}});
    Json out = {{"index", static_cast<std::int64_t>(step.index)},
                {"minute", step.minute.text()},
                {"kind", std::string(to_string(step.kind))},
                {"stage", std::string(to_string(step.stage))},
                {"actor", step.actor},
                {"outcome", std::string(to_string(step.decided))},
                {"clauses", std::move(clauses)},
                {"evidence", evidence}};
    const auto withheld = report.withheld_openings.find(step.index);
    if (withheld == report.withheld_openings.end())
        return out;
    out["withheld"] = {{"ground", withheld->second.ground}};
    if (withheld->second.shredded_by)
        out["withheld"]["shredded_by"] = static_cast<std::int64_t>(*withheld->second.shredded_by);
    return out;
}

std::string evidence_of(const std::optional<CheckedLog>& log) {
    return log ? log->evidence : std::string("E0");
}

std::string step_line(const Step& step, const Report& report) {
    std::string why;
    for (const auto& clause : step.clauses)
        if (clause.finding == logbook::ClauseFinding::refuse)
            why += " " + clause.clause;
    if (const auto found = report.withheld_openings.find(step.index);
        found != report.withheld_openings.end())
        why += found->second.shredded_by
                   ? fmt::format("  opening withheld under {}: shredded by event {}",
                                 found->second.ground, *found->second.shredded_by)
                   : fmt::format("  opening withheld under {} by who gave this file",
                                 found->second.ground);
    return fmt::format("{:>5}  {}  {:<16} {:<9}  {:<20}  {}{}\n", step.index,
                       step.minute.text().substr(0, 16), to_string(step.kind),
                       to_string(step.stage), step.actor, to_string(step.decided), why);
}

std::string log_line(const char* name, const CheckedLog& log) {
    const std::string who = log.countersigned
                                ? "cosigned by the peer at " + log.countersigned->text()
                                : "not cosigned by the peer";
    return fmt::format("{} log: {} leaves, evidence {}, {}\n", name, log.tree.size, log.evidence,
                       who);
}

std::string identity_lines(const Identity& identity) {
    if (!identity.confirmation)
        return "not paired: there is no fingerprint\n";
    std::string signers;
    for (const std::string& party : identity.confirmed_by)
        signers += (signers.empty() ? "" : " and ") + party;
    std::string out = fmt::format("fingerprint: {}\n             {}\n", identity.fingerprint_words,
                                  identity.fingerprint_digits);
    out += fmt::format("confirmation: signed by the root of {}\n",
                       signers.empty() ? "nobody" : signers);
    if (!identity.compared)
        out += "nothing from outside was given to compare: this proves consistency, not identity\n";
    return out;
}

std::string withheld_words(const Report& report) {
    return report.withheld == 0
               ? std::string(", every opening held")
               : fmt::format(", {} openings withheld: their acts could not be decided again",
                             report.withheld);
}

} // namespace

Json report_json(const Report& report) {
    Json steps = Json::array();
    for (const Step& step : report.steps)
        steps.push_back(step_json(step, evidence_of(report.private_log), report));
    Json logs = Json::object();
    if (report.private_log)
        logs["private"] = log_json(*report.private_log);
    if (report.shared_log)
        logs["shared"] = log_json(*report.shared_log);
    Json fingerprint = {{"words", ""}, {"digits", ""}, {"compared", false}};
    Json confirmed = Json::array();
    if (report.identity) {
        fingerprint = {{"words", report.identity->fingerprint_words},
                       {"digits", report.identity->fingerprint_digits},
                       {"compared", report.identity->compared}};
        confirmed = report.identity->confirmed_by;
    }
    Json out = {{"v", 1},
                {"verified", report.verified()},
                {"party", report.party},
                {"terms", report.terms},
                {"draft", report.banner},
                {"fingerprint", std::move(fingerprint)},
                {"confirmed_by", std::move(confirmed)},
                {"logs", std::move(logs)},
                {"events", static_cast<std::int64_t>(report.steps.size())},
                {"withheld", static_cast<std::int64_t>(report.withheld)},
                {"steps", std::move(steps)}};
    if (report.found)
        out["fault"] = {{"place", printable(report.found->place)},
                        {"reason", report.found->reason},
                        {"text", printable(report.found->text)}};
    return out;
}

std::string report_text(const Report& report) {
    std::string out;
    if (!report.banner.empty())
        out += report.banner + "\n";
    if (!report.steps.empty())
        out += fmt::format("{:>5}  {:<16}  {:<16} {:<9}  {:<20}  {}\n", "event", "minute (UTC)",
                           "kind", "stage", "actor", "decided again");
    for (const Step& step : report.steps)
        out += step_line(step, report);
    if (!report.party.empty())
        out += fmt::format("registry of {}, terms {}\n", printable(report.party, 16), report.terms);
    if (report.private_log)
        out += log_line("private", *report.private_log);
    if (report.shared_log)
        out += log_line("shared", *report.shared_log);
    if (report.identity)
        out += identity_lines(*report.identity);
    if (report.found)
        return out + fmt::format("REFUSED at {}: {} ({})\n", printable(report.found->place),
                                 printable(report.found->text), report.found->reason);
    return out +
           fmt::format("VERIFIED: {} events{}\n", report.steps.size(), withheld_words(report));
}

} // namespace valise::verifying
