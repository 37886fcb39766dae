// SPDX-License-Identifier: Apache-2.0
#include "logbook/event.h"
#include "logbook/internal/event_rules.h"
#include "logbook/internal/sample.h"
#include "logbook/internal/skeleton_text.h"
#include "logbook/receipt.h"

#include <gtest/gtest.h>

namespace valise::logbook {
namespace {

std::vector<Event> a_year() {
    sample::Story s;
    const sample::Cast c;
    EXPECT_TRUE(sample::up_to_entry(s, c));
    EXPECT_TRUE(sample::whole_sending(s, c));
    EXPECT_TRUE(sample::whole_receiving(s, c));
    return s.events;
}

using sample::fields_of;

TEST(Skeleton, HasOneTextAndComesBackFromIt) {
    for (const Event& event : a_year()) {
        const auto again = Skeleton::parse(event.skeleton.bytes());
        ASSERT_TRUE(again) << again.error().text();
        EXPECT_EQ(*again, event.skeleton);
        EXPECT_EQ(again->ids(), event.skeleton.ids());
        EXPECT_EQ(again->clauses(), event.skeleton.clauses());
        EXPECT_EQ(again->permit(), event.skeleton.permit());
    }
}

TEST(Skeleton, ExactBytes) {
    sample::Story s;
    ASSERT_TRUE(s.add(ActKind::found, Stage::done, {}, {{"party", "JPN"}}));
    EXPECT_EQ(text_view(s.events.at(0).skeleton.bytes()),
              R"({"actor":"registry","clauses":[{"c":"need-to-know","f":"pass"}],)"
              R"("facts":{"party":"JPN"},"ids":{},"kind":"found","minute":")" +
                  sample::at().text() + R"(","seq":0,"stage":"done","terms":")" +
                  sample::b64(0x11) + R"(","v":1})");
}

// What is written without a tree of values is RFC 8785 all the same, whatever a text holds; what
// only the strict reader can read comes back too.
TEST(Skeleton, IsCanonicalJsonWhateverATextHolds) {
    for (const Event& event : a_year()) {
        const auto json = parse_json(event.skeleton.bytes());
        ASSERT_TRUE(json);
        EXPECT_EQ(canonical_json(*json), text_view(event.skeleton.bytes()));
    }
    for (const char* number : {"a\"b", "back\\slash", "\u3042\xd0\xb4", "\x7f"}) {
        SkeletonFields fields = fields_of(a_year().back().skeleton);
        fields.facts["former"] = number;
        fields.kind = ActKind::enter;
        const Bytes bytes = internal::write_skeleton(fields);
        const auto json = parse_json(bytes);
        ASSERT_TRUE(json) << number;
        EXPECT_EQ(canonical_json(*json), text_view(bytes));
        EXPECT_EQ(json->at("facts").at("former"), number);
    }
}

TEST(Skeleton, EveryPrefixIsRefused) {
    const Bytes bytes = a_year().back().skeleton.bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(Skeleton::parse(ByteView(bytes).first(size))) << size;
}

// A flipped bit is refused or gives other bytes: never the same event from two texts.
TEST(Skeleton, NoTwoTextsForOneEvent) {
    const Bytes bytes = a_year().back().skeleton.bytes();
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        Bytes changed = bytes;
        changed[bit / 8] = static_cast<Byte>(changed[bit / 8] ^ (1U << bit % 8));
        const auto parsed = Skeleton::parse(changed);
        EXPECT_TRUE(!parsed || parsed->bytes() == changed) << bit;
    }
}

// Titles, names and reasons have no place in what is never shredded.
TEST(Skeleton, UnknownMembersAreNamed) {
    for (const Event& event : a_year()) {
        for (const char* name : {"title", "name", "reason", "note", "label"}) {
            SkeletonFields fields = fields_of(event.skeleton);
            fields.facts[name] = "x";
            const auto skeleton = Skeleton::make(fields);
            ASSERT_FALSE(skeleton);
            EXPECT_EQ(skeleton.error().reason(), "logbook.skeleton");
            EXPECT_NE(skeleton.error().context().find(name), std::string::npos);
            fields = fields_of(event.skeleton);
            fields.ids[name] = "x";
            EXPECT_FALSE(Skeleton::make(fields));
        }
    }
}

