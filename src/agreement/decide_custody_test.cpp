// SPDX-License-Identifier: Apache-2.0
#include "agreement/duties.h"
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;
constexpr const char* kLater = "2027-06-30T00:00:00Z";
constexpr const char* kSoon = "2026-12-01T00:00:00Z";

Json content(int n, int copy_n, Json more = Json::object()) {
    more["item"] = item(n).text();
    more["copy"] = copy(copy_n).text();
    return more;
}

// Item 5, of this form, is what the act is about.
void describe(Case& c, const std::string& form) {
    c.world.enter_described(5, form);
    c.content["item"] = item(5).text();
}

void lose(World& world) {
    world.happen(ActKind::report_incident, person(reader).text(),
                 {{"incident", IncidentId::of(Bytes(10, 0x72)).text()}, {"item", item(1).text()}},
                 {{"what", "loss"}});
}

TEST(DecideCustody, Containers) {
    run(ActKind::container,
        {
            {"a container for the level of its keepers", [](Case&) {}, "", ""},
            {"by somebody who is no control officer", [](Case& c) { c.signer = releaser; },
             "control-officer", "agreement.control_officer"},
            {"a level of nobody's", [](Case& c) { c.content["level"] = "zekret"; },
             "classification, container-cleared", "agreement.classification"},
            {"a keeper who is cleared for less", [](Case& c) { c.content["level"] = "crown"; },
             "container-cleared", "agreement.container_cleared"},
            {"a keeper without a clearance",
             [](Case& c) { c.content["access"] = person(author).text(); }, "container-cleared",
             "agreement.container_cleared"},
            {"a keeper whom nobody enrolled",
             [](Case& c) { c.content["access"] = person(stranger).text(); }, "container-cleared",
             "agreement.container_cleared"},
            {"the level lowered below what lies in it",
             [](Case& c) {
                 c.world.contain(1, "sealed");
                 c.world.store(1, 1, 1);
                 c.content["level"] = "guarded";
             },
             "container-contents", "agreement.container_contents"},
            {"the level lowered when it is empty again",
             [](Case& c) {
                 c.world.contain(1, "sealed");
                 c.world.store(1, 1, 1);
                 c.world.happen(ActKind::store, person(officer).text(), copy_ids(1, 1), {});
                 c.content["level"] = "guarded";
             },
             "", ""},
        },
        [](Case& c) {
            c.content = {{"container", container(1).text()},
                         {"level", "sealed"},
                         {"access", person(reader).text()},
                         {"controls", kEveryControl},
                         {"name", "Safe 1"}};
        });
}

TEST(DecideCustody, Storing) {
    run(ActKind::store,
        {
            {"at the container's level", [](Case&) {}, "", ""},
            {"back into the registry", [](Case& c) { c.content.erase("container"); }, "", ""},
            {"above the container's level",
             [](Case& c) {
                 c.world.contain(2, "guarded");
                 c.content["container"] = container(2).text();
             },
             "container-level", "agreement.container_level"},
            {"into a container that nobody registered",
             [](Case& c) { c.content["container"] = container(9).text(); }, "container-known",
             "agreement.container_unknown"},
            {"when a keeper's clearance ran out",
             [](Case& c) { c.world.clear(officer, "crown", "2026-11-24T09:29:59Z"); },
             "container-cleared", "agreement.container_cleared"},
            {"by an officer who is not on its list",
             [](Case& c) {
                 c.world.happen(ActKind::appoint, person(officer).text(),
                                {{"person", person(releaser).text()}},
                                {{"role", "control-officer"}});
                 c.signer = releaser;
             },
             "container-access", "agreement.container_access"},
            {"out of a container by an officer who is not on its list",
             [](Case& c) {
                 c.world.store(1, 1, 1);
                 c.world.happen(ActKind::appoint, person(officer).text(),
                                {{"person", person(releaser).text()}},
                                {{"role", "control-officer"}});
                 c.signer = releaser;
                 c.content.erase("container");
             },
             "container-access", "agreement.container_access"},
            {"what is not marked yet", [](Case& c) { c.content.update(content(3, 3)); },
             "marked-first, container-level, container-cleared", "agreement.unmarked"},
            {"a copy of another item", [](Case& c) { c.content["copy"] = copy(2).text(); },
             "copy-known", "agreement.copy_unknown"},
            {"by a reader", [](Case& c) { c.signer = reader; }, "control-officer, container-access",
             "agreement.control_officer"},
        },
        [](Case& c) {
            c.world.clear(officer, "crown", kLater);
            c.world.contain(1, "sealed");
            c.content = content(1, 1, {{"container", container(1).text()}});
        });
}

