// SPDX-License-Identifier: Apache-2.0
// Two shared logs held against each other: each class made on purpose, and every byte of a
// statement changed.
#include "agreement/recon.h"

#include <gtest/gtest.h>

namespace valise::agreement {
namespace {

using logbook::ActKind;
using logbook::Stage;

const Time kMonday{1795392000}; // 2026-11-23T00:00:00Z

Hash32 filled(int n) {
    Hash32 out{};
    out.fill(static_cast<Byte>(n));
    return out;
}

// A shared log as leaves alone.
class Log {
public:
    Log& add(ActKind kind, int link, int document, int day = 0, Stage stage = Stage::done) {
        logbook::LeafFields fields;
        fields.kind = kind;
        fields.stage = stage;
        fields.minute = kMonday.plus_days(day);
        fields.act_number = leaves.size();
        fields.link_tag = filled(link);
        fields.document = filled(document);
        fields.commitment = filled(9);
        const auto leaf = logbook::Leaf::in_shared_log(fields);
        leaves.emplace_back(leaf.bytes().begin(), leaf.bytes().end());
        return *this;
    }
    Log& sends(int link, int document = 50, int day = 0) {
        return add(ActKind::dispatch, link, document, day);
    }
    Log& receipts(int link, int document = 50, int day = 0) {
        return add(ActKind::custody_receipt, link, document, day);
    }

    ReconReading read(std::uint64_t from = 0, std::optional<std::uint64_t> to = {}) const {
        ReconReading out(from, to.value_or(leaves.size()));
        for (const Bytes& leaf : leaves)
            EXPECT_TRUE(out.take(leaf));
        return out;
    }

