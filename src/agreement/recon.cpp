// SPDX-License-Identifier: Apache-2.0
#include "agreement/recon.h"

#include "agreement/terms.h"

#include <algorithm>
#include <set>

namespace valise::agreement {
namespace {

using logbook::ActKind;
using logbook::Leaf;
using Marks = ReconReading::Marks;

std::unexpected<Error> bad(const char* text) {
    return fail(Code::invalid, "agreement.recon", text);
}

const std::vector<ReconReading::Mark>& marks_of(const Marks& marks, const Hash32& link) {
    static const std::vector<ReconReading::Mark> kNone;
    const auto found = marks.find(link);
    return found == marks.end() ? kNone : found->second;
}

// One way, as the leaves of sender and receiver show it.
struct Way {
    const Marks& sent;
    const Marks& received;
    const ReconReading& sender;
    const ReconReading& receiver;
    Time at;
    int due_days;

    ReconClass judge(const Hash32& link) const {
        const auto& out = marks_of(sent, link);
        const auto& in = marks_of(received, link);
        if (out.size() > 1 || in.size() > 1)
            return ReconClass::duplicate;
        if (!out.empty() && !in.empty())
            return out.front().document == in.front().document ? ReconClass::matched
                                                               : ReconClass::mismatched;
        // The sender records "sent" when the receipt is there: for a while a receipt may stand
        // alone, and no longer than a dispatch may.
        const Time since = (out.empty() ? in : out).front().minute;
        if (at <= plus_working_days(since, due_days))
            return ReconClass::in_flight;
        return in.empty() ? ReconClass::overdue : ReconClass::orphan;
    }

