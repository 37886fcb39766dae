// SPDX-License-Identifier: Apache-2.0
// What runs out is announced 30, 7 and 1 days ahead, and stays announced when it has.
#include "agreement/duties.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

class Expiry : public ::testing::Test {
protected:
    // What is said of this subject, as "word subject"; empty when nothing is.
    std::string said(const std::string& clause, const std::string& subject, Time now) const {
        std::string out;
        for (const auto& duty : duties_at(world.terms, world.state, now))
            if (duty.clause == clause && duty.subject == subject && duty.what.starts_with("expire"))
                out += (out.empty() ? "" : "; ") + duty.what + " " + duty.subject +
                       (duty.overdue ? "!" : "") + (duty.ours ? "" : " (theirs)");
        return out;
    }
    // At each side of each threshold, to the second.
    void stages(const std::string& clause, const std::string& subject, const char* whose = "",
                bool stays = true) {
        const Time until = day(kUntil);
        const auto line = [&](const char* word, const char* mark = "") {
            return std::string(word) + " " + subject + mark + whose;
        };
        EXPECT_EQ(said(clause, subject, until.plus_days(-30).plus_seconds(-1)), "");
        EXPECT_EQ(said(clause, subject, until.plus_days(-30)), line("expires-month"));
        EXPECT_EQ(said(clause, subject, until.plus_days(-7).plus_seconds(-1)),
                  line("expires-month"));
        EXPECT_EQ(said(clause, subject, until.plus_days(-7)), line("expires-week"));
        EXPECT_EQ(said(clause, subject, until.plus_days(-1)), line("expires-day"));
        EXPECT_EQ(said(clause, subject, until), line("expires-day"));
        const std::string after = stays ? line("expired", "!") : "";
        EXPECT_EQ(said(clause, subject, until.plus_seconds(1)), after);
        EXPECT_EQ(said(clause, subject, until.plus_days(400)), after);
    }

    static constexpr const char* kUntil = "2027-06-30T12:00:00Z";
    World world{*Terms::parse(to_bytes(terms_file("examplia-borduria.toml")))};
};

//= O-38
TEST_F(Expiry, OfTheLinksAccreditation) {
    world.accredit("sealed", kUntil);
    stages("link-accreditation", "XBO");
    world.accredit("sealed", "2029-06-30T12:00:00Z"); // renewed
    EXPECT_EQ(said("link-accreditation", "XBO", day(kUntil)), "");
}

//= O-23
TEST_F(Expiry, OfAClearanceUntilThePersonIsRevoked) {
    world.clear(reader, "sealed", kUntil);
    stages("clearance-in-date", person(reader).text());
    world.happen(ActKind::revoke, person(officer).text(), {{"person", person(reader).text()}},
                 {{"what", "person"}});
    EXPECT_EQ(said("clearance-in-date", person(reader).text(), day(kUntil)), "");
}

//= O-19
TEST_F(Expiry, OfAnAssuranceOfTheOtherParty) {
    world.assure("ultra-zekret", kUntil);
    stages("assurance", "XBO", " (theirs)");
}

//= O-48
TEST_F(Expiry, OfTheAgreementOnceNoticeWasGiven) {
    world.happen(ActKind::terminate, person(officer).text(), {}, {{"ends", kUntil}});
    stages("terms-in-force", "", "", false);
    // One line of it, whatever the day; and none when nobody can do anything about it any more.
    for (const auto& [days, lines] : {std::pair{-60, 1}, {-30, 1}, {-7, 1}, {0, 1}, {1, 0}}) {
        const auto all = duties_at(world.terms, world.state, day(kUntil).plus_days(days));
        EXPECT_EQ(std::ranges::count_if(all,
                                        [](const auto& duty) {
                                            return duty.what == "agreement-ends" ||
                                                   duty.clause == "terms-in-force";
                                        }),
                  lines)
            << days;
    }
}

//= O-48
TEST_F(Expiry, OfTermsWithALastDayIsTheEarlierOfBothEnds) {
    std::string text = terms_file("examplia-borduria.toml");
    const auto at = text.find("valid_to = ");
    ASSERT_NE(at, std::string::npos);
    text.replace(at, text.find('\n', at) - at, "valid_to = 2027-06-29");
    const auto terms = Terms::parse(to_bytes(text));
    ASSERT_TRUE(terms) << terms.error().text();
    const auto lines = [&](const char* when) {
        std::string out;
        for (const auto& duty : duties_at(*terms, world.state, day(when)))
            if (duty.clause == "terms-in-force")
                out += duty.what + " " + duty.due.text() + ";";
        return out;
    };
    EXPECT_EQ(lines("2027-06-29T12:00:00Z"), "expires-day 2027-06-29T23:59:59Z;");
    EXPECT_EQ(lines("2027-06-30T00:00:00Z"), "");
    world.happen(ActKind::terminate, person(officer).text(), {}, {{"ends", kUntil}});
    EXPECT_EQ(lines("2027-06-29T12:00:00Z"), "expires-day 2027-06-29T23:59:59Z;");
}

} // namespace
} // namespace valise::agreement::test