TEST(DecideCustody, Reproduction) {
    run(ActKind::copy,
        {
            {"one paper copy", [](Case&) {}, "", ""},
            {"one more than the level allows", [](Case& c) { c.world.reproduce(1, 21, 2); },
             "copy-limit", "agreement.copy_limit"},
            {"another for one that was destroyed",
             [](Case& c) {
                 c.world.reproduce(1, 21, 2, "electronic");
                 c.world.happen(ActKind::destroy, person(officer).text(), copy_ids(1, 21),
                                {{"method", "erasure"}});
                 c.world.happen(ActKind::destroy, person(officer).text(), copy_ids(1, 21), {},
                                logbook::Stage::done);
             },
             "", ""},
            {"of a level that is not copied",
             [](Case& c) {
                 c.world.enter(5, "crown");
                 c.content = content(5, 20, {{"form", "paper"}, {"reason", "r"}, {"pages", 3}});
             },
             "copy-limit", "agreement.copy_limit"},
            {"an order to print", [](Case& c) { c.content.erase("pages"); }, "", ""},
            {"paper without a count, of a level that is not printed",
             [](Case& c) {
                 std::string text = terms_file("examplia-borduria.toml");
                 const std::string row =
                     "    { party = \"XEX\", level = \"sealed\", ordered = false },\n";
                 text.erase(text.find(row), row.size());
                 c.terms = *Terms::parse(view(text));
                 c.terms.set_test_mode(true);
                 c.content.erase("pages");
             },
             "page-count", "agreement.page_count"},
            {"a thing", [](Case& c) { describe(c, "equipment"); }, "form", "agreement.form"},
            {"what was said", [](Case& c) { describe(c, "oral"); }, "form", "agreement.form"},
            {"sheets that came as sheets", [](Case& c) { describe(c, "paper"); }, "", ""},
            {"a file out of sheets",
             [](Case& c) {
                 describe(c, "paper");
                 c.content["form"] = "electronic";
                 c.content.erase("pages");
             },
             "form, copy-source", "agreement.form"},
            {"of which nothing is left",
             [](Case& c) {
                 for (const auto stage : {logbook::Stage::permitted, logbook::Stage::done})
                     c.world.happen(ActKind::destroy, person(officer).text(), copy_ids(1, 1),
                                    {{"method", "erasure"}}, stage);
             },
             "copy-source", "agreement.copy_source"},
            {"into a thing", [](Case& c) { c.content["form"] = "equipment"; }, "form, page-count",
             "agreement.form"},
            {"whose entry was cancelled", [](Case& c) { c.world.cancel(1); }, "not-cancelled",
             "agreement.cancelled"},
            {"what an incident froze", [](Case& c) { lose(c.world); }, "frozen",
             "agreement.frozen"},
            {"pages of a file", [](Case& c) { c.content["form"] = "electronic"; }, "page-count",
             "agreement.page_count"},
            {"a received item", [](Case& c) { c.content.update(content(2, 20)); }, "", ""},
            {"a received item that is not marked",
             [](Case& c) { c.content.update(content(3, 20)); }, "marked-first, copy-limit",
             "agreement.unmarked"},
            {"by its reader", [](Case& c) { c.signer = reader; }, "copy-order",
             "agreement.control_officer"},
            {"what is no longer needed", [](Case& c) { c.world.review(1, "return"); },
             "still-needed", "agreement.purpose_ended"},
            {"what was reviewed and kept", [](Case& c) { c.world.review(1, "kept", kLater); }, "",
             ""},
            {"what its originator reserved, by the officer",
             [](Case& c) {
                 c.world.enter(5, "guarded", "XBO,XEX", true);
                 c.content.update(content(5, 20));
             },
             "copying-reserved", "agreement.copying_reserved"},
            {"what its originator reserved, by the originator",
             [](Case& c) {
                 c.world.enter(5, "guarded", "XBO,XEX", true);
                 c.content.update(content(5, 20));
                 c.signer = author;
             },
             "", ""},
        },
        [](Case& c) {
            c.content = content(1, 20, {{"form", "paper"}, {"reason", "r"}, {"pages", 3}});
        });
}

