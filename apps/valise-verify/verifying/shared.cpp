// SPDX-License-Identifier: Apache-2.0
#include "verifying/shared.h"

#include <fmt/format.h>

namespace valise::verifying {
namespace {

using audit::Record;
using logbook::ActKind;

constexpr const char* kReason = "verify.shared";

bool is_shared(const Record& record) {
    const auto& skeleton = record.skeleton;
    if (skeleton.stage() != logbook::effect_stage(skeleton.kind()))
        return false;
    switch (skeleton.kind()) {
    case ActKind::found:
    case ActKind::pair:
    case ActKind::dispatch:
    case ActKind::arrive:
    case ActKind::custody_receipt:
    case ActKind::contents_receipt:
    case ActKind::give_notice:
    case ActKind::take_notice:
    case ActKind::put_in_force:
    case ActKind::recover:
    case ActKind::reconcile:
    case ActKind::countersign:
        return true;
    default:
        return false;
    }
}

Checked<void> same_event(const logbook::Leaf& leaf, const Record& record, std::size_t index,
                         const std::string& place) {
    const auto& fields = leaf.fields();
    const auto& own = record.leaf.fields();
    TRY(holds(!leaf.is_private(), place, kReason, "a leaf of a private log"));
    TRY(holds(fields.act_number == index, place, kReason,
              "it says that it stands elsewhere in the log"));
    TRY(audit::plain_leaf(leaf, place));
    TRY(at(place, leaf.agrees_with(record.skeleton, own.commitment)));
    return holds(fields.document == own.document && fields.signed_act == own.signed_act, place,
                 kReason, "it commits to another document or act than the private log");
}

// Leaves that came back from the mirror of a registry that lost their events: that this log has
// them, its signed root says; of whom they speak, nobody here can. They stand before the leaf of
// the recovery itself, which names them.
Checked<std::size_t> recovered_leaves(const std::vector<Bytes>& leaves, const Record& record,
                                      std::size_t index, std::map<Hash32, std::uint64_t>& newest) {
    const std::string place = record.place("skeleton, facts");
    TRY(holds(record.skeleton.fact("shared_from") == std::to_string(index), place, kReason,
              "other leaves were recovered than it names"));
    while (record.skeleton.fact("shared_to") != std::to_string(index)) {
        const std::string at_leaf = leaf_place(index);
        TRY(holds(index < leaves.size(), at_leaf, kReason, "a recovered leaf is missing"));
        TRY_ASSIGN(const auto leaf, at(at_leaf, logbook::Leaf::parse(leaves[index])));
        TRY(holds(!leaf.is_private() && leaf.fields().act_number == index, at_leaf, kReason,
                  "not a leaf of a shared log at its place"));
        newest[leaf.fields().link_tag] = index;
        ++index;
    }
    return index;
}

} // namespace

Checked<void> check_shared(const std::vector<Bytes>& leaves, const std::vector<Record>& records,
                           const audit::Sendings& sendings) {
    std::map<Hash32, std::uint64_t> newest; // by link tag
    std::map<std::string, Hash32> tags;     // by dispatch
    std::size_t index = 0;
    for (const Record& record : records) {
        if (!is_shared(record))
            continue;
        if (record.skeleton.kind() == ActKind::recover) {
            TRY_ASSIGN(index, recovered_leaves(leaves, record, index, newest));
        }
        const std::string place = leaf_place(index);
        TRY(holds(index < leaves.size(), place, kReason, "the leaf of an event is missing"));
        TRY_ASSIGN(const auto leaf, at(place, logbook::Leaf::parse(leaves[index])));
        TRY(same_event(leaf, record, index, place + " of " + record.place()));
        const Hash32& tag = leaf.fields().link_tag;
        const std::string dispatch = record.skeleton.id("dispatch");
        TRY(holds(dispatch.empty() == (tag == Hash32{}), place, kReason,
                  "a link tag stands on the leaves of a transfer and on no others"));
        const auto id = DispatchId::parse(dispatch);
        const auto sending = id ? sendings.find(*id) : sendings.end();
        TRY(holds(sending == sendings.end() || sending->second.link_tag == tag, place, kReason,
                  "the link tag does not follow from the statement"));
        TRY(holds(dispatch.empty() || tags.emplace(dispatch, tag).first->second == tag, place,
                  kReason, "another link tag than the transfer's other leaves"));
        std::optional<std::uint64_t> previous;
        if (const auto last = newest.find(tag); last != newest.end() && tag != Hash32{})
            previous = last->second;
        TRY(holds(leaf.fields().previous == previous, place, kReason,
                  "it does not name the transfer's leaf before it"));
        newest[tag] = index;
        ++index;
    }
    return holds(index == leaves.size(), leaf_place(index), kReason, "a leaf of no event");
}

} // namespace valise::verifying
