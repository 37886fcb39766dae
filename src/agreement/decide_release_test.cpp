// SPDX-License-Identifier: Apache-2.0
// enter, approve-release, dispatch.
#include "agreement/internal/test_world.h"

#include <gtest/gtest.h>

namespace valise::agreement::test {
namespace {

using logbook::ActKind;

TEST(DecideEnter, Rows) {
    run(ActKind::enter,
        {
            {"an originator enters", [](Case&) {}, "", ""},
            {"a control officer enters", [](Case& c) { c.signer = officer; }, "", ""},
            {"a reader enters", [](Case& c) { c.signer = reader; }, "entering-role",
             "agreement.entering_role"},
            {"the other party's level", [](Case& c) { c.content["level"] = "zekret"; },
             "classification", "agreement.classification"},
            {"the word instead of the code", [](Case& c) { c.content["level"] = "secret"; },
             "classification", "agreement.classification"},
            {"an unknown purpose", [](Case& c) { c.content["purpose"] = "curiosity"; },
             "purpose-known", "agreement.purpose_unknown"},
            {"an unknown authority", [](Case& c) { c.content["authority"] = "nobody"; },
             "authority", "agreement.authority_unknown"},
            {"an authority whose designation ended",
             [](Case& c) { c.content["authority"] = "xex-old-office"; }, "authority",
             "agreement.authority_out_of_date"},
            {"in the other party's name", [](Case& c) { c.party = "XBO"; },
             "own-party, classification, authority", "agreement.own_party"},
            {"in a third country's name", [](Case& c) { c.party = "UKR"; }, "own-party, origin",
             "agreement.own_party"},
            {"after the terms ended protection goes on", [](Case& c) { c.now = day("2041-01-01"); },
             "", ""},
        },
        [](Case& c) {
            c.signer = author;
            c.content = {{"item", item(7).text()},
                         {"blob", blob(7).text()},
                         {"level", "guarded"},
                         {"purpose", "exercise"},
                         {"title", "T"},
                         {"label", "AAAA"},
                         {"payload_root", b64(hash(7))},
                         {"form", "electronic"},
                         {"authority", "xex-office"}};
        });
}

Json approval(const Case& c, int n, const std::string& recipient, const std::string& level) {
    return {{"release_digest", b64(c.world.release_digest(n, recipient))},
            {"item", item(n).text()},
            {"recipient", recipient},
            {"level", level},
            {"terms", b64(c.terms.digest())}};
}

TEST(DecideApproveRelease, Rows) {
    run(ActKind::approve_release,
        {
            {"a releasing authority approves", [](Case&) {}, "", ""},
            {"the originator gives one of the signatures", [](Case& c) { c.signer = author; }, "",
             ""},
            {"a reader approves", [](Case& c) { c.signer = reader; }, "releasing-authority",
             "agreement.releasing_authority"},
            {"the control officer approves", [](Case& c) { c.signer = officer; },
             "releasing-authority", "agreement.releasing_authority"},
            {"the same person twice", [](Case& c) { c.world.approve(releaser, 5); },
             "release-distinct-persons", "agreement.release_distinct_persons"},
            {"the same person, after it was taken back",
             [](Case& c) {
                 c.world.approve(releaser, 5);
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"release", c.world.release(5).text()}}, {{"what", "release"}});
             },
             "", ""},
            {"the same person, after it was used",
             [](Case& c) {
                 c.world.send();
                 c.content = approval(c, 1, "XBO", "sealed");
             },
             "", ""},
            {"a third country", [](Case& c) { c.content = approval(c, 5, "UKR", "guarded"); },
             "third-party, release-set", "agreement.third_party"},
            {"a third country that the label names",
             [](Case& c) {
                 c.world.enter(6, "guarded", "UKR,XBO,XEX");
                 c.content = approval(c, 6, "UKR", "guarded");
             },
             "third-party", "agreement.third_party"},
            {"an item that the label keeps at home",
             [](Case& c) {
                 c.world.enter(6, "guarded", "XEX");
                 c.content = approval(c, 6, "XBO", "guarded");
             },
             "release-set", "agreement.release_set"},
            {"an item whose label names nobody",
             [](Case& c) {
                 c.world.enter(6, "guarded", "");
                 c.content = approval(c, 6, "XBO", "guarded");
             },
             "release-set", "agreement.release_set"},
            {"the digest of another item",
             [](Case& c) { c.content["release_digest"] = b64(c.world.release_digest(1)); },
             "release-digest", "agreement.release_digest"},
            {"other terms than these", [](Case& c) { c.content["terms"] = b64(hash(1)); },
             "release-digest", "agreement.release_digest"},
            {"another level than the item's", [](Case& c) { c.content["level"] = "crown"; },
             "case-by-case", "agreement.case_by_case"},
            {"an item that nobody entered",
             [](Case& c) { c.content = approval(c, 40, "XBO", "guarded"); }, "item-known",
             "agreement.item_unknown"},
            {"attested by the registry", [](Case& c) { c.signer.reset(); }, "actor",
             "agreement.actor_person_needed"},
            {"after the terms ended", [](Case& c) { c.now = day("2040-01-01"); }, "terms-in-force",
             "agreement.terms_ended"},
            {"what the other party provided goes back to it",
             [](Case& c) { c.content = approval(c, 2, "XBO", "ultra-zekret"); }, "", ""},
        },
        [](Case& c) {
            c.world.enter(5, "guarded");
            c.signer = releaser;
            c.content = approval(c, 5, "XBO", "guarded");
        });
}