TEST(DecideCustody, Issuing) {
    run(ActKind::issue,
        {
            {"to a cleared reader with need-to-know", [](Case&) {}, "", ""},
            {"to somebody without a clearance",
             [](Case& c) {
                 c.world.grant(author, 1, "exercise", kLater);
                 c.content["person"] = person(author).text();
             },
             "clearance", "agreement.clearance_missing"},
            {"to somebody cleared for less",
             [](Case& c) { c.world.clear(reader, "guarded", kLater); }, "clearance",
             "agreement.clearance_level"},
            {"to somebody whose clearance ran out",
             [](Case& c) { c.world.clear(reader, "sealed", "2026-11-24T09:29:59Z"); },
             "clearance-in-date", "agreement.clearance_expired"},
            {"to somebody without need-to-know",
             [](Case& c) {
                 c.world.clear(author, "crown", kLater);
                 c.content["person"] = person(author).text();
             },
             "need-to-know", "agreement.need_to_know"},
            {"for another purpose", [](Case& c) { c.content["purpose"] = "umbrella-defence"; },
             "purpose", "agreement.purpose"},
            {"to somebody who was removed",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(reader).text()}}, {{"what", "person"}});
             },
             "person-known, clearance, need-to-know", "agreement.person_unknown"},
            {"until yesterday", [](Case& c) { c.content["due"] = "2026-11-23T00:00:00Z"; },
             "issue-term", "agreement.issue_term"},
            {"for longer than the terms allow",
             [](Case& c) { c.content["due"] = "2026-12-24T09:30:01Z"; }, "issue-term",
             "agreement.issue_term"},
            {"for as long as the terms allow",
             [](Case& c) { c.content["due"] = "2026-12-24T09:30:00Z"; }, "", ""},
            {"by the reader", [](Case& c) { c.signer = reader; }, "control-officer",
             "agreement.control_officer"},
            {"what is no longer needed", [](Case& c) { c.world.review(1, "destroy"); },
             "still-needed", "agreement.purpose_ended"},
            {"out of a container that the officer may not reach into",
             [](Case& c) {
                 c.world.contain(1, "sealed");
                 c.world.store(1, 1, 1);
                 c.world.happen(ActKind::appoint, person(officer).text(),
                                {{"person", person(releaser).text()}},
                                {{"role", "control-officer"}});
                 c.signer = releaser;
             },
             "container-access", "agreement.container_access"},
        },
        [](Case& c) {
            c.content = content(
                1, 1, {{"person", person(reader).text()}, {"purpose", "exercise"}, {"due", kSoon}});
        });
}

TEST(DecideCustody, AnIssuedCopyIsToComeBack) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::issue);
    c.content =
        content(1, 1, {{"person", person(reader).text()}, {"purpose", "exercise"}, {"due", kSoon}});
    const Decision decision = c.decide();
    ASSERT_EQ(decision.duties.size(), 1U);
    EXPECT_EQ(decision.duties[0].what, "take-back");
    EXPECT_EQ(decision.duties[0].due, day(kSoon));
}