    std::vector<Bytes> leaves;
};

ReconStatement head(int day = 1) {
    ReconStatement out;
    out.agreement = "examplia-borduria";
    out.terms = filled(7);
    out.by = "XEX";
    out.at = kMonday.plus_days(day);
    out.due_days = 5;
    out.first.party = "XBO";
    out.second.party = "XEX";
    return out;
}

ReconStatement held(const Log& first, const Log& second, int day = 1) {
    const auto out = reconcile(head(day), first.read(), second.read());
    EXPECT_TRUE(out) << out.error().text();
    return out.value_or(ReconStatement{});
}

std::string counts(const ReconWay& way) {
    std::string out;
    for (std::size_t i = 0; i < kReconClasses; ++i)
        if (way.counts[i] != 0)
            out += std::string(to_string(static_cast<ReconClass>(i))) + " " +
                   std::to_string(way.counts[i]) + " ";
    return out;
}

TEST(Reconcile, EachClassMadeOnPurpose) {
    struct Row {
        const char* situation;
        std::function<void(Log& first, Log& second)> made;
        int day;
        const char* there;
        const char* back;
        std::size_t exceptions;
    };
    const Row rows[] = {
        {"nothing", [](Log&, Log&) {}, 1, "", "", 0},
        {"sent and receipted",
         [](Log& a, Log& b) {
             a.sends(1).receipts(1);
             b.receipts(1);
         },
         1, "matched 1 ", "", 0},
        {"the other way",
         [](Log& a, Log& b) {
             b.sends(1).receipts(1);
             a.receipts(1);
         },
         1, "", "matched 1 ", 0},
        {"sent today", [](Log& a, Log&) { a.sends(1); }, 1, "in_flight 1 ", "", 0},
        // Five working days after a Monday is the next Monday.
        {"on the last day", [](Log& a, Log&) { a.sends(1); }, 7, "in_flight 1 ", "", 0},
        {"a day too late", [](Log& a, Log&) { a.sends(1); }, 8, "overdue 1 ", "", 1},
        {"receipted before 'sent' is recorded", [](Log&, Log& b) { b.receipts(1); }, 1,
         "in_flight 1 ", "", 0},
        {"receipted and never sent", [](Log&, Log& b) { b.receipts(1); }, 8, "orphan 1 ", "", 1},
        {"another document",
         [](Log& a, Log& b) {
             a.sends(1, 50);
             b.receipts(1, 51);
         },
         1, "mismatched 1 ", "", 1},
        {"sent twice",
         [](Log& a, Log& b) {
             a.sends(1).sends(1);
             b.receipts(1);
         },
         1, "duplicate 1 ", "", 1},
        {"receipted twice",
         [](Log& a, Log& b) {
             a.sends(1);
             b.receipts(1).receipts(1);
         },
         1, "duplicate 1 ", "", 1},
        {"both say that they sent it",
         [](Log& a, Log& b) {
             a.sends(1);
             b.sends(1);
         },
         8, "overdue 1 ", "overdue 1 ", 2},
        {"permitted is not sent",
         [](Log& a, Log&) { a.add(ActKind::dispatch, 1, 50, 0, Stage::permitted); }, 8, "", "", 0},
        {"other leaves of the transfer do not count",
         [](Log& a, Log& b) {
             a.sends(1).add(ActKind::contents_receipt, 1, 50);
             b.add(ActKind::arrive, 1, 50).receipts(1).add(ActKind::contents_receipt, 1, 50);
         },
         1, "matched 1 ", "", 0},
    };
    for (const Row& row : rows) {
        Log first;
        Log second;
        row.made(first, second);
        const auto statement = held(first, second, row.day);
        EXPECT_EQ(counts(statement.there), row.there) << row.situation;
        EXPECT_EQ(counts(statement.back), row.back) << row.situation;
        EXPECT_EQ(statement.exceptions(), row.exceptions) << row.situation;
    }
}

TEST(Reconcile, ExceptionsNameTheirLeaves) {
    Log first;
    Log second;
    first.sends(3).sends(2).sends(2).sends(1);
    second.receipts(3, 51).receipts(2);
    const auto statement = held(first, second, 8);
    ASSERT_EQ(statement.there.exceptions.size(), 3U);
    const ReconException overdue{ReconClass::overdue, filled(1), {3}, {}};
    const ReconException mismatched{ReconClass::mismatched, filled(3), {0}, {0}};
    const ReconException duplicate{ReconClass::duplicate, filled(2), {1, 2}, {1}};
    EXPECT_EQ(statement.there.exceptions,
              (std::vector<ReconException>{overdue, mismatched, duplicate}));
}

// A period begins where the last one ended: what matched before is not counted again, what was
// open is, until it is settled.
TEST(Reconcile, APeriodTakesOverWhatWasLeftOpen) {
    Log first;
    Log second;
    first.sends(1).sends(2);
    second.receipts(1);
    const std::uint64_t first_end = first.leaves.size();
    const std::uint64_t second_end = second.leaves.size();
    EXPECT_EQ(counts(held(first, second).there), "matched 1 in_flight 1 ");
    first.sends(3);
    const auto next = [&](int day) {
        const auto out = reconcile(head(day), first.read(first_end), second.read(second_end));
        EXPECT_TRUE(out);
        return *out;
    };
    EXPECT_EQ(counts(next(1).there), "in_flight 2 ");
    EXPECT_EQ(counts(next(9).there), "overdue 2 ");
    second.receipts(2);
    const auto settled = next(1);
    EXPECT_EQ(counts(settled.there), "matched 1 in_flight 1 ");
    EXPECT_EQ(settled.first.from, first_end);
    EXPECT_EQ(settled.first.from_root, first.read(0, first_end).to_root());
    EXPECT_EQ(settled.there.sent.size, 1U);
    EXPECT_EQ(settled.there.received.size, 1U);
}

TEST(Reconcile, WhatCannotBeSaidIsNotSaid) {
    Log first;
    Log second;
    first.sends(1, 50, 3);
    EXPECT_EQ(reconcile(head(1), first.read(), second.read()).error().reason(), "agreement.recon");
    EXPECT_TRUE(reconcile(head(3), first.read(), second.read()));
    auto odd = head(3);
    odd.at.seconds += 1;
    EXPECT_FALSE(reconcile(odd, first.read(), second.read()));
    EXPECT_FALSE(reconcile(head(3), first.read(0, 2), second.read())); // a leaf is missing
    ReconReading reading(0, 2);
    EXPECT_TRUE(reading.take(first.leaves[0]));
    EXPECT_EQ(reading.take(first.leaves[0]).error().reason(), "agreement.recon_leaf");
    logbook::LeafFields blind;
    EXPECT_FALSE(ReconReading(0, 1).take(logbook::Leaf::in_private_log(blind).bytes()));
    EXPECT_FALSE(ReconReading(0, 1).take(Bytes(256)));
}

ReconStatement rich() {
    Log first;
    Log second;
    first.sends(3).sends(2).sends(2).sends(1).receipts(8);
    second.receipts(3, 51).receipts(2).sends(8).sends(7);
    return held(first, second, 8);
}

TEST(ReconStatement, HasOneTextAndNoBitOfItMayChange) {
    const auto statement = rich();
    const Bytes bytes = statement.bytes();
    const auto back = ReconStatement::parse(bytes);
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(*back, statement);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        ASSERT_FALSE(ReconStatement::parse(ByteView(bytes).first(size)));
    // A changed bit is refused, or is another statement: never the same one in a second text.
    for (std::size_t i = 0; i < bytes.size(); ++i)
        for (unsigned bit = 0; bit < 8; ++bit) {
            Bytes changed = bytes;
            changed[i] = static_cast<Byte>(changed[i] ^ 1U << bit);
            const auto read = ReconStatement::parse(changed);
            ASSERT_TRUE(!read || read->digest() != statement.digest()) << i;
        }
}

TEST(ReconStatement, PartiesStandInOrderAndOneOfThemProposes) {
    auto statement = rich();
    statement.by = "XYZ";
    EXPECT_FALSE(ReconStatement::parse(statement.bytes()));
    statement = rich();
    std::swap(statement.first, statement.second);
    EXPECT_FALSE(ReconStatement::parse(statement.bytes()));
    statement = rich();
    statement.first.to = statement.first.from - 1;
    EXPECT_FALSE(ReconStatement::parse(statement.bytes()));
}

TEST(ProveAbsent, BetweenTwoNeighboursOrAtAnEnd) {
    const std::vector<Hash32> links = {filled(2), filled(4), filled(6), filled(8), filled(10)};
    for (std::size_t size = 0; size <= links.size(); ++size) {
        const std::span<const Hash32> some = std::span(links).first(size);
        const LinkList list = list_of(some);
        for (int n = 1; n <= 12; ++n) {
            const bool held = n % 2 == 0 && static_cast<std::size_t>(n / 2) <= size;
            const auto proof = prove_absent(some, filled(n));
            ASSERT_EQ(proof.has_value(), !held) << size << " " << n;
            if (!proof)
                continue;
            EXPECT_TRUE(verify_absent(list, filled(n), *proof)) << size << " " << n;
            // The same proof says nothing of a link that is there, nor of one elsewhere.
            for (int other = 2; other <= 2 * static_cast<int>(size); other += 2)
                EXPECT_FALSE(verify_absent(list, filled(other), *proof));
            if (proof->size() == 2) {
                EXPECT_FALSE(verify_absent(list, filled(n), std::span(*proof).first(1)));
                auto apart = *proof;
                apart[1].index += 1;
                EXPECT_FALSE(verify_absent(list, filled(n), apart));
            }
            for (std::size_t i = 0; i < proof->size(); ++i) {
                auto changed = *proof;
                changed[i].link[0] ^= 1;
                EXPECT_FALSE(verify_absent(list, filled(n), changed));
            }
        }
    }
    const std::vector<LinkPlace> none;
    EXPECT_FALSE(verify_absent(list_of(links), filled(3), none));
    const auto far = prove_absent(std::span(links).first(2), filled(12)); // after the last of two
    EXPECT_FALSE(verify_absent(list_of(links), filled(12), *far));
}

} // namespace
} // namespace valise::agreement
