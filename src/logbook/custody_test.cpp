// SPDX-License-Identifier: Apache-2.0
#include "logbook/internal/sample.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

namespace valise::logbook {
namespace {

using sample::at;
using sample::Cast;
using sample::Story;
using sample::ten;

#define ASSERT_OK(...)                                                                             \
    do {                                                                                           \
        const auto ok_result = (__VA_ARGS__);                                                      \
        ASSERT_TRUE(ok_result) << ok_result.error().text();                                        \
    } while (false)

class Custody : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_OK(sample::up_to_entry(s, c));
        ASSERT_OK(s.add(ActKind::container, Stage::permitted, {{"container", safe}},
                        {{"level", "gokuhi"}, {"access", c.officer}}, c.officer));
    }

    TextMap ids(const std::string& copy) const { return {{"item", c.item}, {"copy", copy}}; }
    TextMap ids(const std::string& copy, const char* name, const std::string& value) const {
        return {{"item", c.item}, {"copy", copy}, {name, value}};
    }
    Result<void> reproduce(const std::string& copy, int number, const char* form = "paper") {
        return s.add(ActKind::copy, Stage::permitted, ids(copy),
                     {{"form", form}, {"copy_number", std::to_string(number)}, {"pages", "3"}},
                     c.officer);
    }
    Result<void> order(const std::string& copy, int number) {
        return s.add(ActKind::copy, Stage::permitted, ids(copy),
                     {{"form", "paper"}, {"copy_number", std::to_string(number)}}, c.officer);
    }
    Result<void> store(const std::string& copy) {
        return s.add(ActKind::store, Stage::permitted, ids(copy, "container", safe), {}, c.officer);
    }
    Result<void> issue(const std::string& copy, const std::string& person) {
        return s.add(ActKind::issue, Stage::permitted, ids(copy, "person", person),
                     {{"purpose", "liaison"}, {"due", at(9000).text()}}, c.officer);
    }
    TextMap print_ids(const std::string& print) const { return ids(c.copy, "print", print); }
    Result<void> print(const std::string& print, int number, const std::string& person) {
        return s.add(ActKind::print, Stage::permitted, print_ids(print),
                     {{"purpose", "liaison"},
                      {"due", at(9000).text()},
                      {"copy_number", std::to_string(number)}},
                     person);
    }
    Result<void> printed(const std::string& print, Stage stage, const std::string& person,
                         std::uint64_t permit) {
        return s.add(ActKind::print, stage, print_ids(print),
                     stage == Stage::done ? TextMap{{"pages", "4"}} : TextMap{}, person, permit);
    }
    Result<void> take_back(const std::string& copy) {
        return s.add(ActKind::take_back, Stage::permitted, ids(copy), {{"pages", "3"}}, c.officer);
    }
    Result<void> witness(const std::string& copy, const std::string& person,
                         const char* method = "shredding") {
        return s.add(ActKind::witness_destruction, Stage::permitted, ids(copy),
                     {{"method", method}, {"pages", "3"}}, person);
    }
    Result<void> destroy(const std::string& copy) {
        return s.add(ActKind::destroy, Stage::permitted, ids(copy),
                     {{"method", "shredding"}, {"pages", "3"}}, c.officer);
    }
    Result<void> certify(const std::string& copy, const char* finding = "destroyed") {
        return s.add(ActKind::certify_destruction, Stage::permitted, ids(copy),
                     {{"finding", finding}}, c.first);
    }
    Result<void> outcome(const std::string& copy, Stage stage) {
        const auto found = s.state.copy(CopyId::parse(copy).value());
        const std::uint64_t permit =
            found != nullptr && found->destruction ? found->destruction->permit : 0;
        return s.add(ActKind::destroy, stage, ids(copy), {}, kRegistryActor, permit);
    }
    const CopyHolding& copy(const std::string& id) {
        return *s.state.copy(CopyId::parse(id).value());
    }
    void refused(const Result<void>& result, const char* reason) {
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().reason(), reason) << result.error().text();
    }

    Story s;
    Cast c;
    std::string safe = ContainerId::of(ten(0x70)).text();
    std::string second = CopyId::of(ten(0x71)).text();
    std::string third = CopyId::of(ten(0x72)).text();
};