TEST(DecideCustody, TakingBack) {
    run(ActKind::take_back,
        {
            {"with all of its pages", [](Case&) {}, "", ""},
            {"with a page less", [](Case& c) { c.content["pages"] = 2; }, "page-check",
             "agreement.page_check"},
            {"not counted", [](Case& c) { c.content.erase("pages"); }, "page-check",
             "agreement.page_check"},
            {"by the reader", [](Case& c) { c.signer = reader; }, "control-officer",
             "agreement.control_officer"},
            {"from a reader who was removed",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(reader).text()}}, {{"what", "person"}});
             },
             "", ""},
        },
        [](Case& c) {
            c.world.reproduce(1, 20, 2);
            c.world.issue(1, 20, reader, kSoon);
            c.content = content(1, 20, {{"pages", 3}});
        });
}

TEST(DecideCustody, WhatIsReadIsInTheReadersHand) {
    run(ActKind::open,
        {
            {"the copy that lies at the registry", [](Case&) {}, "", ""},
            {"the copy that the reader has", [](Case& c) { c.world.issue(1, 1, reader, kSoon); },
             "", ""},
            {"the copy that somebody else has", [](Case& c) { c.world.issue(1, 1, author, kSoon); },
             "copy-in-hand", "agreement.copy_issued"},
            {"a paper copy",
             [](Case& c) {
                 c.world.reproduce(1, 20, 2);
                 c.content["copy"] = copy(20).text();
             },
             "copy-in-hand", "agreement.copy_medium"},
            {"a copy that is being destroyed",
             [](Case& c) {
                 c.world.happen(ActKind::destroy, person(officer).text(), copy_ids(1, 1),
                                {{"method", "erasure"}});
             },
             "copy-in-hand", "agreement.copy_gone"},
            {"what is no longer needed", [](Case& c) { c.world.review(1, "destroy"); },
             "still-needed", "agreement.purpose_ended"},
        },
        [](Case& c) {
            c.signer = reader;
            c.content = content(1, 1, {{"purpose", "exercise"}, {"session_key", "AAAA"}});
        });
}

TEST(DecideCustody, WhatIsDestroyedIsNotSent) {
    run(ActKind::dispatch,
        {
            {"held", [](Case&) {}, "", ""},
            {"its only sealed copy being destroyed",
             [](Case& c) {
                 c.world.reproduce(1, 20, 2);
                 c.world.happen(ActKind::destroy, person(officer).text(), copy_ids(1, 1),
                                {{"method", "erasure"}});
             },
             "sealed-file", "agreement.sealed_file"},
        },
        [](Case& c) { c.content = {{"item", item(1).text()}, {"recipient", "XBO"}}; });
}

