// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "verifying/recon.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

using agreement::ReconClass;
using agreement::ReconStatement;
using agreement::ReconWay;

std::string leaves_text(const std::vector<std::uint64_t>& leaves) {
    return leaves.empty() ? std::string("none") : fmt::format("{}", fmt::join(leaves, ", "));
}

std::string way_text(const std::string& from, const std::string& to, const ReconWay& way) {
    std::string out = fmt::format("{} to {}:", printable(from), printable(to));
    for (std::size_t i = 0; i < agreement::kReconClasses; ++i)
        out += fmt::format(" {} {}{}", way.counts[i], to_string(static_cast<ReconClass>(i)),
                           i + 1 < agreement::kReconClasses ? "," : "\n");
    for (const auto& one : way.exceptions)
        out += fmt::format("  {} {}: sent leaf {}, received leaf {}\n", to_string(one.what),
                           to_base64(one.link), leaves_text(one.sent), leaves_text(one.received));
    return out;
}

Json parsed(const ReconStatement& statement) {
    const auto json = parse_json(statement.bytes());
    return json ? *json : Json();
}

} // namespace

std::string statement_text(const ReconStatement& statement) {
    std::string out = fmt::format("as of {}, proposed by {}, receipts due in {} working days\n",
                                  statement.at.text(), printable(statement.by), statement.due_days);
    for (const auto* log : {&statement.first, &statement.second})
        out +=
            fmt::format("log of {}: leaves {} to {}\n", printable(log->party), log->from, log->to);
    return out + way_text(statement.first.party, statement.second.party, statement.there) +
           way_text(statement.second.party, statement.first.party, statement.back);
}

Json recon_json(const ReconReport& report) {
    Json out = {{"v", 1},
                {"verified", report.verified()},
                {"first", checkpoint_json(report.first)},
                {"second", checkpoint_json(report.second)},
                {"signed_by", report.signed_by}};
    if (report.statement) {
        out["recon"] = to_hex(report.statement->digest());
        out["exceptions"] = static_cast<std::int64_t>(report.statement->exceptions());
        out["statement"] = parsed(*report.statement);
    }
    if (report.found)
        out["fault"] = fault_json(*report.found);
    return out;
}

std::string recon_text(const ReconReport& report) {
    std::string out;
    if (report.statement)
        out += statement_text(*report.statement);
    for (const auto* log : {&report.first, &report.second})
        out += fmt::format("log {}\n", printable(log->tree.origin)) + checkpoint_lines(*log);
    if (report.found)
        return out + fault_line(*report.found);
    const std::string by = report.signed_by.empty()
                               ? std::string("nobody")
                               : printable(fmt::format("{}", fmt::join(report.signed_by, ", ")));
    return out + fmt::format("VERIFIED: statement {}, signed by {}, {} exceptions\n",
                             to_hex(report.statement->digest()), by,
                             report.statement->exceptions());
}

Json absence_json(const AbsenceReport& report) {
    Json out = {{"v", 1},
                {"verified", report.verified()},
                {"way", report.way},
                {"list", report.list},
                {"link", to_base64(report.link)}};
    if (report.statement)
        out["recon"] = to_hex(report.statement->digest());
    if (report.found)
        out["fault"] = fault_json(*report.found);
    return out;
}

std::string absence_text(const AbsenceReport& report) {
    if (report.found)
        return fault_line(*report.found);
    return fmt::format("VERIFIED: link {} is not in '{}' of '{}' of statement {}\n",
                       to_base64(report.link), printable(report.list), printable(report.way),
                       to_hex(report.statement->digest()));
}

} // namespace valise::verifying