TEST_F(Custody, ACopyHasOnePlaceAfterTheOther) {
    EXPECT_EQ(copy(c.copy).place, Whereabouts(AtRegistry{}));
    ASSERT_OK(store(c.copy));
    EXPECT_EQ(copy(c.copy).place, Whereabouts(ContainerId::parse(safe).value()));
    ASSERT_OK(issue(c.copy, c.first));
    EXPECT_EQ(copy(c.copy).place, Whereabouts(PersonId::parse(c.first).value()));
    EXPECT_EQ(copy(c.copy).due, at(9000));
    refused(issue(c.copy, c.second), "logbook.no_transition");
    refused(store(c.copy), "logbook.no_transition");
    ASSERT_OK(take_back(c.copy));
    EXPECT_EQ(copy(c.copy).place, Whereabouts(AtRegistry{}));
    EXPECT_EQ(copy(c.copy).due, Time{});
    refused(take_back(c.copy), "logbook.no_transition");
    ASSERT_OK(store(c.copy));
    ASSERT_OK(s.add(ActKind::store, Stage::permitted, ids(c.copy), {}, c.officer));
    EXPECT_EQ(copy(c.copy).place, Whereabouts(AtRegistry{}));
    refused(s.add(ActKind::store, Stage::permitted,
                  ids(c.copy, "container", ContainerId::of(ten(0x79)).text()), {}, c.officer),
            "logbook.unknown");
    refused(issue(c.copy, PersonId::of(ten(0x79)).text()), "logbook.unknown");
}

//= O-26
//= O-32
// Its number is spent by the permit; the copy is there, with its reader, once it is drawn.
TEST_F(Custody, APrintIsACopyOfItsReaderOnceItIsDrawn) {
    const std::uint64_t permit = s.state.next_seq();
    ASSERT_OK(print(second, 2, c.first));
    EXPECT_EQ(s.state.copy(CopyId::parse(second).value()), nullptr);
    EXPECT_EQ(s.state.item(ItemId::parse(c.item).value())->copies_made, 2U);
    refused(print(second, 3, c.first), "logbook.known");
    refused(reproduce(second, 3), "logbook.known");
    refused(reproduce(third, 2), "logbook.number_spent");
    refused(destroy(c.copy), "logbook.copy_in_use");
    ASSERT_OK(printed(second, Stage::done, c.first, permit));
    EXPECT_EQ(copy(second).number, 2U);
    EXPECT_EQ(copy(second).form, Form::paper);
    EXPECT_EQ(copy(second).pages, 4U);
    EXPECT_EQ(copy(second).state, CopyState::issued);
    EXPECT_EQ(copy(second).place, Whereabouts(PersonId::parse(c.first).value()));
    EXPECT_EQ(copy(second).due, at(9000));
    EXPECT_EQ(copy(second).printed, permit + 1);
    EXPECT_TRUE(copy(c.copy).opened_by.contains(PersonId::parse(c.first).value()));
    EXPECT_EQ(s.state.copies_of(ItemId::parse(c.item).value()).size(), 2U);
    refused(print(second, 3, c.first), "logbook.no_transition");
}

TEST_F(Custody, APrintThatFailedLeavesItsNumberSpent) {
    const std::uint64_t permit = s.state.next_seq();
    ASSERT_OK(print(second, 2, c.first));
    ASSERT_OK(printed(second, Stage::failed, c.first, permit));
    EXPECT_EQ(s.state.copy(CopyId::parse(second).value()), nullptr);
    refused(print(second, 2, c.first), "logbook.number_spent");
    ASSERT_OK(print(second, 3, c.first));
}