    // Within the intervals, or left open by the ones before them.
    bool counts(const Hash32& link) const {
        const auto inside = [](const auto& marks, std::uint64_t from) {
            return std::ranges::any_of(marks, [&](const auto& mark) { return mark.leaf >= from; });
        };
        const auto& out = marks_of(sent, link);
        const auto& in = marks_of(received, link);
        return inside(out, sender.from()) || inside(in, receiver.from()) ||
               out.size() + in.size() == 1;
    }
};

std::vector<std::uint64_t> named(const std::vector<ReconReading::Mark>& marks) {
    std::vector<std::uint64_t> out;
    for (std::size_t i = 0; i < std::min(marks.size(), kReconNamed); ++i)
        out.push_back(marks[i].leaf);
    return out;
}

Result<ReconWay> look(const Way& way) {
    std::set<Hash32> links;
    for (const Marks* marks : {&way.sent, &way.received})
        for (const auto& [link, all] : *marks)
            links.insert(link);
    ReconWay out;
    for (const Hash32& link : links) {
        if (!way.counts(link))
            continue;
        const ReconClass what = way.judge(link);
        ++out.counts[static_cast<std::size_t>(what)];
        if (what != ReconClass::matched && what != ReconClass::in_flight)
            out.exceptions.push_back(
                {what, link, named(marks_of(way.sent, link)), named(marks_of(way.received, link))});
    }
    if (out.exceptions.size() > kReconExceptions)
        return fail(Code::limit, "agreement.recon_exceptions",
                    "more than a thousand transfers that do not match");
    std::ranges::stable_sort(out.exceptions, {}, &ReconException::what);
    out.sent = list_of(links_within(way.sent, way.sender.from(), way.sender.to()));
    out.received = list_of(links_within(way.received, way.receiver.from(), way.receiver.to()));
    return out;
}

ReconLog log_of(const std::string& party, const ReconReading& reading) {
    return {party, reading.from(), reading.to(), reading.from_root(), reading.to_root()};
}

std::vector<Hash32> leaf_hashes(std::span<const Hash32> links) {
    std::vector<Hash32> out;
    out.reserve(links.size());
    for (const Hash32& link : links)
        out.push_back(crypto::leaf_hash(link));
    return out;
}

std::unexpected<Error> not_absent(const char* text) {
    return fail(Code::integrity, "agreement.recon_absence", text);
}

} // namespace

ReconReading::ReconReading(std::uint64_t from, std::uint64_t to) : from_(from), to_(to) {
    if (from_ == 0)
        from_root_ = range_.root();
}

Result<void> ReconReading::take(ByteView bytes) {
    if (whole())
        return {};
    TRY_ASSIGN(const Leaf leaf, Leaf::parse(bytes));
    const auto& fields = leaf.fields();
    const std::uint64_t index = range_.size();
    if (leaf.is_private() || fields.act_number != index)
        return fail(Code::integrity, "agreement.recon_leaf",
                    "leaf " + std::to_string(index) + " is not one of a shared log at its place");
    const bool transfer =
        !fields.dummy && fields.stage == logbook::Stage::done && fields.link_tag != Hash32{};
    if (transfer && fields.kind == ActKind::dispatch)
        sent_[fields.link_tag].push_back({index, fields.minute, fields.document});
    if (transfer && fields.kind == ActKind::custody_receipt)
        receipts_[fields.link_tag].push_back({index, fields.minute, fields.document});
    newest_ = std::max(newest_, fields.minute);
    range_.append(crypto::leaf_hash(bytes));
    if (range_.size() == from_)
        from_root_ = range_.root();
    return {};
}

ReconReading::Marks ReconReading::received() const {
    Marks out = receipts_;
    for (const auto& [link, marks] : sent_)
        out.erase(link);
    return out;
}

Result<ReconStatement> reconcile(const ReconStatement& head, const ReconReading& first,
                                 const ReconReading& second) {
    if (!first.whole() || !second.whole() || first.from() > first.to() ||
        second.from() > second.to())
        return bad("not over all leaves of its intervals");
    if (head.at != head.at.truncated_to_minute() || head.at < first.newest() ||
        head.at < second.newest())
        return bad("a leaf is newer than the statement");
    ReconStatement out = head;
    out.first = log_of(head.first.party, first);
    out.second = log_of(head.second.party, second);
    const Marks received_first = first.received();
    const Marks received_second = second.received();
    TRY_ASSIGN(out.there,
               look({first.sent(), received_second, first, second, head.at, head.due_days}));
    TRY_ASSIGN(out.back,
               look({second.sent(), received_first, second, first, head.at, head.due_days}));
    return out;
}

std::vector<Hash32> links_within(const ReconReading::Marks& marks, std::uint64_t from,
                                 std::uint64_t to) {
    std::vector<Hash32> out;
    for (const auto& [link, all] : marks)
        if (std::ranges::any_of(
                all, [&](const auto& mark) { return mark.leaf >= from && mark.leaf < to; }))
            out.push_back(link);
    return out;
}

LinkList list_of(std::span<const Hash32> links) {
    return {links.size(), crypto::tree_root(leaf_hashes(links))};
}

Result<std::vector<LinkPlace>> prove_absent(std::span<const Hash32> links, const Hash32& link) {
    const auto next = std::ranges::lower_bound(links, link);
    if (next != links.end() && *next == link)
        return fail(Code::conflict, "agreement.recon_present", "the list holds this link");
    const auto after = static_cast<std::size_t>(next - links.begin());
    const auto hashes = leaf_hashes(links);
    std::vector<LinkPlace> out;
    for (std::size_t index = after == 0 ? 0 : after - 1; index < links.size() && index <= after;
         ++index) {
        TRY_ASSIGN(auto path, crypto::inclusion_path(hashes, index));
        out.push_back({index, links[index], std::move(path)});
    }
    return out;
}

Result<void> verify_absent(const LinkList& list, const Hash32& link,
                           std::span<const LinkPlace> neighbours) {
    for (const LinkPlace& place : neighbours) {
        const auto root = crypto::root_from_path(place.index, list.size,
                                                 crypto::leaf_hash(place.link), place.path);
        if (!root || *root != list.root)
            return not_absent("a neighbour does not stand in the list");
    }
    if (list.size == 0)
        return neighbours.empty() && list.root == crypto::empty_root()
                   ? Result<void>()
                   : not_absent("neighbours in an empty list");
    if (neighbours.size() == 2) {
        if (neighbours[0].index + 1 != neighbours[1].index || !(neighbours[0].link < link) ||
            !(link < neighbours[1].link))
            return not_absent("not between two that stand side by side");
        return {};
    }
    if (neighbours.size() != 1)
        return not_absent("without its neighbours");
    const LinkPlace& only = neighbours.front();
    const bool before_all = only.index == 0 && link < only.link;
    const bool after_all = only.index + 1 == list.size && only.link < link;
    return before_all || after_all ? Result<void>() : not_absent("not at an end of the list");
}

} // namespace valise::agreement
