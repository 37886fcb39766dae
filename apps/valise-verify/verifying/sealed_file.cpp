// SPDX-License-Identifier: Apache-2.0
#include "verifying/sealed_file.h"

#include "base/text.h"
#include "envelope/container.h"
#include "envelope/verify.h"
#include "logbook/act.h"

#include <fmt/format.h>

#include <set>

namespace valise::verifying {
namespace {

// Each approval is somebody's own signature over one and the same release. Passkeys of one release
// count as one signer, beside a key: they could be one person's.
Checked<std::size_t> count_approvals(const envelope::Statement& statement) {
    std::set<Bytes> signers;
    bool passkey = false;
    std::set<std::string> releases;
    std::size_t number = 0;
    for (const envelope::ReleaseAct& release : statement.inputs.release) {
        const std::string place = fmt::format("the statement, approval {}", ++number);
        TRY_ASSIGN(const auto act, at(place, logbook::SignedAct::parse(release.signed_act)));
        TRY(at(place, act.verify()));
        TRY(holds(act.act().kind() == logbook::ActKind::approve_release &&
                      act.digest() == release.digest &&
                      act.act().party() == statement.inputs.sender &&
                      act.act().optional_field("recipient") == statement.inputs.recipient,
                  place, "verify.release", "no approval of a release to this recipient"));
        if (act.act().by_passkey())
            passkey = true;
        else
            signers.insert(act.act().signer());
        releases.insert(act.act().optional_field("release_digest").value_or(""));
    }
    TRY(holds(releases.size() <= 1, "the statement, approvals", "verify.release",
              "of more than one release"));
    return signers.size() + (passkey && !signers.empty() ? 1 : 0);
}

Checked<void> check(const RandomSource& file, ByteView invitation, const Expected& expected,
                    SealedReport& out) {
    TRY_ASSIGN(const PartyKeys keys, invited_keys(invitation, expected, out.compared));
    TRY_ASSIGN(const auto container, at("the file", envelope::Container::open(file)));
    TRY_ASSIGN(const auto claimed, at("the file, sender", container.manifest().sender()));
    TRY_ASSIGN(const auto said, at("the statement", envelope::Statement::parse(claimed.statement)));
    TRY_ASSIGN(
        const auto verified,
        at("the statement", envelope::verify_statement(container.manifest(), keys.sender,
                                                       keys.list.party, said.inputs.recipient)));
    out.statement = verified.statement();
    TRY_ASSIGN(out.approvals, count_approvals(verified.statement()));
    Bytes segment;
    for (std::uint64_t n = 0; n < container.manifest().segment_count(); ++n) {
        const std::string place = fmt::format("segment {}", n);
        segment.resize(container.manifest().segment_cipher(n));
        TRY(at(place, container.read_segment(n, segment)));
        TRY(at(place, envelope::check_segment(verified, n, segment)));
        ++out.segments;
    }
    return {};
}

} // namespace

SealedReport check_sealed_file(const RandomSource& file, ByteView invitation,
                               const Expected& expected) {
    SealedReport out;
    if (auto checked = check(file, invitation, expected, out); !checked)
        out.found = std::move(checked).error();
    return out;
}

Json sealed_json(const SealedReport& report) {
    Json out = {{"v", 1},
                {"verified", report.verified()},
                {"root_compared", report.compared},
                {"segments", static_cast<std::int64_t>(report.segments)},
                {"approvals", static_cast<std::int64_t>(report.approvals)}};
    if (report.statement) {
        const auto& inputs = report.statement->inputs;
        out["statement"] = {{"sender", printable(inputs.sender)},
                            {"recipient", printable(inputs.recipient)},
                            {"dispatch", printable(inputs.exchange)},
                            {"item", printable(inputs.item)},
                            {"level", printable(inputs.classification.level_code)},
                            {"time", inputs.time.text()},
                            {"payload_root", to_base64(report.statement->container.payload_root)}};
    }
    if (report.found)
        out["fault"] = {{"place", printable(report.found->place)},
                        {"reason", report.found->reason},
                        {"text", printable(report.found->text)}};
    return out;
}

std::string sealed_text(const SealedReport& report) {
    std::string out;
    if (report.statement) {
        const auto& inputs = report.statement->inputs;
        out +=
            fmt::format("dispatch {} from {} to {}, signed {}\n", printable(inputs.exchange),
                        printable(inputs.sender), printable(inputs.recipient), inputs.time.text());
        out += fmt::format("item {}, level {}, approved under {} keys\n", printable(inputs.item),
                           printable(inputs.classification.level_code), report.approvals);
        if (!report.compared)
            out += "no root key was given to compare: the signer is who the invitation says\n";
    }
    if (report.found)
        return out + fmt::format("REFUSED at {}: {} ({})\n", printable(report.found->place),
                                 printable(report.found->text), report.found->reason);
    return out + fmt::format("VERIFIED: {} segments\n", report.segments);
}

} // namespace valise::verifying