// The copy that an officer ordered keeps its number, and is drawn once.
TEST_F(Custody, AnOrderedCopyIsPrintedOnce) {
    ASSERT_OK(order(second, 2));
    EXPECT_EQ(copy(second).state, CopyState::ordered);
    // There is no sheet that could lie anywhere, be with anybody, or be burnt.
    for (const auto& attempt : {store(second), issue(second, c.first), take_back(second),
                                witness(second, c.first), destroy(second)})
        refused(attempt, "logbook.no_transition");
    EXPECT_EQ(copy(second).ordered_by, PersonId::parse(c.officer).value());
    refused(print(second, 3, c.first), "logbook.number_spent");
    const std::uint64_t permit = s.state.next_seq();
    ASSERT_OK(print(second, 2, c.first));
    EXPECT_EQ(s.state.item(ItemId::parse(c.item).value())->copies_made, 2U);
    ASSERT_OK(printed(second, Stage::done, c.first, permit));
    EXPECT_EQ(copy(second).pages, 4U) << "what was drawn, whatever was ordered";
    EXPECT_EQ(copy(second).state, CopyState::issued);
    ASSERT_OK(take_back(second));
    refused(print(second, 2, c.first), "logbook.no_transition");
    refused(print(c.copy, 1, c.first), "logbook.no_transition");
}

// A photocopy is sheets from the first, whoever had it since: no second one comes under its number.
TEST_F(Custody, WhatIsSheetsIsNotPrintedAgain) {
    ASSERT_OK(reproduce(second, 2));
    refused(print(second, 2, c.first), "logbook.no_transition");
    ASSERT_OK(issue(second, c.first));
    ASSERT_OK(take_back(second));
    refused(print(second, 2, c.first), "logbook.no_transition");
}

// Who left the house before the sheet was drawn answers for none.
TEST_F(Custody, NoPrintForWhoHasLeft) {
    const std::uint64_t permit = s.state.next_seq();
    ASSERT_OK(print(second, 2, c.first));
    ASSERT_OK(s.add(ActKind::revoke, Stage::permitted, {{"person", c.first}}, {{"what", "person"}},
                    c.officer));
    refused(printed(second, Stage::done, c.first, permit), "logbook.unknown");
    ASSERT_OK(printed(second, Stage::failed, c.first, permit));
}

TEST_F(Custody, AContainerIsChangedByRegisteringItAgain) {
    ASSERT_OK(s.add(ActKind::container, Stage::permitted, {{"container", safe}},
                    {{"level", "hi"}, {"access", c.officer + "," + c.first}}, c.officer));
    const Container* found = s.state.container(ContainerId::parse(safe).value());
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->level, "hi");
    EXPECT_EQ(found->access.size(), 2U);
    EXPECT_EQ(s.state.containers().size(), 1U);
}

//= O-32
TEST_F(Custody, NumbersOfCopiesAreNeverReused) {
    refused(reproduce(second, 1), "logbook.number_spent");
    refused(reproduce(second, 3), "logbook.number_spent");
    ASSERT_OK(reproduce(second, 2));
    EXPECT_EQ(copy(second).number, 2U);
    EXPECT_EQ(copy(second).form, Form::paper);
    EXPECT_EQ(copy(second).pages, 3U);
    refused(reproduce(second, 3), "logbook.known");
    ASSERT_OK(witness(second, c.first));
    ASSERT_OK(destroy(second));
    ASSERT_OK(certify(second));
    ASSERT_OK(outcome(second, Stage::done));
    refused(reproduce(third, 2), "logbook.number_spent");
    refused(reproduce(second, 3), "logbook.known");
    ASSERT_OK(reproduce(third, 3));
    EXPECT_EQ(s.state.item(ItemId::parse(c.item).value())->copies_made, 3U);
}