TEST(DecideDispatch, Rows) {
    const auto item_of = [](Case& c, int n) { c.content["item"] = item(n).text(); };
    run(ActKind::dispatch,
        {
            {"two persons, one of them the originator", [](Case&) {}, "", ""},
            {"two releasing authorities",
             [&](Case& c) {
                 c.world.enter(5, "guarded");
                 c.world.approve(releaser, 5);
                 c.world.approve(second_releaser, 5);
                 item_of(c, 5);
             },
             "", ""},
            {"nobody released it",
             [&](Case& c) {
                 c.world.enter(5, "guarded");
                 item_of(c, 5);
             },
             "release-separation", "agreement.release_missing"},
            {"one person released it",
             [&](Case& c) {
                 c.world.enter(5, "guarded");
                 c.world.approve(releaser, 5);
                 item_of(c, 5);
             },
             "release-separation", "agreement.release_persons"},
            {"only the originator released it",
             [&](Case& c) {
                 c.world.enter(5, "guarded");
                 c.world.approve(author, 5);
                 item_of(c, 5);
             },
             "release-separation", "agreement.release_persons"},
            {"a person who released it was revoked",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(releaser).text()}}, {{"what", "person"}});
             },
             "release-separation", "agreement.release_persons"},
            {"the originator and one who is no releasing authority any more",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(),
                                {{"person", person(releaser).text()}},
                                {{"what", "role"}, {"role", "releasing-authority"}});
             },
             "release-separation", "agreement.release_persons"},
            {"the highest level needs three",
             [&](Case& c) {
                 c.world.enter(5, "crown");
                 c.world.approve(releaser, 5);
                 c.world.approve(author, 5);
                 item_of(c, 5);
             },
             "release-separation, equivalence", "agreement.release_persons"},
            {"a level without an equivalent",
             [&](Case& c) {
                 c.world.enter(5, "crown");
                 c.world.approve(releaser, 5);
                 c.world.approve(second_releaser, 5);
                 c.world.approve(author, 5);
                 item_of(c, 5);
             },
             "equivalence", "agreement.equivalence_unlisted"},
            {"a third country", [](Case& c) { c.content["recipient"] = "UKR"; },
             "release-separation, third-party, release-set", "agreement.release_missing"},
            {"a third country that was approved",
             [&](Case& c) {
                 c.world.enter(5, "guarded", "UKR,XBO,XEX");
                 c.world.approve(releaser, 5, "UKR");
                 c.world.approve(author, 5, "UKR");
                 item_of(c, 5);
                 c.content["recipient"] = "UKR";
             },
             "third-party", "agreement.third_party"},
            {"a release of another item",
             [](Case& c) {
                 c.world.enter(5, "guarded");
                 c.world.approve(releaser, 5);
                 c.world.approve(author, 5);
                 c.content["release"] = c.world.release(5).text();
             },
             "release-digest", "agreement.release_digest"},
            {"the link is accredited for less",
             [](Case& c) { c.world.accredit("guarded", "2027-12-31T00:00:00Z"); },
             "link-accreditation", "agreement.link_level"},
            {"exactly high enough",
             [](Case& c) { c.world.accredit("sealed", "2026-11-24T09:30:00Z"); }, "", ""},
            {"the accreditation has run out",
             [](Case& c) { c.world.accredit("crown", "2026-11-24T09:29:59Z"); },
             "link-accreditation", "agreement.link_expired"},
            {"the accreditation was withdrawn",
             [](Case& c) {
                 c.world.happen(ActKind::revoke, person(officer).text(), {},
                                {{"what", "accreditation"}, {"peer", "XBO"}});
             },
             "link-accreditation", "agreement.link_missing"},
            {"by a releasing authority", [](Case& c) { c.signer = releaser; }, "control-officer",
             "agreement.control_officer"},
            {"an item that nobody entered", [&](Case& c) { item_of(c, 40); }, "item-known",
             "agreement.item_unknown"},
            {"after the terms ended", [](Case& c) { c.now = day("2040-01-01"); },
             "terms-in-force, link-accreditation", "agreement.terms_ended"},
        },
        [](Case& c) { c.content = {{"item", item(1).text()}, {"recipient", "XBO"}}; });
}