TEST(Skeleton, MissingAndWrongMembersAreNamed) {
    for (const ActKind kind : all_act_kinds()) {
        for (const auto& rules : {internal::id_rules(kind), internal::fact_rules(kind)}) {
            for (const auto& rule : rules) {
                SCOPED_TRACE(std::string(to_string(kind)) + "." + rule.name);
                const TextMap wrong = {{rule.name, "\n"}};
                const auto refused =
                    internal::check_map(wrong, rules, Stage::refused, true, "facts");
                ASSERT_FALSE(refused);
                EXPECT_NE(refused.error().context().find(rule.name), std::string::npos);
                EXPECT_TRUE(internal::check_map({}, rules, Stage::refused, true, "facts"));
                EXPECT_TRUE(internal::check_map({}, rules, Stage::failed, true, "facts"));
            }
        }
    }
    for (const Event& event : a_year()) {
        for (const auto& rule : internal::id_rules(event.skeleton.kind())) {
            SkeletonFields fields = fields_of(event.skeleton);
            if (fields.ids.erase(rule.name) == 0 || rule.needed == internal::Needed::never)
                continue;
            const auto skeleton = Skeleton::make(fields);
            ASSERT_FALSE(skeleton) << rule.name;
            EXPECT_NE(skeleton.error().context().find(rule.name), std::string::npos);
        }
    }
}

TEST(Skeleton, AnEntryHasASealedFileOrAnotherForm) {
    const auto made = [](TextMap change, std::set<std::string> without = {}) {
        const sample::Cast c;
        SkeletonFields fields;
        fields.kind = ActKind::enter;
        fields.ids = {{"item", c.item}, {"copy", c.copy}};
        fields.facts = std::move(change);
        for (const auto& [name, value] : c.entry("JPN-2026-0001"))
            if (!without.contains(name))
                fields.facts.emplace(name, value);
        return Skeleton::make(fields).has_value();
    };
    const std::set<std::string> sealed = {"blob", "payload_root"};
    EXPECT_TRUE(made({}));
    EXPECT_FALSE(made({}, sealed));
    EXPECT_FALSE(made({{"form", "electronic"}}));
    EXPECT_FALSE(made({{"form", "paper"}}));
    EXPECT_FALSE(made({{"form", "paper"}}, {"blob"}));
    EXPECT_TRUE(made({{"form", "paper"}, {"pages", "12"}, {"sheets", "6"}}, sealed));
    EXPECT_TRUE(made({{"form", "oral"}}, sealed));
    EXPECT_FALSE(made({{"form", "oral"}, {"pages", "12"}}, sealed));
    EXPECT_FALSE(made({{"pages", "12"}}));
    for (const char* pages : {"0", "012", "1000000", "-1", "", "twelve"})
        EXPECT_FALSE(made({{"form", "paper"}, {"pages", pages}}, sealed)) << pages;
}

TEST(Skeleton, PermitStandsOnOutcomesOnly) {
    SkeletonFields fields = fields_of(a_year().front().skeleton);
    fields.kind = ActKind::open;
    fields.seq = 5;
    fields.facts = {};
    fields.ids = {{"item", ItemId::of(sample::ten(1)).text()},
                  {"copy", CopyId::of(sample::ten(1)).text()}};
    const auto good = [&](Stage stage, std::optional<std::uint64_t> permit) {
        fields.stage = stage;
        fields.permit = permit;
        return Skeleton::make(fields).has_value();
    };
    EXPECT_TRUE(good(Stage::permitted, {}));
    EXPECT_FALSE(good(Stage::permitted, 4));
    EXPECT_TRUE(good(Stage::refused, {}));
    EXPECT_FALSE(good(Stage::refused, 4));
    EXPECT_TRUE(good(Stage::done, 4));
    EXPECT_FALSE(good(Stage::done, {}));
    EXPECT_FALSE(good(Stage::done, 5));
    EXPECT_TRUE(good(Stage::failed, 4));
    EXPECT_FALSE(good(Stage::failed, {}));
    // What is done by being recorded has no outcome.
    fields.kind = ActKind::close;
    fields.ids = {{"dispatch", DispatchId::of(sample::ten(1)).text()}};
    EXPECT_TRUE(good(Stage::permitted, {}));
    EXPECT_FALSE(good(Stage::done, 4));
    EXPECT_FALSE(good(Stage::failed, 4));
}