//= I10
TEST_F(Custody, ACertificateRestsOnAllThatWereThere) {
    ASSERT_OK(reproduce(second, 2));
    ASSERT_OK(witness(second, c.first));
    ASSERT_OK(witness(second, c.second, "burning")); // another method: not this destruction
    ASSERT_OK(destroy(second));
    const std::uint64_t number = s.state.next_seq() - 1;
    EXPECT_EQ(copy(second).state, CopyState::destroying);
    refused(outcome(second, Stage::done), "logbook.unknown"); // nobody says that it is gone
    refused(issue(second, c.first), "logbook.no_transition");
    ASSERT_OK(certify(second));
    refused(outcome(second, Stage::failed), "logbook.known");
    ASSERT_OK(outcome(second, Stage::done));
    EXPECT_EQ(copy(second).state, CopyState::destroyed);
    EXPECT_EQ(copy(second).place, Whereabouts(Gone{}));
    const Destruction& certificate = *copy(second).destruction;
    EXPECT_EQ(certificate.permit, number);
    EXPECT_EQ(certificate.destroyer.text(), c.officer);
    EXPECT_EQ(certificate.witnesses, (std::set<PersonId>{PersonId::parse(c.first).value()}));
    EXPECT_EQ(certificate.certified_by->text(), c.first);
    EXPECT_EQ(certificate.minute, s.state.last_minute());
}

TEST_F(Custody, ADestructionThatWasNotCarriedOutLeavesTheCopy) {
    ASSERT_OK(reproduce(second, 2));
    refused(certify(second), "logbook.unknown");
    ASSERT_OK(witness(second, c.first));
    ASSERT_OK(destroy(second));
    ASSERT_OK(certify(second, "kept"));
    refused(outcome(second, Stage::done), "logbook.unknown");
    ASSERT_OK(outcome(second, Stage::failed));
    EXPECT_EQ(copy(second).state, CopyState::held);
    EXPECT_FALSE(copy(second).destruction);
    EXPECT_TRUE(copy(second).witnesses.empty()); // who comes back to it signs again
}

TEST_F(Custody, NothingIsDestroyedUnderAReadersHands) {
    ASSERT_OK(issue(c.copy, c.first));
    refused(witness(c.copy, c.second), "logbook.no_transition");
    refused(destroy(c.copy), "logbook.no_transition");
    ASSERT_OK(take_back(c.copy));
    ASSERT_OK(s.add(ActKind::open, Stage::permitted, ids(c.copy), {}, c.first));
    refused(destroy(c.copy), "logbook.copy_in_use");
    ASSERT_OK(s.add(ActKind::open, Stage::done, ids(c.copy), {}, c.first, s.state.next_seq() - 1));
    ASSERT_OK(destroy(c.copy));
    refused(s.add(ActKind::open, Stage::permitted, ids(c.copy), {}, c.first),
            "logbook.no_transition");
    ASSERT_OK(outcome(c.copy, Stage::done)); // electronic: the registry itself
    refused(s.add(ActKind::open, Stage::permitted, ids(c.copy), {}, c.first),
            "logbook.no_transition");
}

TEST_F(Custody, NothingIsDestroyedUnderADispatch) {
    ASSERT_OK(sample::approve(s, c, c.first));
    ASSERT_OK(sample::approve(s, c, c.second));
    ASSERT_OK(reproduce(second, 2));
    ASSERT_OK(s.add(ActKind::dispatch, Stage::permitted, sample::out_ids(c),
                    {{"recipient", "UKR"}, {"level", "gokuhi"}}, c.officer));
    refused(destroy(c.copy), "logbook.copy_in_use");
    ASSERT_OK(destroy(second)); // paper: what is sent is the sealed file
}

TEST_F(Custody, ACopyThatWasIssuedIsWitnessedAnew) {
    ASSERT_OK(reproduce(second, 2));
    ASSERT_OK(witness(second, c.first));
    ASSERT_OK(issue(second, c.second));
    ASSERT_OK(take_back(second));
    EXPECT_TRUE(copy(second).witnesses.empty());
}