TEST(DecideDispatch, NotPairedIsNoChannel) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::dispatch, false);
    c.world.happen(ActKind::found, logbook::kRegistryActor, {}, {{"party", "XEX"}},
                   logbook::Stage::done);
    c.world.enrol(officer, "control-officer");
    c.world.enrol(releaser, "releasing-authority");
    c.world.enrol(author, "originator");
    c.world.accredit("crown", "2027-12-31T00:00:00Z");
    c.world.assure("ultra-zekret", "2027-12-31T00:00:00Z");
    c.world.enter(1, "sealed");
    c.world.approve(releaser, 1);
    c.world.approve(author, 1);
    c.content = {{"item", item(1).text()}, {"recipient", "XBO"}};
    const Decision decision = c.decide();
    ASSERT_EQ(decision.refusals().size(), 1U);
    EXPECT_EQ(decision.refusals()[0].clause, "channel");
}

TEST(DecideDispatch, TheReceiptFallsDueAfterTenWorkingDays) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::dispatch);
    c.content = {{"item", item(1).text()}, {"recipient", "XBO"}};
    const Decision decision = c.decide();
    ASSERT_TRUE(decision.permitted()) << decision.reason();
    ASSERT_EQ(decision.duties.size(), 1U);
    EXPECT_EQ(decision.duties[0].clause, "receipt-due");
    EXPECT_EQ(decision.duties[0].what, "contents-receipt");
    EXPECT_EQ(decision.duties[0].due.text(), "2026-12-08T09:30:00Z");
    // The skeleton keeps what was consulted, duties included, without the clauses that said
    // nothing.
    const auto kept = decision.for_skeleton();
    EXPECT_EQ(kept.back().clause, "receipt-due");
    EXPECT_EQ(kept.back().finding, logbook::ClauseFinding::duty);
}

TEST(DecideDraft, NothingIsDecidedOutsideOfTestMode) {
    const std::string text = terms_file("examplia-borduria.toml");
    std::string draft = text;
    draft.replace(draft.find("\"confirmed\""), 11, "\"draft\"");
    draft.replace(draft.find("\"first_opening\""), 15, "\"none\"");
    const auto terms = Terms::parse(view(draft));
    ASSERT_TRUE(terms) << terms.error().text();
    Case c(*terms, ActKind::dispatch);
    c.content = {{"item", item(1).text()}, {"recipient", "XBO"}};
    const Decision refused = c.decide();
    ASSERT_EQ(refused.refusals().size(), 2U);
    EXPECT_EQ(refused.refusals()[0].clause, "draft-terms");
    EXPECT_EQ(refused.refusals()[1].clause, "inspection");
    c.terms.set_test_mode(true);
    EXPECT_TRUE(c.decide().permitted()) << c.decide().reason();
}

TEST(DecideTerms, AnActUnderOtherTermsIsRefused) {
    const Terms terms = *Terms::parse(view(terms_file("examplia-borduria.toml")));
    Case c(terms, ActKind::dispatch);
    const auto act = logbook::Act::make(ActKind::dispatch, "XEX", hash(3), c.now, key(officer),
                                        {{"item", item(1).text()}, {"recipient", "XBO"}}, {});
    ASSERT_TRUE(act);
    const Decision decision = decide(terms, c.world.state, *act, c.now);
    ASSERT_EQ(decision.refusals().size(), 1U);
    EXPECT_EQ(decision.refusals()[0].clause, "terms-digest");
    EXPECT_EQ(decision.refusals()[0].row, "O-08");
}

} // namespace
} // namespace valise::agreement::test