TEST(Skeleton, HeaderIsChecked) {
    const SkeletonFields base = fields_of(a_year().front().skeleton);
    SkeletonFields fields = base;
    fields.actor = "Taro";
    EXPECT_FALSE(Skeleton::make(fields));
    fields = base;
    fields.minute = Time{-60};
    EXPECT_FALSE(Skeleton::make(fields));
    fields = base;
    fields.seq = std::uint64_t{1} << 53;
    EXPECT_FALSE(Skeleton::make(fields));
    fields = base;
    fields.clauses = {{"not a clause", ClauseFinding::pass}};
    EXPECT_FALSE(Skeleton::make(fields));
    fields = base;
    fields.minute = base.minute.plus_seconds(59);
    EXPECT_EQ(Skeleton::make(fields)->minute(), base.minute);
}

ReceiptFields a_receipt() {
    ReceiptFields fields;
    fields.type = ReceiptType::contents;
    fields.dispatch = DispatchId::of(sample::ten(4));
    fields.statement = sample::hash(1);
    fields.payload_root = sample::hash(2);
    fields.number = "UKR-2026-0007";
    fields.finding = ReceiptFinding::in_order;
    fields.at = sample::at();
    fields.party = "UKR";
    return fields;
}

TEST(Receipt, ExactBytes) {
    const auto receipt = Receipt::make(a_receipt());
    ASSERT_TRUE(receipt);
    EXPECT_EQ(text_view(receipt->bytes()),
              R"({"at":")" + sample::at().text() + R"(","dispatch":")" +
                  DispatchId::of(sample::ten(4)).text() +
                  R"(","finding":"in-order","number":"UKR-2026-0007","party":"UKR",)" +
                  R"("payload_root":")" + sample::b64(2) + R"(","statement":")" + sample::b64(1) +
                  R"(","type":"contents-receipt","v":1})");
    const auto again = Receipt::parse(receipt->bytes());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->fields(), a_receipt());
}

TEST(Receipt, EveryPrefixIsRefusedAndNoTwoTextsAreOneReceipt) {
    const Bytes bytes = Receipt::make(a_receipt())->bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(Receipt::parse(ByteView(bytes).first(size))) << size;
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        Bytes changed = bytes;
        changed[bit / 8] = static_cast<Byte>(changed[bit / 8] ^ (1U << bit % 8));
        const auto parsed = Receipt::parse(changed);
        EXPECT_FALSE(parsed && parsed->fields() == a_receipt()) << bit;
    }
}

TEST(Receipt, FindingFitsTheType) {
    ReceiptFields fields = a_receipt();
    fields.finding = ReceiptFinding::discrepancy;
    EXPECT_TRUE(Receipt::make(fields));
    fields.finding = ReceiptFinding::whole;
    EXPECT_FALSE(Receipt::make(fields));
    fields.type = ReceiptType::custody;
    EXPECT_TRUE(Receipt::make(fields));
    fields.finding = ReceiptFinding::in_order;
    EXPECT_FALSE(Receipt::make(fields));
    fields = a_receipt();
    fields.number = "JPN-2026-0007";
    EXPECT_FALSE(Receipt::make(fields));
    fields = a_receipt();
    fields.dispatch = {};
    EXPECT_FALSE(Receipt::make(fields));
}

} // namespace
} // namespace valise::logbook
