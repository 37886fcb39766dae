// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "crypto/merkle.h"
#include "logbook/leaf.h"

#include <array>
#include <map>
#include <string>
#include <vector>

// Two shared logs held against each other: docs/formats/recon.md. Everything here follows from the
// leaves of both and from what a statement says at its head, so that each registry, and an outsider
// who has the leaves and nothing else, comes to the same bytes.
namespace valise::agreement {

// What became of one transfer. The order is that of the numbers in a statement.
enum class ReconClass : std::uint8_t {
    matched,
    in_flight,  // one of the two leaves is there, and the time for the other is not over
    overdue,    // sent, and not receipted in time
    orphan,     // receipted, and not sent
    mismatched, // sent and receipted, and not the same document
    duplicate   // sent or receipted more than once
};
inline constexpr std::size_t kReconClasses = 6;
std::string_view to_string(ReconClass what);

// The leaves of one shared log that a statement is about, and the roots before and after them.
struct ReconLog {
    std::string party;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    Hash32 from_root{};
    Hash32 to_root{};
    bool operator==(const ReconLog&) const = default;
};

// A transfer that two honest books in good order do not have.
struct ReconException {
    ReconClass what = ReconClass::overdue;
    Hash32 link{};
    std::vector<std::uint64_t> sent;     // numbers of leaves, the first kReconNamed of them
    std::vector<std::uint64_t> received; // the same, in the other log
    bool operator==(const ReconException&) const = default;
};
inline constexpr std::size_t kReconNamed = 8;
inline constexpr std::size_t kReconExceptions = 1000; // of one way

// The links of an interval, each once and in order, under a tree hash: whoever holds it can be
// shown that one stands in it, or that none does.
struct LinkList {
    std::uint64_t size = 0;
    Hash32 root{};
    bool operator==(const LinkList&) const = default;
};

// What went one way.
struct ReconWay {
    std::array<std::uint64_t, kReconClasses> counts{};
    LinkList sent;                          // dispatches within the sender's interval
    LinkList received;                      // custody receipts within the receiver's interval
    std::vector<ReconException> exceptions; // by class, then by link
    bool operator==(const ReconWay&) const = default;

    std::uint64_t count(ReconClass what) const { return counts[static_cast<std::size_t>(what)]; }
};

struct ReconStatement {
    static constexpr std::size_t kMaxBytes = 512 << 10;

    // The head, from which the rest follows.
    std::string agreement; // id of the terms
    Hash32 terms{};        // their digest
    std::string by;        // party that proposed it
    Time at;               // a full minute, not before any leaf that it is about
    int due_days = 0;      // working days within which the terms want a receipt
    ReconLog first;        // of the party whose code sorts first
    ReconLog second;
    ReconWay there; // from the first to the second
    ReconWay back;
    bool operator==(const ReconStatement&) const = default;

    Bytes bytes() const; // canonical JSON
    // Exactly the bytes that bytes() writes. Errors: agreement.recon, base.json*, base.member.
    static Result<ReconStatement> parse(ByteView bytes);
    // SHA-256("valise/recon/v1\0" ‖ bytes): what stands in both logs as the leaf's document.
    Hash32 digest() const;

    const ReconLog& of(std::string_view party) const {
        return party == first.party ? first : second;
    }
    std::uint64_t exceptions() const; // all that is neither matched nor in flight
};

// One shared log, read leaf by leaf from its first one.
class ReconReading {
public:
    ReconReading(std::uint64_t from, std::uint64_t to);

    // The next leaf; those from `to` on are not looked at. Errors: logbook.leaf, integrity
    // agreement.recon_leaf (of a private log, or it says that it stands elsewhere).
    Result<void> take(ByteView leaf);

    std::uint64_t size() const { return range_.size(); }
    bool whole() const { return range_.size() == to_; }
    std::uint64_t from() const { return from_; }
    std::uint64_t to() const { return to_; }
    const Hash32& from_root() const { return from_root_; }
    Hash32 to_root() const { return range_.root(); } // once it is whole
    Time newest() const { return newest_; }          // minute of the newest leaf

    struct Mark {
        std::uint64_t leaf = 0;
        Time minute;
        Hash32 document{};
    };
    using Marks = std::map<Hash32, std::vector<Mark>>; // by link
    const Marks& sent() const { return sent_; }
    // Receipts that this party gave: of what it sent itself it records the other's.
    Marks received() const;

private:
    std::uint64_t from_;
    std::uint64_t to_;
    crypto::CompactRange range_;
    Hash32 from_root_{};
    Time newest_;
    Marks sent_;
    Marks receipts_;
};

// The statement with this head over these leaves: intervals and roots, ways, counts and exceptions
// of `head` are not read. A transfer counts when a leaf of it stands in one of the intervals, or
// when only one of its two leaves stood before them. Errors: agreement.recon (the readings are not
// whole, or a leaf is newer than `at`), limit agreement.recon_exceptions.
Result<ReconStatement> reconcile(const ReconStatement& head, const ReconReading& first,
                                 const ReconReading& second);

// Where a link stands, or would stand, in a list.
struct LinkPlace {
    std::uint64_t index = 0;
    Hash32 link{};
    std::vector<Hash32> path;
    bool operator==(const LinkPlace&) const = default;
};

// The links of the interval [from, to) in order.
std::vector<Hash32> links_within(const ReconReading::Marks& marks, std::uint64_t from,
                                 std::uint64_t to);
LinkList list_of(std::span<const Hash32> links);
// The neighbours between which a link would stand: two, one at an end of the list, none when it is
// empty. Errors: conflict agreement.recon_present.
Result<std::vector<LinkPlace>> prove_absent(std::span<const Hash32> links, const Hash32& link);
// Errors: integrity agreement.recon_absence.
Result<void> verify_absent(const LinkList& list, const Hash32& link,
                           std::span<const LinkPlace> neighbours);

} // namespace valise::agreement
