// SPDX-License-Identifier: Apache-2.0
#include "verifying/courier_bag.h"

#include "base/text.h"
#include "envelope/bag_key.h"
#include "verifying/checkpoint.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

Checked<void> take_volume(const NamedSource& volume, const PartyKeys& keys,
                          std::map<std::uint32_t, std::string>& names, BagReport& out) {
    const std::string place = "volume " + printable(volume.name);
    const auto verify = [&](const Hash32& digest, ByteView signature) {
        return keys.receipt.verify(envelope::bag_signed_bytes(digest), signature);
    };
    TRY_ASSIGN(const auto header, at(place, exchange::VolumeReader::check(*volume.source, verify)));
    TRY(holds(header.from == keys.list.party, place, "verify.bag",
              "from another party than the invitation's"));
    TRY(holds(!out.header || (out.header->bag == header.bag && out.header->to == header.to), place,
              "verify.bag", "of another bag than the volumes before it"));
    out.header = header;
    const auto [at_number, added] = out.volumes.emplace(header.volume, volume.source->size());
    if (added)
        names[header.volume] = volume.name;
    else
        out.doubled[volume.name] = names[header.volume];
    return {};
}

Checked<void> check(const std::vector<NamedSource>& volumes, ByteView invitation,
                    const Expected& expected, BagReport& out) {
    TRY_ASSIGN(const PartyKeys keys, invited_keys(invitation, expected, out.compared));
    out.sender = keys.list.party;
    TRY(holds(!volumes.empty(), "the bag", "verify.bag", "no volume"));
    std::map<std::uint32_t, std::string> names;
    for (const NamedSource& volume : volumes)
        TRY(take_volume(volume, keys, names, out));
    constexpr std::size_t kShown = 64;
    const std::uint32_t highest = out.volumes.rbegin()->first;
    for (std::uint32_t n = 1; n < highest && out.lacking.size() < kShown; ++n)
        if (!out.volumes.contains(n))
            out.lacking.push_back(n);
    return {};
}

} // namespace

BagReport check_bag(const std::vector<NamedSource>& volumes, ByteView invitation,
                    const Expected& expected) {
    BagReport out;
    if (auto checked = check(volumes, invitation, expected, out); !checked)
        out.found = std::move(checked).error();
    return out;
}

Json bag_json(const BagReport& report) {
    Json volumes = Json::array();
    for (const auto& [number, bytes] : report.volumes)
        volumes.push_back({{"volume", number}, {"bytes", bytes}});
    Json doubled = Json::array();
    for (const auto& [name, first] : report.doubled)
        doubled.push_back(printable(name));
    Json out = {{"v", 1},
                {"verified", report.whole()},
                {"root_compared", report.compared},
                {"volumes", std::move(volumes)},
                {"doubled", std::move(doubled)},
                {"lacking", report.lacking}};
    if (report.header) {
        out["bag"] = report.header->bag;
        out["from"] = report.header->from;
        out["to"] = report.header->to;
    }
    if (report.found)
        out["fault"] = fault_json(*report.found);
    return out;
}

std::string bag_text(const BagReport& report) {
    std::string out;
    if (report.header)
        out += fmt::format("bag {} from {} to {}\n", report.header->bag, report.header->from,
                           report.header->to);
    for (const auto& [number, bytes] : report.volumes)
        out += fmt::format("  volume {}  {} bytes  signed by the registry of {}\n", number, bytes,
                           report.sender);
    for (const auto& [name, first] : report.doubled)
        out += fmt::format("  {} repeats {}\n", printable(name), printable(first));
    if (!report.compared && report.header)
        out += "no root key was given to compare: the signer is who the invitation says\n";
    if (report.found)
        return out + fault_line(*report.found);
    if (!report.lacking.empty())
        return out + fmt::format("LACKING: volumes {}; what is here holds\n",
                                 fmt::join(report.lacking, ", "));
    return out + fmt::format("VERIFIED: volumes 1 to {}; whether more follow, and what is in them, "
                             "only the receiver's key shows\n",
                             report.volumes.rbegin()->first);
}

} // namespace valise::verifying