// Which of a person's signatures a passkey gave, the copy does not know: all of them are given
// anew.
TEST_F(Custody, AWitnessEndsWithTheirPasskeys) {
    ASSERT_OK(reproduce(second, 2));
    ASSERT_OK(witness(second, c.first));
    ASSERT_OK(s.add(ActKind::passkey, Stage::permitted, {{"person", c.first}},
                    {{"passkey", to_base64(sample::passkey_signer())}}, c.first));
    EXPECT_FALSE(copy(second).witnesses.empty());
    ASSERT_OK(s.add(ActKind::revoke, Stage::permitted, {{"person", c.first}}, {{"what", "passkey"}},
                    c.officer));
    EXPECT_TRUE(copy(second).witnesses.empty());
}

TEST_F(Custody, TheNewestReviewCounts) {
    const auto review = [&](const char* finding, TextMap more) {
        more["finding"] = finding;
        return s.add(ActKind::review_purpose, Stage::permitted, {{"item", c.item}}, more,
                     c.officer);
    };
    const Item& item = *s.state.item(ItemId::parse(c.item).value());
    EXPECT_FALSE(item.review);
    ASSERT_OK(review("kept", {{"next", at(7000).text()}}));
    EXPECT_EQ(item.review, ReviewFinding::kept);
    EXPECT_EQ(item.next_review, at(7000));
    ASSERT_OK(review("destroy", {}));
    EXPECT_EQ(item.review, ReviewFinding::destroy);
    EXPECT_EQ(item.next_review, Time{});
}

// I6. Whatever is tried, in whatever order: a copy is stored, or with one reader, or gone; the
// numbers of an item are 1 to the highest, each once; and the sum holds.
TEST_F(Custody, TheSumsHoldAfterRandomActs) {
    std::mt19937 random(20261124);
    std::map<std::string, int> done;
    for (int round = 0; round < 4000; ++round) {
        const std::string id =
            round % 7 == 0 ? c.copy : CopyId::of(ten(static_cast<Byte>(random() % 40))).text();
        const std::string reader = random() % 2 == 0 ? c.first : c.second;
        const auto made = s.state.item(ItemId::parse(c.item).value())->copies_made;
        const auto tries = std::to_array<std::pair<const char*, std::function<Result<void>()>>>({
            {"copy", [&] { return reproduce(id, static_cast<int>(made) + 1); }},
            {"store", [&] { return store(id); }},
            {"issue", [&] { return issue(id, reader); }},
            {"take back", [&] { return take_back(id); }},
            {"witness", [&] { return witness(id, reader); }},
            {"destroy", [&] { return destroy(id); }},
            {"certify", [&] { return certify(id, random() % 2 == 0 ? "kept" : "destroyed"); }},
            {"destroyed", [&] { return outcome(id, Stage::done); }},
            {"not destroyed", [&] { return outcome(id, Stage::failed); }},
        });
        const auto& [name, attempt] = tries[random() % tries.size()];
        if (attempt())
            ++done[name];

        std::map<CopyState, std::uint32_t> sums;
        std::set<std::uint32_t> numbers;
        for (const auto& [copy_id, held] : s.state.copies()) {
            ++sums[held.state];
            numbers.insert(held.number);
            ASSERT_EQ(held.state == CopyState::issued,
                      std::holds_alternative<PersonId>(held.place));
            ASSERT_EQ(held.state == CopyState::destroyed, std::holds_alternative<Gone>(held.place));
        }
        const auto all = s.state.item(ItemId::parse(c.item).value())->copies_made;
        ASSERT_EQ(sums[CopyState::issued] + sums[CopyState::held] + sums[CopyState::destroying],
                  all - sums[CopyState::destroyed]);
        ASSERT_EQ(numbers.size(), all);
        ASSERT_EQ(*numbers.rbegin(), all);
    }
    EXPECT_EQ(done.size(), 9U); // each of them happened
    EXPECT_EQ(fold(s.events).value(), s.state);
}

} // namespace
} // namespace valise::logbook