// Item 1 is "sealed": two persons, burning, shredding or pulping.
TEST(DecideCustody, Destroying) {
    run(ActKind::destroy,
        {
            {"with a witness, counted", [](Case&) {}, "", ""},
            {"alone",
             [](Case& c) {
                 c.content =
                     content(1, 1, {{"method", "erasure"}, {"reference", "r"}, {"place", "p"}});
             },
             "destruction-persons", "agreement.destruction_persons"},
            {"with oneself as the witness",
             [](Case& c) {
                 c.world.issue(1, 20, reader, kSoon);
                 c.world.take_back(1, 20);
                 c.world.witness(officer, 1, 20);
             },
             "destruction-persons", "agreement.destruction_persons"},
            {"with a witness of another method",
             [](Case& c) { c.world.witness(reader, 1, 20, "pulping"); }, "destruction-persons",
             "agreement.destruction_persons"},
            {"with a witness of the day before yesterday",
             [](Case& c) { c.now = day("2026-11-25T09:30:01Z"); }, "destruction-persons",
             "agreement.destruction_persons"},
            {"with a witness whose clearance was withdrawn since",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(clearer).text(),
                                {{"person", person(reader).text()}}, {{"what", "clearance"}});
             },
             "destruction-persons", "agreement.destruction_persons"},
            {"with a witness who was cleared for less since",
             [](Case& c) { c.world.clear(reader, "guarded", kLater); }, "destruction-persons",
             "agreement.destruction_persons"},
            {"one person where the level asks for one",
             [](Case& c) {
                 c.world.enter(5, "guarded");
                 c.content =
                     content(5, 5, {{"method", "erasure"}, {"reference", "r"}, {"place", "p"}});
             },
             "", ""},
            {"a method that is not allowed", [](Case& c) { c.content["method"] = "tearing"; },
             "destruction-method, destruction-persons", "agreement.destruction_method"},
            {"a method for another form", [](Case& c) { c.content["method"] = "erasure"; },
             "destruction-method, destruction-persons", "agreement.destruction_method"},
            {"a page missing", [](Case& c) { c.content["pages"] = 2; }, "page-check",
             "agreement.page_check"},
            {"not counted", [](Case& c) { c.content.erase("pages"); }, "page-check",
             "agreement.page_check"},
            {"by an officer who is not cleared",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(clearer).text(),
                                {{"person", person(officer).text()}}, {{"what", "clearance"}});
             },
             "clearance", "agreement.clearance_missing"},
            {"by an officer whose clearance ran out",
             [](Case& c) { c.world.clear(officer, "crown", "2026-11-24T09:29:59Z"); },
             "clearance-in-date", "agreement.clearance_expired"},
            {"by somebody who is no control officer", [](Case& c) { c.signer = reader; },
             "control-officer, destruction-persons", "agreement.control_officer"},
            {"a received item that is not marked", [](Case& c) { c.content.update(content(3, 3)); },
             "marked-first, destruction-method", "agreement.unmarked"},
            {"what its reader has", [](Case& c) { c.world.issue(1, 20, reader, kSoon); },
             "copy-free, destruction-persons", "agreement.copy_issued"},
            {"what an incident froze", [](Case& c) { lose(c.world); }, "frozen",
             "agreement.frozen"},
            {"what was said",
             [](Case& c) {
                 describe(c, "oral");
                 c.content.update(content(5, 5));
                 c.content.erase("pages");
             },
             "form, destruction-method", "agreement.form"},
            {"what is being destroyed",
             [](Case& c) {
                 c.world.happen(ActKind::destroy, person(officer).text(), copy_ids(1, 20),
                                {{"method", "burning"}});
             },
             "copy-free", "agreement.copy_gone"},
            {"what is being read",
             [](Case& c) {
                 c.world.enter(5, "guarded");
                 c.world.happen(ActKind::open, person(reader).text(), copy_ids(5, 5), {});
                 c.content =
                     content(5, 5, {{"method", "erasure"}, {"reference", "r"}, {"place", "p"}});
             },
             "copy-free", "agreement.copy_in_use"},
        },
        [](Case& c) {
            c.world.clear(officer, "crown", kLater);
            c.world.reproduce(1, 20, 2);
            c.world.witness(reader, 1, 20);
            c.content = content(
                1, 20, {{"method", "burning"}, {"pages", 3}, {"reference", "r"}, {"place", "p"}});
        });
}

TEST(DecideCustody, Witnessing) {
    run(ActKind::witness_destruction,
        {
            {"cleared and counted", [](Case&) {}, "", ""},
            {"without a clearance", [](Case& c) { c.signer = author; }, "clearance",
             "agreement.clearance_missing"},
            {"with a clearance that ran out",
             [](Case& c) { c.world.clear(reader, "sealed", "2026-11-24T09:29:59Z"); },
             "clearance-in-date", "agreement.clearance_expired"},
            {"not counted", [](Case& c) { c.content.erase("pages"); }, "page-check",
             "agreement.page_check"},
            {"for a method that is not allowed", [](Case& c) { c.content["method"] = "tearing"; },
             "destruction-method", "agreement.destruction_method"},
            {"of what an incident froze", [](Case& c) { lose(c.world); }, "frozen",
             "agreement.frozen"},
            {"of a thing, as things are destroyed",
             [](Case& c) {
                 describe(c, "equipment");
                 c.content = content(5, 5, {{"method", "crushing"}});
             },
             "", ""},
            {"by a key nobody knows", [](Case& c) { c.signer = stranger; }, "actor",
             "agreement.actor_unknown"},
        },
        [](Case& c) {
            c.signer = reader;
            c.world.reproduce(1, 20, 2);
            c.content = content(1, 20, {{"method", "burning"}, {"pages", 3}});
        });
}

