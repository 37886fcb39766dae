// SPDX-License-Identifier: Apache-2.0
// Briefed and debriefed, moved to another employer; facilities, absences and deputies.
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

void about(Case& c, Who who) {
    c.content["person"] = person(who).text();
}

void reading(Case& c) {
    c.signer = reader;
    c.content = {{"item", item(1).text()},
                 {"copy", copy(1).text()},
                 {"purpose", "exercise"},
                 {"session_key", "AAAA"}};
}

TEST(DecideOpen, BriefedAndVettedWhereThePersonIsNow) {
    const auto happen = [](ActKind kind) {
        return [kind](Case& c) {
            c.world.happen(kind, person(officer).text(), {{"person", person(reader).text()}}, {});
        };
    };
    run(ActKind::open,
        {
            {"briefed and cleared", [](Case&) {}, "", ""},
            {"debriefed: the grants went with it", happen(ActKind::debrief),
             "briefed, need-to-know", "agreement.not_briefed"},
            {"debriefed, and granted again",
             [&](Case& c) {
                 happen(ActKind::debrief)(c);
                 c.world.grant(reader, 1, "exercise", "2027-06-30T00:00:00Z");
             },
             "briefed", "agreement.not_briefed"},
            {"moved to another employer", happen(ActKind::transfer), "revalidated",
             "agreement.clearance_transfer"},
            {"moved, and cleared anew",
             [&](Case& c) {
                 happen(ActKind::transfer)(c);
                 c.world.clear(reader, "sealed", "2027-06-30T00:00:00Z");
             },
             "", ""},
            {"moved twice",
             [&](Case& c) {
                 happen(ActKind::transfer)(c);
                 c.world.clear(reader, "sealed", "2027-06-30T00:00:00Z");
                 happen(ActKind::transfer)(c);
             },
             "revalidated", "agreement.clearance_transfer"},
        },
        reading);
}

TEST(DecideOpen, TermsThatAskForNoBriefing) {
    std::string text = terms_file("examplia-borduria.toml");
    text.replace(text.find("before_reading = true"), 21, "before_reading = false");
    const auto terms = Terms::parse(view(text));
    ASSERT_TRUE(terms) << terms.error().text();
    Case c(*terms, ActKind::open);
    reading(c);
    c.world.happen(ActKind::debrief, person(officer).text(), {{"person", person(reader).text()}},
                   {});
    c.world.grant(reader, 1, "exercise", "2027-06-30T00:00:00Z");
    EXPECT_TRUE(c.decide().permitted()) << c.decide().reason();
}

TEST(DecideBrief, Rows) {
    run(ActKind::brief,
        {
            {"the person briefed", [](Case&) {}, "", ""},
            {"the officer for somebody else", [](Case& c) { c.signer = officer; }, "own-word",
             "agreement.own_word"},
            {"somebody whom nobody enrolled", [](Case& c) { about(c, stranger); },
             "person-known, own-word", "agreement.person_unknown"},
            {"attested by the registry", [](Case& c) { c.signer.reset(); }, "actor",
             "agreement.actor_person_needed"},
        },
        [](Case& c) {
            c.signer = author;
            c.content = {{"person", person(author).text()}, {"briefing", b64(hash(1))}};
        });
}

TEST(DecideDebrief, Rows) {
    run(ActKind::debrief,
        {
            {"a control officer", [](Case&) {}, "", ""},
            {"the person", [](Case& c) { c.signer = reader; }, "", ""},
            {"somebody else", [](Case& c) { c.signer = author; }, "debriefing-officer",
             "agreement.debriefing_officer"},
        },
        [](Case& c) { about(c, reader); });
}

TEST(DecideTransfer, Rows) {
    run(ActKind::transfer,
        {
            {"a control officer", [](Case&) {}, "", ""},
            {"a clearance officer", [](Case& c) { c.signer = clearer; }, "", ""},
            {"the administrator", [](Case& c) { c.signer = admin; }, "transfer-officer",
             "agreement.transfer_officer"},
            {"of nobody", [](Case& c) { about(c, stranger); }, "person-known",
             "agreement.person_unknown"},
        },
        [](Case& c) {
            about(c, reader);
            c.content["employer"] = "Ministry";
        });
}

