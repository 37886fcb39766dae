// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/files.h"
#include "adapters/http/log_url.h"
#include "options.h"
#include "verifying/cose_receipt.h"
#include "verifying/courier_bag.h"
#include "verifying/published_log.h"
#include "verifying/receipt_file.h"

#include <fmt/core.h>

namespace valise::verifying {
namespace {

constexpr std::size_t kMaxInvitation = 1 << 20;

int print(bool json, bool verified, const Json& as_json, const std::string& as_text) {
    fmt::print("{}", json ? as_json.dump(2) + "\n" : as_text);
    return verified ? kVerified : kIntegrity;
}

} // namespace

// A bag of which a volume is lacking holds no less than it says, and is no whole bag.
Result<int> check_bag_files(const Options& options) {
    TRY_ASSIGN(const Expected expected, expectations(options));
    TRY_ASSIGN(const Bytes invitation, adapters::read_file(options.invitation, kMaxInvitation));
    std::vector<std::unique_ptr<adapters::FileSource>> open;
    std::vector<NamedSource> volumes;
    for (const std::string& file : options.files) {
        TRY_ASSIGN(open.emplace_back(), adapters::FileSource::open(file));
        volumes.push_back({file, open.back().get()});
    }
    const BagReport report = check_bag(volumes, invitation, expected);
    return print(options.json, report.whole(), bag_json(report), bag_text(report));
}

Result<int> check_receipt(const Options& options) {
    TRY_ASSIGN(const Expected expected, expectations(options));
    std::vector<Bytes> invitations;
    for (const std::string& file : options.invitations) {
        TRY_ASSIGN(invitations.emplace_back(), adapters::read_file(file, kMaxInvitation));
    }
    std::optional<Believed> whom;
    if (!options.trust.empty() || !options.vkeys.empty()) {
        TRY_ASSIGN(whom, believed(options));
    }
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(options.file, kMaxReceiptFile));
    const ReceiptReport report = check_receipt_file(bytes, invitations, expected, whom);
    return print(options.json, report.verified(), receipt_json(report), receipt_text(report));
}

Result<int> check_cose_file(const Options& options) {
    TRY_ASSIGN(const Believed whom, believed(options));
    TRY_ASSIGN(const Bytes bytes, adapters::read_file(options.file, tlog::CoseReceipt::kMaxBytes));
    TRY_ASSIGN(const Bytes entry, adapters::read_file(options.entry, tlog::kMaxEntrySize));
    const CoseReport report = check_cose(bytes, entry, whom);
    return print(options.json, report.verified(), cose_json(report), cose_text(report));
}

Result<int> check_log_url(const Options& options) {
    TRY_ASSIGN(const Believed whom, believed(options));
    Bytes authorities;
    if (!options.authorities.empty()) {
        TRY_ASSIGN(authorities, adapters::read_file(options.authorities, 1 << 20));
    }
    TRY_ASSIGN(auto server, adapters::LogUrl::at(options.url, authorities));
    const auto fetch = [&](const std::string& path) { return server.fetch(path); };
    TRY(fetch("checkpoint")); // an address without one is no log
    const PublishedLog log = check_published_log(fetch, whom);
    return print(options.json, log.verified(), published_log_json(log), published_log_text(log));
}

} // namespace valise::verifying
