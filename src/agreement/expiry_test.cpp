// SPDX-License-Identifier: Apache-2.0
// What runs out is announced 30, 7 and 1 days ahead, and stays announced when it has.
#include "agreement/duties.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

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
    void stages(const std::string& clause, const std::string& subject, const char* whose = "") {
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
        EXPECT_EQ(said(clause, subject, until.plus_seconds(1)), line("expired", "!"));
        EXPECT_EQ(said(clause, subject, until.plus_days(400)), line("expired", "!"));
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
    stages("terms-in-force", "");
}

} // namespace
} // namespace valise::agreement::test