//= O-27
TEST(DecideGrant, ByTheDeputyOfAnAbsentOfficer) {
    const auto away = [](Case& c) {
        c.world.absent(officer, "2026-11-24T00:00:00Z", "2026-11-30T00:00:00Z");
    };
    const auto as_deputy = [](Case& c) {
        c.signer = deputy;
        c.content["for"] = person(officer).text();
    };
    run(ActKind::grant,
        {
            {"the officer", [](Case&) {}, "", ""},
            {"the officer who is away", away, "control-officer", "agreement.officer_absent"},
            {"the officer who is back",
             [&](Case& c) {
                 away(c);
                 c.world.absent(officer, "2026-11-24T00:00:00Z", "2026-11-24T08:00:00Z");
             },
             "", ""},
            {"the deputy for the officer who is away",
             [&](Case& c) {
                 away(c);
                 as_deputy(c);
             },
             "", ""},
            {"the deputy for the officer who is there", as_deputy, "actor, control-officer",
             "agreement.deputy"},
            {"the deputy who does not say for whom",
             [&](Case& c) {
                 away(c);
                 c.signer = deputy;
             },
             "control-officer", "agreement.control_officer"},
            {"for somebody whose deputy they are not",
             [&](Case& c) {
                 away(c);
                 as_deputy(c);
                 c.content["for"] = person(clearer).text();
             },
             "actor, control-officer", "agreement.deputy"},
            {"another person says that they are the deputy",
             [&](Case& c) {
                 away(c);
                 as_deputy(c);
                 c.signer = author;
             },
             "actor, control-officer, no-self-grant", "agreement.deputy"},
            {"the deputy is away too",
             [&](Case& c) {
                 away(c);
                 as_deputy(c);
                 c.world.absent(deputy, "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z");
             },
             "actor, control-officer", "agreement.deputy"},
            {"the deputy for an officer who lost the office",
             [&](Case& c) {
                 as_deputy(c);
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(officer).text()}},
                                {{"what", "role"}, {"role", "control-officer"}});
             },
             "", ""},
        },
        [](Case& c) {
            c.content = {{"person", person(author).text()},
                         {"item", item(1).text()},
                         {"purpose", "exercise"},
                         {"until", "2027-01-31T00:00:00Z"}};
        });
}

TEST(DecideFacility, Rows) {
    const auto names = [](const char* name, Who who) {
        return [=](Case& c) { c.content[name] = person(who).text(); };
    };
    run(ActKind::facility,
        {
            {"an officer and a deputy", [](Case&) {}, "", ""},
            {"by a reader", [](Case& c) { c.signer = reader; }, "control-officer",
             "agreement.control_officer"},
            {"an officer without the office", names("officer", author), "facility-officers",
             "agreement.facility_officer"},
            {"one person for both", names("deputy", officer), "facility-officers",
             "agreement.facility_deputy"},
            {"a deputy whom nobody enrolled", names("deputy", stranger), "facility-officers",
             "agreement.facility_deputy"},
            {"the administrator as deputy", names("deputy", admin), "facility-officers",
             "agreement.facility_deputy"},
        },
        [](Case& c) {
            c.content = {{"facility", "f-2"},
                         {"name", "Second"},
                         {"officer", person(officer).text()},
                         {"deputy", person(author).text()}};
        });
}

TEST(DecideAbsence, Rows) {
    run(ActKind::absence,
        {
            {"one's own", [](Case& c) { c.signer = reader; }, "", ""},
            {"recorded by a control officer", [](Case&) {}, "", ""},
            {"somebody else's", [](Case& c) { c.signer = author; }, "absence-officer",
             "agreement.absence_officer"},
            {"an officer who is away ends their own absence",
             [](Case& c) {
                 c.world.absent(officer, "2026-11-20T00:00:00Z", "2026-12-30T00:00:00Z");
                 about(c, officer);
             },
             "", ""},
            {"ends before it begins", [](Case& c) { c.content["until"] = "2026-11-30T23:59:59Z"; },
             "absence-dates", "agreement.absence_dates"},
        },
        [](Case& c) {
            c.content = {{"person", person(reader).text()},
                         {"from", "2026-12-01T00:00:00Z"},
                         {"until", "2026-12-24T00:00:00Z"}};
        });
}

} // namespace
} // namespace valise::agreement::test