TEST(DecideCustody, Certifying) {
    run(ActKind::certify_destruction,
        {
            {"by the witness", [](Case&) {}, "", ""},
            {"of what nobody marked and nobody destroys",
             [](Case& c) { c.content.update(content(3, 3)); }, "certifier", "agreement.certifier"},
            {"by a witness whose clearance ran out",
             [](Case& c) { c.world.clear(reader, "sealed", "2026-11-24T09:29:59Z"); }, "certifier",
             "agreement.certifier"},
            {"by who destroyed it", [](Case& c) { c.signer = officer; }, "certifier",
             "agreement.certifier"},
            {"by who was to destroy it, that it is still there",
             [](Case& c) {
                 c.signer = officer;
                 c.content["finding"] = "kept";
             },
             "", ""},
            {"by somebody who was not there", [](Case& c) { c.signer = author; }, "certifier",
             "agreement.certifier"},
            {"of a copy that nobody destroys", [](Case& c) { c.content["copy"] = copy(1).text(); },
             "certifier", "agreement.certifier"},
            {"by who destroyed it, where the level asks for one person",
             [](Case& c) {
                 c.world.enter(5, "guarded");
                 c.world.reproduce(5, 21, 2);
                 c.world.happen(ActKind::destroy, person(officer).text(), copy_ids(5, 21),
                                {{"method", "burning"}});
                 c.content = content(5, 21, {{"finding", "destroyed"}});
                 c.signer = officer;
             },
             "", ""},
        },
        [](Case& c) {
            c.world.reproduce(1, 20, 2);
            c.world.witness(reader, 1, 20);
            c.world.happen(ActKind::destroy, person(officer).text(), copy_ids(1, 20),
                           {{"method", "burning"}});
            c.signer = reader;
            c.content = content(1, 20, {{"finding", "destroyed"}});
        });
}

TEST(DecideCustody, Reviewing) {
    run(ActKind::review_purpose,
        {
            {"kept, and asked again in a year", [](Case&) {}, "", ""},
            {"kept for longer than the terms allow",
             [](Case& c) { c.content["next"] = "2027-11-24T09:30:01Z"; }, "review-term",
             "agreement.review_term"},
            {"kept without a next date", [](Case& c) { c.content.erase("next"); }, "review-term",
             "agreement.review_term"},
            {"kept until yesterday", [](Case& c) { c.content["next"] = "2026-11-23T00:00:00Z"; },
             "review-term", "agreement.review_term"},
            {"to be destroyed, and reviewed again",
             [](Case& c) { c.content["finding"] = "destroy"; }, "review-term",
             "agreement.review_term"},
            {"to be destroyed",
             [](Case& c) {
                 c.content["finding"] = "destroy";
                 c.content.erase("next");
             },
             "", ""},
            {"to be returned",
             [](Case& c) {
                 c.content["finding"] = "return";
                 c.content.erase("next");
             },
             "", ""},
            {"an unknown item", [](Case& c) { c.content["item"] = item(50).text(); }, "item-known",
             "agreement.item_unknown"},
            {"by its reader", [](Case& c) { c.signer = reader; }, "control-officer",
             "agreement.control_officer"},
        },
        [](Case& c) {
            c.content = {{"item", item(1).text()},
                         {"finding", "kept"},
                         {"reason", "r"},
                         {"next", "2027-11-24T09:30:00Z"}};
        });
}

} // namespace
} // namespace valise::agreement::test
